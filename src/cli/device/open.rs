//! What opens the backup of a device, from files.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::phrases;
use crate::cli::{Exit, Failure, Streams};
use crate::domain::explain::Explain;
use crate::domain::kind::{Kind, Method};
use crate::domain::pin::{Pin, PinFault};
use crate::machine::files;
use crate::session::ThisMachine;
use crate::session::device::{DeviceError, DeviceFile, check_key, check_key_apart, read_cloud_key};
use crate::session::load::LoadError;
use crate::snapshot::opening::Opened;

/// More than any PIN, with what an editor puts around it.
const PIN_FILE_LIMIT: usize = 256;

#[derive(Debug, Args)]
pub(super) struct OpenerArguments {
    /// A file with the phrase; - reads standard input
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["cloud_key", "pin"])]
    phrases: Option<PathBuf>,
    /// The cloud key file
    #[arg(long, value_name = "FILE")]
    cloud_key: Option<PathBuf>,
    /// A file whose first line is the PIN; nobody else may read it (chmod 600)
    #[arg(long, value_name = "FILE")]
    pin: Option<PathBuf>,
}

impl OpenerArguments {
    pub(super) fn is_empty(&self) -> bool {
        self.phrases.is_none() && self.cloud_key.is_none() && self.pin.is_none()
    }

    /// Whether the cloud key lies apart from a new file that it opens.
    pub(super) fn check_apart(&self, out: &Path) -> Result<(), DeviceError> {
        self.cloud_key.as_deref().map_or(Ok(()), |key| check_key_apart(key, out))
    }

    /// Opens the file; says what of it does not check. What is missing is named before anything secret is read.
    pub(super) fn open(&self, file: &mut DeviceFile, streams: &mut Streams<'_>) -> Result<(Opened, bool), Failure> {
        let (opened, is_clean) = match file.method() {
            Method::Phrase => {
                let phrases = self.phrases.as_deref().ok_or(DeviceError::PhraseMissing)?;
                phrases::open(&mut file.judge, phrases, streams)?
            }
            Method::CloudPin => (self.open_by_cloud(file)?, true),
        };
        let mut has_red = !is_clean;
        for finding in &opened.findings {
            has_red |= finding.is_red();
            let (mark, finding) = (if finding.is_red() { "CHECK:" } else { "Note:" }, finding.said(Kind::Device));
            streams.say(&format!("{mark} {finding}"));
        }
        Ok((opened, has_red))
    }

    fn open_by_cloud(&self, file: &mut DeviceFile) -> Result<Opened, Failure> {
        let path = self.cloud_key.as_deref().ok_or_else(|| file.key_missing())?;
        let key = read_cloud_key(path)?;
        check_key(&file.judge.backup, &key)?;
        let pin = self.pin.as_deref().ok_or(DeviceError::PinMissing)?;
        Ok(file.open(&key, &read_pin(pin, Pin::typed, Exit::Phrases)?, &ThisMachine)?)
    }
}

/// What opens a backup was named, and not what is to be written.
pub(super) fn needs_out() -> Failure {
    Failure::new(
        Exit::Usage,
        "options for scripts are given, and no new file is named.",
        "Nothing was written. Give --out; or none of them, and answer on screens.",
    )
}

/// The PIN in a file, by a rule.
pub(super) fn read_pin(path: &Path, rule: impl Fn(&str) -> Result<Pin, PinFault>, exit: Exit) -> Result<Pin, Failure> {
    let bytes =
        files::read_private(path, PIN_FILE_LIMIT).map_err(|error| Failure { exit, ..LoadError::from(error).into() })?;
    let text = std::str::from_utf8(bytes.reveal()).unwrap_or("\u{0}");
    let line = text.lines().next().unwrap_or("").trim_start_matches('\u{feff}').trim();
    rule(line).map_err(|error| {
        let hint = format!("Nothing was written. {}", error.hint());
        Failure::new(exit, format_args!("{}: {error}.", files::shown(path)), hint)
    })
}
