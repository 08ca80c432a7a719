//! Codes that differ from the others of their list: a sign left out, or a letter read for a digit.

use std::fmt;

use super::list::most_common;
use super::runs::RunLetters;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// It has more or fewer letters and digits than the others.
    Length,
    /// It has a letter where the others have digits only, or one beyond `f` where the others have none.
    Letter,
    /// It has capitals, or small letters, which the others do not have.
    Case,
    /// It has a sign that the others do not have.
    Sign,
}

/// As it goes on behind `code 3`.
impl fmt::Display for Oddity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Length => "is longer or shorter than the others",
            Self::Letter => "has a letter where the others have none like it",
            Self::Case => "has capital or small letters, unlike the others",
            Self::Sign => "has a sign that the others do not have",
        })
    }
}

/// Which of `codes` differ from most others, and how. Nothing is corrected: `O` for `0` is the owner's to see. Of one or two codes none
/// is odd.
pub fn odd_ones(codes: &[&str]) -> Vec<(usize, Oddity)> {
    let letters: Vec<RunLetters> = codes.iter().map(|code| RunLetters::of(code)).collect();
    // Most, but not all: what every code has is not odd.
    let most = |is: &dyn Fn(usize) -> bool| {
        let count = (0..codes.len()).filter(|at| is(*at)).count();
        count < codes.len() && count * 3 >= codes.len() * 2
    };
    let part = |at: usize| letters.get(at).copied().unwrap_or_default();
    let code = |at: usize| codes.get(at).copied().unwrap_or_default();
    let usual = most_common(letters.iter().map(|part| part.length()));
    let is_usual_length = |at: usize| Some(part(at).length()) == usual;
    let has_digits_only = |at: usize| part(at).lower + part(at).upper == 0;
    let is_hex = |at: usize| code(at).bytes().all(|byte| !byte.is_ascii_alphabetic() || byte.is_ascii_hexdigit());
    let has_no_capitals = |at: usize| part(at).upper == 0;
    let has_no_small = |at: usize| part(at).lower == 0;
    let has_no_sign = |at: usize| code(at).chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-');
    let rules: [(&dyn Fn(usize) -> bool, Oddity); 6] = [
        (&is_usual_length, Oddity::Length),
        (&has_digits_only, Oddity::Letter),
        (&is_hex, Oddity::Letter),
        (&has_no_capitals, Oddity::Case),
        (&has_no_small, Oddity::Case),
        (&has_no_sign, Oddity::Sign),
    ];
    let rules: Vec<_> = rules.into_iter().filter(|(is_usual, _)| most(is_usual)).collect();
    let oddity = |at: usize| rules.iter().find(|(is_usual, _)| !is_usual(at)).map(|(_, oddity)| (at, *oddity));
    (0..codes.len()).filter_map(oddity).collect()
}
