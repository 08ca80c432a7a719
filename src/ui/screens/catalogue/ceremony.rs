//! Sample states of a ceremony, from its plan to its end.

use std::path::PathBuf;
use std::time::Duration;

use super::NamedStage;
use super::plan::with_contents;
use super::samples::{WORDS, opening, text, trouble};
use super::stage::Stage;
use crate::domain::ceremony::{NameStyle, Person, PhraseState, Plan, Progress};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Counts, Holdings, KeyHolding};
use crate::domain::kind::Kind;
use crate::domain::phrase::{Phrase, PhraseForm, WordCount};
use crate::domain::wordlist::WordList;
use crate::effect::{
    Act, Answer, Begun, CeremonyOutcome, Confirmation, Effect, InventoryFacts, Issued, Medium, Outcome, Said, Sealed,
    Trouble,
};
use crate::journey::{Goal, Making};
use crate::ui::app::Request;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screens::ceremony::CeremonyBoard;

const TWELVE: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

pub(super) fn person(name: &str) -> Person {
    Person { name: text(name).expect("a name"), email: None }
}

pub(super) fn plan_of(people: &[&str], threshold: u8) -> Plan {
    Plan {
        kind: Kind::Organization,
        conductor: text("Ann Archer").expect("a name"),
        organization: text("Harbour Museum").expect("a name"),
        is_training: false,
        shareholders: people.iter().map(|name| person(name)).collect(),
        names: NameStyle::Initials,
        threshold,
        delivery: text("backup@museum.example").expect("an address"),
        form: TWELVE,
    }
}

fn three() -> Plan {
    plan_of(&["Jane Doe", "Fumiko Sato (佐藤)", "Łukasz <U+202E>"], 2)
}

fn holds() -> Holdings {
    let vaults = ["Rent", "Payroll", "Ünïcode \u{202e}"].map(str::to_owned).to_vec();
    let keys = vec![
        KeyHolding { title: "Main".to_owned(), vaults },
        KeyHolding { title: "key-02".to_owned(), vaults: (1..=26).map(|number| format!("Vault {number}")).collect() },
    ];
    Holdings { counts: Counts { keys: 2, vaults: 30, accounts: 3, codes: 24 }, keys }
}

/// A progress that came so far.
pub(super) fn progress(count: usize, shown: &[u8], confirmed: &[u8]) -> Progress {
    let mut progress = Progress::new(count);
    assert!(shown.iter().chain(confirmed).all(|number| progress.show(*number)));
    assert!(confirmed.iter().all(|number| progress.confirm(*number)));
    progress
}

pub(super) fn proving(count: u8, verified: &[u8]) -> Progress {
    let mut progress = progress(usize::from(count), &[], &(1..=count).collect::<Vec<_>>());
    assert!(progress.seal() && progress.read_again() && verified.iter().all(|number| progress.verify(*number)));
    progress
}

pub(super) fn console(plan: Plan, progress: &Progress) -> Console {
    let (date, expected) = ("2026-03-02".to_owned(), Duration::from_millis(1400));
    let mut console = Console::default();
    let holds = holds();
    let begun = Begun { plan, date, expected, holds, going_on: None };
    console.journey.begin(Making::begun(begun, progress.clone()));
    let is_shown = |number: &u8| progress.state(*number) >= PhraseState::Shown;
    if let Some(made) = &mut console.journey.history.made {
        made.shown = (1..=16).take(progress.people()).filter(is_shown).collect();
    }
    console
}

#[allow(clippy::needless_pass_by_value)]
pub(super) fn board(plan: Plan, progress: Progress) -> Stage {
    Stage::of(console(plan, &progress), CeremonyBoard::default())
}

impl Stage {
    /// Answers the act that was asked for last; the ceremony is as far then.
    pub(super) fn say(self, said: Said, progress: Progress) -> Self {
        self.hear(Outcome::Ceremony(Box::new(CeremonyOutcome { said, progress })))
    }

    /// The act that was asked for last.
    pub(super) fn act(&mut self) -> Option<Act> {
        let asked = self.0.take_requests().into_iter().filter_map(|request| match request {
            Request::Perform(_, Effect::Ceremony(act)) => Some(act),
            _ => None,
        });
        asked.collect::<Vec<_>>().pop()
    }
}

