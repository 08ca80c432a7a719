//! Two thousand hostile labels in every field of keys, vaults and accounts, through every screen that shows them and through the
//! prompts: nothing of them steers the terminal, turns the order of letters, or hides. The exports have the same in `exports`.

use conclave::domain::inventory::{Contents, account_id};
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::domain::text::Safe;
use conclave::snapshot::v1::model::Snapshot;
use conclave::ui::key::Key;
use conclave::ui::widgets::{beside, broken, columns, fit, fit_end, put, signs, wrapped};
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use serde_json::{Value, json};

use crate::support::desk::Desk;
use crate::support::hostile::{hostile_labels, hostile_notes, is_unwanted};
use crate::support::*;

const SIZE: (u16, u16) = (80, 24);
const PRIVATE: &str = "0000000000000000000000000000000000000000000000000000000000000001";
const PUBLIC: &str = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

/// A backup in which these labels stand in every field that takes text.
fn backup_of(labels: &[String]) -> (Snapshot, Vec<Phrase>) {
    let notes = hostile_notes();
    let (mut keys, mut vaults, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    for (number, label) in labels.iter().enumerate() {
        let note = &notes[number % notes.len()];
        keys.push(json!({"id": label, "name": label, "key_type": "ECDSA_SECP256K1", "public_key": PUBLIC,
            "shares": [{"party": label, "value": PRIVATE}], "more": label}));
        vaults.push(json!({"id": label, "name": label, "chain": label, "address": label, "key_id": label,
            "path": label, "public_key": label, "more": label}));
        vaults.push(json!({"id": format!("known {number}"), "name": label, "chain": "ethereum", "address": label,
            "key_id": labels[0], "path": "m"}));
        accounts.push(json!({"service": label, "login": label, "owners": [label], "kind": "single-use",
            "codes": [label, format!("{number}")], "used": [label], "saved": "2026-01-01T00:00:00Z", "note": note}));
    }
    for items in [&mut keys, &mut vaults] {
        items.sort_by_key(|item: &Value| item["id"].as_str().unwrap().to_owned());
        items.dedup_by_key(|item| item["id"].as_str().unwrap().to_owned());
    }
    // Labels that differ only in what an account's id leaves out name one account.
    let mut ids = std::collections::BTreeSet::new();
    accounts.retain(|item| {
        let text = |name: &str| item[name].as_str().unwrap();
        ids.insert(account_id(text("service"), text("login")))
    });
    let contents = json!({"format": "conclave-contents", "version": 1, "organization": labels[0],
        "keys": keys, "vaults": vaults, "accounts": accounts});
    let records = Contents::read(Kind::Organization, contents.to_string().as_bytes()).unwrap();
    found(plan(2, 2), records, &CheapKdf, &mut Seeded::new("hostile"))
}

/// The screen as it is now: nothing unwanted in any cell, and only allowed sequences on the way to a terminal.
#[track_caller]
fn check(desk: &mut Desk, frames: &mut usize) {
    let (columns, rows) = SIZE;
    desk.app.on_resize(columns, rows);
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    desk.app.draw(area, &mut buffer);
    for cell in &buffer.content {
        assert!(!cell.symbol().chars().any(is_unwanted), "{:?} is on the screen", cell.symbol());
        assert!(cell.symbol().chars().count() <= 8, "a tower: {:?}", cell.symbol());
    }
    // What goes out to a terminal now and then: all of it would take long.
    if frames.is_multiple_of(50) {
        let mut log = Vec::new();
        let look = conclave::ui::terminal::Look { is_ascii: frames.is_multiple_of(100), ..Default::default() };
        let mut console = conclave::ui::terminal::Cells::new(&mut log, look, SIZE);
        let cells = buffer.content.iter().enumerate();
        let placed = cells.map(|(index, cell)| {
            let (x, y) = buffer.pos_of(index);
            (x, y, cell)
        });
        console.draw(placed).unwrap();
        Backend::flush(&mut console).unwrap();
        drop(console);
        is_allowed(&String::from_utf8(log).unwrap());
    }
    *frames += 1;
}

/// Positions, erasing, colours, and the cursor: no other sequence and no other control.
#[track_caller]
fn is_allowed(log: &str) {
    let mut rest = log;
    while let Some(at) = rest.find(|c: char| c.is_control()) {
        let sequence = &rest[at..];
        assert!(sequence.starts_with("\x1b["), "{:?}", &sequence[..sequence.len().min(20)]);
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        let last = sequence.as_bytes()[end];
        assert!(b"HmJKhl".contains(&last), "{:?}", &sequence[..=end]);
        rest = &sequence[end + 1..];
    }
}

#[test]
fn no_label_reaches_a_screen_as_anything_but_letters() {
    let labels = hostile_labels();
    assert_eq!(labels.len(), 2_000);
    let (mut frames, mut looked_into) = (0, 0);
    for labels in labels.chunks(250) {
        let (snapshot, phrases) = backup_of(labels);
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().open_with(&phrases, &[1, 2]);
        check(&mut desk, &mut frames);
        // Every list by pages, and every item from inside, its last line too.
        for count in [labels.len(), 2 * labels.len(), labels.len()] {
            for place in 0..count {
                check(&mut desk, &mut frames);
                desk.key(Key::Enter);
                check(&mut desk, &mut frames);
                desk.key(Key::End);
                check(&mut desk, &mut frames);
                // A code or a note that is shown is a label as well.
                if place % 10 == 0 {
                    desk.key(Key::Enter);
                    check(&mut desk, &mut frames);
                    desk.key(Key::Up).press("q");
                    check(&mut desk, &mut frames);
                    desk.key(Key::Esc);
                }
                desk.key(Key::Esc).key(Key::Down);
                looked_into += 1;
            }
            desk.key(Key::Right);
        }
        // What does not check, the keys to derive from, and what is said before an export.
        desk.is("Recovered", "[About");
        for _ in 0..30 {
            desk.key(Key::Down);
            check(&mut desk, &mut frames);
        }
        desk.press("n");
        for _ in 0..20 {
            check(&mut desk, &mut frames);
            desk.key(Key::PageDown);
        }
        desk.key(Key::Esc).press("e").key(Key::Enter);
        check(&mut desk, &mut frames);
    }
    eprintln!("{looked_into} items, {frames} frames");
    assert!(looked_into >= 7_900 && frames > 20_000);
}

/// What is drawn of a text in one row of that width.
fn drawn(text: &str, width: usize) -> String {
    let area = Rect::new(0, 0, u16::try_from(width).unwrap(), 1);
    let mut buffer = Buffer::empty(area);
    let end = put(area, 0, 0, text, Style::new(), &mut buffer);
    assert_eq!(usize::from(end), columns(text), "{text:?}");
    let (mut row, mut x) = (String::new(), 0);
    while x < area.width {
        let symbol = buffer[(x, 0)].symbol();
        assert!(symbol.chars().count() <= 8, "a tower: {symbol:?}");
        row.push_str(symbol);
        x += u16::try_from(columns(symbol)).unwrap().max(1);
    }
    row
}

/// The texts as they came and as they are shown: the labels, the notes, long words, and many spaces.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = hostile_labels().into_iter().chain(hostile_notes()).collect();
    texts.extend(["x".repeat(5_000), " ".repeat(5_000), format!("a{}b", " ".repeat(300)), "\n".repeat(300)]);
    texts.extend(["word ".repeat(1_000), "鍵 ".repeat(1_000), "\u{1100}".repeat(5_000), " \n ".repeat(99)]);
    let shown: Vec<String> = texts.iter().map(|text| Safe(text).to_string()).collect();
    texts.into_iter().chain(shown).collect()
}

