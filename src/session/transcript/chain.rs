//! A record read again: whether each line follows the one before, and the words of its end. Whoever wrote the file: that has an end.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::SIGNED;
use crate::domain::canonical;
use crate::domain::explain::Explain;
use crate::domain::fingerprint::words;

/// Bytes of a record. Sixteen people with the longest names make some hundred thousand.
pub const BYTES: usize = 4 << 20;
/// Lines of a record: all but a few are something that a person did.
pub const LINES: usize = 10_000;

/// A record of which every line follows the one before. That says nothing yet of who wrote it.
#[derive(Debug)]
pub struct RecordChain {
    events: Vec<NotedEvent>,
    /// The digest of the last line.
    last: [u8; 32],
}

/// A line of a record.
#[derive(Debug)]
pub struct NotedEvent {
    /// Seconds since the first line.
    pub second: u64,
    /// Its whole line.
    pub facts: Value,
}

/// Why a file is no record as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    #[error("it is empty")]
    Empty,
    #[error("it has more than {LINES} lines, and no ceremony makes so many")]
    TooLong,
    #[error("line {line} has no end: the file was cut inside it")]
    Cut { line: usize },
    #[error("line {line} is no line of a record")]
    NotALine { line: usize },
    #[error("line 1 is not the first line of a record: it names a line before it")]
    NotTheFirst,
    #[error(
        "line {line} does not follow line {}: it names the digest of another line. One of the two was changed, or a line between them is missing",
        .line - 1
    )]
    DoesNotFollow { line: usize },
    #[error("line {line} says that it is line {said}")]
    OtherNumber { line: usize, said: u64 },
    #[error("line {line} is earlier than the line before it")]
    Earlier { line: usize },
    #[error("line {line} is not in the form in which Conclave writes a line")]
    OtherForm { line: usize },
}

impl ChainBreak {
    /// The first line that does not follow, where it is one.
    pub fn line(self) -> Option<usize> {
        match self {
            Self::Empty => None,
            Self::TooLong => Some(LINES + 1),
            Self::NotTheFirst => Some(1),
            Self::Cut { line }
            | Self::NotALine { line }
            | Self::DoesNotFollow { line }
            | Self::OtherNumber { line, .. }
            | Self::Earlier { line }
            | Self::OtherForm { line } => Some(line),
        }
    }
}

impl Explain for ChainBreak {
    fn hint(&self) -> String {
        match self {
            Self::Empty | Self::TooLong | Self::NotALine { line: 1 } => {
                "The record of a ceremony is the file record.jsonl that was written beside the snapshot. Name that one."
            }
            Self::OtherForm { .. } => {
                "A program that changes spaces, line ends or letters may have copied it: take another copy, byte for byte. Do not rely on what this one says."
            }
            Self::Cut { .. }
            | Self::NotALine { .. }
            | Self::NotTheFirst
            | Self::DoesNotFollow { .. }
            | Self::OtherNumber { .. }
            | Self::Earlier { .. } => "Do not rely on what it says, and take another copy. The backup itself is not concerned.",
        }
        .to_owned()
    }
}