/// The phrase of eleven times the first word, and another one.
pub(super) fn phrase_of(form: PhraseForm) -> Phrase {
    struct Zeros;
    impl crate::domain::entropy::Entropy for Zeros {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), crate::domain::entropy::EntropyFailed> {
            bytes.fill(0);
            Ok(())
        }
    }
    Phrase::generate(form, &mut Zeros).expect("zeros")
}

pub(super) fn phrase() -> Phrase {
    phrase_of(TWELVE)
}

pub(super) fn facts() -> InventoryFacts {
    InventoryFacts {
        files: vec!["/run/media/ann/BACKUP/contents.json".into()],
        organization: text("Harbour Museum"),
        counts: Counts { keys: 2, vaults: 30, accounts: 3, codes: 24 },
        is_production: true,
        creates_keys: false,
        remarks: vec!["vault \"Rent\": its key (key-09) is not there, so it could not be recovered".to_owned()],
    }
}

pub(super) fn sealed(medium: Medium) -> Said {
    let path = "/run/media/ann/EMPTY/conclave-backup/UNCONFIRMED-snapshot.json".into();
    Said::Sealed(Ok(Sealed { path, medium }))
}

pub(super) fn stick() -> String {
    "the stick EMPTY (/run/media/ann/EMPTY)".to_owned()
}

pub(super) fn issued(missing: Option<Trouble>) -> Said {
    let file = |name: &str| PathBuf::from("/run/media/ann/EMPTY/conclave-backup").join(name);
    let card = "CONCLAVE PUBLIC CARD

Shareholder:  1 (J. D.)
Organization: Harbour Museum
E-mailed to:  backup@museum.example

Fingerprint of the backup:

   1 cellulose  2 conservator  3 breakaway  4 corporation
   5 cellulose  6 conservator  7 breakaway  8 corporation
   9 cellulose 10 conservator 11 breakaway 12 corporation
  13 cellulose 14 conservator 15 breakaway 16 corporation

To recover: on a computer without network, start Conclave, open the newest
snapshot from the backup e-mail, compare the fingerprint with this card.
";
    Said::Issued(Ok(Box::new(Issued {
        paths: vec![
            file("snapshot.json"),
            file("snapshot.eml"),
            file("cards/1.txt"),
            file("fingerprint.txt"),
            file("record-to-sign.html"),
        ],
        fingerprint: Fingerprint::of(&[7; 32]),
        digest_words: "ribbon orbit canvas".to_owned(),
        record_words: "velvet anchor meadow".to_owned(),
        cards: vec![card.to_owned(), card.replace("1 (J. D.)", "2 (F. S.)")],
        to_sign: "CONCLAVE RECORD TO SIGN\n\nConductor (Ann Archer)\n\n  Signature: ____   Date: ____\n".to_owned(),
        notes: Vec::new(),
        missing,
        is_compared: true,
    })))
}

fn issued_progress() -> Progress {
    let mut progress = proving(3, &[1, 2, 3]);
    assert!(progress.issue());
    progress
}

