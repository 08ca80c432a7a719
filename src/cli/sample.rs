//! `conclave sample`: training files to practise with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::founding::phrase_lines;
use super::{Exit, Failure, Streams};
use crate::crypto::kdf::Argon2id;
use crate::domain::kind::Kind;
use crate::domain::secret::SecretBuffer;
use crate::machine::disk::System;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{WriteError, shown, write_all_below};
use crate::machine::memory;
use crate::machine::output::OutputFolders;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::v1::read::read;
use crate::snapshot::{card, delivery};
use crate::training::{self, SAMPLES, TrainingError};

/// Write training backups to practise with: snapshots, e-mails, phrases and cards
#[derive(Debug, Args)]
pub struct SampleCommand {
    /// The folder to make them in
    #[arg(value_name = "DIR")]
    pub(super) directory: PathBuf,
    /// Make new ones with new phrases, instead of the built-in ones
    #[arg(long)]
    fresh: bool,
}

impl SampleCommand {
    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        for sample in &SAMPLES {
            let folder = self.directory.join(sample.name);
            let (snapshot, phrases) = if self.fresh { fresh(sample)? } else { frozen(sample)? };
            write_all(&folder, &snapshot, &phrases, sample.expected, folders)?;
            streams.say(&format!(
                "{}: a training {}; it is opened by {}",
                shown(&folder),
                if sample.kind == Kind::Codes { "file of recovery codes" } else { "backup" },
                snapshot.core.kind.rules().quorum_text(snapshot.core.threshold, snapshot.core.shareholder_count.into())
            ));
        }
        streams.say("These are for practice: the phrases lie beside the files. Never put a real key into them.");
        Ok(Exit::Done)
    }
}

fn frozen(sample: &training::Sample) -> Result<(Snapshot, SecretBuffer), Failure> {
    let snapshot = read(sample.snapshot).ok().and_then(|reading| reading.snapshot());
    let snapshot = snapshot.ok_or_else(|| broken(&TrainingError::Broken("its snapshot is not intact".to_owned())))?;
    Ok((snapshot, SecretBuffer::from_vec(sample.phrases.as_bytes().to_vec())))
}

fn fresh(sample: &training::Sample) -> Result<(Snapshot, SecretBuffer), Failure> {
    let created = super::now()?;
    let kdf = Argon2id { available_memory: memory::available() };
    let (snapshot, phrases) =
        sample.fresh(training::DERIVATION, created, &kdf, &mut OsEntropy).map_err(|error| broken(&error))?;
    Ok((snapshot, phrase_lines(&phrases)))
}

fn broken(error: &TrainingError) -> Failure {
    let exit = match error {
        TrainingError::Sealing(crate::snapshot::sealing::SealingError::Kdf(_)) => Exit::Machine,
        _ => Exit::NotWritten,
    };
    Failure::new(
        exit,
        format_args!("the training backup was not made: {error}."),
        "Nothing was lost. Try again on a machine with 1 GiB of free memory.",
    )
}

fn write_all(
    folder: &Path,
    snapshot: &Snapshot,
    phrases: &SecretBuffer,
    expected: &[u8],
    folders: &OutputFolders,
) -> Result<(), WriteError> {
    let mut public = vec![
        (folder.join(delivery::FILE_NAME), layout::to_bytes(snapshot)),
        (folder.join("snapshot.eml"), delivery::mail(snapshot)),
    ];
    public.extend(delivery::archive(snapshot).ok().map(|archive| (folder.join("snapshot.zip"), archive)));
    public.extend(snapshot.labels.shareholders().iter().map(|shareholder| {
        let name = format!("cards/{}.txt", shareholder.number);
        (folder.join(name), card::text(snapshot, shareholder).into_bytes())
    }));
    let (phrases_path, expected_path) = (folder.join("phrases.txt"), folder.join("expected.json"));
    let mut all: Vec<(&Path, &[u8])> = public.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    all.extend([(phrases_path.as_path(), phrases.reveal()), (expected_path.as_path(), expected)]);
    write_all_below(&System, folder, &all, folders)
}
