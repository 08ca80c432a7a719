//! The passphrase of an encrypted export: made here, written on paper, typed back before it counts.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::entropy::{Entropy, EntropyFailed};
use super::explain::Explain;
use super::secret::SecretText;
use super::text::counted;

/// Small letters and digits, without those that are taken for one another in handwriting: of each of the groups `gq9`, `s5`, `z2`,
/// `b6` there is one, of `l1` and `o0` none.
const ALPHABET: &[u8] = b"abcdefghijkmnprstuvwxyz3478";
const GROUPS: usize = 5;
const GROUP_LENGTH: usize = 5;
const LENGTH: usize = GROUPS * GROUP_LENGTH + GROUPS - 1;

/// The fewest characters of a passphrase that somebody chooses, and how many of them differ at least.
pub const OWN_MINIMUM: usize = 12;
const OWN_SIGNS: usize = 5;

/// Why an own passphrase is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    #[error("the passphrase has {}; {OWN_MINIMUM} are the least", counted(*.length, "character"))]
    TooShort { length: usize },
    #[error("the passphrase holds a character that is not printable ASCII")]
    NotPrintable,
    #[error("the passphrase begins or ends with a space")]
    Spaces,
    #[error("the passphrase has only {} different", counted(*.signs, "sign"))]
    Repeated { signs: usize },
}

impl Explain for PassphraseError {
    fn hint(&self) -> String {
        match self {
            Self::TooShort { .. } => "Several words are easier to keep than many signs. Or let one be generated.",
            Self::NotPrintable => "Use letters without accents, digits, signs and spaces: every keyboard has them.",
            Self::Repeated { .. } => {
                "Signs that repeat are guessed first. Take several words, or let one be generated."
            }
            Self::Spaces => "Leave the space out: on paper nobody sees it.",
        }
        .to_owned()
    }
}

/// A new passphrase: five groups of five, joined by `-`; 118 bits, each sign drawn evenly.
pub fn generated(entropy: &mut dyn Entropy) -> Result<SecretText, EntropyFailed> {
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    let mut random = Zeroizing::new([0_u8; GROUPS * GROUP_LENGTH]);
    let mut signs = 0;
    while signs < GROUPS * GROUP_LENGTH {
        entropy.fill(random.as_mut_slice())?;
        // Five bits choose one; those that choose none are left out, so that all are drawn evenly.
        for sign in random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31))) {
            if signs == GROUPS * GROUP_LENGTH {
                break;
            }
            if signs > 0 && signs % GROUP_LENGTH == 0 {
                text.push('-');
            }
            text.push(char::from(*sign));
            signs += 1;
        }
    }
    Ok(SecretText::copy_of(&text))
}

/// What was typed of a generated one, as it is meant: without spaces and dashes, in small letters.
fn meant(typed: &str) -> Zeroizing<String> {
    // It never grows: each character gives one.
    let mut meant = Zeroizing::new(String::with_capacity(typed.len()));
    meant.extend(typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()));
    meant
}

/// Whether what was typed from paper is the generated passphrase: capitals, spaces and missing dashes are forgiven.
///
/// # Errors
/// The number of the first group that differs.
pub fn matches_generated(typed: &str, wanted: &SecretText) -> Result<(), usize> {
    let (typed, wanted) = (meant(typed), meant(wanted.reveal()));
    if typed.as_bytes().ct_eq(wanted.as_bytes()).into() {
        return Ok(());
    }
    let (typed_groups, wanted_groups) = (typed.as_bytes().chunks(GROUP_LENGTH), wanted.as_bytes().chunks(GROUP_LENGTH));
    let same = typed_groups.zip(wanted_groups).take_while(|(typed, wanted)| typed == wanted).count();
    Err((same + 1).min(wanted.len().div_ceil(GROUP_LENGTH)))
}

/// Whether what was typed is the wanted passphrase; spaces around it do not count. Its length is no secret, all else takes
/// constant time.
pub fn matches(typed: &str, wanted: &SecretText) -> bool {
    typed.trim_matches(' ').as_bytes().ct_eq(wanted.reveal().as_bytes()).into()
}

/// Whether somebody's own passphrase can be used.
pub fn check_own(passphrase: &str) -> Result<(), PassphraseError> {
    let length = passphrase.chars().count();
    if !passphrase.is_empty() && !is_printable(passphrase) {
        Err(PassphraseError::NotPrintable)
    } else if length < OWN_MINIMUM {
        Err(PassphraseError::TooShort { length })
    } else if passphrase.starts_with(' ') || passphrase.ends_with(' ') {
        Err(PassphraseError::Spaces)
    } else if different(passphrase) < OWN_SIGNS {
        Err(PassphraseError::Repeated { signs: different(passphrase) })
    } else {
        Ok(())
    }
}

