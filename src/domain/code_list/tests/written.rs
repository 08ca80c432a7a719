//! Lists that are written at random are read back, or asked about; nothing makes the reader stumble.

use super::*;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A sign for each `*`.
    fn code(&mut self, shape: &str, alphabet: &str) -> String {
        let signs: Vec<char> = alphabet.chars().collect();
        shape.chars().map(|c| if c == '*' { signs[self.below(signs.len())] } else { c }).collect()
    }
}

const SHAPES: [(&str, &str); 15] = [
    ("********", "0123456789"),
    ("****** ", "0123456789"),
    ("***************", "0123456789"),
    ("**** ****", "0123456789"),
    ("*** *** ***", "0123456789"),
    ("*****-*****", "0123456789abcdef"),
    ("***** *****", "0123456789abcdef"),
    ("****************", "0123456789abcdef"),
    ("********", "abcdefghijklmnopqrstuvwxyz234567"),
    ("****-****-****", "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    ("**** **** **** ****", "ABCDEFGHJKLMNPQRSTUVWXYZ234567"),
    ("**********-**********", "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"),
    ("****************", "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    ("****-****-**", "abcdefghijklmnopqrstuvwxyz0123456789"),
    ("*****-*****-*****-*****-*****", "ABCDEFGHJKLMNPQRSTUVWXYZ123456789"),
];

/// A list of codes as some service or person writes it: the text, the codes, and which are used.
fn written(dice: &mut Dice) -> (String, Vec<String>, Vec<bool>) {
    let (shape, alphabet) = SHAPES[dice.below(SHAPES.len())];
    let count = 1 + dice.below(16);
    let codes: Vec<String> = (0..count).map(|_| dice.code(shape.trim(), alphabet)).collect();
    let marks = dice.of(&[
        &["", ""][..],
        &["", " ✓"],
        &["", " used"],
        &["☐ ", "☑ "],
        &["", " (benutzt am 3.4.)"],
        &["[ ] ", "[x] "],
    ]);
    // Where all are ticked, a tick says nothing.
    let used: Vec<bool> = (0..count).map(|at| !marks[1].is_empty() && at % 3 == 1).collect();
    let label = dice.of(&[
        "",
        "",
        "",
        "N. ",
        "N) ",
        "N: ",
        "(N) ",
        "[N] ",
        "#N ",
        "0N. ",
        "N - ",
        "•\u{a0}",
        "- ",
        "* ",
        "`",
        "\"",
        "~~",
        "Code N: ",
    ]);
    let columns = if marks[0].is_empty() { 1 + dice.below(3) } else { 1 };
    let gap = dice.of(&["    ", "\t", "  ", " | ", ", "]);
    let is_by_column = label.contains('N') && dice.below(2) == 0;
    let rows = count.div_ceil(columns);
    let item = |at: usize| {
        let mark = marks[usize::from(used[at])];
        let label = label.replace('N', &(at + 1).to_string());
        let end = if ["`", "\"", "~~"].contains(&label.as_str()) { label.as_str() } else { "" };
        if mark.starts_with(' ') || mark.is_empty() {
            format!("{label}{}{end}{mark}", codes[at])
        } else {
            format!("{label}{mark}{}{end}", codes[at])
        }
    };
    let mut lines: Vec<String> = Vec::new();
    for row in 0..rows {
        let of_row: Vec<usize> = (0..columns)
            .map(|column| if is_by_column { column * rows + row } else { row * columns + column })
            .filter(|at| *at < count)
            .collect();
        lines.push(of_row.into_iter().map(item).collect::<Vec<_>>().join(gap));
    }
    let before = dice.of(&[
        "",
        "",
        "Backup codes\n\n",
        "Your recovery codes (generated 2026-11-28 12:30):\n",
        "SAVE THESE CODES!\n---\n",
    ]);
    let after = dice.of(&[
        "",
        "\n",
        "\n\nEach code works once. Need more? See https://example.org/2fa\n",
        "\n\nPrinted on: Nov 28, 2026.\n",
    ]);
    let end = dice.of(&["\n", "\r\n", "\n\n"]);
    let text = format!("{before}{}{after}", lines.join(end));
    let text = match dice.below(9) {
        0 => text.lines().map(|line| format!("> {line}\n")).collect::<Vec<_>>().concat(),
        1 => text.replace(' ', "\u{a0}"),
        2 => text.lines().map(|line| format!("<p>{}</p>\n", line.replace(' ', "&nbsp;"))).collect::<Vec<_>>().concat(),
        3 => text.replace('\n', "<br>"),
        4 => format!("\u{feff}{}", text.replace('-', "-\u{200b}")),
        5 => text.replace('-', "\u{2011}"),
        6 => text.lines().map(|line| format!("  {line}  \r")).collect::<Vec<_>>().concat(),
        _ => text,
    };
    // What is struck through was used.
    let used = if label == "~~" { vec![true; count] } else { used };
    (text, codes, used)
}

#[test]
fn what_was_written_is_read_back_or_asked_about() {
    let mut dice = Dice(7);
    let mut asked = 0;
    for round in 0..4000 {
        let (text, codes, used) = written(&mut dice);
        let mut answers = Answers::default();
        let groups = codes[0].split(' ').count();
        for _ in 0..6 {
            let list = match read(&text, &answers) {
                Ok(list) => list,
                // Letters only, beside digits or a note: as well words.
                Err(ListError::NoCodes) if codes.len() < 3 => break,
                Err(error) => panic!("{round}: {error}\n{text}"),
            };
            match list.doubt {
                None => {
                    let found: Vec<&str> = list.codes.iter().map(|code| code.text.reveal()).collect();
                    let marks: Vec<bool> = list.codes.iter().map(|code| code.is_used).collect();
                    assert_eq!(
                        (found, marks),
                        (codes.iter().map(String::as_str).collect(), used.clone()),
                        "{round}:\n{text}"
                    );
                    break;
                }
                Some(Doubt::Parts(_)) => answers.part = Some(ListPart::All),
                Some(Doubt::Others { with, .. }) => answers.others = Some(with == codes.len()),
                Some(Doubt::Lines(_)) => answers.lines = Some(1),
                Some(Doubt::Spaces(_)) => answers.groups = Some(groups),
                Some(Doubt::Likeness(_)) => answers.is_code = Some(true),
                Some(Doubt::Notes { .. }) => answers.notes = Some(false),
                Some(Doubt::Missing { numbers }) => panic!("{round}: missing {numbers:?}\n{text}"),
                Some(Doubt::Count { .. }) => panic!("{round}: no count was named\n{text}"),
            }
            asked += 1;
        }
        let Ok(list) = read(&text, &Answers { count: Some(codes.len()), ..Answers::default() }) else { continue };
        let found: Vec<&str> = list.codes.iter().map(|code| code.text.reveal()).collect();
        assert!(list.doubt.is_some() || codes.iter().eq(found.iter()), "{round} with its count:\n{text}\n{found:?}");
    }
    assert!(asked < 2000, "{asked} questions");
}

#[test]
fn nothing_makes_it_panic() {
    let signs: Vec<char> =
        "0123456789abcXYZ -–.,:;()[]{}<>|/\\\"'`~*_=+#&!?\n\r\t•✓☐①٣\u{336}\u{301}\u{200d}\u{3000}é中使用済み😀３．"
            .chars()
            .collect();
    let parts = [
        "0318 4471",
        "a1b2c-d3e4f",
        "used",
        "<li>",
        "&nbsp;",
        "1.",
        "**",
        "~~",
        "[ ]",
        "=\n",
        "-\n",
        "<!--",
        "\u{20e3}",
        "http://",
        "Code",
        "1️⃣",
    ];
    let mut dice = Dice(11);
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..dice.below(60) {
            if dice.below(3) == 0 {
                text.push_str(dice.of(&parts));
            } else {
                text.push(signs[dice.below(signs.len())]);
            }
        }
        let answers = Answers {
            count: [None, Some(dice.below(4))][dice.below(2)],
            part: [None, Some(ListPart::All), Some(ListPart::Only(dice.below(3)))][dice.below(3)],
            others: [None, Some(true), Some(false)][dice.below(3)],
            lines: [None, Some(dice.below(4))][dice.below(2)],
            groups: [None, Some(dice.below(4))][dice.below(2)],
            missing: [None, Some(true), Some(false)][dice.below(3)],
            is_code: [None, Some(true), Some(false)][dice.below(3)],
            notes: [None, Some(true), Some(false)][dice.below(3)],
        };
        if let Ok(list) = read(&text, &answers) {
            assert!(!list.codes.is_empty() && list.codes.iter().all(|code| !code.text.reveal().is_empty()), "{text:?}");
        }
    }
}

#[test]
fn the_longest_texts_are_read_to_the_end() {
    for part in [
        "a",
        "1",
        "-",
        "=",
        " ",
        "\t",
        ".",
        "<",
        "<b",
        "<b ",
        "<!",
        "&",
        "&#",
        "[",
        "[ ]",
        "1.",
        "1 2 ",
        "#",
        "\n",
        "a\u{301}",
        "0\u{336}",
        "~~",
        "**",
        "12345678\n",
        "1234 ",
        "12345678 ",
        "12345678,",
        "used ",
        "1. a1b2c-d3e4f\n",
        "a1b2c-d3e4f used by Tom\n",
        "12345678-\n",
        "a.",
        "a:",
        "a-",
        "a/",
        "1/",
        "<script>",
        "</",
        "\u{1f600}",
        "中",
        "\"",
        "\"12345678\"\n",
        "Word ",
        "word\n",
        "x1 ",
        "- \n",
        "1️⃣",
        "heading\n12345678\n",
        "a1b2 c3d4\nword word\n",
    ] {
        let text = part.repeat(TEXT_LIMIT / part.len());
        let _ = read(&text, &Answers::default());
        assert_eq!(read(&format!("{text}{part}x"), &Answers::default()).unwrap_err(), ListError::Long, "{part:?}");
    }
    assert_eq!(read(&"1".repeat(1 << 20), &Answers::default()).unwrap_err(), ListError::Long);
}
