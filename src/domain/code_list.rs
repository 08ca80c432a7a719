//! The recovery codes of an account, as somebody pastes them: a downloaded file, a page, a mail, a list typed by hand.
//!
//! No service is known here. Lines become pieces, pieces runs, and the shape that dominates is that of the codes: what stands in line with
//! them belongs to them, other lines are left aside. Codes stay as they are printed: letters, case, zeros, hyphens, single spaces.
//! Only dashes of other kinds become `-`, full-width signs and digits of other scripts ASCII. Where two readings are plausible the
//! owner is asked.

mod beside;
mod doubt;
mod lines;
mod list;
mod marks;
mod numbers;
mod odd;
mod pieces;
mod plain;
mod reading;
mod runs;
mod scan;
#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

pub use self::doubt::{CountReading, Doubt, DoubtAnswer, Likeness, ListPart};
pub use self::odd::{Oddity, odd_ones};

use self::list::{Fate, ListEntries};
use self::pieces::{PieceKind, Pieces};
use self::plain::Plain;
use self::reading::ListChoice;
use super::explain::Explain;
use super::secret::SecretText;
use super::text::counted;

/// The most bytes of a text that are read.
pub const TEXT_LIMIT: usize = 64 << 10;
/// The most codes of one text.
pub const CODES_LIMIT: usize = 200;

/// A code as it is printed.
#[derive(Debug)]
pub struct ListedCode {
    pub text: SecretText,
    /// A mark beside it says that it was used.
    pub is_used: bool,
}

/// What a text was read as.
#[derive(Debug)]
pub struct CodeList {
    /// In the order in which the service means them. With a doubt: the likelier reading.
    pub codes: Vec<ListedCode>,
    /// What to ask next. Each answer may bring the next question.
    pub doubt: Option<Doubt>,
    /// Pairs of places in `codes`, first and repeat, that are the same code without case, spaces and hyphens.
    pub repeated: Vec<(usize, usize)>,
    /// Lines that hold something, but no code.
    pub aside: usize,
}

/// What the owner said. An answer that no reading has is no answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answers {
    /// How many codes there are. It settles each doubt in which only one reading has so many.
    pub count: Option<usize>,
    pub part: Option<ListPart>,
    /// Whether what [`Doubt::Others`] counts is codes.
    pub others: Option<bool>,
    /// Lines of one code.
    pub lines: Option<usize>,
    /// Groups of one code.
    pub groups: Option<usize>,
    /// Whether items without a code are none.
    pub missing: Option<bool>,
    /// Whether it is a code, in spite of its [`Likeness`].
    pub is_code: Option<bool>,
    /// Whether notes are marks of use.
    pub notes: Option<bool>,
}

/// Why a text is no list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("nothing is in it")]
    Empty,
    #[error("the text is longer than {} KiB", TEXT_LIMIT >> 10)]
    Long,
    #[error("it seems to hold {}; {CODES_LIMIT} are the most", counted(*.found, "code"))]
    Many { found: usize },
    #[error("line {line} holds a sign that hides, steers, or cannot be told from another")]
    Signs { line: usize },
    #[error("this looks like the recovery phrase of a wallet, not like codes")]
    Phrase,
    #[error("this is the key of an authenticator app, not a code")]
    AuthenticatorKey,
    #[error("this is a private key or a certificate, not a list of codes")]
    PrivateKey,
    #[error("the owner says that it is no code")]
    Denied,
    #[error("no codes were found in it")]
    NoCodes,
}

impl Explain for ListError {
    fn hint(&self) -> String {
        match self {
            Self::Empty => "Copy the codes once more, or type them. Nothing was saved.",
            Self::Long | Self::Many { .. } => "Paste only the lines with the codes of one account. Nothing was saved.",
            Self::Signs { .. } => "Type that line by hand. Nothing was saved.",
            Self::Phrase => "Whoever has that phrase has the wallet: it does not belong here. Nothing was saved.",
            Self::AuthenticatorKey => "Look for backup or recovery codes at the service. Nothing was saved.",
            Self::PrivateKey | Self::Denied => "Look for the lines with the codes. Nothing was saved.",
            Self::NoCodes => "Paste the lines with the codes, or type each code by itself. Nothing was saved.",
        }
        .to_owned()
    }
}

