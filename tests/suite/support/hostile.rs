//! Labels as somebody might seal them who wants a screen, a printer, a spreadsheet or a reader of XML to go wrong.

use std::collections::BTreeSet;

/// How many labels there are.
pub const LABELS: usize = 2000;

/// Pieces that do harm somewhere.
const PIECES: &[&str] = &[
    // Terminals.
    "\u{1b}[2J",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{9b}31m",
    "\u{1b}(0",
    "\u{8}\u{8}\u{8}",
    "\u{7}",
    "\u{c}",
    "\u{b}",
    "\u{7f}",
    "\u{90}",
    "\u{9d}",
    "\u{1b}[6n",
    "\u{1b}c",
    // Letters in another order, and letters nobody sees.
    "\u{202e}gpj.exe",
    "\u{2066}a\u{2067}b\u{2069}",
    "\u{200f}",
    "\u{200e}",
    "\u{61c}",
    "\u{202a}\u{202b}\u{202c}\u{202d}",
    "\u{200b}",
    "\u{200c}\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{34f}",
    "\u{180e}",
    "\u{3164}",
    "\u{115f}",
    "\u{ffa0}",
    "\u{fe0f}",
    "\u{e0100}",
    "\u{e0041}",
    "\u{e007f}",
    "\u{1d173}",
    "\u{1bca0}",
    "\u{fff9}a\u{fffb}",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "\u{e000}",
    "\u{10fffd}",
    // Spaces that look like another one, or like nothing.
    "\u{a0}",
    "\u{1680}",
    "\u{2003}",
    "\u{200a}",
    "\u{202f}",
    "\u{205f}",
    "\u{2800}",
    "\u{3000}",
    "a\u{3000}b",
    // What joins without end, what has no letter to stand on, and what a program that cuts text may cut wrong.
    "…",
    "… ",
    "\u{301}",
    "\u{1161}",
    "\u{1100}",
    "\u{1100}\u{1161}\u{11a8}",
    "\u{11a8}",
    "\u{915}\u{94d}",
    "\u{93f}",
    "\u{600}",
    "\u{e33}",
    "\u{ff76}\u{ff9e}",
    "\u{ff9e}",
    "🇩",
    "🇩🇪🇫🇷🇯🇵",
    "👍\u{1f3fd}",
    "\u{1f3fd}",
    "👩\u{200d}🚀",
    "1\u{fe0f}\u{20e3}",
    "鍵 a",
    // What no XML holds.
    "\0",
    "\u{1}",
    "\u{1f}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{1ffff}",
    "\u{fdd0}",
    "]]>",
    "<!--",
    "&#0;",
    "&lt;",
    "<Entry>",
    "</String>",
    "&",
    // Spreadsheets.
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://x\",\"y\")",
    "＝1＋1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u{a0}=1",
    "\u{3000}@1",
    ";=1",
    ";\"=1",
    "|=1",
    "\"=1\"",
    "'=1",
    "%0A-1",
    "\",=1,\"",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    "\r\n",
    "\n",
    "\r",
    "\t",
    // Names that are only unusual, or very wide, or very high.
    "Zoë",
    "鍵と金庫",
    "😀",
    "👩\u{200d}👩\u{200d}👧",
    "🇩🇪",
    "ﷺ",
    "𒐫",
    "꧅",
    "ẞ",
    "İ",
    "Ⅷ",
    "\u{1112}\u{1161}\u{11ab}",
    "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
    "e\u{20dd}",
    "क्षि",
    "שלום",
    "مرحبا",
    "раураl",
    "ｆｕｌｌ",
    "\u{fffd}",
    "\u{fffc}",
    " ",
    "  ",
    ".",
    "..",
    "/",
    "\\",
    "../../etc/passwd",
    "C:\\CON",
    "{{7*7}}",
    "${HOME}",
    "$(id)",
    "`id`",
    "%s%n",
    "{}",
    "null",
    "NaN",
    "undefined",
    "1e309",
    "0x1",
    "-0",
    "__proto__",
    "<script>alert(1)</script>",
    "Private Key",
    "Notes",
    "Title",
    "page 1 of 1",
    "TRAINING",
    "<U+202E>",
];

/// Each of 1 to 256 characters, none twice, the same in every run.
pub fn hostile_labels() -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut labels = Vec::with_capacity(LABELS);
    let mut add = |label: String| {
        let label: String = label.chars().take(256).collect();
        if labels.len() < LABELS && known.insert(label.clone()) {
            labels.push(label);
        }
    };
    for piece in PIECES {
        for label in [
            (*piece).to_owned(),
            format!("Vault {piece}"),
            format!("{piece} 7"),
            format!(" {piece}"),
            piece.repeat(256),
        ] {
            add(label);
        }
    }
    add(format!("e{}", "\u{301}".repeat(255)));
    add("\u{489}".repeat(256));
    add("x".repeat(256));
    add("鍵".repeat(256));
    // Marsaglia's xorshift: any mixture will do.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap()
    };
    for _ in 0..10 * LABELS {
        let pieces = 2 + below(6);
        add((0..pieces).map(|_| PIECES[below(PIECES.len())]).collect());
    }
    assert_eq!(labels.len(), LABELS);
    labels
}

/// Notes of up to 4,096 characters: towers of marks, and many lines.
pub fn hostile_notes() -> Vec<String> {
    vec![
        format!("tower{}", "\u{301}\u{489}".repeat(2045)),
        "line\n".repeat(819),
        "\r\n\u{2028}\u{85}".repeat(1000),
        "=1\n".repeat(1000),
        "no space at all".replace(' ', "").repeat(300),
        "\u{1b}[2J".repeat(1000),
    ]
}

/// Whether a character steers a terminal or a printer, turns the order of letters, or is one that nobody sees. Line feeds too.
pub fn is_unwanted(c: char) -> bool {
    let is_noncharacter = u32::from(c) & 0xFFFE == 0xFFFE || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    let is_control = c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c) || matches!(c, '\u{2028}' | '\u{2029}');
    let is_bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_invisible = matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    // That of Japanese is one between letters, and nothing at an end.
    let is_odd_space =
        matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}');
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    is_noncharacter || is_control || is_bidi || is_invisible || is_odd_space || is_private
}