pub(super) fn ceremony() -> Vec<NamedStage> {
    let confirming = || {
        let shown = board(three(), progress(3, &[1], &[])).next_person().key(Key::Enter);
        shown.press(WORDS).press("zebra")
    };
    let confirmed =
        |result| confirming().key(Key::Enter).say(Said::Confirmed { number: 1, result }, progress(3, &[1], &[]));
    let differs = |numbers: &[usize]| confirmed(Ok(Confirmation::Differs { numbers: numbers.to_vec() }));
    let all = || board(three(), progress(3, &[], &[1, 2, 3]));
    let mut sealed_progress = progress(3, &[], &[1, 2, 3]);
    sealed_progress.seal();
    let sealed_as = |medium| all().key(Key::Enter).say(sealed(medium), sealed_progress.clone());
    let present = || Medium::Present { title: stick() };
    let looked = |stage: Stage, medium| stage.key(Key::Enter).say(Said::Medium(medium), sealed_progress.clone());
    let not_the_same = Trouble::new(
        "The file that was read again is not the one that was written: the medium is bad, or was exchanged.",
        "Take another stick.",
    );
    let verified = || Answer::Verified { number: 2, who: "shareholder 2 (F. S.)".to_owned() };
    let verify = |answer, verified: &[u8]| {
        let typed = board(three(), proving(3, &[1])).next_person().all_words();
        typed.say(Said::Verified(Ok(answer)), proving(3, verified))
    };
    let done = |missing| board(three(), proving(3, &[1, 2, 3])).key(Key::Enter).say(issued(missing), issued_progress());
    let full = Trouble::new("cards/3.txt could not be written: there is no room left.", "Make room.");
    vec![
        ("ceremony-phrase-hidden", show(TWELVE).key(Key::F(1)).key(Key::Enter)),
        ("ceremony-phrase-expired", show(TWELVE).wait(600)),
        ("ceremony-confirm", board(three(), progress(3, &[1], &[])).next_person().key(Key::Enter)),
        ("ceremony-confirm-deriving", confirming().key(Key::Enter).wait(1)),
        ("ceremony-confirm-wrong", differs(&[12])),
        ("ceremony-confirm-wrong-many", differs(&[2, 4, 7, 8, 12])),
        ("ceremony-confirmed", confirmed_one()),
        ("ceremony-confirm-kept", confirming().key(Key::Esc)),
        ("ceremony-medium", sealed_as(present())),
        ("ceremony-medium-still", looked(sealed_as(present()), present())),
        ("ceremony-medium-skip", looked(sealed_as(present()), present()).press("k")),
        ("ceremony-medium-out", looked(sealed_as(present()), Medium::Gone { title: stick() })),
        ("ceremony-medium-out-late", looked(looked(sealed_as(present()), present()), Medium::Gone { title: stick() })),
        ("ceremony-medium-none", sealed_as(Medium::None)),
        (
            "ceremony-medium-bad",
            looked(looked(sealed_as(present()), Medium::Gone { title: stick() }), Medium::Back { title: stick() })
                .say(Said::ReadAgain(Err(not_the_same)), sealed_progress.clone()),
        ),
        (
            "ceremony-medium-read",
            looked(looked(sealed_as(present()), Medium::Gone { title: stick() }), Medium::Back { title: stick() })
                .say(Said::ReadAgain(Ok(())), proving(3, &[])),
        ),
        ("ceremony-verify", board(three(), proving(3, &[1])).next_person()),
        ("ceremony-verify-kept", board(three(), proving(3, &[1])).next_person().press("abandon ").key(Key::Esc)),
        ("ceremony-verify-wrong", verify(Answer::NotOfThisBackup { elsewhere: None }, &[1])),
        ("ceremony-verified", verify(verified(), &[1, 2])),
        ("ceremony-done", done(None)),
        ("ceremony-done-missing", done(Some(full))),
        ("ceremony-done-end", done(None).keys(&[Key::Down; 8])),
        ("ceremony-done-cards", done(None).press("c").key(Key::Right)),
        ("ceremony-done-to-sign", done(None).press("c").key(Key::Left)),
        ("ceremony-done-rotation", rotated()),
        ("ceremony-done-delete", with_file(done(None)).press("d")),
        ("ceremony-leave", board(three(), progress(3, &[2], &[1])).key(Key::Esc)),
        ("ceremony-leave-unconfirmed", sealed_as(present()).key(Key::Ctrl('c'))),
        ("ceremony-leave-planning", with_contents().key(Key::Ctrl('c'))),
        ("ceremony-record-void", sealed_as(present()).keys(&[Key::Ctrl('c'), Key::Char('y')]).hear(Outcome::Forgotten)),
        ("ceremony-record", done(None).key(Key::F(10)).press("y").hear(Outcome::Forgotten)),
        ("ceremony-record-idle", board(three(), progress(3, &[2], &[1])).wait(3_600).hear(Outcome::Forgotten)),
    ]
}