/// Reads `text` as a list of codes.
pub fn read(text: &str, answers: &Answers) -> Result<CodeList, ListError> {
    if text.len() > TEXT_LIMIT {
        return Err(ListError::Long);
    }
    if text.contains("-----BEGIN ") {
        return Err(ListError::PrivateKey);
    }
    if text.contains("otpauth://") || text.contains("otpauth-migration://") {
        return Err(ListError::AuthenticatorKey);
    }
    let plain = Plain::of(text)?;
    let pieces = Pieces::of(&plain);
    if pieces.all.is_empty() {
        return Err(ListError::Empty);
    }
    pieces.check()?;
    let list = ListEntries::of(pieces);
    let choices = list.choices(answers);
    let fitting: Vec<ListChoice> = match answers.count {
        Some(count) => choices.iter().filter(|choice| choice.codes == count).copied().collect(),
        None => choices.clone(),
    };
    let first =
        fitting.first().or(choices.first()).copied().filter(|first| first.codes > 0).ok_or(ListError::NoCodes)?;
    if first.codes > CODES_LIMIT {
        return Err(ListError::Many { found: first.codes });
    }
    let (codes, noted) = list.codes(&first, answers.notes);
    let count_doubt = || {
        let named = answers.count.filter(|_| fitting.is_empty())?;
        let mut found: Vec<usize> = choices.iter().map(|choice| choice.codes).collect();
        found.sort_unstable();
        found.dedup();
        Some(Doubt::Count { named, found })
    };
    let likeness = likeness(&codes, &list).filter(|likeness| {
        // A count names an ordinary code well enough; what may be worth a wallet is asked about.
        let is_named = answers.count == Some(codes.len()) && *likeness != Likeness::Key;
        answers.is_code != Some(true) && !is_named
    });
    if likeness.is_some() && answers.is_code == Some(false) {
        return Err(ListError::Denied);
    }
    let doubt = count_doubt()
        .or_else(|| list.doubt(&fitting))
        .or_else(|| {
            let numbers = list.missing();
            let is_settled = answers.missing == Some(true) || answers.count == Some(codes.len()) || numbers.is_empty();
            (!is_settled).then_some(Doubt::Missing { numbers })
        })
        .or(likeness.map(Doubt::Likeness))
        .or((noted > 0 && answers.notes.is_none()).then_some(Doubt::Notes { noted }));
    let repeated = repeated(&codes);
    Ok(CodeList { aside: list.aside(&first), codes, doubt, repeated })
}

impl ListEntries<'_> {
    /// The first question on which the choices that are left differ.
    fn doubt(&self, choices: &[ListChoice]) -> Option<Doubt> {
        let first = choices.first()?;
        if choices.iter().any(|choice| choice.part != first.part) {
            let sizes = self.part_sizes(choices);
            return Some(Doubt::Parts(sizes));
        }
        if let Some(other) = choices.iter().find(|choice| choice.has_others != first.has_others) {
            let (with, without) = if first.has_others { (first, other) } else { (other, first) };
            // Without them nothing may be left.
            return Some(Doubt::Others { without: without.codes, with: with.codes });
        }
        let readings = |size: fn(&ListChoice) -> usize| {
            let mut readings: Vec<CountReading> = Vec::new();
            for choice in choices {
                let reading = CountReading { size: size(choice), codes: choice.codes };
                if readings.iter().all(|other| other.size != reading.size) {
                    readings.push(reading);
                }
            }
            readings
        };
        let lines = choices
            .iter()
            .any(|choice| choice.lines != first.lines)
            .then(|| Doubt::Lines(readings(|choice| choice.lines)));
        let groups = choices
            .iter()
            .any(|choice| choice.groups != first.groups)
            .then(|| Doubt::Spaces(readings(|choice| choice.groups)));
        if first.lines > 1 { lines.or(groups) } else { groups.or(lines) }
    }

    /// Codes of each part, in the likeliest reading.
    fn part_sizes(&self, choices: &[ListChoice]) -> Vec<usize> {
        let parts =
            self.entries.iter().filter(|entry| entry.fate == Fate::Code).map(|entry| entry.part).max().unwrap_or(0);
        let size =
            |part| choices.iter().find(|choice| choice.part == ListPart::Only(part)).map_or(0, |choice| choice.codes);
        (0..=parts).map(size).collect()
    }
}

