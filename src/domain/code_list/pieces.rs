//! A line as pieces: what may be a part of a code, words, numbers of a list, marks; and what stands between them.

use std::ops::Range;

use super::plain::{self, Plain};
use super::scan::is_reference;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// ASCII letters and digits, with signs that join groups: a part of a code, or a word.
    Part,
    Word,
    /// The number of an item, with the sign that ends it.
    Label(u32),
    /// A tick, a cross, a box that is checked.
    Tick,
    /// A filled circle or square: a bullet, or the opposite of an empty one.
    Filled,
    Box,
    Bullet,
    Colon,
    Sign,
}

impl PieceKind {
    /// The number of an item.
    pub fn number(self) -> Option<u32> {
        if let Self::Label(number) = self { Some(number) } else { None }
    }
}

/// What stands before a piece, from close to far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PieceGap {
    Nothing,
    Space,
    Dash,
    /// A quote, a bracket, a comma in a sentence, a full stop.
    Cut,
    /// A cell of its own: wide space, tab, `|`, `;`, `,`, or the line's beginning.
    Cell,
}

#[derive(Debug)]
pub(super) struct ListPiece {
    pub kind: PieceKind,
    pub range: Range<usize>,
    pub gap: PieceGap,
    /// More than one space was the gap, and nothing else.
    pub is_wide: bool,
    /// How many signs that end a cell stand before it on its line.
    pub cell: usize,
    pub line: usize,
    pub is_quoted: bool,
    /// A full stop stands before it.
    pub is_sentence: bool,
    /// The sign with which it goes on behind the end of its line.
    pub goes_on: Option<char>,
}

pub(super) struct Pieces<'a> {
    pub plain: &'a Plain,
    pub all: Vec<ListPiece>,
    /// The pieces of each line.
    pub lines: Vec<Range<usize>>,
}

impl<'a> Pieces<'a> {
    pub fn of(plain: &'a Plain) -> Self {
        let mut pieces = Self { plain, all: Vec::new(), lines: Vec::new() };
        let mut start = 0;
        for (number, line) in plain.text.split('\n').enumerate() {
            let first = pieces.all.len();
            let inner = line.trim_end().trim_start_matches([' ', '>']);
            Lexer {
                text: &plain.text,
                at: start + line.trim_end().len() - inner.len(),
                end: start + line.trim_end().len(),
                line: number,
                gap: PieceGap::Cell,
                is_wide: false,
                cell: 0,
                is_quoted: false,
                is_sentence: false,
                raw_end: 0,
                pieces: &mut pieces.all,
                first,
            }
            .run();
            pieces.lines.push(first..pieces.all.len());
            start += line.len() + 1;
        }
        pieces
    }

    pub fn text(&self, piece: &ListPiece) -> &'a str {
        self.plain.text.get(piece.range.clone()).unwrap_or_default()
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    line: usize,
    gap: PieceGap,
    is_wide: bool,
    cell: usize,
    is_quoted: bool,
    is_sentence: bool,
    /// Up to where the text between two spaces is known to be no address or date.
    raw_end: usize,
    pieces: &'a mut Vec<ListPiece>,
    /// The first piece of the line.
    first: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn widen(&mut self, gap: PieceGap) {
        self.gap = self.gap.max(gap);
    }

    fn cell(&mut self) {
        self.gap = PieceGap::Cell;
        self.is_wide = false;
        self.cell += 1;
    }

    fn push(&mut self, kind: PieceKind, length: usize) {
        self.pieces.push(ListPiece {
            kind,
            range: self.at..self.at + length,
            gap: self.gap,
            is_wide: self.is_wide,
            cell: self.cell,
            line: self.line,
            is_quoted: self.is_quoted,
            is_sentence: self.is_sentence,
            goes_on: None,
        });
        self.at += length;
        self.gap = PieceGap::Nothing;
        self.is_wide = false;
        self.is_quoted = false;
        self.is_sentence = false;
    }

    fn run(mut self) {
        while let Some(c) = self.rest().chars().next() {
            let before = self.at;
            if !self.separator(c) {
                self.piece(c);
            }
            // Whatever a sign is, it is passed.
            if self.at == before {
                self.at += c.len_utf8();
            }
        }
    }

