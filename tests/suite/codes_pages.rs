//! Circles and codes on the screens, with the real session behind them: made, added to, read, used, united.

use std::fs;

use conclave::domain::ceremony::ProposedPlan;
use conclave::domain::inventory::SetMode;
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::effect::Source;
use conclave::journey::{Goal, Journey, WantedAccount};
use conclave::machine::disk::System;
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::Session;
use conclave::ui::app::App;
use conclave::ui::console::{Console, Options};
use conclave::ui::key::Key;
use conclave::ui::screens::ceremony::Planning;
use conclave::ui::screens::chooser::Chooser;
use conclave::ui::screens::home::Home;

use crate::support::ceremony::NoMedia;
use crate::support::desk::{Desk, session_in};
use crate::support::*;

const LIST: &str = "Your recovery codes\n1. 0318-4471\n2. 7720-1934\n3. 5563-0098\n";

/// A file for three owners, made on the screens, and their phrases. The desk stands at the end of it.
fn circle(seed: &str) -> (Desk, Vec<Phrase>) {
    let folder = tempfile::tempdir().unwrap();
    let folders = OutputFolders::resolve(&[Output::Folder(folder.path())]);
    let (kdf, entropy) = (Box::new(CheapKdf), Box::new(Seeded::new(seed)));
    let session = Session::new(kdf, entropy, Box::new(System), folders, Some(folder.path().to_owned()), None)
        .with_media(Box::new(NoMedia));
    let app = App::new(Console::default(), Box::new(Planning::of(Kind::Codes, ProposedPlan::default())));
    let mut desk = Desk::of(folder, app, session);
    desk.is("Ceremony", "Whose backup is it?").press("Cellar").key(Key::Enter);
    desk.is("Ceremony", "What is it for?").key(Key::Down).key(Key::Enter);
    desk.is("Ceremony", "Who asks the owners?").press("Connie").key(Key::Enter);
    for name in ["Ann", "Ben", "Joe"] {
        desk.is("Ceremony", "Who are the owners?").press(name).key(Key::Enter);
    }
    desk.key(Key::Enter).is("Ceremony", "Which address").press("codes@example.org").key(Key::Enter);
    desk.is("Ceremony", "Where is it written?").key(Key::Enter);
    desk.is("Ceremony", "In which new folder?").key(Key::Enter).is("Ceremony", "Each of the 3 opens it alone.");
    desk.key(Key::Enter).is("Ceremony", "0 of 3 confirmed");
    let mut phrases = Vec::new();
    for number in 1..=3 {
        desk.key(Key::Enter).sit_down().is("Ceremony", &format!("Request to owner {number}"));
        desk.is("Ceremony", "a key to the recovery codes of Cellar").key(Key::Enter);
        let phrase = written_down(&desk.is("Ceremony", "Phrase of owner").screen(), ENGLISH);
        desk.key(Key::Enter).press("yyy").is("Phrase", "Word 1 of").type_phrase(&phrase);
        let said = desk.is("Ceremony", &format!("Confirmed: owner {number}")).screen();
        assert!(!said.contains("once more"), "one re-entry is enough:\n{said}");
        phrases.push(phrase);
    }
    assert!(!desk.path("conclave-backup/snapshot.json").exists());
    desk.key(Key::Enter)
        .is("Ceremony", "This is a backup")
        .is("Ceremony", "Key of owner 3 (Joe) is part of the backup.");
    fs::copy(desk.path("conclave-backup/snapshot.json"), desk.path("0.json")).unwrap();
    (desk, phrases)
}

/// The same folder at the home screen, as after a new start.
fn home(desk: Desk) -> Desk {
    let session = session_in(desk.folder.path(), Box::new(System));
    let app = App::new(Console::new(Journey::default(), Options::default()), Box::new(Home::default()));
    Desk::of(desk.folder, app, session)
}

/// From the home screen to what can be done with codes.
fn menu(desk: &mut Desk) -> &mut Desk {
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Enter]).is("Codes", "Recovery codes of accounts")
}

