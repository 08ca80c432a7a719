//! `conclave codes create`: a file for the codes of accounts, with a phrase for each owner; on screens, or without them.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::backup::purpose;
use crate::cli::founding::{self, FoundingArguments, FoundingFacts};
use crate::cli::room::{ScreenArguments, show};
use crate::cli::{Exit, Failure, Streams};
use crate::crypto::label::Purpose;
use crate::domain::ceremony::{NameStyle, ProposedPlan};
use crate::domain::inventory::{Record, Sealable};
use crate::domain::kind::Kind;
use crate::domain::phrase::WordCount;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;
use crate::domain::wordlist::WordList;
use crate::journey::{Goal, Journey, Route};
use crate::machine::output::{Output, OutputFolders};

/// Make a file for codes, with a phrase for each owner
///
/// The file holds no codes yet. All its owners read all of it: accounts with other owners want a file of their own. On screens each
/// owner sees a phrase alone and types it back, and what options say stands there already; with --phrases-out everything is decided
/// by options, and the phrases are written to a file.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes create")]
pub struct CreateCircle {
    /// The name of the organization, as it stands in the file
    #[arg(long, value_name = "NAME", value_parser = founding::text)]
    organization: Option<Text>,
    /// The owners in order, 1 to 16: a table of name and e-mail address (CSV)
    #[arg(long, value_name = "FILE")]
    owners: Option<PathBuf>,
    /// The address that the file is sent to
    #[arg(long, value_name = "ADDRESS", value_parser = founding::address)]
    email: Option<Text>,
    /// Whether it is for practice (training) or protects something (production)
    #[arg(long, value_name = "PURPOSE", value_parser = purpose)]
    purpose: Option<Purpose>,
    /// The folder to write into: a new one, or an empty one
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The new file that the phrases are written to, one a line; not in the folder
    #[arg(long, value_name = "FILE", requires_all = ["organization", "owners", "email", "purpose", "out"])]
    phrases_out: Option<PathBuf>,
    /// How many words each phrase has: 12 (if not given), 15, 18, 21 or 24
    #[arg(long, value_name = "COUNT", value_parser = founding::word_count)]
    words: Option<WordCount>,
    /// The language of the phrases, by the name of its word list (english, if not given)
    #[arg(long, value_name = "LIST", value_parser = founding::language)]
    language: Option<WordList>,
    /// How owners are named in the file, which is e-mailed: initials (if not given), full, or email (full names and addresses)
    #[arg(long, value_name = "STYLE", value_parser = founding::name_style)]
    names: Option<NameStyle>,
    /// Who does this, for the record
    #[arg(long, value_name = "NAME", value_parser = founding::asker)]
    conductor: Option<Text>,
    /// Agree that the phrases of a production file are written to a file
    #[arg(long, requires = "phrases_out")]
    i_know_this_writes_phrases: bool,
}

impl CreateCircle {
    /// What a run without screens writes; `None` on screens.
    pub fn outputs(&self) -> Option<Vec<Output<'_>>> {
        let (phrases, out) = (self.phrases_out.as_deref()?, self.out.as_deref()?);
        Some(vec![Output::Folder(out), Output::File(phrases)])
    }

    pub fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    fn founding(&self) -> FoundingArguments {
        FoundingArguments {
            organization: self.organization.clone(),
            shareholders: self.owners.clone(),
            // Each alone opens it.
            threshold: Some(*Kind::Codes.rules().threshold.start()),
            email: self.email.clone(),
            words: self.words,
            language: self.language,
            names: self.names,
            conductor: self.conductor.clone(),
            issuer_public: None,
            out: self.out.clone(),
            phrases_out: self.phrases_out.clone(),
            i_know_this_writes_phrases: self.i_know_this_writes_phrases,
        }
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let arguments = self.founding();
        let (Some(purpose), Some(organization), true) = (self.purpose, &self.organization, arguments.writes_phrases())
        else {
            if screens.plain {
                return Err(Failure::new(
                    Exit::Usage,
                    "phrases are not made line by line: each would stay on this terminal, which keeps what was shown.",
                    "Nothing was made. Use the screens (without --plain), or --phrases-out: `conclave codes create --help`.",
                ));
            }
            let is_training = self.purpose.map(Purpose::is_training);
            let journey = Journey::new(Goal::Make).proposing(ProposedPlan { is_training, ..arguments.proposed() });
            return show(journey, Route::Plan { kind: Kind::Codes }, screens, folders);
        };
        let is_training = purpose.is_training();
        let known = FoundingFacts { kind: Kind::Codes, is_training, organization: None, replaces: None };
        let order = arguments.order(known, folders)?;
        let name = Record::Organization { name: SecretText::copy_of(organization.raw()) };
        let record = order.record();
        order.found(Sealable::from(vec![name.into_fields()]), record, folders, streams)?;
        streams.say("Add codes with `conclave codes add`: that needs no phrase.");
        Ok(Exit::Done)
    }
}
