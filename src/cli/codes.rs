//! `conclave codes`: the single-use codes of accounts, saved by anybody who has the file, read by each of its owners alone.

mod change;
mod create;
mod open;
mod read;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::room::{ScreenArguments, show};
use super::{Exit, Failure, Streams, plain};
use crate::domain::inventory::{SetMode, account_id};
use crate::domain::text::Text;
use crate::effect::Source;
use crate::journey::{Goal, Journey, Route, WantedAccount};
use crate::machine::output::{Output, OutputFolders};

/// Save the single-use codes of accounts, and read them with one owner's phrase
///
/// A file of codes has owners: each of them alone opens it. Codes are added without a phrase. Without --out, --phrases or
/// --phrases-out it is done on screens. Secrets come from standard input or from files, never from arguments.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes list codes.json --phrases phrase.txt")]
pub struct CodesCommand {
    #[command(subcommand)]
    action: Option<CodesAction>,
}

#[derive(Debug, Subcommand)]
enum CodesAction {
    Create(Box<create::CreateCircle>),
    Add(change::AddCodes),
    Replace(change::ReplaceCodes),
    Remove(change::RemoveAccount),
    Merge(change::MergeCodes),
    List(read::ListCodes),
    Show(read::ShowCodes),
    Use(read::UseCode),
}

impl CodesCommand {
    /// The new folder of a file that is planned on pages.
    pub(super) fn out(&self) -> Option<&Path> {
        match self.action.as_ref()? {
            CodesAction::Create(create) => create.out(),
            CodesAction::Add(_)
            | CodesAction::Replace(_)
            | CodesAction::Remove(_)
            | CodesAction::Merge(_)
            | CodesAction::Use(_)
            | CodesAction::List(_)
            | CodesAction::Show(_) => None,
        }
    }

    /// What a run without screens writes; `None` on screens.
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        match self.action.as_ref()? {
            CodesAction::Create(create) => create.outputs(),
            CodesAction::Add(add) => new_file(add.given.next.out.as_deref()),
            CodesAction::Replace(replace) => new_file(replace.given.next.out.as_deref()),
            CodesAction::Remove(remove) => Some(vec![Output::File(&remove.out)]),
            CodesAction::Merge(merge) => Some(vec![Output::File(&merge.out)]),
            CodesAction::Use(take) => new_file(take.out.as_deref()),
            CodesAction::List(list) => list.phrases.is_some().then(Vec::new),
            CodesAction::Show(show) => show.wanted.phrases.is_some().then(Vec::new),
        }
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.action {
            None if screens.plain => plain::converse(Journey::default(), None, true, screens, folders),
            None => show(Journey::default(), Route::CodesMenu, screens, folders),
            Some(CodesAction::Create(create)) => create.run(screens, folders, streams),
            Some(CodesAction::Add(add)) => add.given.run(SetMode::Add, screens, folders, streams),
            Some(CodesAction::Replace(replace)) => replace.given.run(SetMode::Replace, screens, folders, streams),
            Some(CodesAction::Remove(remove)) => remove.run(folders, streams),
            Some(CodesAction::Merge(merge)) => merge.run(folders, streams),
            Some(CodesAction::List(list)) => list.run(screens, folders, streams),
            Some(CodesAction::Show(show)) => show.run(screens, folders, streams),
            Some(CodesAction::Use(take)) => take.run(screens, folders, streams),
        }
    }
}

fn new_file(out: Option<&Path>) -> Option<Vec<Output<'_>>> {
    out.map(|out| vec![Output::File(out)])
}

/// Opens these files on screens or in prompts, for `goal` and an account that is wanted.
fn on_screens(
    goal: Goal,
    files: &[PathBuf],
    wanted: Option<WantedAccount>,
    card: Option<Vec<String>>,
    screens: &ScreenArguments,
    folders: &OutputFolders,
) -> Result<Exit, Failure> {
    let mut journey = Journey::new(goal);
    (journey.wanted, journey.given_card) = (wanted, card);
    let source = Source::Files(files.to_vec());
    if screens.plain {
        return plain::converse(journey, Some(source), false, screens, folders);
    }
    show(journey, Route::Read(source), screens, folders)
}

/// Which account is meant.
#[derive(Debug, Args)]
struct AccountArguments {
    /// The service, as it is called: GitHub
    #[arg(long, value_name = "NAME", value_parser = super::founding::text)]
    service: Option<Text>,
    /// The login there: ops@example.org
    #[arg(long, value_name = "NAME", value_parser = super::founding::text)]
    login: Option<Text>,
}

/// An account that is named whole.
struct NamedAccount {
    service: Text,
    login: Text,
}

impl AccountArguments {
    fn named(&self) -> Result<NamedAccount, Failure> {
        match (&self.service, &self.login) {
            (Some(service), Some(login)) => Ok(NamedAccount { service: service.clone(), login: login.clone() }),
            (service, _) => Err(Failure::new(
                Exit::Usage,
                format_args!("--{} is missing.", if service.is_none() { "service" } else { "login" }),
                "Nothing was saved. Without screens the account is named by --service and --login.",
            )),
        }
    }
}

impl NamedAccount {
    fn id(&self) -> String {
        account_id(self.service.raw(), self.login.raw())
    }
}

impl std::fmt::Display for NamedAccount {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} / {}", self.service, self.login)
    }
}
