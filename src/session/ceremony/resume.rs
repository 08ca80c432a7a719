//! Going on with the file of a ceremony that did not end: the file and the papers are all that is left of it, and all that is trusted.
//! Everybody types against the file, and what it opens to is compared with an inventory where there is one.

use std::path::Path;

use serde_json::json;

use super::place::present;
use super::written::WrittenSnapshot;
use super::{Bench, CeremonyWork, FileOf, Workshop, today};
use crate::crypto::label::Purpose;
use crate::domain::ceremony::{NameStyle, Person, Progress, UnconfirmedFile};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Holdings, SealedBy};
use crate::effect::{Begun, GoingOn, Resumption, Sealed, Trouble};
use crate::machine::clock;
use crate::machine::files::{self, NewFolders, shown};
use crate::session::load::LoadError;
use crate::session::phrase_judge::PhraseJudge;
use crate::session::transcript::{self, Transcript};
use crate::session::{papers, summary};
use crate::snapshot::delivery;
use crate::snapshot::founding::is_same_beside_the_mark;
use crate::snapshot::v1::limits;
use crate::snapshot::v1::model::{Labels, Snapshot};
use crate::snapshot::v1::read::read;
use crate::snapshot::v1::verdict::Verdict;

/// What that file says of itself.
pub(super) fn look(path: &Path) -> Result<UnconfirmedFile, Trouble> {
    Ok(UnfinishedFile::read(path)?.facts)
}

struct UnfinishedFile {
    facts: UnconfirmedFile,
    snapshot: Snapshot,
    bytes: Vec<u8>,
}

impl UnfinishedFile {
    fn read(path: &Path) -> Result<Self, Trouble> {
        let refused = |what: &str, hint: &str| {
            Err(Trouble::new(format_args!("{}: {what}", shown(path)), format_args!("Nothing was changed. {hint}")))
        };
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let bytes = files::read_from_medium(&path, limits::CONTAINER).map_err(|error| Trouble::of(&error))?;
        let reading = read(&bytes).map_err(|why| Trouble::of(&LoadError::refused(&path, why)))?;
        let (true, Some(snapshot)) = (reading.verdict == Verdict::Intact, reading.snapshot()) else {
            return refused(
                &format!("this file is {}.", reading.verdict),
                "A ceremony goes on with the very file that it wrote: look for another copy of it.",
            );
        };
        let Labels::Holders(labels) = &snapshot.labels else {
            return refused(
                "this is the backup of one person's device: no ceremony makes one.",
                "It is opened with `conclave device restore`.",
            );
        };
        if !snapshot.anchor.unconfirmed {
            return refused(
                "this file does not say that it is unconfirmed: there is nothing to finish.",
                "`conclave verify` says what it is, `conclave recover` opens it.",
            );
        }
        let Some(form) = snapshot.core.phrase else {
            return refused("no phrases open this file.", "Choose the file that a ceremony left.");
        };
        let core = &snapshot.core;
        let label = |label: &crate::snapshot::v1::model::ShareholderLabel| Person {
            name: label.name.clone(),
            email: label.email.clone(),
        };
        let shareholders: Vec<Person> = labels.shareholders.iter().map(label).collect();
        let facts = UnconfirmedFile {
            path,
            kind: core.kind,
            organization: labels.organization.clone(),
            is_training: core.purpose == Purpose::Training,
            names: NameStyle::of_labels(&shareholders),
            shareholders,
            threshold: core.threshold,
            delivery: labels.delivery.clone(),
            form,
            created: snapshot.section.created.date(),
            fingerprint: Fingerprint::of(&core.core_digest().0),
        };
        Ok(Self { facts, snapshot, bytes })
    }
}

impl Workshop {
    pub(super) fn resume(&mut self, resumption: Resumption, bench: &mut Bench<'_>) -> Result<Begun, Trouble> {
        let Resumption { path, conductor, names, folder } = resumption;
        let now = today()?;
        self.making = None;
        let UnfinishedFile { facts, snapshot, bytes } = UnfinishedFile::read(&path)?;
        let plan = facts.plan(conductor, &names).ok_or_else(|| {
            Trouble::new("The names are not those of this file.", "Nothing was changed. Type them as it has them.")
        })?;
        let Some((here, name)) = facts.path.parent().zip(facts.path.file_name()) else {
            return Err(Trouble::new(format_args!("{} is no file.", shown(&facts.path)), "Choose another one."));
        };
        let expected = summary::expected(&snapshot.core.kdf, bench.kdf);
        let mut transcript = Transcript::begin(clock::since_boot());
        transcript.note(clock::since_boot(), "begun", transcript::begun(&plan, true));
        let resumed = json!({
            "backup_id": snapshot.core.backup_id,
            "created": snapshot.section.created,
            "file": name.to_string_lossy(),
        });
        transcript.note(clock::since_boot(), "resumed", resumed);
        let needs_place = folder.is_none() && is_taken(here, name, &snapshot);
        let mut making = CeremonyWork {
            medium: bench.media.of(here),
            progress: Progress::resumed(plan.shareholders.len()),
            folder: here.to_owned(),
            made: NewFolders::default(),
            of: FileOf::Earlier,
            written: Some(WrittenSnapshot::of(snapshot, bytes, facts.path.clone(), true)),
            copy: None,
            transcript,
            plan: plan.clone(),
        };
        let mut sealed = Sealed { path: facts.path.clone(), medium: present(making.medium.as_ref()) };
        if let Some(folder) = folder
            && let Some(moved) = making.move_to(folder, bench)?.sealed
        {
            sealed = moved;
        }
        self.making = Some(making);
        let going_on = Some(GoingOn { sealed, needs_place });
        Ok(Begun { plan, date: now.date(), expected, holds: Holdings::default(), going_on })
    }
}

/// Whether something lies beside the file that has the name of what a finished backup writes there. A whole snapshot that this one
/// became already does not count: an end in that very moment leaves it.
fn is_taken(folder: &Path, file: &std::ffi::OsStr, snapshot: &Snapshot) -> bool {
    let name = folder.join(delivery::FILE_NAME);
    let is_what_it_becomes = file != delivery::FILE_NAME && named_already(&name, snapshot).is_some();
    files::is_there(&name) && !is_what_it_becomes
        || papers::NAMES.iter().any(|name| files::is_there(&folder.join(name)))
}

/// What lies under that name, if it is the same as `unconfirmed` but for the mark.
fn named_already(name: &Path, unconfirmed: &Snapshot) -> Option<(Snapshot, Vec<u8>)> {
    let bytes = files::read_from_medium(name, limits::CONTAINER).ok()?;
    let named = read(&bytes).ok().filter(|reading| reading.verdict == Verdict::Intact)?.snapshot()?;
    (is_same_beside_the_mark(&named, unconfirmed) && !named.anchor.unconfirmed).then_some((named, bytes))
}

/// The same, when the quorum's mark in it is genuine: then it was proved and named before the ceremony ended, and stays as it is.
pub(super) fn proved_before(name: &Path, unconfirmed: &Snapshot, judge: &PhraseJudge) -> Option<(Snapshot, Vec<u8>)> {
    let (named, bytes) = named_already(name, unconfirmed)?;
    let opened = judge.open_as_next(read(&bytes).ok()?).ok()?;
    let is_genuine = opened.anchor.is_some_and(|anchor| anchor == named.anchor);
    is_genuine.then_some((named, bytes))
}

/// Whether something in it was not sealed by the quorum.
pub(super) fn has_public_boxes(snapshot: &Snapshot) -> bool {
    snapshot.boxes.iter().any(|sealed| sealed.header.sealed_by == SealedBy::Public)
}
