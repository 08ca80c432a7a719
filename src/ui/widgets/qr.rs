//! A QR code (ISO/IEC 18004) in cells: half blocks, two modules a cell; with ASCII only, a module is two spaces. Whole or not at
//! all: a cut one misleads.

use qrcodegen::{QrCode, QrCodeEcc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Light modules above and beside the code. Four are the standard, but then an address does not fit into 24 rows; readers of
/// screens are content with two.
const QUIET: i32 = 2;
/// Below it. A side has an odd number of modules: so the rows are filled without a half one.
const QUIET_BELOW: i32 = 1;

/// The room that a code needs, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    pub columns: u16,
    pub rows: u16,
}

/// Draws the code of `text` into the upper left of `area` and says what it took. Says what it needs when that is too small;
/// `None` there when the text is longer than any code.
pub fn qr(area: Rect, text: &str, is_ascii: bool, buffer: &mut Buffer) -> Result<Needed, Option<Needed>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(|_| None)?;
    let columns = u16::try_from(code.size() + 2 * QUIET).map_err(|_| None)?;
    let rows = u16::try_from(code.size() + QUIET + QUIET_BELOW).map_err(|_| None)?;
    let needed =
        if is_ascii { Needed { columns: 2 * columns, rows } } else { Needed { columns, rows: rows.div_ceil(2) } };
    if needed.columns > area.width || needed.rows > area.height {
        return Err(Some(needed));
    }
    // What lies outside the code is light.
    let is_dark = |x: i32, y: i32| code.get_module(x - QUIET, y - QUIET);
    // Without colours a terminal is taken to be light on dark.
    let style = Style::new().fg(Color::White).bg(Color::Black);
    for y in 0..needed.rows {
        for x in 0..needed.columns {
            let cell = &mut buffer[(area.x + x, area.y + y)];
            if is_ascii {
                let is_dark = is_dark(i32::from(x / 2), i32::from(y));
                let light = Style::new().add_modifier(Modifier::REVERSED);
                cell.set_symbol(" ").set_style(if is_dark { Style::new() } else { light });
                continue;
            }
            let (upper, lower) = (is_dark(i32::from(x), 2 * i32::from(y)), is_dark(i32::from(x), 2 * i32::from(y) + 1));
            let symbol = match (upper, lower) {
                (false, false) => "█",
                (false, true) => "▀",
                (true, false) => "▄",
                (true, true) => " ",
            };
            cell.set_symbol(symbol).set_style(style);
        }
    }
    Ok(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_whole_or_says_what_it_needs() {
        let text = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        for is_ascii in [false, true] {
            let Err(Some(needed)) =
                qr(Rect::new(0, 0, 1, 1), text, is_ascii, &mut Buffer::empty(Rect::new(0, 0, 1, 1)))
            else {
                panic!("it cannot fit into one cell");
            };
            let area = Rect::new(0, 0, needed.columns, needed.rows);
            let mut buffer = Buffer::empty(area);
            assert_eq!(qr(area, text, is_ascii, &mut buffer), Ok(needed));
            let less = Rect { height: area.height - 1, ..area };
            let mut untouched = Buffer::empty(area);
            assert_eq!(qr(less, text, is_ascii, &mut untouched), Err(Some(needed)));
            assert_eq!(untouched, Buffer::empty(area), "nothing is drawn of a code that does not fit");
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 10));
        assert_eq!(qr(buffer.area, &"x".repeat(5_000), false, &mut buffer), Err(None));
    }
}
