//! From the last confirmed phrase to the backup: the file is written as unconfirmed, read again, every phrase is judged against it,
//! all shares are proved and the contents compared. Then alone it gets its name.

use serde_json::json;

use super::place::{MediumSeen, not_pulled, present};
use super::resume::{has_public_boxes, proved_before};
use super::written::{Awaits, WrittenSnapshot};
use super::{Bench, CeremonyWork, FileOf, not_sealed, not_written, stopped, today, write_all};
use crate::crypto::kdf::Kdf;
use crate::domain::ceremony::PhraseState;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{
    BoxSource, Contents, Counts, Inventory, Sealable, SealedBy, read_records, write_records,
};
use crate::domain::kind::Kind;
use crate::domain::phrase::Phrase;
use crate::domain::secret::SecretBuffer;
use crate::domain::text::counted;
use crate::domain::time::Timestamp;
use crate::effect::{Answer, Issued, NotIssued, Sealed, Trouble};
use crate::machine::files;
use crate::session::gathered::Gathered;
use crate::session::papers::{self, UNCONFIRMED};
use crate::session::phrase_judge::{PhraseJudge, PhraseJudgeError};
use crate::session::transcript;
use crate::snapshot::delivery::{self, digest_words};
use crate::snapshot::finding::Finding;
use crate::snapshot::founding::confirmed;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::read::read;
use crate::snapshot::v1::verdict::Verdict;

