//! The text as it is meant: what pages, mails and pictures of signs add is taken away or written plainly.
//!
//! Line ends become `\n`, spaces of all kinds one space (wide ones two), dashes of all kinds `-`. Digits of other scripts and
//! full-width signs become the ASCII ones that services accept. `①`, `1️⃣` and their like become `1. `, check boxes in brackets the sign
//! of a box. Tags of HTML become line ends, tabs or nothing. What has no width is dropped. What is struck through is remembered.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::ListError;

pub(super) const BOX: char = '☐';
pub(super) const CHECKED: char = '☑';

pub(super) struct Plain {
    pub text: Zeroizing<String>,
    /// In order, apart from each other.
    struck: Vec<Range<usize>>,
}

impl Plain {
    pub fn of(source: &str) -> Result<Self, ListError> {
        // No sign grows to more than the double: the text never moves.
        let text = Zeroizing::new(String::with_capacity(source.len() * 2 + 16));
        let mut writer = PlainWriter { text, struck: Vec::new(), line_start: 0, struck_from: None, is_tilde: false };
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            let Some(taken) = writer.take(rest, c) else {
                return Err(ListError::Signs { line: line_of(source, source.len() - rest.len()) });
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        writer.strike(false);
        Ok(Self { text: writer.text, struck: writer.struck })
    }

    pub fn is_struck(&self, range: &Range<usize>) -> bool {
        let next = self.struck.partition_point(|struck| struck.end <= range.start);
        self.struck.get(next).is_some_and(|struck| struck.start < range.end)
    }
}

struct PlainWriter {
    text: Zeroizing<String>,
    struck: Vec<Range<usize>>,
    /// Where the line begins that is being written.
    line_start: usize,
    struck_from: Option<usize>,
    /// Struck by `~~`, which ends with the line.
    is_tilde: bool,
}

impl PlainWriter {
    /// Takes the sign `c` at the beginning of `rest`, or more than it; says how many bytes. `None`: no text of a person has it.
    fn take(&mut self, rest: &str, c: char) -> Option<usize> {
        match c {
            '<' => {
                if let Some(length) = self.tag(rest) {
                    return Some(length);
                }
            }
            '&' => {
                if let Some((c, length)) = entity(rest) {
                    self.put(c)?;
                    return Some(length);
                }
            }
            '[' | '(' => {
                if let Some((sign, length)) = check_box(rest) {
                    self.text.push(sign);
                    return Some(length);
                }
            }
            '~' if rest.starts_with("~~") => {
                self.strike(self.struck_from.is_none());
                self.is_tilde = self.struck_from.is_some();
                return Some(2);
            }
            '*' if rest.starts_with("**") => return Some(2),
            // As JSON and program text write them.
            '\\' => match rest.as_bytes().get(1) {
                Some(b'n' | b'r') => {
                    self.end_line();
                    return Some(2);
                }
                Some(b't') => {
                    self.text.push('\t');
                    return Some(2);
                }
                _ => return Some(1),
            },
            '0'..='9' => {
                if let Some(length) = keycap(rest) {
                    let digits = rest.get(..length).unwrap_or_default();
                    self.number(digits.chars().filter(char::is_ascii_digit))?;
                    return Some(length);
                }
            }
            '\r' if rest.starts_with("\r\n") => return Some(1),
            _ => {}
        }
        self.put(c)?;
        Some(c.len_utf8())
    }

