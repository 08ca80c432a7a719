//! All that can be said of a backup before it is open, as plain data for the screens.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Session;
use super::device;
use super::load::{LoadError, load};
use super::neighbours::beside;
use super::phrase_judge::PhraseJudge;
use crate::crypto::kdf::{FLOOR, Kdf, KdfNumbers};
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::inventory::Claimed;
use crate::domain::phrase::PhraseForm;
use crate::domain::recovery::Holder;
use crate::domain::text::counted;
use crate::effect::{CloudAccount, DeviceClaims, FileFacts, Near, Source, Summary, Trouble};
use crate::machine::{clock, cores, memory};
use crate::snapshot::backup::Backup;
use crate::snapshot::relation::{Relation, relations};
use crate::snapshot::v1::model::{CloudLabel, DeviceLabels};
use crate::snapshot::v1::read::{Reading, read};
use crate::training::{DEVICE_SAMPLES, SAMPLES};

/// What is not read from the backup itself.
pub struct SummaryFacts {
    pub form: Option<PhraseForm>,
    pub near: Vec<Near>,
    pub sheets: Option<&'static str>,
    /// In the order of the readings.
    pub paths: Vec<PathBuf>,
}

impl Session {
    /// Reads a backup, and says all that is known of it before anybody types.
    pub(in crate::session) fn load(&mut self, source: Source) -> Result<Summary, Trouble> {
        let trouble = |error: &LoadError| Trouble::of(error);
        let mut sheets = None;
        let (mut readings, paths) = match source {
            Source::BuiltIn(kind) => {
                let [first, ..] = &SAMPLES;
                let sample = SAMPLES.iter().find(|sample| sample.kind == kind).unwrap_or(first);
                sheets = Some(sample.phrases);
                (vec![built_in(sample.name, sample.snapshot)?], None)
            }
            Source::BuiltInDevice(method) => {
                let [first, ..] = &DEVICE_SAMPLES;
                let sample = DEVICE_SAMPLES.iter().find(|sample| sample.method() == method).unwrap_or(first);
                sheets = Some(sample.sheet());
                (vec![built_in(sample.name, sample.snapshot)?], None)
            }
            Source::Files(paths) => {
                let readings = paths.iter().map(|path| Ok(load(path)?.reading)).collect::<Result<Vec<_>, LoadError>>();
                (readings.map_err(|error| trouble(&error))?, Some(paths))
            }
        };
        let first = paths.as_deref().and_then(<[PathBuf]>::first);
        let beside = beside(paths.as_deref().unwrap_or_default(), &readings);
        if let Some(first) = readings.first_mut().filter(|_| beside.unseen > 0) {
            let (files, were) = (counted(beside.unseen, "file"), if beside.unseen == 1 { "was" } else { "were" });
            first.remarks.push(format!("beside it, {files} {were} not looked at: they are too many or too large"));
        }
        let united = PhraseJudge::unite_any(readings, first.map_or(Path::new(""), PathBuf::as_path));
        let mut judge = united.map_err(|error| match beside.near.iter().find(|near| !near.is_damaged()) {
            Some(Near { name, .. }) => Trouble::new(
                format_args!("{error}."),
                format_args!("{name}, which lies beside it, is of the same backup and not damaged: open that one."),
            ),
            None => trouble(&error),
        })?;
        let form = judge.backup.core().phrase;
        let facts = SummaryFacts { form, near: beside.near, sheets, paths: paths.unwrap_or_default() };
        let expected = expected(&judge.backup.core().kdf, &*self.kdf);
        let asked = any_word(&mut *self.entropy)
            .map_err(|error| Trouble::new(format_args!("{error}."), "Nothing was read. Restart the machine."))?;
        let asked_four = self
            .asked_four()
            .map_err(|error| Trouble::new(format_args!("{error}."), "Nothing was read. Restart the machine."))?;
        let at_once = at_once(&judge.backup.core().kdf);
        let first_path = facts.paths.first().cloned();
        let summary = of(&judge, facts, expected, (asked, asked_four), at_once);
        judge.recognise_also(beside.others);
        self.state.judge = Some(judge);
        self.state.first = first_path;
        Ok(summary)
    }
}

/// A built-in training backup.
fn built_in(name: &str, snapshot: &[u8]) -> Result<Reading, Trouble> {
    let path = PathBuf::from(format!("the built-in training backup ({name})"));
    let mut reading = read(snapshot).map_err(|why| Trouble::of(&LoadError::refused(&path, why)))?;
    reading.name = path.to_string_lossy().into_owned();
    Ok(reading)
}

