//! The passphrase of an encrypted export: made here, written on paper, typed back before it counts.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::entropy::{Entropy, EntropyFailed};
use super::explain::Explain;
use super::secret::SecretText;
use super::text::counted;

/// Lower-case letters and digits without `l`, `o`, `0`, `1`, which are taken for one another on paper.
const ALPHABET: [u8; 32] = *b"abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS: usize = 5;
const GROUP_LENGTH: usize = 5;
const LENGTH: usize = GROUPS * GROUP_LENGTH + GROUPS - 1;

/// The fewest characters of a passphrase that somebody chooses.
pub const OWN_MINIMUM: usize = 12;

/// Why an own passphrase is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    #[error("the passphrase has {}; {OWN_MINIMUM} are the least", counted(*.length, "character"))]
    TooShort { length: usize },
    #[error("the passphrase holds a character that is not printable ASCII")]
    NotPrintable,
    #[error("the passphrase begins or ends with a space")]
    Spaces,
}

impl Explain for PassphraseError {
    fn hint(&self) -> String {
        match self {
            Self::TooShort { .. } => "Several words are easier to keep than many signs. Or let one be generated.",
            Self::NotPrintable => "Use letters without accents, digits, signs and spaces: every keyboard has them.",
            Self::Spaces => "Leave the space out: on paper nobody sees it.",
        }
        .to_owned()
    }
}

/// A new passphrase: five groups of five, joined by `-`; 125 bits, each drawn evenly.
pub fn generated(entropy: &mut dyn Entropy) -> Result<SecretText, EntropyFailed> {
    let mut random = Zeroizing::new([0_u8; GROUPS * GROUP_LENGTH]);
    entropy.fill(random.as_mut_slice())?;
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    for (group, bytes) in random.chunks(GROUP_LENGTH).enumerate() {
        if group > 0 {
            text.push('-');
        }
        // 32 letters: the low five bits choose one.
        text.extend(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31))).copied().map(char::from));
    }
    Ok(SecretText::copy_of(&text))
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
    } else {
        Ok(())
    }
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
        assert_eq!(passphrase.reveal(), "abcde-fghij-kmnpq-rstuv-wxyz2");
        assert_eq!(passphrase.reveal().len(), LENGTH);
        assert_eq!(check_own(passphrase.reveal()), Ok(()));
        let mut entropy = Counting(0);
        let mut counts = [0_u32; 128];
        // 32 x 25 bytes are every byte value a whole number of times in the low five bits.
        for _ in 0..32 {
            let passphrase = generated(&mut entropy).unwrap();
            passphrase.reveal().bytes().for_each(|letter| counts[usize::from(letter)] += 1);
        }
        assert!(ALPHABET.iter().all(|letter| counts[usize::from(*letter)] == 25), "{counts:?}");
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
    fn an_own_passphrase_is_printable_and_long_enough() {
        assert_eq!(check_own("correct horse ~ battery"), Ok(()));
        assert_eq!(check_own("elevensigns"), Err(PassphraseError::TooShort { length: 11 }));
        assert_eq!(check_own(""), Err(PassphraseError::TooShort { length: 0 }));
        assert_eq!(check_own("pässword with accent"), Err(PassphraseError::NotPrintable));
        assert_eq!(check_own("tab\tinside passphrase"), Err(PassphraseError::NotPrintable));
        assert_eq!(check_own(" twelve signs and more"), Err(PassphraseError::Spaces));
        assert!(!PassphraseError::Spaces.hint().is_empty());
    }
}
