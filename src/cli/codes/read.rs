//! `codes list`, `show` and `use`: with the phrase of one owner.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::on_screens;
use super::open::{OpenAccounts, open};
use crate::cli::room::ScreenArguments;
use crate::cli::{Exit, Failure, Streams, now};
use crate::domain::codes::{self, CodesDue};
use crate::domain::inventory::{CodeKind, CodeSet, Item, SetMode, sets};
use crate::domain::text::{Safe, Text, counted};
use crate::domain::time::Timestamp;
use crate::export::secret_text;
use crate::journey::{Goal, WantedAccount};
use crate::machine::disk::System;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{look_at_names, shown, write_new};
use crate::machine::output::OutputFolders;
use crate::session::refresh::{Renewal, bytes_for};

/// List accounts and how many codes each has left, without any code
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes list codes.json --phrases phrase.txt")]
pub struct ListCodes {
    /// Files, or folders of them; all that the phrase opens is listed
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A file with the phrase of an owner; - reads standard input. Without it: on screens
    #[arg(long, value_name = "FILE|-")]
    pub(super) phrases: Option<PathBuf>,
    /// End with 7 when something should be done: few codes left, or none; old ones; a single owner
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Show the next code of an account, or all, without marking any
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes show codes.json --service GitHub --phrases phrase.txt")]
pub struct ShowCodes {
    /// Files, or folders of them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) wanted: WantedArguments,
    /// All codes of the account with their marks, not only the next one
    #[arg(long)]
    all: bool,
}

/// Show the next code of an account, and write a new file in which it is marked as used
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave codes use codes.json --service GitHub")]
pub struct UseCode {
    /// The newest file
    file: PathBuf,
    #[command(flatten)]
    wanted: WantedArguments,
    /// The new file
    #[arg(long, value_name = "NEW", requires = "phrases")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct WantedArguments {
    /// A file with the phrase of an owner; - reads standard input. Without it: on screens
    #[arg(long, value_name = "FILE|-")]
    pub(super) phrases: Option<PathBuf>,
    /// The service, in capital or small letters
    #[arg(long, value_name = "NAME", value_parser = crate::cli::founding::text)]
    service: Text,
    /// The login, where there are several at the service
    #[arg(long, value_name = "NAME", value_parser = crate::cli::founding::text)]
    login: Option<Text>,
}

impl WantedArguments {
    /// On screens the account is led to as soon as it is open.
    fn on_screens(
        &self,
        files: &[PathBuf],
        screens: &ScreenArguments,
        folders: &OutputFolders,
    ) -> Result<Exit, Failure> {
        let wanted = WantedAccount { service: self.service.clone(), login: self.login.clone(), mode: SetMode::Add };
        on_screens(Goal::Recover, files, Some(wanted), None, screens, folders)
    }

    /// The account that is meant, and in which of the backups it is.
    fn find<'a>(&self, opened: &'a [OpenAccounts]) -> Result<(&'a OpenAccounts, &'a Item), Failure> {
        let login = self.login.as_ref().map(Text::raw);
        let is_wanted = |item: &Item| codes::is_called(item, self.service.raw(), login);
        let all = || opened.iter().flat_map(|open| open.accounts().into_iter().map(move |item| (open, item)));
        let mut found = all().filter(|(_, item)| is_wanted(item));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => {
                let logins: Vec<String> = all()
                    .filter(|(_, item)| is_wanted(item))
                    .map(|(_, item)| Safe(item.fields().text("login").unwrap_or("")).to_string())
                    .collect();
                Err(Failure::new(
                    Exit::Usage,
                    format_args!("{} has {} accounts here: {}.", self.service, logins.len(), logins.join(", ")),
                    "Add --login. Nothing was shown.",
                ))
            }
            (None, _) => Err(Failure::new(
                Exit::Usage,
                format_args!("no account of {} is here.", self.service),
                "`conclave codes list` says which accounts there are. Nothing was shown.",
            )),
        }
    }
}

