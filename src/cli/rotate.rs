//! `conclave rotate`: a new backup of the contents of an old one, with new people, threshold or phrases.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::confirm::say_asked;
use super::founding::{FoundingArguments, FoundingFacts, FoundingOrder};
use super::next::MailArguments;
use super::phrases;
use super::recover::{self, say_compared, say_opened};
use super::room::{ScreenArguments, show};
use super::{Exit, Failure, Streams};
use crate::domain::ceremony::ProposedPlan;
use crate::domain::codes::{WHO_LEFT, checklist};
use crate::domain::inventory::review::{self, questions};
use crate::domain::inventory::{Inventory, Sealable};
use crate::domain::kind::Kind;
use crate::domain::tally::NAMED;
use crate::domain::text::{Text, counted};
use crate::effect::Source;
use crate::journey::{Goal, Journey, Route};
use crate::machine::clock;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::shown;
use crate::machine::output::{Output, OutputFolders};
use crate::machine::tty;
use crate::session::load::load;
use crate::session::phrase_judge::PhraseJudge;
use crate::session::proving::Proving;
use crate::session::refresh::{RefreshError, is_unconfirmed};
use crate::snapshot::refresh::{self, Issue};
use crate::snapshot::v1::model::Replaces;

/// Make a new backup of the contents of an old one: new people, threshold or phrases
///
/// On screens, on which stands what options say; with --phrases without them. The old file and the old phrases open the old
/// contents for ever.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave rotate snapshot.json")]
pub struct Rotate {
    /// The snapshot of the old backup; several of one backup are united
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A file with the old phrases of a quorum, one a line; - reads standard input
    #[arg(long, value_name = "FILE|-")]
    phrases: Option<PathBuf>,
    /// Whether the new quorum confirms what nobody has confirmed yet: all, or none (if not given), which keeps its mark
    #[arg(long, value_name = "WHAT", value_parser = super::confirm::accept, conflicts_with = "compact")]
    accept: Option<bool>,
    /// No new backup: the same people and phrases, all contents sealed again into the new file --out
    #[arg(long, requires = "phrases", conflicts_with_all = FoundingArguments::decisions())]
    compact: bool,
    /// Leave out the e-mail, which else is written beside the new file of --compact
    #[arg(long, requires = "compact")]
    no_mail: bool,
    #[command(flatten)]
    founding: Option<FoundingArguments>,
}

/// What a quorum opened.
struct Old {
    inventory: Arc<Inventory>,
    /// How many things do not check.
    red: usize,
}

