//! All that can be said of a backup before it is open, as plain data for the screens.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Session;
use super::device;
use super::load::{LoadError, load};
use super::phrase_judge::PhraseJudge;
use crate::crypto::kdf::{FLOOR, Kdf, KdfNumbers};
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::inventory::Claimed;
use crate::domain::phrase::PhraseForm;
use crate::domain::recovery::Holder;
use crate::effect::{CloudAccount, DeviceClaims, FileFacts, Near, NearStanding, Source, Summary, Trouble};
use crate::machine::files::shown;
use crate::machine::{clock, cores, folder, memory};
use crate::snapshot::backup::Backup;
use crate::snapshot::relation::{Relation, is_of_one_backup, outline, relations, relations_to_first};
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
        let (readings, paths) = match source {
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

/// How many files beside the chosen one are looked at, and how many bytes of them altogether.
const NEAR_FILES: usize = 64;
const NEAR_BYTES: usize = 64 << 20;

/// How many other backups beside the chosen one are kept to recognise phrases of them. Each costs a derivation for a phrase that is
/// nobody's.
const OTHERS: usize = 3;

/// What lies beside the chosen file.
pub struct Beside {
    /// Files of the same backup.
    pub near: Vec<Near>,
    /// Files of other backups.
    pub others: Vec<Reading>,
}

/// Other files in the folder of the first one.
pub fn beside(given: &[PathBuf], readings: &[Reading]) -> Beside {
    let (mut near, mut others) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    let Some(first) = readings.first() else { return Beside { near, others } };
    // Of each file of the backup what says how it stands to the others, the chosen one first.
    let mut family = vec![outline(first.clone())];
    let mut paths = Vec::new();
    for path in folder::candidates_beside(given, NEAR_FILES) {
        if bytes > NEAR_BYTES {
            continue;
        }
        let Ok(loaded) = load(&path) else { continue };
        bytes += loaded.size;
        if is_of_one_backup(first, &loaded.reading) {
            paths.push(path);
            family.push(outline(loaded.reading));
        } else if others.len() < OTHERS {
            // Phrases are recognised by the core: what is sealed need not stay in memory.
            others.push(Reading { boxes: Vec::new(), ..loaded.reading });
        }
    }
    let relations = relations_to_first(&family);
    let chosen = family.first();
    for ((path, reading), relation) in paths.into_iter().zip(family.iter().skip(1)).zip(relations.into_iter().skip(1)) {
        let Some(standing) = chosen.and_then(|chosen| standing(chosen, reading, relation)) else { continue };
        let name = path.file_name().map_or_else(String::new, |name| shown(Path::new(name)));
        near.push(Near { path, name, sequence: reading.sequence(), standing });
    }
    near.sort_by_key(|near| std::cmp::Reverse((near.standing.is_advised(), near.sequence)));
    Beside { near, others }
}

/// How a file stands to the chosen one; `None` when it is of another backup.
fn standing(chosen: &Reading, other: &Reading, relation: Relation) -> Option<NearStanding> {
    let digest = |reading: &Reading| reading.section.as_ref().map(crate::snapshot::v1::model::Section::digest);
    let standing = match relation {
        Relation::Other | Relation::Unknown | Relation::Only => return None,
        _ if digest(chosen) == digest(other) => NearStanding::Same,
        Relation::Newest => NearStanding::Newer,
        Relation::Older => NearStanding::Older,
        Relation::Fork => NearStanding::Fork,
    };
    Some(match (chosen.verdict.is_damaged(), other.verdict.is_damaged()) {
        (_, true) => NearStanding::Damaged,
        (true, false) if standing == NearStanding::Same => NearStanding::Intact,
        _ => standing,
    })
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
