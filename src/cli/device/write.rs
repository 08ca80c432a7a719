//! `device backup` and `device reset`: a new backup, one that holds an organization more, one that is opened in another way.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{ArgGroup, Args};

use super::on_screens;
use super::open::{OpenerArguments, needs_out, read_pin};
use crate::cli::backup::purpose;
use crate::cli::export::exposure;
use crate::cli::founding::{phrase_lines, text};
use crate::cli::room::ScreenArguments;
use crate::cli::{Exit, Failure, Streams, now};
use crate::crypto::label::Purpose;
use crate::domain::inventory::{Collection, Item, OrganizationLabel};
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::pin::{self, Pin};
use crate::domain::text::Text;
use crate::effect::PROVIDERS;
use crate::machine::disk::System;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{look_at_names, shown, write_all_new};
use crate::machine::output::{Output, OutputFolders};
use crate::session::ThisMachine;
use crate::session::device::{
    DeviceError, DeviceFile, check_apart, check_device, check_newer, check_user, next, read_shares, replaced,
};
use crate::snapshot::founding::{NewOpener, found_device};
use crate::snapshot::refresh::Issue;
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::{CloudLabel, Replaces};

/// How a new backup is opened.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("method").args(["phrase", "cloud"]))]
struct MethodArguments {
    /// It is opened by a phrase of twelve words, which is written to --phrases-out
    #[arg(long, requires = "phrases_out")]
    phrase: bool,
    /// It is opened by a cloud key and a PIN; the key will be kept at google, icloud or other
    #[arg(long, value_name = "PROVIDER", value_parser = provider, requires_all = ["new_pin", "cloud_key_out"])]
    cloud: Option<Text>,
    /// The account there, as a note in the backup, which anybody can read
    #[arg(long, value_name = "LABEL", value_parser = text, requires = "cloud")]
    account: Option<Text>,
    /// A file whose first line is the new PIN: 6 to 12 digits; nobody else may read it (chmod 600)
    #[arg(long, value_name = "FILE", requires = "cloud")]
    new_pin: Option<PathBuf>,
    /// The new file that the cloud key is written to; not in the folder of the backup
    #[arg(long, value_name = "FILE", requires = "cloud")]
    cloud_key_out: Option<PathBuf>,
    /// The new file that the phrase is written to; not in the folder of the backup
    #[arg(long, value_name = "FILE", requires = "phrase")]
    phrases_out: Option<PathBuf>,
    /// Agree that the phrase of a production backup is written to a file
    #[arg(long, requires = "phrase")]
    i_know_this_writes_phrases: bool,
}

fn provider(value: &str) -> Result<Text, String> {
    let found = PROVIDERS.iter().find(|provider| provider.option == value);
    found.and_then(|provider| Text::new(provider.name)).ok_or_else(|| "it is google, icloud or other".to_owned())
}

/// What a new backup opens with, made or read.
enum NewSecret {
    Phrase(Phrase),
    Cloud(Pin, CloudLabel),
}