    fn put(&mut self, c: char) -> Option<()> {
        let code = u32::from(c);
        match c {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.end_line(),
            '\t' | ' '..='~' => self.text.push(c),
            '\u{2001}' | '\u{2003}' | '\u{3000}' => self.text.push_str("  "),
            '\u{2800}' => self.text.push(' '),
            _ if c.is_whitespace() => self.text.push(' '),
            '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => self.text.push('-'),
            '\u{335}'..='\u{338}' => self.strike_last(),
            '。' => self.text.push('.'),
            '、' => self.text.push(','),
            _ if is_invisible(code) => {}
            // What turns the order of signs around, steers, or was lost already.
            _ if c.is_control()
                || matches!(code, 0x202D | 0x202E | 0xFFF9..=0xFFFD | 0xE000..=0xF8FF | 0xE0000.. | 0xFDD0..=0xFDEF)
                || code & 0xFFFE == 0xFFFE =>
            {
                return None;
            }
            _ => match (plain_sign(code), enclosed(code)) {
                (Some(c), _) => self.text.push(c),
                (None, Some(number)) => self.number(number.to_string().chars())?,
                (None, None) => self.text.push(c),
            },
        }
        Some(())
    }

    /// A number that stands before an item of a list.
    fn number(&mut self, digits: impl Iterator<Item = char>) -> Option<()> {
        if self.text.chars().next_back().is_some_and(|before| !before.is_whitespace()) {
            self.text.push(' ');
        }
        for digit in digits.chain(['.', ' ']) {
            self.put(digit)?;
        }
        Some(())
    }

    fn end_line(&mut self) {
        /// A mailer breaks a line behind 75 signs; no shorter one ends for its sake.
        const SOFT: usize = 70;
        if self.text.len() - self.line_start >= SOFT && self.text.ends_with('=') {
            self.text.pop();
            return;
        }
        if self.is_tilde {
            self.strike(false);
        }
        self.text.push('\n');
        self.line_start = self.text.len();
    }

    fn strike(&mut self, on: bool) {
        if let Some(from) = self.struck_from.take() {
            self.struck.push(from..self.text.len());
        }
        self.is_tilde = false;
        self.struck_from = on.then_some(self.text.len());
    }

    fn strike_last(&mut self) {
        let end = self.text.len();
        let start = self.text.char_indices().next_back().map_or(end, |(at, _)| at);
        match self.struck.last_mut() {
            _ if self.struck_from.is_some() => {}
            Some(last) if last.end >= start => last.end = end,
            Some(_) | None => self.struck.push(start..end),
        }
    }

    /// Takes a tag of HTML; `None` when it is none. `<abcd-2345>` may be a code.
    fn tag(&mut self, rest: &str) -> Option<usize> {
        if rest.starts_with("<!--") {
            return Some(rest.find("-->").map_or(rest.len(), |at| at + 3));
        }
        let inner = rest.get(1..)?;
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let inner = inner.strip_prefix('!').unwrap_or(inner);
        let name = inner.get(..inner.find(|c: char| !c.is_ascii_alphanumeric())?)?;
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        let is_block = is(&BLOCKS);
        if !is_block && !is(&INLINE) {
            return None;
        }
        // No tag is longer; it also keeps a page of nothing but `<` from costing more than its length.
        let mut limit = rest.len().min(1024);
        while !rest.is_char_boundary(limit) {
            limit -= 1;
        }
        let length = rest.get(..limit)?.find('>')? + 1;
        let tag = rest.get(..length)?;
        if !is_end && is(&["script", "style"]) {
            return Some(rest.find("</").map_or(rest.len(), |at| at.max(length)));
        }
        if is(&["td", "th"]) {
            self.text.push(if is_end { ' ' } else { '\t' });
        } else if is(&["s", "del", "strike"]) {
            self.strike(!is_end);
        } else if is(&["input"]) && tag.contains("checkbox") {
            self.text.push(if tag.contains(" checked") { CHECKED } else { BOX });
        } else if is_block {
            self.end_line();
        }
        Some(length)
    }
}

/// The line of `text`, from 1, in which the byte `at` stands.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    1 + before.bytes().filter(|byte| *byte == b'\n').count()
        + before.split('\r').skip(1).filter(|rest| !rest.starts_with('\n')).count()
}

