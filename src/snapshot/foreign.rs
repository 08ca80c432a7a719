//! Files that are not snapshots, named for what they are, with what opens them. Facts from public documentation and code of
//! those programs; a name here never means more than "looks like".

/// What a file looks like, and what to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignFile {
    pub what: &'static str,
    pub hint: &'static str,
    /// Whether a snapshot may be in it: beside a part of an e-mail that holds none, others count.
    pub may_hold: bool,
}

const fn foreign(what: &'static str, hint: &'static str) -> ForeignFile {
    ForeignFile { what, hint, may_hold: true }
}

const fn without_snapshot(what: &'static str, hint: &'static str) -> ForeignFile {
    ForeignFile { what, hint, may_hold: false }
}

const UNPACK: &str = "Unpack it first, then choose the snapshot.json inside.";
const SAVE_AGAIN: &str = "Choose the attachment snapshot.json itself, or the e-mail it came with.";
const CHANGED: &str = "Take the attachment snapshot.json itself: this text was changed by a program on the way.";
const DECRYPT: &str = "Decrypt it with its own program first; a Conclave snapshot needs no second encryption.";

/// First bytes that say what a file is.
const MAGIC: &[(&[u8], ForeignFile)] = &[
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        foreign(
            "an Outlook message (.msg) or old Office file",
            "In Outlook, save the attachment itself, or save the e-mail as .eml.",
        ),
    ),
    (
        b"\x78\x9f\x3e\x22",
        foreign(
            "a winmail.dat of Outlook",
            "Ask the sender to send the e-mail again as plain text or HTML, or unpack it with a TNEF program.",
        ),
    ),
    (
        b"%PDF-",
        without_snapshot("a PDF", "A PDF holds no snapshot. Look for snapshot.json or the e-mail it came with."),
    ),
    (b"7z\xbc\xaf\x27\x1c", foreign("a 7z archive", UNPACK)),
    (b"Rar!\x1a\x07", foreign("a RAR archive", UNPACK)),
    (b"\xfd7zXZ\x00", foreign("an xz file", UNPACK)),
    (b"\x28\xb5\x2f\xfd", foreign("a zstd file", UNPACK)),
    (b"BZh", foreign("a bzip2 file", UNPACK)),
    (b"age-encryption.org/v1\n", foreign("a file encrypted with age", DECRYPT)),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", foreign("a file encrypted with age", DECRYPT)),
    (b"-----BEGIN PGP ", foreign("an OpenPGP message or key", DECRYPT)),
    (b"-----BEGIN PKCS7-----", foreign("an e-mail that is signed or encrypted with S/MIME (PEM)", SAVE_ATTACHMENT)),
    (b"-----BEGIN CMS-----", foreign("an e-mail that is signed or encrypted with S/MIME (PEM)", SAVE_ATTACHMENT)),
    (
        b"!BDN",
        foreign(
            "a mailbox of Outlook (.pst or .ost)",
            "In Outlook, open it, and save the attachment itself, or save the e-mail as .eml.",
        ),
    ),
    (b"{\\rtf", without_snapshot("a document (RTF)", SAVE_AGAIN)),
    (b"\x03\xd9\xa2\x9a", foreign("a KeePass database", "Open it with KeePassXC.")),
    (b"\x89PNG\r\n\x1a\n", without_snapshot("a picture (PNG)", SAVE_AGAIN)),
    (b"\xff\xd8\xff", without_snapshot("a picture (JPEG)", SAVE_AGAIN)),
    (
        b"From ",
        foreign("a mailbox (mbox) that may hold many e-mails", "In the mail program, save that one e-mail as .eml."),
    ),
];

