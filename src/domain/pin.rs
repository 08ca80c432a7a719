//! The PIN beside a cloud key: which are refused because they are guessed first, and what one is worth.

use std::time::Duration;

use zeroize::Zeroizing;

use super::entropy::{Entropy, EntropyFailed, random};
use super::explain::Explain;
use super::secret::SecretText;
use super::typed::visible;

/// The most that one derivation is said to take somebody who tries PINs: on a busy machine it takes longer, and nobody may be told that
/// a PIN is worth more for that.
pub const SLOWEST: Duration = Duration::from_secs(1);

/// The least and the most digits.
pub const SHORTEST: usize = 6;
pub const LONGEST: usize = 12;

/// 6 to 12 ASCII digits that are not among the first that anybody tries.
#[derive(Debug)]
pub struct Pin(SecretText);

/// Why a text is no PIN. It never holds a digit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    #[error("a PIN has 6 to 12 digits")]
    Length,
    #[error("a PIN has digits alone")]
    NotDigits,
    #[error("it has one or two different digits")]
    FewDigits,
    #[error("its digits go up or down in steps, as 123456 does")]
    Steps,
    #[error("it repeats itself, as 123123 does, or reads the same from both ends")]
    Repeated,
    #[error("it is a date, which whoever knows you tries first")]
    Date,
}

impl Explain for PinFault {
    fn hint(&self) -> String {
        match self {
            Self::Length | Self::NotDigits => "Type 6 to 12 digits, without spaces.",
            Self::FewDigits | Self::Steps | Self::Repeated | Self::Date => {
                "Take another one: such PINs are tried before all others. Eight digits of no meaning are far better than six."
            }
        }
        .to_owned()
    }
}

impl Pin {
    /// A PIN that somebody chooses now.
    pub fn chosen(digits: &str) -> Result<Self, PinFault> {
        let pin = Self::typed(digits)?;
        let digits = pin.reveal().as_bytes();
        match () {
            () if is_of_few(digits) => Err(PinFault::FewDigits),
            () if goes_in_steps(digits) => Err(PinFault::Steps),
            () if is_repeated(digits) => Err(PinFault::Repeated),
            () if is_date(digits) => Err(PinFault::Date),
            () => Ok(pin),
        }
    }

    /// A new random PIN of the shortest length: for practice.
    pub fn generate(source: &mut dyn Entropy) -> Result<Self, EntropyFailed> {
        let mut digits = Zeroizing::new(String::with_capacity(SHORTEST));
        loop {
            let [byte] = random(source)?;
            // 250 is the largest multiple of ten: so all digits are equally likely.
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
            if digits.len() == SHORTEST {
                match Self::chosen(&digits) {
                    Ok(pin) => return Ok(pin),
                    Err(_) => digits.clear(),
                }
            }
        }
    }

    /// A PIN that opens what is there: the form alone is asked for.
    pub fn typed(digits: &str) -> Result<Self, PinFault> {
        let digits = visible(digits);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PinFault::NotDigits);
        }
        if !(SHORTEST..=LONGEST).contains(&digits.len()) {
            return Err(PinFault::Length);
        }
        Ok(Self(SecretText::copy_of(&digits)))
    }

    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(SecretText::copy_of(self.reveal()))
    }
}

fn is_of_few(digits: &[u8]) -> bool {
    (b'0'..=b'9').filter(|digit| digits.contains(digit)).count() <= 2
}

/// Each digit, or every second one, is as far from the one before it as all others, where 0 follows 9: `135791`, `112233`.
fn goes_in_steps(digits: &[u8]) -> bool {
    let is_even = |by: usize| {
        let step = |(one, next): (&u8, &u8)| (next + 10 - one) % 10;
        let later = digits.iter().step_by(by).skip(1);
        let mut steps = digits.iter().step_by(by).zip(later).map(step);
        let first = steps.next();
        steps.all(|step| Some(step) == first)
    };
    let is_doubled = digits.chunks(2).all(|pair| pair.first() == pair.last());
    is_even(1) || is_doubled && is_even(2)
}

fn is_repeated(digits: &[u8]) -> bool {
    let is_block = |length: usize| digits.chunks(length).all(|chunk| digits.starts_with(chunk));
    (1..=digits.len() / 2).any(is_block) || digits.iter().eq(digits.iter().rev())
}