/// `GitHub / ops: 8 of 10 codes left`
fn standing(account: &Item, today: Timestamp) -> String {
    if codes::has_none(account) {
        return "the service has no codes".to_owned();
    }
    let total: usize = sets(account).into_iter().filter(|set| !set.is_retired()).map(|set| set.codes().count()).sum();
    format!("{} of {} left", codes::left(account, today), counted(total, "code"))
}

impl ListCodes {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let Some(phrases) = &self.phrases else {
            if self.check || self.json {
                return Err(no_phrases());
            }
            return on_screens(Goal::Recover, &self.files, None, None, screens, folders);
        };
        let opened = open(&self.files, phrases, streams)?;
        let today = now()?;
        let mut is_due = false;
        let mut circles = Vec::new();
        for open in &opened {
            let core = open.judge.backup.core();
            let is_single = core.shareholder_count == 1;
            let mut accounts = Vec::new();
            let organization = Safe(open.inventory.organization()).to_string();
            if !self.json {
                let rules = core.kind.rules();
                let holders = counted(core.shareholder_count, rules.holder.one);
                streams.say(&format!("{organization}: {holders}, {}", counted(open.accounts().len(), "account")));
            }
            for account in open.accounts() {
                let due: Vec<String> = codes::due(account, today).iter().map(CodesDue::to_string).collect();
                is_due |= !due.is_empty();
                let newest = sets(account).into_iter().rfind(|set| !set.is_retired());
                let saved = newest.and_then(|set| Some(set.saved()?.date()));
                let kind = newest.map_or(CodeKind::None, CodeSet::kind);
                if self.json {
                    accounts.push(json!({
                        "service": account.fields().text("service"),
                        "login": account.fields().text("login"),
                        "kind": kind.name(),
                        "left": codes::left(account, today),
                        "saved": saved,
                        "expires": newest.and_then(CodeSet::expires),
                        "due": due,
                    }));
                    continue;
                }
                let title = Safe(&account.title()).to_string();
                let saved = saved.map_or_else(String::new, |day| format!(", saved {day}"));
                streams.say(&format!("  {title}: {}{saved}, {}", standing(account, today), kind.name()));
                for due in due {
                    streams.say(&format!("    DUE: {due}"));
                }
            }
            let single = "one person alone can open this file: if that phrase is lost, all its codes are";
            is_due |= is_single;
            if self.json {
                let due: Vec<&str> = is_single.then_some(single).into_iter().collect();
                circles.push(json!({
                    "backup_id": core.backup_id,
                    "organization": open.inventory.organization(),
                    "owners": core.shareholder_count,
                    "accounts": accounts,
                    "due": due,
                    "check": open.red,
                    "notes": open.notes,
                }));
            } else if is_single {
                streams.say(&format!("  DUE: {single}"));
            }
        }
        if self.json {
            streams.say_json(&json!({ "files": circles }));
        }
        let has_red = opened.iter().any(|open| !open.red.is_empty());
        Ok(if has_red || self.check && is_due { Exit::DoneWithFindings } else { Exit::Done })
    }
}

impl ShowCodes {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let Some(phrases) = &self.wanted.phrases else {
            return self.wanted.on_screens(&self.files, screens, folders);
        };
        let opened = open(&self.files, phrases, streams)?;
        let (open, account) = self.wanted.find(&opened)?;
        let today = now()?;
        let title = Safe(&account.title()).to_string();
        if self.all {
            for (number, set) in (1..).zip(sets(account)) {
                let saved = set.saved().map_or_else(String::new, |saved| saved.date());
                let retired = if set.is_retired() { ", retired: another set took its place" } else { "" };
                let until = set.expires().map_or_else(String::new, |last| format!(", counts until {last}"));
                streams.say(&format!("Set {number}, saved {saved}, {}{until}{retired}", set.kind().name()));
                for (place, (code, is_used)) in (1..).zip(set.codes()) {
                    let marked = open.inventory.marked_by(account.id(), code).filter(|_| is_used);
                    let mark = match (is_used, marked) {
                        (false, _) => String::new(),
                        (true, None) => "   used".to_owned(),
                        (true, Some(source)) => format!("   used, marked {}", source.created.date()),
                    };
                    streams.say(secret_text(format_args!("{place:>4}. {}{mark}", Safe(code))).reveal());
                }
            }
        } else {
            let (_, _, code) = codes::next(account, today).ok_or_else(|| none_left(&title))?;
            streams.say(secret_text(format_args!("{}", Safe(code))).reveal());
        }
        streams.warn(&format!("{title}: {}. Nothing was marked as used.", standing(account, today)));
        Ok(if open.red.is_empty() { Exit::Done } else { Exit::DoneWithFindings })
    }
}

