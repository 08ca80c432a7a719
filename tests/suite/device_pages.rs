//! The backup of a device on the pages, with the real session behind them, and by the real program on a terminal: both ways of
//! opening, organizations at different times, status before and after a change, restore, reset, and what must be refused.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use conclave::crypto::kdf::{Kdf, KdfError, KdfNumbers};
use conclave::domain::kind::Method;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::effect::Source;
use conclave::journey::{Goal, Journey};
use conclave::machine::disk::System;
use conclave::machine::output::{Output, OutputFolders};
use conclave::session::Session;
use conclave::training::{DEVICE_SAMPLES, DEVICE_SHARES, SAMPLES};
use conclave::ui::app::App;
use conclave::ui::console::{Console, Options};
use conclave::ui::key::Key;
use conclave::ui::screens::chooser::Chooser;
use conclave::ui::screens::device::AskDevice;
use conclave::ui::screens::home::Home;
use serde_json::{Value, json};

use crate::support::desk::{Desk, session_in};
use crate::support::terminal::{DOWN, F10, Terminal};
use crate::support::*;

const PIN: &str = "48516397";

/// What the device holds: an organization, and another one whose shares changed on that day.
fn shares(bank_changed: &str) -> Value {
    json!({
        "format": "conclave-device-shares", "version": 1, "device": "Phone", "user": "ann@example.org",
        "organizations": [
            {"id": "acme", "name": "Acme", "changed": "2026-05-05T10:00:00Z", "colour": "red",
             "shares": [{"id": "ecdsa", "value": "YWNtZSBzaGFyZSBvbmU="}]},
            {"id": "bank", "name": "Bank", "changed": format!("{bank_changed}T10:00:00Z"),
             "shares": [{"id": "ecdsa", "value": format!("YmFuayBz{bank_changed}=")}]},
        ],
    })
}

/// The home screen in this folder.
fn home_in(folder: tempfile::TempDir) -> Desk {
    let session = session_in(folder.path(), Box::new(System));
    let app = App::new(Console::new(Journey::default(), Options::default()), Box::new(Home::default()));
    Desk::of(folder, app, session)
}

fn home() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("SHARES.json"), shares("2026-06-06").to_string()).unwrap();
    home_in(folder)
}

/// From the home screen to what the device holds. `backup`: the file of its backup, where there is one.
fn manage<'a>(desk: &'a mut Desk, backup: Option<&str>) -> &'a mut Desk {
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]).is("Device", "cannot rebuild its keys");
    desk.key(Key::Enter).choose_file("SHARES").is("Device", "Is there a backup of this device?");
    match backup {
        Some(file) => desk.key(Key::Enter).choose_file(file),
        None => desk.key(Key::Down).key(Key::Enter),
    }
    .is("Device", "Manage backup")
}

/// A new backup by a cloud key and a PIN, up to what is confirmed.
fn choose_cloud(desk: &mut Desk) -> &mut Desk {
    desk.is("Device", "How shall the backup be opened?").key(Key::Enter);
    desk.is("Device", "Where will the cloud key be kept?").key(Key::Enter);
    desk.is("Device", "Anybody who has the file can read it").press("ann@example.org").key(Key::Enter);
    desk.is("Device", "New PIN").press(PIN).key(Key::Enter);
    desk.is("Device", "All PINs of this length take").press(PIN).key(Key::Enter);
    place_and_name(desk, "backup");
    desk.is("Device", "The file of the cloud key")
        .key(Key::Enter)
        .is("Device", "Name of the cloud key file")
        .key(Key::Enter);
    desk.is("Device", "All three are needed").key(Key::Enter)
}

fn place_and_name<'a>(desk: &'a mut Desk, name: &str) -> &'a mut Desk {
    desk.is("Device", "The file of the backup").key(Key::Enter);
    desk.is("Device", "Name of the backup file").key(Key::Ctrl('u')).press(name).key(Key::Enter)
}

/// A new backup by a phrase, from the choice to the end.
fn choose_phrase(desk: &mut Desk, name: &str) -> Phrase {
    desk.is("Device", "How shall the backup be opened?").keys(&[Key::Down, Key::Enter]);
    place_and_name(desk, name);
    let phrase = written_down(&desk.is("Device", "Phrase of the user of this device").screen(), ENGLISH);
    desk.key(Key::Enter).type_phrase(&phrase);
    phrase
}

/// Where a cloud key is asked for: takes it, and types this PIN.
fn open_by_cloud<'a>(desk: &'a mut Desk, key: &str, pin: &str) -> &'a mut Desk {
    let at = desk.screen();
    assert!(at.contains("Where is the cloud key file"), "{at}");
    desk.choose_file(key);
    // In a folder of its own.
    if desk.screen().contains(key) && !desk.screen().contains("PIN of this backup") {
        desk.press("cloud").key(Key::Enter);
    }
    desk.is("Device", "PIN of this backup").press(pin).key(Key::Enter)
}