    /// Whether `c` only separates.
    fn separator(&mut self, c: char) -> bool {
        let next = self.rest().chars().nth(1);
        match c {
            ' ' => {
                let count = self.rest().len() - self.rest().trim_start_matches(' ').len();
                self.is_wide |= count > 1 && self.gap < PieceGap::Cell;
                self.widen(if count > 1 { PieceGap::Cell } else { PieceGap::Space });
                self.at += count;
            }
            '\t' | '|' | ';' | '{' | '}' | '/' => self.cell(),
            ',' if next.is_some_and(|next| next != ' ') => self.cell(),
            ',' => {
                self.cell += 1;
                self.widen(PieceGap::Cut);
            }
            '"' | '“' | '”' | '„' | '«' | '»' | '`' | '\'' | '‘' | '’' | '‹' | '›' | '「' | '」' | '『' | '』' =>
            {
                self.widen(PieceGap::Cut);
                self.is_quoted = true;
                self.at += c.len_utf8();
                return true;
            }
            '.' | '!' | '?' | '…' | '。' => {
                self.widen(PieceGap::Cut);
                self.is_sentence = true;
            }
            '(' | '[' | '#' | '№' if label(self.rest()).is_some() => return false,
            '(' | ')' | '[' | ']' | '<' | '>' | '&' => self.widen(PieceGap::Cut),
            _ => return false,
        }
        self.is_quoted = false;
        true
    }

    fn piece(&mut self, c: char) {
        let next = self.rest().chars().nth(1);
        let is_first = self.gap >= PieceGap::Cut;
        match c {
            '-' => self.dash(next, is_first),
            '_' => {
                let length = self.rest().len() - self.rest().trim_start_matches('_').len();
                self.push(PieceKind::Box, length);
            }
            '=' | ':' | '→' | '➔' | '➜' => {
                let is_end = self.at + c.len_utf8() == self.end;
                match self.pieces.last_mut() {
                    Some(last) if c == '=' && is_end && last.range.end == self.at && last.kind == PieceKind::Part => {
                        last.goes_on = Some('=');
                    }
                    Some(_) | None => self.push(PieceKind::Colon, c.len_utf8()),
                }
            }
            '☐' | '□' | '○' | '◯' | '▢' | '❏' | '❑' | '◻' | '⬜' => {
                self.push(PieceKind::Box, c.len_utf8());
            }
            '●' | '■' | '◉' | '⬤' | '◼' => self.push(PieceKind::Filled, c.len_utf8()),
            '☑' | '☒' | '✓' | '✔' | '✅' | '✗' | '✘' | '✕' | '✖' | '❌' | '❎' | '×' | '√' | '⨯' =>
            {
                self.push(PieceKind::Tick, c.len_utf8());
            }
            '•' | '‣' | '▪' | '▫' | '◦' | '·' | '∙' | '◆' | '◇' | '➤' | '➢' | '►' | '▶' | '▸' | '❖' =>
            {
                // Between two codes it separates them.
                self.gap = PieceGap::Cell;
                self.push(PieceKind::Bullet, c.len_utf8());
                self.gap = PieceGap::Space;
            }
            '*' | '+' if is_first && next.is_some_and(|next| !next.is_ascii_digit() || c == '*') => {
                self.push(PieceKind::Bullet, 1);
            }
            '(' | '[' | '#' | '№' => {
                if let Some((number, length)) = label(self.rest()) {
                    self.push(PieceKind::Label(number), length);
                }
            }
            _ if c.is_alphanumeric() || c == '+' => self.text(),
            _ if plain::is_mark(c) => {}
            _ => self.push(PieceKind::Sign, c.len_utf8()),
        }
    }

    fn dash(&mut self, next: Option<char>, is_first: bool) {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches('-').len();
        if count > 1 {
            // A line across the page; with text behind it, the border of a part of a mail.
            let is_border = rest.get(count..).is_some_and(|after| after.starts_with(|c: char| c.is_alphanumeric()));
            let length = if is_border { rest.find(' ').unwrap_or(rest.len()) } else { count };
            if is_border {
                self.push(PieceKind::Word, length);
            } else {
                self.at += count;
                self.widen(PieceGap::Cut);
            }
            return;
        }
        if next == Some('>') {
            self.push(PieceKind::Colon, 2);
        } else if is_first {
            self.push(PieceKind::Bullet, 1);
        } else {
            match self.pieces.last_mut() {
                Some(last) if next.is_none() && last.range.end == self.at && last.kind == PieceKind::Part => {
                    last.goes_on = Some('-');
                }
                Some(_) | None => {}
            }
            self.widen(PieceGap::Dash);
        }
    }

