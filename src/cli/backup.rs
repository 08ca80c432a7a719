//! `conclave backup`: a new backup; on screens, or without them.

use std::path::{Path, PathBuf};

use clap::{Args, Id};

use super::contents::ColumnArguments;
use super::founding::{FoundingArguments, FoundingFacts, refused};
use super::room::{ScreenArguments, show};
use super::{Exit, Failure, Streams};
use crate::crypto::label::Purpose;
use crate::domain::ceremony::ProposedPlan;
use crate::domain::kind::Kind;
use crate::journey::{Goal, Journey, Route};
use crate::machine::entropy::OsEntropy;
use crate::machine::output::{Output, OutputFolders};
use crate::machine::tty;
use crate::session::gathered::Gathered;

/// Make a backup: the ceremony, on screens
///
/// What options say stands on the pages already. --resume finishes a file that was not confirmed, with all its papers. Without screens (--phrases-out) --organization, --shareholders, --threshold,
/// --email, --purpose and --out decide everything, and the phrases are written to a file. Only the screens confirm a backup.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave backup")]
pub struct BackupCommand {
    /// What is backed up: contents (JSON), or a table of vaults (CSV); can be given several times
    #[arg(long, value_name = "FILE")]
    inventory: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArguments,
    /// Make two new master keys, one of each type
    #[arg(long)]
    create_keys: bool,
    /// The UNCONFIRMED file of a ceremony that did not end: all type their phrases from paper, and it is a backup
    #[arg(long, value_name = "FILE", conflicts_with_all = decided_by_a_file())]
    resume: Option<PathBuf>,
    /// Whether it is for practice (training) or protects something (production)
    #[arg(long, value_name = "PURPOSE", value_parser = purpose)]
    purpose: Option<Purpose>,
    #[command(flatten)]
    founding: Option<FoundingArguments>,
}

/// What such a file says itself: people, place, contents and who asks are all that is left to be said.
fn decided_by_a_file() -> Vec<Id> {
    let asked = ["shareholders", "conductor"];
    let decisions = FoundingArguments::decisions().into_iter().filter(|id| !asked.contains(&id.as_str()));
    decisions.chain([Id::from("purpose")]).collect()
}

pub(super) fn purpose(value: &str) -> Result<Purpose, String> {
    Purpose::named(value).ok_or_else(|| "the purposes are training and production".to_owned())
}

impl BackupCommand {
    /// What a run without screens writes; `None` on screens.
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        let outputs = || self.founding.as_ref().map_or_else(Vec::new, FoundingArguments::outputs);
        self.is_without_screens().then(outputs)
    }

    pub(super) fn out(&self) -> Option<&Path> {
        self.founding.as_ref()?.out()
    }

    /// The phrases are written to a file; or something is decided, and there is no terminal for the rest.
    fn is_without_screens(&self) -> bool {
        let is_decided = self.purpose.is_some() || self.create_keys || self.founding.is_some();
        let can_be_shown = tty::is_there() || self.resume.is_some();
        self.founding.as_ref().is_some_and(FoundingArguments::writes_phrases) || is_decided && !can_be_shown
    }

    fn proposed(&self) -> ProposedPlan {
        ProposedPlan {
            contents: self.inventory.clone(),
            agreed: self.columns.agreed(),
            creates_keys: self.create_keys,
            is_training: self.purpose.map(Purpose::is_training),
            ..self.founding.as_ref().map_or_else(ProposedPlan::default, FoundingArguments::proposed)
        }
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        if self.is_without_screens() {
            return self.run_without_screens(folders, streams);
        }
        if let (true, Some(_)) = (screens.plain, &self.resume) {
            return Err(Failure::new(
                Exit::Usage,
                "an unconfirmed file is not finished line by line.",
                "Nothing was changed. Use the screens, without --plain.",
            ));
        }
        if screens.plain {
            return Err(Failure::new(
                Exit::Usage,
                "a backup is not made line by line: each phrase would stay on this terminal, which keeps what was shown.",
                "Nothing was made. Use the screens (without --plain), or the options without screens: `conclave backup --help`.",
            ));
        }
        let first = match &self.resume {
            Some(path) => Route::Resume(path.clone()),
            None => Route::Plan { kind: Kind::Organization },
        };
        show(Journey::new(Goal::Make).proposing(self.proposed()), first, screens, folders)
    }

    fn run_without_screens(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let purpose = self.purpose.ok_or_else(|| {
            Failure::new(
                Exit::Usage,
                "--purpose is missing: without screens everything is decided by options.",
                "Nothing was made. Add --purpose training or --purpose production.",
            )
        })?;
        if self.inventory.is_empty() && !self.create_keys {
            return Err(Failure::new(
                Exit::Usage,
                "there is nothing to back up: no inventory is given, and no keys are to be made.",
                "Nothing was made. Add --inventory FILE, or --create-keys.",
            ));
        }
        let nothing_decided = FoundingArguments::default();
        let founding = self.founding.as_ref().unwrap_or(&nothing_decided);
        let mut gathered = Gathered::of(Kind::Organization);
        self.columns.files(&self.inventory).iter().try_for_each(|file| gathered.add(file)).map_err(refused)?;
        gathered.create_keys(self.create_keys);
        let named = gathered.facts().organization.clone();
        let is_training = purpose.is_training();
        if is_training && gathered.facts().is_production {
            return Err(Failure::new(
                Exit::Refused,
                "the inventory says that it is of production: it does not go into a training backup.",
                "Nothing was made. Practise with the files of `conclave sample`, or make a production backup.",
            ));
        }
        if let (Some(given), Some(named)) = (founding.organization(), &named)
            && given != named
        {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("the inventory is of {named}, and --organization says {given}."),
                "Nothing was made. Correct one of them: both stand in the backup.",
            ));
        }
        let order = founding.order(
            FoundingFacts { kind: Kind::Organization, is_training, organization: named, replaces: None },
            folders,
        )?;
        let record = order.record();
        for remark in &gathered.facts().remarks {
            streams.say(&format!("Note: {remark}"));
        }
        let records = gathered.records(&order.plan.organization, &mut OsEntropy).map_err(refused)?;
        order.found(records.into(), record, folders, streams)?;
        Ok(Exit::Done)
    }
}