impl Pieces<'_> {
    /// Refuses what must not be taken for codes.
    fn check(&self) -> Result<(), ListError> {
        for piece in self.all.iter().filter(|piece| piece.kind == PieceKind::Word) {
            let text = self.text(piece);
            // Letters of other alphabets that look like those of a code.
            let is_alike = |c: char| matches!(u32::from(c), 0x370..=0x58F);
            if text.chars().any(|c| c.is_ascii_alphanumeric()) && text.chars().any(is_alike) && text.chars().count() > 3
            {
                return Err(ListError::Signs { line: piece.line + 1 });
            }
        }
        if self.holds_phrase() { Err(ListError::Phrase) } else { Ok(()) }
    }

    /// Whether lines in a row hold as many plain words as a recovery phrase has: of three to eight letters, not all of one length.
    fn holds_phrase(&self) -> bool {
        const COUNTS: [usize; 8] = [12, 15, 18, 20, 21, 24, 25, 33];
        let is_word = |text: &str| {
            let is_length = (3..=8).contains(&text.len()) || !text.is_ascii();
            is_length
                && text.chars().all(|c| c.is_alphabetic() || plain::is_mark(c))
                && (text.chars().all(|c| !c.is_uppercase()) || text.chars().all(|c| !c.is_lowercase()))
        };
        // Lengths of the words of each line in a row, and where its lines begin.
        let mut lengths: Vec<usize> = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let is_phrase = |lengths: &[usize]| {
            let mut different = lengths.to_vec();
            different.sort_unstable();
            different.dedup();
            COUNTS.contains(&lengths.len()) && different.len() > 2
        };
        let is_any = |lengths: &[usize], starts: &[usize]| {
            // A heading of one line may stand before.
            let from = |at: usize| starts.get(at).and_then(|start| lengths.get(*start..)).is_some_and(is_phrase);
            from(0) || from(1)
        };
        for line in &self.lines {
            let first = lengths.len();
            let mut is_plain = true;
            for piece in self.all.get(line.clone()).unwrap_or_default() {
                let text = self.text(piece);
                let is_number = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                match piece.kind {
                    PieceKind::Word | PieceKind::Part if is_word(text) => lengths.push(text.chars().count()),
                    PieceKind::Part if is_number => {}
                    PieceKind::Word | PieceKind::Part => is_plain = false,
                    // `seed:` before it.
                    PieceKind::Colon => {
                        lengths.truncate(first);
                        is_plain = true;
                    }
                    PieceKind::Label(_)
                    | PieceKind::Tick
                    | PieceKind::Filled
                    | PieceKind::Box
                    | PieceKind::Bullet
                    | PieceKind::Sign => {}
                }
            }
            let of_line = lengths.get(first..).unwrap_or_default();
            if is_plain && is_phrase(of_line) {
                return true;
            }
            if is_plain && !of_line.is_empty() {
                starts.push(first);
            } else if !line.is_empty() {
                lengths.truncate(first);
                if is_any(&lengths, &starts) {
                    return true;
                }
                lengths.clear();
                starts.clear();
            }
        }
        is_any(&lengths, &starts)
    }
}

/// What a list of codes may be instead.
fn likeness(codes: &[ListedCode], list: &ListEntries<'_>) -> Option<Likeness> {
    /// No service prints longer codes, and none a single long one without groups.
    const LONGEST: usize = 64;
    const LONGEST_ALONE: usize = 40;
    let is_long = |code: &ListedCode, limit: usize| {
        let text = code.text.reveal();
        text.len() >= limit && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if codes.iter().any(|code| is_long(code, LONGEST + 1)) {
        return Some(Likeness::Key);
    }
    if list.may_be_words() && codes.len() < 5 {
        return Some(Likeness::Words);
    }
    let [code] = codes else { return None };
    if is_long(code, LONGEST_ALONE) {
        return Some(Likeness::Key);
    }
    is_base32_key(code.text.reveal()).then_some(Likeness::AuthenticatorKey)
}

/// 16, 26, 32 or more letters and digits of base32 in one case, without hyphens.
fn is_base32_key(text: &str) -> bool {
    let signs = || text.bytes().filter(|byte| *byte != b' ');
    let is_base32 = signs().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        || signs().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    is_base32 && matches!(signs().count(), 16 | 26 | 32 | 52) && signs().any(|byte| byte.is_ascii_alphabetic())
}

/// Codes that stand there once more, compared without case, spaces and hyphens.
fn repeated(codes: &[ListedCode]) -> Vec<(usize, usize)> {
    let key = |code: &ListedCode| {
        let mut key = Zeroizing::new(String::with_capacity(code.text.reveal().len()));
        key.extend(code.text.reveal().chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_lowercase()));
        key
    };
    let keys: Vec<Zeroizing<String>> = codes.iter().map(key).collect();
    let first = |(at, key): (usize, &Zeroizing<String>)| {
        Some((keys.iter().position(|other| other == key).filter(|first| *first < at)?, at))
    };
    keys.iter().enumerate().filter_map(first).collect()
}
