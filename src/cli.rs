//! Commands: one file each. They read arguments, call the layers, and print.

mod backup;
mod codes;
mod confirm;
mod contents;
mod device;
mod drill;
mod export;
mod fingerprint;
mod founding;
mod inspect;
mod load;
mod look;
mod next;
mod phrases;
mod plain;
mod recover;
pub mod room;
mod rotate;
mod sample;
mod seal;
mod stage;
mod transcript;
mod verify;

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::domain::canonical::secret_document;
use crate::domain::ceremony::{NEVER_CONFIRMED, has_unconfirmed_name};
use crate::domain::explain::Explain;
use crate::domain::time::Timestamp;
use crate::journey::left::WHAT_IS_LEFT;
use crate::journey::{Journey, Route};
use crate::machine::files::shown;
use crate::machine::output::{Output, OutputFolders};
use crate::machine::{clock, ending, left};
use crate::snapshot::v1::read::Reading;

/// Recover an organization's keys and recovery codes from an emailed snapshot, without using a network
///
/// Without a command the home screen opens.
#[derive(Debug, Parser)]
#[command(name = "conclave", version, after_help = EXIT_CODES, max_term_width = 80)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    screens: room::ScreenArguments,
}

const EXIT_CODES: &str = "Exit codes: 0 done, and nothing was found that does not check; 2 usage; 3 file
refused or damaged; 4 phrases wrong or not enough; 5 not written; 6 the machine;
7 done, but something does not check, and each thing is named; 129, 130, 143
hung up, interrupted, ended, after the wipe. What others added and contradicts
nothing that a quorum sealed is a note, and no reason for 7.

Example:
  conclave drill";

#[derive(Debug, Subcommand)]
enum Command {
    Recover(recover::Recover),
    Drill(drill::Drill),
    Backup(Box<backup::BackupCommand>),
    Rotate(Box<rotate::Rotate>),
    Inspect(inspect::Inspect),
    Verify(verify::Verify),
    Sample(sample::SampleCommand),
    Seal(seal::Seal),
    Codes(Box<codes::CodesCommand>),
    Device(device::DeviceCommand),
    Transcript(transcript::TranscriptCommand),
}

impl Arguments {
    /// Every file and folder that this run is asked to write. Screens may write to the folder that is named for exports, else to
    /// the current one and to `media`, the places of mounted media.
    pub fn outputs<'a>(&'a self, media: &'a [PathBuf]) -> Vec<Output<'a>> {
        let without_screens = match &self.command {
            Some(Command::Backup(backup)) => backup.outputs(),
            Some(Command::Rotate(rotate)) => rotate.outputs(),
            Some(Command::Codes(codes)) => codes.outputs(),
            Some(Command::Device(device)) if self.screens.export_dir.is_none() => device.outputs(),
            _ => None,
        };
        if let Some(outputs) = without_screens {
            return outputs;
        }
        match &self.command {
            Some(Command::Recover(recover::Recover { out: Some(out), .. })) if self.screens.export_dir.is_none() => {
                vec![Output::File(out)]
            }
            Some(Command::Sample(sample)) => vec![Output::Folder(&sample.directory)],
            Some(Command::Seal(seal)) => vec![Output::File(&seal.out)],
            Some(Command::Inspect(_) | Command::Verify(_) | Command::Transcript(_)) => Vec::new(),
            None
            | Some(
                Command::Recover(_)
                | Command::Drill(_)
                | Command::Backup(_)
                | Command::Rotate(_)
                | Command::Codes(_)
                | Command::Device(_),
            ) => {
                let places: Vec<&Path> = match &self.screens.export_dir {
                    Some(folder) => vec![folder],
                    None => [Path::new(".")].into_iter().chain(media.iter().map(PathBuf::as_path)).collect(),
                };
                places.into_iter().chain(self.proposed_folder()).map(Output::Folder).collect()
            }
        }
    }

    /// Whether it writes what the options say, without screens or prompts.
    fn is_without_screens(&self) -> bool {
        match &self.command {
            Some(Command::Recover(recover)) => recover.out.is_some(),
            Some(Command::Sample(_) | Command::Seal(_)) => true,
            Some(Command::Backup(backup)) => backup.outputs().is_some(),
            Some(Command::Rotate(rotate)) => rotate.outputs().is_some(),
            Some(Command::Codes(codes)) => codes.outputs().is_some(),
            Some(Command::Device(device)) => device.outputs().is_some(),
            None | Some(Command::Drill(_) | Command::Inspect(_) | Command::Verify(_) | Command::Transcript(_)) => false,
        }
    }

    /// The new folder that the pages of a plan begin with.
    fn proposed_folder(&self) -> Option<&Path> {
        match &self.command {
            Some(Command::Backup(backup)) => backup.out(),
            Some(Command::Rotate(rotate)) => rotate.out(),
            Some(Command::Codes(codes)) => codes.out(),
            _ => None,
        }
    }
}