impl MethodArguments {
    fn outputs(&self) -> impl Iterator<Item = Output<'_>> {
        self.cloud_key_out.iter().chain(&self.phrases_out).map(|path| Output::File(path))
    }

    fn is_named(&self) -> bool {
        self.phrase || self.cloud.is_some()
    }

    /// The other file that is written.
    fn beside(&self) -> Option<&Path> {
        self.cloud_key_out.as_deref().or(self.phrases_out.as_deref())
    }

    /// Before anything is made.
    fn check(&self, out: &Path, purpose: Purpose, folders: &OutputFolders) -> Result<(), Failure> {
        let Some(beside) = self.beside().filter(|_| self.is_named()) else {
            return Err(Failure::new(
                Exit::Usage,
                "it is not said how the backup is to be opened.",
                "Nothing was made. Give --phrase --phrases-out FILE, or --cloud PROVIDER --new-pin FILE --cloud-key-out FILE.",
            ));
        };
        check_apart(beside, out)?;
        if self.phrase && !purpose.is_training() && !self.i_know_this_writes_phrases {
            return Err(Failure::new(
                Exit::Usage,
                "the phrase of a production backup is written to a file: whoever reads it has it.",
                "Nothing was made. Add --i-know-this-writes-phrases if that is what you want.",
            ));
        }
        Ok(look_at_names(&System, &[out, beside], folders)?)
    }

    fn secret(&self) -> Result<NewSecret, Failure> {
        let (Some(provider), Some(new_pin)) = (&self.cloud, &self.new_pin) else {
            return Ok(NewSecret::Phrase(
                Phrase::generate(PhraseForm::OF_DEVICE, &mut OsEntropy).map_err(SealingError::from)?,
            ));
        };
        let label = CloudLabel { account: self.account.clone(), provider: provider.clone() };
        Ok(NewSecret::Cloud(read_pin(new_pin, Pin::chosen, Exit::Usage)?, label))
    }

    /// Seals, and writes all files or none.
    fn found(
        &self,
        items: &[&Item],
        (purpose, replaces): (Purpose, Option<Replaces>),
        out: &Path,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<(), Failure> {
        let path = self.beside().unwrap_or(out);
        let exposed = self.phrase.then(|| exposure(path)).flatten();
        if let Some(said) = &exposed {
            streams.warn(said);
        }
        let secret = self.secret()?;
        let opener = match &secret {
            NewSecret::Phrase(phrase) => NewOpener::Phrase(phrase),
            NewSecret::Cloud(pin, label) => NewOpener::Cloud(pin, label.clone()),
        };
        let begun = Instant::now();
        let (snapshot, key) =
            found_device(items, &opener, (purpose, replaces), now()?, (&ThisMachine, &mut OsEntropy))?;
        let took = begun.elapsed();
        let beside = match (&secret, &key) {
            (NewSecret::Phrase(phrase), _) => phrase_lines(std::slice::from_ref(phrase)),
            (NewSecret::Cloud(..), Some(key)) => key.to_bytes(),
            (NewSecret::Cloud(..), None) => return Err(DeviceError::CloudKeyMissing { noted: None }.into()),
        };
        let bytes = layout::to_bytes(&snapshot);
        // What opens it comes first: a backup that nothing opens must not look finished.
        write_all_new(&System, &[(path, beside.reveal()), (out, &bytes)], folders)?;
        say_backed_up(items, streams);
        match &secret {
            NewSecret::Phrase(_) => {
                streams
                    .say(&format!("The phrase is in {}, not encrypted: whoever reads that file has it.", shown(path)));
                if let Some(said) = &exposed {
                    streams.say(said);
                }
                streams.say("Nobody has typed it back from paper: open the backup once from the paper.");
            }
            NewSecret::Cloud(pin, label) => {
                streams.say(&format!(
                    "The cloud key is in {}: upload it to {}, and delete it here.",
                    shown(path),
                    label.provider
                ));
                streams.say("The backup alone, the key alone and the PIN alone open nothing.");
                let worth = pin::worth(pin.reveal().len(), took);
                streams.say(&format!("Whoever has backup and key tries all PINs of this length in {worth}."));
            }
        }
        Ok(())
    }
}

fn say_backed_up(items: &[&Item], streams: &mut Streams<'_>) {
    let labels = OrganizationLabel::of_all(items.iter().copied());
    for label in &labels {
        streams.say(&format!("Backup of {} was successful: Backed up.", label.told_apart(&labels)));
    }
}

/// Back up the shares of an organization
///
/// A new file for the first one. With --into the organization joins a backup that is there, or takes the place of its older shares in
/// it: what opens that one is asked for once more, and opens the new file too.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").args(["organization", "all"]).multiple(false))]
#[command(after_help = "Example:\n  conclave device backup SHARES.json")]
pub struct BackUpDevice {
    /// What the device holds, as its wallet wrote it (docs/device.md)
    shares: PathBuf,
    /// The id of an organization; may be given several times
    #[arg(long, value_name = "ID", requires = "out")]
    organization: Vec<String>,
    /// All organizations of the device
    #[arg(long, requires = "out")]
    all: bool,
    /// The new file; without it everything is asked on screens
    #[arg(long, value_name = "NEW", requires = "which")]
    out: Option<PathBuf>,
    /// The backup that it goes on from
    #[arg(long, value_name = "FILE", conflicts_with_all = ["method", "purpose", "new_pin", "cloud_key_out", "phrases_out"])]
    into: Option<PathBuf>,
    #[command(flatten)]
    opener: OpenerArguments,
    #[command(flatten)]
    method: MethodArguments,
    /// Whether it is for practice (training) or protects something (production, if not given)
    #[arg(long, value_name = "PURPOSE", value_parser = purpose, requires = "out")]
    purpose: Option<Purpose>,
}

