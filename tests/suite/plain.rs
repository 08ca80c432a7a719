//! Line by line: whole recoveries through the conversation and the real session in one process, with a cheap derivation; and the
//! real program on a pseudo-terminal.

use std::fs;
use std::path::{Path, PathBuf};

use conclave::cli::Exit;
use conclave::crypto::label::Purpose;
use conclave::domain::phrase::Phrase;
use conclave::effect::Source;
use conclave::journey::{Goal, Journey};
use conclave::machine::disk::System;
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::{Session, ThisMachine};
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::read;
use conclave::training::SAMPLES;
use conclave::ui::app::{Ending, Request};
use conclave::ui::console::Options;
use conclave::ui::plain::Conversation;

use crate::support::desk::{folder_with, session_in};
use crate::support::terminal::Terminal;
use crate::support::*;

/// A conversation in a folder of its own, and the session behind it.
struct Desk {
    folder: tempfile::TempDir,
    talk: Conversation,
    session: Session,
    ended: Option<Ending>,
    /// All that was said.
    log: String,
}

impl Desk {
    /// A folder with these files, of which the first is opened.
    fn new(files: &[(&str, &Snapshot)], is_drill: bool) -> Self {
        let folder = folder_with(files);
        let session = session_in(folder.path(), Box::new(System));
        let source = Source::Files(vec![folder.path().join(files[0].0)]);
        let journey = Journey::new(if is_drill { Goal::Practise } else { Goal::Recover });
        let talk = Conversation::new(journey, Options::default(), Some(source), false);
        let mut desk = Self { folder, talk, session, ended: None, log: String::new() };
        desk.serve();
        desk
    }

    /// Does what was asked for, as the worker would; says what was said.
    fn serve(&mut self) -> String {
        loop {
            let requests = self.talk.take_requests();
            if requests.is_empty() {
                break;
            }
            for request in requests {
                match request {
                    Request::Perform(ticket, effect) => {
                        let outcome = self.session.perform(effect, &|| false);
                        self.talk.on_outcome(ticket, outcome);
                    }
                    Request::Leave(ending) => self.ended = Some(ending),
                    Request::GiveUp(_) | Request::Repaint => {}
                }
            }
        }
        let mut said = String::new();
        for line in self.talk.take_said() {
            said.push_str(&line);
            said.push('\n');
        }
        self.log.push_str(&said);
        said
    }

    fn line(&mut self, line: &str) -> String {
        self.talk.on_line(line);
        self.serve()
    }

    /// The line is answered with this text.
    #[track_caller]
    fn tell(&mut self, line: &str, answer: &str) -> &mut Self {
        let said = self.line(line);
        assert!(said.contains(answer), "no {answer:?} in:\n{said}");
        self
    }

    /// It asks this now.
    #[track_caller]
    fn asks(&mut self, text: &str) -> &mut Self {
        let prompt = self.talk.prompt().map_or_else(String::new, |prompt| prompt.text);
        assert!(prompt.contains(text), "not {text:?}, but {prompt:?} after:\n{}", self.log);
        self
    }

