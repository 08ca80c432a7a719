//! Backups made on the screens, by key scripts with the real session behind them, and recovered again.

use std::fs;
use std::path::PathBuf;

use conclave::domain::ceremony::ProposedPlan;
use conclave::domain::kind::Kind;
use conclave::domain::phrase::{Phrase, PhraseForm, WordCount};
use conclave::domain::wordlist::WordList;
use conclave::effect::Effect;
use conclave::machine::disk::System;
use conclave::machine::medium::Media;
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::Session;
use conclave::ui::app::{App, Ending, Request};
use conclave::ui::console::Console;
use conclave::ui::key::Key;
use conclave::ui::screens::ceremony::Planning;
use conclave::ui::screens::chooser::Chooser;

use crate::support::ceremony::{NoMedia, Stick};
use crate::support::desk::Desk;
use crate::support::*;

const LENGTHS: [u8; 5] = [12, 15, 18, 21, 24];

/// At the first page of a plan, with the inventory read; what is written goes below `stick` in the folder.
fn planning(media: impl Fn(&std::path::Path) -> Box<dyn Media + Send>, seed: &str) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let stick = folder.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let inventory = folder.path().join("inventory.json");
    fs::write(&inventory, INVENTORY).unwrap();
    let folders = OutputFolders::resolve(&[Output::Folder(folder.path())]);
    let session = Session::new(
        Box::new(CheapKdf),
        Box::new(Seeded::new(seed)),
        Box::new(System),
        folders,
        Some(stick.clone()),
        None,
    )
    .with_media(media(&stick));
    let app = App::new(Console::default(), Box::new(Planning::of(Kind::Organization, of_files(vec![inventory]))));
    Desk::of(folder, app, session)
}

/// A plan of which only the contents are known.
fn of_files(files: Vec<PathBuf>) -> ProposedPlan {
    ProposedPlan { contents: files, ..ProposedPlan::default() }
}

/// Answers every question, up to the board.
fn plan(desk: &mut Desk, threshold: u8, count: u8, form: PhraseForm) {
    desk.is("Ceremony", "Read: keys 1, vaults 2, accounts 1, codes 2").key(Key::Enter);
    desk.is("Ceremony", "Organization: Example Cellar").key(Key::Enter);
    desk.is("Ceremony", "What is it for?").key(Key::Down).key(Key::Enter);
    desk.is("Ceremony", "Who asks").press("Connie <connie@example.org>").key(Key::Enter);
    for number in 1..=count {
        desk.is("Ceremony", "Who are the shareholders?").press(&format!("Holder {number}")).key(Key::Enter);
    }
    desk.key(Key::Enter).is("Ceremony", "page 3 of 5").press(&threshold.to_string()).key(Key::Enter);
    if threshold == count {
        desk.is("Ceremony", "one lost paper loses everything").key(Key::Enter);
    }
    desk.is("Ceremony", "page 4 of 5").press("backup@example.org").key(Key::Enter);
    desk.is("Ceremony", "Where is it written?").key(Key::Enter);
    desk.is("Ceremony", "In which new folder?").key(Key::Enter);
    if form != ENGLISH {
        desk.is("Ceremony", "page 5 of 5").press("m").is("Ceremony", "How are they named").key(Key::Enter);
        let words = LENGTHS.iter().position(|words| usize::from(*words) == form.words.words()).unwrap();
        desk.is("Ceremony", "How many words").key(Key::Home).keys(&vec![Key::Down; words]).key(Key::Enter);
        let list = WordList::ALL.iter().position(|list| *list == form.language).unwrap();
        desk.is("Ceremony", "From which list").key(Key::Home).keys(&vec![Key::Down; list]).key(Key::Enter);
    }
    desk.is("Ceremony", "Is all of this right?").key(Key::Enter);
    desk.is("Ceremony", &format!("0 of {count} confirmed"));
}

/// The keys of a plan that are not letters of a name or an address.
#[test]
fn an_ordinary_backup_is_planned_in_at_most_forty_keys_beside_names_and_addresses() {
    let mut desk = planning(no_media, "few keys");
    let mut keys = 0;
    let mut enter = |desk: &mut Desk| {
        keys += 1;
        desk.key(Key::Enter);
    };
    enter(&mut desk);
    desk.is("Ceremony", "Organization: Example Cellar");
    enter(&mut desk);
    enter(&mut desk);
    desk.is("Ceremony", "page 2 of 5").press("Connie");
    enter(&mut desk);
    for name in ["Ann <ann@example.org>", "Ben", "Joe"] {
        desk.is("Ceremony", "Who are the shareholders?").press(name);
        enter(&mut desk);
    }
    enter(&mut desk);
    desk.is("Ceremony", "page 3 of 5").is("Ceremony", "Any 2 of the 3 open it together.");
    enter(&mut desk);
    desk.is("Ceremony", "page 4 of 5").press("Backups <backup@example.org>");
    enter(&mut desk);
    enter(&mut desk);
    enter(&mut desk);
    desk.is("Ceremony", "page 5 of 5").is("Ceremony", "E-mail to    backup@example.org");
    enter(&mut desk);
    desk.is("Ceremony", "0 of 3 confirmed");
    assert!(keys <= 15, "{keys}");
}

