//! A backup without screens, what `backup` and `rotate` have in common: the plan from arguments, the phrases, the files.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Command, Id};
use zeroize::Zeroizing;

use super::export::{exposure, warn_of_exposure};
use super::{Exit, Failure, Streams};
use crate::domain::ceremony::{NameStyle, Person, Plan, ProposedPlan, Threshold};
use crate::domain::email::address_in;
use crate::domain::encoding::Hex;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::Sealable;
use crate::domain::kind::Kind;
use crate::domain::phrase::{Phrase, PhraseForm, WordCount};
use crate::domain::secret::SecretBuffer;
use crate::domain::text::{Text, counted};
use crate::domain::wordlist::WordList;
use crate::effect::Trouble;
use crate::machine::disk::System;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{self, look_at_names, look_at_new_folder, shown, write_all_below};
use crate::machine::output::{Output, OutputFolders};
use crate::machine::{clock, cores};
use crate::session::transcript::{self, Transcript};
use crate::session::{ThisMachine, at_once, gathered, papers};
use crate::snapshot::delivery;
use crate::snapshot::founding::{Founding, SealingPlan};
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::{Replaces, Snapshot};

/// What is decided for a backup without screens.
#[derive(Debug, Default, Args)]
pub struct FoundingArguments {
    /// The name of the organization, as it stands in the snapshot
    #[arg(long, value_name = "NAME", value_parser = text)]
    pub(super) organization: Option<Text>,
    #[arg(long, value_name = "FILE", help = shareholders_help())]
    pub(super) shareholders: Option<PathBuf>,
    /// How many of them open the backup together
    #[arg(long, value_name = "N")]
    pub(super) threshold: Option<u8>,
    /// The address that snapshots are sent to
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(super) email: Option<Text>,
    /// How many words each phrase has: 12 (if not given), 15, 18, 21 or 24
    #[arg(long, value_name = "COUNT", value_parser = word_count)]
    pub(super) words: Option<WordCount>,
    /// The language of the phrases, by the name of its word list (english, if not given)
    #[arg(long, value_name = "LIST", value_parser = language)]
    pub(super) language: Option<WordList>,
    /// How shareholders are named in the snapshot, which is e-mailed: initials (if not given), full, or email (full names and addresses)
    #[arg(long, value_name = "STYLE", value_parser = name_style)]
    pub(super) names: Option<NameStyle>,
    /// Who does this, for the record
    #[arg(long, value_name = "NAME", value_parser = asker)]
    pub(super) conductor: Option<Text>,
    /// The public key of an issuer whose signature every later snapshot carries (64 lower-case hexadecimal digits)
    #[arg(long, value_name = "HEX", value_parser = public_key, requires = "phrases_out")]
    pub(super) issuer_public: Option<Hex<32>>,
    /// The folder to write into: a new one, or an empty one
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// The new file that the phrases are written to, one a line; not in the folder
    #[arg(long, value_name = "FILE")]
    pub(super) phrases_out: Option<PathBuf>,
    /// Agree that the phrases of a production backup are written to a file
    #[arg(long, requires = "phrases_out")]
    pub(super) i_know_this_writes_phrases: bool,
}

fn shareholders_help() -> String {
    let rules = Kind::Organization.rules();
    format!("The {} in order, {}: a table of name and e-mail address (CSV)", rules.holder.many, rules.count_text())
}

pub(super) fn text(value: &str) -> Result<Text, String> {
    Text::new(value).ok_or_else(|| "it has 1 to 256 characters".to_owned())
}

/// A name; an address behind it is left out.
pub(super) fn asker(value: &str) -> Result<Text, String> {
    Person::parse(value)
        .map(|person| person.name)
        .ok_or_else(|| "it is a name, or \"Jane Doe <jane@example.org>\"".to_owned())
}

pub(super) fn address(value: &str) -> Result<Text, String> {
    address_in(value).ok_or_else(|| "an e-mail address is NAME@DOMAIN".to_owned())
}

pub(super) fn word_count(value: &str) -> Result<WordCount, String> {
    value.parse().ok().and_then(WordCount::new).ok_or_else(|| "a phrase has 12, 15, 18, 21 or 24 words".to_owned())
}

pub(super) fn language(value: &str) -> Result<WordList, String> {
    WordList::named(&value.to_lowercase())
        .ok_or_else(|| format!("the lists are {}", WordList::ALL.map(WordList::name).join(", ")))
}