    fn type_phrase(&mut self, phrase: &Phrase, answer: &str) -> &mut Self {
        self.tell("y", "Type the 12 words").tell(&words(phrase).join(" "), "All 12 words are there.").tell("", answer)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// From what was recovered to the name of the file, in a form by its number.
    fn at_name(&mut self, form: &str) -> &mut Self {
        self.tell("e", "What is to be written").tell("", "In which form").tell(form, "Places that may be written to");
        self.tell("", "Enter takes the name").asks("Name of the new file:")
    }

    /// To a written file, which is not encrypted.
    fn export(&mut self, name: &str) -> &mut Self {
        let said = self.at_name(JSON).line(name);
        let digits = said.split_once("Type ").unwrap().1[..4].to_owned();
        self.tell(&digits, "Written and read back").tell("i", "Opened")
    }

    /// Somebody at a backup of 2 of 3 that was opened.
    fn opened(files: &[(&str, &Snapshot)], phrases: &[Phrase]) -> Self {
        let mut desk = Self::new(files, false);
        if desk.log.contains("Other files of this backup") {
            desk.line("y");
        }
        desk.tell("none", "0 of 2").type_phrase(&phrases[0], "1 of 2").type_phrase(&phrases[1], "Enough");
        desk.tell("", "Opened").asks("What next:");
        desk
    }
}

/// The numbers of the forms in their list.
const KEEPASS: &str = "1";
const JSON: &str = "2";
/// How a `KeePass` file begins: both signatures of KDBX.
const KDBX: [u8; 8] = [0x03, 0xd9, 0xa2, 0x9a, 0x67, 0xfb, 0x4b, 0xb5];

fn words(phrase: &Phrase) -> Vec<String> {
    phrase.reveal_words().join(" ").split(' ').map(str::to_owned).collect()
}

/// A word with its last letter changed, so that it is in no list.
fn misspelt(word: &str) -> String {
    let short: String = word.chars().take(word.chars().count() - 1).collect();
    ["q", "x", "qq"]
        .iter()
        .map(|end| format!("{short}{end}"))
        .find(|word| ENGLISH.language.find(word).is_none())
        .unwrap()
}

/// Everything that is said, and the code around it.
fn sentences(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| if path.is_dir() { sentences(&path) } else { fs::read_to_string(path).unwrap() })
        .collect()
}

#[test]
fn a_whole_recovery_with_slips_on_the_way_gives_what_was_sealed() {
    let (snapshot, phrases) = small(2, 3, "plain");
    let (_, foreign) = small(2, 3, "nobody");
    let card = backup(&[&snapshot]).fingerprint().words();
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.asks("Fingerprint word ");
    let prompt = desk.talk.prompt().unwrap().text;
    let asked: usize = prompt.split(' ').nth(2).unwrap().parse().unwrap();
    assert!(!desk.log.contains(card[asked - 1]), "the answer was said");
    desk.tell("rebirthx", "does not match").tell("", "Type that word").tell(card[asked - 1], "matches");
    assert!(desk.log.contains("0 of 2 phrases verified. Still needed: any 2 of Holder 1, Holder 2 or Holder 3."));
    // Somebody who does not belong here.
    desk.type_phrase(&foreign[0], "Not a phrase of this backup").asks("Enter checks the phrase:");
    // The right phrase over it, one word a line and one of them misspelt.
    let right = words(&phrases[2]);
    desk.tell("!", "are kept: 12.").tell("w", "would be wiped: 12.").tell("w y", "are wiped").line("y");
    for (number, word) in (1..).zip(&right) {
        let typed = if number == 5 { misspelt(word) } else { word.clone() };
        let answer = if number == 5 { "is not in the English list" } else { "in the list." };
        desk.tell(&format!("{number}. {typed}"), &format!("Word {number}")).asks("Word ");
        assert!(desk.log.contains(answer));
    }
    let near = desk.line("n");
    let line = near.lines().find(|line| line.ends_with(&format!(" {}", right[4]))).unwrap();
    let digit = line[..1].to_owned();
    desk.tell(&digit, "Word 5: in the list.\nAll 12 words are there.").tell("", "Verified: shareholder 3");
    desk.type_phrase(&phrases[2], "Already entered: shareholder 3");
    desk.tell("d 3", "The phrase of shareholder 3 is forgotten")
        .tell("d 3", "no phrase is verified")
        .tell("d 9", "1 to 3");
    desk.type_phrase(&phrases[2], "Verified: shareholder 3");
    desk.type_phrase(
        &phrases[0],
        "Not needed any more: Holder 2. 2 of 2 phrases verified. That is not everybody: 2 of 3.",
    );
    desk.tell("", "Genuine").tell("k", "Keys: 1.").tell("v", "1 Rent, ").tell("s 2", "name: Travel");
    desk.tell("a", "1 Mail / ops").tell("s 1", "Secret parts: code 1 (next); code 2");
    desk.tell("r 1 code 2", "will stand on this terminal").tell("n", "was not said");
    assert!(!desk.log.contains("3333-4444"));
    desk.line("r 1 code 2");
    desk.tell("y", "code 2: 3333-4444").export("out.json");
    assert_eq!(fs::read_to_string(desk.path("out.json")).unwrap(), expected(&snapshot, &phrases, &[3, 1]));
    desk.at_name(JSON).tell("out.json", "exists already");
    desk.tell("again", "It is written to").tell("?", "four digits").tell("", "not the four digits");
    desk.tell("<", "Enter takes the name")
        .tell("<", "Places that")
        .tell("<", "In which form")
        .tell("<", "What is to be");
    desk.tell("<", "Nothing was written.").tell("q", "Wipe and leave?").tell("y", "Wiped.");
    for fact in [
        "a word of a public card matched",
        "Secrets shown: 1",
        "Written, NOT encrypted",
        "nothing was found that does not check",
    ] {
        assert!(desk.log.contains(fact), "{fact}");
    }
    assert_eq!(desk.ended, Some(Ending::Left));
    assert!(!desk.log.contains('\u{1b}'));
    // Of the words only those that near ones were asked for; the words of sentences aside.
    let sentences = sentences(&project("src/ui")).to_lowercase();
    let log = desk.log.replace(&near, "");
    let said: Vec<&str> = log.split(|c: char| !c.is_alphabetic()).collect();
    for word in right.iter().chain(&words(&phrases[0])).chain(&words(&foreign[0])) {
        assert!(!said.contains(&word.as_str()) || sentences.contains(word.as_str()), "{word} was said");
    }
}

