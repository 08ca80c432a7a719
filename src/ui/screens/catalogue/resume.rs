//! Sample states of a ceremony that goes on with the file of an earlier one.

use std::path::PathBuf;
use std::time::Duration;

use super::NamedStage;
use super::ceremony::{facts, issued, person, plan_of, sealed, stick};
use super::samples::{text, trouble};
use super::stage::Stage;
use crate::domain::ceremony::{NameStyle, Person, Progress, ProposedPlan, UnconfirmedFile};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::Holdings;
use crate::effect::{Begun, GoingOn, InventoryFacts, Issued, Medium, NotIssued, Outcome, Said, Sealed, Trouble};
use crate::journey::{Goal, Journey};
use crate::ui::console::{Console, Options};
use crate::ui::key::Key;
use crate::ui::screens::ceremony::Resume;

const FILE: &str = "/run/media/ann/EMPTY/conclave-backup/UNCONFIRMED-snapshot.json";

fn unfinished(labels: &[&str], is_training: bool) -> UnconfirmedFile {
    let shareholders: Vec<Person> = labels.iter().map(|label| person(label)).collect();
    let plan = plan_of(labels, 2);
    UnconfirmedFile {
        path: FILE.into(),
        kind: plan.kind,
        organization: plan.organization,
        is_training,
        names: NameStyle::of_labels(&shareholders),
        shareholders,
        threshold: plan.threshold,
        delivery: plan.delivery,
        form: plan.form,
        created: "2026-03-02".to_owned(),
        fingerprint: Fingerprint::of(&[7; 32]),
    }
}

fn start(proposed: ProposedPlan) -> Stage {
    let console = Console::new(Journey::new(Goal::Make), Options::default());
    Stage::of(console, Resume::of(FILE.into(), proposed))
}

/// The file was read, and so was what was proposed.
fn read(file: UnconfirmedFile, proposed: ProposedPlan) -> Stage {
    let heard = start(proposed).say(Said::Unfinished(Ok(Box::new(file))), Progress::default());
    heard.say(Said::Inventory(Ok(InventoryFacts::default())), Progress::default())
}

fn three() -> Stage {
    read(unfinished(&["J. D.", "F. S.", "Ł."], false), ProposedPlan::default())
}

fn compared() -> Stage {
    let contents = vec![PathBuf::from("/run/media/ann/BACKUP/contents.json")];
    let read = read(unfinished(&["J. D.", "F. S.", "Ł."], false), ProposedPlan { contents, ..ProposedPlan::default() });
    read.say(Said::Inventory(Ok(facts())), Progress::default())
}

/// All is answered, and the ceremony begins.
pub(super) fn begun(stage: Stage, needs_place: bool) -> Stage {
    let sealed = Sealed { path: FILE.into(), medium: Medium::Present { title: stick() } };
    let begun = Begun {
        plan: plan_of(&["Jane Doe", "Fumiko Sato", "Łukasz"], 2),
        date: "2026-03-03".to_owned(),
        expected: Duration::from_millis(1400),
        holds: Holdings::default(),
        going_on: Some(GoingOn { sealed, needs_place }),
    };
    let answered = stage.press("Rita").keys(&[Key::Enter; 5]);
    answered.say(Said::Begun(Ok(Box::new(begun))), Progress::resumed(3))
}

/// The file was read again, and these have typed.
fn proving(verified: &[u8]) -> Progress {
    let mut progress = Progress::resumed(3);
    assert!(progress.read_again() && verified.iter().all(|number| progress.verify(*number)));
    progress
}

fn read_again(stage: Stage) -> Stage {
    let medium = begun(stage, false).keys(&[Key::Enter, Key::Enter]);
    let back = medium.say(Said::Medium(Medium::Back { title: stick() }), Progress::resumed(3));
    back.say(Said::ReadAgain(Ok(())), proving(&[]))
}

/// Everybody has typed, and it is asked for the last step.
fn proved(stage: Stage) -> Stage {
    let mut stage = read_again(stage);
    stage.0.console.journey.making.iter_mut().for_each(|making| making.progress = proving(&[1, 2, 3]));
    stage.key(Key::Enter)
}