/// From the home screen to the question how codes of an account come.
fn at_way<'a>(desk: &'a mut Desk, file: &str, service: &str, login: &str) -> &'a mut Desk {
    menu(desk).key(Key::Enter);
    desk.choose_file(file).is("Codes", "Whose codes are these?").press(service).key(Key::Enter);
    desk.is("Codes", "The login there").press(login).key(Key::Enter).is("Codes", "How do the codes come here?")
}

/// From what was understood to the next file.
fn save<'a>(desk: &'a mut Desk, name: &str) -> &'a mut Desk {
    desk.key(Key::Enter).is("Codes", "In training Enter alone").key(Key::Enter).is("Codes", "Where").key(Key::Enter);
    desk.key(Key::Ctrl('u')).press(name).key(Key::Enter)
}

/// One owner opens a file, and looks at its only account.
fn at_account<'a>(desk: &'a mut Desk, file: &str, phrase: &Phrase) -> &'a mut Desk {
    menu(desk).keys(&[Key::Down, Key::Enter]);
    desk.choose_file(file).is("Open", "Fingerprint word").press("none").key(Key::Enter).sit_down().type_phrase(phrase);
    desk.is("Verified", "").key(Key::Enter).is("Recovered", "GitHub").key(Key::Enter)
}

#[test]
fn three_owners_save_read_and_use_codes_alone() {
    let (desk, phrases) = circle("three owners");
    let mut desk = home(desk);
    at_way(&mut desk, "0.json", "GitHub", "ops@example.org").paste(LIST);
    desk.is("Codes", "3 codes. Compare them")
        .is("Codes", "0318-4471")
        .is("Codes", "Every owner of the file reads them");
    save(&mut desk, "1").is("Codes", "Saved: 3 codes for GitHub / ops@example.org.").is("Codes", "1.json");

    for (number, phrase) in (1..).zip(&phrases) {
        desk = home(desk);
        let screen = at_account(&mut desk, "1.json", phrase).is("Recovered", "3 of 3 codes left").screen();
        assert!(!screen.contains("0318-4471"), "owner {number}: nothing is shown before it is asked for\n{screen}");
        // The cursor stands at the next one.
        desk.press("y").is("Recovered", "0318-4471");
    }
    // The third marks it; the next owner sees that.
    desk.press("u").is("Codes", "mark a code of GitHub").key(Key::Enter).key(Key::Ctrl('u')).press("2").key(Key::Enter);
    desk.is("Codes", "Marked as used: a code of GitHub").key(Key::Enter).is("Recovered", "2 of 3 codes left");
    // And another one: it goes on from the file that was written.
    desk.press("y")
        .is("Recovered", "7720-1934")
        .press("u")
        .key(Key::Enter)
        .key(Key::Ctrl('u'))
        .press("3")
        .key(Key::Enter);
    desk.is("Codes", "Marked as used").key(Key::Enter).is("Recovered", "LOW: 1 of 3 codes left");
    desk = home(desk);
    at_account(&mut desk, "3.json", &phrases[0])
        .is("Recovered", "1 of 3 codes left")
        .press("y")
        .is("Recovered", "5563-0098");
    // Who is no owner opens nothing.
    desk = home(desk);
    let (_, strangers) = small(2, 3, "a stranger");
    menu(&mut desk).keys(&[Key::Down, Key::Enter]);
    desk.choose_file("3.json").press("none").key(Key::Enter).sit_down().type_phrase(&strangers[0]);
    desk.is("Phrase", "not a phrase of this backup");
}

