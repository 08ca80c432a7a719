//! Codes of accounts with the real program on a pseudo-terminal, from the circle to the last mark.

use std::fs;
use std::path::PathBuf;

use conclave::domain::phrase::Phrase;

use crate::support::ENGLISH;
use crate::support::terminal::{DOWN, F10, Terminal};
use crate::support::written_down;

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, arguments: &[&str]) -> Terminal {
        Terminal::of_program(self.folder.path(), arguments, &[], (80, 24))
    }

    /// One owner's phrase, from the question for a card to the account that the command line named.
    fn at_account(&self, file: &str, phrase: &Phrase) -> Terminal {
        let mut console = self.start(&["codes", "use", file, "--service", "github"]);
        console.wait_screen("Open").wait_until("a question", |screen| {
            screen.contains("Fingerprint word") || screen.contains("lies beside it")
        });
        // This copy alone.
        if console.text().contains("lies beside it") {
            console.press(" ").wait("[ ]").enter();
        }
        console.wait("Fingerprint word").press("none\r").wait_screen("Hand-over").sit_down();
        console.wait_screen("Phrase").press(&phrase.reveal_words().join(" ")).press("\r");
        console.wait_screen("Verified").enter().wait_screen("Recovered").wait("account: GitHub");
        console
    }
}

fn leave(mut console: Terminal) {
    console
        .press("\x1b")
        .wait("[Accounts 1]")
        .press(F10)
        .wait("Wipe and leave?")
        .press("y")
        .wait_screen("Record")
        .wait("Wiped.")
        .enter();
    assert_eq!(console.end(), 0);
    console.is_as_before();
}

/// Marks the code that is shown, in a new file.
fn mark(console: &mut Terminal, name: &str) {
    console.wait("it was used: mark it").press("u").wait_screen("Codes").wait("Where").enter();
    console.wait("Name").press(&format!("\x15{name}\r")).wait("Marked as used: a code of GitHub").enter();
    console.wait_screen("Recovered");
}

fn circle(room: &Room) -> Vec<Phrase> {
    std::fs::write(room.folder.path().join("owners.csv"), "Ann\nBen <ben@example.org>\n").unwrap();
    let what = ["codes", "create", "--organization", "Cellar", "--purpose", "training", "--owners", "owners.csv"];
    let mut console = room.start(&[&what[..], &["--email", "Codes <codes@example.org>"]].concat());
    console.wait_screen("Ceremony").wait("Organization: Cellar").press("\r").wait("> training").press("\r");
    console.wait("Who asks").press("Connie\r").wait("2  Ben <ben@example.org>").press("Joe\r").wait("3  Joe");
    console.press("\r").wait("Address: codes@example.org").press("\r");
    console.wait("Where is it written?").press("\r").wait("In which new folder?");
    console.press("\r").wait("Each of the 3 opens it alone").press("\r").wait("0 of 3 confirmed");
    let mut phrases = Vec::new();
    for number in 1..=3 {
        console.enter().sit_down().wait(&format!("Request to owner {number} ")).enter();
        console.wait(&format!("Phrase of owner {number} ")).wait("12. ").wait("I have written it down");
        phrases.push(written_down(&console.text(), ENGLISH));
        let words = phrases[number - 1].reveal_words();
        console.enter().wait("1. I have").press("y").wait("2. I will").press("y").wait("3. I share").press("y");
        console.wait_screen("Phrase").press(&words.join(" ")).press("\r").wait(&format!("Confirmed: owner {number} "));
    }
    console.enter().wait("This is a backup").wait("Key of owner 3 (Joe) is part of the backup");
    console.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), 0);
    phrases
}

#[test]
fn a_circle_of_three_saves_reads_marks_and_unites() {
    let room = Room { folder: tempfile::tempdir().unwrap() };
    let phrases = circle(&room);
    let file = "conclave-backup/snapshot.json";
    for name in ["fingerprint.txt", "cards/2.txt"] {
        assert!(room.path("conclave-backup").join(name).exists(), "{name}");
    }
    // Ten codes, without a phrase: pasted for the account that the command line names.
    let card = "conclave-backup/fingerprint.txt";
    let order = ["codes", "add", file, "--service", "GitHub", "--login", "ops", "--fingerprint-file", card];
    let mut console = room.start(&order);
    console.wait_screen("Codes").wait("GitHub / ops").wait("How do the codes come here?");
    let ten: Vec<String> = (1..=10).map(|number| format!("{number}. {number:04}-77{number:02}\r")).collect();
    let ten = ten.concat();
    console.press(&format!("\x1b[200~{ten}\x1b[201~")).wait("10 codes. Compare them").wait("0010-7710");
    console
        .press("\r")
        .wait("Where")
        .enter()
        .wait("Name")
        .press("\x151\r")
        .wait("Saved: 10 codes for GitHub / ops.")
        .enter()
        .wait_screen("Record")
        .wait("Wiped.")
        .enter();
    assert_eq!(console.end(), 0);
    let log = String::from_utf8_lossy(&fs::read(room.path("1.json")).unwrap()).into_owned();
    assert!(!log.contains("0010-7710") && !log.contains("GitHub"));

    // Each owner alone reads them; the first uses one, the next sees that, and uses another one in another copy.
    let mut console = room.at_account("1.json", &phrases[0]);
    console.wait("10 of 10 codes left").wait("show this secret").press("y").wait("0001-7701");
    mark(&mut console, "a");
    console.wait("9 of 10 codes left");
    leave(console);
    let mut console = room.at_account("a.json", &phrases[1]);
    console.wait("9 of 10 codes left").wait("show this secret").press("y").wait("0002-7702");
    leave(console);
    let mut console = room.at_account("1.json", &phrases[1]);
    console.wait("10 of 10 codes left").press(DOWN).wait("show this secret").press("y").wait("0002-7702");
    mark(&mut console, "b");
    leave(console);
    let mut merge = room.start(&["codes", "merge", "a.json", "b.json", "--out", "c.json"]);
    assert_eq!(merge.end(), 0);
    let mut console = room.at_account("c.json", &phrases[2]);
    console.wait("8 of 10 codes left").wait("show this secret").press("y").wait("0003-7703");
    leave(console);

    // A stranger's phrase opens nothing.
    let mut console = room.start(&["codes", "show", "c.json", "--service", "GitHub"]);
    console.wait("Fingerprint word").press("none\r").wait_screen("Hand-over").sit_down().wait_screen("Phrase");
    console.press(&"abandon ".repeat(11)).press("about\r").wait("not a phrase of this backup");
}
