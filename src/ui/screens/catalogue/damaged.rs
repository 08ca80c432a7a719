//! Damaged files before anybody types, and what came out of them.

use std::sync::Arc;

use super::NamedStage;
use super::samples::{condition, file, long, opening, summary, text};
use super::stage::Stage;
use crate::domain::completeness::Completeness;
use crate::domain::condition::{Boxes, Condition, CoreState, Harm};
use crate::domain::export_form::{ExportForm, Protection, Selection};
use crate::domain::inventory::{Claimed, Counts, Inventory};
use crate::domain::kind::{Kind, Method};
use crate::domain::recovery::Holder;
use crate::domain::wordlist::WordList;
use crate::effect::{Comparison, Near, NearStanding, Opening, Outcome, Summary, WrittenFiles};
use crate::ui::key::Key;

pub(super) fn states() -> Vec<NamedStage> {
    vec![
        ("open-file-damaged", Stage::open(damaged_parts())),
        ("open-file-damaged-below", Stage::open(damaged_parts()).keys(&[Key::Down, Key::Down])),
        ("open-file-damaged-card", Stage::open(damaged_parts()).key(Key::Enter)),
        ("open-file-damaged-long", Stage::open(damaged_long())),
        ("open-file-damaged-long-card", Stage::open(damaged_long()).key(Key::Enter)),
        ("open-file-damaged-many", Stage::open(damaged_many())),
        ("open-file-damaged-many-card", Stage::open(damaged_many()).key(Key::Enter)),
        ("open-file-cut", Stage::open(cut())),
        ("open-file-cut-card", Stage::open(cut()).key(Key::Enter)),
        ("open-file-core", Stage::open(damaged_core())),
        ("open-file-core-card", Stage::open(damaged_core()).key(Key::Enter)),
        ("open-file-section", Stage::open(damaged_section())),
        (
            "open-file-section-wrong-word",
            Stage::open(damaged_section()).key(Key::Enter).press("rebirth").key(Key::Enter),
        ),
        ("open-file-envelopes", Stage::open(damaged_envelopes())),
        ("recovered-empty", Stage::at_recovered(empty())),
        ("recovered-empty-leave", Stage::at_recovered(empty()).key(Key::F(10))),
        ("recovered-incomplete-leave", Stage::at_recovered(incomplete()).key(Key::F(10))),
        ("recovered-incomplete-exported", exported(incomplete())),
        ("recovered-uncertain-exported", exported(uncertain())),
        ("recovered-empty-export", Stage::at_recovered(empty()).press("e")),
        ("recovered-incomplete", Stage::at_recovered(incomplete()).key(Key::Right)),
        ("recovered-incomplete-about", Stage::at_recovered(incomplete()).key(Key::Left)),
        ("recovered-incomplete-withheld", Stage::at_recovered(incomplete_withheld())),
        ("recovered-incomplete-export", Stage::at_recovered(incomplete()).press("e")),
        ("recovered-incomplete-forms", Stage::at_recovered(incomplete()).press("e").key(Key::Enter)),
        (
            "recovered-incomplete-record",
            Stage::at_recovered(incomplete()).keys(&[Key::F(10), Key::Char('y')]).hear(Outcome::Forgotten),
        ),
        ("recovered-uncertain", Stage::at_recovered(uncertain())),
    ]
}

/// Everything that came out was written; somebody leaves.
fn exported(opening: Opening) -> Stage {
    let mut stage = Stage::at_recovered(opening);
    let paths = vec!["/run/media/ann/EMPTY/contents.json".into()];
    let console = &mut stage.0.console;
    console.journey.history.export(&Ok(WrittenFiles {
        paths,
        form: ExportForm::Json,
        protection: Protection::Nothing,
        exposure: None,
    }));
    console.journey.wrote(ExportForm::Json, &Selection::default());
    stage.key(Key::F(10))
}

fn damaged(verdict: &str, condition: Condition) -> Summary {
    Summary { files: vec![file(verdict, true)], condition, ..summary() }
}

/// Cut in half: the only box is gone.
pub(super) fn cut() -> Summary {
    let boxes = Boxes { known: 1, readable: 0, is_certain: true };
    damaged("DAMAGED (box 1, layout)", Condition { boxes, harms: vec![Harm::Layout], ..condition() })
}

