//! On which line of a JSON document something stands, so that somebody can find it. The document was read before: it is valid.

/// The line (from 1) of member `member` of the outermost object, or of number `place` (from 1) of the list that it holds.
pub fn line_of(json: &[u8], member: &str, place: Option<usize>) -> Option<usize> {
    let mut scan = Scan { line: 1, ..Scan::default() };
    let mut bytes = json.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\n' => scan.line += 1,
            b',' => scan.is_awaiting = true,
            b':' if scan.depth == 1 => scan.is_wanted = scan.is_name(json, member),
            b']' | b'}' => scan.depth = scan.depth.saturating_sub(1),
            b' ' | b'\t' | b'\r' | b':' => {}
            _ => {
                if scan.is_element() && Some(scan.count) == place {
                    return Some(scan.line);
                }
                match byte {
                    b'[' | b'{' => scan.open(),
                    b'"' => {
                        let end = skip_text(&mut bytes)?;
                        scan.text = (at, end, scan.line);
                    }
                    _ => {}
                }
            }
        }
        if place.is_none() && scan.is_wanted {
            return Some(scan.text.2);
        }
    }
    None
}

#[derive(Default)]
struct Scan {
    line: usize,
    depth: usize,
    /// The last text: its first and last byte, and its line.
    text: (usize, usize, usize),
    /// Inside the wanted member.
    is_wanted: bool,
    /// An element begins at the next byte that is no white space.
    is_awaiting: bool,
    /// Elements of the wanted list so far.
    count: usize,
}

impl Scan {
    fn open(&mut self) {
        self.depth += 1;
        self.is_awaiting = true;
    }

    /// Whether an element of the wanted list begins here; counts it.
    fn is_element(&mut self) -> bool {
        let begins = std::mem::take(&mut self.is_awaiting) && self.is_wanted && self.depth == 2;
        self.count += usize::from(begins);
        begins
    }

    /// Whether the last text is this name, however it was written.
    fn is_name(&self, json: &[u8], member: &str) -> bool {
        let (start, end, _) = self.text;
        let written = json.get(start..=end).unwrap_or_default();
        serde_json::from_slice::<String>(written).is_ok_and(|name| name == member)
    }
}

/// Goes on behind the closing quote and says where it is.
fn skip_text<'a>(bytes: &mut impl Iterator<Item = (usize, &'a u8)>) -> Option<usize> {
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at),
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn lines_are_those_of_an_editor() {
        let json = br#"{ "a": "[\"\\",
 "v\u0061ults":
 [ {"id": ["x",
   {"vaults": [1]}]},
   7,
   "text, and \"more\""
 , {}],
 "b": {"vaults": [0]}}"#;
        let of = |place| line_of(json, "vaults", place);
        assert_eq!(
            [of(Some(1)), of(Some(2)), of(Some(3)), of(Some(4)), of(Some(5))],
            [Some(3), Some(5), Some(6), Some(7), None]
        );
        assert_eq!((of(None), line_of(json, "a", None), line_of(json, "b", None)), (Some(2), Some(1), Some(8)));
        assert_eq!(line_of(json, "id", None), None);
    }
}