/// How the row of an organization ends.
#[track_caller]
fn status(desk: &mut Desk, name: &str, status: &str) {
    let screen = desk.screen();
    let row = screen.lines().find(|row| row.trim_start_matches(" > ").trim_start().starts_with(name));
    // In the list, or where a backup was written.
    let said = [format!("  {status}"), format!(" {name}: {status}")];
    assert!(row.is_some_and(|row| said.iter().any(|said| row.ends_with(said))), "{name} is not {status}:\n{screen}");
}

#[test]
fn by_cloud_key_and_pin_two_organizations_join_one_backup_and_a_change_is_outdated() {
    let mut desk = home();
    manage(&mut desk, None);
    status(&mut desk, "Acme", "Not backed up");
    status(&mut desk, "Bank", "Not backed up");
    desk.key(Key::Enter);
    choose_cloud(&mut desk)
        .is("Device", "Backup of Acme was successful.")
        .is("Device", "Upload it to Google / ann@example.org");
    status(&mut desk, "Acme", "Backed up");
    status(&mut desk, "Bank", "Not backed up");
    // Backup and key never lie in one folder.
    let (backup, key) = (desk.path("device-backup/backup.json"), desk.path("cloud-key-to-upload/cloud-key.json"));
    assert!(backup.exists() && key.exists());
    for folder in ["device-backup", "cloud-key-to-upload"] {
        assert_eq!(fs::read_dir(desk.path(folder)).unwrap().count(), 1);
    }
    // Back leads to the next one: key and PIN are asked for once more.
    desk.key(Key::Enter).keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2");
    open_by_cloud(&mut desk, "cloud-key-to", "48516398").is("Device", "do not open this backup");
    desk.press(PIN).key(Key::Enter).is("Device", "Backup of Bank was successful.");
    status(&mut desk, "Acme", "Backed up");
    status(&mut desk, "Bank", "Backed up");
    assert!(desk.path("device-backup/2.json").exists());

    // The device changes.
    fs::copy(desk.path("device-backup/2.json"), desk.path("2.json")).unwrap();
    fs::write(desk.path("SHARES.json"), shares("2026-07-07").to_string()).unwrap();
    let mut desk = home_in(desk.folder);
    manage(&mut desk, Some("2.json"));
    status(&mut desk, "Acme", "Backed up");
    status(&mut desk, "Bank", "Outdated");
    // An older backup is named when it is restored beside what the device holds.
    desk.press("o");
    open_by_cloud(&mut desk, "cloud-key-to", PIN).is("Verified", "Cloud key and PIN open the backup.").key(Key::Enter);
    desk.is("Recovered", "1 thing(s) do not check").is("Recovered", "Shares of one person's device");
    desk.key(Key::Right).is("Recovered", "Bank: outdated.").is("Recovered", "Acme: the same as on the device.");
    desk.is("Recovered", "It does not recover the organization");
    // Only what holds shares is offered.
    desk.press("e")
        .is("Export", "Everything: the shares of 2 organizations")
        .key(Key::Enter)
        .is("Export", "In which form");
    let forms = desk.screen();
    assert!(!forms.contains("derived") && !forms.contains("Sheets") && !forms.contains("table"), "{forms}");
    desk.key(Key::Esc).key(Key::Esc);
    desk.at_name(1, "contents");
    let digits = desk.digits();
    desk.press(&digits).key(Key::Enter).is("Export", "contents.json");
    let contents: Value = serde_json::from_str(&desk.written("contents.json").unwrap()).unwrap();
    assert_eq!(contents["shares"].as_array().map(Vec::len), Some(2), "{contents}");
}

#[test]
fn by_phrase_and_after_a_reset_old_material_does_not_open_the_new_file() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    let phrase = choose_phrase(&mut desk, "1");
    desk.is("Device", "Backup of Acme was successful.");
    status(&mut desk, "Acme", "Backed up");
    // The second one, with a wrong word first: nothing is written for it.
    desk.key(Key::Enter).keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2");
    let stranger = small(2, 3, "a stranger").1.remove(0);
    desk.is("Device", "is needed once more")
        .key(Key::Enter)
        .type_phrase(&stranger)
        .is("Phrase", "not a phrase of this backup");
    assert!(!desk.path("2.json").exists());
    desk.key(Key::Home).type_phrase(&phrase).is("Device", "Backup of Bank was successful.");
    // Another way of opening: all of it moves.
    desk.key(Key::Enter).press("r").is("Device", "All organizations move together").key(Key::Enter);
    desk.is("Device", "is needed once more").key(Key::Enter).type_phrase(&phrase);
    choose_cloud(&mut desk)
        .is("Device", "Backup of Acme was successful.")
        .is("Device", "Backup of Bank was successful.");
    fs::copy(desk.path("device-backup/backup.json"), desk.path("reset.json")).unwrap();
    // And back to a phrase, another one.
    desk.key(Key::Enter).press("r").key(Key::Enter);
    open_by_cloud(&mut desk, "cloud-key-to", PIN);
    let other = choose_phrase(&mut desk, "3");
    desk.is("Device", "Backup of Bank was successful.");
    assert_ne!(other.reveal_words(), phrase.reveal_words());

    let restore = |desk: Desk, file: &str| {
        let mut desk = home_in(desk.folder);
        desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter, Key::Down, Key::Enter]).choose_file(file);
        desk.is("Open", "This is the backup of one person's device").key(Key::Enter);
        desk
    };
    let mut desk = restore(desk, "3.json");
    desk.key(Key::Enter).type_phrase(&phrase).is("Phrase", "not a phrase of this backup");
    let mut desk = restore(desk, "3.json");
    desk.key(Key::Enter).type_phrase(&other).is("Verified", "This phrase opens the file.").key(Key::Enter);
    desk.is("Recovered", "Genuine").is("Recovered", "[Shares 2]").key(Key::Right);
    desk.is("Recovered", "shows only beside what the device holds");
    // The old file still opens with the old phrase.
    let mut desk = restore(desk, "2.json");
    desk.key(Key::Enter).type_phrase(&phrase).is("Verified", "");
    // A key of another backup is named before anybody types a PIN.
    let sample = DEVICE_SAMPLES[1].snapshot;
    fs::write(desk.path("sample.json"), sample).unwrap();
    let mut desk = restore(desk, "sample.json");
    desk.choose_file("cloud-key-to").press("cloud").key(Key::Enter).is("Device", "This cloud key is of another backup");
}