impl BackUpDevice {
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        let out = self.out.as_ref()?;
        Some([Output::File(out)].into_iter().chain(self.method.outputs()).collect())
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.out {
            Some(out) => self.write(out, folders, streams),
            None if self.method.is_named() || !self.opener.is_empty() => Err(needs_out()),
            None => on_screens(screens, folders, |journey| {
                journey.manage_device(Some(self.shares.clone()), self.into.clone())
            }),
        }
    }

    fn write(&self, out: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let device = read_shares(&self.shares)?;
        let mut items: Vec<&Item> = Vec::new();
        if self.all {
            items.extend(device.items());
        }
        for id in &self.organization {
            let item = device.item(id).ok_or_else(|| DeviceError::NoOrganization { id: id.clone() })?;
            if items.iter().all(|other| other.id() != item.id()) {
                items.push(item);
            }
        }
        let Some(into) = &self.into else {
            if !self.opener.is_empty() {
                return Err(Failure::new(
                    Exit::Usage,
                    "--phrases, --cloud-key and --pin open a backup that is there, and none is named.",
                    "Nothing was written. Name it by --into; or for a new one give --phrase or --cloud.",
                ));
            }
            let purpose = self.purpose.unwrap_or(Purpose::Production);
            self.method.check(out, purpose, folders)?;
            self.method.found(&items, (purpose, None), out, folders, streams)?;
            return Ok(Exit::Done);
        };
        look_at_names(&System, &[out], folders)?;
        self.opener.check_apart(out)?;
        let mut file = DeviceFile::load(into)?;
        let (opened, has_red) = self.opener.open(&mut file, streams)?;
        check_user(&device, &opened.inventory)?;
        check_device(&device, &items, &opened.inventory)?;
        check_newer(&items, &opened.inventory)?;
        let snapshot = next(
            &file.judge.backup,
            &opened,
            &items,
            Issue { created: now()?, issuer: None, entropy: &mut OsEntropy },
        )?;
        write_all_new(&System, &[(out, &layout::to_bytes(&snapshot))], folders)?;
        say_backed_up(&items, streams);
        streams.say(&format!(
            "{} is unchanged, and lacks what is new. What opens it opens {} too.",
            shown(into),
            shown(out)
        ));
        Ok(if has_red { Exit::DoneWithFindings } else { Exit::Done })
    }
}

/// Make a backup anew that is opened in another way
///
/// All organizations of a backup move together: one way of opening at a time. What opened the old file does not open the new one; it
/// still opens the old file. If nothing opens the old one any more, make a new backup from the device: conclave device backup.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave device reset backup.json")]
pub struct ResetDevice {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    opener: OpenerArguments,
    #[command(flatten)]
    method: MethodArguments,
    /// The new file; without it everything is asked on screens
    #[arg(long, value_name = "NEW")]
    out: Option<PathBuf>,
}

impl ResetDevice {
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        let out = self.out.as_ref()?;
        Some([Output::File(out)].into_iter().chain(self.method.outputs()).collect())
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.out {
            Some(out) => self.write(out, folders, streams),
            None if self.method.is_named() || !self.opener.is_empty() => Err(needs_out()),
            None => on_screens(screens, folders, |journey| journey.reset_device_in(self.file.clone())),
        }
    }

    fn write(&self, out: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let mut file = DeviceFile::load(&self.file)?;
        let purpose = file.purpose();
        self.method.check(out, purpose, folders)?;
        let (opened, has_red) = self.opener.open(&mut file, streams)?;
        // Nobody looks into the new file for what was wrong with the old one.
        if has_red {
            return Err(DeviceError::NotWhole.into());
        }
        let items: Vec<&Item> = opened.inventory.items(Collection::Shares).map(|version| &version.item).collect();
        if items.is_empty() {
            return Err(DeviceError::NothingInside.into());
        }
        self.method.found(&items, (purpose, Some(replaced(&file.judge.backup))), out, folders, streams)?;
        streams.say("What opened the old file does not open this one. It still opens the old file: destroy that one.");
        Ok(Exit::Done)
    }
}
