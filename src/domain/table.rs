//! Tables that people make in spreadsheets and editors (CSV): cells separated by commas, semicolons or tabs, quoted or not, with any
//! line ends, in UTF-8 or UTF-16, with or without a mark at the start or Excel's line `sep=;`, and with the apostrophes that our own
//! tables have before what a spreadsheet would change (`cell`). Nothing secret stands in them: nobody wipes the buffers of the crate
//! `csv`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter};

use super::cell::without_mark;

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
    #[error("it is not text in UTF-8 or UTF-16")]
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

/// The text of a table: UTF-8, or UTF-16 as spreadsheets save "Unicode text", with a mark at the start or without.
pub fn table_text(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    if let Some(text) = text_of(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let (is_little, units) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        // Most letters of a table are ASCII: one byte of each pair is 0.
        [first, 0, ..] if *first != 0 => (true, bytes),
        [0, second, ..] if *second != 0 => (false, bytes),
        _ => return Err(TableError::NotText),
    };
    let (pairs, []) = units.as_chunks::<2>() else { return Err(TableError::NotText) };
    let unit = |pair: &[u8; 2]| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(unit)).collect();
    text.ok().filter(|text| !text.contains('\0')).map(Cow::Owned).ok_or(TableError::NotText)
}

/// Reads one row after the other. Rows of empty cells only are passed over, and so is Excel's line `sep=;` at the start.
pub struct TableRows<'a> {
    text: &'a str,
    records: StringRecordsIntoIter<&'a [u8]>,
    /// How far lines were counted, and the line there.
    counted: (usize, usize),
    /// The first row names the separator.
    names_separator: bool,
    separator: u8,
}

impl<'a> TableRows<'a> {
    /// Of the text that [`table_text`] gives.
    pub fn of(text: &'a str) -> Self {
        let named = named_separator(text);
        let separator = named.unwrap_or_else(|| separator(text));
        let records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes())
            .into_records();
        Self { text, records, counted: (0, 1), names_separator: named.is_some(), separator }
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

    /// Whether a cell of several lines is a quote that stands there by mistake, with rows behind it, and no note or postal address.
    fn swallowed(&self, cell: &str, width: usize) -> bool {
        let mut behind = cell.split(['\n', '\r']).skip(1);
        behind.any(|line| count_outside_quotes(line, self.separator) + 1 >= width.max(2))
    }

    fn row(&mut self, record: &StringRecord) -> Result<Row, TableError> {
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX));
        let line = self.line_at(start);
        if record.iter().any(|cell| self.swallowed(cell, record.len())) {
            return Err(TableError::LineEnd { line });
        }
        Ok(Row { line, cells: record.iter().map(text_of_cell).collect() })
    }
}

/// Without white space around it, without what keeps spreadsheets from changing it (an apostrophe, or a formula that gives a text), and
/// in one line.
fn text_of_cell(cell: &str) -> String {
    let bare = cell.trim();
    let formula =
        bare.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).map(|text| text.replace("\"\"", "\""));
    let text = formula.unwrap_or_else(|| without_mark(bare).to_owned());
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

impl Iterator for TableRows<'_> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Ok(record) = self.records.next()? else {
                return Some(Err(TableError::Unreadable { line: self.counted.1 }));
            };
            let row = self.row(&record);
            if std::mem::take(&mut self.names_separator) {
                continue;
            }
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

/// Of two that as many lines speak for the first is taken: commas stand in names and numbers too.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];
/// How many lines say what separates the cells.
const VOTES: usize = 20;

/// What Excel's first line `sep=;` names.
fn named_separator(text: &str) -> Option<u8> {
    let first = text.lines().next()?.trim().trim_matches('"');
    let named = first.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| first.get(4..))?;
    match named.as_bytes() {
        [separator] if SEPARATORS.contains(separator) => Some(*separator),
        // A tab at the end was taken for white space.
        [] => Some(b'\t'),
        _ => None,
    }
}