#[test]
fn a_phrase_that_is_given_up_is_void_and_forgotten() {
    let mut desk = home();
    manage(&mut desk, None).keys(&[Key::Enter, Key::Down, Key::Enter]);
    place_and_name(&mut desk, "1");
    let first = written_down(&desk.screen(), ENGLISH);
    // Typed back wrongly, looked at again, left.
    let mut words = first.reveal_words();
    words.swap(1, 2);
    desk.key(Key::Enter).is("Phrase", "from your paper").press(&words.join(" ")).key(Key::Enter);
    desk.is("Phrase", "Words 2, 3 are not what was shown").key(Key::F(9)).key(Key::F(9));
    assert_eq!(written_down(&desk.is("Device", "Phrase of").screen(), ENGLISH).reveal_words(), first.reveal_words());
    desk.key(Key::Esc).is("Device", "there is no backup").key(Key::Esc);
    desk.is("Device", "it is void, write VOID on the paper");
    assert!(!desk.path("1.json").exists());
    // The next one is another.
    desk.keys(&[Key::Enter, Key::Down, Key::Enter]);
    place_and_name(&mut desk, "1");
    assert_ne!(written_down(&desk.is("Device", "Phrase of").screen(), ENGLISH).reveal_words(), first.reveal_words());
    // Leaving says so; the record and the exit code too.
    desk.key(Key::Ctrl('c')).is("Device", "write VOID on the paper").is("Device", "its file stays");
    desk.key(Key::Char('y')).is("Record", "write VOID on the paper");
    assert!(desk.app.console.journey.history.is_unwritten);
}

#[test]
fn a_reset_of_a_named_file_begins_with_the_reset() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    let phrase = choose_phrase(&mut desk, "1");
    let mut journey = Journey::default();
    journey.reset_device_in(desk.path("1.json"));
    let session = session_in(desk.folder.path(), Box::new(System));
    let app = App::new(Console::new(journey, Options::default()), Box::new(AskDevice::default()));
    let mut desk = Desk::of(desk.folder, app, session);
    desk.is("Device", "All organizations move together").key(Key::Enter).is("Device", "is needed once more");
    desk.key(Key::Enter).type_phrase(&phrase).is("Device", "How shall the backup be opened?");
    // Without it, the device has to be at hand.
    desk.key(Key::Esc).is("Device", "Manage backup").press("r").keys(&[Key::Down, Key::Enter]);
    desk.is("Device", "What the device holds was not read");
}

#[test]
fn two_organizations_of_one_name_are_told_apart_wherever_they_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut twins = shares("2026-06-06");
    twins["organizations"][1]["name"] = json!("Acme");
    fs::write(folder.path().join("SHARES.json"), twins.to_string()).unwrap();
    let mut desk = home_in(folder);
    manage(&mut desk, None).is("Device", "acme: Acme").is("Device", "bank: Acme").keys(&[Key::Down, Key::Enter]);
    desk.is("Device", "Back up Acme (bank)");
    let phrase = choose_phrase(&mut desk, "1");
    desk.is("Device", "Backup of Acme (bank) was successful.").key(Key::Enter).key(Key::Enter);
    place_and_name(&mut desk, "2").key(Key::Enter).type_phrase(&phrase);
    desk.is("Device", "Backup of Acme (acme) was successful.").is("Device", "Acme (bank): Backed up");
    desk.is("Device", "1.json is superseded: it opens as before, and lacks what is new.");
    desk.key(Key::Enter).press("o").key(Key::Enter).type_phrase(&phrase).is("Verified", "").key(Key::Enter);
    desk.key(Key::Left).is("Recovered", "Acme (acme): the same as on the device");
}