/// Of a backup with an issuer: the mark that nobody has typed a phrase is gone, and so is the signature over it.
const NOT_SIGNED: &str =
    "It is not signed yet: the issuer signs with `conclave seal FILE --issuer-key F --out NEW`. Send what comes out.";

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
        let made = self.of.made()?;
        let snapshot = made
            .founding
            .seal(made.sealable.duplicate(), created, None, bench.entropy)
            .map_err(|error| not_sealed(&error))?;
        self.is_here(bench)?;
        self.remove_written(bench)?;
        self.progress.ask_again();
        let bytes = layout::to_bytes(&snapshot);
        let path = self.folder.join(UNCONFIRMED);
        files::write_new(bench.disk, &path, &bytes, bench.folders).map_err(|error| not_written(&error))?;
        let medium = present(self.medium.as_ref());
        self.written = Some(WrittenSnapshot::of(snapshot, bytes, path.clone(), false));
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
        let is_verified_again = self.is_verified_again();
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let was_pulled = *written.seen().ok_or_else(not_written_yet)? == MediumSeen::Back;
        if is_verified_again && !skips_medium && !was_pulled {
            return Err(not_pulled(", which the record will say"));
        }
        let bytes = written.compare()?;
        let reading = read(&bytes).ok().filter(|reading| reading.verdict == Verdict::Intact);
        let reading = reading.ok_or_else(|| written.altered())?;
        // What was typed against the same bytes on another medium counts.
        let before = written.judge.take();
        let is_first = before.is_none();
        let mut judge = match before {
            Some(judge) => judge,
            None => Box::new(PhraseJudge::unite(vec![reading], &written.path).map_err(|error| Trouble::of(&error))?),
        };
        // What somebody typed back is judged here, where nobody types once more.
        let judged: Vec<Option<u8>> = match &self.of {
            FileOf::This(made) if is_first && !is_verified_again => {
                made.founding.keys().map(|key| judge.take_derived(key)).collect()
            }
            FileOf::This(_) | FileOf::Earlier => Vec::new(),
        };
        let verified: Vec<u8> = judged.iter().filter_map(|number| *number).collect();
        if verified.len() != judged.len() {
            return Err(written.altered());
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
    /// Of a file that an earlier ceremony wrote the contents are compared with what is `gathered`.
    pub(super) fn issue(&mut self, gathered: &mut Gathered, bench: &mut Bench<'_>) -> Result<Issued, NotIssued> {
        self.prove_and_write(gathered, bench)
            .map_err(|trouble| NotIssued { trouble, may_be_there: self.may_be_named(bench) })
    }

    /// Whether nobody can see that nothing lies under its name.
    fn may_be_named(&mut self, bench: &Bench<'_>) -> bool {
        let awaits = self.written.as_ref().map(|written| &written.awaits);
        matches!(awaits, Some(Awaits::Name { is_tried: true }))
            && (self.is_here(bench).is_err() || files::is_there(&self.folder.join(delivery::FILE_NAME)))
    }

    fn prove_and_write(&mut self, gathered: &mut Gathered, bench: &mut Bench<'_>) -> Result<Issued, Trouble> {
        if !self.written.as_ref().is_some_and(WrittenSnapshot::is_proved) {
            self.prove(gathered, bench)?;
        }
        if !self.written.as_ref().is_some_and(WrittenSnapshot::is_backup) {
            self.name(bench)?;
        }
        let is_here = self.is_here(bench);
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
        let mut paths = vec![written.path.clone()];
        let missing = all_written.err();
        if missing.is_none() {
            written.awaits = Awaits::Nothing;
            paths.extend(companions.into_iter().map(|(path, _)| path));
        }
        // Not before: where a machine dies while they are written, that file is what can be gone on with.
        notes.extend(written.remove_unconfirmed(&self.folder, bench));
        if self.progress.is_resumed() && written.snapshot.core.issuer.is_some() {
            notes.push(NOT_SIGNED.to_owned());
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
            is_compared: written.is_compared,
        })
    }

    /// All shares lie on one polynomial that gives the key, and what it opens is what was meant to be sealed.
    fn prove(&mut self, gathered: &mut Gathered, bench: &mut Bench<'_>) -> Result<(), Trouble> {
        if !self.progress.is_all(PhraseState::Verified) {
            return Err(Trouble::new("Not every phrase was typed against the file yet.", "Go on with the others."));
        }
        let is_resumed = self.progress.is_resumed();
        let refused = |what: &str| {
            let hint = if is_resumed {
                "Nothing was changed. Make a new backup; the papers of this file are void then."
            } else {
                "Nothing confirmed was lost. Write the file anew; if it comes again, use another machine."
            };
            Trouble::new(format_args!("{what} It is not a backup."), hint)
        };
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        let created = written.snapshot.section.created;
        let judge = written.judge().ok_or_else(not_written_yet)?;
        let opened = judge.open().map_err(|error| refused(&format!("{error}.")))?;
        if !judge.proves_all(&opened.wrapping_key) {
            return Err(refused("The shares of all of them do not fit together."));
        }
        let has_carried = match &self.of {
            FileOf::This(made) => !made.sealable.carried.is_empty(),
            FileOf::Earlier => has_public_boxes(&written.snapshot),
        };
        // Records that are not understood are sealed as they stood, and compared below; a rotation carries over what nobody confirmed.
        let is_wrong = |finding: &&Finding| finding.is_red() || finding.is_by_others();
        let is_meant = |finding: &Finding| match finding.of_a_kind() {
            Finding::MalformedRecords { .. } | Finding::NotUnderstood { .. } => true,
            Finding::ProposedOrganization { .. } | Finding::PublicOrganization { .. } => has_carried,
            // The issuer signs what is confirmed.
            Finding::SignatureMissing { .. } => is_resumed,
            finding => finding.names_an_item() && has_carried,
        };
        if let Some(finding) = opened.findings.iter().filter(is_wrong).find(|finding| !is_meant(finding)) {
            return Err(refused(&finding.to_string()));
        }
        let is_compared = match &self.of {
            FileOf::This(made) => {
                let expected = expected(self.plan.kind, &made.sealable, created)
                    .ok_or_else(|| refused("The contents cannot be read."))?;
                if expected.reveal() != Contents::of(&opened.inventory).to_json().reveal() {
                    return Err(refused("The contents of the file are not those that were to be sealed."));
                }
                true
            }
            FileOf::Earlier => {
                let is_compared = gathered.is_any();
                if is_compared {
                    gathered.know_created(&opened.inventory);
                    let records = gathered.records(&self.plan.organization, bench.entropy)?;
                    let expected = expected(self.plan.kind, &records.into(), created);
                    let sealed = Contents::of(&opened.inventory).to_json();
                    if expected.is_none_or(|expected| expected.reveal() != sealed.reveal()) {
                        return Err(not_the_inventory(gathered, &opened.inventory));
                    }
                }
                is_compared
            }
        };
        if is_resumed {
            self.note("contents", json!({"compared": is_compared}));
        }
        let written = self.written.as_mut().ok_or_else(not_written_yet)?;
        written.is_compared = is_compared;
        let name = self.folder.join(delivery::FILE_NAME);
        let judge = written.judge.as_deref().filter(|_| is_resumed);
        let before = judge.and_then(|judge| proved_before(&name, &written.snapshot, judge));
        let (proved, bytes) = if let Some(before) = before {
            before
        } else {
            let proved = confirmed(&written.snapshot, &opened.wrapping_key, bench.entropy)
                .map_err(|error| refused(&format!("{error}.")))?;
            let bytes = layout::to_bytes(&proved);
            (proved, bytes)
        };
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
            written.compare()?;
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

/// What the papers open is not what the files say that it was to be.
fn not_the_inventory(gathered: &Gathered, opened: &Inventory) -> Trouble {
    let said = |counts: Counts| {
        let Counts { keys, vaults, accounts, .. } = counts;
        format!("{}, {}, {}", counted(keys, "key"), counted(vaults, "vault"), counted(accounts, "account"))
    };
    let Counts { keys, .. } = gathered.facts().counts;
    let keys = keys + if gathered.facts().creates_keys { 2 } else { 0 };
    let (file, files) = (said(opened.counts()), said(Counts { keys, ..gathered.facts().counts }));
    Trouble::new(
        format_args!("What the file holds ({file}) is not what it is compared with ({files})."),
        "Nothing was changed, and nobody has to type again. n drops what it is compared with; then name the right inventory (i), or say that it has new master keys (k), or go on without comparing: the record says so.",
    )
}

pub(super) fn not_written_yet() -> Trouble {
    Trouble::new("The file is not there to be checked.", "Go back to the board, and write it.")
}