/// The board, and requests to one shareholder.
pub(super) fn boards() -> Vec<NamedStage> {
    let start = || board(three(), Progress::new(3));
    let all = || board(three(), progress(3, &[], &[1, 2, 3]));
    let mut sealed_progress = progress(3, &[], &[1, 2, 3]);
    sealed_progress.seal();
    let present = Medium::Present { title: stick() };
    let written = all().key(Key::Enter).say(sealed(present), sealed_progress);
    let long = "A person with a name that is longer than a row of the window";
    vec![
        ("ceremony-board", start()),
        ("ceremony-board-training", board(Plan { is_training: true, ..three() }, Progress::new(3))),
        ("ceremony-board-some", board(three(), progress(3, &[2], &[1]))),
        ("ceremony-board-sixteen", board(plan_of(&[long; 16], 9), progress(16, &[2], &[1]))),
        (
            "ceremony-board-sheets",
            start()
                .press("s")
                .say(Said::Written(Ok(vec!["/run/media/ann/EMPTY/conclave-backup/sheets".into()])), Progress::new(3)),
        ),
        ("ceremony-board-all", all()),
        (
            "ceremony-board-trouble",
            all().key(Key::Enter).say(Said::Sealed(Err(trouble())), progress(3, &[], &[1, 2, 3])),
        ),
        ("ceremony-board-sealed", written.key(Key::Esc)),
        ("ceremony-another-place", all().press("p").hear(Outcome::Places(super::samples::places()))),
        (
            "ceremony-another-place-unfit",
            all().press("p").hear(Outcome::Places(super::samples::places())).key(Key::Enter).press("?").key(Key::Enter),
        ),
        (
            "ceremony-another-place-refused",
            all()
                .press("p")
                .hear(Outcome::Places(super::samples::places()))
                .keys(&[Key::Enter, Key::Enter])
                .say(Said::Moved(Err(trouble())), progress(3, &[], &[1, 2, 3])),
        ),
        ("ceremony-copied", copied()),
        ("ceremony-copied-read", copied().press("kk").say(Said::ReadAgain(Ok(())), issued_progress())),
        ("ceremony-board-proving", board(three(), proving(3, &[1]))),
        ("ceremony-board-proved", board(three(), proving(3, &[1, 2, 3]))),
        ("ceremony-sheet", start().press("c")),
        ("ceremony-wall", start().key(Key::Enter)),
        ("ceremony-wall-agreed", start().key(Key::Enter).press("y")),
        ("ceremony-wall-words", start().key(Key::Enter).press("y").hurried(Key::Char('e')).hurried(Key::Char('s'))),
        ("ceremony-wall-unrested", start().hurried(Key::Enter).hurried(Key::Enter)),
        ("ceremony-wall-verify", board(three(), proving(3, &[1])).key(Key::Enter)),
        ("ceremony-request", start().next_person()),
        ("ceremony-request-shown", board(three(), progress(3, &[1], &[])).next_person()),
        ("ceremony-request-confirmed", board(three(), progress(3, &[2], &[1])).next_person()),
        ("ceremony-request-another", board(three(), progress(3, &[], &[1])).next_person().key(Key::Delete)),
        ("ceremony-request-another-late", board(three(), proving(3, &[1])).key(Key::Delete).sit_down()),
        ("ceremony-request-keep", rotating().next_person()),
        ("ceremony-keep", rotating().next_person().press("k")),
        (
            "ceremony-keep-wrong",
            rotating()
                .next_person()
                .press("k")
                .all_words()
                .say(Said::Confirmed { number: 1, result: Ok(Confirmation::NotTheirs) }, Progress::new(3)),
        ),
        ("ceremony-request-declining", start().next_person().press("n")),
        ("ceremony-declined", start().next_person().press("nn").say(Said::Declined(Ok(1)), Progress::new(3))),
        ("ceremony-request-sixteen", board(plan_of(&[long; 16], 9), Progress::new(16)).next_person()),
    ]
}

fn confirmed_one() -> Stage {
    let typed = board(three(), progress(3, &[1], &[])).next_person().key(Key::Enter).all_words();
    let said = Said::Confirmed { number: 1, result: Ok(Confirmation::Same) };
    typed.say(said, progress(3, &[], &[1]))
}