    /// Letters and digits.
    fn text(&mut self) {
        if self.at >= self.raw_end {
            let rest = self.text.get(self.at..self.end).unwrap_or_default();
            let length = rest.find(is_end_of_raw).unwrap_or(rest.len());
            self.raw_end = self.at + length;
            if is_reference(rest.get(..length).unwrap_or_default()) {
                self.push(PieceKind::Word, length);
                return;
            }
        }
        let is_fresh = self.pieces.get(self.first..).and_then(<[_]>::last).is_none_or(|last| last.range.end < self.at);
        if let Some((number, length)) = label(self.rest()).filter(|_| is_fresh) {
            self.push(PieceKind::Label(number), length);
            return;
        }
        match scan(self.rest()) {
            (0, _) => self.push(PieceKind::Sign, 1),
            // A cross.
            (1, true) if self.rest().starts_with(['x', 'X']) => self.push(PieceKind::Tick, 1),
            (length, is_part) => self.push(if is_part { PieceKind::Part } else { PieceKind::Word }, length),
        }
    }
}

fn is_end_of_raw(c: char) -> bool {
    c.is_whitespace() || ",;|\"'`()[]{}<>“”„«»✓✔☑☐✗❌✅".contains(c)
}

/// The number of an item and the length of it with its signs: `1.`, `1)`, `(1)`, `[1]`, `#1`, `01.`, `3.)`, `1:`, `1º`.
pub(super) fn label(rest: &str) -> Option<(u32, usize)> {
    let opener = rest.chars().next().filter(|c| matches!(c, '(' | '[' | '#' | '№'));
    let inner = rest.get(opener.map_or(0, char::len_utf8)..)?;
    let digits = inner.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let number = inner.get(..digits).filter(|_| (1..=3).contains(&digits))?.parse().ok()?;
    let after = inner.get(digits..)?;
    if let Some(tail) = after.strip_prefix(" - ").or(after.strip_prefix(" : ")).filter(|_| opener.is_none()) {
        // Not the first of several groups of one length.
        let next = tail.bytes().take_while(u8::is_ascii_alphanumeric).count();
        return (next != digits).then(|| (number, rest.len() - tail.len()));
    }
    let tail = after.trim_start_matches(['.', ')', ']', ':', '-', 'º', '°']);
    let closers = after.get(..after.len() - tail.len())?;
    let last = closers.chars().next_back();
    let needed = match opener {
        Some('(') => closers.starts_with(')'),
        Some('[') => closers.starts_with(']'),
        Some(_) => true,
        None => last.is_some(),
    };
    // A full stop or a hyphen with a letter or digit behind it joins them, until all of a list say something else.
    let is_end = tail.chars().next().is_none_or(|next| next.is_whitespace() || "\"'`“|,;".contains(next));
    let is_closed = last.is_some_and(|last| !matches!(last, '.' | '-'));
    (needed && (is_end || is_closed)).then(|| (number, rest.len() - tail.len()))
}

/// The length of the letters and digits at the beginning, and whether they may be a part of a code.
fn scan(rest: &str) -> (usize, bool) {
    let mut end = 0;
    let mut is_part = true;
    let mut signs = rest.char_indices().peekable();
    let is_uncased = |c: char| !c.is_ascii() && c.is_alphanumeric() && !c.is_lowercase() && !c.is_uppercase();
    let starts_uncased = rest.chars().next().is_some_and(is_uncased);
    while let Some((at, c)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let goes_on = next.is_some_and(|next| next.is_ascii_alphanumeric());
        let is_plain = c.is_ascii_alphanumeric() && !starts_uncased;
        let is_letter =
            !c.is_ascii() && (plain::is_mark(c) || (c.is_alphanumeric() && is_uncased(c) == starts_uncased));
        let is_apostrophe = matches!(c, '\'' | '’') && at > 0 && next.is_some_and(char::is_alphabetic);
        let is_sign = matches!(c, '-' | '_' | '.' | '+') || (c == '/' && !is_between_halves(rest, at));
        let joins = is_sign && at > 0 && goes_on && !starts_uncased;
        if !(is_plain || is_letter || is_apostrophe || joins) {
            break;
        }
        is_part &= is_plain || joins;
        end = at + c.len_utf8();
    }
    // Signs at the end that fill a code up to a multiple of four, as base64 does.
    let filled = rest.get(end..).map_or(0, |tail| tail.len() - tail.trim_start_matches('=').len());
    let is_filling = (1..=2).contains(&filled)
        && (end + filled).is_multiple_of(4)
        && end >= 6
        && rest.get(end + filled..).is_some_and(|tail| tail.is_empty() || tail.starts_with([' ', '"', ',', '\t']));
    (end + if is_part && is_filling { filled } else { 0 }, is_part)
}

/// Whether `/` stands between two texts of the same length: two codes.
fn is_between_halves(rest: &str, at: usize) -> bool {
    let length =
        |text: &str| text.bytes().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let before = rest.get(..at).unwrap_or_default();
    let first = before.bytes().rev().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    first >= 4 && rest.get(at + 1..).is_some_and(|after| length(after) == first)
}
