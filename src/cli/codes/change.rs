//! `codes add`, `replace`, `remove` and `merge`: new files, without any phrase.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{AccountArguments, on_screens};
use crate::cli::fingerprint::FingerprintArguments;
use crate::cli::next::{MailArguments, WrittenMail, keep};
use crate::cli::room::ScreenArguments;
use crate::cli::{Exit, Failure, Streams, now};
use crate::domain::code_list::{self, Answers, Doubt};
use crate::domain::inventory::{CodeKind, NewSet, SetMode};
use crate::domain::kind::Kind;
use crate::domain::secret::SecretText;
use crate::domain::text::counted;
use crate::domain::time::Timestamp;
use crate::journey::{Goal, WantedAccount};
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{self, shown};
use crate::machine::output::OutputFolders;
use crate::session::load::LoadError;
use crate::session::refresh::{Renewal, issuer_key};

/// Which file is gone on from, and which is written.
#[derive(Debug, Args)]
pub(super) struct NextFile {
    /// The newest file
    file: PathBuf,
    /// The new file, with the e-mail beside it (NEW.eml); a name that ends in .eml gets the e-mail alone. Without it: on screens
    #[arg(long, value_name = "NEW")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    sealing: SealingArguments,
}

/// What has to be known before something is sealed to a file.
#[derive(Debug, Args)]
struct SealingArguments {
    #[command(flatten)]
    fingerprint: FingerprintArguments,
    /// The private key of the issuer (64 hexadecimal digits), for backups that name one
    #[arg(long, value_name = "FILE")]
    issuer_key: Option<PathBuf>,
    #[command(flatten)]
    mail: MailArguments,
}

impl SealingArguments {
    /// Reads the file, changes it, and writes the new one. Nothing is written where one of these fails.
    fn write(
        &self,
        file: &Path,
        out: &Path,
        change: impl FnOnce(&mut Renewal) -> Result<(), Failure>,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<WrittenMail, Failure> {
        self.mail.look(out, folders)?;
        let mut renewal = Renewal::of(file)?;
        let key = self.issuer_key.as_deref().map(issuer_key).transpose()?;
        renewal.check_issuer(key.as_ref())?;
        renewal.check_name(out)?;
        let mut notes = Vec::new();
        self.fingerprint.compare(&renewal, &[file], &mut notes)?;
        change(&mut renewal)?;
        let renewed = renewal.seal(now()?, key.as_ref(), &mut OsEntropy)?;
        let mail = self.mail.write(out, &renewed.snapshot, folders)?;
        let notes = notes.iter().chain(&renewed.notes).chain(&mail.notes);
        for note in notes.map(String::as_str).chain(renewed.advice) {
            streams.warn(&format!("Note: {note}"));
        }
        Ok(mail)
    }
}

/// What is saved, and of which account.
#[derive(Debug, Args)]
pub(super) struct GivenCodes {
    #[command(flatten)]
    pub(super) next: NextFile,
    #[command(flatten)]
    account: AccountArguments,
    /// How they can be used: single-use (if not given), reusable, rotating; none notes that the service has no codes, and reads nothing
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<CodeKind>,
    /// The last day on which the codes count: YYYY-MM-DD
    #[arg(long, value_name = "DAY", value_parser = day)]
    expires: Option<String>,
    /// A file with the codes as the service gave them; standard input, if not given
    #[arg(long, value_name = "FILE")]
    codes: Option<PathBuf>,
    /// How many codes there are, where a text can be read in more than one way
    #[arg(long, value_name = "NUMBER")]
    count: Option<usize>,
    /// What notes beside codes mean, where that is asked: used or unused
    #[arg(long, value_name = "MEANING", value_parser = notes)]
    notes: Option<bool>,
    /// It is a code, although it looks like something else
    #[arg(long)]
    it_is_a_code: bool,
}

fn notes(value: &str) -> Result<bool, String> {
    match value {
        "used" => Ok(true),
        "unused" => Ok(false),
        _ => Err("it is used or unused".to_owned()),
    }
}

/// How a doubt is answered.
fn answered(doubt: &Doubt) -> &'static str {
    match doubt {
        Doubt::Others { .. } | Doubt::Missing { .. } | Doubt::Lines(_) | Doubt::Spaces(_) | Doubt::Count { .. } => {
            "Nothing was saved. Say with --count how many codes there are, or give only the lines with codes."
        }
        Doubt::Parts(_) => {
            "Nothing was saved. Give the list of one account alone; or say with --count how many codes there are."
        }
        Doubt::Likeness(_) => "Nothing was saved. If it is a code all the same, add --it-is-a-code.",
        Doubt::Notes { .. } => "Nothing was saved. Say --notes used, if they were used, or --notes unused.",
    }
}

