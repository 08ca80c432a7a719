//! The public card of a shareholder: what to keep beside the phrase, and what to compare the file with. Never a phrase.

use super::v1::model::{ShareholderLabel, Snapshot};
use crate::domain::fingerprint::Fingerprint;

/// The card as text.
pub fn text(snapshot: &Snapshot, shareholder: &ShareholderLabel) -> String {
    let core = &snapshot.core;
    let words = Fingerprint::of(&core.core_digest().0).words();
    let mut numbered = String::new();
    for (index, line) in words.chunks(4).enumerate() {
        let words: Vec<String> =
            line.iter().enumerate().map(|(column, word)| format!("{:>2} {word:<12}", index * 4 + column + 1)).collect();
        numbered.push_str("  ");
        numbered.push_str(words.join(" ").trim_end());
        numbered.push('\n');
    }
    let training =
        if core.purpose.name() == "training" { "TRAINING CARD: this backup protects nothing.\n\n" } else { "" };
    format!(
        "CONCLAVE PUBLIC CARD\n\n{training}\
         Shareholder:  {} ({})\n\
         Organization: {}\n\
         Backup made:  {}\n\
         Opens with:   any {} of {} shareholders\n\n\
         Fingerprint of the backup:\n{numbered}\n\
         To recover: on a computer without network, start Conclave, open the newest\n\
         snapshot from the backup e-mail, compare the fingerprint with this card, and\n\
         type your recovery phrase from your own paper.\n\n\
         This card is not secret. Your phrase does not belong on it.\n",
        shareholder.number,
        shareholder.name,
        snapshot.labels.organization,
        snapshot.section.created.date(),
        core.threshold,
        core.shareholder_count,
    )
}
