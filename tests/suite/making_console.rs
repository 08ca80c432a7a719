//! Backups made with the real program on a pseudo-terminal, and recovered with it; and what is left when it is killed.

use std::fs;
use std::path::PathBuf;

use conclave::domain::phrase::{Phrase, PhraseForm, WordCount};
use conclave::domain::wordlist::WordList;
use conclave::training::SAMPLES;

use crate::support::terminal::{DOWN, F10, HOME, Terminal};
use crate::support::{ENGLISH, files_below, no_phrase_in, recover, written_down};

const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];

/// A folder with an inventory, and a folder `stick` that is written to.
struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let room = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(room.path("inventory.json"), SAMPLES[0].expected).unwrap();
        fs::create_dir(room.path("stick")).unwrap();
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, arguments: &[&str]) -> Terminal {
        Terminal::of_program(self.folder.path(), arguments, &[], (80, 24))
    }

    /// From the start of the program to the board of requests.
    fn plan(&self, threshold: usize, count: usize, form: PhraseForm) -> Terminal {
        let mut console = self.start(&["backup", "--inventory", "inventory.json", "--export-dir", "stick"]);
        console.wait_screen("Ceremony").wait("Read: keys").press("\r").wait("Whose backup").press("\r");
        console.wait("What is it for").press(DOWN).press("\r").wait("Who asks").press("Connie\r").wait("Who are");
        for number in 1..=count {
            let name = format!("Holder {number}");
            console.press(&format!("{name}\r")).wait_until("the name in the list", |screen| {
                screen.lines().any(|line| line.trim_end().ends_with(&format!("{number}  {name}")))
            });
        }
        console.press("\r").wait("page 3").press(&format!("{threshold}\r"));
        if threshold == count {
            console.wait("one lost paper loses everything").press("\r");
        }
        console.wait("page 4").press("backup@example.org\r").wait("Where is it").press("\r").wait("new folder");
        console.press("\r").wait("page 5").press("m").wait("How are they named").press("\r").wait("How many words");
        let words = LENGTHS.iter().position(|words| *words == form.words.words()).unwrap();
        let list = WordList::ALL.iter().position(|list| *list == form.language).unwrap();
        console.press(HOME).press(&DOWN.repeat(words)).press("\r").wait("From which list");
        console.press(HOME).press(&DOWN.repeat(list)).press("\r").wait("Is all of this right?");
        console.press("\r").wait(&format!("0 of {count} confirmed"));
        console
    }
}

/// From the board: the request of the chosen one, the phrase, and what was copied of it.
fn see(console: &mut Terminal, number: usize, form: PhraseForm) -> Phrase {
    console.enter().sit_down().wait(&format!("Request to shareholder {number} ")).enter();
    console.wait(&format!("Phrase of shareholder {number} ")).wait(&format!("{}. ", form.words.words()));
    console.wait("I have written it down");
    written_down(&console.text(), form)
}

fn type_words(console: &mut Terminal, phrase: &Phrase) {
    console.wait_screen("Phrase").press(&phrase.reveal_words().join(" ")).press("\r");
}

fn confirm(console: &mut Terminal, number: usize, phrase: &Phrase) {
    console.enter().wait("1. I have").press("y").wait("2. I will").press("y").wait("3. I share").press("y");
    type_words(console, phrase);
    console.wait(&format!("Confirmed: shareholder {number} "));
}

fn gather(console: &mut Terminal, count: usize, form: PhraseForm) -> Vec<Phrase> {
    let copied = |number| {
        let phrase = see(console, number, form);
        confirm(console, number, &phrase);
        phrase
    };
    (1..=count).map(copied).collect()
}

/// Writes the file, and skips the medium.
fn seal(console: &mut Terminal, count: usize) {
    console.enter().wait("UNCONFIRMED").wait("skip this").press("k").wait("yes, skip it").press("k");
    console.wait(&format!("0 of {count} verified"));
}

fn made_and_recovered(threshold: usize, count: usize, language: WordList, words: u8) {
    let form = PhraseForm { language, words: WordCount::new(words).unwrap() };
    let room = Room::new();
    let mut console = room.plan(threshold, count, form);
    let phrases = gather(&mut console, count, form);
    seal(&mut console, count);
    let last = *phrases.last().unwrap().reveal_words().last().unwrap();
    for number in (1..=count).rev() {
        console.enter().sit_down();
        type_words(&mut console, &phrases[number - 1]);
        console.wait(&format!("verified: shareholder {number} "));
    }
    console.enter().wait("This is a backup").wait("is part of the backup");
    console.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), 0);
    console.is_as_before();
    assert!(!console.remains().contains(&format!(" {last} ")), "nothing is left on the terminal");
    let file = room.path("stick/conclave-backup/snapshot.json");
    let mut console = room.start(&["recover", file.to_str().unwrap()]);
    console.wait("Fingerprint word").press("none\r").wait_screen("Hand-over");
    for number in (1..=count).rev().take(threshold) {
        console.sit_down();
        type_words(&mut console, &phrases[number - 1]);
        console.wait_until("the answer", |screen| screen.starts_with(" Hand-over") || screen.starts_with(" Quorum"));
    }
    console.open_wipe_and_leave();
    assert_eq!(console.end(), 0);
    // The same without screens, to the byte.
    let lines: Vec<String> = phrases.iter().take(threshold).map(|phrase| phrase.reveal_words().join(" ")).collect();
    fs::write(room.path("phrases.txt"), lines.join("\n")).unwrap();
    let out = room.path("contents.json");
    let done = recover(&file, &room.path("phrases.txt"), &out);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!(fs::read(&out).unwrap(), SAMPLES[0].expected);
}

