//! Files of one backup united without a quorum. Every box of all of them stays; of names, addresses and the quorum's mark only those
//! of one file can, and without phrases nobody can say whose are genuine: those of the file that was chosen first, unless somebody
//! says otherwise. Nothing that differs is dropped in silence.

use std::collections::BTreeSet;
use std::path::Path;

use super::{RefreshError, Renewal, whole};
use crate::crypto::digest::digest;
use crate::domain::text::{Text, brief, capital, counted};
use crate::effect::{Differences, NO_MARK_CHECKED, letter};
use crate::machine::files;
use crate::session::load::load;
use crate::snapshot::v1::model::{Anchor, HolderLabels, Labels, Snapshot, places};
use crate::snapshot::v1::read::Reading;

/// Two files of one backup whose sequences differ by more are not united.
const FAR_AHEAD: u32 = 1_000_000;

/// The most columns of a name or address in a sentence.
const SAID: usize = 60;

impl Renewal {
    /// Of which file what only one can keep is taken: that place in the order in which they are named.
    pub fn keep(&mut self, place: Option<usize>) {
        self.keep = place;
    }

    /// Unites it with a file beside it.
    pub fn merge(&mut self, path: &Path) -> Result<(), RefreshError> {
        self.merge_reading(load(path)?.reading, path, self.keep == Some(self.snapshots.len()))
    }

    /// `is_asked`: its names and address are wanted, also where everything else of it is held.
    pub(super) fn merge_reading(&mut self, reading: Reading, path: &Path, is_asked: bool) -> Result<(), RefreshError> {
        let other = whole(&reading, path)?;
        if self.first().is_none_or(|first| first.core != other.core) {
            return Err(RefreshError::OtherBackup { path: path.to_owned() });
        }
        // Only boxes that are really there count: what a file says that it replaced nobody can check without a quorum.
        let known = self.snapshots.iter().any(|snapshot| snapshot.section.digest() == other.section.digest());
        let ours: BTreeSet<_> = self.snapshots.iter().flat_map(|snapshot| places(&snapshot.boxes)).collect();
        let theirs = places(&other.boxes);
        let sequence = self.snapshots.iter().map(|snapshot| snapshot.section.sequence).max().unwrap_or(0);
        let name = self.readings.first().map_or_else(String::new, |file| file.name.clone());
        let differs = self.snapshots.iter().any(|snapshot| differ(snapshot, &other));
        if known || (sequence > other.section.sequence && ours.is_superset(&theirs) && !(is_asked && differs)) {
            return Err(RefreshError::NothingToMerge { holds: name, other: files::shown(path), is_first: true });
        }
        // A file that only says that it is newer must not take the place of the chosen one with other names.
        if other.section.sequence > sequence && theirs.is_superset(&ours) && !differs {
            return Err(RefreshError::NothingToMerge { holds: files::shown(path), other: name, is_first: false });
        }
        if let Some(file) = self.far_ahead(&name, &other, path) {
            return Err(RefreshError::FarAhead { file });
        }
        self.unite(reading, path)
    }

    /// The same of a file of which it is known that it belongs here.
    pub(super) fn unite(&mut self, reading: Reading, path: &Path) -> Result<(), RefreshError> {
        self.snapshots.push(whole(&reading, path)?);
        self.readings.push(reading);
        self.has_merged = true;
        Ok(())
    }

    /// Which of two files stands so far ahead of the other that a union with it would use up the sequence.
    fn far_ahead(&self, name: &str, other: &Snapshot, path: &Path) -> Option<String> {
        let (ours, theirs) = (self.first()?.section.sequence, other.section.sequence);
        let file = if ours > theirs { name.to_owned() } else { files::shown(path) };
        (ours.abs_diff(theirs) > FAR_AHEAD).then_some(file)
    }

    /// Whose names, address and mark are kept.
    pub(super) fn kept(&self) -> Option<&Snapshot> {
        self.snapshots.get(self.keep.unwrap_or(0)).or(self.first())
    }

