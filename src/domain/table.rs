//! Tables that people make in spreadsheets and editors (CSV): cells separated by commas, semicolons or tabs, quoted or not, with any
//! line ends, with or without a mark at the start. Nothing secret stands in them: nobody wipes the buffers of the crate `csv`.

use csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter};

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins, from 1.
    pub line: usize,
    /// Without white space around them.
    pub cells: Vec<String>,
}

/// Why a text is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("it is not text in UTF-8")]
    NotText,
    #[error("line {line}: a cell goes on over a line end; a quote may be missing or too many")]
    LineEnd { line: usize },
    #[error("line {line} cannot be read as a row")]
    Unreadable { line: usize },
}

/// The text of a file that somebody wrote: UTF-8, without the mark at the start.
pub fn text_of(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text)).filter(|text| !text.contains('\0'))
}

/// Reads one row after the other. Rows of empty cells only are passed over.
pub struct TableRows<'a> {
    text: &'a str,
    records: StringRecordsIntoIter<&'a [u8]>,
    /// How far lines were counted, and the line there.
    counted: (usize, usize),
}

impl<'a> TableRows<'a> {
    pub fn of(bytes: &'a [u8]) -> Result<Self, TableError> {
        let text = text_of(bytes).ok_or(TableError::NotText)?;
        let records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator(text))
            .from_reader(text.as_bytes())
            .into_records();
        Ok(Self { text, records, counted: (0, 1) })
    }

    /// The line on which the record that begins at `start`, or after the line ends there, stands.
    fn line_at(&mut self, start: usize) -> usize {
        let (from, mut line) = self.counted;
        let bytes = self.text.as_bytes();
        let ends = bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = (start + ends).max(from);
        line += line_ends(bytes.get(from..begin).unwrap_or_default());
        self.counted = (begin, line);
        line
    }

    fn row(&mut self, record: &StringRecord) -> Result<Row, TableError> {
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
        let line = self.line_at(start);
        if record.iter().any(|cell| cell.contains(['\n', '\r'])) {
            return Err(TableError::LineEnd { line });
        }
        Ok(Row { line, cells: record.iter().map(|cell| cell.trim().to_owned()).collect() })
    }
}

impl Iterator for TableRows<'_> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Ok(record) = self.records.next()? else {
                return Some(Err(TableError::Unreadable { line: self.counted.1 }));
            };
            let row = self.row(&record);
            if row.as_ref().is_ok_and(|row| row.cells.iter().all(String::is_empty)) {
                continue;
            }
            return Some(row);
        }
    }
}

/// `\n`, `\r\n`, and `\r` alone each end a line.
fn line_ends(bytes: &[u8]) -> usize {
    let is_end = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|found| is_end(*found)).count()
}

/// Of comma, semicolon and tab, what stands most often in the first line that holds something, outside of quotes.
fn separator(text: &str) -> u8 {
    let first = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or("");
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for byte in first.bytes() {
        is_quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(of, _)| *of == byte && !is_quoted) {
            *count += 1;
        }
    }
    let [mut best, others @ ..] = counts;
    for other in others {
        best = if other.1 > best.1 { other } else { best };
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        TableRows::of(text.as_bytes()).unwrap().map(|row| row.unwrap()).map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn the_same_table_in_every_dress() {
        let expected =
            vec![(1, vec!["a".to_owned(), "b".to_owned()]), (3, vec!["c, \"d\"".to_owned(), "é".to_owned()])];
        for end in ["\n", "\r\n", "\r"] {
            for separator in [",", ";", "\t"] {
                let text = format!("a{separator}b{end}{end}\"c, \"\"d\"\"\"{separator} é {end}");
                assert_eq!(rows(&text), expected, "{text:?}");
                assert_eq!(rows(&format!("\u{feff}{text}{separator}{separator}{end}")), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn a_quote_too_many_is_told_with_its_line() {
        let mut found = TableRows::of(b"a,b\r\n\r\nc,\"d\r\ne,f\r\n").unwrap();
        assert!(found.next().unwrap().is_ok());
        assert_eq!(found.next(), Some(Err(TableError::LineEnd { line: 3 })));
        for bytes in [&b"a\xff"[..], b"\xff\xfea\0", b"PK\x03\x04\0"] {
            assert_eq!(TableRows::of(bytes).err(), Some(TableError::NotText));
        }
    }
}