impl RecordChain {
    /// Reads every line, and compares it with the one before.
    pub fn read(bytes: &[u8]) -> Result<Self, ChainBreak> {
        let mut chain = Self { events: Vec::new(), last: [0; 32] };
        for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            if number > LINES {
                return Err(ChainBreak::TooLong);
            }
            let line = line.strip_suffix(b"\n").ok_or(ChainBreak::Cut { line: number })?;
            chain.add(number, line)?;
        }
        if chain.events.is_empty() { Err(ChainBreak::Empty) } else { Ok(chain) }
    }

    fn add(&mut self, line: usize, bytes: &[u8]) -> Result<(), ChainBreak> {
        let facts: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| ChainBreak::NotALine { line })?;
        let number = |name: &str| facts.get(name).and_then(Value::as_u64).ok_or(ChainBreak::NotALine { line });
        let (said, second) = (number("line")?, number("second")?);
        if !facts.get("event").is_some_and(Value::is_string) {
            return Err(ChainBreak::NotALine { line });
        }
        if facts.get("previous") != Some(&json!(data_encoding::HEXLOWER.encode(&self.last))) {
            return Err(if line == 1 { ChainBreak::NotTheFirst } else { ChainBreak::DoesNotFollow { line } });
        }
        if usize::try_from(said) != Ok(line) {
            return Err(ChainBreak::OtherNumber { line, said });
        }
        if second < self.seconds() {
            return Err(ChainBreak::Earlier { line });
        }
        let facts = Value::Object(facts);
        if canonical::bytes(&facts) != bytes {
            return Err(ChainBreak::OtherForm { line });
        }
        self.last = Sha256::digest(bytes).into();
        self.events.push(NotedEvent { second, facts });
        Ok(())
    }

    pub fn events(&self) -> &[NotedEvent] {
        &self.events
    }

    /// From the first line to the last.
    pub fn seconds(&self) -> u64 {
        self.events.last().map_or(0, |event| event.second)
    }

    /// The words that people sign: of the digest of the last line.
    pub fn words(&self) -> Vec<&'static str> {
        words(self.last.get(..SIGNED).unwrap_or_default())
    }

    /// At which places, from 1, these words (in lower case) are others; `None` where they are not as many.
    pub fn differing(&self, given: &[String]) -> Option<Vec<usize>> {
        let words = self.words();
        let pairs = (1..).zip(words.iter().zip(given));
        let others = pairs.filter(|(_, (word, given))| !word.eq_ignore_ascii_case(given)).map(|(place, _)| place);
        (given.len() == words.len()).then(|| others.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Transcript;
    use super::*;

    fn sample() -> Vec<String> {
        let mut record = Transcript::begin(Duration::ZERO);
        for second in 0..4 {
            record.note(Duration::from_secs(second), "phrase confirmed", json!({"number": second + 1}));
        }
        String::from_utf8(record.to_bytes()).unwrap().split_inclusive('\n').map(str::to_owned).collect()
    }

    fn broken(bytes: impl AsRef<[u8]>) -> ChainBreak {
        RecordChain::read(bytes.as_ref()).unwrap_err()
    }

    #[test]
    fn the_first_line_that_does_not_follow_is_named() {
        let lines = sample();
        let chain = RecordChain::read(lines.concat().as_bytes()).unwrap();
        assert_eq!((chain.events().len(), chain.seconds(), chain.words().len()), (4, 3, 8));
        let with = |place: usize, line: String| {
            let mut lines = lines.clone();
            lines[place] = line;
            broken(lines.concat())
        };
        assert_eq!(with(1, lines[1].replace("\"number\":2", "\"number\":9")), ChainBreak::DoesNotFollow { line: 3 });
        assert_eq!(with(1, String::new()), ChainBreak::DoesNotFollow { line: 2 });
        assert_eq!(with(2, "{}\n".to_owned()), ChainBreak::NotALine { line: 3 });
        assert_eq!(with(2, lines[2].replace("\"second\":2", "\"second\":0")), ChainBreak::Earlier { line: 3 });
        assert_eq!(with(2, lines[2].replace("\"line\":3", "\"line\":4")), ChainBreak::OtherNumber { line: 3, said: 4 });
        assert_eq!(with(2, lines[2].replace(':', ": ")), ChainBreak::OtherForm { line: 3 });
        assert_eq!(with(0, String::new()), ChainBreak::NotTheFirst);
        // A member that stands twice, and another line end.
        let twice = lines[3].replace("\"number\"", "\"number\":9,\"number\"");
        assert_eq!(with(3, twice), ChainBreak::OtherForm { line: 4 });
        assert_eq!(broken(lines.concat().replace('\n', "\r\n")), ChainBreak::OtherForm { line: 1 });
        assert_eq!(with(3, lines[3].trim_end().to_owned()), ChainBreak::Cut { line: 4 });
        assert_eq!((broken(""), broken("\n")), (ChainBreak::Empty, ChainBreak::NotALine { line: 1 }));
        let said = ChainBreak::DoesNotFollow { line: 3 };
        assert!(said.to_string().starts_with("line 3 does not follow line 2: ") && said.line() == Some(3));
    }

    #[test]
    fn whatever_the_file_is_it_is_refused_at_its_first_line_that_is_none() {
        let long = "[".repeat(100_000);
        let deep = format!("{{\"event\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
        for bytes in [
            b"\xff\xfe\n".to_vec(),
            vec![0; 1 << 16],
            vec![b'\n'; 1 << 20],
            "{}\n".repeat(1_000_000).into_bytes(),
            format!("{long}\n").into_bytes(),
            deep.into_bytes(),
            b"\x1f\x8b\x08\n".to_vec(),
            b"[{\"event\":\"begun\"}]\n".to_vec(),
        ] {
            let why = broken(&bytes);
            assert!(matches!(why.line(), Some(1)), "{why}");
        }
        let mut record = Transcript::begin(Duration::ZERO);
        (0..=LINES).for_each(|_| record.note(Duration::ZERO, "read again", json!({})));
        assert_eq!(broken(record.to_bytes()), ChainBreak::TooLong);
        let all = record.to_bytes();
        let most: Vec<&[u8]> = all.split_inclusive(|byte| *byte == b'\n').take(LINES).collect();
        assert!(RecordChain::read(&most.concat()).is_ok());
    }

    #[test]
    fn words_are_compared_place_by_place() {
        let chain = RecordChain::read(sample().concat().as_bytes()).unwrap();
        let given: Vec<String> = chain.words().iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(chain.differing(&given), Some(Vec::new()));
        let mut other = given.clone();
        other[2] = "zulu".to_owned();
        other[7] = "zulu".to_owned();
        assert_eq!((chain.differing(&other), chain.differing(&given[..7])), (Some(vec![3, 8]), None));
    }
}