#[test]
fn two_of_two_in_english() {
    made_and_recovered(2, 2, WordList::English, 12);
}

#[test]
fn two_of_three_in_spanish_with_twenty_four_words() {
    made_and_recovered(2, 3, WordList::Spanish, 24);
}

#[test]
fn three_of_five_in_french() {
    made_and_recovered(3, 5, WordList::French, 12);
}

#[test]
fn five_of_sixteen_in_english_with_twenty_four_words() {
    made_and_recovered(5, 16, WordList::English, 24);
}

/// What a killed program leaves: nothing that looks finished, no phrase, the inventory as it was.
fn left_behind(room: &Room, phrases: &[Phrase]) {
    assert_eq!(fs::read(room.path("inventory.json")).unwrap(), SAMPLES[0].expected);
    for path in files_below(room.folder.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(["inventory.json", "UNCONFIRMED-snapshot.json"].contains(&name.as_str()), "{name} is left");
    }
    no_phrase_in(room.folder.path(), &phrases.iter().collect::<Vec<_>>());
}

#[test]
fn a_program_that_is_killed_leaves_nothing_that_looks_finished() {
    for moment in 0..5 {
        let room = Room::new();
        let form = ENGLISH;
        let mut console = room.plan(2, 2, form);
        let mut phrases = Vec::new();
        if moment >= 1 {
            phrases.push(see(&mut console, 1, form));
        }
        if moment >= 2 {
            confirm(&mut console, 1, &phrases[0]);
            phrases.push(see(&mut console, 2, form));
            confirm(&mut console, 2, &phrases[1]);
        }
        if moment >= 3 {
            seal(&mut console, 2);
        }
        if moment >= 4 {
            for phrase in &phrases {
                console.enter().sit_down();
                type_words(&mut console, phrase);
                console.wait("verified: ");
            }
            console.wait("2 of 2 verified");
        }
        console.signal("KILL").exit_code();
        left_behind(&room, &phrases);
        assert_eq!(room.path(UNCONFIRMED).exists(), moment >= 3);
        if moment == 4 {
            finished(&room, &phrases);
        }
    }
}

const UNCONFIRMED: &str = "stick/conclave-backup/UNCONFIRMED-snapshot.json";

/// With the file that was left and the papers it is finished, after somebody tried once and left.
fn finished(room: &Room, phrases: &[Phrase]) {
    let start = || {
        let options = ["--inventory", "inventory.json", "--conductor", "Rita", "--export-dir", "stick"];
        let mut console = room.start(&[&["backup", "--resume", UNCONFIRMED], &options[..]].concat());
        console.wait("not confirmed").wait("Who asks: Rita").press("\r").wait("Full name of H. 1.: _").press("\r");
        console.wait("Full name of H. 2.: _").press("\r").wait("Nothing was changed yet").press("\r").wait("to type");
        console.enter().wait("skip this").press("k").wait("yes, skip it").press("k").wait("0 of 2 verified");
        console
    };
    let mut console = start();
    console.signal("TERM");
    assert_eq!(console.end(), 143);
    assert!(console.remains().contains("conclave backup --resume"), "{}", console.remains());
    let mut console = start();
    for (number, phrase) in [(2, &phrases[1]), (1, &phrases[0])] {
        console.enter().sit_down();
        type_words(&mut console, phrase);
        console.wait(&format!("verified: shareholder {number} "));
    }
    console.enter().wait("This is a backup").wait("Its contents are those of the inventory.");
    console.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), 0);
    assert!(!room.path(UNCONFIRMED).exists());
    let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ")).collect();
    fs::write(room.path("phrases.txt"), lines.join("\n")).unwrap();
    let (file, out) = (room.path("stick/conclave-backup/snapshot.json"), room.path("contents.json"));
    let done = recover(&file, &room.path("phrases.txt"), &out);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!(fs::read(&out).unwrap(), SAMPLES[0].expected);
}

#[test]
fn however_it_ends_the_terminal_says_what_the_papers_are_worth() {
    for end in ["TERM", "INT", "HUP", "^C^C"] {
        let room = Room::new();
        let mut console = room.plan(2, 2, ENGLISH);
        let phrase = see(&mut console, 1, ENGLISH);
        confirm(&mut console, 1, &phrase);
        let code = if end == "^C^C" {
            console.press("\x03").wait("1 phrase shown, 1 of 2 confirmed. If you leave now:").press("\x03");
            130
        } else {
            console.signal(end);
            [("TERM", 143), ("INT", 130), ("HUP", 129)].iter().find(|(name, _)| *name == end).unwrap().1
        };
        assert_eq!(console.end(), code, "{end}");
        console.is_as_before();
        let remains = console.remains();
        let said = remains.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("The phrases written today are void: write VOID on each paper."), "{end}: {remains}");
    }
}

#[test]
fn a_ceremony_that_came_to_no_file_leaves_no_folder() {
    let room = Room::new();
    let mut console = room.plan(2, 2, ENGLISH);
    assert!(room.path("stick/conclave-backup").is_dir());
    console.signal("TERM");
    assert_eq!(console.end(), 143);
    assert!(!room.path("stick/conclave-backup").exists());
    assert!(console.remains().contains("No phrase was shown, so no paper holds one."));
}