#[test]
fn what_was_typed_is_there_again_after_a_step_back() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter).key(Key::Enter).key(Key::Enter);
    desk.is("Device", "Account there").press("ann@example.org").key(Key::Esc);
    desk.is("Device", "Where will the cloud key be kept?").key(Key::Enter).is("Device", "ann@example.org");
    desk.key(Key::Enter).press(PIN).key(Key::Enter).press(PIN).key(Key::Enter).key(Key::Enter);
    desk.is("Device", "Name of the backup file").key(Key::Ctrl('u')).press("mine").key(Key::Esc);
    desk.is("Device", "The file of the backup").key(Key::Enter).is("Device", "mine");
}

#[test]
fn the_cloud_key_that_a_new_file_is_opened_with_lies_apart_from_it() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    choose_cloud(&mut desk).is("Device", "successful");
    // Somebody keeps the key where the next backup goes.
    fs::copy(desk.path("cloud-key-to-upload/cloud-key.json"), desk.path("device-backup/key.json")).unwrap();
    desk.key(Key::Enter).keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2").is("Device", "Where is the cloud key file");
    desk.choose_file("device-backup").choose_file("key.json").is("Device", "Move it out of that folder first");
    assert!(!desk.path("device-backup/2.json").exists());
}

#[test]
fn a_file_that_is_taken_for_another_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = DEVICE_SAMPLES.iter().find(|sample| sample.method() == Method::CloudPin).unwrap();
    fs::write(folder.path().join("SHARES.json"), shares("2026-06-06").to_string()).unwrap();
    fs::write(folder.path().join("backup.json"), cloud.snapshot).unwrap();
    fs::write(folder.path().join("organization.json"), SAMPLES[0].snapshot).unwrap();
    let mut desk = home_in(folder);
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]).key(Key::Enter);
    desk.choose_file("backup.json").is("Device", "this is the backup of one person's device, and not what");
    desk.choose_file("organization.json").is("Device", "this is a backup of an organization, and not what");
    desk.choose_file("SHARES")
        .key(Key::Enter)
        .choose_file("SHARES")
        .is("Device", "this is what a device holds (SHARES.json)");
    desk.choose_file("organization.json").is("Device", "This is a backup of an organization. It holds what belongs");
    // What was refused before is made good: nothing was refused in the end.
    assert!(desk.app.console.journey.history.is_refused);
    desk.choose_file("backup.json").is("Device", "Manage backup");
    assert!(!desk.app.console.journey.history.is_refused);
}

#[test]
fn pins_that_are_guessed_first_and_names_that_are_taken_are_refused() {
    let mut desk = home();
    fs::write(desk.path("1.json"), "here already").unwrap();
    manage(&mut desk, None).keys(&[Key::Enter, Key::Enter, Key::Enter, Key::Enter]);
    for (pin, why) in [("123456", "go up or down in steps"), ("12345", "6 to 12 digits"), ("241286", "It is a date")] {
        desk.is("Device", "New PIN").press(pin).key(Key::Enter).is("Device", why);
    }
    desk.press(PIN).key(Key::Enter).press("48516398").key(Key::Enter).is("Device", "not the PIN that was typed first");
    let screen = desk.screen();
    assert!(!screen.contains("4851"), "{screen}");
    desk.keys(&[Key::Esc, Key::Esc, Key::Esc]).is("Device", "How shall the backup be opened?");
    desk.keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "1").is("Device", "1.json").is("Device", "Name of the backup file");
    assert_eq!(desk.written("1.json").as_deref(), Some("here already"));
}

#[test]
fn each_kind_of_backup_leads_to_the_other_with_one_key() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("device.json"), DEVICE_SAMPLES[0].snapshot).unwrap();
    fs::write(folder.path().join("organization.json"), SAMPLES[0].snapshot).unwrap();
    let opening = |folder: tempfile::TempDir, goal: Goal, file: &str| {
        let session = session_in(folder.path(), Box::new(System));
        let source = Source::Files(vec![folder.path().join(file)]);
        let app = App::new(Console::new(Journey::new(goal), Options::default()), Box::new(Chooser::loading(source)));
        let mut desk = Desk::of(folder, app, session);
        desk.rest();
        desk
    };
    let mut desk = opening(folder, Goal::Recover, "device.json");
    desk.is("Open", "It does not recover an organization").is("Open", "Enter restore this device");
    assert!(desk.app.console.journey.history.is_refused, "who leaves here did not recover anything");
    desk.key(Key::Enter).is("Device", "Restore the shares of a backup");
    assert_eq!(desk.app.console.journey.goal(), Goal::Restore);
    let mut desk = opening(desk.folder, Goal::Restore, "organization.json");
    desk.is("Open", "It does not hold the shares of one person's device").is("Open", "Enter recover this backup");
    desk.key(Key::Enter).is("Open", "Fingerprint word");
    assert_eq!(desk.app.console.journey.goal(), Goal::Recover);
    // Where the backup of a device is asked for, another is none.
    fs::write(desk.path("SHARES.json"), DEVICE_SHARES).unwrap();
    let mut desk = home_in(desk.folder);
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter, Key::Enter]).choose_file("SHARES");
    desk.key(Key::Enter).choose_file("organization").is("Device", "This is a backup of an organization");
}

