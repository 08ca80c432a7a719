//! `conclave seal`: the next snapshot of a backup without any phrase, for people and for machines that do it every night.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::confirm::{ConfirmArguments, ConfirmOrder};
use super::contents::ColumnArguments;
use super::fingerprint::FingerprintArguments;
use super::next::{MailArguments, WrittenMail, keep};
use super::{Exit, Failure, Streams};
use crate::domain::email::address_in;
use crate::domain::text::Text;
use crate::machine::clock;
use crate::machine::entropy::OsEntropy;
use crate::machine::files;
use crate::machine::output::OutputFolders;
use crate::session::refresh::{Cause, RefreshError, Renewal, Renewed, issuer_key, said_of_added};
use crate::snapshot::delivery::digest_words;

/// Add to a backup, or change its address and names, without phrases
///
/// Writes a new file; the old one stays as it is. Two runs that go on from one file make two files side by side (a fork): `verify`
/// names it, and `seal ONE --merge OTHER` unites them. With --confirm a quorum opens the file, and
/// seals what it accepts of what was added.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave seal snapshot.json --add contents.json --out new.eml")]
pub struct Seal {
    /// The newest snapshot of the backup (.json, .json.gz, .zip or .eml)
    file: PathBuf,
    /// The new file, with the e-mail beside it (NEW.eml); a name that ends in .eml gets the e-mail alone
    #[arg(long, value_name = "NEW")]
    pub(super) out: PathBuf,
    /// Add what a contents document (JSON) or a table of vaults (CSV) holds; can be given several times
    #[arg(long, value_name = "CONTENTS")]
    add: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArguments,
    /// Another backup e-mail address
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    email: Option<Text>,
    /// Another name for a shareholder: 2="Jane Doe"; can be given several times
    #[arg(long, value_name = "NUMBER=NAME", value_parser = rename)]
    rename: Vec<(u8, Text)>,
    /// Unite it with a file that was made side by side with it
    #[arg(long, value_name = "OTHER")]
    merge: Option<PathBuf>,
    /// Whose names, address and quorum's mark are kept where --merge would drop some: A is FILE, B is OTHER
    #[arg(long, value_name = "A|B", value_parser = keep, requires = "merge")]
    keep: Option<usize>,
    #[command(flatten)]
    mail: MailArguments,
    /// The private key of the issuer (64 hexadecimal digits), for backups that name one
    #[arg(long, value_name = "FILE")]
    issuer_key: Option<PathBuf>,
    #[command(flatten)]
    confirm: ConfirmArguments,
    #[command(flatten)]
    fingerprint: FingerprintArguments,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn name(text: &str) -> Result<Text, String> {
    Text::new(text).ok_or_else(|| "it must be 1 to 256 characters without control characters".to_owned())
}

pub(super) fn address(text: &str) -> Result<Text, String> {
    address_in(text).ok_or_else(|| "an e-mail address is NAME@DOMAIN".to_owned())
}

fn rename(text: &str) -> Result<(u8, Text), String> {
    let (number, holder) = text.split_once('=').ok_or("write NUMBER=NAME")?;
    let number = number.trim().parse().map_err(|_| "write NUMBER=NAME, with the number of the person")?;
    Ok((number, name(holder.trim())?))
}

impl Seal {
    /// What a quorum confirms is proven by it: no fingerprint is asked for.
    fn confirm(&self, phrases: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        self.mail.look(&self.out, folders)?;
        let mut renewal = Renewal::of(&self.file)?;
        renewal.check_name(&self.out)?;
        self.fingerprint.given(&renewal, &[&self.file])?;
        let issuer_key = self.issuer_key.as_deref();
        let order = ConfirmOrder { file: &self.file, out: &self.out, mail: &self.mail, issuer_key, is_json: self.json };
        self.confirm.run(phrases, renewal, &order, folders, streams)
    }

    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        if let Some(phrases) = self.confirm.phrases() {
            return self.confirm(phrases, folders, streams);
        }
        let is_order = !self.add.is_empty() || self.email.is_some() || !self.rename.is_empty();
        if !is_order && self.merge.is_none() && self.issuer_key.is_none() {
            return Err(Failure::new(
                Exit::Usage,
                "nothing is to be changed.",
                "Give --add, --email, --rename or --merge; or --issuer-key, to sign.",
            ));
        }
        let numbers: Vec<u8> = self.rename.iter().map(|(number, _)| *number).collect();
        if let Some(twice) =
            numbers.iter().enumerate().find_map(|(at, number)| numbers.iter().take(at).find(|n| *n == number))
        {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("--rename names number {twice} twice."),
                "Nothing was written. Give one name.",
            ));
        }
        self.mail.look(&self.out, folders)?;
        let mut renewal = Renewal::of(&self.file)?;
        let key = self.issuer_key.as_deref().map(issuer_key).transpose()?;
        let mut notes = Vec::new();
        renewal.keep(self.keep);
        if let Some(other) = &self.merge {
            match renewal.merge(other) {
                // There is something else to do, and nothing is missing in it.
                Err(error @ RefreshError::NothingToMerge { is_first: true, .. }) if is_order || key.is_some() => {
                    notes.push(format!("{error}."));
                    renewal.keep(None);
                }
                merged => merged?,
            }
        }
        renewal.check_issuer(key.as_ref())?;
        renewal.check_name(&self.out)?;
        if let Some(email) = &self.email {
            renewal.set_email(email.clone());
        }
        for (number, holder) in &self.rename {
            renewal.rename(*number, holder.clone())?;
        }
        let snapshots: Vec<&Path> = [&self.file].into_iter().chain(&self.merge).map(PathBuf::as_path).collect();
        self.fingerprint.compare(&renewal, &snapshots, &mut notes)?;
        renewal.check_kept(false)?;
        for file in &self.columns.files(&self.add) {
            renewal.add(file)?;
        }
        if !renewal.is_change() && key.is_none() {
            return Err(RefreshError::NoChange.into());
        }
        let created = clock::now().ok_or(RefreshError::Clock)?;
        let mut renewed = renewal.seal(created, key.as_ref(), &mut OsEntropy)?;
        renewed.notes.splice(0..0, notes);
        let mail = self.mail.write(&self.out, &renewed.snapshot, folders)?;
        self.say(&renewed, &mail, streams);
        Ok(Exit::Done)
    }

    fn say(&self, renewed: &Renewed, mail: &WrittenMail, streams: &mut Streams<'_>) {
        let Renewed { snapshot, did, added, has_merged, notes, advice } = renewed;
        if self.json {
            let others = json!({
                "added": added,
                "changed": did,
                "merged": has_merged,
                "notes": notes.iter().chain(&mail.notes).collect::<Vec<_>>(),
                "advice": advice,
            });
            streams.say_json(&mail.facts(&self.out, snapshot, others));
        } else {
            let section = &snapshot.section;
            let words = digest_words(snapshot);
            let signed = if section.signature.is_some() { ", signed by its issuer" } else { "" };
            streams.say(&format!("Written: {}, sequence {}{signed}.", files::shown(&self.out), section.sequence));
            for line in did.iter().cloned().chain(said_of_added(added)) {
                streams.say(&format!("{line}."));
            }
            streams.say(&format!("{} is unchanged.", files::shown(&self.file)));
            streams.say(&format!("Digest words: {words} (they stand in the e-mail)."));
            streams.say(mail.said().as_deref().unwrap_or("Send it to the backup address."));
        }
        for note in notes.iter().chain(&mail.notes).map(String::as_str).chain(*advice) {
            streams.warn(&format!("Note: {note}"));
        }
    }
}

impl From<RefreshError> for Failure {
    fn from(error: RefreshError) -> Self {
        let exit = match error.cause() {
            Cause::Order => Exit::Usage,
            Cause::File => Exit::Refused,
            Cause::Machine => Exit::Machine,
        };
        Self::of(exit, &error)
    }
}