pub fn of(
    judge: &PhraseJudge,
    facts: SummaryFacts,
    expected: Duration,
    (asked, asked_four): (usize, [usize; 4]),
    at_once: usize,
) -> Summary {
    let backup = &judge.backup;
    let core = backup.core();
    let newest = backup.files().iter().find_map(|file| file.section.as_ref());
    let labels = backup.labels();
    // Where everybody adds, two files side by side are everyday work.
    let is_fork = |relation: &Relation| *relation == Relation::Fork && !core.kind.rules().is_added_to_daily;
    let file = |(reading, relation): (&Reading, Relation)| FileFacts {
        name: reading.name.clone(),
        verdict: [reading.verdict.to_string()]
            .into_iter()
            .chain(is_fork(&relation).then(|| "a fork: it was made side by side with another one".to_owned()))
            .chain(reading.remarks.iter().cloned())
            .collect::<Vec<_>>()
            .join("; "),
        is_damaged: reading.verdict.is_damaged(),
        is_unconfirmed: reading.is_unconfirmed(),
    };
    let relations = relations(backup.files());
    let is_forked = relations.iter().any(is_fork);
    Summary {
        kind: core.kind,
        is_training: core.purpose.is_training(),
        organization: labels.and_then(|labels| labels.organization().cloned()),
        created: newest.map(|section| section.created.date()),
        sequence: newest.map_or(0, |section| section.sequence),
        claimed: claimed(backup.files()),
        threshold: core.threshold,
        shareholders: (1..=core.shareholder_count)
            .map(|number| Holder {
                kind: core.kind,
                number,
                name: labels.and_then(|labels| labels.name_of(number)).cloned(),
            })
            .collect(),
        form: facts.form,
        device: device::labels(backup).map(claims),
        fingerprint: backup.fingerprint(),
        asked,
        asked_four,
        files: backup.files().iter().zip(relations).map(file).collect(),
        is_forked,
        condition: backup.condition(),
        near: facts.near,
        given: facts.paths,
        others: judge
            .others
            .iter()
            .filter(|other| PhraseJudge::is_recognised_for(other))
            .flat_map(Backup::files)
            .map(|file| file.name.clone())
            .collect(),
        expected,
        at_once,
        sheets: facts.sheets,
    }
}

/// What the files claim to hold: of each thing as much as the file does that says most.
fn claimed(files: &[Reading]) -> Option<Claimed> {
    let all = files.iter().filter_map(|file| file.section.as_ref()).map(|section| section.counts);
    all.reduce(|one, other| Claimed {
        accounts: one.accounts.max(other.accounts),
        codes: one.codes.max(other.codes),
        vaults: one.vaults.max(other.vaults),
    })
}

fn claims(labels: &DeviceLabels) -> DeviceClaims {
    let account =
        |cloud: &CloudLabel| CloudAccount { provider: cloud.provider.clone(), account: cloud.account.clone() };
    DeviceClaims { organizations: labels.organizations.clone(), account: labels.cloud.as_ref().map(account) }
}

/// About how long one derivation will take: a small one is timed and scaled by the work.
pub fn expected(numbers: &KdfNumbers, kdf: &dyn Kdf) -> Duration {
    let small = KdfNumbers::new(FLOOR, numbers.salt);
    let begun = clock::since_boot();
    if kdf.derive(b"how fast is this machine", &small).is_err() {
        return Duration::ZERO;
    }
    let took = clock::since_boot().saturating_sub(begun);
    let work = |numbers: &KdfNumbers| numbers.memory_kib.saturating_mul(numbers.passes);
    let times = work(numbers) / work(&small).max(1);
    took.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX))
}

/// How many derivations are done at the same time: one a core, as long as all of them together take at most half of the free memory.
pub fn at_once(numbers: &KdfNumbers) -> usize {
    let needed = numbers.memory_kib.saturating_mul(1024).max(1);
    usize::try_from(memory::available() / 2 / needed).unwrap_or(usize::MAX).clamp(1, cores::count())
}

/// Which of the 16 words of a fingerprint is asked for.
pub fn any_word(entropy: &mut dyn Entropy) -> Result<usize, EntropyFailed> {
    let mut byte = [0];
    entropy.fill(&mut byte)?;
    let [byte] = byte;
    Ok(usize::from(byte % 16))
}
