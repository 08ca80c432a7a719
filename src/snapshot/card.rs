//! The public card of a shareholder: what to compare the file with, kept apart from the phrase. Never a phrase.

use super::paper::{Paper, PaperPart};
use super::v1::model::{Replaces, ShareholderLabel, Snapshot};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::text::Text;

/// The card as text, for a shareholder as the file names them.
pub fn text(snapshot: &Snapshot, shareholder: &ShareholderLabel) -> String {
    paper(snapshot, shareholder.number, &shareholder.name, false).to_text()
}

/// The card of shareholder `number`, who may be named otherwise than in the file.
pub fn paper(snapshot: &Snapshot, number: u8, name: &Text, is_unconfirmed: bool) -> Paper {
    let core = &snapshot.core;
    let holder = &core.kind.rules().holder;
    let mut parts = Vec::new();
    if core.purpose.is_training() {
        parts.push(PaperPart::Warning("TRAINING CARD: this backup protects nothing.".into()));
    }
    if is_unconfirmed {
        let what =
            format!("UNCONFIRMED: no {} has typed a phrase back from paper. Do not rely on this backup.", holder.one);
        parts.push(PaperPart::Warning(what.into()));
    }
    let mut facts = vec![
        (holder.label, format!("{number} ({name})")),
        ("Organization", snapshot.labels.organization().map_or_else(String::new, ToString::to_string)),
        ("Backup made", snapshot.section.created.date()),
        ("Backup id", core.backup_id.to_string()),
        ("Opens with", core.kind.rules().quorum_text(core.threshold, core.shareholder_count.into())),
    ];
    facts.extend(snapshot.labels.delivery().map(|address| ("E-mailed to", address.to_string())));
    parts.push(PaperPart::Facts(facts));
    if snapshot.labels.delivery().is_some() {
        let day = "The address is that of the day on which the backup was made; it can be changed later.";
        parts.push(PaperPart::Paragraph(day.into()));
    }
    parts.extend(core.replaces.as_ref().map(|old| PaperPart::Paragraph(replaced(old).into())));
    parts.extend([
        PaperPart::Paragraph("Fingerprint of the backup:".into()),
        PaperPart::Words(Fingerprint::of(&core.core_digest().0).words()),
        PaperPart::Paragraph(
            "To recover: on a computer without network, start Conclave, open the newest snapshot from the backup e-mail, \
             compare the fingerprint with this card, and type your recovery phrase from your own paper."
                .into(),
        ),
        PaperPart::Fill("The program and the e-mail are kept at"),
        PaperPart::Paragraph("This card is not secret. Your phrase does not belong on it.".into()),
    ]);
    Paper { title: "CONCLAVE PUBLIC CARD", parts }
}

/// Which card in the drawer this one takes the place of. Cards of earlier versions have no backup id: the words tell as well.
fn replaced(old: &Replaces) -> String {
    format!(
        "This card replaces the card of backup {}, whose fingerprint begins with: {}. That one is only for files of the \
         backup before, which its phrases still open.",
        old.backup_id,
        old.first_words()
    )
}