impl Rotate {
    /// What a run without screens writes; `None` on screens.
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        if self.compact {
            return Some(self.out().map(Output::File).into_iter().collect());
        }
        let outputs = || self.founding.as_ref().map_or_else(Vec::new, FoundingArguments::outputs);
        self.is_without_screens().then(outputs)
    }

    pub(super) fn out(&self) -> Option<&Path> {
        self.founding.as_ref()?.out()
    }

    /// The name that somebody gives the organization now.
    fn organization(&self) -> Option<&Text> {
        self.founding.as_ref()?.organization()
    }

    /// Phrases come from a file; or something is decided, and there is no terminal for the rest.
    fn is_without_screens(&self) -> bool {
        let writes_phrases = self.founding.as_ref().is_some_and(FoundingArguments::writes_phrases);
        let is_decided = self.accept.is_some() || writes_phrases || self.founding.is_some() && !tty::is_there();
        self.phrases.is_some() || is_decided
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.phrases {
            Some(phrases) if self.compact => self.compact(phrases, folders, streams),
            Some(phrases) => self.rotate(phrases, folders, streams),
            None if self.is_without_screens() => Err(Failure::new(
                Exit::Usage,
                "--phrases FILE is missing: without screens everything is decided by options.",
                "Nothing was made. Add it, or leave all options away to use the screens.",
            )),
            None if screens.plain => Err(Failure::new(
                Exit::Usage,
                "a backup is not made line by line: each phrase would stay on this terminal, which keeps what was shown.",
                "Nothing was made. Use the screens (without --plain), or the options without screens: `conclave rotate --help`.",
            )),
            None => {
                let proposed = self.founding.as_ref().map_or_else(ProposedPlan::default, FoundingArguments::proposed);
                let journey = Journey::new(Goal::Rotate).proposing(proposed);
                show(journey, Route::Read(Source::Files(self.files.clone())), screens, folders)
            }
        }
    }

    fn rotate(&self, phrases: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let mut judge = recover::judge(&self.files, streams)?;
        // Before anything is derived in vain; the name that was sealed counts when it is known.
        let mut order = self.order(&judge, folders)?;
        let (opened, is_clean) = phrases::open(&mut judge, phrases, streams)?;
        let mut remarks = say_opened(&judge.backup, &opened, streams);
        let proving = Proving::of(Arc::new(opened.inventory));
        let compared = proving.compare_all().map_err(|trouble| {
            Failure::new(Exit::NotWritten, trouble.what, "Nothing was made. The old backup is as it was.")
        })?;
        say_compared(&compared, streams);
        remarks.take(compared);
        let old = Old { inventory: proving.inventory, red: remarks.red.len() };
        if let (None, Some(sealed)) = (self.organization(), Text::new(old.inventory.organization())) {
            order.plan.organization = sealed;
        }
        let (mut sealable, questions, accepted) = self.sealable(&judge, &old.inventory, streams);
        if let Some(sealed) = sealable.name() {
            order.plan.organization = sealed;
        }
        let is_of_codes = order.plan.kind == Kind::Codes;
        if is_of_codes {
            let owners: Vec<Text> = order.plan.shareholders.iter().map(|person| order.plan.label(person)).collect();
            sealable.set_owners(&owners);
        }
        let mut record = order.record();
        let facts = json!({
            "accepted": accepted,
            "backup_id": judge.backup.core().backup_id,
            "fingerprint": judge.backup.fingerprint().words(),
            "unconfirmed": questions,
            "unsettled": old.red,
        });
        record.note(clock::since_boot(), "opened for rotation", facts);
        order.found(sealable, record, folders, streams)?;
        streams.say("Nothing retires the old backup: its file and its phrases open the old contents for ever.");
        if is_of_codes {
            streams.say(WHO_LEFT);
            for line in checklist(&old.inventory) {
                streams.say(&line);
            }
        } else {
            streams.say(
                "If enough of the old phrases may be in wrong hands, make new master keys and move what the old ones hold.",
            );
        }
        Ok(if old.red == 0 && is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }

    fn order(&self, judge: &PhraseJudge, folders: &OutputFolders) -> Result<FoundingOrder, Failure> {
        let core = judge.backup.core();
        let known = FoundingFacts {
            kind: core.kind,
            is_training: core.purpose.is_training(),
            organization: judge.backup.labels().and_then(|labels| labels.organization().cloned()),
            replaces: Some(Replaces { backup_id: core.backup_id, core_digest: *judge.backup.core_digest() }),
        };
        self.founding.as_ref().unwrap_or(&FoundingArguments::default()).order(known, folders)
    }

    /// What is sealed; how much nobody has confirmed, and how much of it is accepted. Each of it is said, with what is there now and
    /// what it would become.
    fn sealable(
        &self,
        judge: &PhraseJudge,
        inventory: &Inventory,
        streams: &mut Streams<'_>,
    ) -> (Sealable, usize, usize) {
        let is_accepted = self.accept == Some(true);
        let questions = questions(inventory);
        let answer = if is_accepted { "Accepted" } else { "Not confirmed" };
        say_asked(answer, &questions, inventory, streams);
        if !questions.is_empty() && !is_accepted {
            streams.say("What is not confirmed is carried over with its mark. --accept all confirms it.");
        }
        let accepted: Vec<usize> = if is_accepted { (0..questions.len()).collect() } else { Vec::new() };
        let mut sealable = review::records(inventory, judge.backup.core().backup_id, &accepted);
        if let Some(name) = self.organization() {
            sealable.rename(name);
        }
        (sealable, questions.len(), accepted.len())
    }

    fn compact(&self, phrases: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let [file] = self.files.as_slice() else {
            return Err(Failure::new(
                Exit::Usage,
                "one file is compacted at a time.",
                "Nothing was made. Unite a fork first: conclave seal --merge.",
            ));
        };
        let out = self.out().ok_or_else(|| {
            Failure::new(Exit::Usage, "--out FILE is missing: the new snapshot.", "Nothing was made. Add it.")
        })?;
        let mail = MailArguments { no_mail: self.no_mail };
        mail.look(out, folders)?;
        let reading = load(file)?.reading;
        if (reading.is_unconfirmed() || is_unconfirmed(file)) && !is_unconfirmed(out) {
            return Err(RefreshError::Unconfirmed.into());
        }
        let snapshot = reading.snapshot().ok_or_else(|| {
            Failure::new(
                Exit::Refused,
                format_args!("{} is damaged, and only a whole snapshot is compacted.", shown(file)),
                "Nothing was made. Look for another copy of it, or recover its contents.",
            )
        })?;
        let mut judge = recover::judge(&self.files, streams)?;
        let (opened, is_clean) = phrases::open(&mut judge, phrases, streams)?;
        let mut remarks = say_opened(&judge.backup, &opened, streams);
        remarks.say_uncompared(streams);
        let unconfirmed = questions(&opened.inventory);
        let lines = unconfirmed
            .iter()
            .map(|question| format!("Not confirmed: {}. It keeps its mark.", question.what(&opened.inventory)));
        say_first(lines, streams);
        let created = super::now()?;
        let issue = Issue { created, issuer: None, entropy: &mut OsEntropy };
        let compacted = refresh::compact(&snapshot, &opened, issue)?;
        let mail = mail.write(out, &compacted, folders)?;
        streams.say(&format!(
            "{}: snapshot {} of the same backup; the same phrases open it. {} became {}.",
            shown(out),
            compacted.section.sequence,
            counted(snapshot.boxes.len(), "box"),
            compacted.boxes.len()
        ));
        streams.say(
            "Earlier versions of its contents are in the old file alone. Keep that one until this one was opened once.",
        );
        if let Some(line) = mail.said() {
            streams.say(&line);
        }
        for note in &mail.notes {
            streams.warn(&format!("Note: {note}"));
        }
        Ok(if !remarks.has_red() && is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }
}
/// The first of so many lines, and how many more there are: anybody can append any number.
fn say_first(mut lines: impl ExactSizeIterator<Item = String>, streams: &mut Streams<'_>) {
    for line in lines.by_ref().take(NAMED) {
        streams.say(&line);
    }
    if lines.len() > 0 {
        streams.say(&format!("And {} more.", lines.len()));
    }
}

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;
    use clap::{CommandFactory, Parser};

    use super::FoundingArguments;
    use crate::cli::Arguments;

    #[test]
    fn a_compaction_decides_nothing_and_says_which_option_would() {
        let command = Arguments::command();
        let rotate = command.find_subcommand("rotate").unwrap();
        let others = FoundingArguments::decisions();
        assert_eq!(others.len(), 11);
        for id in others.iter().map(clap::Id::as_str).chain(["accept"]) {
            let option = rotate.get_arguments().find(|option| option.get_id() == id).unwrap();
            let name = format!("--{}", option.get_long().unwrap());
            let value = match id {
                "accept" => "all",
                "shareholders" | "organization" | "conductor" | "phrases_out" => "x",
                "threshold" => "2",
                "email" => "a@b",
                "words" => "12",
                "language" => "english",
                "names" => "full",
                "issuer_public" => &"0".repeat(64),
                _ => "",
            };
            let given = [name.as_str(), value];
            let given = given.iter().filter(|given| !given.is_empty());
            let whole = ["conclave", "rotate", "f", "--phrases", "p", "--out", "o", "--compact"];
            let error = Arguments::try_parse_from(whole.iter().chain(given)).unwrap_err();
            let said = error.to_string();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{said}");
            assert!(said.contains(&format!("'--compact' cannot be used with '{name}")), "{said}");
        }
    }
}