/// Tags that end a line.
const BLOCKS: [&str; 33] = [
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "thead",
    "tbody",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "hr",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "nav",
    "form",
    "blockquote",
    "html",
    "body",
    "title",
    "head",
];
const INLINE: [&str; 26] = [
    "td", "th", "a", "b", "i", "u", "em", "strong", "span", "code", "tt", "kbd", "samp", "font", "small", "mark",
    "input", "img", "s", "del", "strike", "script", "style", "meta", "link", "doctype",
];

/// `&nbsp;`, `&#160;`, `&#xA0;` and those that stand near codes.
fn entity(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(10).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let c = match name {
        "nbsp" | "ensp" | "thinsp" => ' ',
        "emsp" => '\u{2003}',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "bull" => '•',
        "middot" => '·',
        "ndash" | "mdash" | "minus" => '-',
        "shy" | "zwnj" | "zwj" => '\u{ad}',
        "check" => '✓',
        "cross" => '✗',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = number
                .strip_prefix(['x', 'X'])
                .map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(number)?
        }
    };
    Some((c, end + 1))
}

/// `[ ]`, `[]`, `( )` and `[x]`, `[✓]` with the length.
fn check_box(rest: &str) -> Option<(char, usize)> {
    let close = if rest.starts_with('[') { ']' } else { ')' };
    let end = rest.char_indices().skip(1).take(7).find(|(_, c)| *c == close)?.0;
    match rest.get(1..end)?.trim() {
        "" | "&nbsp;" => Some((BOX, end + 1)),
        "x" | "X" | "*" | "✓" | "✔" | "✗" | "✘" | "√" => Some((CHECKED, end + 1)),
        _ => None,
    }
}

/// The length of digits in the frame of a key, one or more.
fn keycap(rest: &str) -> Option<usize> {
    let mut length = 0;
    while let Some(after) =
        rest.get(length + 1..).filter(|_| rest.as_bytes().get(length).is_some_and(u8::is_ascii_digit))
    {
        let shown = after.strip_prefix('\u{fe0f}').unwrap_or(after);
        let Some(after) = shown.strip_prefix('\u{20e3}') else { break };
        length = rest.len() - after.len();
    }
    (length > 0).then_some(length)
}

fn is_invisible(code: u32) -> bool {
    matches!(code, 0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180E | 0x200B..=0x200F | 0x202A..=0x202C
        | 0x2060..=0x206F | 0x20E3 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0)
}

/// Full-width signs, and the digits of scripts that are in use.
fn plain_sign(code: u32) -> Option<char> {
    const ZEROS: [u32; 19] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20,
        0x1040, 0x17E0, 0x1810, 0xFF10,
    ];
    let digit = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10));
    if let Some(digit) = digit {
        return char::from_digit(digit, 10);
    }
    (0xFF01..=0xFF5E).contains(&code).then(|| char::from_u32(code - 0xFEE0)).flatten()
}

/// The number in a circle, in brackets, or with a full stop, that is one sign.
fn enclosed(code: u32) -> Option<u32> {
    Some(match code {
        0x2460..=0x2473 => code - 0x2460 + 1,
        0x2474..=0x2487 => code - 0x2474 + 1,
        0x2488..=0x249B => code - 0x2488 + 1,
        0x24EB..=0x24F4 => code - 0x24EB + 11,
        0x24F5..=0x24FE => code - 0x24F5 + 1,
        0x2776..=0x277F => code - 0x2776 + 1,
        0x2780..=0x2789 => code - 0x2780 + 1,
        0x278A..=0x2793 => code - 0x278A + 1,
        0x3251..=0x325F => code - 0x3251 + 21,
        0x32B1..=0x32BF => code - 0x32B1 + 36,
        0x1F51F => 10,
        0x24EA | 0x24FF => 0,
        _ => return None,
    })
}

/// Whether a sign belongs to the letter before it.
pub(super) fn is_mark(c: char) -> bool {
    is_combining_mark(c)
}
