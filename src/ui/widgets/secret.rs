//! A secret into cells, without a copy of it on the way.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use zeroize::Zeroizing;

use super::words::signs;
use crate::domain::text::Safe;

/// Draws `secret` from the upper left of `area` on, broken at its right edge. Hexadecimal digits stand in groups of eight.
/// What could steer a terminal is shown as `<U+…>`. Says whether all of it found room.
pub fn secret(area: Rect, secret: &str, style: Style, buffer: &mut Buffer) -> bool {
    let is_hex = secret.len() >= 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    spread(area, secret, if is_hex { 8 } else { usize::MAX }, style, buffer)
}

/// A code in groups of four, for copying it by hand; nothing where it has groups of its own, or is that short. Says whether it was drawn.
pub fn in_fours(area: Rect, code: &str, style: Style, buffer: &mut Buffer) -> bool {
    let is_run = code.chars().count() > 5 && code.chars().all(char::is_alphanumeric);
    is_run && spread(area, code, 4, style, buffer)
}

fn spread(area: Rect, secret: &str, group: usize, style: Style, buffer: &mut Buffer) -> bool {
    // `Safe` writes at most ten characters for one: nothing grows, so no copy is left behind.
    let mut text = Zeroizing::new(String::with_capacity(secret.len().saturating_mul(10)));
    let _ = write!(text, "{}", Safe(secret));
    // Groups are not torn apart.
    let with_gap = u16::try_from(group.saturating_add(1)).ok();
    let width = with_gap.map_or(area.width, |columns| (area.width + 1) / columns * columns);
    let (mut x, mut y) = (0, 0);
    for (index, (sign, columns)) in signs(&text).enumerate() {
        if index > 0 && index % group == 0 {
            x += 1;
        }
        let columns = u16::try_from(columns).unwrap_or(1);
        if x + columns > width.min(area.width) {
            (x, y) = (0, y + 1);
        }
        if y >= area.height {
            return false;
        }
        buffer.set_string(area.x + x, area.y + y, sign, style);
        x += columns;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, width: u16) -> Vec<String> {
        let area = Rect::new(0, 0, width, 4);
        let mut buffer = Buffer::empty(area);
        assert!(secret(area, text, Style::new(), &mut buffer));
        let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..4).map(row).filter(|row| !row.is_empty()).collect()
    }

    #[test]
    fn hexadecimal_digits_stand_in_groups_that_are_not_torn() {
        assert_eq!(drawn(&"0123456789abcdef".repeat(2), 20), ["01234567 89abcdef", "01234567 89abcdef"]);
        assert_eq!(drawn("1111-2222", 20), ["1111-2222"]);
        assert_eq!(drawn("1111-2222", 5), ["1111-", "2222"]);
        assert_eq!(drawn("cafe\u{301} 佐", 20), ["cafe\u{301} 佐"]);
        let area = Rect::new(0, 0, 4, 2);
        assert!(!secret(area, "nine chars", Style::new(), &mut Buffer::empty(area)), "what is cut is said");
    }

    #[test]
    fn a_secret_cannot_steer_the_terminal() {
        assert_eq!(drawn("a\u{1b}b", 20), ["a<U+001B>b"]);
    }
}
