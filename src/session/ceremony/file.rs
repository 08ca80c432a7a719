//! From the last confirmed phrase to the backup: the file is written as unconfirmed, read again, every phrase is judged against it,
//! all shares are proved and the contents compared. Then alone it gets its name.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::place::{MediumSeen, not_pulled, present};
use super::{Bench, CeremonyWork, not_sealed, not_written, stopped, today, write_all};
use crate::crypto::kdf::Kdf;
use crate::domain::ceremony::PhraseState;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{BoxSource, Contents, Inventory, Sealable, SealedBy, read_records, write_records};
use crate::domain::kind::Kind;
use crate::domain::phrase::Phrase;
use crate::domain::secret::SecretBuffer;
use crate::domain::time::Timestamp;
use crate::effect::{Answer, Issued, NotIssued, Sealed, Trouble};
use crate::machine::files;
use crate::session::papers::{self, UNCONFIRMED};
use crate::session::phrase_judge::{PhraseJudge, PhraseJudgeError};
use crate::session::transcript;
use crate::snapshot::delivery::{self, digest_words};
use crate::snapshot::finding::Finding;
use crate::snapshot::founding::{confirmed, is_same_beside_the_mark};
use crate::snapshot::v1::layout;
use crate::snapshot::v1::limits;
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::v1::read::read;
use crate::snapshot::v1::verdict::Verdict;

/// The file of a ceremony, as it lies at its path.
pub(super) struct WrittenSnapshot {
    pub(super) snapshot: Snapshot,
    pub(super) bytes: Vec<u8>,
    pub(super) path: PathBuf,
    created: Timestamp,
    /// What it becomes, once all is proved: the same without the mark that it is unconfirmed.
    proved: Option<(Snapshot, Vec<u8>)>,
    /// Where phrases are judged against what was read again; it stays when the same bytes go to another medium.
    judge: Option<Box<PhraseJudge>>,
    pub(super) awaits: Awaits,
}

/// What the file is, by what has to come next.
pub(super) enum Awaits {
    /// It is unconfirmed: it has to be read again, best after its medium was away.
    Reading(MediumSeen),
    /// It was read again: every phrase has to be typed against it.
    Phrases,
    /// It is proved: it has to become a backup, and may be one if that was tried and failed.
    Name { is_tried: bool },
    /// It is a backup: what goes with it has to be written.
    Companions,
    /// All is written.
    Nothing,
}

impl WrittenSnapshot {
    fn is_proved(&self) -> bool {
        match self.awaits {
            Awaits::Reading(_) | Awaits::Phrases => false,
            Awaits::Name { .. } | Awaits::Companions | Awaits::Nothing => true,
        }
    }

    pub(super) fn is_backup(&self) -> bool {
        match self.awaits {
            Awaits::Reading(_) | Awaits::Phrases | Awaits::Name { .. } => false,
            Awaits::Companions | Awaits::Nothing => true,
        }
    }

    /// Whether the file of that name is what this one becomes: an attempt to write it may have failed when that was done.
    fn is_named(&self, name: &Path) -> bool {
        let wanted = self.proved.as_ref().map_or(&self.bytes, |(_, bytes)| bytes);
        self.is_proved() && files::read_from_medium(name, limits::CONTAINER).is_ok_and(|bytes| bytes == *wanted)
    }

    /// What lies under that name now is what it becomes, and differs from what was typed against in nothing but the mark.
    fn check_named(&self, name: &Path) -> Result<(), Trouble> {
        let bytes = files::read_from_medium(name, limits::CONTAINER).map_err(|error| Trouble::of(&error))?;
        let again = read(&bytes).ok().and_then(|reading| reading.snapshot()).ok_or_else(altered)?;
        let is_meant = self.proved.as_ref().is_some_and(|(_, wanted)| bytes == *wanted);
        let is_same = is_same_beside_the_mark(&again, &self.snapshot) && !again.anchor.unconfirmed;
        if is_meant && is_same { Ok(()) } else { Err(altered()) }
    }

    /// What was seen of its medium, while it has to be read again.
    pub(super) fn seen(&mut self) -> Option<&mut MediumSeen> {
        match &mut self.awaits {
            Awaits::Reading(seen) => Some(seen),
            Awaits::Phrases | Awaits::Name { .. } | Awaits::Companions | Awaits::Nothing => None,
        }
    }

