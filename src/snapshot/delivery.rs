//! The forms in which a snapshot is sent: an e-mail with the file attached, and a zip archive. No secret is in either.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use data_encoding::BASE64;
use zip::write::SimpleFileOptions;

use super::v1::layout;
use super::v1::model::Snapshot;
use crate::domain::fingerprint::{Fingerprint, words};

pub const FILE_NAME: &str = "snapshot.json";
/// Base64 characters a line (RFC 2045, section 6.8).
const LINE: usize = 76;

/// The four words that stand for this very file: of the first four bytes of its section's digest.
pub fn digest_words(snapshot: &Snapshot) -> String {
    let digest = snapshot.section.digest();
    words(digest.0.first_chunk::<4>().unwrap_or(&[0; 4])).join(" ")
}

/// An e-mail (RFC 5322, MIME) to the backup address. `date` is of RFC 5322 and comes from the clock of whoever sends it;
/// it is left to the mail program here.
pub fn mail(snapshot: &Snapshot) -> Vec<u8> {
    // Base64 of random bytes would do as well; a name with a dot and underscore cannot occur in base64.
    let boundary = format!("=_conclave.{}", snapshot.section.id);
    let core = &snapshot.core;
    let mut mail = String::new();
    let training = if core.purpose.name() == "training" { "TRAINING: " } else { "" };
    let lines = [
        format!("To: {}", header_text(snapshot.labels.delivery.raw())),
        format!("Subject: {training}Conclave snapshot {} of backup {}", snapshot.section.sequence, core.backup_id),
        "MIME-Version: 1.0".to_owned(),
        format!("Content-Type: multipart/mixed; boundary=\"{boundary}\""),
        String::new(),
        format!("--{boundary}"),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        "Content-Transfer-Encoding: 7bit".to_owned(),
        String::new(),
        "The attached snapshot.json holds encrypted keys and recovery codes. Keep this e-mail.".to_owned(),
        format!(
            "To open it, {} of {} shareholders bring their recovery phrases.",
            core.threshold, core.shareholder_count
        ),
        "Never type or send a recovery phrase in answer to an e-mail.".to_owned(),
        String::new(),
        format!("Sequence: {}", snapshot.section.sequence),
        format!("Created: {}", snapshot.section.created),
        format!("Digest words: {}", digest_words(snapshot)),
        format!("Fingerprint: {}", Fingerprint::of(&core.core_digest().0)),
        String::new(),
        format!("--{boundary}"),
        format!("Content-Type: application/json; name=\"{FILE_NAME}\""),
        "Content-Transfer-Encoding: base64".to_owned(),
        format!("Content-Disposition: attachment; filename=\"{FILE_NAME}\""),
        String::new(),
    ];
    for line in lines {
        let _ = write!(mail, "{line}\r\n");
    }
    let attachment = BASE64.encode(&layout::to_bytes(snapshot));
    for (index, character) in attachment.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            mail.push_str("\r\n");
        }
        mail.push(character);
    }
    let _ = write!(mail, "\r\n--{boundary}--\r\n");
    mail.into_bytes()
}

/// A zip archive with the one file.
pub fn archive(snapshot: &Snapshot) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(FILE_NAME, SimpleFileOptions::default())?;
    writer.write_all(&layout::to_bytes(snapshot))?;
    Ok(writer.finish()?.into_inner())
}

/// Header text can hold no line end, and only ASCII without encoding it.
fn header_text(text: &str) -> String {
    text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}
