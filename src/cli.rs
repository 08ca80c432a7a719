//! Commands: one file each. They read arguments, call the layers, and print.

mod inspect;
mod load;
mod recover;
mod sample;
mod verify;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::machine::output::{Output, OutputFolders};

/// Offline recovery of an organization's keys and recovery codes from an emailed snapshot.
#[derive(Debug, Parser)]
#[command(name = "conclave", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Recover(recover::Recover),
    Inspect(inspect::Inspect),
    Verify(verify::Verify),
    Sample(sample::Sample),
}

impl Arguments {
    /// Every file and folder that this run is asked to write.
    pub fn outputs(&self) -> Vec<Output<'_>> {
        match &self.command {
            Command::Recover(recover) => vec![Output::File(&recover.out)],
            Command::Sample(sample) => vec![Output::Folder(&sample.directory)],
            Command::Inspect(_) | Command::Verify(_) => Vec::new(),
        }
    }
}

/// Runs one command. What it says goes to `console`.
pub fn run(arguments: &Arguments, folders: &OutputFolders, console: &mut Console<'_>) -> Exit {
    let done = match &arguments.command {
        Command::Recover(recover) => recover.run(folders, console),
        Command::Inspect(inspect) => inspect.run(console),
        Command::Verify(verify) => Ok(verify.run(console)),
        Command::Sample(sample) => sample.run(folders, console),
    };
    done.unwrap_or_else(|failure| {
        console.warn(&format!("conclave: {}", failure.message));
        console.warn(&failure.hint);
        failure.exit
    })
}

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
}

/// Where a command speaks. A reader that went away is no error.
pub struct Console<'a> {
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
}

impl<'a> Console<'a> {
    pub fn of_process() -> Self {
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()) }
    }

    pub fn new(out: impl Write + 'a, err: impl Write + 'a) -> Self {
        Self { out: Box::new(out), err: Box::new(err) }
    }

    /// A line of the answer.
    pub fn say(&mut self, line: &str) {
        let _ = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }

    /// A line about a problem.
    pub fn warn(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }
}
