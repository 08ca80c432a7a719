//! Sample states of the plan of a backup, page by page.

use super::NamedStage;
use super::ceremony::{facts, person};
use super::samples::{folder, opening, places, table};
use super::stage::Stage;
use crate::domain::ceremony::{Progress, ProposedPlan};
use crate::domain::inventory::review::ReviewQuestion;
use crate::domain::inventory::{Collection, account_id};
use crate::domain::kind::Kind;
use crate::effect::{InventoryFacts, Outcome, Said, Trouble, Unconfirmed};
use crate::journey::Goal;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screens::ceremony::{Planning, Review};

/// At the pages of a plan.
fn planning() -> Stage {
    Stage::of(Console::default(), Planning::of(Kind::Organization, ProposedPlan::default()))
        .say(Said::Inventory(Ok(InventoryFacts::default())), Progress::default())
}

pub(super) fn with_contents() -> Stage {
    planning().press(" ").say(Said::Inventory(Ok(facts())), Progress::default())
}

/// From the contents to the shareholders.
fn at_people() -> Stage {
    with_contents().keys(&[Key::Enter; 3]).press("Ann Archer").key(Key::Enter)
}

fn with_people() -> Stage {
    let names = ["Jane Doe <jane@museum.example>", "Fumiko Sato (佐藤)", "Łukasz \u{202e}"];
    names.iter().fold(at_people(), |stage, name| stage.press(name).key(Key::Enter))
}

fn at_threshold() -> Stage {
    with_people().key(Key::Enter)
}

fn at_email() -> Stage {
    at_threshold().key(Key::Enter)
}

fn at_place() -> Stage {
    at_email().press("backup@museum.example").key(Key::Enter).hear(Outcome::Places(places()))
}

fn at_review() -> Stage {
    at_place().keys(&[Key::Enter, Key::Enter])
}

/// More is to be known of a table than a line each holds.
fn many_remarks() -> InventoryFacts {
    let remark = |name: &str| {
        format!("Vault \"{name}\": it names no key; it can be recovered only if somebody knows which one it is.")
    };
    InventoryFacts { remarks: ["Rent", "Pay", "Old"].map(remark).to_vec(), ..facts() }
}

/// A file among the places.
pub(super) fn a_file_picked(at_places: Stage) -> Stage {
    at_places.keys(&[Key::Down, Key::Enter]).hear(folder()).keys(&[Key::Down, Key::Enter])
}

pub(super) fn plan() -> Vec<NamedStage> {
    let wrong = Trouble::new(
        "/run/media/ann/BACKUP/vaults.csv, line 7, field chain: \"bitconi\" is no chain that is known.",
        "Nothing of the file was taken. Correct that line, or take it out.",
    );
    let exists = Trouble::new("/run/media/ann/EMPTY/conclave-backup exists and is not empty.", "Take another name.");
    let people = || Ok(vec![person("Jane Doe"), person("Joe Bloggs"), person("Ann Archer")]);
    vec![
        ("ceremony-contents", planning()),
        ("ceremony-contents-none", planning().key(Key::Enter)),
        ("ceremony-contents-read", with_contents()),
        ("ceremony-contents-wrong", planning().press(" ").say(Said::Inventory(Err(wrong)), Progress::default())),
        ("ceremony-contents-leaving", with_contents().key(Key::Esc)),
        ("ceremony-contents-choose", planning().press("a").hear(Outcome::Places(places()))),
        (
            "ceremony-contents-remarks",
            planning().press(" ").say(Said::Inventory(Ok(many_remarks())), Progress::default()),
        ),
        ("ceremony-columns", a_file_picked(planning().press("a").hear(Outcome::Places(places()))).hear(table())),
        ("ceremony-organization", with_contents().key(Key::Enter)),
        ("ceremony-conductor", with_contents().keys(&[Key::Enter; 3])),
        ("ceremony-conductor-none", with_contents().keys(&[Key::Enter; 4])),
        ("ceremony-purpose", with_contents().keys(&[Key::Enter, Key::Enter])),
        ("ceremony-purpose-refused", with_contents().keys(&[Key::Enter, Key::Enter, Key::Down, Key::Enter])),
        ("ceremony-people", with_people()),
        ("ceremony-people-none", at_people().key(Key::Enter)),
        ("ceremony-people-twice", with_people().press("jane doe").key(Key::Enter)),
        (
            "ceremony-people-sixteen",
            (1..=17).fold(at_people(), |stage, n| stage.press(&format!("Person number {n}")).key(Key::Enter)),
        ),
        (
            "ceremony-people-list",
            picked().say(Said::People(people()), Progress::default()).press(" ").keys(&[Key::Down, Key::Char(' ')]),
        ),
        ("ceremony-threshold", at_threshold()),
        ("ceremony-threshold-one", at_threshold().key(Key::Backspace).press("1").key(Key::Enter)),
        ("ceremony-threshold-address", at_threshold().press("2backup@museum.example").key(Key::Enter)),
        ("ceremony-threshold-all", at_threshold().key(Key::Backspace).press("3").key(Key::Enter)),
        ("ceremony-email", at_email().press("backup")),
        ("ceremony-email-wrong", at_email().press("backup").key(Key::Enter)),
        ("ceremony-place", at_place()),
        ("ceremony-folder", at_place().key(Key::Enter)),
        ("ceremony-folder-unfit", at_place().key(Key::Enter).press(" 10:30").key(Key::Enter)),
        ("ceremony-review", at_review()),
        ("ceremony-review-end", at_review().keys(&[Key::Down; 9])),
        ("ceremony-names", at_review().press("m").key(Key::Down)),
        ("ceremony-words", at_review().press("m").key(Key::Enter)),
        ("ceremony-language", at_review().press("m").keys(&[Key::Enter, Key::Enter])),
        ("ceremony-review-refused", at_review().key(Key::Enter).say(Said::Begun(Err(exists)), Progress::default())),
        ("ceremony-codes", codes()),
        ("ceremony-codes-people", codes_with_people()),
        ("ceremony-codes-review", codes_review()),
        ("ceremony-rotation", rotation()),
        ("ceremony-unconfirmed", unconfirmed()),
        ("ceremony-unconfirmed-inside", unconfirmed().keys(&[Key::Down, Key::Enter])),
        ("ceremony-unconfirmed-inside-secret", unconfirmed().keys(&[Key::Down, Key::Down, Key::Enter])),
        ("ceremony-unconfirmed-unread", unconfirmed().key(Key::Enter).press(" ")),
        ("ceremony-unconfirmed-accepted", unconfirmed().keys(&[Key::Down, Key::Enter]).drawn().press(" ")),
        (
            "ceremony-unconfirmed-all",
            unconfirmed().key(Key::Enter).drawn().keys(&[Key::Right]).drawn().key(Key::Esc).press("a"),
        ),
        ("ceremony-unconfirmed-on", unconfirmed().key(Key::End)),
        ("confirm", confirming(Ok(three_unconfirmed()))),
        ("confirm-nothing", confirming(Ok(three_unconfirmed())).keys(&[Key::End, Key::Enter])),
        ("confirm-none", confirming(Ok(Vec::new()))),
        ("ceremony-unconfirmed-none", reviewed(Ok(Vec::new()))),
        (
            "ceremony-unconfirmed-closed",
            reviewed(Err(Trouble::new("No backup is open.", "Open the old backup with its phrases first."))),
        ),
    ]
}

