//! What an e-mail holds that is signed with S/MIME in a form that hides its parts (RFC 8551, section 3.5.2): the contents of
//! `SignedData` (RFC 5652, section 5). The signature is not checked; the digests of a snapshot decide.

/// Elements inside elements, of lengths that stand behind them (X.690, section 8.1.3.6).
const LEVELS: usize = 16;

const SEQUENCE: u8 = 0x30;
const EXPLICIT_0: u8 = 0xa0;
const OCTETS: u8 = 0x04;
/// In several pieces.
const OCTETS_CONSTRUCTED: u8 = 0x24;
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// The contents; `None` where it is nothing of that kind, or they stand elsewhere.
pub(super) fn signed_contents(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut info = Ber(Ber(bytes).next_of(SEQUENCE)?);
    if info.next()?.1 != SIGNED_DATA {
        return None;
    }
    let mut data = Ber(Ber(info.next_of(EXPLICIT_0)?).next_of(SEQUENCE)?);
    // The version, and which digests are used.
    data.next()?;
    data.next()?;
    let mut inside = Ber(data.next_of(SEQUENCE)?);
    // What kind of contents it is.
    inside.next()?;
    let mut octets = Ber(inside.next_of(EXPLICIT_0)?);
    match octets.next()? {
        (OCTETS, contents) => Some(contents.to_vec()),
        (OCTETS_CONSTRUCTED, pieces) => {
            let mut pieces = Ber(pieces);
            let mut contents = Vec::new();
            while let Some((OCTETS, piece)) = pieces.next() {
                contents.extend_from_slice(piece);
            }
            Some(contents)
        }
        _ => None,
    }
}

/// The elements that stand behind one another in some bytes, by the basic encoding rules (X.690): tag and contents. What is cut off
/// goes up to the end.
struct Ber<'a>(&'a [u8]);

impl<'a> Ber<'a> {
    fn next_of(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, contents)| contents)
    }

    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        self.next_within(LEVELS)
    }

    fn next_within(&mut self, levels: usize) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        // Tags of several bytes do not occur, nor lengths of more than four.
        if tag & 0x1f == 0x1f || *first > 0x84 || *tag == 0 {
            return None;
        }
        if *first == 0x80 {
            let mut inside = Ber(rest);
            let levels = levels.checked_sub(1)?;
            let contents = loop {
                if let Some(behind) = inside.0.strip_prefix(&[0, 0]) {
                    let contents = rest.get(..rest.len() - inside.0.len())?;
                    inside.0 = behind;
                    break contents;
                }
                if inside.next_within(levels).is_none() {
                    inside.0 = &[];
                    break rest;
                }
            };
            self.0 = inside.0;
            return Some((*tag, contents));
        }
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        };
        let (contents, behind) = rest.split_at(length.min(rest.len()));
        self.0 = behind;
        Some((*tag, contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = u32::try_from(contents.len()).unwrap().to_be_bytes();
        [&[tag, 0x84], &length[..], contents].concat()
    }

    /// The same with a length that stands behind it.
    fn open(tag: u8, contents: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], contents, &[0, 0]].concat()
    }

    fn signed(octets: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let inside = wrap(SEQUENCE, &[&[6, 1, 0x2a][..], &wrap(EXPLICIT_0, octets)].concat());
        let digests = wrap(0x31, &wrap(SEQUENCE, &[6, 1, 0x2a, 5, 0]));
        let data = wrap(SEQUENCE, &[&[2, 1, 1][..], &digests, &inside, &wrap(0x31, b"")].concat());
        wrap(SEQUENCE, &[&[6, 9][..], SIGNED_DATA, &wrap(EXPLICIT_0, &data)].concat())
    }

    #[test]
    fn contents_come_out_whole_in_pieces_and_as_far_as_they_go() {
        let text = b"a text that is signed".repeat(20);
        let pieces: Vec<u8> = text.chunks(100).flat_map(|piece| element(OCTETS, piece)).collect();
        for wrap in [element, open] {
            for octets in
                [element(OCTETS, &text), element(OCTETS_CONSTRUCTED, &pieces), open(OCTETS_CONSTRUCTED, &pieces)]
            {
                let bytes = signed(&octets, wrap);
                assert_eq!(signed_contents(&bytes).unwrap(), text);
                for end in 0..bytes.len() {
                    let found = signed_contents(&bytes[..end]).unwrap_or_default();
                    assert!(text.starts_with(&found), "{end}");
                }
            }
            assert_eq!(signed_contents(&signed(b"", wrap)), None, "it stands elsewhere");
        }
        assert_eq!(signed_contents(&[0x30, 0x80].repeat(1 << 20)), None);
        assert_eq!(signed_contents(b"{}"), None);
    }
}
