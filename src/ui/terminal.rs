//! Cells onto a terminal: 16 colours, monochrome or ASCII, on anything from a Linux console to a serial line.
//! Writes only what is listed in `docs/architecture.md`, "The terminal"; never an OSC, never a question to the terminal.
//!
//! Sources: ECMA-48 (SGR, CUP, ED), `console_codes(4)`. Own code, because crossterm sends 16 colours in their 256-colour form and
//! loses reverse and bold with `NO_COLOR`.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType as Erase, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use ratatui::text::Span;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

/// How cells are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub is_mono: bool,
    pub is_ascii: bool,
    /// It is the console of the kernel: bold turns reversed text dark there, and its font lacks the ellipsis.
    pub is_console: bool,
}

/// Bracketed paste (xterm's private mode 2004): what is pasted comes between marks.
const MARK_PASTES: &[u8] = b"\x1b[?2004h";
const DO_NOT_MARK_PASTES: &[u8] = b"\x1b[?2004l";
/// Bytes are gathered up to here before they go out.
const CHUNK: usize = 1 << 16;

/// A terminal behind `W`. What was drawn is wiped from the buffer as soon as it went out.
pub struct Cells<W: Write> {
    out: W,
    look: Look,
    size: (u16, u16),
    bytes: Vec<u8>,
    /// Whether the cursor is shown, and where, as it was sent last; unknown where something else was.
    is_cursor_shown: Option<bool>,
    cursor: Option<Position>,
}

impl<W: Write> Cells<W> {
    /// `size` in columns and rows, until another is set.
    pub fn new(out: W, look: Look, size: (u16, u16)) -> Self {
        let bytes = Vec::with_capacity(CHUNK + 256);
        Self { out, look, size, bytes, is_cursor_shown: None, cursor: None }
    }

    pub fn set_size(&mut self, size: (u16, u16)) {
        self.size = size;
    }

    /// Goes to the alternate screen, where there is one, and empties it.
    pub fn enter(&mut self) -> io::Result<()> {
        queue!(self.bytes, EnterAlternateScreen, Hide)?;
        self.bytes.extend_from_slice(MARK_PASTES);
        self.clear()?;
        self.flush()
    }

    /// Overwrites every cell, empties screen and scrollback, and goes back to where the terminal was.
    pub fn leave(&mut self) -> io::Result<()> {
        let (columns, rows) = self.size;
        let blank = " ".repeat(usize::from(columns));
        self.bytes.extend_from_slice(b"\x1b[0m");
        for row in 0..rows {
            queue!(self.bytes, MoveTo(0, row))?;
            self.bytes.extend_from_slice(blank.as_bytes());
            self.make_room()?;
        }
        self.clear()?;
        self.bytes.extend_from_slice(DO_NOT_MARK_PASTES);
        queue!(self.bytes, LeaveAlternateScreen, Show)?;
        self.flush()
    }