#[test]
fn a_drill_on_a_production_backup_shows_and_writes_nothing() {
    let mut entropy = Seeded::new("production");
    let of_production = conclave::snapshot::founding::SealingPlan { purpose: Purpose::Production, ..plan(2, 3) };
    let (snapshot, phrases) = found(of_production, small_records(), &CheapKdf, &mut entropy);
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], true);
    assert!(desk.log.contains("DRILL."));
    desk.tell("none", "not compared").type_phrase(&phrases[0], "1 of 2").type_phrase(&phrases[1], "Enough");
    desk.tell("", "Nothing of it is shown or written.").asks("Enter leaves:");
    for command in ["k", "v", "a", "f rent", "s 1", "r 1", "m 1", "u", "d", "e", "i"] {
        desk.tell(command, "Nothing of it is shown or written.").asks("Enter leaves:");
    }
    desk.tell("", "Wipe and leave?").tell("y", "Opened in a drill; nothing of it was shown or written.");
    assert_eq!(desk.ended, Some(Ending::Left));
    for secret in ["Rent", "Travel", "1111-2222", "ops"] {
        assert!(!desk.log.contains(secret), "{secret}");
    }
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn files_beside_the_chosen_one_are_offered_and_a_refused_one_is_asked_for_again() {
    let (first, phrases) = small(2, 3, "newer");
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("newer") };
    let second = append_public(&first, vec![put_vault("v9", "Added later")], issue).unwrap();
    let files = [("a.json", &first), ("b.json", &second), ("copy.json", &first)];
    let mut desk = Desk::new(&files, false);
    assert!(desk.log.contains("NEWER: b.json, sequence 2.") && !desk.log.contains("copy.json"), "{}", desk.log);
    desk.tell("maybe", "Type y").tell("y", "sequence 2").asks("Fingerprint word").tell("none", "0 of 2");
    desk.type_phrase(&phrases[1], "1 of 2").type_phrase(&phrases[2], "Enough").line("");
    desk.tell("v", "3 Added later, ").tell("v", "not confirmed by a quorum, bitcoin, no address recorded.");
    // Left out, it is not read.
    let mut desk = Desk::new(&files, false);
    desk.line("n");
    desk.asks("Fingerprint word").line("o");
    fs::write(desk.path("broken.json"), "{}").unwrap();
    let path = desk.path("broken.json");
    desk.asks("Path of the snapshot:").tell(path.to_str().unwrap(), "Not opened").asks("Path of the snapshot:");
    let path = desk.path("b.json");
    desk.tell(path.to_str().unwrap(), "sequence 2").asks("Fingerprint word");
}

