//! Sample states of every screen. A new screen or state is a line here; `checks` and `random` run over all of them, and
//! `catalogue/snapshots/` holds how each was last read by a person.

mod asked;
mod ceremony;
mod checks;
mod codes;
mod damaged;
mod device;
mod golden;
mod left;
mod pace;
mod plan;
mod random;
mod refresh;
mod resume;
mod samples;
mod scripts;
mod stage;

use std::time::Duration;

use self::samples::*;
use self::stage::Stage;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::export_form::ExportForm;
use crate::domain::secret::SecretText;
use crate::domain::wordlist::WordList;
use crate::effect::{Answer, Outcome, Remark, Searched, Summary, Trouble, WrittenFiles};
use crate::ui::app::App;
use crate::ui::key::Key;

/// A state: what it is called, how it is reached, and whether it shows a secret because somebody asked.
struct SampleState {
    name: &'static str,
    is_asked: bool,
    app: App,
}

fn states() -> Vec<SampleState> {
    let hidden = [
        open(),
        people(),
        phrase(),
        desk(),
        repair(),
        contents(),
        unlisted(),
        export(),
        left::states(),
        refresh::states(),
        codes::states(),
        device::states(),
        end(),
        damaged::states(),
    ]
    .into_iter()
    .chain([plan::plan(), ceremony::boards(), ceremony::ceremony(), resume::states()])
    .flatten();
    let sample = |is_asked| move |(name, Stage(app))| SampleState { name, is_asked, app };
    let shown = asked::asked().into_iter().chain(codes::asked()).chain(device::asked()).chain(ceremony::asked());
    hidden.map(sample(false)).chain(shown.map(sample(true))).collect()
}

