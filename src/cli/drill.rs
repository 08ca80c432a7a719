//! `conclave drill`: a recovery for practice, on the same screens.

use std::path::PathBuf;

use clap::Args;

use super::plain;
use super::room::{ScreenArguments, show};
use super::{Exit, Failure};
use crate::domain::kind::Kind;
use crate::effect::Source;
use crate::journey::{Goal, Journey, Route};
use crate::machine::output::OutputFolders;

/// Practise a recovery: on the built-in training backup, or on a file of yours
///
/// Of a production backup a drill shows and writes nothing.
#[derive(Debug, Args)]
pub struct Drill {
    /// The snapshot; without it the built-in training backup, with practice sheets beside the entry
    file: Option<PathBuf>,
    /// Practise with the built-in file of recovery codes, which each of its owners opens alone
    #[arg(long, conflicts_with = "file")]
    codes: bool,
}

impl Drill {
    pub fn run(&self, screens: &ScreenArguments, folders: &OutputFolders) -> Result<Exit, Failure> {
        let kind = if self.codes { Kind::Codes } else { Kind::Organization };
        let source = self.file.as_ref().map_or(Source::BuiltIn(kind), |file| Source::Files(vec![file.clone()]));
        if screens.plain {
            return plain::converse(Journey::new(Goal::Practise), Some(source), false, screens, folders);
        }
        show(Journey::new(Goal::Practise), Route::Read(source), screens, folders)
    }
}
