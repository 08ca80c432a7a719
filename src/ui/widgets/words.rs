//! Text into cells: one line cut to fit, or a paragraph broken between words.
//!
//! Own lines: ratatui's `Paragraph` drops what has no width, and lets a sign wider than a row vanish; `textwrap` knows words, but
//! not the cells in which a cluster is drawn.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

/// The most columns of what is drawn as one sign. What joins more letters than that is drawn letter by letter.
const WIDEST: usize = 2;
/// The most bytes of it: a letter with all the marks that [`Safe`](crate::domain::text::Safe) leaves on it has fewer.
const LONG_SIGN: usize = 64;

/// The most rows of a paragraph that are counted.
const MOST_ROWS: usize = 64;

/// The most characters of a paragraph that are drawn.
const LONGEST: usize = 1 << 15;

/// What of a text is drawn as one: where it begins, and its columns. A line end has none.
struct Piece<'a> {
    at: usize,
    text: &'a str,
    columns: usize,
}

impl Piece<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The pieces of a text, and its line ends. Everything here counts by them and draws them one by one, so that nothing is drawn
/// wider than it was counted. Controls, and what has no width, are passed over: text from a file has neither, as
/// [`Safe`](crate::domain::text::Safe) shows it.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let piece = |(at, text): (usize, _)| Piece { at, text, columns: width(text) };
    let clusters = text.grapheme_indices(true).flat_map(move |(at, cluster)| {
        // Letters of some scripts join without end, and would be one sign wider than any row.
        let (whole, joined) = if cluster.len() > LONG_SIGN || width(cluster) > WIDEST {
            (None, cluster)
        } else {
            (Some((at, cluster)), "")
        };
        whole.into_iter().chain(Clusters(at, joined))
    });
    clusters.map(piece).filter(|piece| piece.columns > 0 || piece.text.contains('\n'))
}

/// Letters one by one, each with what has no width of its own behind it.
struct Clusters<'a>(usize, &'a str);

impl<'a> Iterator for Clusters<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let Self(at, rest) = *self;
        let is_next = |(_, c): &(usize, char)| width(c.encode_utf8(&mut [0; 4])) > 0;
        let (letter, later) =
            rest.split_at(rest.char_indices().skip(1).find(is_next).map_or(rest.len(), |(end, _)| end));
        *self = Self(at + letter.len(), later);
        (!letter.is_empty()).then_some((at, letter))
    }
}

fn width(text: &str) -> usize {
    if text.contains(char::is_control) { 0 } else { usize::from(text.cell_width()) }
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    pieces(text).map(|piece| piece.columns).sum()
}

/// The signs of a text, one after the other, and the columns of each.
pub fn signs(text: &str) -> impl Iterator<Item = (&str, usize)> {
    pieces(text).filter(|piece| piece.columns > 0).map(|piece| (piece.text, piece.columns))
}

/// Draws `text` from (`x`, `y`) of `area`, cut at its right edge. Says the column behind it.
pub fn put(area: Rect, x: u16, y: u16, text: &str, style: Style, buffer: &mut Buffer) -> u16 {
    if y >= area.height || x >= area.width {
        return x;
    }
    let mut x = x;
    for (sign, columns) in signs(&fit(text, usize::from(area.width - x))) {
        buffer.set_stringn(area.x + x, area.y + y, sign, columns, style);
        x = x.saturating_add(u16::try_from(columns).unwrap_or(u16::MAX));
    }
    x
}

/// How many rows a paragraph takes: more of them than any window has are not counted.
pub fn rows_of(text: &str, width: u16) -> u16 {
    u16::try_from(broken(text, usize::from(width)).take(MOST_ROWS).count()).unwrap_or(u16::MAX)
}

/// Draws a paragraph from row `y` of `area` on, broken between words, and says the row behind it.
pub fn wrapped(area: Rect, y: u16, text: &str, style: Style, buffer: &mut Buffer) -> u16 {
    let mut y = y;
    // No window shows more, and letters that join without end are looked through to their end for every row.
    let end = if text.len() > LONGEST { text.char_indices().nth(LONGEST).map(|(at, _)| at) } else { None };
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    // Rows that nobody sees are not looked for.
    for row in broken(text, usize::from(area.width)).take(usize::from(area.height.saturating_sub(y))) {
        put(area, 0, y, row, style, buffer);
        y += 1;
    }
    y
}

/// The rows of a paragraph: broken between words, and inside one that is longer than a row. Nothing is left out but spaces where a
/// row ends. A row is wider than `width` only where that has no room for one sign.
pub fn broken(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (row, later) = first_row(rest?, width.max(1));
        rest = later;
        Some(row)
    })
}