type NamedStage = (&'static str, Stage);

/// Choosing a file, and what is known of it.
fn open() -> Vec<NamedStage> {
    let unconfirmed = crate::effect::FileFacts {
        name: "/run/media/ann/BACKUP/UNCONFIRMED-snapshot.json".to_owned(),
        ..file("INTACT (unchanged since it was written)", false)
    };
    vec![
        ("home", Stage::home()),
        ("home-on-a-network", Stage::home_on(&["eth0", "wlan0", "wwan0", "veth3ab51c9", "docker0", "tun0"])),
        ("open-places", Stage::at_places(places())),
        ("open-places-none", Stage::at_places(Vec::new())),
        ("open-unmounted", Stage::at_places(places()).keys(&[Key::End, Key::Enter])),
        ("open-folder", Stage::in_folder()),
        ("open-search", Stage::in_folder().press("SNAP")),
        ("open-refused", Stage::in_folder().keys(&[Key::Down, Key::Enter]).hear(Outcome::Loaded(Err(trouble())))),
        ("open-reading", Stage::in_folder().keys(&[Key::Down, Key::Enter])),
        ("open-file", Stage::open(summary())),
        ("open-file-training", Stage::open(training())),
        ("open-file-unconfirmed", Stage::open(Summary { files: vec![unconfirmed], ..summary() })),
        ("open-file-sixteen", Stage::open(long(24, WordList::Japanese))),
        ("open-file-near", Stage::open(near())),
        ("open-file-wrong-word", Stage::open(summary()).press("rebirth").key(Key::Enter)),
        ("open-file-compared", Stage::open(summary()).press("none").keys(&[Key::Enter, Key::Esc])),
    ]
}

/// Whose phrases are there.
fn people() -> Vec<NamedStage> {
    let no_key = Trouble::new(
        "these 2 phrases are right, but their shares do not give the key of this backup: the ceremony that made them was faulty or dishonest. Another shareholder may help.",
        "The verified phrases are kept. Add the phrase of another shareholder, or look for another copy of the snapshot.",
    );
    vec![
        ("hand-over", Stage::at_hand_over(summary())),
        ("hand-over-one-absent", Stage::at_phrase(summary()).phrase_of(1).press("h")),
        ("hand-over-not-possible", Stage::at_hand_over(summary()).press("h").key(Key::Down).press("h")),
        ("hand-over-unfinished", Stage::at_phrase(summary()).press("abandon zebra ").key(Key::Esc)),
        (
            "hand-over-enough-kept",
            Stage::at_quorum().key(Key::Ctrl('n')).sit_down().press("abandon zebra ").key(Key::Esc),
        ),
        ("hand-over-agreed", Stage::at_hand_over(summary()).press("y")),
        (
            "hand-over-words",
            "abandon ab".chars().fold(Stage::at_hand_over(summary()), |stage, c| stage.hurried(Key::Char(c))).wait(2),
        ),
        ("hand-over-wipe", Stage::at_phrase(summary()).press("abandon zebra ").keys(&[Key::Esc, Key::Ctrl('n')])),
        ("hand-over-further", Stage::at_quorum().key(Key::Ctrl('n'))),
        (
            "hand-over-further-kept",
            Stage::at_quorum().key(Key::Ctrl('n')).sit_down().press("abandon zebra ").keys(&[
                Key::Esc,
                Key::Ctrl('n'),
                Key::Ctrl('n'),
            ]),
        ),
        ("hand-over-enough", Stage::at_quorum().key(Key::Esc)),
        ("hand-over-verified", Stage::at_phrase(summary()).phrase_of(1).wait(240)),
        ("hand-over-forget", Stage::at_phrase(summary()).phrase_of(1).keys(&[Key::Up, Key::Delete])),
        (
            "hand-over-forgotten",
            Stage::at_quorum()
                .keys(&[Key::Esc, Key::Home, Key::Delete, Key::Delete])
                .hear(Outcome::Removed { number: 1 }),
        ),
        ("hand-over-soon-wiped", Stage::at_phrase(summary()).phrase_of(1).wait(3_560)),
        ("hand-over-sixteen", Stage::at_hand_over(long(24, WordList::Japanese))),
        ("quorum", Stage::at_quorum()),
        ("quorum-refused", Stage::at_quorum().key(Key::Enter).hear(Outcome::Opened(Err(no_key)))),
    ]
}

/// The words, none of them in view.
fn phrase() -> Vec<NamedStage> {
    let who = || "shareholder 2 (named Jane Doe in this file)".to_owned();
    let memory = Trouble::new(
        "Not checked: this machine has 90 MiB of free memory; the derivation of this backup takes 256 MiB, and at most 60 % of what is free is used.",
        "Close other programs, or use a machine with more memory.",
    );
    vec![
        ("phrase", Stage::at_phrase(summary())),
        ("phrase-masked", Stage::at_phrase(summary()).press("abandon zeb").key(Key::F(2))),
        (
            "phrase-kept",
            Stage::at_phrase(summary()).press("abandon zeb").key(Key::Esc).sit_down().keys(&[Key::F(2), Key::F(3)]),
        ),
        ("phrase-number", Stage::at_phrase(summary()).press("13 ")),
        ("phrase-all-typed", Stage::at_phrase(summary()).press(WORDS).press("about ")),
        ("phrase-checksum", Stage::at_phrase(summary()).press(WORDS).press("zebra").key(Key::Enter)),
        ("phrase-checking", Stage::at_phrase(summary()).all_words().wait(1)),
        ("phrase-given-up", Stage::at_phrase(summary()).all_words().key(Key::Esc)),
        ("phrase-not-of-this", Stage::at_phrase(summary()).checked(Answer::NotOfThisBackup { elsewhere: None })),
        ("phrase-elsewhere", Stage::at_phrase(summary()).checked(elsewhere())),
        ("phrase-altered", Stage::at_phrase(summary()).checked(Answer::AlteredFile { number: 2, who: who() })),
        ("phrase-cannot-be-judged", Stage::at_phrase(summary()).checked(Answer::CannotBeJudged)),
        (
            "phrase-machine",
            Stage::at_phrase(summary())
                .all_words()
                .hear(Outcome::Checked { answer: Err(memory), took: Duration::ZERO }),
        ),
        ("phrase-died", Stage::at_phrase(summary()).all_words().hear(Outcome::Died)),
        (
            "phrase-already-entered",
            Stage::at_phrase(summary())
                .phrase_of(1)
                .sit_down()
                .checked(Answer::AlreadyEntered { number: 1, who: who() }),
        ),
        ("phrase-24-words", Stage::at_phrase(long(24, WordList::Japanese))),
    ]
}

/// Ways of typing, none of which leaves a word in view.
fn desk() -> Vec<NamedStage> {
    vec![
        ("phrase-card", Stage::at_phrase(summary()).key(Key::F(5)).press("abanabanzebr")),
        ("phrase-card-one-or-two", Stage::at_phrase(summary()).key(Key::F(5)).press("mushroom ")),
        ("phrase-card-not", Stage::at_phrase(long(24, WordList::Japanese)).key(Key::F(5))),
        ("phrase-unreadable", Stage::at_phrase(summary()).press("abandon ? ")),
        ("phrase-word-number", Stage::at_phrase(summary()).press("=2049 ")),
        ("phrase-left-out", Stage::at_phrase(summary()).press(WORDS).key(Key::Enter)),
        ("phrase-inserted", Stage::at_phrase(summary()).press(&"abandon ".repeat(5)).keys(&[Key::Home, Key::F(6)])),
        ("phrase-inserted-not", Stage::at_phrase(summary()).press(WORDS).press("about ").keys(&[Key::Home, Key::F(6)])),
        ("phrase-taken-out", Stage::at_phrase(summary()).press(&"abandon ".repeat(5)).keys(&[Key::Home, Key::F(7)])),
        ("phrase-large", Stage::at_phrase(summary()).press("abandon ").keys(&[Key::F(4), Key::Up])),
        ("phrase-large-masked", Stage::at_phrase(summary()).press("abandon zeb").keys(&[Key::F(4), Key::F(2)])),
        ("phrase-pasted", Stage::at_phrase(summary()).paste("1. abandon\n2. zebra")),
        ("phrase-paste-taken", Stage::at_phrase(summary()).paste("1. abandon\n2. zebra 3. abcde 13. zoo").press("y")),
        ("phrase-paste-dropped", Stage::at_phrase(summary()).paste("abandon").key(Key::Enter)),
        ("phrase-near-digit", Stage::at_phrase(summary()).press("abandin 1")),
        ("phrase-list-number", Stage::at_phrase(summary()).key(Key::Down).press("abandin 12")),
        ("phrase-number-left", Stage::at_phrase(summary()).press("abandon 1zeb").key(Key::F(2))),
        ("phrase-extra", Stage::at_phrase(summary()).press(WORDS).press("about zebra ")),
        ("phrase-gap", Stage::at_phrase(summary()).key(Key::Down).press(WORDS)),
        ("phrase-replaced", Stage::at_phrase(summary()).press("abandon ").key(Key::Home).press("zebra ")),
        ("phrase-stray", Stage::at_phrase(summary()).press("abandon ").key(Key::Home).press("k").key(Key::Down)),
        ("phrase-unknown-masked", Stage::at_phrase(summary()).key(Key::F(2)).press("zebraz ")),
        ("keys", Stage::at_phrase(summary()).key(Key::F(8))),
        ("keys-press", Stage::at_phrase(summary()).keys(&[Key::F(8), Key::Home, Key::Enter]).press("ay")),
        ("keys-unknown", Stage::at_phrase(summary()).keys(&[Key::F(8), Key::Home, Key::Enter]).press("123")),
        (
            "keys-found",
            Stage::at_phrase(summary()).press("yebra ").keys(&[Key::F(8), Key::Home, Key::Enter]).press("aym"),
        ),
    ]
}

/// The search for a slip.
fn repair() -> Vec<NamedStage> {
    let wrong = || Stage::at_phrase(summary()).press(APART).press("zebra").key(Key::Enter).key(Key::F(9));
    let found = || (0, Answer::Verified { number: 2, who: "shareholder 2 (named Jane Doe in this file)".to_owned() });
    let altered =
        || (0, Answer::AlteredFile { number: 2, who: "shareholder 2 (named Jane Doe in this file)".to_owned() });
    let tried = |found| Outcome::Tried { found, took: Duration::from_secs(2) };
    let memory = Trouble::new(
        "Not tried: the machine did not give the 256 MiB of memory that the derivation takes.",
        "Close other programs.",
    );
    vec![
        ("repair", wrong()),
        ("repair-trying", wrong().key(Key::Enter).hear(tried(Ok(None))).hear(tried(Ok(None))).wait(1)),
        ("repair-stopped", wrong().key(Key::Enter).hear(tried(Ok(None))).key(Key::Esc)),
        (
            "repair-long-step",
            Stage::at_phrase(summary()).press(&"abandon ".repeat(10)).press("? ? ").keys(&[Key::F(9), Key::Enter]),
        ),
        ("repair-twice", Stage::at_phrase(summary()).press(WORDS).press("zebra").key(Key::Enter).key(Key::F(9))),
        ("repair-found", wrong().key(Key::Enter).hear(tried(Ok(Some(found()))))),
        (
            "repair-found-kept",
            Stage::at_phrase(summary())
                .press(APART)
                .press("zebra")
                .key(Key::Esc)
                .sit_down()
                .keys(&[Key::F(9), Key::Enter])
                .hear(tried(Ok(Some(found()))))
                .key(Key::F(3)),
        ),
        ("repair-altered", wrong().key(Key::Enter).hear(tried(Ok(Some(altered()))))),
        ("repair-trouble", wrong().key(Key::Enter).hear(tried(Err(memory)))),
        ("repair-nothing", wrong().key(Key::Enter).hear_all(|| tried(Ok(None)))),
        ("repair-too-many", Stage::at_phrase(summary()).press("abandon zebra ").key(Key::F(9))),
        ("repair-back", wrong().key(Key::Esc)),
    ]
}

/// What was recovered.
fn contents() -> Vec<NamedStage> {
    let key = |item: Stage| item.hear(derived(false));
    let at_items = |count: usize| Stage::at_recovered(opening()).keys(&vec![Key::Right; count]);
    vec![
        ("recovered-keys", Stage::at_recovered(opening())),
        ("recovered-vaults", at_items(1)),
        ("recovered-vaults-by-check", at_items(1).press("oooo").press("ooo")),
        ("recovered-comparing", Stage::at_recovered(uncompared()).key(Key::Right)),
        ("recovered-marked", at_items(1).press("  m").press("m ")),
        ("recovered-search", at_items(1).press("/fund 2")),
        ("recovered-accounts", at_items(2)),
        ("recovered-about", Stage::at_recovered(with_findings()).key(Key::Left)),
        ("recovered-notes", Stage::at_recovered(with_notes())),
        ("recovered-withheld", Stage::at_recovered(withheld())),
        ("item-key", key(Stage::at_recovered(opening()).key(Key::Enter)).key(Key::End)),
        ("item-vault", Stage::at_vault(false)),
        ("item-vault-mismatch", Stage::at_vault(true)),
        ("item-vault-form", Stage::at_vault(false).key(Key::End)),
        ("item-vault-added", key(at_items(1).keys(&[Key::End, Key::Enter]))),
        ("item-vault-proposed", key(at_items(1).keys(&[Key::Down, Key::Enter]))),
        ("item-vault-proposal", key(key(at_items(1).keys(&[Key::Down, Key::Enter])).key(Key::Right))),
        ("item-account", at_items(2).key(Key::Enter)),
        (
            "item-hidden-after-a-while",
            key(Stage::at_recovered(opening()).key(Key::Enter)).keys(&[Key::End, Key::Char('y')]).wait(60),
        ),
        ("qr-address", Stage::at_vault(false).keys(&[Key::Down, Key::Down]).press("q")),
        ("qr-secret", Stage::at_vault(false).key(Key::End).press("q")),
        ("qr-private", Stage::at_vault(false).key(Key::End).press("qy")),
        ("qr-hidden-after-a-while", Stage::at_vault(false).key(Key::End).press("qy").wait(60)),
    ]
}

/// A vault that is not in the backup.
fn unlisted() -> Vec<NamedStage> {
    let searching =
        || Stage::at_unlisted().keys(&[Key::Down, Key::Enter]).press("bc1qsomewhere").keys(&[Key::Enter; 3]);
    let searched = |searched| Outcome::Searched(Ok(searched));
    let path = || DerivationPath::parse("m/44/0/3/0/7").expect("a path");
    vec![
        ("unlisted-key", Stage::at_recovered(opening()).press("n")),
        ("unlisted-chain", Stage::at_recovered(opening()).press("n").key(Key::Enter).press("co")),
        (
            "unlisted-no-chain",
            Stage::at_recovered(opening()).press("n").key(Key::Enter).press("nochain").key(Key::Enter),
        ),
        ("unlisted-how", Stage::at_unlisted()),
        ("unlisted-path", Stage::at_unlisted().key(Key::Enter)),
        ("unlisted-path-hardened", Stage::at_unlisted().key(Key::Enter).press("'")),
        ("unlisted-wrong-path", Stage::at_unlisted().key(Key::Enter).press("/x").key(Key::Enter)),
        ("unlisted-derived", Stage::at_unlisted().keys(&[Key::Enter, Key::Enter]).hear(derived_unlisted())),
        ("unlisted-range", Stage::at_unlisted().keys(&[Key::Down, Key::Enter]).press("bc1qx").key(Key::Enter)),
        ("unlisted-searching", searching().hear(searched(Searched::NotYet { tried: 300 }))),
        ("unlisted-nowhere", searching().hear(searched(Searched::Nowhere))),
        (
            "unlisted-found",
            searching().hear(searched(Searched::Found { path: path(), form: "P2WPKH" })).hear(derived_unlisted()),
        ),
    ]
}

/// Writing it.
fn export() -> Vec<NamedStage> {
    let exists = Trouble::new(
        "/run/media/ann/EMPTY/contents.json exists already.",
        "Choose another name; nothing is ever overwritten.",
    );
    let full = Trouble::new(
        "/home/ann/recovery/contents.json could not be written: there is no room left. Nothing of it is left.",
        "Make room, or use another medium.",
    );
    let made = || Outcome::Passphrase(Ok(SecretText::copy_of(PASSPHRASE)));
    let back = || Stage::at_passphrase().key(Key::Enter).hear(made()).press("y").key(Key::Enter);
    let own = || Stage::at_passphrase().keys(&[Key::Down, Key::Enter]);
    let csv = WrittenFiles {
        paths: vec!["/home/ann/recovery/vaults.csv".into(), "/home/ann/recovery/vaults-codes.csv".into()],
        form: ExportForm::Csv,
        exposure: Some(Remark::KeepsNoPermissions),
        ..json()
    };
    vec![
        ("export-what", Stage::at_recovered(opening()).press("e")),
        ("export-what-marked", Stage::at_recovered(opening()).press(" e")),
        ("export-form", Stage::at_recovered(opening()).press("e").key(Key::Enter)),
        ("export-form-public", Stage::at_recovered(opening()).press("e").keys(&[Key::Down, Key::Enter])),
        ("export-place", Stage::at_export(0)),
        ("export-medium", Stage::at_export(1).keys(&[Key::Down, Key::Down])),
        (
            "export-nowhere",
            Stage::at_recovered(opening()).press("e").keys(&[Key::Enter, Key::Enter]).hear(Outcome::Places(Vec::new())),
        ),
        ("export-name", Stage::at_export(0).key(Key::Enter)),
        ("export-passphrase", Stage::at_passphrase()),
        ("export-passphrase-hidden", Stage::at_passphrase().key(Key::Enter).hear(made())),
        (
            "export-passphrase-hidden-after-a-while",
            Stage::at_passphrase().key(Key::Enter).hear(made()).press("y").wait(60),
        ),
        ("export-passphrase-wrong", back().press("k9").key(Key::Enter)),
        ("export-passphrase-own", own().press("hunter")),
        ("export-passphrase-short", own().press("hunter").key(Key::Enter)),
        ("export-digits", Stage::at_export(1).named()),
        ("export-wrong-digits", Stage::at_export(1).named().press("1234").key(Key::Enter)),
        (
            "export-name-taken",
            Stage::at_export(1).keys(&[Key::Enter, Key::Enter]).hear(Outcome::NameChecked(Err(exists))),
        ),
        ("export-failed", Stage::at_export(1).agreed().hear(Outcome::Exported(Err(full)))),
        ("export-done", Stage::at_export(1).agreed().hear(Outcome::Exported(Ok(json())))),
        ("export-done-two", Stage::at_export(3).agreed().hear(Outcome::Exported(Ok(csv)))),
    ]
}

/// The record after more exports than there are rows.
fn many_exports(mut stage: Stage) -> Stage {
    for _ in 0..20 {
        stage.0.console.journey.history.export(&Ok(json()));
    }
    stage.keys(&[Key::Ctrl('c'), Key::Char('y')])
}

/// Leaving, the record, help.
fn end() -> Vec<NamedStage> {
    vec![
        (
            "record",
            Stage::at_export(1)
                .agreed()
                .hear(Outcome::Exported(Ok(json())))
                .key(Key::F(10))
                .press("y")
                .hear(Outcome::Forgotten),
        ),
        ("record-wiping", Stage::at_recovered(opening()).key(Key::F(10)).press("y")),
        ("leave-unwritten", Stage::at_recovered(opening()).key(Key::F(10))),
        (
            "record-long",
            many_exports(Stage::at_export(1)).hear(Outcome::Forgotten).keys(&[Key::Down, Key::Down, Key::Down]),
        ),
        ("record-idle", Stage::at_recovered(with_findings()).wait(600).hear(Outcome::Forgotten)),
        ("record-withheld", Stage::at_recovered(withheld()).key(Key::F(10)).press("y").hear(Outcome::Forgotten)),
        (
            "record-not-opened",
            Stage::at_phrase(summary()).phrase_of(1).keys(&[Key::Ctrl('c'), Key::Char('y')]).hear(Outcome::Forgotten),
        ),
        ("leave", Stage::at_phrase(summary()).phrase_of(1).sit_down().press("abandon zebra ab").key(Key::Ctrl('c'))),
        (
            "leave-opened",
            Stage::at_recovered(opening()).key(Key::Enter).hear(derived(false)).keys(&[
                Key::End,
                Key::Char('y'),
                Key::Ctrl('c'),
            ]),
        ),
        ("help-phrase", Stage::at_phrase(training()).press("abandon ab").key(Key::F(1))),
        ("help-export", Stage::at_export(0).key(Key::F(1))),
    ]
}