pub(super) fn name_style(value: &str) -> Result<NameStyle, String> {
    NameStyle::ALL
        .into_iter()
        .find(|style| style.name() == value)
        .ok_or_else(|| format!("the styles are {}", NameStyle::ALL.map(NameStyle::name).join(", ")))
}

fn public_key(value: &str) -> Result<Hex<32>, String> {
    Hex::parse(value).ok_or_else(|| "a public key is 64 lower-case hexadecimal digits".to_owned())
}

/// What is known besides the options.
#[derive(Debug)]
pub struct FoundingFacts {
    pub kind: Kind,
    pub is_training: bool,
    /// Where no option names it.
    pub organization: Option<Text>,
    /// The backup that this one takes the place of.
    pub replaces: Option<Replaces>,
}

impl FoundingArguments {
    /// The options that decide about a new backup: all but the place to write to.
    pub fn decisions() -> Vec<Id> {
        let command = Self::augment_args(Command::new(""));
        command.get_arguments().map(|option| option.get_id().clone()).filter(|id| id.as_str() != "out").collect()
    }

    /// What a run without screens writes.
    pub fn outputs(&self) -> Vec<Output<'_>> {
        let out = self.out.as_deref().map(Output::Folder);
        out.into_iter().chain(self.phrases_out.as_deref().map(Output::File)).collect()
    }

    /// What the pages of a plan begin with.
    pub fn proposed(&self) -> ProposedPlan {
        ProposedPlan {
            organization: self.organization.clone(),
            conductor: self.conductor.clone(),
            people: self.shareholders.clone(),
            threshold: self.threshold,
            delivery: self.email.clone(),
            folder: self.out.clone(),
            names: self.names,
            words: self.words,
            language: self.language,
            ..ProposedPlan::default()
        }
    }

    /// Whether the phrases are written to a file, and no screens are needed.
    pub fn writes_phrases(&self) -> bool {
        self.phrases_out.is_some()
    }

    pub fn organization(&self) -> Option<&Text> {
        self.organization.as_ref()
    }

    pub fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    /// Everything that was decided, if nothing is missing and all of it is possible. Nothing is made yet.
    pub fn order(&self, known: FoundingFacts, folders: &OutputFolders) -> Result<FoundingOrder, Failure> {
        let organization = self.organization.clone().or(known.organization);
        let organization = wanted(organization, "--organization NAME")?;
        let people = wanted(self.shareholders.as_deref(), "--shareholders FILE")?;
        let threshold = wanted(self.threshold, "--threshold N")?;
        let delivery = wanted(self.email.clone(), "--email ADDRESS")?;
        let out = wanted(self.out.clone(), "--out DIR")?;
        let phrases_out = wanted(self.phrases_out.clone(), "--phrases-out FILE")?;
        if !known.is_training && !self.i_know_this_writes_phrases {
            return Err(Failure::new(
                Exit::Usage,
                "without screens the phrases of a production backup are written to a file: whoever reads it has them all.",
                match known.kind {
                    Kind::Organization => {
                        "Make the backup on screens: `conclave backup`. Or add --i-know-this-writes-phrases."
                    }
                    Kind::Codes | Kind::Device => "Add --i-know-this-writes-phrases if that is what you want.",
                },
            ));
        }
        let conductor = self.conductor.clone().or_else(|| Text::new("not named"));
        let plan = Plan {
            kind: known.kind,
            conductor: wanted(conductor, "--conductor NAME")?,
            organization,
            is_training: known.is_training,
            shareholders: gathered::people(people).map_err(refused)?,
            names: self.names.unwrap_or_default(),
            threshold,
            delivery,
            form: PhraseForm {
                language: self.language.unwrap_or(WordList::English),
                words: self.words.unwrap_or(WordCount::TWELVE),
            },
        };
        check_threshold(&plan)?;
        let order = FoundingOrder { plan, issuer: self.issuer_public, replaces: known.replaces, out, phrases_out };
        order.check_places(folders)?;
        Ok(order)
    }
}

fn wanted<T>(option: Option<T>, name: &str) -> Result<T, Failure> {
    option.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format_args!("{name} is missing: without screens everything is decided by options."),
            "Nothing was made. Add it; for the screens leave --phrases-out away, on a terminal.",
        )
    })
}

/// A file that is read was not what it should be.
pub fn refused(trouble: Trouble) -> Failure {
    Failure { exit: Exit::Refused, message: trouble.what, hint: trouble.hint }
}