    fn make_room(&mut self) -> io::Result<()> {
        if self.bytes.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn style(&mut self, cell: &Cell) -> io::Result<()> {
        self.bytes.extend_from_slice(b"\x1b[0");
        let mut is_bold = cell.modifier.contains(Modifier::BOLD);
        if !self.look.is_mono {
            if let Some((number, is_bright)) = sixteen(cell.fg) {
                is_bold |= is_bright;
                write!(self.bytes, ";3{number}")?;
            }
            if let Some((number, _)) = sixteen(cell.bg) {
                write!(self.bytes, ";4{number}")?;
            }
        }
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        is_bold &= !(self.look.is_console && is_reversed);
        for (is_set, code) in
            [(is_bold, ";1"), (cell.modifier.contains(Modifier::UNDERLINED), ";4"), (is_reversed, ";7")]
        {
            self.bytes.extend_from_slice(if is_set { code.as_bytes() } else { b"" });
        }
        self.bytes.extend_from_slice(b"m");
        Ok(())
    }

    fn symbol(&mut self, symbol: &str) {
        let is_raw = if self.look.is_console { is_in_console_fonts(symbol) } else { !self.look.is_ascii };
        if symbol.is_ascii() || (is_raw && !self.look.is_ascii) {
            self.bytes.extend_from_slice(symbol.as_bytes());
            return;
        }
        // As wide as what it stands for.
        if Span::raw(symbol).width() > 1 {
            self.bytes.extend_from_slice(b"? ");
            return;
        }
        let plain = letter_of(symbol).unwrap_or_else(|| ascii(symbol));
        let mut byte = [0; 4];
        self.bytes.extend_from_slice(plain.encode_utf8(&mut byte).as_bytes());
    }
}

impl<W: Write> Backend for Cells<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // Where the terminal's own cursor stands; unknown behind anything that may be wide.
        let mut at = None;
        let mut style = None;
        for (x, y, cell) in content {
            self.cursor = None;
            if at != Some((x, y)) {
                queue!(self.bytes, MoveTo(x, y))?;
            }
            let wanted = (cell.fg, cell.bg, cell.modifier);
            if style != Some(wanted) {
                self.style(cell)?;
                style = Some(wanted);
            }
            self.symbol(cell.symbol());
            at = cell.symbol().is_ascii().then_some((x.saturating_add(1), y));
            self.make_room()?;
        }
        if style.is_some() {
            self.bytes.extend_from_slice(b"\x1b[0m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.is_cursor_shown.replace(false) == Some(false) { Ok(()) } else { queue!(self.bytes, Hide) }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.is_cursor_shown.replace(true) == Some(true) { Ok(()) } else { queue!(self.bytes, Show) }
    }

    /// Never asked: the answer of a terminal can be two seconds late, or be typed text.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.replace(position) == Some(position) {
            return Ok(());
        }
        queue!(self.bytes, MoveTo(position.x, position.y))
    }

    fn clear(&mut self) -> io::Result<()> {
        (self.is_cursor_shown, self.cursor) = (None, None);
        self.bytes.extend_from_slice(b"\x1b[0m");
        queue!(self.bytes, MoveTo(0, 0), Clear(Erase::All), Clear(Erase::Purge))
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        match region {
            ClearType::All => self.clear(),
            ClearType::AfterCursor => queue!(self.bytes, Clear(Erase::FromCursorDown)),
            ClearType::BeforeCursor => queue!(self.bytes, Clear(Erase::FromCursorUp)),
            ClearType::CurrentLine => queue!(self.bytes, Clear(Erase::CurrentLine)),
            ClearType::UntilNewLine => queue!(self.bytes, Clear(Erase::UntilNewLine)),
        }
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size.into())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        // Nothing is sent where nothing changed.
        if self.bytes.is_empty() {
            return Ok(());
        }
        let written = self.out.write_all(&self.bytes).and_then(|()| self.out.flush());
        self.bytes.as_mut_slice().zeroize();
        self.bytes.clear();
        written
    }
}

impl<W: Write> Drop for Cells<W> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// The number of one of the 16 colours, and whether it is bright, which bold stands for.
fn sixteen(color: Color) -> Option<(u8, bool)> {
    Some(match color {
        Color::Black => (0, false),
        Color::Red => (1, false),
        Color::Green => (2, false),
        Color::Yellow => (3, false),
        Color::Blue => (4, false),
        Color::Magenta => (5, false),
        Color::Cyan => (6, false),
        Color::Gray => (7, false),
        Color::DarkGray => (0, true),
        Color::LightRed => (1, true),
        Color::LightGreen => (2, true),
        Color::LightYellow => (3, true),
        Color::LightBlue => (4, true),
        Color::LightMagenta => (5, true),
        Color::LightCyan => (6, true),
        Color::White => (7, true),
        _ => return None,
    })
}

/// Whether the fonts that text consoles have as a rule can draw it: the letters that the kernel's own font (code page 437) and those of
/// distributions (Latin-1 and Latin-9) share, and the full block. Others would be filled boxes.
fn is_in_console_fonts(symbol: &str) -> bool {
    const SHARED: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜáíóúñÑß█";
    let mut signs = symbol.chars();
    matches!((signs.next(), signs.next()), (Some(sign), None) if SHARED.contains(sign))
}

/// The letter without its accents, where that is one of ASCII.
fn letter_of(symbol: &str) -> Option<char> {
    symbol.nfkd().next().filter(char::is_ascii_alphanumeric)
}