/// Save codes of an account, beside those that are there
///
/// The codes are read as the service gave them: numbered, in columns, with text around them. What can be read in more than one way
/// is asked about, and nothing is saved.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes add codes.json --service GitHub --login ops@example.org")]
pub struct AddCodes {
    #[command(flatten)]
    pub(super) given: GivenCodes,
}

/// Save codes of an account in the place of earlier ones, which stay readable as history
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes replace codes.json --service GitHub --login ops@example.org")]
pub struct ReplaceCodes {
    #[command(flatten)]
    pub(super) given: GivenCodes,
}

/// Remove an account
///
/// Where an owner has sealed the account this is only a proposal, and the account stays until an owner agrees.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes remove codes.json --service GitHub --login ops --out new.json")]
pub struct RemoveAccount {
    /// The newest file
    file: PathBuf,
    /// The new file, with the e-mail beside it (NEW.eml); a name that ends in .eml gets the e-mail alone
    #[arg(long, value_name = "NEW")]
    pub out: PathBuf,
    #[command(flatten)]
    sealing: SealingArguments,
    #[command(flatten)]
    account: AccountArguments,
}

/// Unite two files that were made side by side
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes merge one.json other.json --out new.json")]
pub struct MergeCodes {
    one: PathBuf,
    other: PathBuf,
    /// The new file, with the e-mail beside it (NEW.eml); a name that ends in .eml gets the e-mail alone
    #[arg(long, value_name = "NEW")]
    pub out: PathBuf,
    /// Whose names, address and mark are kept where some would be dropped: A is ONE, B is OTHER
    #[arg(long, value_name = "A|B", value_parser = keep)]
    keep: Option<usize>,
    #[command(flatten)]
    mail: MailArguments,
}

fn kind(value: &str) -> Result<CodeKind, String> {
    CodeKind::named(value).ok_or_else(|| format!("the kinds are {}", CodeKind::ALL.map(CodeKind::name).join(", ")))
}

fn day(value: &str) -> Result<String, String> {
    Timestamp::of_day(value).map(|day| day.date()).ok_or_else(|| "a day is YYYY-MM-DD".to_owned())
}

impl GivenCodes {
    pub(super) fn run(
        &self,
        mode: SetMode,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        if let Some(out) = &self.next.out {
            return self.save(mode, out, folders, streams);
        }
        let decides = self.kind.is_some()
            || self.expires.is_some()
            || self.codes.is_some()
            || self.count.is_some()
            || self.notes.is_some()
            || self.it_is_a_code
            || self.next.sealing.issuer_key.is_some();
        if decides {
            return Err(Failure::new(
                Exit::Usage,
                "--out is missing: the new file.",
                "Nothing was saved. Add it; or give only the file and the account, and the rest is asked on screens.",
            ));
        }
        let file = &self.next.file;
        let card = self.next.sealing.fingerprint.given(&Renewal::of(file)?, &[file])?;
        let wanted = self.account.service.clone().map(|service| WantedAccount {
            service,
            login: self.account.login.clone(),
            mode,
        });
        on_screens(Goal::Save, std::slice::from_ref(file), wanted, card, screens, folders)
    }

    fn save(
        &self,
        mode: SetMode,
        out: &Path,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let account = self.account.named()?;
        let kind = self.kind.unwrap_or_default();
        let codes = if kind == CodeKind::None { Vec::new() } else { self.read(streams)? };
        let count = codes.len();
        let used = codes.iter().filter(|(_, is_used)| *is_used).count();
        let set = NewSet {
            service: account.service.clone(),
            login: account.login.clone(),
            mode,
            kind,
            codes,
            expires: self.expires.clone(),
        };
        let saved = now()?;
        let change = |renewal: &mut Renewal| {
            renewal.add_codes(&set, saved);
            Ok(())
        };
        let mail = self.next.sealing.write(&self.next.file, out, change, folders, streams)?;
        let place = match mode {
            SetMode::Add => "",
            SetMode::Replace => ", in the place of earlier ones",
        };
        let (out, file) = (shown(out), shown(&self.next.file));
        streams.say(&match kind {
            CodeKind::None => format!("Saved: {account} has no codes. Into {out}. {file} is unchanged."),
            CodeKind::SingleUse | CodeKind::Reusable | CodeKind::Rotating => {
                let used = if used > 0 { format!(" ({used} of them marked as used)") } else { String::new() };
                let codes = counted(count, "code");
                format!("Saved: {codes}{used} for {account} into {out}{place}. {file} is unchanged.")
            }
        });
        if let Some(line) = mail.said() {
            streams.warn(&line);
        }
        Ok(Exit::Done)
    }