#[test]
fn every_text_is_broken_into_rows_that_fit_and_nothing_of_it_is_lost() {
    let without_spaces = |text: &str| text.replace(|c: char| c == ' ' || c.is_control(), "");
    for (number, text) in texts().iter().enumerate() {
        let most = text.chars().count() + 1;
        // All widths for some texts, some for all.
        let narrow = if number % 20 == 0 { 25 } else { 3 };
        for width in (0..narrow).chain([60, 80]) {
            let rows: Vec<&str> = broken(text, width).take(most + 1).collect();
            assert!(rows.len() <= most, "{width}: {text:?}");
            let wide = if width < 2 { 2 } else { width };
            assert!(rows.iter().all(|row| columns(row) <= wide), "{width}: {text:?}");
            assert_eq!(without_spaces(&rows.concat()), without_spaces(text), "{width}: {text:?}");
        }
    }
}

#[test]
fn what_was_counted_is_what_is_drawn() {
    for text in texts().iter().map(|text| Safe(text).to_string()).step_by(3) {
        let text = text.as_str();
        for width in [1, 2, 7, 60] {
            for row in broken(text, width).filter(|row| columns(row) <= width).take(40) {
                let signs: String = signs(row).map(|(sign, _)| sign).collect();
                assert_eq!(drawn(row, width).trim_end(), signs.trim_end(), "{width}: {row:?}");
            }
            for cut in [fit(text, width), fit_end(text, width), beside(&fit(text, width), "more", width)] {
                assert!(columns(&cut) <= width, "{width}: {text:?}");
            }
        }
    }
}

/// Not a letter of what [`Safe`] shows is left out when it is drawn, whatever stands before and behind it.
#[test]
fn every_character_is_drawn_as_it_is_or_written_out() {
    let mut lost = Vec::new();
    // One sign of Khmer takes three columns.
    let widest = 3;
    for c in '\0'..=char::MAX {
        for text in [c.to_string(), String::from_iter([c; 6]), format!("a{c}b {c}"), format!("\u{1100}{c}가{c}각{c}")]
        {
            let shown = Safe(&text).to_string();
            let signs: Vec<(&str, usize)> = signs(&shown).collect();
            let is_whole = signs.iter().map(|(sign, _)| *sign).collect::<String>() == shown;
            if !is_whole || signs.iter().any(|(sign, columns)| *columns > widest || sign.chars().count() > 8) {
                lost.push(format!("{:x}", u32::from(c)));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join(" "));
}

/// A frame is drawn dozens of times a minute, also while somebody types.
#[test]
fn texts_of_any_length_are_drawn_in_no_time() {
    let area = Rect::new(0, 0, 60, 20);
    let mut buffer = Buffer::empty(area);
    for piece in ["…", "鍵", "\u{1100}", "e\u{301}", "word ", "🇩🇪", "x", " "] {
        let text = piece.repeat(1_000_000);
        let begin = std::time::Instant::now();
        wrapped(area, 0, &text, Style::new(), &mut buffer);
        put(area, 0, 0, &text, Style::new(), &mut buffer);
        assert!(begin.elapsed().as_millis() < 2_000, "{piece}: {:?}", begin.elapsed());
    }
}
