//! `conclave drill`: a recovery for practice, on the same screens.

use std::path::PathBuf;

use clap::Args;

use super::plain;
use super::room::{ScreenArguments, show};
use super::{Exit, Failure};
use crate::domain::kind::{Kind, Method};
use crate::effect::Source;
use crate::journey::{Goal, Journey, Route};
use crate::machine::output::OutputFolders;

/// Practise a recovery: on the built-in training backup, or on a file of yours
///
/// Of a production backup a drill shows and writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave drill")]
pub struct Drill {
    /// The snapshot; without it the built-in training backup, with practice sheets beside the entry
    file: Option<PathBuf>,
    /// Practise with the built-in file of recovery codes, which each of its owners opens alone
    #[arg(long, conflicts_with = "file")]
    codes: bool,
    /// Practise with the built-in device, whose backup opens with a phrase, or with a cloud key and a PIN (cloud)
    #[arg(long, value_name = "phrase|cloud", num_args = 0..=1, default_missing_value = "phrase", value_parser = method, conflicts_with_all = ["file", "codes"])]
    device: Option<Method>,
}

fn method(value: &str) -> Result<Method, String> {
    match value {
        "phrase" => Ok(Method::Phrase),
        "cloud" => Ok(Method::CloudPin),
        _ => Err("it is phrase or cloud".to_owned()),
    }
}

impl Drill {
    pub fn run(&self, screens: &ScreenArguments, folders: &OutputFolders) -> Result<Exit, Failure> {
        if let Some(method) = self.device {
            let mut journey = Journey::default();
            let route = journey.practise_device(method);
            if screens.plain {
                return plain::converse(journey, None, false, screens, folders);
            }
            return show(journey, route, screens, folders);
        }
        let kind = if self.codes { Kind::Codes } else { Kind::Organization };
        let source = self.file.as_ref().map_or(Source::BuiltIn(kind), |file| Source::Files(vec![file.clone()]));
        if screens.plain {
            return plain::converse(Journey::new(Goal::Practise), Some(source), false, screens, folders);
        }
        show(Journey::new(Goal::Practise), Route::Read(source), screens, folders)
    }
}
