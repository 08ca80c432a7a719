//! The forms in which a snapshot is sent: an e-mail with the file attached, and a zip archive. No secret is in either.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use data_encoding::BASE64;
use zip::write::SimpleFileOptions;

use super::v1::layout;
use super::v1::model::Snapshot;
use crate::domain::ceremony::UNCONFIRMED_PREFIX;
use crate::domain::email::sendable;
use crate::domain::fingerprint::words;
use crate::domain::inventory::Collection;
use crate::domain::text::Text;

pub const FILE_NAME: &str = "snapshot.json";
/// Base64 characters a line (RFC 2045, section 6.8).
const LINE: usize = 76;

/// The four words that stand for this very file: of the first four bytes of its section's digest.
pub fn digest_words(snapshot: &Snapshot) -> String {
    let digest = snapshot.section.digest();
    words(digest.0.first_chunk::<4>().unwrap_or(&[0; 4])).join(" ")
}

/// An e-mail (RFC 5322, MIME) to the backup address. It is a draft: who it is from and when it was sent says the mail program of
/// whoever sends it (`X-Unsent` makes some programs open it for that).
pub fn mail(snapshot: &Snapshot) -> Vec<u8> {
    mail_as(snapshot, false)
}

/// The same, also of a snapshot whose ceremony did not confirm it; then its subject, its text and the name of the file say so.
pub fn mail_as(snapshot: &Snapshot, is_unconfirmed: bool) -> Vec<u8> {
    // Characters that cannot occur in base64, and nothing of the text begins so.
    let boundary = format!("=_conclave.{}", snapshot.section.id);
    let core = &snapshot.core;
    let rules = core.kind.rules();
    let (holder, has_keys) = (&rules.holder, rules.takes.contains(&Collection::Keys));
    let training = if core.purpose.is_training() { "TRAINING: " } else { "" };
    let (unconfirmed, file_name) = if is_unconfirmed {
        ("UNCONFIRMED: ", format!("{UNCONFIRMED_PREFIX}{FILE_NAME}"))
    } else {
        ("", FILE_NAME.to_owned())
    };
    let mut lines = vec![
        format!("To: {}", header_address(snapshot.labels.delivery().map_or("", Text::raw))),
        format!("Subject: {unconfirmed}{training}Conclave snapshot {}", snapshot.section.sequence),
        format!(" of backup {}", core.backup_id),
        "X-Unsent: 1".to_owned(),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: multipart/mixed;".to_owned(),
        format!(" boundary=\"{boundary}\""),
        String::new(),
        format!("--{boundary}"),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        "Content-Transfer-Encoding: 7bit".to_owned(),
        String::new(),
    ];
    if is_unconfirmed {
        lines.push(format!("UNCONFIRMED: no {} has typed a phrase back from paper.", holder.one));
        lines.push("Do not rely on this snapshot.".to_owned());
        lines.push(String::new());
    }
    lines.extend([
        format!("The attached {file_name} holds {}", if has_keys { "encrypted keys and" } else { "encrypted" }),
        "recovery codes. Keep this e-mail.".to_owned(),
        if rules.is_opened_alone() {
            format!("To open it, {} is enough.", rules.quorum_text(core.threshold, core.shareholder_count.into()))
        } else {
            format!(
                "To open it, {} of {} {} bring their recovery phrases.",
                core.threshold, core.shareholder_count, holder.many
            )
        },
        "Never type or send a recovery phrase in answer to an e-mail.".to_owned(),
        "The fingerprint of the backup stands on the public cards. It is not".to_owned(),
        "here: who sends another file could send other words with it.".to_owned(),
        String::new(),
        format!("Sequence: {}", snapshot.section.sequence),
        format!("Created: {}", snapshot.section.created),
        format!("Digest words: {}", digest_words(snapshot)),
        String::new(),
        format!("--{boundary}"),
        format!("Content-Type: application/json; name=\"{file_name}\""),
        "Content-Transfer-Encoding: base64".to_owned(),
        format!("Content-Disposition: attachment; filename=\"{file_name}\""),
        String::new(),
    ]);
    let attachment = BASE64.encode(&layout::to_bytes(snapshot));
    let ending = lines.iter().map(|line| line.len() + 2).sum::<usize>() + boundary.len() + 8;
    let mut mail = String::with_capacity(ending + attachment.len() / LINE * (LINE + 2) + LINE + 2);
    for line in lines {
        let _ = write!(mail, "{line}\r\n");
    }
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

/// An address in a header, which is ASCII. A name before it is encoded where that is needed; what not every mail program could send
/// to is shown as the name of a group without members, so that whoever sends the mail writes the address.
fn header_address(text: &str) -> String {
    let named = text.strip_suffix('>').and_then(|text| text.split_once('<'));
    let (name, address) = named.unwrap_or(("", text));
    match (name.trim(), sendable(address)) {
        ("", Some(address)) => address,
        (name, Some(address)) => format!("{}\r\n <{address}>", encoded_words(name)),
        (_, None) => format!("{}:;", encoded_words(text)),
    }
}

/// Encoded words (RFC 2047), one a line.
fn encoded_words(text: &str) -> String {
    /// Bytes of text in a word of at most 75 characters.
    const BYTES: usize = 45;
    let mut pieces = vec![String::new()];
    for c in text.chars() {
        if let Some(piece) = pieces.last_mut().filter(|piece| piece.len() + c.len_utf8() <= BYTES) {
            piece.push(c);
        } else {
            pieces.push(c.to_string());
        }
    }
    let words: Vec<String> =
        pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", BASE64.encode(piece.as_bytes()))).collect();
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_mail_programs_read_it() {
        assert_eq!(header_address("backup@example.org"), "backup@example.org");
        assert_eq!(header_address("Zo\u{eb} <a@b.example>"), "=?utf-8?B?Wm/Dqw==?=\r\n <a@b.example>");
        assert_eq!(header_address("<a@b.example>"), "a@b.example");
        assert_eq!(header_address("a@b\u{fc}cher.example"), "a@xn--bcher-kva.example");
        // No line end, no second address and no other header gets through.
        for hostile in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "\u{eb}@b.example", "@", "x"] {
            let written = header_address(hostile);
            assert!(written.starts_with("=?utf-8?B?") && written.ends_with("?=:;"), "{written}");
        }
        let long = header_address(&"\u{9375}".repeat(256));
        assert!(long.split("\r\n").all(|line| line.len() <= 76), "{long}");
    }
}