/// Names in a JSON file that say whose it is: all of them must be there.
const JSON: &[(&[&str], ForeignFile)] = &[
    (
        &["\"conclave-contents\""],
        foreign(
            "contents that Conclave recovered or is to seal: what is in them is not encrypted",
            "It needs no recovery. Keep it where nobody else can read it.",
        ),
    ),
    (
        &["\"conclave-cloud-key\""],
        foreign("the cloud key file of a device backup", "It opens a device backup together with the PIN."),
    ),
    (
        &["\"conclave-device-shares\""],
        foreign(
            "what a device holds (SHARES.json): its shares are not encrypted",
            "It is what is backed up: conclave device backup SHARES.json.",
        ),
    ),
    (
        &["\"conclave-keys\""],
        foreign("an export of recovered keys", "It needs no recovery. Keep it where nobody else can read it."),
    ),
    (
        &["\"chainCode\"", "\"keys\""],
        foreign(
            "perhaps a part of a Fireblocks recovery kit",
            "If it is, use the Fireblocks Recovery Utility with the whole kit.",
        ),
    ),
    (
        &["\"encryptedKey\"", "\"keyId\"", "\"deviceId\""],
        foreign(
            "perhaps a part of a Fireblocks recovery kit",
            "If it is, use the Fireblocks Recovery Utility with the whole kit.",
        ),
    ),
    (
        &["\"vaults\"", "\"ciphertext\"", "\"cipherparams\""],
        foreign("perhaps a backup of io.finnet (io.vault)", "If it is, use the io.vault disaster recovery tool."),
    ),
    (
        &["\"encrypted_shares\""],
        foreign(
            "perhaps a file of Fordefi",
            "If it is, use Fordefi's recovery tool (recovery-tool key-share-recover -p FILE).",
        ),
    ),
];

/// What word processors make of straight quotation marks.
const CURLY: [&str; 7] = ["\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}", "\u{2018}", "\u{ff02}"];
/// The OID of PKCS #7 (RFC 8551, RFC 5652) up to its last number: 2 is signed data, 3 encrypted.
const PKCS7: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
/// The OID of the content types of S/MIME up to its last number: 23 is encrypted and authenticated (RFC 5083), 9 compressed (RFC 3274).
const SMIME: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01";
const SAVE_ATTACHMENT: &str =
    "Open the e-mail in the mail program that can read it, and save the attachment snapshot.json from there.";

/// A message of S/MIME (`smime.p7m`): what is in it only the mail program takes out.
pub fn recognise_smime(bytes: &[u8]) -> Option<ForeignFile> {
    let start = bytes.get(..bytes.len().min(32)).filter(|start| start.first() == Some(&0x30))?;
    let behind = |oid: &[u8]| {
        let at = start.windows(oid.len()).position(|window| window == oid)?;
        start.get(at + oid.len()).copied()
    };
    match (behind(PKCS7), behind(SMIME)) {
        (Some(2), _) => Some(foreign(
            "an e-mail that is signed with S/MIME, in a form that hides its parts (smime.p7m)",
            SAVE_ATTACHMENT,
        )),
        (Some(3), _) | (_, Some(23)) => {
            Some(foreign("an e-mail that is encrypted with S/MIME (smime.p7m)", SAVE_ATTACHMENT))
        }
        (_, Some(9)) => Some(foreign("an e-mail that is compressed with S/MIME (smime.p7z)", SAVE_ATTACHMENT)),
        _ => None,
    }
}

/// With a byte order mark, or with zeros between the letters of ASCII.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, 0, second, 0, ..] | [0, first, 0, second, ..] => *first != 0 && *second != 0,
        _ => false,
    }
}

/// What the first bytes say.
pub fn recognise_magic(bytes: &[u8]) -> Option<ForeignFile> {
    if is_utf16(bytes) {
        return Some(foreign("text in UTF-16", "Take the original attachment: another program saved this one anew."));
    }
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, foreign)| *foreign)
}