#[test]
fn a_right_phrase_for_an_altered_file_is_called_so_and_further_phrases_are_checked() {
    let (mut snapshot, phrases) = small(2, 3, "altered");
    let mut sealed = snapshot.envelopes[1].sealed.0.clone();
    sealed[20] ^= 1;
    snapshot.envelopes[1].sealed.0 = sealed;
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    assert!(desk.log.contains("DAMAGED"));
    assert!(desk.log.contains("envelope 2: even the right phrase of that shareholder opens nothing"));
    desk.tell("y", "").tell("none", "0 of 2").type_phrase(&phrases[1], "Right phrase, altered file: shareholder 2");
    let next = words(&phrases[0]).join(" ");
    desk.tell(&next, "Words 1 to 12: in the list.").tell("", "Verified: shareholder 1");
    desk.type_phrase(&phrases[2], "Enough").line("f");
    desk.tell(&next, "All 12 words").tell("", "Already entered: shareholder 1");
    desk.tell("", "things that do not check").tell("q", "Nothing was written to a file.");
    desk.tell("y", "Right phrases for an altered file: 1.");
}

/// Codes of an account into a file of its owners, and out of it, without anything of them being said before it is asked for.
#[test]
fn codes_are_saved_read_and_marked_line_by_line() {
    let sample = &SAMPLES[2];
    let snapshot = read(sample.snapshot).unwrap().snapshot().unwrap();
    let folder = folder_with(&[("0.json", &snapshot)]);
    let talk = |goal, file: &str, folder: tempfile::TempDir| {
        let session = Session::new(
            Box::new(ThisMachine),
            Box::new(Seeded::new("codes line by line")),
            Box::new(System),
            OutputFolders::resolve(&[Output::Folder(folder.path())]),
            Some(folder.path().to_owned()),
            None,
        );
        let source = Source::Files(vec![folder.path().join(file)]);
        let talk = Conversation::new(Journey::new(goal), Options::default(), Some(source), false);
        let mut desk = Desk { folder, talk, session, ended: None, log: String::new() };
        desk.serve();
        desk
    };
    let mut desk = talk(Goal::Save, "0.json", folder);
    desk.asks("Service").tell("", "Nothing was typed").tell("GitHub", "").asks("Login");
    desk.tell("ops@example.org", "1 Paste:").asks("How do they come here").tell("2", "").asks("Code 1,");
    desk.tell("8811-5302", "").asks("Code 2,").tell("7431-9926", "").tell("5127-441", "").tell("6650-1123", "");
    desk.tell("", "4 codes for GitHub / ops@example.org.").asks("y saves this");
    assert!(desk.log.contains("Code 3 is longer or shorter than the others: compare it."), "{}", desk.log);
    assert!(!desk.log.contains("5302"), "nothing is said before it is asked for");
    desk.tell("l", "3. 5127-441")
        .tell("<", "")
        .asks("Code 5,")
        .tell("<", "1 Go on: with the list that was read.")
        .tell("2", "");
    // Pasted, in one line end or several, and what is ambiguous is asked.
    desk.tell("GitHub\n7431-9926\n8811-5302\n6650-1123\n\nGitLab\n5127-4410\n0093-1181\n7702-4456", "");
    desk.tell("", "1 3 codes: only those of list 1.").asks("Which is right").tell("9", "no number of the list");
    desk.tell("1", "3 codes for GitHub")
        .tell("r", "Earlier codes of the account are history then")
        .tell("r", "stay usable");
    desk.tell("d", "").asks("Last day").tell("never", "no day").tell("2031-01-31", "until 2031-01-31");
    desk.tell("y", "In training Enter alone").asks("of the card").tell("", "Places that may be written to.");
    desk.tell("1", "").asks("Enter for codes-3.json").tell("", "Saved: 3 codes for GitHub / ops@example.org.");
    desk.asks("Enter leaves").tell("a", "Whose codes are these?").tell("<", "");

    let mut desk = talk(Goal::Recover, "codes-3.json", desk.folder);
    desk.tell("none", "").tell("y", "Type the 12 words").tell(&sample_words(2)[1].join(" "), "All 12 words are there.");
    desk.tell("", "Verified: owner 2").asks("Enter opens the backup").tell("", "It holds 6 accounts with");
    let listed = desk.line("a");
    let number = listed.lines().position(|line| line.contains("GitHub")).unwrap().to_string();
    desk.tell(&format!("x {number}"), "code 1 of GitHub / ops@example.org is marked as used, in a new file.");
    desk.tell("1", "").tell("", "Marked as used: a code of GitHub / ops@example.org.").tell("a", "2 of 3 codes left");
    desk.tell(&format!("x {number} code 1"), "marked already").tell("x 99", "no item with that number");
    desk.tell(&format!("c {number}"), "Codes for GitHub / ops@example.org.").tell("<", "Nothing was saved.");
    desk.tell("c", "Whose codes")
        .tell("Git Hub", "")
        .tell("ops@example.org", "may be the same")
        .tell("1", "Codes for GitHub");
}