#[test]
fn what_an_owner_adds_to_an_open_file_is_seen_at_once_and_next_to_the_rest() {
    let (desk, phrases) = circle("added");
    let mut desk = home(desk);
    at_way(&mut desk, "0.json", "GitHub", "ops").paste(LIST);
    save(&mut desk, "1").is("Codes", "Saved: 3 codes");
    // Another account at once: the next file goes on from the one that was written.
    desk.press("a").is("Codes", "Whose codes are these?").press("Mail").key(Key::Enter).press("ann").key(Key::Enter);
    desk.keys(&[Key::End, Key::Enter]).is("Codes", "this service gives no codes");
    save(&mut desk, "2").is("Codes", "Saved: Mail / ann has no codes.");

    desk = home(desk);
    at_account(&mut desk, "2.json", &phrases[1]).press("a").is("Codes", "GitHub / ops").paste("8080-1111\n9090-2222\n");
    desk.press("r").is("Codes", "Earlier codes of the account are history").key(Key::Enter).is("Codes", "Where");
    desk.key(Key::Enter).key(Key::Ctrl('u')).press("3").key(Key::Enter).is("Codes", "in the place of earlier ones");
    desk.key(Key::Enter)
        .is("Recovered", "2 of 2 codes left")
        .is("Recovered", "retired")
        .press("y")
        .is("Recovered", "8080-1111");
    // An account that is spelled otherwise is asked about.
    desk.key(Key::Esc)
        .is("Recovered", "Accounts 2")
        .press("a")
        .press("Git Hub")
        .key(Key::Enter)
        .press("ops")
        .key(Key::Enter);
    desk.is("Codes", "may be the same").is("Codes", "GitHub / ops").key(Key::Enter).is("Codes", "GitHub / ops");
}

#[test]
fn typed_codes_are_read_back_before_they_are_saved() {
    let (desk, phrases) = circle("typed");
    let mut desk = home(desk);
    at_way(&mut desk, "0.json", "GitHub", "ops").keys(&[Key::Down, Key::Enter]);
    for code in ["1111-2222", "3333-444", "5555-6666", "7777-8888"] {
        desk.is("Codes", "One code a line").press(code).key(Key::Enter);
    }
    desk.is("Codes", "! is longer or shorter than the others").keys(&[Key::Up, Key::Up, Key::Up]).press("4");
    desk.keys(&[Key::End, Key::Enter]).is("Codes", "4 codes. Compare them").is("Codes", "3333-4444").key(Key::Esc);
    // Back, nothing is lost.
    desk.is("Codes", "One code a line").is("Codes", "7777-8888").key(Key::Enter);
    save(&mut desk, "1").is("Codes", "Saved: 4 codes");
    desk = home(desk);
    at_account(&mut desk, "1.json", &phrases[2]).press("y").is("Recovered", "1111-2222");
}

#[test]
fn what_is_ambiguous_is_asked_and_what_is_no_list_is_refused() {
    let (desk, phrases) = circle("ambiguous");
    let mut desk = home(desk);
    let phrase = phrases[0].reveal_words().join(" ");
    at_way(&mut desk, "0.json", "GitHub", "ops").paste(&phrase).is("Codes", "recovery phrase of a wallet");
    assert!(!desk.screen().contains(phrases[0].reveal_words()[3]));
    fs::write(desk.path("codes.txt"), "0318 4471\n7720 1934\n5563 0098\n9012 3344\n").unwrap();
    desk.keys(&[Key::Home, Key::Down, Key::Down, Key::Enter]).is("Codes", "Where is the file with the codes?");
    desk.choose_file("codes.txt").is("Codes", "Which is right?").is("Codes", "Then these are the codes:");
    desk.key(Key::Enter).is("Codes", "Compare them with the page");
    desk.keys(&[Key::Esc]).is("Codes", "How do the codes come here?");
}

#[test]
fn two_copies_in_which_two_owners_marked_codes_are_offered_to_be_united() {
    let (desk, phrases) = circle("two copies");
    let mut desk = home(desk);
    at_way(&mut desk, "0.json", "GitHub", "ops").paste(LIST);
    save(&mut desk, "1").is("Codes", "Saved: 3 codes");
    fs::remove_file(desk.path("0.json")).unwrap();
    fs::remove_file(desk.path("conclave-backup/snapshot.json")).unwrap();
    for (owner, name) in [(0, "a"), (1, "b")] {
        desk = home(desk);
        fs::create_dir(desk.path(name)).unwrap();
        at_account(&mut desk, "1.json", &phrases[owner]).keys(&vec![Key::Down; owner]).press("yu").key(Key::Enter);
        desk.key(Key::Ctrl('u')).press(name).key(Key::Enter).is("Codes", "Marked as used");
        fs::rename(desk.path(&format!("{name}.json")), desk.path(&format!("{name}/{name}.json"))).unwrap();
    }
    fs::copy(desk.path("a/a.json"), desk.path("b/a.json")).unwrap();
    desk = home(desk);
    // Both lie there: it is offered, and one file goes on from both.
    menu(&mut desk).keys(&[Key::Down, Key::Enter]);
    desk.is("Open", "Where is the snapshot?").choose_file("b").press("b.json").key(Key::Enter);
    desk.is("Open", "Another copy of it lies here, with other codes or marks.")
        .key(Key::Enter)
        .is("Open", "Fingerprint word")
        .press("none")
        .key(Key::Enter);
    desk.sit_down().type_phrase(&phrases[2]).key(Key::Enter).is("Recovered", "ok  Opened").key(Key::Enter);
    desk.is("Recovered", "1 of 3 codes left").press("y").is("Recovered", "5563-0098");
}