/// What text called `name` looks like; `None` when it looks like nothing known.
pub fn recognise(bytes: &[u8], name: &str) -> Option<ForeignFile> {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if matches!(file_name, "backup.json" | "backup_snapshot.json") && bytes.trim_ascii_start().starts_with(b"{") {
        return Some(foreign(
            "perhaps a backup of Fordefi, judged by its name",
            "If it is, use Fordefi's recovery tool (recovery-tool key-share-recover -p FILE).",
        ));
    }
    let start = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    let has = |needle: &str| start.windows(needle.len()).any(|window| window == needle.as_bytes());
    if let Some((_, foreign)) = JSON.iter().find(|(names, _)| names.iter().all(|name| has(name))) {
        return Some(*foreign);
    }
    if has("&quot;conclave-snapshot&quot;") {
        return Some(foreign("a snapshot that a web page or mail program has turned into HTML", CHANGED));
    }
    if has("\n-----BEGIN PGP MESSAGE-----") {
        return Some(foreign("a text with an OpenPGP message in it", DECRYPT));
    }
    if CURLY.iter().any(|quote| has(&format!("{quote}conclave-snapshot"))) {
        return Some(foreign("a snapshot whose quotation marks another program changed", CHANGED));
    }
    bytes.iter().all(u8::is_ascii_whitespace).then_some(foreign("empty", "Take another copy."))
}

/// Whether the entries of a zip archive are those of a Fireblocks recovery kit.
pub fn recognise_archive(names: &[String]) -> Option<ForeignFile> {
    let is_kit =
        names.iter().any(|name| name == "metadata.json") && names.iter().any(|name| name.starts_with("MOBILE"));
    is_kit.then_some(foreign("perhaps a Fireblocks recovery kit", "If it is, use the Fireblocks Recovery Utility."))
}

/// What a zip archive in which no snapshot was found is by the names of its entries (ECMA-376, part 2; `OpenDocument` 1.3, part 2).
pub fn recognise_document(names: &[String]) -> Option<ForeignFile> {
    let has = |entry: &str| names.iter().any(|name| name == entry);
    let is_document = has("[Content_Types].xml") || has("mimetype") && has("content.xml");
    is_document.then_some(without_snapshot(
        "a document of a word processor, a table or slides (.docx, .xlsx, .pptx, .odt)",
        "It holds no snapshot. Choose the snapshot.json of the backup, or the e-mail that it came with.",
    ))
}

/// One of several files that an archive was split into.
pub const PIECE: ForeignFile = foreign("one piece of a split archive", JOIN);
const PIECE_BY_NAME: ForeignFile = foreign("perhaps one piece of a split archive, judged by its name", JOIN);
const JOIN: &str = "Put all its pieces into one folder and unpack them there with the program that made them, or 7-Zip; then choose the snapshot.json inside.";

/// Whether a name is that of one of them: `x.zip.001`, `x.z01`, `x.part2.rar`, `x.r00`.
pub fn is_name_of_piece(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_part = stem.rsplit_once(".part").is_some_and(|(_, number)| is_number(number));
    ending.len() == 3
        && (is_number(ending) || ending.strip_prefix(['z', 'r']).is_some_and(is_number) || ending == "rar" && is_part)
}

/// What a file whose contents say nothing is by its name.
pub fn recognise_name(name: &str) -> Option<ForeignFile> {
    let ends = |ending: &str| name.len() > ending.len() && name.to_ascii_lowercase().ends_with(ending);
    if is_name_of_piece(name) {
        return Some(PIECE_BY_NAME);
    }
    [".gpg", ".pgp"]
        .iter()
        .any(|ending| ends(ending))
        .then_some(foreign("perhaps a file encrypted with OpenPGP, judged by its name", DECRYPT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_encrypted_files_are_known_by_their_names() {
        for name in ["a.zip.001", "a.7z.002", "A.Z01", "a.r00", "a.part2.rar", "x/b.999"] {
            assert_eq!(recognise_name(name), Some(PIECE_BY_NAME), "{name}");
        }
        for name in ["a.zip", "a.rar", "a.part.rar", "a.json", "a.0001", "a.z1", "001", "a.mp3", ""] {
            assert_eq!(recognise_name(name), None, "{name}");
        }
        assert!(recognise_name("a.json.gpg").unwrap().what.contains("OpenPGP") && recognise_name(".pgp").is_none());
    }
}
