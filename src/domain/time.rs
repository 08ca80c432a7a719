//! A time as the file writes it: `YYYY-MM-DDThh:mm:ssZ`, UTC, whole seconds (a profile of RFC 3339).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::encoding::TextVisitor;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Timestamp {
    /// Reads exactly the form above; a date that the Gregorian calendar does not have is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] = bytes else {
            return None;
        };
        let number = |digits: &[u8]| {
            digits
                .iter()
                .try_fold(0u16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
        };
        let two = |tens: &u8, ones: &u8| number(&[*tens, *ones]).and_then(|value| u8::try_from(value).ok());
        let time = Self {
            year: number(&[*y0, *y1, *y2, *y3])?,
            month: two(m0, m1)?,
            day: two(d0, d1)?,
            hour: two(h0, h1)?,
            minute: two(n0, n1)?,
            second: two(s0, s1)?,
        };
        let in_range = time.year >= 1
            && time.day >= 1
            && time.day <= days_in_month(time.year, time.month)
            && time.hour < 24
            && time.minute < 60
            && time.second < 60;
        in_range.then_some(time)
    }

    /// The first second of a day, `YYYY-MM-DD`.
    pub fn of_day(text: &str) -> Option<Self> {
        (text.len() == 10).then(|| Self::parse(&format!("{text}T00:00:00Z")))?
    }

    /// From seconds since 1970-01-01T00:00:00Z, leap seconds not counted; `None` after the year 9999.
    pub fn from_unix_seconds(seconds: u64) -> Option<Self> {
        let (mut days, in_day) = (seconds / 86_400, seconds % 86_400);
        let mut year = 1970u16;
        while days >= days_in_year(year) {
            days -= days_in_year(year);
            year = year.checked_add(1).filter(|year| *year <= 9999)?;
        }
        let mut month = 1u8;
        while days >= u64::from(days_in_month(year, month)) {
            days -= u64::from(days_in_month(year, month));
            month += 1;
        }
        let small = |value: u64| u8::try_from(value).ok();
        Some(Self {
            year,
            month,
            day: small(days + 1)?,
            hour: small(in_day / 3600)?,
            minute: small(in_day / 60 % 60)?,
            second: small(in_day % 60)?,
        })
    }

    /// Whole days from the day of `earlier` to this one; 0 when that is not earlier.
    pub fn days_since(self, earlier: Self) -> u64 {
        self.day_number().saturating_sub(earlier.day_number())
    }

    /// Days since the first of January of the year 1.
    fn day_number(self) -> u64 {
        let years = u64::from(self.year) - 1;
        let months = (1..self.month).map(|month| u64::from(days_in_month(self.year, month))).sum::<u64>();
        365 * years + years / 4 - years / 100 + years / 400 + months + u64::from(self.day) - 1
    }

    /// The date alone, `YYYY-MM-DD`.
    pub fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

/// 0 for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}T{:02}:{:02}:{:02}Z", self.date(), self.hour, self.minute, self.second)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor { expects: "a time YYYY-MM-DDThh:mm:ssZ", parse: Self::parse })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2000-02-29T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let days = |from: &str, to: &str| Timestamp::of_day(to).unwrap().days_since(Timestamp::of_day(from).unwrap());
        assert_eq!(days("2024-02-28", "2024-03-01"), 2);
        assert_eq!(days("1999-12-31", "2000-01-01"), 1);
        assert_eq!(days("1900-01-01", "2000-01-01"), 36_524);
        assert_eq!(days("2026-05-05", "2026-05-04"), 0);
        let late = Timestamp::from_unix_seconds(20_000 * 86_400).unwrap();
        assert_eq!(late.days_since(Timestamp::of_day("1970-01-01").unwrap()), 20_000);
    }

    #[test]
    fn a_date_that_does_not_exist_is_refused() {
        for text in [
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01t00:00:00Z",
            "2024-01-01T00:00:00+00:00",
            "2024-01-01",
            "0000-01-01T00:00:00Z",
            "+024-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_become_dates() {
        // date -u -d @SECONDS +%FT%TZ
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_732_147_200, "2024-11-21T00:00:00Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp::from_unix_seconds(seconds).unwrap().to_string(), text);
        }
        assert_eq!(Timestamp::from_unix_seconds(u64::MAX), None);
    }
}