    /// The codes of a text, as a person means it.
    fn read(&self, streams: &mut Streams<'_>) -> Result<Vec<(SecretText, bool)>, Failure> {
        let text = match &self.codes {
            Some(path) => files::read_secret(path, code_list::TEXT_LIMIT),
            None => files::read_stdin(code_list::TEXT_LIMIT),
        }
        .map_err(|error| Failure { exit: Exit::Usage, ..LoadError::from(error).into() })?;
        let text = std::str::from_utf8(text.reveal()).map_err(|_| {
            Failure::new(Exit::Usage, "the codes are not UTF-8 text.", "Nothing was saved. Save the text as UTF-8.")
        })?;
        let is_code = self.it_is_a_code.then_some(true);
        let answers = Answers { count: self.count, notes: self.notes, is_code, ..Answers::default() };
        let list = code_list::read(text, &answers).map_err(|error| Failure::of(Exit::Usage, &error))?;
        if let Some(doubt) = &list.doubt {
            return Err(Failure::new(Exit::Usage, format_args!("{doubt}."), answered(doubt)));
        }
        for (first, again) in &list.repeated {
            streams.warn(&format!("Codes {} and {} are the same: it is saved once.", first + 1, again + 1));
        }
        let texts: Vec<&str> = list.codes.iter().map(|code| code.text.reveal()).collect();
        for (place, oddity) in code_list::odd_ones(&texts) {
            streams.warn(&format!("Code {} {oddity}: compare it with the page of the service.", place + 1));
        }
        let is_again = |place: usize| list.repeated.iter().any(|(_, again)| *again == place);
        let codes = list.codes.into_iter().enumerate().filter(|(place, _)| !is_again(*place));
        Ok(codes.map(|(_, code)| (code.text, code.is_used)).collect())
    }
}

impl RemoveAccount {
    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let account = self.account.named()?;
        let remove = |renewal: &mut Renewal| {
            renewal.remove_account(account.id());
            Ok(())
        };
        let mail = self.sealing.write(&self.file, &self.out, remove, folders, streams)?;
        // Nobody can say without a phrase whether it is there, or who sealed it.
        let (out, file) = (shown(&self.out), shown(&self.file));
        streams.say(&format!("The removal of {account} is in {out}. {file} is unchanged."));
        streams.say("Where the account was sealed with phrases, it stays until whoever holds them agrees.");
        if let Some(line) = mail.said() {
            streams.warn(&line);
        }
        Ok(Exit::Done)
    }
}

impl MergeCodes {
    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        self.mail.look(&self.out, folders)?;
        let mut renewal = Renewal::of(&self.one)?;
        if renewal.kind() != Kind::Codes {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("{} is no file of codes.", shown(&self.one)),
                "Nothing was written. Other backups are united with `conclave seal ONE --merge OTHER`.",
            ));
        }
        // Nothing is sealed here, so no fingerprint is asked for: both files hold what they held.
        renewal.keep(self.keep);
        renewal.merge(&self.other)?;
        renewal.check_issuer(None)?;
        renewal.check_name(&self.out)?;
        let renewed = renewal.seal(now()?, None, &mut OsEntropy)?;
        let mail = self.mail.write(&self.out, &renewed.snapshot, folders)?;
        let (one, other) = (shown(&self.one), shown(&self.other));
        streams.say(&format!("United into {}. {one} and {other} are unchanged.", shown(&self.out)));
        for line in &renewed.did {
            streams.warn(&format!("{line}."));
        }
        if let Some(line) = mail.said() {
            streams.warn(&line);
        }
        for note in renewed.notes.iter().chain(&mail.notes).map(String::as_str).chain(renewed.advice) {
            streams.warn(&format!("Note: {note}"));
        }
        Ok(Exit::Done)
    }
}