/// The samples on disk, and a current folder for the program.
struct Practice {
    folder: tempfile::TempDir,
}

impl Practice {
    fn new() -> Self {
        let practice = Self { folder: tempfile::tempdir().unwrap() };
        let written = conclave().arg("sample").arg(practice.path("practice")).output().unwrap();
        assert!(written.status.success());
        practice
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, arguments: &[&str]) -> Terminal {
        // High enough that nothing scrolls away from what is waited for.
        Terminal::of_program(self.folder.path(), arguments, &[("TERM", "dumb")], (200, 200))
    }
}

/// From the verified phrases to the list of places for a form.
fn open_and_choose(console: &mut Terminal, form: &str) {
    console.wait("Enter opens the backup: ").press("\r").wait("Genuine").wait("What next: ").press("e\r");
    console.wait("What, by number, or Enter for 1: ").press("\r");
    console.wait("Which form, by number, or Enter for 1: ").press(form).press("\r");
    console.wait("Which place, by number, or Enter for 1: ").press("\r").wait("Name of the new file: ").press("\r");
}

/// To the record, with a file that is not encrypted.
fn open_and_export(console: &mut Terminal, practice: &Practice) {
    open_and_choose(console, JSON);
    console.wait("Type ").wait("The four digits");
    let text = console.text();
    let digits = text.split_once(" to agree.").unwrap().0.rsplit(' ').next().unwrap();
    console.press(digits).press("\r").wait("Written and read back");
    let written = fs::read(practice.path("contents.json")).unwrap();
    assert!(written == SAMPLES[0].expected, "the export is not what was sealed");
    console.press("q\r").wait("leaves at once: ").press("y\r").wait("Wiped.").wait("Written, NOT encrypted: ");
}

/// It ended, the settings are back, and it sent no escape sequence.
#[track_caller]
fn left_clean(console: &mut Terminal, code: Exit) {
    assert_eq!(console.end(), code as u32);
    console.is_as_before();
    // Without the mark of the end, which is not the program's.
    let log = console.log.strip_suffix(b"\x1b[0m<end>").unwrap();
    assert!(!log.contains(&0x1b), "an escape sequence was sent");
}

#[test]
fn a_drill_needs_nothing_but_a_dumb_terminal() {
    let practice = Practice::new();
    let mut console = practice.start(&["drill", "--plain"]);
    console.wait("TRAINING drill.").wait("Practice card:").wait("Fingerprint word ").press("none\r");
    for (number, words) in (1..=2).zip(sample_words(0)) {
        console.wait(&format!("{} of 2 phrases verified", number - 1));
        console.wait("y and Enter for the next phrase: ").press("y\r");
        console.wait(&format!("Practice sheet {number} ")).wait(&format!("12 {}.", words[11]));
        console.press(&words.join(" ")).press("\r").wait("Enter checks the phrase: ").press("\r");
        console.wait(&format!("Verified: shareholder {number}"));
    }
    open_and_export(&mut console, &practice);
    left_clean(&mut console, Exit::Done);
    assert!(!console.text().contains("leaves: "), "nothing is asked any more");
}

