//! Letters five rows high and five columns wide. Own drawings: a font file would be a dependency for forty signs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::words::put;
use crate::domain::wordlist::{letters, normalised};

/// Rows of five columns each, from the upper left; `#` is drawn.
type Glyph = [&'static str; 5];

const COLUMNS: u16 = 5;

/// Draws as much of the end of `text` as fits and says the column behind it. Letters that have no drawing make all of it stand
/// there in small ones.
pub fn large(area: Rect, text: &str, style: Style, buffer: &mut Buffer) -> u16 {
    let text = normalised(text);
    if letters(&text).any(|c| glyph(c).is_none()) {
        return put(area, 0, area.height.min(5) / 2, &text, style, buffer);
    }
    let room = usize::from((area.width + 1) / (COLUMNS + 1));
    let skipped = letters(&text).count().saturating_sub(room);
    let mut x = 0;
    for glyph in letters(&text).skip(skipped).filter_map(glyph) {
        for (y, row) in (0..area.height).zip(glyph) {
            for (column, _) in (0..COLUMNS).zip(row.chars()).filter(|(_, c)| *c == '#') {
                buffer.set_string(area.x + x + column, area.y + y, "█", style);
            }
        }
        x += COLUMNS + 1;
    }
    x.min(area.width)
}

#[rustfmt::skip]
fn glyph(c: char) -> Option<Glyph> {
    Some(match c {
        'a' => [" ### ", "#   #", "#####", "#   #", "#   #"],
        'b' => ["#### ", "#   #", "#### ", "#   #", "#### "],
        'c' => [" ####", "#    ", "#    ", "#    ", " ####"],
        'd' => ["#### ", "#   #", "#   #", "#   #", "#### "],
        'e' => ["#####", "#    ", "#### ", "#    ", "#####"],
        'f' => ["#####", "#    ", "#### ", "#    ", "#    "],
        'g' => [" ####", "#    ", "#  ##", "#   #", " ####"],
        'h' => ["#   #", "#   #", "#####", "#   #", "#   #"],
        'i' => [" ### ", "  #  ", "  #  ", "  #  ", " ### "],
        'j' => ["  ###", "   # ", "   # ", "#  # ", " ##  "],
        'k' => ["#   #", "#  # ", "###  ", "#  # ", "#   #"],
        'l' => ["#    ", "#    ", "#    ", "#    ", "#####"],
        'm' => ["#   #", "## ##", "# # #", "#   #", "#   #"],
        'n' => ["#   #", "##  #", "# # #", "#  ##", "#   #"],
        'o' => [" ### ", "#   #", "#   #", "#   #", " ### "],
        'p' => ["#### ", "#   #", "#### ", "#    ", "#    "],
        'q' => [" ### ", "#   #", "# # #", "#  # ", " ## #"],
        'r' => ["#### ", "#   #", "#### ", "#  # ", "#   #"],
        's' => [" ####", "#    ", " ### ", "    #", "#### "],
        't' => ["#####", "  #  ", "  #  ", "  #  ", "  #  "],
        'u' => ["#   #", "#   #", "#   #", "#   #", " ### "],
        'v' => ["#   #", "#   #", "#   #", " # # ", "  #  "],
        'w' => ["#   #", "#   #", "# # #", "## ##", "#   #"],
        'x' => ["#   #", " # # ", "  #  ", " # # ", "#   #"],
        'y' => ["#   #", " # # ", "  #  ", "  #  ", "  #  "],
        'z' => ["#####", "   # ", "  #  ", " #   ", "#####"],
        '0' => [" ### ", "#  ##", "# # #", "##  #", " ### "],
        '1' => ["  #  ", " ##  ", "  #  ", "  #  ", " ### "],
        '2' => [" ### ", "#   #", "  ## ", " #   ", "#####"],
        '3' => ["#### ", "    #", " ### ", "    #", "#### "],
        '4' => ["#  # ", "#  # ", "#####", "   # ", "   # "],
        '5' => ["#####", "#    ", "#### ", "    #", "#### "],
        '6' => [" ### ", "#    ", "#### ", "#   #", " ### "],
        '7' => ["#####", "   # ", "  #  ", " #   ", " #   "],
        '8' => [" ### ", "#   #", " ### ", "#   #", " ### "],
        '9' => [" ### ", "#   #", " ####", "    #", " ### "],
        '?' => [" ### ", "#   #", "   # ", "     ", "  #  "],
        '*' => ["     ", " # # ", "  #  ", " # # ", "     "],
        '.' => ["     ", "     ", "     ", "     ", "  #  "],
        '-' => ["     ", "     ", " ### ", "     ", "     "],
        '=' => ["     ", " ### ", "     ", " ### ", "     "],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::wordlist::WordList;
    use std::collections::BTreeSet;

    fn drawn(text: &str, width: u16) -> Vec<String> {
        let area = Rect::new(0, 0, width, 5);
        let mut buffer = Buffer::empty(area);
        large(area, text, Style::new(), &mut buffer);
        (0..5).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned()).collect()
    }

    #[test]
    fn every_letter_has_its_own_drawing_of_five_by_five() {
        let signs: Vec<char> = ('a'..='z').chain('0'..='9').chain("?*.-=".chars()).collect();
        let glyphs: BTreeSet<Glyph> = signs.iter().filter_map(|c| glyph(*c)).collect();
        assert_eq!(glyphs.len(), signs.len());
        assert!(glyphs.iter().flatten().all(|row| row.len() == 5));
    }

    #[test]
    fn every_word_with_latin_letters_fits_into_the_smallest_window() {
        for list in WordList::ALL.into_iter().filter(|list| list.is_latin()) {
            for word in list.words().iter().step_by(11) {
                assert!(letters(word).count() * 6 <= 59 && letters(word).all(|c| glyph(c).is_some()), "{word}");
            }
        }
    }

    #[test]
    fn letters_are_drawn_and_what_has_no_drawing_stands_there_in_small() {
        assert_eq!(drawn("il", 20), [" ███  █", "  █   █", "  █   █", "  █   █", " ███  █████"]);
        assert_eq!(drawn("áb", 20), drawn("AB", 20));
        assert_eq!(drawn("abcdef", 11), drawn("ef", 11), "the end of what is too long");
        assert_eq!(drawn("佐藤", 20)[2].replace(' ', ""), "佐藤");
    }
}