#[test]
fn shares_of_another_user_and_older_ones_join_no_backup() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    let phrase = choose_phrase(&mut desk, "1");
    let mut other = shares("2026-06-06");
    other["user"] = json!("ben@example.org");
    fs::write(desk.path("SHARES.json"), other.to_string()).unwrap();
    let mut desk = home_in(desk.folder);
    manage(&mut desk, Some("1.json")).keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2");
    desk.key(Key::Enter)
        .type_phrase(&phrase)
        .is("Device", "shares of ann@example.org, and the device is of ben@example.org");
    assert!(!desk.path("2.json").exists());
    // What is newer in the backup is not asked for at all.
    let mut older = shares("2026-06-06");
    older["organizations"][0]["changed"] = json!("2026-01-01T00:00:00Z");
    fs::write(desk.path("SHARES.json"), older.to_string()).unwrap();
    let mut desk = home_in(desk.folder);
    manage(&mut desk, Some("1.json"));
    status(&mut desk, "Acme", "Backed up, newer than this device");
    desk.key(Key::Enter).is("Device", "they would be lost");
}

#[test]
fn the_sample_is_practised_on_without_any_file() {
    for (method, opens) in [(Method::Phrase, "opens with a phrase"), (Method::CloudPin, "opens with a PIN")] {
        let folder = tempfile::tempdir().unwrap();
        let mut journey = Journey::default();
        journey.practise_device(method);
        let session = session_in(folder.path(), Box::new(System));
        let app = App::new(Console::new(journey, Options::default()), Box::new(AskDevice::default()));
        let mut desk = Desk::of(folder, app, session);
        desk.rest();
        desk.is("Device", opens).is("Device", "TRAINING");
        status(&mut desk, "Northwind", "Backed up");
        status(&mut desk, "Harbour", "Outdated");
        status(&mut desk, "Lighthouse", "Not backed up");
        desk.keys(&[Key::Down, Key::Enter]);
        place_and_name(&mut desk, "2").key(Key::Enter);
        let screen = desk.screen();
        if method == Method::Phrase {
            assert!(screen.contains("Practice sheet"), "{screen}");
        } else {
            desk.is("Device", "Practice PIN: 485163");
        }
    }
}

#[test]
fn what_was_read_and_made_is_wiped_after_a_long_rest() {
    let mut desk = home();
    manage(&mut desk, None).keys(&[Key::Enter, Key::Enter, Key::Enter, Key::Enter]).press(PIN).key(Key::Enter);
    assert!(desk.app.console.journey.is_holding());
    desk.wait(3_600).is("Record", "Wiped because");
    assert!(desk.app.console.journey.device.is_none() && !desk.app.console.journey.is_holding());
}

/// On a terminal: what opened a folder of Ann's.
fn on_terminal() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("SHARES.json"), shares("2026-06-06").to_string()).unwrap();
    folder
}

fn start(folder: &tempfile::TempDir, arguments: &[&str]) -> Terminal {
    let home = folder.path().to_str().unwrap();
    Terminal::of_program(folder.path(), arguments, &[("HOME", home)], (100, 40))
}

/// From the status to the name of a new file, and takes what is offered.
fn take_place_and_name(console: &mut Terminal) -> &mut Terminal {
    console.wait("The file of the backup").enter().wait("Name of the backup file").press("\r")
}

fn leave(console: &mut Terminal, code: u32) {
    console.press("\x03").wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), code);
}