#[test]
fn a_terminal_that_draws_no_screens_is_talked_with_line_by_line() {
    let practice = Practice::new();
    let mut console = practice.start(&["drill"]);
    console
        .wait("draws no screens (TERM=dumb): line by line instead")
        .wait("TRAINING drill.")
        .wait("Fingerprint word ");
    console.press("q\r").wait_until("the end", |text| text.contains("0 of 2") || text.contains("leaves at once"));
    console.press("\x03").wait("leaves at once:").press("y\r");
    console.end();
    // A ceremony has no lines.
    let mut console = practice.start(&["backup"]);
    console.wait("screens need a terminal, and this is none");
    assert_eq!(console.end(), 2);
}

#[test]
fn a_number_of_a_list_alone_is_an_answer() {
    let (snapshot, phrases) = small(2, 3, "number alone");
    let mut desk = Desk::opened(&[("snapshot.json", &snapshot)], &phrases);
    desk.tell("k", "Keys: 1.").tell("1", "Key: ");
}

#[test]
fn a_slip_is_looked_for_when_asked_stopped_and_found() {
    let (snapshot, phrases) = small(2, 3, "plain search");
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    let right = words(&phrases[1]);
    let mut typed = right.clone();
    "?".clone_into(&mut typed[6]);
    desk.line("none");
    desk.tell("y", "Type the 12 words").tell(&typed.join(" "), "Word 7 cannot be read").tell("zoo", "");
    desk.tell("7. ??", "cannot be read").tell("s", "Any word for the unknown one: about 128").asks("Look for it?");
    desk.tell("n", "Word 7: marked as unreadable").line("s");
    // Stopped by Ctrl-C, and gone on with.
    desk.talk.on_line("y");
    desk.talk.on_interrupt();
    desk.serve();
    desk.tell("", "Nothing was wiped").asks("Look for it?");
    desk.tell("y", "Verified: shareholder 2").asks("Say the right words here?");
    assert!(desk.log.contains("Word 7 was not known; it is found."));
    assert!(!desk.log.lines().any(|line| line == format!("7 {}", right[6])));
    desk.tell("y", &format!("7 {}\n1 of 2 phrases verified", right[6]));
    // What cannot be found is said, and the words stay.
    let foreign = words(&small(2, 3, "somebody else").1[0]);
    desk.tell("y", "Type the 12 words").line(&foreign.join(" "));
    desk.tell("5. ?", "cannot be read")
        .tell("s", "Tried would be")
        .tell("y", "None of these")
        .tell("", "Words in the list: 11 of 12.");
}

#[test]
fn no_word_that_is_typed_is_echoed() {
    let practice = Practice::new();
    let file = practice.path("practice").join(SAMPLES[0].name).join("snapshot.eml");
    let mut console = practice.start(&["recover", "--plain", file.to_str().unwrap()]);
    console.wait("TRAINING.").wait("Fingerprint word ").press("none\r");
    let phrases = sample_words(0);
    // One word a line, the first of them after a slip that is taken back, and one phrase at once with its numbers.
    console.wait("y and Enter for the next phrase: ").press("y\r").wait("Word 1 of 12: ").press("zebr\x7f\x7f\x15");
    for (number, word) in (1..).zip(&phrases[2]) {
        console.press(word).press("\r").wait(&format!("Word {number}: in the list."));
    }
    console.wait("Enter checks the phrase: ").press("\r").wait("Checking the phrase. This takes about ");
    console
        .wait("Verified: shareholder 3")
        .wait("Still needed: one of")
        .wait("y and Enter for the next phrase: ")
        .press("y\r");
    let list: Vec<String> = (1..).zip(&phrases[1]).map(|(number, word)| format!("{number}.\t{word}")).collect();
    console.wait_until("the second phrase", |text| text.matches("Type the 12 words").count() == 2);
    console.press(&list.join("  ")).press("\r").wait("Words 1 to 12: in the list.");
    console.press("\r").wait("Verified: shareholder 2");
    // A passphrase of one's own is not echoed either.
    let own = "copper lantern 27 orchard";
    open_and_choose(&mut console, KEEPASS);
    console.wait("Which passphrase, by number, or Enter for 1: ").press("2\r");
    console.wait("Your passphrase: ").press("too short\r").wait("Not taken: ");
    console.press(own).press("\r").wait("The same again: ").press(own).press("\r").wait("Written and read back");
    assert_eq!(fs::read(practice.path("recovered.kdbx")).unwrap()[..8], KDBX);
    console
        .press("q\r")
        .wait("y leaves, Enter stays")
        .press("y\r")
        .wait("Wiped.")
        .wait("Written, encrypted: ")
        .wait("Secrets shown: 0.");
    left_clean(&mut console, Exit::Done);
    assert!(!console.text().contains("leaves: "), "nothing is asked any more");
    assert!(!console.text().contains("lantern"));
    let log = String::from_utf8(console.log.clone()).unwrap();
    // Words of a phrase that are words of sentences, or of the contents, as well.
    let said: Vec<&str> = log.split(|c: char| !c.is_alphabetic()).collect();
    let sentences = sentences(&project("src/ui")).to_lowercase();
    for word in phrases[1].iter().chain(&phrases[2]).chain(&["zebr", "zeb"]) {
        assert!(!said.contains(word) || sentences.contains(word), "{word} in:\n{log}");
    }
}