#[test]
fn options_stand_on_the_pages_and_can_be_answered_otherwise() {
    let mut desk = planning(no_media, "options");
    let people = desk.path("people.csv");
    fs::write(&people, "Ann Archer <ann@example.org>\nBen Okafor\nJoe Bloggs\n").unwrap();
    let text = |text: &str| conclave::domain::text::Text::new(text);
    let proposed = ProposedPlan {
        creates_keys: true,
        organization: text("Harbour Museum"),
        is_training: Some(true),
        conductor: text("Connie"),
        people: Some(people),
        threshold: Some(3),
        delivery: text("backup@example.org"),
        folder: Some(desk.path("stick/new-backup")),
        names: Some(conclave::domain::ceremony::NameStyle::Full),
        words: WordCount::new(18),
        language: Some(WordList::Spanish),
        ..of_files(vec![desk.path("inventory.json")])
    };
    desk.app = App::new(Console::default(), Box::new(Planning::of(Kind::Organization, proposed)));
    desk.serve();
    desk.is("Ceremony", "[x] two new master keys").is("Ceremony", "Read: keys 1").is("Ceremony", "Harbour Museum");
    desk.keys(&[Key::Enter; 2]).is("Ceremony", "> training").key(Key::Enter);
    desk.is("Ceremony", "Name: Connie").key(Key::Enter);
    desk.is("Ceremony", "3  Joe Bloggs").is("Ceremony", "1  Ann Archer <ann@example.org>").key(Key::Enter);
    desk.is("Ceremony", "Needed: 3").press("2").is("Ceremony", "Any 2 of the 3").keys(&[Key::Enter; 2]);
    desk.is("Ceremony", "Where is it written?").key(Key::Enter).is("Ceremony", "Folder: new-backup").key(Key::Enter);
    let review = desk.is("Ceremony", "Is all of this right?").screen();
    for answer in ["2 of 3", "training: it protects nothing", "backup@example.org", "full names", "18 words, Spanish"] {
        assert!(review.contains(answer), "{answer}:\n{review}");
    }
    desk.key(Key::Enter).is("Ceremony", "0 of 3 confirmed");
    assert!(desk.path("stick/new-backup").is_dir());
}

#[test]
fn people_of_the_command_line_who_cannot_all_hold_a_phrase_are_refused_by_name() {
    let mut desk = planning(no_media, "too many people");
    let people = desk.path("people.csv");
    fs::write(&people, (1..=17).map(|number| format!("Person {number}")).collect::<Vec<_>>().join("\n")).unwrap();
    let proposed = ProposedPlan { people: Some(people), ..of_files(vec![desk.path("inventory.json")]) };
    desk.app = App::new(Console::default(), Box::new(Planning::of(Kind::Organization, proposed)));
    desk.serve();
    desk.is("Ceremony", "There are 16 shareholders already: that is the most.");
}

/// The request of whoever is chosen on the board, up to the phrase that was copied.
fn copy(desk: &mut Desk, form: PhraseForm) -> Phrase {
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to shareholder").key(Key::Enter);
    let phrase = written_down(&desk.is("Ceremony", "Phrase of shareholder").screen(), form);
    desk.key(Key::Enter).press("yyy").is("Phrase", "Word 1 of");
    // The sentences of the screen hold words of the lists, but not many.
    let screen = desk.screen();
    let in_view =
        phrase.reveal_words().iter().filter(|word| screen.split_whitespace().any(|shown| shown == **word)).count();
    assert!(in_view < 4, "the phrase is still in view:\n{screen}");
    phrase
}

/// Everybody copies the phrase and types it back; the file is written.
fn gather(desk: &mut Desk, count: u8, form: PhraseForm) -> Vec<Phrase> {
    let phrases = (1..=count)
        .map(|number| {
            let phrase = copy(desk, form);
            desk.type_phrase(&phrase).is("Ceremony", &format!("Confirmed: shareholder {number} (Holder {number})"));
            phrase
        })
        .collect();
    desk.is("Ceremony", &format!("{count} of {count} confirmed")).key(Key::Enter);
    desk.is("Ceremony", "UNCONFIRMED");
    phrases
}

/// Everybody types once more; the backup is issued.
fn verify(desk: &mut Desk, phrases: &[Phrase], order: impl Iterator<Item = usize>) {
    for index in order {
        let number = index + 1;
        desk.key(Key::Enter).sit_down().type_phrase(&phrases[index]);
        desk.is("Ceremony", &format!("verified: shareholder {number} (Holder {number})"));
    }
    assert!(!desk.path("stick/conclave-backup/snapshot.json").exists());
    desk.key(Key::Enter).is("Ceremony", "This is a backup");
}

fn skip(desk: &mut Desk) {
    desk.press("kk").is("Ceremony", "verified");
}

/// Recovers on screens what was just made, and compares it.
fn recovered(made: &Desk, phrases: &[Phrase], order: &[usize]) {
    let file = made.path("stick/conclave-backup/snapshot.json");
    let snapshot = conclave::snapshot::v1::read::read(&fs::read(file).unwrap()).unwrap().snapshot().unwrap();
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(phrases, order).is("Recovered", "Genuine").export("out.json");
    desk.is("Export", "Written and read back");
    assert_eq!(desk.written("out.json").unwrap(), sealed_contents());
}

fn no_media(_: &std::path::Path) -> Box<dyn Media + Send> {
    Box::new(NoMedia)
}

#[test]
fn every_size_length_and_list_is_made_on_screens_and_recovered_on_screens() {
    let latin: Vec<WordList> = WordList::ALL.into_iter().filter(|list| list.is_latin()).collect();
    assert_eq!(latin.len(), 6);
    let mut made = 0;
    for (threshold, count) in [(2, 2), (2, 3), (3, 5), (5, 16)] {
        for (place, language) in latin.iter().enumerate() {
            for (which, words) in LENGTHS.into_iter().enumerate() {
                // Sixteen people with every length and list are many keys: every fifth pair.
                if count == 16 && (place + which) % 5 != 0 {
                    continue;
                }
                let form = PhraseForm { language: *language, words: WordCount::new(words).unwrap() };
                let mut desk = planning(no_media, &format!("{threshold} {count} {language:?} {words}"));
                plan(&mut desk, threshold, count, form);
                let phrases = gather(&mut desk, count, form);
                skip(&mut desk);
                verify(&mut desk, &phrases, (0..usize::from(count)).rev());
                desk.key(Key::F(10)).press("y").is("Record", "").key(Key::Enter);
                assert_eq!(desk.ended, Some(Ending::Left));
                let order: Vec<usize> =
                    (1..=usize::from(threshold)).map(|index| usize::from(count) + 1 - index).collect();
                recovered(&desk, &phrases, &order);
                made += 1;
            }
        }
    }
    println!("{made} backups made and recovered on screens");
    assert!(made >= 96);
}

