//! What the owner is asked where a text can be read in more than one way.

use std::fmt;

use super::Answers;
use crate::domain::text::counted;

/// So many codes, when one has so many groups, or takes so many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountReading {
    pub size: usize,
    pub codes: usize,
}

/// Which of several lists in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListPart {
    All,
    /// From 0.
    Only(usize),
}

/// Why codes may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Long, without groups: as well a private key, an address or a hash.
    Key,
    /// The letters and length of the key from which an authenticator app makes its codes.
    AuthenticatorKey,
    /// Letters only.
    Words,
}

/// Where more than one reading is plausible. No text of a code is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Codes of several lists, by their number in each: of two accounts, or of one?
    Parts(Vec<usize>),
    /// Text that may be a code or a number of another kind.
    Others { without: usize, with: usize },
    /// How many lines does one code take?
    Lines(Vec<CountReading>),
    /// Does a single space stand inside a code or between two? How many groups does one code have?
    Spaces(Vec<CountReading>),
    /// Items with these numbers hold nothing that looks like a code. Were they left out on purpose?
    Missing { numbers: Vec<u32> },
    /// Is it a code at all?
    Likeness(Likeness),
    /// So many codes have a note beside them, or the same mark all of them: does it say that they were used?
    Notes { noted: usize },
    /// The owner named a count that no reading has.
    Count { named: usize, found: Vec<usize> },
}

/// An answer that somebody can give to a doubt.
#[derive(Debug)]
pub struct DoubtAnswer {
    /// For people.
    pub said: String,
    /// All answers with this one; `None` where the text has to be given anew.
    pub answers: Option<Answers>,
}

impl Doubt {
    /// What can be answered, the likeliest first; `before` was answered before.
    pub fn answers(&self, before: &Answers) -> Vec<DoubtAnswer> {
        let answer = |said: String, answers: Answers| DoubtAnswer { said, answers: Some(answers) };
        let anew = |said: &str| DoubtAnswer { said: said.to_owned(), answers: None };
        let count = |codes: usize| counted(codes, "code");
        match self {
            Self::Parts(sizes) => {
                let one = |(part, codes): (usize, &usize)| {
                    let said = format!("{}: only those of list {}", count(*codes), part + 1);
                    answer(said, Answers { part: Some(ListPart::Only(part)), ..*before })
                };
                let all = format!("{}: all of them are of this account", count(sizes.iter().sum()));
                let all = answer(all, Answers { part: Some(ListPart::All), ..*before });
                sizes.iter().enumerate().map(one).chain([all]).collect()
            }
            Self::Others { without, with } => vec![
                answer(
                    format!("{}: the other lines hold none", count(*without)),
                    Answers { others: Some(false), ..*before },
                ),
                answer(
                    format!("{}: these lines are codes too", count(*with)),
                    Answers { others: Some(true), ..*before },
                ),
            ],
            Self::Lines(readings) => {
                let said = |reading: &CountReading| match reading.size {
                    1 => format!("{}: one a line", count(reading.codes)),
                    lines => format!("{}: each takes {lines} lines", count(reading.codes)),
                };
                let one =
                    |reading: &CountReading| answer(said(reading), Answers { lines: Some(reading.size), ..*before });
                readings.iter().map(one).collect()
            }
            Self::Spaces(readings) => {
                let said = |reading: &CountReading| match reading.size {
                    1 => format!("{}: a space stands between two codes", count(reading.codes)),
                    groups => format!("{}: each has {groups} groups, with spaces inside", count(reading.codes)),
                };
                let one =
                    |reading: &CountReading| answer(said(reading), Answers { groups: Some(reading.size), ..*before });
                readings.iter().map(one).collect()
            }
            Self::Missing { .. } => vec![
                answer(
                    "They were left out on purpose: go on without them".to_owned(),
                    Answers { missing: Some(true), ..*before },
                ),
                anew("Something is missing: give the list once more"),
            ],
            Self::Likeness(_) => vec![
                anew("It is no code: give the list once more"),
                answer("It is a code all the same".to_owned(), Answers { is_code: Some(true), ..*before }),
            ],
            Self::Notes { .. } => vec![
                answer("It says that they were used".to_owned(), Answers { notes: Some(true), ..*before }),
                answer(
                    "It says something else: they were not used".to_owned(),
                    Answers { notes: Some(false), ..*before },
                ),
            ],
            Self::Count { found, .. } => {
                let one = |codes: &usize| answer(count(*codes), Answers { count: Some(*codes), ..*before });
                found.iter().map(one).collect()
            }
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let either = |counts: &[usize]| {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            counts.join(" or ")
        };
        let readings =
            |readings: &[CountReading]| either(&readings.iter().map(|reading| reading.codes).collect::<Vec<_>>());
        match self {
            Self::Parts(sizes) => write!(out, "several lists stand in this text, of {} codes", either(sizes)),
            Self::Others { without, with } => {
                write!(out, "these are {without} or {with} codes: some lines may hold none")
            }
            Self::Lines(all) => {
                write!(out, "these are {} codes: one may go on in the next line, or not", readings(all))
            }
            Self::Spaces(all) => {
                write!(out, "these are {} codes: a space may stand inside a code, or between two", readings(all))
            }
            Self::Missing { numbers } => {
                let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
                write!(out, "nothing that looks like a code stands at number {}", numbers.join(", "))
            }
            Self::Likeness(Likeness::Key) => out.write_str("this may be a private key or an address, and no code"),
            Self::Likeness(Likeness::AuthenticatorKey) => {
                out.write_str("this may be the key of an authenticator app, and no code")
            }
            Self::Likeness(Likeness::Words) => out.write_str("these may be words, and no codes"),
            Self::Notes { noted } => {
                write!(out, "{} a note or a mark beside it, which may say that it was used", has(*noted))
            }
            Self::Count { named, found } => {
                write!(out, "{} named, and the text can be read as {}", were(*named), either(found))
            }
        }
    }
}

fn has(count: usize) -> String {
    format!("{} {}", counted(count, "code"), if count == 1 { "has" } else { "have" })
}

fn were(count: usize) -> String {
    format!("{} {}", counted(count, "code"), if count == 1 { "was" } else { "were" })
}
