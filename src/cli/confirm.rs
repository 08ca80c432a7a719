//! `conclave seal --confirm`: a quorum looks at what was added and proposed, and seals what it accepts into the next snapshot. And how
//! what nobody has confirmed is said to scripts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::next::{MailArguments, WrittenMail};
use super::phrases;
use super::recover::{self, say_compared, say_opened};
use super::{Exit, Failure, Streams};
use crate::domain::inventory::Inventory;
use crate::domain::inventory::review::{self, ReviewPurpose, ReviewQuestion};
use crate::domain::text::counted;
use crate::effect::Compared;
use crate::journey::review::members;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::shown;
use crate::machine::output::OutputFolders;
use crate::session::proving::Proving;
use crate::session::refresh::{QuorumAnswer, RefreshError, Renewal, Renewed, issuer_key};
use crate::snapshot::delivery::digest_words;
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::model::Snapshot;

/// What a quorum confirms.
#[derive(Debug, Args)]
pub struct ConfirmArguments {
    /// A quorum confirms what was added: each thing is printed with what is there now and what it would become
    #[arg(long, requires_all = ["phrases", "accept"], conflicts_with_all = ["add", "email", "rename", "merge", "keep"])]
    confirm: bool,
    /// With --confirm: a file with the phrases of a quorum, one a line; - reads standard input
    #[arg(long, value_name = "FILE|-", requires = "confirm")]
    phrases: Option<PathBuf>,
    /// With --confirm: what of it the quorum accepts, all or none; none only prints
    #[arg(long, value_name = "WHAT", value_parser = accept, requires = "confirm")]
    accept: Option<bool>,
}

/// `all` or `none`.
pub(super) fn accept(value: &str) -> Result<bool, String> {
    match value {
        "all" => Ok(true),
        "none" => Ok(false),
        _ => Err("it is all or none".to_owned()),
    }
}

/// Says what is asked with what is there now and what it would become, before anything is decided.
pub(super) fn say_asked(answer: &str, questions: &[ReviewQuestion], inventory: &Inventory, streams: &mut Streams<'_>) {
    for question in questions {
        streams.say(&format!("{answer}: {}.", question.what(inventory)));
        for member in members(question, inventory) {
            streams.say(&format!("  {member}"));
        }
    }
}

/// The file that is confirmed, and where the next one is written.
pub(super) struct ConfirmOrder<'a> {
    pub file: &'a PathBuf,
    pub out: &'a Path,
    pub mail: &'a MailArguments,
    pub issuer_key: Option<&'a Path>,
    /// The answer is one object; all else goes to standard error.
    pub is_json: bool,
}

impl ConfirmArguments {
    /// The phrases, where a quorum confirms something.
    pub(super) fn phrases(&self) -> Option<&Path> {
        self.phrases.as_deref().filter(|_| self.confirm)
    }