fn no_phrases() -> Failure {
    Failure::new(
        Exit::Usage,
        "--phrases is missing: a file with the phrase of one owner.",
        "Nothing was read. Add it; - reads standard input.",
    )
}

fn none_left(title: &str) -> Failure {
    Failure::new(
        Exit::NotWritten,
        format_args!("{title}: no code is left."),
        "Have the service make new ones, and save them with `conclave codes replace`. Earlier ones: `codes show --all`.",
    )
}

impl UseCode {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let (phrases, out) = match (&self.wanted.phrases, &self.out) {
            (Some(phrases), Some(out)) => (phrases, out),
            (None, None) => return self.wanted.on_screens(std::slice::from_ref(&self.file), screens, folders),
            (Some(_), None) | (None, Some(_)) => {
                return Err(Failure::new(
                    Exit::Usage,
                    "--out is missing: the new file, in which the code is marked.",
                    "Nothing was shown. Add it; or leave --phrases out, and it is done on screens.",
                ));
            }
        };
        // Before a code is shown whose mark could not be written.
        look_at_names(&System, &[out], folders)?;
        let mut renewal = Renewal::of(&self.file)?;
        renewal.check_issuer(None)?;
        renewal.check_name(out)?;
        let opened = open(std::slice::from_ref(&self.file), phrases, streams)?;
        let (open, account) = self.wanted.find(&opened)?;
        let today = now()?;
        let title = Safe(&account.title()).to_string();
        let (set, _, code) = codes::next(account, today).ok_or_else(|| none_left(&title))?;
        let exit = if open.red.is_empty() { Exit::Done } else { Exit::DoneWithFindings };
        // First shown, then marked: whatever ends this run, no code is lost, and none is marked that nobody saw.
        streams.say(secret_text(format_args!("{}", Safe(code))).reveal());
        if !codes::is_spent_by_use(set) {
            streams.warn(&format!("{title}: this code stays usable. Nothing was marked, and no file was written."));
            return Ok(exit);
        }
        if !open.is_key_genuine {
            return Err(Failure::new(
                Exit::Refused,
                "the public key in this file is not that of its owners: a mark would be sealed to somebody else.",
                "The code was shown, and not marked. Look for another copy of the file.",
            ));
        }
        renewal.mark_used(account.id(), code);
        let left = codes::left(account, today).saturating_sub(1);
        let renewed = renewal.seal(today, None, &mut OsEntropy)?;
        write_new(&System, out, &bytes_for(out, &renewed.snapshot), folders)?;
        streams.warn(&format!(
            "{title}: marked as used in {}; {} left. {} is unchanged.",
            shown(out),
            counted(left, "code"),
            shown(&self.file)
        ));
        if set.kind() == CodeKind::Rotating {
            streams.warn("The service gives another code now: save it with `conclave codes replace`.");
        } else if left <= codes::FEW {
            streams.warn("Few are left: have the service make new ones, and save them with `conclave codes replace`.");
        }
        for note in renewed.notes.iter().map(String::as_str).chain(renewed.advice) {
            streams.warn(&format!("Note: {note}"));
        }
        Ok(exit)
    }
}