#[test]
fn on_a_terminal_by_phrase_backup_change_restore_and_reset() {
    let folder = on_terminal();
    let mut console = start(&folder, &["device", "backup", "SHARES.json"]);
    console.wait("Is there a backup of this device?").press(DOWN).wait("> There is none yet").press("\r");
    console
        .wait("Not backed up")
        .press("\r")
        .wait("How shall the backup be opened?")
        .press(DOWN)
        .wait("> Recovery")
        .press("\r");
    take_place_and_name(&mut console).wait("12. ").wait("I have written it down");
    let phrase = written_down(&console.text(), ENGLISH);
    let words = phrase.reveal_words().join(" ");
    console.enter().wait_screen("Phrase").press(&words).press("\r").wait("Backup of Acme was successful.");
    console.enter().wait("restore").press(DOWN).wait("> Bank").press("\r");
    take_place_and_name(&mut console).wait("is needed once more").enter().wait_screen("Phrase");
    console.press(&words).press("\r").wait("Backup of Bank was successful.");
    console
        .wait("F10 finish and wipe")
        .press(F10)
        .wait("Wipe and leave?")
        .press("y")
        .wait_screen("Record")
        .wait("Backup of this device, with Bank")
        .enter();
    assert_eq!(console.end(), 0);

    // Status before and after a change of the device, by the command and on the page.
    let status = |says: &[&str]| {
        let output =
            conclave().current_dir(&folder).args(["device", "status", "SHARES.json", "device-backup-2.json"]).output();
        let said = said(&output.unwrap());
        assert!(says.iter().all(|says| said.contains(says)), "{says:?} in {said}");
    };
    status(&[
        "Acme (acme): 1 share, changed 2026-05-05: Backed up",
        "Bank (bank): 1 share, changed 2026-06-06: Backed up",
    ]);
    fs::write(folder.path().join("SHARES.json"), shares("2026-07-07").to_string()).unwrap();
    status(&["Bank (bank): 1 share, changed 2026-07-07: Outdated"]);
    let mut console = start(&folder, &["device", "backup", "SHARES.json", "--into", "device-backup-2.json"]);
    console.wait("Outdated").press(DOWN).wait("> Bank").press("\r");
    take_place_and_name(&mut console).wait("is needed once more").enter().wait_screen("Phrase");
    console.press(&words).press("\r").wait("Backup of Bank was successful.");
    leave(&mut console, 0);

    // Restore; then another way of opening, after which the phrase opens nothing new.
    let mut console = start(&folder, &["device", "restore", "device-backup-3.json"]);
    console
        .wait("restore this device")
        .enter()
        .wait("of this backup opens it")
        .enter()
        .wait_screen("Phrase")
        .press(&words)
        .press("\r");
    console.wait_screen("Verified").enter().wait_screen("Recovered").wait("[Shares 2]");
    console.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), 0);
    let mut console = start(&folder, &["device", "reset", "device-backup-3.json"]);
    console.wait("move together").press("\r").wait("is needed once more").enter();
    console.wait_screen("Phrase").press(&words).press("\r").wait("How shall the backup be opened?").press("\r");
    console.wait("Where will the cloud key be kept?").press("\r").wait("Account there").press("\r");
    console.wait("New PIN").press(PIN).press("\r").wait("The same PIN again").press(PIN).press("\r");
    take_place_and_name(&mut console)
        .wait("The file of the cloud key")
        .enter()
        .wait("Name of the cloud key")
        .press("\r");
    console.wait("All three are needed").enter().wait("Backup of Bank was successful.");
    leave(&mut console, 0);
    let new = folder.path().join("device-backup/device-backup-new.json");
    let mut console = start(&folder, &["device", "restore", new.to_str().unwrap()]);
    console.wait("restore this device").enter().wait("Where is the cloud key file").wait("> Here");
    // Nothing but the old phrase: it is asked for nowhere, and the key is named.
    leave(&mut console, 4);
    fs::write(folder.path().join("phrase.txt"), words).unwrap();
    let output = conclave()
        .current_dir(&folder)
        .args(["device", "restore", new.to_str().unwrap(), "--phrases", "phrase.txt", "--out", "o.kdbx"])
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(2 | 4)), "{}", said(&output));
}

#[test]
fn on_a_terminal_by_cloud_key_and_pin_and_what_is_missing_is_named() {
    let folder = on_terminal();
    let mut console = start(&folder, &["device", "backup", "SHARES.json"]);
    console.wait("Is there a backup of this device?").press(DOWN).wait("> There is none yet").press("\r");
    console.wait("Not backed up").press("\r").wait("How shall the backup be opened?").press("\r");
    console.wait("Where will the cloud key be kept?").press("\r").wait("Account there").press("\r");
    console.wait("New PIN").press(PIN).press("\r").wait("The same PIN again").press(PIN).press("\r");
    take_place_and_name(&mut console)
        .wait("The file of the cloud key")
        .enter()
        .wait("Name of the cloud key")
        .press("\r");
    console.wait("All three are needed").enter().wait("Backup of Acme was successful.");
    leave(&mut console, 0);
    let backup = folder.path().join("device-backup/device-backup.json");
    // Who has a wrong PIN, or no key, opens nothing, and is told which.
    let mut console = start(&folder, &["device", "restore", backup.to_str().unwrap()]);
    console.wait("restore this device").enter().take_cloud_key().wait("PIN of this backup");
    console.press("48516398").press("\r").wait("do not open this backup");
    leave(&mut console, 4);
    let mut console = start(&folder, &["device", "restore", backup.to_str().unwrap()]);
    console.wait("restore this device").enter().take_cloud_key().wait("PIN of this backup");
    console.press(PIN).press("\r").wait_screen("Verified").enter().wait_screen("Recovered").wait("[Shares 1]");
    console.press(F10).wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.").enter();
    assert_eq!(console.end(), 0);
    // It is no backup of an organization: who leaves there is told so by the exit code.
    let mut console = start(&folder, &["recover", backup.to_str().unwrap()]);
    console.wait("It does not recover an organization");
    leave(&mut console, 3);
    // What is in no file but the one that was asked for.
    for entry in ["SHARES.json", "device-backup/device-backup.json", "cloud-key-to-upload/cloud-key.json"] {
        let bytes = fs::read(folder.path().join(entry)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(PIN), "the PIN is in {entry}");
    }
}

