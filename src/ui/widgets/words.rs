//! Text into cells: one line cut to fit, or a paragraph broken between words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

/// Draws `text` from (`x`, `y`) of `area`, cut at its right edge. Says the column behind it.
pub fn put(area: Rect, x: u16, y: u16, text: &str, style: Style, buffer: &mut Buffer) -> u16 {
    if y >= area.height || x >= area.width {
        return x;
    }
    let width = area.width - x;
    let text = fit(text, usize::from(width));
    buffer.set_string(area.x + x, area.y + y, &text, style);
    x.saturating_add(u16::try_from(Span::raw(text).width()).unwrap_or(width))
}

/// Draws a paragraph from row `y` of `area` on, broken between words, and says the row behind it.
pub fn wrapped(area: Rect, y: u16, text: &str, style: Style, buffer: &mut Buffer) -> u16 {
    let mut y = y;
    for row in broken(text, usize::from(area.width)) {
        if y >= area.height {
            break;
        }
        put(area, 0, y, &row, style, buffer);
        y += 1;
    }
    y
}

/// The rows of a paragraph: broken between words, and inside one that is longer than a row.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for paragraph in text.split('\n') {
        let mut row = String::new();
        for word in paragraph.split(' ') {
            let mut word = word.to_owned();
            let joined = if row.is_empty() { 0 } else { Span::raw(&row).width() + 1 };
            if joined + Span::raw(&word).width() > width && !row.trim().is_empty() {
                rows.push(std::mem::take(&mut row));
            } else if joined > 0 {
                row.push(' ');
            }
            while width > 1 && Span::raw(&word).width() > width {
                let head = fit(&word, width + 1).trim_end_matches('…').to_owned();
                word = word.split_off(head.len());
                rows.push(head);
            }
            row.push_str(&word);
        }
        rows.push(row);
    }
    rows
}

/// `text` cut to `width` columns, with `…` where something is left out.
pub fn fit(text: &str, width: usize) -> String {
    if Span::raw(text).width() <= width {
        return text.to_owned();
    }
    let mut fitting = String::new();
    let mut used = 0;
    for c in text.chars() {
        let of_c = Span::raw(c.to_string()).width();
        if used + of_c + 1 > width {
            break;
        }
        fitting.push(c);
        used += of_c;
    }
    if width > 0 {
        fitting.push('…');
    }
    fitting
}

/// The same, but the end of `text` is kept: for paths.
pub fn fit_end(text: &str, width: usize) -> String {
    if Span::raw(text).width() <= width {
        return text.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 0;
    for c in text.chars().rev() {
        let of_c = Span::raw(c.to_string()).width();
        if used + of_c + 1 > width {
            break;
        }
        kept.push(c);
        used += of_c;
    }
    kept.extend((width > 0).then_some('…'));
    kept.into_iter().rev().collect()
}

/// `text`, and `more` at the right end of `width` columns where there is room for both.
pub fn beside(text: &str, more: &str, width: usize) -> String {
    let used = Span::raw(text).width() + Span::raw(more).width();
    match width.checked_sub(used) {
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
        ] {
            assert_eq!(broken(text, width), rows, "{text:?}");
        }
        for width in 0..4 {
            broken("some long words 佐藤花子", width);
        }
    }
}