    /// Where phrases are judged against what was read again.
    fn judge(&mut self) -> Option<&mut PhraseJudge> {
        let is_asked = matches!(self.awaits, Awaits::Phrases);
        self.judge.as_deref_mut().filter(|_| is_asked)
    }
}

impl CeremonyWork {
    pub(super) fn seal(&mut self, bench: &mut Bench<'_>) -> Result<Sealed, Trouble> {
        self.check_open()?;
        if !self.progress.is_all(PhraseState::Confirmed) {
            return Err(Trouble::new(
                "Not every phrase is confirmed yet.",
                "Nothing was written. Go on with the others.",
            ));
        }
        let created = today()?;
        let snapshot = self
            .founding
            .seal(self.sealable.duplicate(), created, None, bench.entropy)
            .map_err(|error| not_sealed(&error))?;
        self.is_here(bench)?;
        self.remove_written(bench)?;
        self.progress.ask_again();
        let bytes = layout::to_bytes(&snapshot);
        let path = self.folder.join(UNCONFIRMED);
        files::write_new(bench.disk, &path, &bytes, bench.folders).map_err(|error| not_written(&error))?;
        let medium = present(self.medium.as_ref());
        self.written = Some(WrittenSnapshot {
            snapshot,
            bytes,
            path: path.clone(),
            created,
            proved: None,
            judge: None,
            awaits: Awaits::Reading(MediumSeen::Always),
        });
        self.progress.seal();
        self.note("file written", json!({"file": UNCONFIRMED}));
        Ok(Sealed { path, medium })
    }