/// Runs one command. What it says goes to `streams`.
pub fn run(arguments: &Arguments, folders: &OutputFolders, streams: &mut Streams<'_>) -> Exit {
    let screens = &arguments.screens;
    if arguments.is_without_screens() {
        streams.warn_of_left(folders);
    }
    let done = match &arguments.command {
        None if screens.plain => plain::converse(Journey::default(), None, true, screens, folders),
        None => room::show(Journey::default(), Route::Home, screens, folders),
        Some(Command::Recover(recover)) => recover.run(screens, folders, streams),
        Some(Command::Drill(drill)) => drill.run(screens, folders),
        Some(Command::Backup(backup)) => backup.run(screens, folders, streams),
        Some(Command::Rotate(rotate)) => rotate.run(screens, folders, streams),
        Some(Command::Inspect(inspect)) => inspect.run(streams),
        Some(Command::Verify(verify)) => Ok(verify.run(streams)),
        Some(Command::Sample(sample)) => sample.run(folders, streams),
        Some(Command::Seal(seal)) => seal.run(folders, streams),
        Some(Command::Codes(codes)) => codes.run(screens, folders, streams),
        Some(Command::Device(device)) => device.run(screens, folders, streams),
        Some(Command::Transcript(transcript)) => transcript.run(streams),
    };
    let exit = done.unwrap_or_else(|failure| {
        streams.warn(&format!("conclave: {}", failure.message));
        streams.warn(&failure.hint);
        failure.exit
    });
    // What was begun when a signal came is undone by now.
    if let Some(code) = ending::code() {
        return Exit::of_signal(code);
    }
    if streams.is_cut && exit == Exit::Done {
        streams.warn("conclave: the answer could not be written whole. Make room, or send it elsewhere.");
        return Exit::NotWritten;
    }
    exit
}

/// What is said of a panic. Its own message may quote a value; this one cannot.
pub const DEFECT: &str = "Conclave stopped because of a defect in it. Files that were read are unchanged.";

/// How a command ended, for scripts. The numbers are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and everything was checked.
    Done = 0,
    Usage = 2,
    /// A file is not a snapshot, damaged beyond use, unsupported, or exceeds a limit.
    Refused = 3,
    /// Phrases are wrong or not enough.
    Phrases = 4,
    /// Nothing, or not everything, could be written.
    NotWritten = 5,
    /// The machine cannot do it.
    Machine = 6,
    /// Done, but something does not check.
    DoneWithFindings = 7,
    /// A defect of this program, as Rust's own runtime ends for one.
    Defect = 101,
    /// Stopped by a hang-up, by somebody at the keyboard, or by a signal, after the wipe.
    HungUp = 129,
    Interrupted = 130,
    Quit = 131,
    Terminated = 143,
}

impl Exit {
    /// For a signal that ended the program: 128 and its number.
    pub fn of_signal(code: u8) -> Self {
        match code {
            129 => Self::HungUp,
            130 => Self::Interrupted,
            131 => Self::Quit,
            _ => Self::Terminated,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that could not go on: what happened, and what to do next.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
    pub hint: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), hint: hint.to_string() }
    }

    fn of(exit: Exit, error: &impl Explain) -> Self {
        Self::new(exit, format_args!("{error}."), error.hint())
    }
}

/// The date of what is made.
fn now() -> Result<Timestamp, Failure> {
    clock::now().ok_or_else(|| {
        Failure::new(
            Exit::Machine,
            "the clock of this machine shows no usable date.",
            "Nothing was made. Set the date, and try again.",
        )
    })
}

/// Where a command speaks. A reader that went away is no error; a full disk is.
pub struct Streams<'a> {
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
    /// Something of the answer could not be written.
    is_cut: bool,
}

impl Streams<'_> {
    pub fn of_process() -> Self {
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()), is_cut: false }
    }

    /// Where all that goes which is not the answer, when that is one object.
    fn aside() -> Self {
        Self { out: Box::new(io::stderr()), err: Box::new(io::stderr()), is_cut: false }
    }

    /// A line of the answer.
    pub fn say(&mut self, line: &str) {
        let said = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        self.is_cut |= said.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe);
    }

    /// JSON in ASCII: names in it cannot steer a terminal.
    pub fn say_json(&mut self, value: &serde_json::Value) {
        let text = secret_document(value);
        self.say(std::str::from_utf8(text.reveal()).unwrap_or("").trim_end());
    }

    /// What an earlier run left half-written where this one writes. Nothing is removed by a command that nobody watches.
    fn warn_of_left(&mut self, folders: &OutputFolders) {
        for draft in left::find_in(folders) {
            let how = left::removal_command(&draft).unwrap_or_else(|| "the screens of conclave show it".to_owned());
            self.warn(&format!("conclave: {draft}: {WHAT_IS_LEFT}"));
            self.warn(&format!("To delete it: {how}"));
        }
    }

    /// What has to be said of how a file came, and of one that no ceremony confirmed, by its name or by what it says itself.
    pub fn warn_of_file(&mut self, path: &Path, reading: &Reading) {
        for remark in &reading.remarks {
            self.warn(&format!("{}: {remark}.", shown(path)));
        }
        if reading.is_unconfirmed() || has_unconfirmed_name(&path.to_string_lossy()) {
            self.warn(&format!("{}: {NEVER_CONFIRMED}", shown(path)));
            self.warn("With all its papers it can be finished: conclave backup --resume FILE");
        }
    }

    /// A line about a problem.
    pub fn warn(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }
}