#[test]
fn a_signal_while_a_word_is_typed_leaves_the_terminal_as_it_was() {
    for (signal, code) in [("TERM", Exit::Terminated), ("HUP", Exit::HungUp), ("INT", Exit::Interrupted)] {
        let practice = Practice::new();
        let mut console = practice.start(&["drill", "--plain"]);
        console.wait("Fingerprint word ").press("none\r").wait("y and Enter for the next phrase: ").press("y\r");
        console.wait("Word 1 of 12: ").press("abandon\r").wait("Word 2 of 12: ").press("zeb").signal(signal);
        left_clean(&mut console, code);
        // What the line had not handed over when the program ended is echoed by the line itself: only what was read counts.
        assert!(!console.text().contains("abandon"));
    }
}

#[test]
fn a_line_that_takes_no_output_does_not_hold_up_a_signal() {
    let practice = Practice::new();
    let mut console = practice.start(&["drill", "--plain"]);
    console.wait("Fingerprint word ").stop_output(true).press("none\r\rzeb\r").signal("TERM");
    assert_eq!(console.exit_code(), Exit::Terminated as u32);
    console.stop_output(false).is_as_it_was_set();
}

#[test]
fn the_bare_program_asks_for_a_path_echoes_it_and_leaves_after_a_question() {
    let practice = Practice::new();
    let mut console = practice.start(&["--plain"]);
    console.wait("Path of the snapshot, or drill: ").press("/no/such/fil\x7fle").wait("drill: /no/such/file");
    console
        .press("\r")
        .wait("Not opened")
        .press("\x04")
        .wait("leaves at once: ")
        .press("\r")
        .wait("Nothing was wiped.");
    console.press("drill\r").wait("TRAINING drill.").wait("Fingerprint word ").press("\x03\x03");
    left_clean(&mut console, Exit::Interrupted);
    let mut console = practice.start(&["--plain", "recover"]);
    console.wait("Path of the snapshot: ").press("/no/such/file\r").wait("Not opened").press("q\r");
    left_clean(&mut console, Exit::Refused);
}

#[test]
fn what_is_not_touched_is_wiped_and_says_so() {
    let practice = Practice::new();
    let mut console = practice.start(&["drill", "--plain", "--wipe-after", "1"]);
    console.wait("Fingerprint word ").press("none\r").wait("y and Enter for the next phrase: ").press("y\r");
    console.wait("Word 1 of 12: ").press("abandon\r").wait("Wiped because no key was pressed for a long time.");
    console.wait("Enter twice leaves: ").press("ability\r").press("\r\r");
    left_clean(&mut console, Exit::Phrases);
    assert!(!console.text().contains("ability"));
}

#[test]
fn without_a_terminal_the_way_without_prompts_is_named() {
    for arguments in [&["recover", "--plain"][..], &["drill", "--plain"], &["--plain"]] {
        let output = conclave().args(arguments).stdin(std::process::Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("prompts need a terminal") && said.contains("--phrases"), "{said}");
    }
}

