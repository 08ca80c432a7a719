//! `conclave sample`: training files to practise with.

use std::io::Write;
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
use crate::training::{
    self, DEVICE_EXPECTED, DEVICE_SAMPLES, DEVICE_SHARES, DeviceSample, DeviceSecret, SAMPLES, SampleOpener,
    TrainingError,
};

/// Write training backups to practise with: snapshots, e-mails, phrases and cards
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave sample practice")]
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
        for sample in &DEVICE_SAMPLES {
            let folder = self.directory.join(sample.name);
            let files = if self.fresh { fresh_of_device(sample)? } else { frozen_of_device(sample) };
            self.write_of_device(&folder, &files, folders)?;
            streams.say(&format!("{}: a training backup of a device; {}", shown(&folder), files.opens()));
        }
        streams.say("These are for practice: the phrases lie beside the files. Never put a real key into them.");
        Ok(Exit::Done)
    }
}

/// What stands in the folder of a training backup of a device, and beside it.
struct DeviceFiles {
    snapshot: Vec<u8>,
    /// The phrase, or the PIN.
    opener: SecretBuffer,
    cloud_key: Option<SecretBuffer>,
}

impl DeviceFiles {
    fn opens(&self) -> &'static str {
        match self.cloud_key {
            None => "it is opened by a phrase",
            Some(_) => "it is opened by the key in cloud-account and a PIN",
        }
    }
}

impl SampleCommand {
    /// The key lies in a folder of its own, as a real one never lies beside its backup.
    fn write_of_device(&self, folder: &Path, files: &DeviceFiles, folders: &OutputFolders) -> Result<(), WriteError> {
        let name = if files.cloud_key.is_some() { "pin.txt" } else { "phrases.txt" };
        let paths = ["SHARES.json", "expected.json", delivery::FILE_NAME, name].map(|name| folder.join(name));
        let contents: [&[u8]; 4] = [DEVICE_SHARES, DEVICE_EXPECTED, &files.snapshot, files.opener.reveal()];
        let all: Vec<(&Path, &[u8])> = paths.iter().map(PathBuf::as_path).zip(contents).collect();
        write_all_below(&System, folder, &all, folders)?;
        let Some(key) = &files.cloud_key else { return Ok(()) };
        let folder = self.directory.join("cloud-account");
        write_all_below(&System, &folder, &[(&folder.join("cloud-key.json"), key.reveal())], folders)
    }
}

fn frozen_of_device(sample: &DeviceSample) -> DeviceFiles {
    let secret = |bytes: &[u8]| SecretBuffer::from_vec(bytes.to_vec());
    let (opener, cloud_key) = match sample.opener {
        SampleOpener::Phrase(phrase) => (secret(phrase.as_bytes()), None),
        SampleOpener::Cloud(key, pin) => (secret(pin.as_bytes()), Some(secret(key))),
    };
    DeviceFiles { snapshot: sample.snapshot.to_vec(), opener, cloud_key }
}

fn fresh_of_device(sample: &DeviceSample) -> Result<DeviceFiles, Failure> {
    let kdf = Argon2id { available_memory: memory::available() };
    let fresh = sample.fresh(super::now()?, &kdf, &mut OsEntropy).map_err(|error| broken(&error))?;
    let snapshot = layout::to_bytes(&fresh.snapshot);
    Ok(match fresh.secret {
        DeviceSecret::Phrase(phrase) => {
            DeviceFiles { snapshot, opener: phrase_lines(std::slice::from_ref(&phrase)), cloud_key: None }
        }
        DeviceSecret::Cloud(key, pin) => {
            let mut opener = SecretBuffer::with_capacity(pin.reveal().len() + 1);
            let written = writeln!(opener, "{}", pin.reveal());
            debug_assert!(written.is_ok(), "there is room for the line");
            DeviceFiles { snapshot, opener, cloud_key: Some(key.to_bytes()) }
        }
    })
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
