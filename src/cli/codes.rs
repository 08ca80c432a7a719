//! `conclave codes`: the single-use codes of accounts, saved by anybody who has the file, read by each of its owners alone.

mod change;
mod create;
mod open;
mod read;

use clap::{Args, Subcommand};

use super::{Exit, Failure, Streams};
use crate::domain::inventory::account_id;
use crate::domain::text::Text;
use crate::machine::output::{Output, OutputFolders};

/// Save the single-use codes of accounts, and read them with one owner's phrase
///
/// A file of codes has owners: each of them alone opens it. Codes are added without a phrase. Secrets come from standard input or
/// from files, never from arguments.
#[derive(Debug, Args)]
pub struct CodesCommand {
    #[command(subcommand)]
    action: CodesAction,
}

#[derive(Debug, Subcommand)]
enum CodesAction {
    Create(create::CreateCircle),
    Add(change::AddCodes),
    Replace(change::ReplaceCodes),
    Remove(change::RemoveAccount),
    Merge(change::MergeCodes),
    List(read::ListCodes),
    Show(read::ShowCodes),
    Use(read::UseCode),
}

impl CodesCommand {
    pub(super) fn outputs(&self) -> Vec<Output<'_>> {
        match &self.action {
            CodesAction::Create(create) => create.outputs(),
            CodesAction::Add(add) => vec![Output::File(add.out())],
            CodesAction::Replace(replace) => vec![Output::File(replace.out())],
            CodesAction::Remove(remove) => vec![Output::File(remove.out())],
            CodesAction::Merge(merge) => vec![Output::File(&merge.out)],
            CodesAction::Use(take) => vec![Output::File(&take.out)],
            CodesAction::List(_) | CodesAction::Show(_) => Vec::new(),
        }
    }

    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        match &self.action {
            CodesAction::Create(create) => create.run(folders, streams),
            CodesAction::Add(add) => add.run(folders, streams),
            CodesAction::Replace(replace) => replace.run(folders, streams),
            CodesAction::Remove(remove) => remove.run(folders, streams),
            CodesAction::Merge(merge) => merge.run(folders, streams),
            CodesAction::List(list) => list.run(streams),
            CodesAction::Show(show) => show.run(streams),
            CodesAction::Use(take) => take.run(folders, streams),
        }
    }
}

/// Which account is meant.
#[derive(Debug, Args)]
struct AccountArguments {
    /// The service, as it is called: GitHub
    #[arg(long, value_name = "NAME", value_parser = super::founding::text)]
    service: Text,
    /// The login there: ops@example.org
    #[arg(long, value_name = "NAME", value_parser = super::founding::text)]
    login: Text,
}

impl AccountArguments {
    fn id(&self) -> String {
        account_id(self.service.raw(), self.login.raw())
    }
}

impl std::fmt::Display for AccountArguments {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} / {}", self.service, self.login)
    }
}
