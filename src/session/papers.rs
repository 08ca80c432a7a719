//! What is written beside a snapshot, and the blank sheets before it. None ever holds a phrase or another secret.

use std::path::{Path, PathBuf};

use crate::domain::ceremony::{Plan, UNCONFIRMED_PREFIX};
use crate::domain::codes;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::Inventory;
use crate::domain::text::{Safe, capital};
use crate::machine::files::shown;
use crate::session::transcript::Transcript;
use crate::session::transcript::attestation::Attestation;
use crate::session::transcript::chain::RecordChain;
use crate::snapshot::paper::{Paper, PaperPart, page};
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::{card, delivery};

/// The name of a snapshot that was not confirmed on screens.
pub const UNCONFIRMED: &str = "UNCONFIRMED-snapshot.json";
/// The record of what happened, and the page that people sign: what makes it more than what anybody could write.
pub const RECORD: &str = "record.jsonl";
pub const SIGNING_TEXT: &str = "record-to-sign.txt";
pub const SIGNING_PAGE: &str = "record-to-sign.html";

/// The names of what [`companions`] and [`record`] write into a folder, beside the snapshot.
pub const NAMES: [&str; 6] = [CARDS, MAIL, FINGERPRINT, RECORD, SIGNING_TEXT, SIGNING_PAGE];
const CARDS: &str = "cards";
const MAIL: &str = "snapshot.eml";
const FINGERPRINT: &str = "fingerprint.txt";

/// Blank sheets for the phrases: one text file each, and one page with all of them to print.
pub fn sheets(plan: &Plan, date: &str, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let papers: Vec<Paper> = numbers(plan).map(|number| sheet(plan, date, number)).collect();
    files(&folder.join("sheets"), "sheets.html", "Phrase sheets", &papers)
}

/// Neither name nor organization stands on it: who finds it shall not learn what it opens.
fn sheet(plan: &Plan, date: &str, number: u8) -> Paper {
    let mut parts = Vec::new();
    if plan.is_training {
        parts.push(PaperPart::Warning("TRAINING SHEET: its phrase protects nothing.".into()));
    }
    parts.extend([
        PaperPart::Facts(vec![
            ("Date", date.to_owned()),
            (plan.kind.rules().holder.label, number.to_string()),
            ("Words", plan.form.words.words().to_string()),
        ]),
        PaperPart::Paragraph(
            "Write one word on each line, in order, readable for yourself in ten years. Use a pen.".into(),
        ),
        PaperPart::Blanks(plan.form.words.words()),
        PaperPart::Warning(
            "Never on a computer, never a photograph, never in an e-mail. Share it with nobody. Store it safely."
                .into(),
        ),
        PaperPart::Paragraph("If the backup is given up before it is done, write VOID across this sheet.".into()),
    ]);
    Paper { title: "RECOVERY PHRASE", parts }
}

/// Which accounts want new codes. It names them, and holds no code.
pub fn checklist(inventory: &Inventory, date: &str) -> Vec<u8> {
    let lines = codes::checklist(inventory).join("\n");
    format!("{}\n{date}\n\n{}\n\n{lines}\n", Safe(inventory.organization()), codes::WHO_LEFT).into_bytes()
}

/// The e-mail, the public cards (text, and one page to print) and the fingerprint, to be written beside the snapshot.
pub fn companions(snapshot: &Snapshot, plan: &Plan, is_unconfirmed: bool, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let prefix = if is_unconfirmed { UNCONFIRMED_PREFIX } else { "" };
    let papers: Vec<Paper> = numbers(plan).map(|number| card_paper(snapshot, plan, number, is_unconfirmed)).collect();
    let mut all = files(&folder.join(CARDS), "cards.html", "Public cards", &papers);
    all.push((folder.join(format!("{prefix}{MAIL}")), delivery::mail_as(snapshot, is_unconfirmed)));
    all.push((folder.join(FINGERPRINT), fingerprint(snapshot, is_unconfirmed).into_bytes()));
    all
}

/// More than many mail servers take.
const MAIL_LIMIT: usize = 20_000_000;

/// What has to be said of e-mails that are written: many servers refuse large ones, and some say so to nobody.
pub fn mail_notes(files: &[(PathBuf, Vec<u8>)]) -> Vec<String> {
    let is_mail = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"));
    let large = files.iter().filter(|(path, bytes)| is_mail(path) && bytes.len() > MAIL_LIMIT);
    let said = |(path, bytes): &(PathBuf, Vec<u8>)| {
        // Rounded up: 20.0 MB would be said of one that is over 20 MB.
        let tenths = bytes.len().div_ceil(100_000);
        format!(
            "The e-mail {} has {}.{} MB, and many mail servers refuse more than 20 to 25 MB. Send the .json packed (.json.gz and .zip are read too), or carry it on a medium; and ask whether it arrived.",
            shown(path),
            tenths / 10,
            tenths % 10
        )
    };
    large.map(said).collect()
}

