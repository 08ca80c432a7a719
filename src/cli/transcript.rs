//! `conclave transcript verify`: whether the record of a ceremony is whole, whether it is the one that was signed, and what it says.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Exit, Failure, Streams};
use crate::domain::explain::Explain;
use crate::domain::fingerprint::typed;
use crate::domain::text::{Safe, brief, counted};
use crate::machine::files::{self, shown};
use crate::session::transcript::attestation::Attestation;
use crate::session::transcript::chain::{self, ChainBreak, RecordChain};
use crate::snapshot::paper::PaperPart;

/// Check the record of a ceremony, and read what it says
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave transcript verify record.jsonl")]
pub struct TranscriptCommand {
    #[command(subcommand)]
    action: TranscriptAction,
}

#[derive(Debug, Subcommand)]
enum TranscriptAction {
    Verify(VerifyRecord),
}

/// Check the chain of a record, compare its words with the signed ones, and say what it tells
///
/// A record is consistent when each line names the digest of the one before. Anybody can write such a file: it is authentic only when
/// its words are those that people signed on paper.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct VerifyRecord {
    /// The record that was written beside the snapshot: record.jsonl
    file: PathBuf,
    /// The eight words on the signed page, in any case, with anything between them
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

const EXIT_CODES: &str = "Exit codes: 0 consistent; with --words also authentic; 2 usage, also when
--words are not eight; 3 no record, or a line does not follow the one before;
7 consistent, but its words are not those of --words.

Example:
  conclave transcript verify record.jsonl";

/// Events that are said: whoever writes a file shall not decide how much that is.
const SAID: usize = 1_000;

impl TranscriptCommand {
    pub fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        match &self.action {
            TranscriptAction::Verify(verify) => verify.run(streams),
        }
    }
}

/// How a record that is consistent compares with what was signed.
enum WordsCompared {
    Not,
    Same,
    /// Places of words that differ, from 1.
    Differs {
        places: Vec<usize>,
        given: Vec<String>,
    },
}

impl WordsCompared {
    fn verdict(&self) -> &'static str {
        match self {
            Self::Not => "consistent",
            Self::Same => "authentic",
            Self::Differs { .. } => "other words",
        }
    }

    /// What that means for the words of the record.
    fn lines(&self, words: &[&str]) -> Vec<String> {
        let (places, given) = match self {
            Self::Not => {
                let what = "  Anybody can write such a file. Compare its words with those on the signed page, here with --words.";
                return vec![what.to_owned()];
            }
            Self::Same => {
                return vec!["  They are the words that you gave: this is the record that was signed.".to_owned()];
            }
            Self::Differs { places, given } => (places, given),
        };
        let differing = places.iter().filter_map(|place| {
            let (word, given) = (words.get(place - 1)?, given.get(place - 1)?);
            Some(format!("  Word {place} is {word}, and you gave {}.", brief(&Safe(given).to_string(), 40)))
        });
        let what = "  This is not the record that was signed, or the words were misread. Do not rely on what it says.";
        differing.chain([what.to_owned()]).collect()
    }

    fn places(&self) -> Option<&[usize]> {
        match self {
            Self::Not => None,
            Self::Same => Some(&[]),
            Self::Differs { places, .. } => Some(places),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Not | Self::Same => Exit::Done,
            Self::Differs { .. } => Exit::DoneWithFindings,
        }
    }
}

impl VerifyRecord {
    fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let bytes = files::read(&self.file, chain::BYTES).map_err(|error| Failure::of(Exit::Refused, &error))?;
        let chain = match RecordChain::read(&bytes) {
            Ok(chain) => chain,
            Err(why) => return Ok(self.say_broken(why, streams)),
        };
        let compared = self.compare(&chain)?;
        if self.json {
            streams.say_json(&self.as_json(&chain, &compared));
        } else {
            self.lines(&chain, &compared).iter().for_each(|line| streams.say(line));
        }
        Ok(compared.exit())
    }

    fn compare(&self, chain: &RecordChain) -> Result<WordsCompared, Failure> {
        let Some(given) = self.words.as_deref().map(typed) else { return Ok(WordsCompared::Not) };
        match chain.differing(&given) {
            Some(places) if places.is_empty() => Ok(WordsCompared::Same),
            Some(places) => Ok(WordsCompared::Differs { places, given }),
            None => Err(Failure::new(
                Exit::Usage,
                format_args!("--words has {}, and those of a record are eight.", counted(given.len(), "word")),
                "They stand on the page that was signed. The 16 of a public card and the 4 of an e-mail are others. Nothing was compared.",
            )),
        }
    }

    fn say_broken(&self, why: ChainBreak, streams: &mut Streams<'_>) -> Exit {
        if self.json {
            streams.say_json(&json!({
                "file": self.file.display().to_string(),
                "verdict": "broken",
                "broken_line": why.line(),
                "why": why.to_string(),
            }));
        } else {
            streams.say(&format!("{}: broken", shown(&self.file)));
        }
        streams.warn(&format!("conclave: {}: {why}.", shown(&self.file)));
        streams.warn(&why.hint());
        Exit::Refused
    }

    fn lines(&self, chain: &RecordChain, compared: &WordsCompared) -> Vec<String> {
        let attestation = Attestation::of(chain);
        let words = chain.words();
        let verdict = match compared {
            WordsCompared::Not | WordsCompared::Same => compared.verdict(),
            WordsCompared::Differs { .. } => "consistent, but its words are not those that you gave",
        };
        let mut lines = vec![format!("{}: {verdict}", shown(&self.file))];
        lines.push(format!(
            "  {}, each with the digest of the line before; {} from the first to the last.",
            counted(chain.events().len(), "line"),
            offset(chain.seconds())
        ));
        lines.push("  Words of the record:".to_owned());
        lines.extend(words.chunks(4).map(|four| format!("    {}", four.join(" "))));
        lines.extend(compared.lines(&words));
        lines.push(String::new());
        lines.push(PaperPart::Facts(attestation.facts).to_text());
        let events = attestation.events.iter().take(SAID);
        lines.extend(events.map(|(second, said)| format!("{:>8}  {said}", offset(*second))));
        if let Some(more) = attestation.events.len().checked_sub(SAID).filter(|more| *more > 0) {
            lines.push(format!("And {more} more."));
        }
        if !attestation.is_issued {
            lines.push("It does not say that a backup was made.".to_owned());
        }
        lines
    }

    fn as_json(&self, chain: &RecordChain, compared: &WordsCompared) -> Value {
        let attestation = Attestation::of(chain);
        let said = attestation.events.iter().map(|(second, said)| json!({"second": second, "said": said}));
        json!({
            "file": self.file.display().to_string(),
            "verdict": compared.verdict(),
            "lines": chain.events().len(),
            "seconds": chain.seconds(),
            "words": chain.words(),
            "differing": compared.places(),
            "issued": attestation.is_issued,
            "facts": attestation.facts.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
            "attestation": said.collect::<Vec<_>>(),
            "events": chain.events().iter().map(|event| &event.facts).collect::<Vec<_>>(),
        })
    }
}

/// `0:12:07`
fn offset(seconds: u64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