/// The first row of a text and what comes after it, which is always shorter than the text; `None` behind the last row.
fn first_row(text: &str, width: usize) -> (&str, Option<&str>) {
    let cut = |end: usize, next: usize| (text.get(..end).unwrap_or(text), text.get(next..));
    let mut used = 0;
    // Behind a word: where the row could end, and where the next one would begin.
    let mut between_words = None;
    let mut has_word = false;
    for piece in pieces(text) {
        let is_space = piece.text == " ";
        if piece.columns == 0 {
            return cut(piece.at, piece.end());
        }
        if used + piece.columns > width && piece.at > 0 {
            return match between_words {
                _ if is_space => {
                    let (row, later) = cut(piece.at, piece.end());
                    // Spaces at a break are left out; a line end behind them is this one.
                    let later = later.unwrap_or("").trim_start_matches(' ');
                    (row, Some(later.strip_prefix('\n').unwrap_or(later)).filter(|_| !later.is_empty()))
                }
                Some((end, next)) => cut(end, next),
                None => cut(piece.at, piece.at),
            };
        }
        used += piece.columns;
        if is_space && has_word {
            between_words = Some((piece.at, piece.end()));
        }
        has_word |= !is_space;
    }
    (text, None)
}

/// `text` cut to `width` columns, with `…` where something is left out.
pub fn fit(text: &str, width: usize) -> String {
    let (mut used, mut end) = (0, 0);
    for piece in pieces(text) {
        used += piece.columns;
        if used > width {
            let kept = text.get(..end).unwrap_or_default();
            return if width > 0 { format!("{kept}…") } else { String::new() };
        }
        if used < width {
            end = piece.end();
        }
    }
    text.to_owned()
}

/// The same, but the end of `text` is kept: for paths.
pub fn fit_end(text: &str, width: usize) -> String {
    let (mut used, mut start) = (0, text.len());
    let all: Vec<Piece<'_>> = pieces(text).collect();
    for piece in all.iter().rev() {
        used += piece.columns;
        if used > width {
            let kept = text.get(start..).unwrap_or_default();
            return if width > 0 { format!("…{kept}") } else { String::new() };
        }
        if used < width {
            start = piece.at;
        }
    }
    text.to_owned()
}

/// The same, but both ends of `text` are kept: for addresses.
pub fn fit_middle(text: &str, width: usize) -> String {
    let all = columns(text);
    let Some(room) = width.checked_sub(1).filter(|_| all > width) else {
        return if all > width { String::new() } else { text.to_owned() };
    };
    let begin = fit(text, room.div_ceil(2) + 1);
    let end = fit_end(text, room / 2 + 1);
    format!("{}{end}", begin.trim_end_matches('…'))
}

/// `text`, and `more` at the right end of `width` columns where there is room for both.
pub fn beside(text: &str, more: &str, width: usize) -> String {
    match width.checked_sub(columns(text) + columns(more)) {
        Some(gap) if gap >= 2 && !more.is_empty() => format!("{text}{}{more}", " ".repeat(gap)),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_its_columns_and_says_so() {
        assert_eq!((fit("abc", 3).as_str(), fit("abcd", 3).as_str(), fit("abcd", 0).as_str()), ("abc", "ab…", ""));
        assert_eq!(fit_middle("bc1qexample", 7), "bc1…ple");
        assert_eq!((fit_middle("bc1qexample", 11).as_str(), fit_middle("abc", 0).as_str()), ("bc1qexample", ""));
        assert_eq!((fit_middle("abcdef", 1).as_str(), fit_middle("abcdef", 2).as_str()), ("…", "a…"));
        assert_eq!((fit("佐藤花子", 5).as_str(), fit_end("/a/long/path", 6).as_str()), ("佐藤…", "…/path"));
    }

    #[test]
    fn a_paragraph_is_broken_between_words_and_nothing_of_it_is_lost() {
        for (text, width, rows) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one two three", 13, &["one two three"]),
            ("one  two three", 5, &["one ", "two", "three"]),
            ("abcdefghij kl", 4, &["abcd", "efgh", "ij", "kl"]),
            ("a abcdef", 4, &["a", "abcd", "ef"]),
            ("a\n\nb", 4, &["a", "", "b"]),
            ("佐藤花子", 5, &["佐藤", "花子"]),
            ("", 4, &[""]),
            ("abc ", 3, &["abc"]),
            ("abc  \nd", 3, &["abc", "d"]),
            ("  abc", 4, &["  ab", "c"]),
        ] {
            assert_eq!(broken(text, width).collect::<Vec<_>>(), rows, "{text:?}");
        }
    }

    #[test]
    fn what_joins_without_end_is_cut_between_letters() {
        // Each of these is one cluster, however long it is.
        for letters in ["\u{1100}", "\u{915}\u{94d}", "\u{600}", "\u{ff76}\u{ff9e}", "\u{1f600}\u{1f3fd}"] {
            let text = letters.repeat(100);
            assert!(pieces(&text).all(|piece| (1..=2).contains(&piece.columns)), "{letters}");
            assert!(broken(&text, 10).all(|row| columns(row) <= 10) && broken(&text, 10).count() > 9, "{letters}");
            assert!(columns(&fit(&text, 10)) <= 10 && columns(&fit_end(&text, 10)) <= 10, "{letters}");
        }
        assert_eq!((columns("🇩🇪🇫🇷"), fit("🇩🇪🇫🇷", 3)), (4, "🇩🇪…".to_owned()));
    }
}