/// The plan of a file for codes.
fn codes() -> Stage {
    Stage::of(Console::default(), Planning::of(Kind::Codes, ProposedPlan::default()))
        .say(Said::Inventory(Ok(InventoryFacts::default())), Progress::default())
}

fn codes_with_people() -> Stage {
    let people = codes().press("Museum").keys(&[Key::Enter, Key::Enter]).press("Ann Archer").key(Key::Enter);
    ["Jane Doe", "Fumiko Sato (佐藤)"].iter().fold(people, |stage, name| stage.press(name).key(Key::Enter))
}

fn codes_review() -> Stage {
    let email = codes_with_people().key(Key::Enter).press("codes@museum.example").key(Key::Enter);
    email.hear(Outcome::Places(places())).keys(&[Key::Enter, Key::Enter])
}

/// What no quorum confirmed was looked up.
fn reviewed(result: Result<Vec<Unconfirmed>, Trouble>) -> Stage {
    let Stage(app) = Stage::at_recovered(opening());
    let review = Review::of(&app.console);
    Stage::of(app.console, review).say(Said::Review(result), Progress::default())
}

/// The same where the quorum confirms something.
fn confirming(result: Result<Vec<Unconfirmed>, Trouble>) -> Stage {
    let Stage(mut app) = Stage::at_recovered(opening());
    app.console.journey.set_out(Goal::Confirm);
    let review = Review::of(&app.console);
    Stage::of(app.console, review).say(Said::Review(result), Progress::default())
}

fn three_unconfirmed() -> Vec<Unconfirmed> {
    let record = |what: &str, question: ReviewQuestion| Unconfirmed {
        what: what.to_owned(),
        is_change: question.is_change(),
        question,
    };
    let account = account_id("Mail", "ops@example.org");
    vec![
        record(
            "Vault \"Added later\": added on 2026-03-02",
            ReviewQuestion::Item(Collection::Vaults, "v99".to_owned()),
        ),
        record(
            "Vault \"Fund 2\": a change, proposed on 2026-03-02",
            ReviewQuestion::Change(Collection::Vaults, "v02".to_owned(), 0),
        ),
        record(
            "Account \"Mail / ops@example.org\": added on 2026-03-02",
            ReviewQuestion::Item(Collection::Accounts, account),
        ),
    ]
}

pub(super) fn unconfirmed() -> Stage {
    reviewed(Ok(three_unconfirmed()))
}

/// What the quorum confirms is decided: one of three.
pub(super) fn confirmed() -> Stage {
    let stage = confirming(Ok(three_unconfirmed())).keys(&[Key::Down, Key::Enter]);
    stage.drawn().press(" ").keys(&[Key::Enter, Key::End, Key::Enter]).hear(Outcome::Places(places()))
}

/// A list of people was chosen.
fn picked() -> Stage {
    let chooser = at_people().key(Key::F(6)).hear(Outcome::Places(places()));
    a_file_picked(chooser)
}

fn rotation() -> Stage {
    let Stage(app) = Stage::at_recovered(opening());
    let mut console = app.console;
    let planning = Planning::for_rotation(&mut console, Vec::new());
    Stage::of(console, planning).key(Key::Enter).press("Ann Archer").key(Key::Enter)
}