fn different(passphrase: &str) -> usize {
    (b' '..=b'~').filter(|sign| passphrase.as_bytes().contains(sign)).count()
}

/// Whether it is printable ASCII and not empty: other signs are not the same bytes in every program.
pub fn is_printable(passphrase: &str) -> bool {
    !passphrase.is_empty() && passphrase.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
            for byte in out {
                *byte = self.0;
                self.0 = self.0.wrapping_add(1);
            }
            Ok(())
        }
    }

    struct Broken;

    impl Entropy for Broken {
        fn fill(&mut self, _out: &mut [u8]) -> Result<(), EntropyFailed> {
            Err(EntropyFailed)
        }
    }

    #[test]
    fn a_generated_passphrase_has_five_groups_and_uses_every_letter_evenly() {
        let passphrase = generated(&mut Counting(0)).unwrap();
        assert_eq!(passphrase.reveal(), "abcde-fghij-kmnpr-stuvw-xyz34");
        assert_eq!(passphrase.reveal().len(), LENGTH);
        assert_eq!(check_own(passphrase.reveal()), Ok(()));
        let mut counts = [0_u32; 128];
        // From each of 256 beginnings: every byte value stands at every place once.
        for first in 0..=255 {
            let passphrase = generated(&mut Counting(first)).unwrap();
            passphrase.reveal().bytes().for_each(|letter| counts[usize::from(letter)] += 1);
        }
        let drawn: Vec<u32> = ALPHABET.iter().map(|letter| counts[usize::from(*letter)]).collect();
        let mean = 256 * 25 / u32::try_from(ALPHABET.len()).unwrap();
        assert!(drawn.iter().all(|count| count.abs_diff(mean) < mean / 4), "{drawn:?}");
        // No two of it look alike in handwriting.
        for alike in ["gq9", "s5", "z2", "b6", "l1", "o0", "li"] {
            assert!(alike.bytes().filter(|sign| ALPHABET.contains(sign)).count() <= 1, "{alike}");
        }
        assert!(generated(&mut Broken).is_err());
    }

    #[test]
    fn only_the_same_passphrase_matches_and_spaces_around_it_are_forgiven() {
        let wanted = SecretText::copy_of("abcde-fghij");
        assert!(matches("abcde-fghij", &wanted) && matches("  abcde-fghij ", &wanted));
        for wrong in ["abcde-fghik", "ABCDE-FGHIJ", "abcde fghij", "abcde-fghij\t", "abcde-fghi", ""] {
            assert!(!matches(wrong, &wanted), "{wrong}");
        }
    }

    #[test]
    fn a_generated_passphrase_is_read_as_it_is_meant_and_the_group_that_differs_is_named() {
        let wanted = SecretText::copy_of("abcde-fghij-kmnpr-stuvw-xyz34");
        for typed in ["abcde-fghij-kmnpr-stuvw-xyz34", "  ABCDE fghij kmnpr stuvw xyz34 ", "abcdefghijkmnprstuvwxyz34"]
        {
            assert_eq!(matches_generated(typed, &wanted), Ok(()), "{typed}");
        }
        for (typed, group) in [
            ("abcde-fghij-kmnpx-stuvw-xyz34", 3),
            ("xbcde-fghij-kmnpx-stuvw-xyz34", 1),
            ("abcde-fghij-kmnpr-stuvw-xyz3", 5),
            ("abcde-fghij-kmnpr-stuvw-xyz344", 5),
            ("abcde-fghi-kmnpr-stuvw-xyz34", 2),
            ("abcde", 2),
            // Another program would not take it.
            ("abcde-fghij-kmnpr-5tuvw-xyz34", 4),
            ("", 1),
        ] {
            assert_eq!(matches_generated(typed, &wanted), Err(group), "{typed}");
        }
    }

    #[test]
    fn an_own_passphrase_is_printable_and_long_enough() {
        assert_eq!(check_own("correct horse ~ battery"), Ok(()));
        assert_eq!(check_own("elevensigns"), Err(PassphraseError::TooShort { length: 11 }));
        assert_eq!(check_own(""), Err(PassphraseError::TooShort { length: 0 }));
        assert_eq!(check_own("pässword with accent"), Err(PassphraseError::NotPrintable));
        assert_eq!(check_own("tab\tinside passphrase"), Err(PassphraseError::NotPrintable));
        assert_eq!(check_own(" twelve signs and more"), Err(PassphraseError::Spaces));
        assert_eq!(check_own("aaaaaaaaaaaaaaaa"), Err(PassphraseError::Repeated { signs: 1 }));
        assert_eq!(check_own("abcdabcdabcd"), Err(PassphraseError::Repeated { signs: 4 }));
        assert!(!PassphraseError::Spaces.hint().is_empty());
    }
}