#[test]
fn a_nervous_ceremony_loses_nothing_and_ends_as_a_backup() {
    let stick = std::sync::Arc::new(std::sync::Mutex::new(None));
    let kept = stick.clone();
    let mut desk = planning(
        move |mount| {
            let stick = Stick::at(mount);
            *kept.lock().unwrap() = Some(stick.clone());
            Box::new(stick)
        },
        "nervous",
    );
    let stick: Stick = stick.lock().unwrap().clone().unwrap();
    plan(&mut desk, 2, 3, ENGLISH);
    // The second one begins, sees the phrase, goes away, comes back to the same phrase.
    desk.key(Key::Down).key(Key::Enter).sit_down().key(Key::Enter);
    let seen = written_down(&desk.is("Ceremony", "Phrase of shareholder 2").screen(), ENGLISH);
    desk.key(Key::F(1)).is("Ceremony", "");
    assert!(!desk.screen().contains(seen.reveal_words()[0]), "the help covers it");
    desk.key(Key::Enter).sit_down();
    let again = written_down(&desk.is("Ceremony", "Phrase of shareholder 2").screen(), ENGLISH);
    assert_eq!(again.reveal_entropy(), seen.reveal_entropy());
    desk.wait(300).is("Ceremony", "hides in 4:59");
    desk.key(Key::Esc).is("Ceremony", "shown");
    assert!(!desk.screen().contains(seen.reveal_words()[0]));
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to shareholder 2");
    desk.press("v").is("Ceremony", "Phrase of shareholder 2").key(Key::Enter).press("yyy").is("Phrase", "");
    // A word is wrong, then two are swapped; then right.
    let words: Vec<&str> = seen.reveal_words();
    let other = if words[6] == "zebra" { "zone" } else { "zebra" };
    let mut wrong = words.clone();
    wrong[6] = other;
    desk.press(&wrong.join(" ")).key(Key::Enter).is("Phrase", "Word 7 is not what was shown");
    desk.press(words[6]).key(Key::Enter);
    desk.is("Ceremony", "Confirmed: shareholder 2");
    // Leaving is asked about, and staying loses nothing.
    desk.key(Key::Esc).is("Ceremony", "VOID");
    desk.key(Key::Enter).is("Ceremony", "1 of 3 confirmed");
    desk.keys(&[Key::Home]);
    let first = copy(&mut desk, ENGLISH);
    desk.type_phrase(&first).is("Ceremony", "Confirmed: shareholder 1");
    let third = copy(&mut desk, ENGLISH);
    desk.press(third.reveal_words()[0]).key(Key::Char(' ')).key(Key::Esc).is("Ceremony", "shown");
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to shareholder 3").key(Key::Enter);
    desk.key(Key::Ctrl('u')).press(&third.reveal_words()[1..].join(" ")).key(Key::Enter);
    desk.is("Ceremony", "3 of 3 confirmed").key(Key::Enter).is("Ceremony", "Unmount the medium STICK");
    // Enter without pulling it out goes no further; it comes back at another place.
    desk.key(Key::Enter).is("Ceremony", "still there");
    stick.pull();
    fs::rename(desk.path("stick"), desk.path("away")).unwrap();
    desk.key(Key::Enter).is("Ceremony", "is out");
    desk.key(Key::Enter).is("Ceremony", "not back yet");
    fs::rename(desk.path("away"), desk.path("stick-1")).unwrap();
    stick.put_back(&desk.path("stick-1"));
    desk.key(Key::Enter).is("Ceremony", "0 of 3 verified");
    // Somebody's phrase of another ceremony is nobody's here; a phrase counts once.
    let foreign = Phrase::generate(ENGLISH, &mut Seeded::new("foreign")).unwrap();
    desk.key(Key::Enter).sit_down().type_phrase(&foreign).is("Phrase", "not a phrase of this backup").key(Key::Esc);
    desk.is("Ceremony", "0 of 3 verified")
        .wipe_words()
        .key(Key::Enter)
        .sit_down()
        .type_phrase(&third)
        .is("Ceremony", "1 of 3 verified");
    desk.key(Key::Enter).sit_down().type_phrase(&third).is("Ceremony", "already entered");
    // The second one lost the paper: a new phrase, the file anew, everybody once more.
    desk.keys(&[Key::Home, Key::Down]).key(Key::Delete).sit_down().is("Ceremony", "void").key(Key::Delete);
    let second = written_down(&desk.is("Ceremony", "Phrase of shareholder 2").screen(), ENGLISH);
    desk.key(Key::Enter).press("yyy").type_phrase(&second).is("Ceremony", "3 of 3 confirmed");
    desk.key(Key::Enter).is("Ceremony", "Unmount");
    stick.pull();
    desk.key(Key::Enter);
    stick.put_back(&desk.path("stick-1"));
    desk.key(Key::Enter).is("Ceremony", "0 of 3 verified");
    for phrase in [&second, &third, &first] {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    desk.is("Ceremony", "3 of 3 verified").key(Key::Enter).is("Ceremony", "This is a backup");
    let screen = desk.screen();
    assert!(screen.contains("Key of shareholder 2 (Holder 2) is part of the backup"), "{screen}");
    let folder = desk.path("stick-1/conclave-backup");
    for name in [
        "snapshot.json",
        "snapshot.eml",
        "fingerprint.txt",
        "record.jsonl",
        "record-to-sign.txt",
        "record-to-sign.html",
        "cards/1.txt",
        "cards/cards.html",
    ] {
        assert!(folder.join(name).exists(), "{name}");
    }
    assert!(!folder.join("UNCONFIRMED-snapshot.json").exists());
    fs::rename(desk.path("stick-1"), desk.path("stick")).unwrap();
    recovered(&desk, &[first, second, third], &[2, 1]);
}

#[test]
fn leaving_before_the_end_says_void_and_leaves_no_backup() {
    let mut desk = planning(no_media, "void");
    plan(&mut desk, 2, 2, ENGLISH);
    let phrases = gather(&mut desk, 2, ENGLISH);
    skip(&mut desk);
    desk.key(Key::Enter).sit_down().type_phrase(&phrases[0]).is("Ceremony", "1 of 2 verified");
    desk.key(Key::Ctrl('c')).is("Ceremony", "VOID").press("y").is("Record", "VOID");
    let screen = desk.screen();
    assert!(screen.contains("No backup was made") && screen.contains("UNCONFIRMED"), "{screen}");
    let mut names: Vec<_> =
        fs::read_dir(desk.path("stick/conclave-backup")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["UNCONFIRMED-snapshot.json"]);
    // What was left opens with a warning.
    let source = conclave::effect::Source::Files(vec![desk.path("stick/conclave-backup/UNCONFIRMED-snapshot.json")]);
    desk.app = App::new(Console::default(), Box::new(Chooser::loading(source)));
    desk.serve();
    desk.is("Open", "never confirmed");
}

#[test]
fn an_idle_room_is_wiped_and_says_void() {
    let mut desk = planning(no_media, "idle");
    plan(&mut desk, 2, 2, ENGLISH);
    let first = copy(&mut desk, ENGLISH);
    desk.type_phrase(&first).wait(3_500).is("Ceremony", "").wait(200).is("Record", "VOID");
    assert!(!desk.path("stick/conclave-backup/UNCONFIRMED-snapshot.json").exists());
}

/// From the pages of a rotation to the board: two people instead of three.
fn plan_rotation(desk: &mut Desk) {
    desk.is("Ceremony", "Organization: Example Cellar").key(Key::Enter);
    desk.is("Ceremony", "page 2 of 5").press("Connie").key(Key::Enter);
    desk.is("Ceremony", "Who are the shareholders?").is("Ceremony", "3  Holder 3");
    desk.keys(&[Key::End, Key::Delete]).is("Ceremony", "2  Holder 2").key(Key::Enter);
    desk.key(Key::Ctrl('u')).press("2").key(Key::Enter).is("Ceremony", "one lost paper").key(Key::Enter);
    desk.key(Key::Ctrl('u')).press("new@example.org").key(Key::Enter);
    desk.is("Ceremony", "Where is it written?").key(Key::Enter);
    desk.key(Key::Enter).is("Ceremony", "Is all of this right?").key(Key::Enter).is("Ceremony", "0 of 2 confirmed");
}

#[test]
fn a_rotation_on_screens_reviews_keeps_a_phrase_and_says_that_the_old_file_still_opens() {
    let (first, phrases) = small(2, 3, "rotation");
    let issue =
        |entropy| conclave::snapshot::refresh::Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy };
    let records = vec![put_vault("n1", "Wanted"), put_vault("n2", "Doubtful")];
    let second = conclave::snapshot::refresh::append_public(&first, records, issue(&mut Seeded::new("more"))).unwrap();
    let mut desk = Desk::new(&[("old.json", &second)], false);
    desk.app.console.journey.set_out(conclave::journey::Goal::Rotate);
    desk.begin();
    for number in [3, 1] {
        desk.key(Key::Enter).sit_down().type_phrase(&phrases[number - 1]);
    }
    desk.is("Quorum", "").key(Key::Enter).is("Ceremony", "No quorum has confirmed these: 2");
    // Nothing is accepted that nobody looked into: neither all at once, nor one.
    desk.is("Ceremony", "name: \"Wanted\"").press("a").is("Ceremony", "nobody looked into yet: 2.");
    desk.press(" ").is("Ceremony", "This was added").is("Ceremony", "chain: \"bitcoin\"").press(" ");
    desk.is("Ceremony", "You accept this").key(Key::Enter).is("Ceremony", "You accept 1 of them");
    desk.keys(&[Key::End, Key::Enter]);
    plan_rotation(&mut desk);
    // The first one keeps the phrase; a phrase that is nobody's of the old backup is refused, and so is another's.
    let foreign = Phrase::generate(ENGLISH, &mut Seeded::new("nobody")).unwrap();
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to shareholder 1").press("k").type_phrase(&foreign);
    desk.is("Phrase", "").key(Key::Esc).is("Ceremony", "0 of 2 confirmed");
    desk.key(Key::Enter).sit_down().press("k");
    desk.key(Key::Ctrl('u')).is("Phrase", "");
    for _ in 0..12 {
        desk.keys(&[Key::Ctrl('u'), Key::Up]);
    }
    desk.key(Key::Home).type_phrase(&phrases[0]).is("Ceremony", "1 of 2 confirmed");
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to shareholder 2").press("k").type_phrase(&phrases[0]);
    desk.is("Phrase", "shareholder 1").key(Key::Esc);
    desk.key(Key::Enter).sit_down().key(Key::Enter);
    let new = written_down(&desk.is("Ceremony", "Phrase of shareholder 2").screen(), ENGLISH);
    desk.key(Key::Enter).press("yyy").type_phrase(&new).is("Ceremony", "2 of 2 confirmed");
    assert!(!desk.screen().contains("still opens"), "nothing is said of the old one before the new one is verified");
    desk.key(Key::Enter).is("Ceremony", "UNCONFIRMED");
    desk.press("kk").is("Ceremony", "0 of 2 verified");
    for phrase in [&new, &phrases[0]] {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    desk.key(Key::Enter).is("Ceremony", "This is a backup").is("Ceremony", "still open");
    let file = desk.path("conclave-backup/snapshot.json");
    let rotated = conclave::snapshot::v1::read::read(&fs::read(file).unwrap()).unwrap().snapshot().unwrap();
    let replaces = rotated.core.replaces.clone().unwrap();
    assert_eq!(replaces.backup_id, second.core.backup_id);
    let kept = [phrases[0].duplicate(), new];
    let opened = open_with(&backup(&[&rotated]), &kept, &[1, 2], &CheapKdf).unwrap();
    let old = open_with(&backup(&[&second]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert_eq!(contents(&opened), contents(&old));
    let marks = |opened: &conclave::snapshot::opening::Opened| {
        opened.findings.iter().filter(|finding| finding.is_by_others()).count()
    };
    assert_eq!((marks(&old), marks(&opened)), (2, 1), "one was accepted, the other keeps its mark");
    desk.key(Key::F(10)).press("y").is("Record", "");
}

/// Presses a key, and hands over what was asked for without doing it.
fn asked(desk: &mut Desk, key: Key) -> (u64, Effect) {
    desk.app.on_key(key, desk.now);
    let mut requests = desk.app.take_requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    match requests.remove(0) {
        Request::Perform(ticket, effect) => (ticket, effect),
        other => panic!("{other:?}"),
    }
}

/// Does late what was asked for.
fn done(desk: &mut Desk, (ticket, effect): (u64, Effect)) {
    let outcome = desk.session.perform(effect, &|| false);
    desk.app.on_outcome(ticket, outcome, desk.now);
    desk.serve();
}

/// On the board with everybody confirmed and the file written.
fn sealed(seed: &str) -> (Desk, Vec<Phrase>) {
    let mut desk = planning(no_media, seed);
    plan(&mut desk, 2, 2, ENGLISH);
    let phrases = gather(&mut desk, 2, ENGLISH);
    skip(&mut desk);
    (desk, phrases)
}

#[test]
fn writing_is_not_left_half_way_and_a_backup_is_never_called_void() {
    let (mut desk, phrases) = sealed("leaving while it is issued");
    for phrase in &phrases {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    let issue = asked(&mut desk, Key::Enter);
    desk.key(Key::Ctrl('c')).is("Ceremony", "Wait: writing is not interrupted").press("y");
    assert!(!desk.is("Ceremony", "Wait").screen().contains("VOID"));
    done(&mut desk, issue);
    desk.is("Ceremony", "The backup is made and written: nothing is lost.").press("y").is("Record", "");
    assert!(!desk.screen().contains("VOID"));
    // Somebody who is in a hurry leaves all the same, and the record learns of it as long as there is one.
    let (mut desk, phrases) = sealed("leaving twice while it is issued");
    for phrase in &phrases {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    let (_, issue) = asked(&mut desk, Key::Enter);
    desk.keys(&[Key::Ctrl('c'), Key::Ctrl('c')]);
    assert_eq!(desk.ended, Some(Ending::Interrupted));
    let outcome = desk.session.perform(issue, &|| false);
    desk.app.console.journey.hear_late(outcome);
    let made = desk.app.console.journey.history.made.clone().unwrap();
    assert!(made.is_complete() && made.void().is_empty());
}

#[test]
fn a_file_that_is_written_late_is_named_in_the_record() {
    let mut desk = planning(no_media, "leaving while it is sealed");
    plan(&mut desk, 2, 2, ENGLISH);
    for _ in 0..2 {
        let phrase = copy(&mut desk, ENGLISH);
        desk.type_phrase(&phrase);
    }
    let (_, seal) = asked(&mut desk, Key::Enter);
    desk.keys(&[Key::Ctrl('c'), Key::Ctrl('c')]);
    let outcome = desk.session.perform(seal, &|| false);
    desk.app.console.journey.hear_late(outcome);
    let made = desk.app.console.journey.history.made.clone().unwrap();
    assert!(made.void().concat().contains("UNCONFIRMED-snapshot.json"), "{:?}", made.void());
}

#[test]
fn a_new_phrase_that_is_being_made_cannot_be_given_up() {
    let (mut desk, _) = sealed("a new phrase and Esc");
    desk.key(Key::Delete).sit_down();
    let show = asked(&mut desk, Key::Delete);
    desk.wait(3);
    desk.key(Key::Esc);
    assert!(!desk.screen().contains("Stopped."));
    done(&mut desk, show);
    desk.is("Ceremony", "Phrase of shareholder");
}

/// How many words of the phrase are in view.
fn in_view(desk: &mut Desk, phrase: &Phrase) -> usize {
    let screen = desk.screen();
    phrase.reveal_words().iter().filter(|word| screen.split_whitespace().any(|shown| shown == **word)).count()
}

/// A phrase is typed; the last Enter is not served.
fn typed_up_to_the_check(desk: &mut Desk, phrase: &Phrase) -> (u64, Effect) {
    desk.is("Phrase", "").press(&phrase.reveal_words().join(" "));
    asked(desk, Key::Enter)
}

#[test]
fn words_that_were_accepted_late_are_gone_before_the_next_one_sits_down() {
    let (mut desk, phrases) = sealed("late");
    desk.key(Key::Enter).sit_down();
    let check = typed_up_to_the_check(&mut desk, &phrases[0]);
    desk.wait(3);
    desk.app.on_key(Key::Esc, desk.now);
    let _ = desk.app.take_requests();
    desk.is("Phrase", "Stopped");
    done(&mut desk, check);
    desk.is("Ceremony", "1 of 2 verified").is("Ceremony", "verified: shareholder 1");
    assert!(!desk.screen().contains("unfinished") && desk.app.console.journey.desk.entry.is_none());
    // The same while it is typed back.
    let mut desk = planning(no_media, "late confirmation");
    plan(&mut desk, 2, 2, ENGLISH);
    let phrase = copy(&mut desk, ENGLISH);
    let check = typed_up_to_the_check(&mut desk, &phrase);
    desk.wait(3);
    desk.app.on_key(Key::Esc, desk.now);
    let _ = desk.app.take_requests();
    desk.key(Key::Esc).is("Ceremony", "Words of an unfinished phrase are kept");
    done(&mut desk, check);
    desk.is("Ceremony", "Confirmed: shareholder 1 (Holder 1) typed it back right");
    assert!(!desk.screen().contains("unfinished") && desk.app.console.journey.desk.entry.is_none());
}

#[test]
fn words_that_somebody_began_meanwhile_are_not_dropped() {
    let (mut desk, phrases) = sealed("began meanwhile");
    desk.key(Key::Enter).sit_down();
    let check = typed_up_to_the_check(&mut desk, &phrases[0]);
    desk.wait(3);
    desk.app.on_key(Key::Esc, desk.now);
    let _ = desk.app.take_requests();
    desk.key(Key::Esc).wipe_words().key(Key::Enter).sit_down().is("Phrase", "").press("zebra ");
    done(&mut desk, check);
    desk.is("Phrase", "").key(Key::Esc).is("Ceremony", "kept, masked: 1.");
}

#[test]
fn words_that_nobody_owns_are_shown_to_nobody() {
    let (mut desk, phrases) = sealed("whose words");
    let words = phrases[0].reveal_words();
    desk.key(Key::Enter).sit_down().press(&words[..6].join(" ")).key(Key::Esc).is("Ceremony", "kept, masked: ");
    for key in [Key::F(2), Key::F(3), Key::F(4)] {
        desk.key(Key::Enter).sit_down().key(key);
        for _ in 0..3 {
            assert!(in_view(&mut desk, &phrases[0]) < 2, "{}", desk.screen());
            desk.key(Key::Up).key(Key::Backspace);
        }
        desk.key(Key::F(3)).is("Phrase", "they stay hidden");
        desk.key(Key::Esc);
    }
    // Words that are begun anew can be seen by who types them.
    desk.wipe_words().key(Key::Enter).sit_down().press(&words[..6].join(" ")).key(Key::F(3));
    assert!(in_view(&mut desk, &phrases[0]) >= 5, "{}", desk.screen());
}

/// On the board of a rotation from three people to two; says the old phrases.
fn rotating(seed: &str) -> (Desk, Vec<Phrase>) {
    let (first, phrases) = small(2, 3, seed);
    let mut desk = Desk::new(&[("old.json", &first)], false);
    desk.app.console.journey.set_out(conclave::journey::Goal::Rotate);
    desk.begin();
    for phrase in &phrases[..2] {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    desk.is("Quorum", "").key(Key::Enter).is("Ceremony", "All of it goes into the new one").key(Key::Enter);
    (desk, phrases)
}

#[test]
fn nobody_is_told_to_destroy_a_paper_of_the_old_backup() {
    let (mut desk, phrases) = rotating("old papers");
    plan_rotation(&mut desk);
    desk.key(Key::Enter).sit_down().press("k").type_phrase(&phrases[0]).is("Ceremony", "1 of 2 confirmed");
    desk.key(Key::Ctrl('c')).is("Ceremony", "The papers of the old backup stay valid: keep them.");
    assert!(!desk.screen().contains("VOID"), "{}", desk.screen());
    // Whoever kept the old one and wants another one after all keeps the paper.
    desk.key(Key::Enter).key(Key::Home).key(Key::Enter).sit_down().key(Key::Delete);
    desk.is("Ceremony", "Keep the old paper: it opens the old backup.");
    assert!(!desk.screen().contains("VOID"), "{}", desk.screen());
    desk.key(Key::Delete)
        .is("Ceremony", "Phrase of shareholder 1")
        .key(Key::Esc)
        .key(Key::Enter)
        .sit_down()
        .key(Key::Delete);
    desk.is("Ceremony", "Write VOID on the paper before").key(Key::Esc);
    desk.key(Key::Ctrl('c')).is("Ceremony", "VOID").is("Ceremony", "papers of the old backup stay valid");
    desk.press("y").is("Record", "The papers of the old backup stay valid: keep them.");
}

#[test]
fn a_file_that_was_altered_is_written_anew_and_the_ceremony_goes_on() {
    let (mut desk, phrases) = sealed("altered");
    for phrase in &phrases {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    fs::write(desk.path("stick/conclave-backup/UNCONFIRMED-snapshot.json"), "x").unwrap();
    desk.key(Key::Enter).is("Ceremony", "2 of 2 verified").is("Ceremony", "! ");
    desk.press("w").is("Ceremony", "w once more writes the file anew: everybody types once more.");
    desk.key(Key::Down).is("Ceremony", "2 of 2 verified");
    desk.press("ww").is("Ceremony", "UNCONFIRMED").press("kk").is("Ceremony", "0 of 2 verified");
    verify(&mut desk, &phrases, 0..2);
}

#[test]
fn a_phrase_is_typed_back_from_paper_and_not_from_a_clipboard() {
    let mut desk = planning(no_media, "pasted");
    plan(&mut desk, 2, 2, ENGLISH);
    let phrase = copy(&mut desk, ENGLISH);
    desk.paste(&phrase.reveal_words().join(" ")).is("Phrase", "Type it from the paper").press("y").key(Key::Ctrl('u'));
    desk.type_phrase(&phrase).is("Ceremony", "1 of 2 confirmed");
}

#[test]
fn one_bad_file_of_the_command_line_hides_no_other() {
    let mut desk = planning(no_media, "files");
    fs::write(desk.path("bad.json"), "no inventory").unwrap();
    let files = ["bad.json", "inventory.json", "missing.json"].map(|name| desk.path(name));
    desk.app = App::new(Console::default(), Box::new(Planning::of(Kind::Organization, of_files(files.to_vec()))));
    desk.serve();
    desk.is("Ceremony", "Read: keys 1, vaults 2").is("Ceremony", "refused: 1.");
}

#[test]
fn a_plan_of_a_rotation_is_not_dropped_without_asking() {
    let (mut desk, _) = rotating("plan and Esc");
    desk.is("Ceremony", "Organization: Example Cellar").key(Key::Esc).is("Ceremony", "All of it goes");
    desk.key(Key::Enter).key(Key::Enter).is("Ceremony", "page 2").press("Connie").keys(&[Key::Esc, Key::Esc]);
    desk.is("Ceremony", "Esc once more goes back and drops this plan.").key(Key::Enter).is("Ceremony", "Connie");
    desk.keys(&[Key::Esc, Key::Esc, Key::Esc]).is("Ceremony", "All of it goes");
}

#[test]
fn an_enter_too_many_shows_the_phrase_of_nobody() {
    for apart in [30, 300, 1_200] {
        let mut desk = planning(no_media, "an enter too many");
        plan(&mut desk, 2, 2, ENGLISH);
        let first = copy(&mut desk, ENGLISH);
        desk.press(&first.reveal_words().join(" "));
        for _ in 0..10 {
            desk.hurried(Key::Enter).after(apart);
        }
        assert!(
            desk.app.console.journey.history.made.as_ref().unwrap().shown.len() == 1,
            "{apart} ms:\n{}",
            desk.screen()
        );
        desk.rest().is("Ceremony", "Holder 2");
    }
}

/// Somebody sits down and declines; the plan is open.
fn decline(desk: &mut Desk, number: u8) -> &mut Desk {
    desk.key(Key::Enter).sit_down().is("Ceremony", &format!("Request to shareholder {number}"));
    desk.is("Ceremony", "keys 1, vaults 2, accounts 1, codes 2").press("n").is("Ceremony", "once more declines");
    desk.key(Key::Enter).is("Ceremony", "Have paper and pen ready").press("nn");
    desk.is("Ceremony", &format!("Declined: shareholder {number} ("))
}

/// The words of the record, in order.
fn events(desk: &Desk) -> Vec<String> {
    let record = fs::read_to_string(desk.path("stick/conclave-backup/record.jsonl")).unwrap();
    let event =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].as_str().unwrap().to_owned();
    record.lines().map(event).collect()
}

#[test]
fn who_declines_is_replaced_in_the_same_place_and_the_others_stay_confirmed() {
    let mut desk = planning(no_media, "declined");
    plan(&mut desk, 2, 3, ENGLISH);
    let mut phrases = Vec::new();
    for _ in 0..2 {
        let phrase = copy(&mut desk, ENGLISH);
        desk.type_phrase(&phrase).is("Ceremony", "The backup key of").is("Ceremony", "Not yet a backup");
        phrases.push(phrase);
    }
    decline(&mut desk, 3).press("Eve").key(Key::Enter).is("Ceremony", "3  Eve").key(Key::Enter);
    desk.is("Ceremony", "Any 2 of the 3").key(Key::Enter).is("Ceremony", "backup@example.org").key(Key::Enter);
    desk.is("Ceremony", "Is all of this right?").key(Key::Enter).is("Ceremony", "2 of 3 confirmed");
    desk.key(Key::End);
    let third = copy(&mut desk, ENGLISH);
    desk.type_phrase(&third).is("Ceremony", "3 of 3 confirmed").key(Key::Enter).is("Ceremony", "UNCONFIRMED");
    phrases.push(third);
    skip(&mut desk);
    for phrase in &phrases {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    desk.key(Key::Enter).is("Ceremony", "Key of shareholder 3 (Eve) is part of the backup");
    let events = events(&desk);
    let declined = events.iter().position(|event| event == "request declined").unwrap();
    assert_eq!(events[declined + 1], "planned anew");
    recovered(&desk, &phrases, &[3, 1]);
}

#[test]
fn who_declines_can_be_left_out_and_a_number_that_changes_is_named() {
    let mut desk = planning(no_media, "left out");
    plan(&mut desk, 2, 3, ENGLISH);
    // The first saw a phrase and declines then; the last has confirmed.
    let first = copy(&mut desk, ENGLISH);
    desk.press(first.reveal_words()[0]).key(Key::Esc).key(Key::End);
    let last = copy(&mut desk, ENGLISH);
    desk.type_phrase(&last).is("Ceremony", "1 of 3 confirmed").key(Key::Home).key(Key::Enter).sit_down();
    desk.press("n").is("Ceremony", "write VOID on its paper").press("n").is("Ceremony", "Declined: shareholder 1");
    desk.is("Ceremony", "1  Holder 2").key(Key::Enter);
    desk.is("Ceremony", "All 2 are needed").keys(&[Key::Enter; 2]).key(Key::Enter);
    desk.is("Ceremony", "was number 3: correct it on the sheet").key(Key::Enter).is("Ceremony", "1 of 2 confirmed");
    let other = copy(&mut desk, ENGLISH);
    desk.type_phrase(&other).is("Ceremony", "2 of 2 confirmed").key(Key::Enter);
    skip(&mut desk);
    for phrase in [&last, &other] {
        desk.key(Key::Enter).sit_down().type_phrase(phrase);
    }
    desk.key(Key::Enter).is("Ceremony", "Key of shareholder 2 (Holder 3) is part of the backup");
    recovered(&desk, &[other, last], &[2, 1]);
}

#[test]
fn a_plan_that_is_looked_at_again_and_left_is_as_it_was() {
    let mut desk = planning(no_media, "nothing changed");
    plan(&mut desk, 2, 3, ENGLISH);
    let first = copy(&mut desk, ENGLISH);
    desk.type_phrase(&first);
    decline(&mut desk, 2).key(Key::Delete).key(Key::Esc).is("Ceremony", "The plan stays as it was.");
    desk.keys(&[Key::Esc; 3]).is("Ceremony", "1 of 3 confirmed");
}

#[test]
fn on_screens_another_place_is_one_key_away_and_a_second_copy_too() {
    let (mut desk, phrases) = sealed("another place");
    desk.key(Key::Enter).sit_down().type_phrase(&phrases[0]).is("Ceremony", "1 of 2 verified");
    fs::write(desk.path("stick/conclave-backup/UNCONFIRMED-snapshot.json"), "x").unwrap();
    desk.press("p")
        .is("Ceremony", "What was confirmed stays.")
        .key(Key::Enter)
        .is("Ceremony", "Folder: conclave-backup");
    desk.key(Key::Enter).is("Ceremony", "is not empty").press("-2").key(Key::Enter).is("Ceremony", "UNCONFIRMED");
    desk.is("Ceremony", "conclave-backup-2").is("Ceremony", "the place before does not count: delete it");
    desk.press("kk").is("Ceremony", "1 of 2 verified");
    desk.key(Key::Enter).sit_down().type_phrase(&phrases[1]).is("Ceremony", "2 of 2 verified").key(Key::Enter);
    desk.is("Ceremony", "This is a backup").press("p").is("Ceremony", "A second copy").key(Key::Enter);
    desk.press("-3").key(Key::Enter).is("Ceremony", "The copy is written.").press("kk");
    desk.is("Ceremony", "This is a backup").is("Ceremony", "its medium was not pulled out");
    for folder in ["conclave-backup-2", "conclave-backup-3"] {
        assert!(desk.path("stick").join(folder).join("snapshot.eml").exists(), "{folder}");
    }
}

/// Everybody went home when the file was written; with the papers they go on the next day, from the first page of a plan.
#[test]
fn on_screens_a_file_that_was_left_is_finished_with_its_papers() {
    let (mut desk, phrases) = sealed("left unconfirmed");
    desk.key(Key::Enter).sit_down().type_phrase(&phrases[0]).is("Ceremony", "1 of 2 verified");
    desk.key(Key::Esc).is("Ceremony", "With it and the papers of today all can go on").press("y");
    desk.is("Record", "conclave backup --resume ").is("Record", "If they do not, the phrases on these papers are void");
    let file = desk.path("stick/conclave-backup/UNCONFIRMED-snapshot.json");
    let bytes = fs::read(&file).unwrap();

    desk.app = App::new(
        Console::default(),
        Box::new(Planning::of(Kind::Organization, of_files(vec![desk.path("none.json")]))),
    );
    desk.serve();
    desk.is("Ceremony", "u finish an UNCONFIRMED file").press("u").is("Ceremony", "UNCONFIRMED-snapshot.json)?");
    desk.key(Key::Enter).key(Key::Enter).is("Ceremony", "UNCONFIRMED-snapshot.json").key(Key::Enter);
    desk.is("Ceremony", "Example Cellar: not confirmed").is("Ceremony", "TRAINING");
    // Nothing typed, then somebody else's name, then the right one, and one that is left as it is.
    desk.key(Key::Enter).is("Ceremony", "Type the name of who asks").press("Rita").key(Key::Enter);
    desk.press("Joe").key(Key::Enter).is("Ceremony", "the initials of the name have to be these");
    desk.key(Key::Ctrl('u')).press("Hanna 1 <h@example.org>").key(Key::Enter).key(Key::Enter);
    desk.is("Ceremony", "Nothing was changed yet").key(Key::Enter).is("Ceremony", "1  to type    Hanna 1");
    desk.is("Ceremony", "Its contents are not compared with an inventory");
    desk.key(Key::Delete).press("w").is("Ceremony", "not confirmed. Enter goes on").key(Key::Enter);
    desk.is("Ceremony", "on no medium that can be pulled out").press("kk").is("Ceremony", "0 of 2 verified");
    desk.is("Ceremony", "Now everybody types the phrase").is("Ceremony", "from paper.");
    for (number, phrase) in [(1, &phrases[1]), (2, &phrases[0])] {
        desk.key(Key::Enter).sit_down().type_phrase(phrase).is("Ceremony", &format!("{number} of 2 verified"));
    }
    desk.is("Ceremony", "verified: shareholder 1 (Hanna 1)");
    desk.press("k").is("Ceremony", "compared with: two new master keys.").key(Key::Enter);
    desk.is("Ceremony", "is not what it is compared with").press("n").is("Ceremony", "not compared with an inventory");
    assert_eq!(fs::read(&file).unwrap(), bytes);
    desk.key(Key::Enter).is("Ceremony", "This is a backup").is("Ceremony", "was not compared with an inventory");
    desk.key(Key::F(10)).press("y").is("Record", "of a file of an earlier ceremony");
    assert!(!file.exists());
    recovered(&desk, &phrases, &[2, 1]);
}