/// The public card of a shareholder as text, also for copying by hand.
pub fn card(snapshot: &Snapshot, plan: &Plan, number: u8, is_unconfirmed: bool) -> String {
    card_paper(snapshot, plan, number, is_unconfirmed).to_text()
}

/// The record, and the page to sign it on. The record ends with what is in `transcript`.
pub fn record(transcript: &Transcript, plan: &Plan, is_unconfirmed: bool, folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paper = signing_paper(transcript, plan, is_unconfirmed);
    let text = paper.to_text().into_bytes();
    let all = [
        (RECORD, transcript.to_bytes()),
        (SIGNING_TEXT, text),
        (SIGNING_PAGE, page("Record to sign", &[paper]).into_bytes()),
    ];
    all.map(|(name, bytes)| (folder.join(name), bytes)).into()
}

/// The page that people sign, also for copying by hand.
pub fn to_sign(transcript: &Transcript, plan: &Plan, is_unconfirmed: bool) -> String {
    signing_paper(transcript, plan, is_unconfirmed).to_text()
}

/// It says what the record says, as whoever checks the record will read it; people sign with their full names.
fn signing_paper(transcript: &Transcript, plan: &Plan, is_unconfirmed: bool) -> Paper {
    let mut parts = Vec::new();
    if plan.is_training {
        parts.push(PaperPart::Warning("TRAINING RECORD: this backup protects nothing.".into()));
    }
    if is_unconfirmed {
        let who = plan.kind.rules().holder.one;
        let what = format!("UNCONFIRMED: no {who} has typed a phrase back from paper. Do not rely on this backup.");
        parts.push(PaperPart::Warning(what.into()));
    }
    let attestation =
        RecordChain::read(&transcript.to_bytes()).map(|chain| Attestation::of(&chain)).unwrap_or_default();
    parts.extend([
        PaperPart::Facts(attestation.facts),
        PaperPart::Paragraph("Words of the record, which is the file record.jsonl:".into()),
        PaperPart::Words(transcript.word_list()),
        PaperPart::Paragraph(
            "Who signs attests that these words were shown when the backup was made, and that what stands above is what \
             happened. Whoever has the file can write another record; with these words on signed paper everybody can \
             tell. To check it:"
                .into(),
        ),
        PaperPart::Command("conclave transcript verify record.jsonl --words \"these eight words\""),
        PaperPart::Paragraph("Keep this page apart from the file. It holds no secret.".into()),
        PaperPart::Signature(format!("Conductor ({})", plan.conductor)),
    ]);
    parts.extend(numbers(plan).map(|number| PaperPart::Signature(capital(&plan.title(number)))));
    Paper { title: "CONCLAVE RECORD TO SIGN", parts }
}

fn card_paper(snapshot: &Snapshot, plan: &Plan, number: u8, is_unconfirmed: bool) -> Paper {
    let person = usize::from(number).checked_sub(1).and_then(|index| plan.shareholders.get(index));
    let name = person.map_or(&plan.organization, |person| &person.name);
    card::paper(snapshot, number, name, is_unconfirmed)
}

/// The words alone in the first line, for programs; then what they are.
fn fingerprint(snapshot: &Snapshot, is_unconfirmed: bool) -> String {
    let core = &snapshot.core;
    let unconfirmed = if is_unconfirmed { "This snapshot is UNCONFIRMED.\n" } else { "" };
    format!(
        "{}\n\n{unconfirmed}The fingerprint of backup {}, as it stands on the public cards.\n\
         It is the same for every snapshot of this backup. It is not secret. Keep it apart from\nthe snapshots: it tells whether one of them is genuine.\n",
        Fingerprint::of(&core.core_digest().0),
        core.backup_id,
    )
}

fn numbers(plan: &Plan) -> impl Iterator<Item = u8> {
    1..=u8::try_from(plan.shareholders.len()).unwrap_or(u8::MAX)
}

/// `1.txt`, `2.txt` and so on, and the page with all of them.
fn files(folder: &Path, page_name: &str, title: &str, papers: &[Paper]) -> Vec<(PathBuf, Vec<u8>)> {
    let texts = (1..)
        .zip(papers)
        .map(|(number, paper): (u32, _)| (folder.join(format!("{number}.txt")), paper.to_text().into_bytes()));
    let mut all: Vec<_> = texts.collect();
    all.push((folder.join(page_name), page(title, papers).into_bytes()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_servers_refuse_is_named_with_its_size_and_no_other_file_is() {
        let file = |name: &str, bytes: usize| (PathBuf::from(name), vec![0; bytes]);
        assert_eq!(mail_notes(&[file("a.eml", MAIL_LIMIT), file("b.json", MAIL_LIMIT + 1)]), [""; 0]);
        let notes = mail_notes(&[file("c.EML", MAIL_LIMIT + 1)]);
        assert!(matches!(notes.as_slice(), [note] if note.starts_with("The e-mail c.EML has 20.1 MB")), "{notes:?}");
    }
}