fn done(stage: Stage, is_compared: bool) -> Stage {
    let Said::Issued(Ok(given)) = issued(None) else { unreachable!("it is issued") };
    let said = Said::Issued(Ok(Box::new(Issued { is_compared, ..*given })));
    let mut progress = proving(&[1, 2, 3]);
    assert!(progress.issue());
    proved(stage).say(said, progress)
}

pub(super) fn states() -> Vec<NamedStage> {
    let not_it = || {
        let trouble = Trouble::new(
            "What the file holds (2 keys, 30 vaults, 3 accounts) is not what it is compared with (2 keys, 29 vaults, 3 accounts).",
            "Nothing was changed, and nobody has to type again. n drops what it is compared with; then name the right inventory (i), or say that it has new master keys (k), or go on without comparing: the record says so.",
        );
        let said = Said::Issued(Err(NotIssued { trouble, may_be_there: false }));
        proved(compared()).say(said, proving(&[1, 2, 3]))
    };
    let sixteen = ["A. B."; 16];
    let list = || {
        let people = Some(PathBuf::from("people.csv"));
        read(unfinished(&["J. D.", "F. S."], false), ProposedPlan { people, ..ProposedPlan::default() })
    };
    let people = |names: &[&str]| Said::People(Ok(names.iter().map(|name| person(name)).collect()));
    vec![
        ("resume", three()),
        ("resume-refused", start(ProposedPlan::default()).say(Said::Unfinished(Err(trouble())), Progress::default())),
        ("resume-nameless", three().key(Key::Enter)),
        ("resume-name", three().press("Rita").key(Key::Enter).press("Jane")),
        ("resume-other-name", three().press("Rita").key(Key::Enter).press("Ann").key(Key::Enter)),
        ("resume-ready", three().press("Rita").keys(&[Key::Enter; 4])),
        ("resume-full-names", read(unfinished(&["Jane Doe", "Joe Bloggs"], true), ProposedPlan::default())),
        (
            "resume-full-names-ready",
            read(unfinished(&["Jane Doe", "Joe Bloggs"], true), ProposedPlan::default()).press("Rita").key(Key::Enter),
        ),
        ("resume-list", list().say(people(&["Jane Doe", "Ann Archer"]), Progress::default())),
        ("resume-list-other", list().say(people(&["Jane Doe"]), Progress::default())),
        ("resume-compared", compared()),
        (
            "resume-sixteen",
            read(unfinished(&sixteen, false), ProposedPlan { conductor: text("Rita"), ..ProposedPlan::default() })
                .keys(&[Key::Enter; 17]),
        ),
        ("resume-board", begun(three(), false)),
        ("resume-board-place", begun(compared(), true)),
        ("resume-board-proving", read_again(compared())),
        ("resume-board-not-the-inventory", not_it()),
        ("resume-place", begun(three(), true).key(Key::Enter).hear(Outcome::Places(super::samples::places()))),
        ("resume-medium", begun(three(), false).key(Key::Enter)),
        ("resume-done", done(three(), false)),
        ("resume-done-compared", done(compared(), true)),
        ("resume-leave", read_again(three()).key(Key::Esc)),
        ("resume-record-void", read_again(three()).key(Key::Esc).press("y").hear(Outcome::Forgotten)),
        ("resume-record", done(three(), false).key(Key::F(10)).press("y").hear(Outcome::Forgotten)),
    ]
}

/// What a session may say, for random walks.
pub(super) fn said(which: u64) -> crate::effect::CeremonyOutcome {
    let (said, progress) = match which {
        0 => (Said::Unfinished(Ok(Box::new(unfinished(&["J. D.", "Joe"], true)))), Progress::default()),
        1 => (Said::Unfinished(Err(trouble())), Progress::default()),
        2 => (sealed(Medium::None), Progress::resumed(3)),
        _ => (Said::ReadAgain(Ok(())), proving(&[1])),
    };
    crate::effect::CeremonyOutcome { said, progress }
}