/// Ten codes for an account that the command line names: one paste, and at most 12 keys; the next code in at most 25 beside the phrase.
#[test]
fn saving_and_reading_take_few_keys() {
    let (desk, phrases) = circle("few keys");
    let desk = home(desk);
    let named = |goal, file: &str| {
        let mut journey = Journey::new(goal);
        let (service, login) = (text("GitHub"), Some(text("ops@example.org")));
        journey.wanted = Some(WantedAccount { service, login, mode: SetMode::Add });
        (journey, Source::Files(vec![desk.path(file)]))
    };
    let ten: Vec<String> = (0..10).map(|number| format!("{number}731-99{number}6\n")).collect();
    let (saving, reading) = (named(Goal::Save, "0.json"), named(Goal::Recover, "codes-2.json"));
    let start = |folder, (journey, source): (Journey, Source)| {
        let session = session_in(std::path::Path::new(&folder), Box::new(System));
        (session, App::new(Console::new(journey, Options::default()), Box::new(Chooser::loading(source))))
    };
    let (session, app) = start(desk.folder.path().to_owned(), saving);
    let mut desk = Desk::of(desk.folder, app, session);
    desk.rest().is("Codes", "GitHub / ops@example.org").paste(&ten.concat());
    desk.pressed = 0;
    desk.keys(&[Key::Enter; 4]).is("Codes", "Saved: 10 codes for GitHub / ops@example.org.");
    assert!(desk.pressed <= 12, "{}", desk.pressed);

    let (session, app) = start(desk.folder.path().to_owned(), reading);
    let mut desk = Desk::of(desk.folder, app, session);
    desk.rest().is("Open", "Fingerprint word").press("none").key(Key::Enter).sit_down();
    let before = desk.pressed;
    desk.type_phrase(&phrases[1]);
    desk.pressed = before;
    desk.is("Verified", "").key(Key::Enter).is("Recovered", "account: GitHub").press("y").is("Recovered", "0731-9906");
    assert!(desk.pressed <= 25, "{}", desk.pressed);
}