fn check_threshold(plan: &Plan) -> Result<(), Failure> {
    let (rules, threshold, count) = (plan.kind.rules(), plan.threshold, plan.shareholders.len());
    let holders = rules.holder.many;
    let usage = |message: String| Err(Failure::new(Exit::Usage, message, "Nothing was made."));
    match Threshold::of(rules, threshold, count) {
        _ if !rules.allows_count(count) => usage(format!(
            "{} {} not possible: a backup has {}.",
            counted(count, rules.holder.one),
            if count == 1 { "is" } else { "are" },
            rules.count_text()
        )),
        Threshold::One => usage(format!(
            "a threshold of {threshold} would let one person alone open everything: choose {} or more.",
            rules.threshold.start()
        )),
        Threshold::Impossible => usage(format!(
            "a threshold of {threshold} of {count} {holders} is not possible: choose {}.",
            rules.threshold_text(count)
        )),
        Threshold::All | Threshold::Some { .. } => Ok(()),
    }
}

/// A backup that can be made.
#[derive(Debug)]
pub struct FoundingOrder {
    pub plan: Plan,
    issuer: Option<Hex<32>>,
    replaces: Option<Replaces>,
    out: PathBuf,
    phrases_out: PathBuf,
}

impl FoundingOrder {
    /// Before anything is derived in vain; it counts again when the files are written.
    fn check_places(&self, folders: &OutputFolders) -> Result<(), Failure> {
        if files::is_inside(&self.phrases_out, &self.out) {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("{} would be among the files that are given away.", shown(&self.phrases_out)),
                "Nothing was made. Name a file for the phrases that is not in the folder of --out.",
            ));
        }
        look_at_new_folder(&self.out, folders)?;
        Ok(look_at_names(&System, &[&self.phrases_out], folders)?)
    }

    /// Only the screens confirm a backup.
    fn is_unconfirmed(&self) -> bool {
        !self.plan.is_training
    }

    /// The record of this run, from its first line on.
    pub fn record(&self) -> Transcript {
        let now = clock::since_boot();
        let mut record = Transcript::begin(now);
        record.note(now, "begun", transcript::begun(&self.plan, false));
        record
    }

    /// Makes a phrase for each shareholder, seals, and writes all files or none.
    pub fn found(
        &self,
        sealable: Sealable,
        record: Transcript,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<(), Failure> {
        warn_of_exposure(&self.phrases_out, streams);
        let created = super::now()?;
        let plan = SealingPlan::of(&self.plan, self.issuer, self.replaces.clone());
        let plan = SealingPlan { is_unconfirmed: self.is_unconfirmed(), ..plan };
        let mut founding = Founding::begin(plan, &mut OsEntropy)?;
        let phrases = make_phrases(&mut founding, &self.plan)?;
        let snapshot = founding.seal(sealable, created, None, &mut OsEntropy)?;
        let (record_words, notes) = self.write(&snapshot, &phrases, record, folders)?;
        self.say(&snapshot, &record_words, streams);
        for note in notes {
            streams.warn(&format!("Note: {note}"));
        }
        Ok(())
    }

    /// Says the words of the record.
    fn write(
        &self,
        snapshot: &Snapshot,
        phrases: &[Phrase],
        mut record: Transcript,
        folders: &OutputFolders,
    ) -> Result<(String, Vec<String>), Failure> {
        let is_unconfirmed = self.is_unconfirmed();
        let name = if is_unconfirmed { papers::UNCONFIRMED } else { delivery::FILE_NAME };
        let mut others = papers::sheets(&self.plan, &snapshot.section.created.date(), &self.out);
        others.extend(papers::companions(snapshot, &self.plan, is_unconfirmed, &self.out));
        let mut note = |event: &str, facts| record.note(clock::since_boot(), event, facts);
        note("phrases made", serde_json::json!({"count": phrases.len()}));
        note("proved", serde_json::json!({"shares": phrases.len()}));
        note("issued", transcript::issued(snapshot, false));
        let to_sign = [papers::SIGNING_TEXT, papers::SIGNING_PAGE].map(|name| self.out.join(name));
        let paths = others.iter().map(|(path, _)| path.as_path()).chain(to_sign.iter().map(PathBuf::as_path));
        note("companions written", transcript::files(paths, &self.out));
        others.extend(papers::record(&record, &self.plan, is_unconfirmed, &self.out));
        // Phrases without a snapshot open nothing; a snapshot without them would look finished. So it is named last.
        let lines = phrase_lines(phrases);
        let (path, bytes) = (self.out.join(name), layout::to_bytes(snapshot));
        let mut all: Vec<(&Path, &[u8])> = vec![(&self.phrases_out, lines.reveal())];
        all.extend(others.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())));
        all.push((path.as_path(), bytes.as_slice()));
        write_all_below(&System, &self.out, &all, folders)?;
        Ok((record.words(), papers::mail_notes(&others)))
    }

    fn say(&self, snapshot: &Snapshot, record_words: &str, streams: &mut Streams<'_>) {
        let core = &snapshot.core;
        let (threshold, count) = (core.threshold, core.shareholder_count);
        let out = shown(&self.out);
        let what = if self.is_unconfirmed() { "an unconfirmed snapshot" } else { "a training backup" };
        streams.say(&if self.plan.kind.rules().is_opened_alone() {
            format!("{out}: {what} that each of its {} opens.", counted(count, "phrase"))
        } else {
            format!("{out}: {what} that {threshold} of {count} phrases open.")
        });
        streams.say(&format!("Fingerprint: {}", Fingerprint::of(&core.core_digest().0)));
        streams.say(&format!("Digest words: {}", delivery::digest_words(snapshot)));
        streams.say(&format!("Words of the record, to be signed on {}: {record_words}", papers::SIGNING_PAGE));
        streams.say(&format!(
            "The phrases are in {}, not encrypted: whoever reads that file has them all.",
            shown(&self.phrases_out)
        ));
        if let Some(said) = exposure(&self.phrases_out) {
            streams.say(&said);
        }
        if self.is_unconfirmed() {
            streams.say(match self.plan.kind {
                Kind::Organization => {
                    "Nobody has typed a phrase back from paper. Only the screens confirm a backup: `conclave backup --resume FILE`, with all papers."
                }
                Kind::Codes | Kind::Device => {
                    "Nobody has typed a phrase back from paper: let everybody open it once from the paper."
                }
            });
        }
        if core.issuer.is_some() {
            streams.say("It is not signed yet: the issuer signs with `conclave seal FILE --issuer-key F --out NEW`.");
        }
    }
}