#[test]
fn a_keepass_file_is_written_when_its_passphrase_was_typed_back() {
    let (snapshot, phrases) = small(2, 3, "keepass");
    let mut desk = Desk::opened(&[("snapshot.json", &snapshot)], &phrases);
    fs::write(desk.path("taken.kdbx"), "something").unwrap();
    desk.at_name(KEEPASS).tell("sub/x.kdbx", "no name for a file").tell("taken", "taken.kdbx exists already");
    desk.tell("meanwhile", "1 Made at random");
    fs::write(desk.path("meanwhile.kdbx"), "something").unwrap();
    desk.tell("", "Have paper and a pen ready.").asks("Say the passphrase here?");
    let said = desk.line("y");
    let passphrase = said.lines().next().unwrap().to_owned();
    assert!(passphrase.len() > 20 && desk.talk.prompt().is_some_and(|prompt| prompt.is_secret), "{said}");
    desk.tell(&passphrase[1..], "Group 1 is not what was shown.");
    // What is there is not overwritten; with another name the same passphrase counts.
    desk.tell(&passphrase.to_uppercase().replace('-', " "), "Not written").tell("new.kdbx", "Written and read back");
    assert_eq!(fs::read(desk.path("meanwhile.kdbx")).unwrap(), b"something");
    let written = fs::read(desk.path("new.kdbx")).unwrap();
    assert_eq!(written[..8], KDBX);
    for secret in ["3333-4444", "Travel", &passphrase] {
        assert!(!written.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
    }
    desk.tell("q", "All keys and codes of it stand in an export.").tell("y", "Secrets shown: 1.");
    assert!(desk.log.contains("Written, encrypted: ") && desk.log.contains("clear it, and what can be scrolled back"));
}

#[test]
fn public_parts_and_marked_items_are_written_alone() {
    let (snapshot, phrases) = small(2, 3, "marked");
    let mut desk = Desk::opened(&[("snapshot.json", &snapshot)], &phrases);
    desk.tell("f travel", "1 vault Travel").tell("m 1", "Marked for an export: 1.").tell("m", "Vault Travel.");
    desk.tell("e", "1 What is marked: 1.").tell("4", "1 Keys and what is derived").tell("2", "Places that");
    desk.tell("", "can take nothing").tell("", "It holds no private key and no code.");
    let written = fs::read_to_string(desk.path("vaults.csv")).unwrap();
    assert!(written.contains("Travel") && !written.contains("Rent"), "{written}");
    desk.tell("q", "Written, public parts only: ").tell("y", "Written, public parts only: ");
}

#[test]
fn other_versions_and_removed_items_are_said_as_such() {
    let (first, phrases) = small(2, 3, "versions");
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("versions") };
    let second = append_public(&first, vec![put_vault("v1", "Rent of somebody")], issue).unwrap();
    let mut desk = Desk::opened(&[("a.json", &first), ("b.json", &second)], &phrases);
    desk.tell("v", "a change was proposed").tell("s 1", "Version 1 of 2. This one counts.");
    desk.tell("s 1 2", "Vault: Rent of somebody.\nVersion 2 of 2.\nProposed on 2026-05-05").tell("s 1 3", "It has 2");
}

#[test]
fn a_key_is_rebuilt_and_a_vault_that_is_not_there_is_derived_and_found() {
    let (snapshot, phrases) = small(2, 3, "derived");
    let mut desk = Desk::opened(&[("snapshot.json", &snapshot)], &phrases);
    desk.tell("k", "1 ").tell("s 1", "check: proven").tell("d", "ECDSA_SECP256K1").tell("", "Which chain");
    // The key of this backup has no chain code: it is the key itself that is taken.
    desk.tell("ethereum", "m/44/60/0/0/0").tell("m", "Derived along m.");
    // The address of the private key 1, known everywhere.
    let address = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";
    assert!(desk.log.to_lowercase().contains(address), "{}", desk.log);
    desk.tell("r hexadecimal", "will stand on this terminal")
        .tell("n", "It was not said.")
        .tell("", "Back to the contents");
    assert!(!desk.log.contains(&format!("{:064}", 1)), "a private key was said");
}