    /// A backup is not made anew.
    pub(super) fn check_open(&self) -> Result<(), Trouble> {
        match &self.written {
            Some(written) if written.is_backup() => {
                Err(Trouble::new("The backup is there already.", "Nothing was written."))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Somebody gets another phrase: the file that was written with the one before counts no more.
    pub(super) fn void_written(&mut self, bench: &Bench<'_>) -> Result<(), Trouble> {
        if self.written.is_some() {
            self.check_open()?;
            self.is_here(bench)?;
            self.remove_written(bench)?;
        }
        Ok(())
    }

    /// What was written is of phrases that count no more, or is written anew: it goes, also where it got its name already and the
    /// medium failed in that very act.
    fn remove_written(&mut self, bench: &Bench<'_>) -> Result<(), Trouble> {
        let Some(written) = &self.written else { return Ok(()) };
        let name = self.folder.join(delivery::FILE_NAME);
        let all = [Some(written.path.clone()), written.is_named(&name).then_some(name)];
        for path in all.iter().flatten().filter(|path| files::is_there(path)) {
            files::remove_file(bench.disk, path, bench.folders)
                .map_err(|error| Trouble::of(&error).and("Nothing confirmed was lost."))?;
        }
        self.written = None;
        Ok(())
    }

    pub(super) fn read_again(&mut self, skips_medium: bool) -> Result<(), Trouble> {
        if let Some(read) = self.read_copy(skips_medium) {
            return read;
        }
        let is_verified_again = self.plan.kind.rules().is_verified_again();
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let was_pulled = *written.seen().ok_or_else(not_written_yet)? == MediumSeen::Back;
        if is_verified_again && !skips_medium && !was_pulled {
            return Err(not_pulled(", which the record will say"));
        }
        let bytes = compare(written)?;
        let reading = read(&bytes).ok().filter(|reading| reading.verdict == Verdict::Intact).ok_or_else(altered)?;
        // What was typed against the same bytes on another medium counts.
        let before = written.judge.take();
        let is_first = before.is_none();
        let mut judge = match before {
            Some(judge) => judge,
            None => Box::new(PhraseJudge::unite(vec![reading], &written.path).map_err(|error| Trouble::of(&error))?),
        };
        // What somebody typed back is judged here, where nobody types once more.
        let keys = self.founding.keys().filter(|_| is_first && !is_verified_again);
        let judged: Vec<Option<u8>> = keys.map(|key| judge.take_derived(key)).collect();
        let verified: Vec<u8> = judged.iter().filter_map(|number| *number).collect();
        if verified.len() != judged.len() {
            return Err(altered());
        }
        written.judge = Some(judge);
        written.awaits = if written.proved.is_some() { Awaits::Name { is_tried: false } } else { Awaits::Phrases };
        self.progress.read_again();
        if is_verified_again {
            self.note("medium", json!({"state": if was_pulled { "pulled" } else { "skipped" }}));
        }
        self.note("read again", json!({}));
        for number in verified {
            self.progress.verify(number);
            self.note("phrase verified", json!({"number": number}));
        }
        Ok(())
    }

    pub(super) fn verify(
        &mut self,
        phrase: &Phrase,
        kdf: &dyn Kdf,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Answer, Trouble> {
        let judge = self.written.as_mut().and_then(WrittenSnapshot::judge).ok_or_else(not_written_yet)?;
        let answer = judge.take(phrase, kdf, is_stopped).map_err(|error| match error {
            PhraseJudgeError::Stopped => stopped(),
            error => Trouble::undone("checked", &error),
        })?;
        if let Answer::Verified { number, .. } = answer {
            self.progress.verify(number);
            self.note("phrase verified", json!({"number": number}));
        }
        Ok(self.named(answer))
    }

    /// Proves everything, gives the file its name, and writes what goes with it. When that last step failed it is asked for again.
    pub(super) fn issue(&mut self, bench: &mut Bench<'_>) -> Result<Issued, NotIssued> {
        self.prove_and_write(bench).map_err(|trouble| NotIssued { trouble, may_be_there: self.may_be_named(bench) })
    }

    /// Whether nobody can see that nothing lies under its name.
    fn may_be_named(&mut self, bench: &Bench<'_>) -> bool {
        let awaits = self.written.as_ref().map(|written| &written.awaits);
        matches!(awaits, Some(Awaits::Name { is_tried: true }))
            && (self.is_here(bench).is_err() || files::is_there(&self.folder.join(delivery::FILE_NAME)))
    }

    fn prove_and_write(&mut self, bench: &mut Bench<'_>) -> Result<Issued, Trouble> {
        if !self.written.as_ref().is_some_and(WrittenSnapshot::is_proved) {
            self.prove(bench)?;
        }
        if !self.written.as_ref().is_some_and(WrittenSnapshot::is_backup) {
            self.name(bench)?;
        }
        let is_here = self.is_here(bench);
        let unconfirmed_left = self.remove_unconfirmed(bench);
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let mut companions = papers::companions(&written.snapshot, &self.plan, false, &self.folder);
        companions.extend(papers::record(&self.transcript, &self.plan, false, &self.folder));
        let all_written = is_here.and_then(|()| match written.awaits {
            Awaits::Nothing => Ok(()),
            Awaits::Reading(_) | Awaits::Phrases | Awaits::Name { .. } | Awaits::Companions => {
                write_all(&self.folder, &companions, bench).map_err(|error| Trouble::of(&error))
            }
        });
        let mut notes = papers::mail_notes(&companions);
        notes.extend(unconfirmed_left);
        let mut paths = vec![written.path.clone()];
        let missing = all_written.err();
        if missing.is_none() {
            written.awaits = Awaits::Nothing;
            paths.extend(companions.into_iter().map(|(path, _)| path));
        }
        let numbers = (1..).take(self.plan.shareholders.len());
        Ok(Issued {
            paths,
            fingerprint: Fingerprint::of(&written.snapshot.core.core_digest().0),
            digest_words: digest_words(&written.snapshot),
            record_words: self.transcript.words(),
            cards: numbers.map(|number| papers::card(&written.snapshot, &self.plan, number, false)).collect(),
            to_sign: papers::to_sign(&self.transcript, &self.plan, false),
            notes,
            missing,
        })
    }

    /// All shares lie on one polynomial that gives the key, and what it opens is what was meant to be sealed.
    fn prove(&mut self, bench: &mut Bench<'_>) -> Result<(), Trouble> {
        if !self.progress.is_all(PhraseState::Verified) {
            return Err(Trouble::new("Not every phrase was typed against the file yet.", "Go on with the others."));
        }
        let refused = |what: &str| {
            Trouble::new(
                format_args!("{what} It is not a backup."),
                "Nothing confirmed was lost. Write the file anew; if it comes again, use another machine.",
            )
        };
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let created = written.created;
        let judge = written.judge().ok_or_else(not_written_yet)?;
        let opened = judge.open().map_err(|error| refused(&format!("{error}.")))?;
        if !judge.proves_all(&opened.wrapping_key) {
            return Err(refused("The shares of all of them do not fit together."));
        }
        // Records that are not understood are sealed as they stood, and compared below; a rotation carries over what nobody confirmed.
        let is_wrong = |finding: &&Finding| finding.is_red() || finding.is_by_others();
        let is_meant = |finding: &Finding| match finding.of_a_kind() {
            Finding::MalformedRecords { .. } | Finding::NotUnderstood { .. } => true,
            Finding::ProposedOrganization { .. } | Finding::PublicOrganization { .. } => {
                !self.sealable.carried.is_empty()
            }
            finding => finding.names_an_item() && !self.sealable.carried.is_empty(),
        };
        if let Some(finding) = opened.findings.iter().filter(is_wrong).find(|finding| !is_meant(finding)) {
            return Err(refused(&finding.to_string()));
        }
        let expected = expected(judge.backup.core().kind, &self.sealable, created)
            .ok_or_else(|| refused("The contents cannot be read."))?;
        let sealed = Contents::of(&opened.inventory).to_json();
        if expected.reveal() != sealed.reveal() {
            return Err(refused("The contents of the file are not those that were to be sealed."));
        }
        let proved = confirmed(&written.snapshot, &opened.wrapping_key, bench.entropy)
            .map_err(|error| refused(&format!("{error}.")))?;
        let bytes = layout::to_bytes(&proved);
        written.proved = Some((proved, bytes));
        written.awaits = Awaits::Name { is_tried: false };
        self.note("proved", json!({"shares": self.progress.people()}));
        Ok(())
    }

    /// From now on it is a backup: without the mark that it is unconfirmed it is written under its name, and read from the medium.
    fn name(&mut self, bench: &Bench<'_>) -> Result<(), Trouble> {
        self.is_here(bench)?;
        let name = self.folder.join(delivery::FILE_NAME);
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let (_, bytes) = written.proved.as_ref().ok_or_else(not_written_yet)?;
        // An earlier attempt may have written it and failed afterwards, or left it beside the unconfirmed one.
        if !written.is_named(&name) {
            compare(written)?;
            written.awaits = Awaits::Name { is_tried: true };
            files::write_new(bench.disk, &name, bytes, bench.folders).map_err(|error| not_written(&error))?;
            if let Err(trouble) = written.check_named(&name) {
                let _ = files::remove_file(bench.disk, &name, bench.folders);
                return Err(trouble);
            }
        }
        if let Some((snapshot, bytes)) = written.proved.take() {
            (written.snapshot, written.bytes) = (snapshot, bytes);
        }
        written.path = name;
        written.awaits = Awaits::Companions;
        let facts = transcript::issued(&written.snapshot, true);
        self.progress.issue();
        self.note("issued", facts);
        Ok(())
    }

    /// The backup is there: beside it the unconfirmed file would only mislead. Says what has to be known if it stays.
    fn remove_unconfirmed(&self, bench: &Bench<'_>) -> Option<String> {
        let path = self.folder.join(UNCONFIRMED);
        if files::is_there(&path) {
            let _ = files::remove_file(bench.disk, &path, bench.folders);
        }
        files::is_there(&path)
            .then(|| format!("{UNCONFIRMED} could not be deleted. It is no backup: delete it, and send it to nobody."))
    }
}

/// The file as it is on the medium now, if it is the one that was written.
fn compare(written: &WrittenSnapshot) -> Result<Vec<u8>, Trouble> {
    let bytes = files::read_from_medium(&written.path, limits::CONTAINER)
        .map_err(|error| Trouble::of(&error).and("Nothing confirmed was lost."))?;
    if bytes == written.bytes { Ok(bytes) } else { Err(altered()) }
}

/// What an opening has to give.
fn expected(kind: Kind, sealable: &Sealable, created: Timestamp) -> Option<SecretBuffer> {
    Some(Contents::of(&contents(kind, sealable, created)?).to_json())
}

/// What is to be sealed, as it will be opened.
pub(super) fn contents(kind: Kind, sealable: &Sealable, created: Timestamp) -> Option<Inventory> {
    let Sealable { records, carried } = sealable.duplicate();
    let mut inventory = Inventory::of(kind);
    for (position, sealed_by, records) in [(1, SealedBy::Quorum, records), (2, SealedBy::Public, carried)] {
        let plaintext = write_records(records);
        let entries = read_records(kind, plaintext.reveal()).ok()?;
        inventory.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
    }
    inventory.finish();
    Some(inventory)
}

pub(super) fn not_written_yet() -> Trouble {
    Trouble::new("The file is not there to be checked.", "Go back to the board, and write it.")
}

pub(super) fn altered() -> Trouble {
    Trouble::new(
        "What was read is not what was written: the medium may be failing, or it is another file.",
        "Nothing confirmed was lost. Put the right medium back; or take another one (p), or write the file anew (w).",
    )
}