/// Six or eight digits that are a day of some year, in any order in which people write one.
fn is_date(digits: &[u8]) -> bool {
    let number = |from: usize, to: usize| {
        let digits = digits.get(from..to).unwrap_or_default();
        digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    let is_day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    let is_year = |year: u32| (1900..2100).contains(&year);
    match digits.len() {
        6 => {
            let (first, second, third) = (number(0, 2), number(2, 4), number(4, 6));
            is_day(first, second) || is_day(second, first) || is_day(third, second)
        }
        8 => {
            let (first, second) = (number(0, 2), number(2, 4));
            (is_day(first, second) || is_day(second, first)) && is_year(number(4, 8))
                || is_year(number(0, 4)) && is_day(number(6, 8), number(4, 6))
        }
        _ => false,
    }
}

/// What a PIN of so many digits is worth against somebody who has the backup and the cloud key, where one derivation takes so long
/// on this machine, [`SLOWEST`] at most: `about 12 days on one core like this one`.
pub fn worth(digits: usize, derivation: Duration) -> String {
    let count = 10_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX));
    let each = derivation.min(SLOWEST).as_secs_f64();
    format!("about {} on one core like this one, and less on many", span(count * each))
}

fn span(seconds: f64) -> String {
    const UNITS: [(f64, &str); 5] =
        [(1.0, "seconds"), (60.0, "minutes"), (3_600.0, "hours"), (86_400.0, "days"), (31_557_600.0, "years")];
    let fits = |(unit, _): &&(f64, &str)| seconds >= 2.0 * unit;
    let (unit, name) = UNITS.iter().rfind(fits).unwrap_or(&UNITS[0]);
    let count = (seconds / unit).max(2.0);
    // Two digits say enough.
    let scale = 10_f64.powf((count.log10() - 1.0).floor().max(0.0));
    format!("{:.0} {name}", (count / scale).round() * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(digits: &str) -> Option<PinFault> {
        Pin::chosen(digits).err()
    }

    #[test]
    fn signs_that_nobody_sees_are_no_digits_and_wide_digits_are() {
        for typed in ["80\u{200b}4397", "\u{feff}804397", "８０４３９７"] {
            assert_eq!(Pin::typed(typed).unwrap().reveal(), "804397", "{typed:?}");
            assert_eq!(Pin::chosen(typed).unwrap().reveal(), "804397", "{typed:?}");
        }
        assert!(matches!(Pin::chosen("1\u{200b}2\u{200b}3456"), Err(PinFault::Steps)));
        assert!(matches!(Pin::typed("80 4397"), Err(PinFault::NotDigits)));
    }

    #[test]
    fn pins_that_are_guessed_first_are_refused_with_the_reason() {
        let cases = [
            ("000000", PinFault::FewDigits),
            ("121212", PinFault::FewDigits),
            ("777778", PinFault::FewDigits),
            ("123456", PinFault::Steps),
            ("987654", PinFault::Steps),
            ("890123", PinFault::Steps),
            ("135791", PinFault::Steps),
            ("112233", PinFault::Steps),
            ("0123456789", PinFault::Steps),
            ("123123", PinFault::Repeated),
            ("48514851", PinFault::Repeated),
            ("123321", PinFault::Repeated),
            ("749947", PinFault::Repeated),
            ("010190", PinFault::Date),
            ("241286", PinFault::Date),
            ("122486", PinFault::Date),
            ("861224", PinFault::Date),
            ("24121986", PinFault::Date),
            ("19861224", PinFault::Date),
            ("12345", PinFault::Length),
            ("1234567890123", PinFault::Length),
            ("", PinFault::Length),
            ("48a516", PinFault::NotDigits),
            ("485 16", PinFault::NotDigits),
            // As Arabic keyboards have them: the same digits.
            ("\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}", PinFault::Steps),
            ("\u{4e00}\u{4e8c}\u{4e09}\u{56db}\u{4e94}\u{516d}", PinFault::NotDigits),
        ];
        for (digits, wanted) in cases {
            assert_eq!(fault(digits), Some(wanted), "{digits}");
        }
        for digits in ["485163", "907412", "739205", "48516397", "314159265358"] {
            assert_eq!(fault(digits), None, "{digits}");
        }
        // What was chosen elsewhere opens what it was chosen for.
        assert_eq!(Pin::typed("000000").map(|pin| pin.reveal().to_owned()), Ok("000000".to_owned()));
        assert_eq!(Pin::typed("12345").err(), Some(PinFault::Length));
    }

    #[test]
    fn most_pins_are_taken() {
        let refused = (0..1_000_000).filter(|n| fault(&format!("{n:06}")).is_some()).count();
        // Dates are most of it: 3 orders of 12 x 31 days in 100 years.
        assert!((20_000..110_000).contains(&refused), "{refused}");
    }

    #[test]
    fn the_worth_is_said_in_a_unit_that_fits() {
        let second = Duration::from_secs(1);
        assert_eq!(worth(6, second), "about 12 days on one core like this one, and less on many");
        assert!(worth(12, second).starts_with("about 32000 years"), "{}", worth(12, second));
        assert!(worth(6, Duration::from_millis(2)).starts_with("about 33 minutes"));
        assert_eq!((span(7_200.0), span(130.0)), ("2 hours".to_owned(), "2 minutes".to_owned()));
    }
}