#[test]
fn line_by_line_all_but_a_new_phrase() {
    let folder = on_terminal();
    let home = folder.path().to_str().unwrap();
    // So high that nothing scrolls away.
    let mut console = Terminal::of_program(
        folder.path(),
        &["device", "backup", "SHARES.json", "--plain"],
        &[("HOME", home)],
        (200, 200),
    );
    console.wait("Is there a backup of this device? 1 there is, 2 there is none: ").press("2\r");
    console.wait("1 Acme (acme): Not backed up. 1 share, changed 2026-05-05.").wait("o, r, b or q: ").press("1\r");
    // A phrase would stay on this terminal.
    console
        .wait("or Enter for 1: ")
        .press("2\r")
        .wait("A new phrase is shown on screens alone")
        .wait("or Enter for 1: ")
        .press("1\r");
    console.wait("kept, by number: ").press("1\r").wait("Enter for none: ").press("ann\r");
    console
        .wait("New PIN, 6 to 12 digits: ")
        .press("123456\r")
        .wait("go up or down in steps")
        .press(&format!("{PIN}\r"));
    console.wait("The same PIN again: ").press(&format!("{PIN}\r")).wait("Where is the backup written").press("1\r");
    console.wait("Enter for device-backup.json: ").press("\r").wait("Where is the cloud key written").press("1\r");
    console.wait("Enter for cloud-key.json: ").press("\r").wait("each in a folder of its own").wait("y writes both: ");
    console.press("y\r").wait("Backup of Acme was successful.").wait("1 Acme (acme): Backed up.");
    console.wait("Enter goes back to the organizations, q leaves: ").press("\r");
    // Another one joins; a wrong PIN first.
    console.wait_until("the list again", |text| text.matches("o, r, b or q:").count() == 2).press("2\r");
    console.wait_until("a place", |text| text.matches("Where is the backup written").count() == 2).press("\r");
    console.wait("Enter for device-backup-2.json: ").press("\r").wait("Path of the cloud key file: ");
    console.press("cloud-key-to-upload/cloud-key.json\r").wait("PIN of this backup: ").press("48516398\r");
    console.wait("do not open this backup").press(&format!("{PIN}\r")).wait("Backup of Bank was successful.");
    console.wait_until("the end", |text| text.trim_end().ends_with("q leaves:")).press("\r");
    // And back to the device.
    console.wait_until("the list again", |text| text.matches("o, r, b or q:").count() == 3).press("o\r");
    console.wait_until("the key", |text| text.matches("Path of the cloud key file:").count() == 2);
    console.press("cloud-key-to-upload/cloud-key.json\r");
    console.wait_until("the PIN", |text| text.matches("PIN of this backup:").count() == 3).press(&format!("{PIN}\r"));
    console.wait("Enter opens the backup: ").press("\r").wait("It holds shares of 2 organizations.");
    console.wait("Note: Bank: the same as on the device.").wait("What next: ").press("o\r").wait("1 Acme");
    assert!(!console.text().contains(PIN), "no PIN is echoed:\n{}", console.text());
    console.press("q\r").wait("leaves at once:").press("y\r").wait("Wiped.");
    assert_eq!(console.end(), 0);
}

#[test]
fn the_account_of_the_last_backup_is_offered_first() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    choose_cloud(&mut desk).is("Device", "successful").key(Key::Enter).press("r").keys(&[Key::Down, Key::Enter]);
    desk.is("Device", "How shall the backup be opened?").key(Key::Enter);
    desk.is("Device", "> Google / ann@example.org, as for the last backup")
        .is("Device", "iCloud")
        .is("Device", "Another place");
    // Taken, nothing of it is typed again; another one is chosen below.
    desk.key(Key::Enter).is("Device", "New PIN").key(Key::Esc).keys(&[Key::Down, Key::Down, Key::Enter]);
    desk.is("Device", "Account there, or nothing");
}

#[test]
fn after_practice_a_device_of_ones_own_is_no_training_and_takes_the_place_of_nothing() {
    let mut desk = home();
    let menu = [Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter];
    desk.keys(&menu).keys(&[Key::Down, Key::Down, Key::Enter]).is("Device", "Northwind");
    // Looked at, and left: the built-in backup stays loaded below.
    desk.key(Key::Esc).is("Device", "cannot rebuild its keys").keys(&[Key::Up, Key::Up, Key::Enter]);
    desk.choose_file("SHARES").is("Device", "Is there a backup of this device?").keys(&[Key::Down, Key::Enter]);
    desk.key(Key::Enter);
    choose_phrase(&mut desk, "1");
    let written: Value = serde_json::from_str(&desk.written("1.json").unwrap()).unwrap();
    assert_eq!(written["core"]["purpose"], "production");
    assert!(written.to_string().find("replaces").is_none_or(|_| written["core"]["replaces"].is_null()), "{written}");
}

