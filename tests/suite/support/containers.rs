//! One snapshot in every form in which it may arrive.

use std::fmt::Write as _;
use std::io::Write as _;

use conclave::snapshot::delivery;
use conclave::snapshot::v1::read::read;
use data_encoding::BASE64_MIME;

/// Name, bytes, and whether the verdict must be INTACT.
pub fn all(snapshot: &[u8]) -> Vec<(&'static str, Vec<u8>, bool)> {
    let model = read(snapshot).unwrap().snapshot().unwrap();
    let text = String::from_utf8(snapshot.to_vec()).unwrap();
    let crlf = text.replace('\n', "\r\n").into_bytes();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let indented = serde_json::to_vec_pretty(&value).unwrap();
    let zipped = zip(&[("readme.txt", b"hello"), ("folder/snapshot.json", snapshot)]);
    vec![
        ("snapshot.json", snapshot.to_vec(), true),
        ("bom.json", [b"\xef\xbb\xbf", snapshot].concat(), false),
        ("crlf.json.txt", crlf.clone(), false),
        ("indented.json", indented, false),
        ("one-line.json", serde_json::to_vec(&value).unwrap(), false),
        ("wrapped.json", wrap(&text), false),
        ("snapshot.json.gz", gzip(snapshot), true),
        ("snapshot.zip", delivery::archive(&model).unwrap(), true),
        ("gz-in-zip.zip", zip(&[("snapshot.json.gz", &gzip(snapshot))]), true),
        ("snapshot.eml", delivery::mail(&model), true),
        ("zip.eml", mail("application/zip", "base64", &base64(&zipped)), true),
        ("quoted-printable.eml", mail("application/json", "quoted-printable", &quoted_printable(&text)), true),
        ("inline.eml", mail("text/plain; charset=utf-8", "8bit", &text.replace('\n', "\r\n")), false),
        ("forwarded.eml", mail("message/rfc822", "7bit", &String::from_utf8(delivery::mail(&model)).unwrap()), true),
        ("mail.eml.gz", gzip(&delivery::mail(&model)), true),
        ("snapshot.tar", tar("snapshot.json", snapshot), true),
        ("tar.eml", mail("application/gzip", "base64", &base64(&gzip(&tar("snapshot.json", snapshot)))), true),
        ("part.txt", part("application/json", "base64", &base64(snapshot)).into_bytes(), true),
        ("words.txt", format!("Here is the backup:\r\n\r\n{}\r\n\r\nAnn\r\n", base64(snapshot)).into_bytes(), true),
        ("piece.zip.001", zipped, true),
    ]
}

/// Breaks all strings at 70 columns, as a mail program does that does not know JSON.
pub fn wrap(text: &str) -> Vec<u8> {
    let mut wrapped = String::new();
    for line in text.lines() {
        // Only inside of long strings; a break outside of quotes is no harm either.
        for (index, character) in line.chars().enumerate() {
            if index > 0 && index % 70 == 0 && character.is_ascii_alphanumeric() {
                wrapped.push_str("\r\n\t");
            }
            wrapped.push(character);
        }
        wrapped.push_str("\r\n");
    }
    wrapped.into_bytes()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64_MIME.encode(bytes)
}

/// An e-mail of another program than ours.
pub fn mail(content_type: &str, encoding: &str, body: &str) -> Vec<u8> {
    format!(
        "Received: from mail.example.org by mx.example.org; Fri, 20 Nov 2026 10:00:00 +0000\r\n\
         From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.org>\r\nTo: backup@example.org\r\nSubject: snapshot\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=\"b-1\"\r\n\r\n\
         preamble\r\n--b-1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>See attached.</p>\r\n\
         --b-1\r\n{}\r\n--b-1--\r\n",
        part(content_type, encoding, body)
    )
    .into_bytes()
}

/// A part of an e-mail, as somebody may copy it out of one.
fn part(content_type: &str, encoding: &str, body: &str) -> String {
    format!(
        "Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\
         Content-Disposition: attachment; filename=\"a file\"\r\n\r\n{body}"
    )
}

/// A tar archive of one file (POSIX.1-1988, `ustar`).
fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let padding = vec![0; bytes.len().next_multiple_of(512) - bytes.len()];
    [header, bytes.to_vec(), padding, vec![0; 1024]].concat()
}

/// RFC 2045, section 6.7: lines of at most 76, LF encoded so that the bytes come back as they were.
pub fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    let mut column = 0;
    for byte in text.bytes() {
        let token = if (b'!'..=b'~').contains(&byte) && byte != b'=' {
            (byte as char).to_string()
        } else {
            format!("={byte:02X}")
        };
        if column + token.len() > 75 {
            encoded.push_str("=\r\n");
            column = 0;
        }
        column += token.len();
        write!(encoded, "{token}").unwrap();
    }
    encoded
}