    pub(super) fn run(
        &self,
        phrases: &Path,
        renewal: Renewal,
        order: &ConfirmOrder<'_>,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let mut aside = Streams::aside();
        let talk = if order.is_json { &mut aside } else { &mut *streams };
        let key = order.issuer_key.map(issuer_key).transpose()?;
        let mut judge = recover::judge(std::slice::from_ref(order.file), talk)?;
        let (mut opened, is_clean) = phrases::open(&mut judge, phrases, talk)?;
        say_opened(&judge.backup, &opened, talk);
        opened.inventory = compare(opened.inventory, |compared| say_compared(compared, talk))?.0;
        renewal.can_confirm(&opened, key.as_ref())?;
        let questions = ReviewPurpose::Confirmation.questions(&opened.inventory);
        let is_accepted = self.accept == Some(true);
        let answer = if is_accepted { "Accepted" } else { "Not confirmed" };
        say_asked(answer, &questions, &opened.inventory, talk);
        say_not_asked(&opened.inventory, talk);
        say_outcome(&opened.inventory, renewal.first(), talk)?;
        if questions.is_empty() {
            return Err(Failure::new(
                Exit::Usage,
                "nothing in this file waits for a quorum to confirm it.",
                "Nothing was written. The file is as it was.",
            ));
        }
        if !is_accepted {
            return Err(RefreshError::from(SealingError::NothingAccepted).into());
        }
        let accepted: Vec<usize> = (0..questions.len()).collect();
        let answer = QuorumAnswer { judge: &judge, opened: &opened, accepted: &accepted };
        let before = renewal.first().cloned().ok_or(RefreshError::NoBackup)?;
        let renewed = renewal.confirm(answer, super::now()?, key.as_ref(), &mut OsEntropy)?;
        let mail = order.mail.write(order.out, &renewed.snapshot, folders)?;
        let mut reopened = answer.read_again(order.out, &before, &renewed.snapshot)?;
        let kind = renewed.snapshot.core.kind;
        let (_, compared) = compare(std::mem::take(&mut reopened.inventory), |_| {})?;
        let left = reopened.findings.iter().filter(|finding| finding.is_red()).map(|finding| finding.said(kind));
        let red: Vec<String> = left.chain(compared.red).collect();
        let confirmed = (questions.as_slice(), &opened.inventory);
        order.say((&renewed, &mail), confirmed, &red, streams);
        Ok(if red.is_empty() && is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }
}

impl ConfirmOrder<'_> {
    fn say(
        &self,
        (renewed, mail): (&Renewed, &WrittenMail),
        (sealed, inventory): (&[ReviewQuestion], &Inventory),
        red: &[String],
        streams: &mut Streams<'_>,
    ) {
        let Renewed { snapshot, did, notes, .. } = renewed;
        let notes = || notes.iter().chain(&mail.notes);
        if self.is_json {
            let member = |question: &ReviewQuestion| {
                members(question, inventory).iter().map(ToString::to_string).collect::<Vec<_>>()
            };
            let said =
                |question: &ReviewQuestion| json!({"what": question.what(inventory), "members": member(question)});
            let others = json!({
                "confirmed": sealed.iter().map(said).collect::<Vec<_>>(),
                "changed": did,
                "does_not_check": red,
                "notes": notes().collect::<Vec<_>>(),
            });
            streams.say_json(&mail.facts(self.out, snapshot, others));
        } else {
            let section = &snapshot.section;
            let words = digest_words(snapshot);
            let signed = if section.signature.is_some() { ", signed by its issuer" } else { "" };
            let (out, sequence) = (shown(self.out), section.sequence);
            streams.say(&format!("Written, read back and opened again: {out}, sequence {sequence}{signed}."));
            for line in did {
                streams.say(&format!("{line}."));
            }
            streams.say(&format!("The same phrases open it. {} is unchanged.", shown(self.file)));
            streams.say(&format!("Digest words: {words} (they stand in the e-mail)."));
            streams.say(mail.said().as_deref().unwrap_or("Send it to the backup address."));
            for red in red {
                streams.say(&format!("CHECK, in the new file: {red}"));
            }
        }
        for note in notes() {
            streams.warn(&format!("Note: {note}"));
        }
    }
}

/// How keys and addresses compare with the record; the contents are given back.
fn compare(inventory: Inventory, say: impl FnOnce(&Compared)) -> Result<(Inventory, Compared), Failure> {
    let proving = Proving::of(Arc::new(inventory));
    let compared = proving.compare_all().map_err(|trouble| {
        Failure::new(Exit::NotWritten, trouble.what, "Nothing was confirmed. The old file is as it was.")
    })?;
    say(&compared);
    Ok((Arc::into_inner(proving.inventory).unwrap_or_default(), compared))
}

/// What of keys and addresses would not check if all of it were accepted: an address that a key does not give is seen by nobody.
fn say_outcome(inventory: &Inventory, first: Option<&Snapshot>, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let Some(first) = first else { return Ok(()) };
    let all: Vec<usize> = (0..ReviewPurpose::Confirmation.questions(inventory).len()).collect();
    let outcome = review::outcome(inventory, first.core.backup_id, &all, first.section.created);
    for red in compare(outcome, |_| {})?.1.red {
        streams.say(&format!("CHECK, if all of it is accepted: {red}"));
    }
    Ok(())
}

/// What is not asked about, because nobody can look into it.
fn say_not_asked(inventory: &Inventory, streams: &mut Streams<'_>) {
    let questions = ReviewPurpose::Rotation.questions(inventory);
    let unknown = questions.iter().filter(|question| matches!(question, ReviewQuestion::Unknown(_))).count();
    if unknown > 0 {
        let records = counted(unknown, "record");
        streams.say(&format!(
            "Not asked about: {records} that this version does not understand. They stay where they are, with their mark."
        ));
    }
}