/// Ann leaves, Eve comes: those who stay keep their phrases by typing them, and what has to be done at the services is listed.
#[test]
fn owners_who_stay_keep_their_phrases_and_a_checklist_says_what_is_to_be_replaced() {
    let (desk, phrases) = circle("other owners");
    let mut desk = home(desk);
    at_way(&mut desk, "0.json", "GitHub", "ops").paste(LIST);
    save(&mut desk, "1").is("Codes", "Saved: 3 codes");
    let source = Source::Files(vec![desk.path("1.json")]);
    let session = session_in(desk.folder.path(), Box::new(System));
    let console = Console::new(Journey::new(Goal::Rotate), Options::default());
    let app = App::new(console, Box::new(Chooser::loading(source)));
    let mut desk = Desk::of(desk.folder, app, session);
    fs::remove_dir_all(desk.path("conclave-backup")).unwrap();
    desk.rest().press("none").key(Key::Enter).sit_down().type_phrase(&phrases[0]).is("Verified", "").key(Key::Enter);
    desk.is("Ceremony", "GitHub").key(Key::Enter).is("Ceremony", "codes: 3 codes, 0 used").press(" ");
    desk.is("Ceremony", "[x] You accept this").keys(&[Key::Enter, Key::Enter]);
    desk.is("Ceremony", "Organization: Cellar").key(Key::Enter);
    desk.press("Connie")
        .key(Key::Enter)
        .is("Ceremony", "Who are the owners?")
        .key(Key::Delete)
        .press("Eve")
        .key(Key::Enter);
    desk.key(Key::Enter).is("Ceremony", "Which address").press("codes@example.org").key(Key::Enter).key(Key::Enter);
    desk.is("Ceremony", "In which new folder?").key(Key::Enter).is("Ceremony", "Is all of this right?");
    desk.press("m").is("Ceremony", "How are they named").key(Key::Down).keys(&[Key::Enter; 2]);
    desk.is("Ceremony", "In the file  full names").key(Key::Enter);
    for (number, phrase) in [(1, &phrases[1]), (2, &phrases[2])] {
        desk.is("Ceremony", "of 3 confirmed")
            .key(Key::Enter)
            .sit_down()
            .is("Ceremony", &format!("Request to owner {number}"));
        desk.press("k").type_phrase(phrase).is("Ceremony", "keeps a phrase of the old backup");
    }
    desk.key(Key::Enter).sit_down().is("Ceremony", "Request to owner 3 (Eve)").key(Key::Enter);
    let new = written_down(&desk.is("Ceremony", "Phrase of owner").screen(), ENGLISH);
    desk.key(Key::Enter).press("yyy").type_phrase(&new).is("Ceremony", "3 of 3 confirmed").key(Key::Enter);
    desk.is("Ceremony", "This is a backup").is("Ceremony", "Whoever left still has the old file and phrase");
    desk.is("Ceremony", "[ ] GitHub / ops: 3 codes to be replaced").press("l").is("Ceremony", "checklist.txt");
    let list = fs::read_to_string(desk.path("conclave-backup/checklist.txt")).unwrap();
    assert!(
        list.starts_with("Cellar\n") && list.contains("[ ] GitHub / ops: 3 codes") && !list.contains("0318"),
        "{list}"
    );
    fs::copy(desk.path("conclave-backup/snapshot.json"), desk.path("new.json")).unwrap();
    for phrase in [&phrases[1], &new] {
        desk = home(desk);
        at_account(&mut desk, "new.json", phrase).is("Recovered", "3 of 3 codes left  B., J., Eve");
    }
    desk = home(desk);
    menu(&mut desk).keys(&[Key::Down, Key::Enter]);
    desk.choose_file("new.json").press("none").key(Key::Enter).sit_down().type_phrase(&phrases[0]);
    desk.is("Phrase", "not a phrase of this backup");
}

/// Codes that lie in the backup of an organization go into a file of their owners: the marked accounts alone are exported.
#[test]
fn accounts_of_an_organization_are_taken_out_into_a_file_of_owners() {
    let (desk, phrases) = circle("taken out");
    let (organization, holders) = small(2, 3, "an organization");
    let mut from = Desk::new(&[("organization.json", &organization)], false);
    from.begin().open_with(&holders, &[1, 2]).keys(&[Key::Right, Key::Right]).is("Recovered", "[Accounts").press(" ");
    from.press("e").is("Export", "What is to be written").key(Key::Enter).is("Export", "In which form").key(Key::Down);
    from.key(Key::Enter).is("Export", "Where").key(Key::Enter).key(Key::Ctrl('u')).press("out.json").key(Key::Enter);
    let digits = from.digits();
    from.press(&digits).key(Key::Enter).is("Export", "Written and read back");
    let written = from.written("out.json").unwrap();
    assert!(!written.contains("private_key") && !written.contains("chain"), "{written}");
    fs::write(desk.path("out.json"), written.replace("Example Cellar", "Cellar")).unwrap();
    let mut desk = home(desk);
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter])
        .choose_file("0.json")
        .press("none")
        .key(Key::Enter);
    desk.is("Refresh", "Add contents")
        .key(Key::Enter)
        .choose_file("out.json")
        .is("Refresh", "In training")
        .key(Key::Enter);
    desk.is("Refresh", "Where").key(Key::Enter).key(Key::Ctrl('u')).press("1").key(Key::Enter).is("Refresh", "Written");
    desk = home(desk);
    menu(&mut desk).keys(&[Key::Down, Key::Enter]);
    desk.choose_file("1.json").press("none").key(Key::Enter).sit_down().type_phrase(&phrases[0]).key(Key::Enter);
    desk.is("Recovered", "[Accounts 1]").is("Recovered", "Mail");
}