/// Names, an envelope and some boxes are damaged.
pub(super) fn damaged_parts() -> Summary {
    let boxes = Boxes { known: 4, readable: 3, is_certain: true };
    let harms = vec![Harm::Labels, Harm::Anchor, Harm::Order, Harm::Unknown];
    let condition = Condition { boxes, harms, closed: vec![2], delivery: None, ..condition() };
    Summary {
        kind: Kind::Organization,
        organization: None,
        shareholders: (1..=3).map(|number| Holder { kind: Kind::Organization, number, name: None }).collect(),
        others: vec!["other.json".to_owned()],
        ..damaged("DAMAGED (envelope 2, labels, anchor, box 2, order, unknown)", condition)
    }
}

/// No phrase can be judged.
pub(super) fn damaged_core() -> Summary {
    damaged("DAMAGED (core)", Condition { core: CoreState::Damaged, ..condition() })
}

/// Nothing can be called damaged or whole: the list of digests is gone.
pub(super) fn damaged_section() -> Summary {
    let boxes = Boxes { known: 4, readable: 4, is_certain: false };
    let condition = Condition { core: CoreState::Unproven, boxes, harms: vec![Harm::Snapshot], ..condition() };
    Summary { created: None, sequence: 0, claimed: None, ..damaged("DAMAGED (snapshot)", condition) }
}

/// Too few envelopes are left.
pub(super) fn damaged_envelopes() -> Summary {
    damaged("DAMAGED (envelope 1, envelope 3)", Condition { closed: vec![1, 3], ..condition() })
}

/// Two damaged files of a threshold of 16 people with long names, and a copy beside them.
pub(super) fn damaged_long() -> Summary {
    let files = vec![file("DAMAGED (envelope 2, labels, box 1, box 2, box 3, box 4, order, unknown, layout)", true); 2];
    let boxes = Boxes { known: 4096, readable: 17, is_certain: false };
    let harms = vec![
        Harm::EnvelopeList,
        Harm::Labels,
        Harm::Anchor,
        Harm::Snapshot,
        Harm::BoxList,
        Harm::Order,
        Harm::Unknown,
        Harm::Layout,
    ];
    let condition = Condition {
        core: CoreState::Unproven,
        boxes,
        harms,
        closed: (1..=16).collect(),
        threshold: 9,
        shareholder_count: 16,
        kind: Kind::Organization,
        method: Method::Phrase,
        delivery: text(&"a-long-mailbox".repeat(15)),
    };
    let near = vec![Near {
        path: "copy.json".into(),
        name: "copy.json".to_owned(),
        sequence: 4,
        standing: NearStanding::Damaged,
    }];
    Summary { files, condition, near, ..long(24, WordList::English) }
}

/// Nine files of one backup, most of them damaged.
pub(super) fn damaged_many() -> Summary {
    let parts = damaged_parts();
    let mut files = vec![file(&parts.files[0].verdict, true); 9];
    files[7] = file("INTACT (unchanged since it was written)", false);
    Summary { files, ..parts }
}

/// Nothing came out: the only box is gone.
pub(super) fn empty() -> Opening {
    let completeness = Completeness {
        boxes: Boxes { known: 1, readable: 0, is_certain: true },
        recovered: Counts::default(),
        ..opening().completeness
    };
    Opening {
        inventory: Arc::new(Inventory::of(Kind::Organization)),
        organization: None,
        comparison: Comparison { is_complete: true, ..Comparison::default() },
        ..lacking(completeness)
    }
}

/// One box of four is gone.
pub(super) fn incomplete() -> Opening {
    let boxes = Boxes { known: 4, readable: 3, is_certain: true };
    lacking(Completeness {
        boxes,
        claimed: Some(Claimed { vaults: 40, accounts: 12, codes: 96 }),
        ..opening().completeness
    })
}

/// Nobody can tell whether something is missing.
pub(super) fn uncertain() -> Opening {
    lacking(Completeness { is_doubtful: true, claimed: None, ..opening().completeness })
}

fn lacking(completeness: Completeness) -> Opening {
    let damaged = "/run/media/ann/BACKUP/snapshot.json is damaged: box 1, layout. What could be read was used.";
    let red = completeness.finding().into_iter().chain([damaged.to_owned()]).collect();
    Opening { completeness, red, ..opening() }
}

/// Nothing of an incomplete production backup is shown in a drill.
pub(super) fn incomplete_withheld() -> Opening {
    Opening {
        inventory: Arc::new(Inventory::of(Kind::Organization)),
        is_withheld: true,
        organization: None,
        ..incomplete()
    }
}