/// A new phrase for each shareholder, and what it is derived to; as many at the same time as the machine can.
fn make_phrases(founding: &mut Founding, plan: &Plan) -> Result<Vec<Phrase>, SealingError> {
    let phrases = plan.shareholders.iter().map(|_| Phrase::generate(plan.form, &mut OsEntropy));
    let phrases = phrases.collect::<Result<Vec<_>, _>>()?;
    let mut keys = Vec::with_capacity(phrases.len());
    for chunk in phrases.chunks(at_once(founding.numbers())) {
        keys.extend(cores::for_each(chunk, |phrase| founding.derive(phrase, &ThisMachine)));
    }
    for (number, key) in (1..).zip(keys) {
        let holder = plan.kind.rules().holder.one;
        founding.keep(number, key.ok_or(SealingError::PhraseMissing { holder, number })??);
    }
    Ok(phrases)
}

/// Line N: `N. words`, fit for `recover --phrases`.
pub fn phrase_lines(phrases: &[Phrase]) -> SecretBuffer {
    // Room for 24 words of any list in each line.
    let mut lines = SecretBuffer::with_capacity(phrases.len() * 2048);
    for (number, phrase) in (1..).zip(phrases) {
        let words = Zeroizing::new(phrase.reveal_words().join(" "));
        let written = writeln!(lines, "{number}. {}", words.as_str());
        debug_assert!(written.is_ok(), "there is room for every line");
    }
    lines
}

impl From<SealingError> for Failure {
    fn from(error: SealingError) -> Self {
        let exit = match &error {
            SealingError::Threshold { .. } => Exit::Usage,
            SealingError::Kdf(_) | SealingError::Entropy(_) => Exit::Machine,
            SealingError::TooLarge
            | SealingError::TooMany
            | SealingError::SequenceSpent
            | SealingError::CompactedApart
            | SealingError::MarkNotGenuine => Exit::Refused,
            _ => Exit::NotWritten,
        };
        let hint = match exit {
            Exit::Machine => "Nothing was written. Try again on a machine with 1 GiB of free memory.",
            _ => "Nothing was written.",
        };
        Self::new(exit, format_args!("{error}."), hint)
    }
}