/// In a rotation, of which the backup before is open.
pub(super) fn rotating() -> Stage {
    let Stage(app) = Stage::at_recovered(opening());
    let mut console = console(three(), &Progress::new(3));
    console.journey.set_out(Goal::Rotate);
    console.journey.backup = app.console.journey.backup;
    console.journey.opening = app.console.journey.opening;
    Stage::of(console, CeremonyBoard::default())
}

fn rotated() -> Stage {
    let mut console = console(three(), &proving(3, &[1, 2, 3]));
    console.journey.set_out(Goal::Rotate);
    Stage::of(console, CeremonyBoard::default()).key(Key::Enter).say(issued(None), issued_progress())
}

/// A second copy was written.
fn copied() -> Stage {
    let done = board(three(), proving(3, &[1, 2, 3])).key(Key::Enter).say(issued(None), issued_progress());
    let placed = done.press("p").hear(Outcome::Places(super::samples::places())).keys(&[Key::Enter, Key::Enter]);
    let path = "/run/media/ann/OTHER/conclave-backup/snapshot.json".into();
    placed.say(Said::Copied(Ok(Sealed { path, medium: Medium::None })), issued_progress())
}

fn with_file(stage: Stage) -> Stage {
    let Stage(mut app) = stage;
    app.console.journey.to_seal = facts();
    Stage(app)
}

/// The phrase of the first shareholder is in view.
pub(super) fn show(form: PhraseForm) -> Stage {
    let plan = Plan { form, ..three() };
    let said = Said::Phrase { number: 1, phrase: Ok(phrase_of(form)) };
    board(plan, Progress::new(3)).next_person().key(Key::Enter).say(said, progress(3, &[1], &[]))
}

pub(super) fn asked() -> Vec<NamedStage> {
    let long = PhraseForm { words: WordCount::new(24).expect("a length"), ..TWELVE };
    vec![
        ("ceremony-phrase", show(TWELVE)),
        ("ceremony-phrase-24", show(long)),
        ("ceremony-phrase-idle", show(TWELVE).wait(300)),
        ("ceremony-phrase-sentence", show(TWELVE).key(Key::Enter).press("y")),
        ("ceremony-phrase-24-sentence", show(long).key(Key::Enter).press("yy")),
    ]
}

/// What a session may say, for random walks.
pub(super) fn said(which: u64) -> CeremonyOutcome {
    let (said, progress) = match which {
        0 => (Said::Inventory(Ok(facts())), Progress::default()),
        1 => (Said::People(Ok(vec![person("Jane Doe"), person("Joe")])), Progress::default()),
        2 => (Said::Inventory(Err(trouble())), Progress::default()),
        3 => {
            let plan = plan_of(&["Jane Doe", "Joe"], 2);
            let begun = Begun {
                plan,
                date: "2026-03-02".to_owned(),
                expected: Duration::ZERO,
                holds: Holdings::default(),
                going_on: None,
            };
            (Said::Begun(Ok(Box::new(begun))), Progress::new(2))
        }
        4 => (Said::Phrase { number: 1, phrase: Ok(phrase_of(TWELVE)) }, progress(3, &[1], &[])),
        5 => (Said::Confirmed { number: 1, result: Ok(Confirmation::Same) }, progress(3, &[], &[1])),
        6 => {
            let result = Ok(Confirmation::Differs { numbers: vec![7, 99] });
            (Said::Confirmed { number: 1, result }, progress(3, &[1], &[]))
        }
        7 => (sealed(Medium::None), progress(3, &[], &[1, 2, 3])),
        8 => (Said::Medium(Medium::Back { title: stick() }), progress(3, &[], &[1, 2, 3])),
        9 => (Said::ReadAgain(Ok(())), proving(3, &[])),
        10 => (Said::ReadAgain(Err(trouble())), proving(3, &[])),
        11 => {
            let answer = Ok(Answer::Verified { number: 2, who: "shareholder 2".to_owned() });
            (Said::Verified(answer), proving(3, &[2]))
        }
        12 => (issued(Some(trouble())), issued_progress()),
        _ => (Said::Deleted(Ok(vec!["/run/media/ann/BACKUP/contents.json".into()])), issued_progress()),
    };
    CeremonyOutcome { said, progress }
}