#[test]
fn esc_writes_nothing_and_a_restore_that_is_left_is_closed() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    let phrase = choose_phrase(&mut desk, "1");
    desk.is("Device", "successful").key(Key::Enter).press("o").is("Device", "opens it").key(Key::Enter);
    desk.type_phrase(&phrase).is("Verified", "").key(Key::Esc).is("Device", "Manage backup");
    // What was accepted for the restore opens nothing else.
    desk.keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2");
    desk.is("Device", "is needed once more").key(Key::Enter).is("Phrase", "").key(Key::Esc).is("Device", "once more");
    assert!(!desk.path("2.json").exists());
    // The same after a write that failed.
    desk.key(Key::Enter);
    fs::write(desk.path("2.json"), "in between").unwrap();
    desk.type_phrase(&phrase).is("Device", "2.json").key(Key::Enter).is("Phrase", "").key(Key::Esc);
    assert_eq!(desk.is("Device", "once more").written("2.json").as_deref(), Some("in between"));
}

#[test]
fn a_phrase_on_paper_can_be_written_with_in_another_place() {
    let mut desk = home();
    manage(&mut desk, None).keys(&[Key::Enter, Key::Down, Key::Enter]);
    place_and_name(&mut desk, "1");
    let phrase = written_down(&desk.screen(), ENGLISH);
    fs::write(desk.path("1.json"), "in between").unwrap();
    desk.key(Key::Enter).type_phrase(&phrase).is("Device", "The phrase was typed back. The backup is not written yet.");
    desk.key(Key::Esc);
    place_and_name(&mut desk, "2").is("Device", "Backup of Acme was successful.");
    assert_eq!(desk.written("1.json").as_deref(), Some("in between"));
}

#[test]
fn shares_that_changed_while_the_page_was_open_are_read_again_before_they_are_backed_up() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    let phrase = choose_phrase(&mut desk, "1");
    fs::write(desk.path("SHARES.json"), shares("2026-07-07").to_string()).unwrap();
    desk.key(Key::Enter).keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2").key(Key::Enter).type_phrase(&phrase).is("Device", "changed since it was read here");
    assert!(!desk.path("2.json").exists());
    desk.keys(&[Key::Esc, Key::Esc, Key::Esc]).is("Device", "Manage backup").key(Key::F(5)).is("Device", "2026-07-07");
    desk.keys(&[Key::Down, Key::Enter]);
    place_and_name(&mut desk, "2").key(Key::Enter).type_phrase(&phrase).is("Device", "Backup of Bank was successful.");
}

#[test]
fn a_damaged_backup_is_not_called_backed_up_and_a_reset_says_what_it_leaves() {
    let mut desk = home();
    manage(&mut desk, None).key(Key::Enter);
    choose_phrase(&mut desk, "1");
    let whole: Value = serde_json::from_str(&desk.written("1.json").unwrap()).unwrap();
    let mut cut = whole.clone();
    cut["boxes"][0]["ciphertext"] = json!("AAAA");
    fs::write(desk.path("cut.json"), cut.to_string()).unwrap();
    let mut one = shares("2026-06-06");
    one["organizations"].as_array_mut().unwrap().remove(0);
    let mut desk = home_in(desk.folder);
    manage(&mut desk, Some("cut.json"));
    status(&mut desk, "Acme", "In a DAMAGED backup");
    status(&mut desk, "Bank", "Not backed up");
    // Said before anything is typed for it.
    desk.key(Key::Enter).is("Device", "no new file goes on from it").press("r").key(Key::Enter);
    desk.is("Device", "no new file goes on from it")
        .key(Key::Esc)
        .key(Key::F(6))
        .is("Device", "boxes: 1 box is damaged");
    fs::write(desk.path("SHARES.json"), one.to_string()).unwrap();
    let mut desk = home_in(desk.folder);
    manage(&mut desk, Some("1.json")).press("r").is("Device", "not in a new backup from it: Acme.");
}

/// Derives so often, and then the machine has no memory left.
struct ForgetfulKdf(AtomicUsize);

impl Kdf for ForgetfulKdf {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        if self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            return Err(KdfError::MemoryRefused { needed_mib: 256 });
        }
        CheapKdf.derive(secret, numbers)
    }
}

#[test]
fn what_was_written_and_not_opened_is_named_and_called_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("SHARES.json"), shares("2026-06-06").to_string()).unwrap();
    let folders = OutputFolders::resolve(&[Output::Folder(folder.path())]);
    // One to say how long it takes, one to seal; none to open what was written.
    let (kdf, entropy) = (Box::new(ForgetfulKdf(AtomicUsize::new(2))), Box::new(Seeded::new("forgetful")));
    let session = Session::new(kdf, entropy, Box::new(System), folders, Some(folder.path().to_owned()), None);
    let app = App::new(Console::new(Journey::default(), Options::default()), Box::new(Home::default()));
    let mut desk = Desk::of(folder, app, session);
    manage(&mut desk, None).key(Key::Enter);
    choose_phrase(&mut desk, "1");
    desk.is("Device", "What was written is no backup, delete it:")
        .is("Device", "1.json")
        .is("Device", "not written yet");
    assert!(desk.path("1.json").exists() && desk.app.console.journey.history.backed_up.is_empty());
}