/// Of comma, semicolon and tab, what stands equally often in most of the first lines, outside of quotes: a title above the table and
/// commas in numbers and notes say nothing of it.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(VOTES).collect();
    let votes = SEPARATORS.map(|separator| {
        let counts = lines.iter().map(|line| count_outside_quotes(line, separator)).filter(|count| *count > 0);
        let mut alike = BTreeMap::new();
        counts.for_each(|count| *alike.entry(count).or_insert(0_usize) += 1);
        alike.into_values().max().unwrap_or(0)
    });
    let most = votes.iter().copied().max().unwrap_or(0);
    let best = SEPARATORS.into_iter().zip(votes).find(|(_, count)| *count == most && most > 0);
    best.map_or(b',', |(separator, _)| separator)
}

fn count_outside_quotes(line: &str, separator: u8) -> usize {
    let mut is_quoted = false;
    let is_counted = |byte: &u8| {
        is_quoted ^= *byte == b'"';
        *byte == separator && !is_quoted
    };
    line.as_bytes().iter().copied().filter(is_counted).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        rows_of(text.as_bytes())
    }

    fn rows_of(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let text = table_text(bytes).unwrap();
        TableRows::of(&text).map(|row| row.unwrap()).map(|row| (row.line, row.cells)).collect()
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
    fn what_spreadsheets_save_is_read() {
        let expected = rows("name,chain\nZoë,\"a;b\"");
        for text in
            ["sep=;\r\nname;chain\r\nZoë;\"a;b\"", "\"sep=,\"\nname,chain\nZoë,a;b", "SEP=\t\nname\tchain\nZoë\ta;b"]
        {
            let found = rows(text);
            assert_eq!(
                found.iter().map(|(_, cells)| cells).collect::<Vec<_>>(),
                expected.iter().map(|(_, cells)| cells).collect::<Vec<_>>(),
                "{text}"
            );
            assert_eq!(found[0].0, 2);
        }
        let text = "name\tchain\r\nZoë\ta;b";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little.clone(), big.clone(), [&[0xFF, 0xFE], &*little].concat(), [&[0xFE, 0xFF], &*big].concat()]
        {
            assert_eq!(rows_of(&bytes), expected);
        }
        // A title says nothing of what separates the cells; a number with a comma as little.
        assert_eq!(rows("Vaults, as of today\n\nname;share\na;1,5\nb;2,5")[1].1, ["name", "share"]);
        assert_eq!(rows("name;note\na;b,c,d,e\nb;f,g")[0].1, ["name", "note"]);
        // A cell of several lines is a note or an address; a formula that gives a text is that text.
        assert_eq!(
            rows("name,home,mail\nAnn,\"1 Main St\r\nSpringfield\",a@x")[1].1,
            ["Ann", "1 Main St Springfield", "a@x"]
        );
        assert_eq!(rows("a,b\n\"=\"\"0012\"\"\",c")[1].1, ["0012", "c"]);
    }

    #[test]
    fn an_apostrophe_that_keeps_a_spreadsheet_away_is_taken_off_and_any_other_is_not() {
        let read = rows("'0012,''0012,'s-Hertogenbosch,''s-Hertogenbosch,\"' =1\",'\n");
        let expected = ["0012", "'0012", "'s-Hertogenbosch", "'s-Hertogenbosch", "=1", "'"];
        assert_eq!(read, [(1, expected.map(str::to_owned).to_vec())]);
    }

    #[test]
    fn a_quote_too_many_is_told_with_its_line() {
        let mut found = TableRows::of("a,b\r\n\r\nc,\"d\r\ne,f\r\n");
        assert!(found.next().unwrap().is_ok());
        assert_eq!(found.next(), Some(Err(TableError::LineEnd { line: 3 })));
        for bytes in [&b"a\xff"[..], b"\xff\xfea\0\0", b"\xff\xfea\0\0\0", b"PK\x03\x04\0", b"\0\0a", b"\xff\xfe\0\xd8"]
        {
            assert_eq!(table_text(bytes), Err(TableError::NotText));
        }
    }
}