    /// What the files say differently, but for what is changed in the same step.
    pub fn differences(&self) -> Differences {
        let said: Vec<Vec<(String, String)>> = self.snapshots.iter().map(|file| self.said(&file.labels)).collect();
        let mut subjects: Vec<&String> = Vec::new();
        for (subject, _) in said.iter().flatten() {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        let of = |subject: &String| -> Vec<String> {
            let value = |file: &Vec<(String, String)>| file.iter().find(|(what, _)| what == subject).cloned();
            said.iter().map(|file| value(file).map_or_else(|| "none".to_owned(), |(_, value)| value)).collect()
        };
        let labels: Vec<(String, Vec<String>)> = subjects
            .into_iter()
            .filter(|subject| !self.edits.contains_key(*subject))
            .map(|subject| (subject.clone(), of(subject)))
            .filter(|(_, values)| are_different(values))
            .map(|(subject, values)| (subject, values.iter().map(|value| brief(value, SAID)).collect()))
            .collect();
        let marks: Vec<String> = self.snapshots.iter().map(|file| mark(&file.anchor)).collect();
        let differs = self.genuine.is_none() && self.snapshots.iter().any(|file| Some(&file.anchor) != self.anchor());
        let is_of_ceremony =
            |file: &Snapshot| digest("labels", &file.labels) == file.core.labels_digest && !labels.is_empty();
        Differences {
            files: self.readings.iter().map(|reading| files::shown(Path::new(&reading.name))).collect(),
            of_ceremony: (0..)
                .zip(&self.snapshots)
                .filter_map(|(place, file)| is_of_ceremony(file).then_some(place))
                .collect(),
            labels,
            marks: if differs { marks } else { Vec::new() },
        }
    }

    fn anchor(&self) -> Option<&Anchor> {
        self.first().map(|first| &first.anchor)
    }

    /// Whether it is known of everything that would be dropped that it may be. `asks_for_mark`: also of the quorum's mark, for which
    /// the chosen file's is taken where nobody can be asked.
    pub fn check_kept(&self, asks_for_mark: bool) -> Result<(), RefreshError> {
        let differences = self.differences();
        let is_open = !differences.labels.is_empty() || (asks_for_mark && !differences.is_empty());
        if self.keep.is_none() && is_open {
            return Err(RefreshError::Differ(Box::new(differences)));
        }
        if self.keep.is_some_and(|place| place >= self.snapshots.len()) {
            return Err(RefreshError::NothingToKeep);
        }
        Ok(())
    }

    /// What was kept of that which differs, and what was dropped.
    pub(super) fn said_of_kept(&self) -> Vec<String> {
        let differences = self.differences();
        let kept = self.keep.unwrap_or(0);
        let file = |place: usize| differences.files.get(place).cloned().unwrap_or_else(|| letter(place));
        let mut notes: Vec<String> = Vec::new();
        for (what, values) in &differences.labels {
            let value = values.get(kept).cloned().unwrap_or_default();
            let dropped: Vec<String> = (0..)
                .zip(values)
                .filter(|(_, other)| **other != value)
                .map(|(place, other)| format!("{other} of {}", file(place)))
                .collect();
            notes.push(format!(
                "{what}: {value} of {} was kept, and {} was dropped.",
                file(kept),
                dropped.join(" and ")
            ));
        }
        if !differences.marks.is_empty() {
            notes.push(format!(
                "The quorum marked the files at different times. The mark of {} was taken, and all boxes of both stay. Keep both files until the new one was opened once: only an opening shows which mark is genuine.",
                file(kept)
            ));
        }
        if self.genuine.is_none() && !differences.is_empty() {
            notes.push(NO_MARK_CHECKED.to_owned());
        }
        notes
    }

    /// What labels say, but for what people do not see; names of what is said are those of [`Renewal::edits`].
    fn said(&self, labels: &Labels) -> Vec<(String, String)> {
        let holder = self.kind().rules().holder.one;
        let Labels::Holders(HolderLabels { delivery, organization, shareholders, salt: _ }) = labels else {
            return Vec::new();
        };
        let shown = |text: &Text| text.to_string();
        let mut said = vec![(ADDRESS.to_owned(), shown(delivery)), ("Organization".to_owned(), shown(organization))];
        for label in shareholders {
            said.push((of_holder(holder, label.number), shown(&label.name)));
            let email =
                label.email.as_ref().map(|email| (format!("E-mail of {holder} {}", label.number), shown(email)));
            said.extend(email);
        }
        said
    }

    /// What a refresh did to names and addresses of the file that it goes on from, and what it united.
    pub(super) fn said_of_changes(&self, first: &Labels, after: &Labels) -> Vec<String> {
        let (before, after) = (self.said(first), self.said(after));
        let value = |said: &[(String, String)], what: &String| {
            said.iter().find(|(other, _)| other == what).map_or_else(|| "none".to_owned(), |(_, value)| value.clone())
        };
        let subjects: BTreeSet<&String> = before.iter().chain(&after).map(|(what, _)| what).collect();
        let mut did: Vec<String> = subjects
            .into_iter()
            .map(|what| (what, value(&before, what), value(&after, what)))
            .filter(|(_, old, new)| old != new)
            .map(|(what, old, new)| format!("{what}: {} -> {}", brief(&old, SAID), brief(&new, SAID)))
            .collect();
        let ours = self.first().map_or_else(BTreeSet::new, |first| places(&first.boxes));
        for (reading, other) in self.readings.iter().zip(&self.snapshots).skip(1) {
            let more = places(&other.boxes).difference(&ours).count();
            let file = files::shown(Path::new(&reading.name));
            did.push(match more {
                0 => format!("United with {file}, in which no further box is"),
                more => format!("United with {file}: {} more", counted(more, "box")),
            });
        }
        did
    }
}

pub(super) const ADDRESS: &str = "Address";

/// How a shareholder is called in front of a name: `Shareholder 2`.
pub(super) fn of_holder(holder: &str, number: u8) -> String {
    capital(&format!("{holder} {number}"))
}

fn are_different(values: &[String]) -> bool {
    values.windows(2).any(|pair| pair.first() != pair.last())
}

/// Whether one of two files says something else of names, addresses or the quorum's mark.
fn differ(one: &Snapshot, other: &Snapshot) -> bool {
    let salted = |labels: &Labels| match labels {
        Labels::Holders(labels) => {
            Some((labels.delivery.clone(), labels.organization.clone(), labels.shareholders.clone()))
        }
        Labels::Device(_) => None,
    };
    one.anchor != other.anchor || salted(&one.labels) != salted(&other.labels)
}

/// A mark, for people.
fn mark(anchor: &Anchor) -> String {
    let of = format!("of sequence {}", anchor.sequence);
    match anchor.base.position {
        0 => of,
        position => format!("{of}, replaces boxes up to {position}"),
    }
}