fn ascii(symbol: &str) -> char {
    match symbol {
        "─" | "━" | "═" => '-',
        "│" | "┃" | "║" => '|',
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" => '+',
        "█" | "▓" => '#',
        "░" | "▒" | "·" => '.',
        "•" => '*',
        "…" => '~',
        // Letters that are no other letter with an accent.
        "ł" => 'l',
        "Ł" => 'L',
        "ø" | "œ" => 'o',
        "Ø" | "Œ" => 'O',
        "đ" | "ð" => 'd',
        "Đ" | "Ð" => 'D',
        "ß" => 's',
        "æ" => 'a',
        "Æ" => 'A',
        "ı" => 'i',
        "þ" => 't',
        "Þ" => 'T',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn drawn(look: Look, text: &str, style: Style) -> String {
        let mut out = Vec::new();
        let mut terminal = Terminal::new(Cells::new(&mut out, look, (20, 2))).unwrap();
        let draw = |frame: &mut ratatui::Frame<'_>| {
            frame.buffer_mut().set_string(0, 0, text, style);
        };
        terminal.draw(draw).unwrap();
        drop(terminal);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn colours_go_out_as_the_sixteen_and_never_in_monochrome() {
        let style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED);
        let colour = drawn(Look::default(), "bad", style);
        assert!(colour.contains("\x1b[0;31;1;7mbad"), "{colour:?}");
        assert!(!colour.contains("38;5"));
        let mono = drawn(Look { is_mono: true, ..Look::default() }, "bad", style);
        assert!(mono.contains("\x1b[0;1;7mbad"), "{mono:?}");
    }

    #[test]
    fn a_text_console_is_sent_only_what_its_fonts_can_draw() {
        let console = Look { is_console: true, ..Look::default() };
        // Without the commands between.
        let sent = |look, text: &str| -> String {
            let bytes = drawn(look, text, Style::new());
            bytes.split('\u{1b}').filter_map(|part| Some(part.split_once(['H', 'm', 'l'])?.1.to_owned())).collect()
        };
        assert_eq!(
            sent(console, "Zo\u{eb}\u{141}uka\u{17c}\u{161}\u{2580}\u{2584}\u{2588}\u{2026}"),
            "Zo\u{eb}Lukazs??\u{2588}~"
        );
        assert_eq!(sent(console, "\u{4f50}\u{85e4}."), "? ? .");
        assert_eq!(sent(Look::default(), "\u{141}\u{2580}"), "\u{141}\u{2580}");
    }

    #[test]
    fn ascii_shows_every_symbol_as_wide_as_it_is() {
        let printed = |text: &str| -> String {
            let bytes = drawn(Look { is_mono: true, is_ascii: true, ..Look::default() }, text, Style::new());
            assert!(bytes.is_ascii());
            bytes.split('\x1b').filter_map(|part| part.split_once(['m', 'H'])).map(|(_, text)| text).collect()
        };
        assert!(printed("a│佐x…").starts_with("a|? x~"), "{:?}", printed("a│佐x…"));
        assert!(printed("a\u{301}Łß\u{e9}█Ωﬁ").starts_with("aLse#?f"), "{:?}", printed("a\u{301}Łß\u{e9}█Ωﬁ"));
    }

    #[test]
    fn leaving_overwrites_the_screen_and_the_scrollback() {
        let mut out = Vec::new();
        let mut console = Cells::new(&mut out, Look::default(), (5, 2));
        console.enter().unwrap();
        console.leave().unwrap();
        drop(console);
        let out = String::from_utf8(out).unwrap();
        let blank = out.find("\x1b[2;1H     ").unwrap();
        let cleared = out.rfind("\x1b[2J\x1b[3J").unwrap();
        let left = out.find("\x1b[?1049l").unwrap();
        assert!(blank < cleared && cleared < left && out.ends_with("\x1b[?25h"), "{out:?}");
    }

    #[test]
    fn a_symbol_behind_a_wide_one_is_placed_anew() {
        let mut out = Vec::new();
        let mut console = Cells::new(&mut out, Look::default(), (5, 2));
        let mut buffer = ratatui::buffer::Buffer::empty(Rect::new(0, 0, 5, 1));
        buffer.set_string(0, 0, "佐x", Style::new());
        let empty = ratatui::buffer::Buffer::empty(Rect::new(0, 0, 5, 1));
        console.draw(empty.diff(&buffer).into_iter()).unwrap();
        console.flush().unwrap();
        drop(console);
        assert!(String::from_utf8(out).unwrap().contains("佐\x1b[1;3Hx"));
    }

    /// What was written, to be looked at while the terminal is there.
    #[derive(Clone, Default)]
    struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is sent for a drawing, and for the same once more.
    fn twice(look: Look, style: Style, cursor: Option<(u16, u16)>) -> (String, String) {
        let out = Shared::default();
        let cells = Cells::new(out.clone(), look, (20, 2));
        let mut terminal = Terminal::new(cells).unwrap();
        let mut draw = || {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, "a title…", style);
                    if let Some(cursor) = cursor {
                        frame.set_cursor_position(cursor);
                    }
                })
                .unwrap();
            String::from_utf8(std::mem::take(&mut *out.0.borrow_mut())).unwrap()
        };
        (draw(), draw())
    }

    #[test]
    fn nothing_is_sent_when_nothing_changes() {
        for cursor in [None, Some((3, 1))] {
            let (first, second) = twice(Look::default(), Style::new(), cursor);
            assert!(!first.is_empty() && second.is_empty(), "{second:?}");
        }
    }

    #[test]
    fn on_the_console_of_the_kernel_reversed_text_is_not_bold_and_has_no_sign_that_its_font_lacks() {
        let title = Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED);
        let (console, _) = twice(Look { is_console: true, ..Look::default() }, title, None);
        assert!(console.contains("\x1b[0;7m") && console.contains("title~") && !console.contains('…'), "{console:?}");
        let (other, _) = twice(Look::default(), title, None);
        assert!(other.contains("\x1b[0;1;7m") && other.contains("title…"), "{other:?}");
    }
}
