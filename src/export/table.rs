//! The form `csv`: vaults as a table, and recovery codes as a second one. RFC 4180 with CRLF, UTF-8 without BOM, a quote only
//! where one is needed.
//!
//! Written here and not by a library, whose buffer would keep private keys. No cell begins a formula: before a sign that begins
//! one stands an apostrophe, as OWASP advises ("CSV Injection"), also where a program that separates by `;` or `|` would see the
//! beginning of a cell. Keys in hexadecimal, addresses and paths never begin so; a code may, and other forms keep it so.

use std::io::{self, Write};

use super::plain::{secret_file, secret_text};
use super::view::{ExportView, ShownVersion};
use crate::domain::codes::CodeMark;
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::Safe;

const VAULTS: [&str; 8] =
    ["Vault Name", "Chain", "Address", "Key Type", "Bip Path", "Public Key", "Private Key", "Address Check"];
const CODES: [&str; 8] = ["Service", "Login", "Owners", "Kind", "Code", "Used", "Saved", "Note"];

/// The vaults that count, one a row.
pub fn vaults(view: &ExportView<'_>) -> SecretBuffer {
    secret_file(|out| {
        row(out, VAULTS)?;
        let current = view.vaults.iter().filter_map(|known| known.current.as_ref());
        current.map(vault).try_for_each(|cells| row(out, cells.each_ref().map(SecretText::reveal)))
    })
}

/// The codes of the accounts that count, one a row; `None` without any.
pub fn codes(view: &ExportView<'_>) -> Option<SecretBuffer> {
    let accounts = || view.accounts.iter().filter_map(|known| known.current.as_ref());
    if view.is_public || accounts().all(|account| account.item.code_count() == 0) {
        return None;
    }
    Some(secret_file(|out| {
        row(out, CODES)?;
        accounts().try_for_each(|account| write_codes(account, out))
    }))
}

fn vault(shown: &ShownVersion<'_>) -> [SecretText; 8] {
    let text = |member| plain(shown.text(member).unwrap_or_default());
    let material = shown.material.as_ref();
    let public_key = material.map(|material| material.public_key.as_str()).or_else(|| shown.text("public_key"));
    let private_key = material.and_then(|material| material.private_key.as_ref());
    [
        text("name"),
        text("chain"),
        text("address"),
        plain(shown.key_type.unwrap_or_default()),
        text("path"),
        plain(public_key.unwrap_or_default()),
        plain(private_key.map(SecretText::reveal).unwrap_or_default()),
        plain(&shown.check_text()),
    ]
}

fn write_codes(shown: &ShownVersion<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = |member| plain(shown.text(member).unwrap_or_default());
    let owners = plain(&shown.texts("owners").join("; "));
    let [service, login, kind, saved] = ["service", "login", "kind", "saved"].map(text);
    let not_confirmed = (!shown.is_confirmed).then(|| format!("NOT CONFIRMED by a quorum, {}. ", shown.source.added()));
    let by_others: String = shown.by_others.iter().flat_map(|text| [text.as_str(), " "]).collect();
    let remark = not_confirmed.unwrap_or_default() + &by_others;
    let note = secret_text(format_args!("{remark}{}", Safe(shown.text("note").unwrap_or_default())));
    for (code, mark) in shown.codes() {
        let code = plain(code);
        let used = match mark {
            CodeMark::Used => "yes",
            CodeMark::Next | CodeMark::Unused => "no",
            CodeMark::Retired => "retired",
        };
        row(
            out,
            [&service, &login, &owners, &kind, &code].map(SecretText::reveal).into_iter().chain([
                used,
                saved.reveal(),
                note.reveal(),
            ]),
        )?;
    }
    Ok(())
}

fn plain(text: &str) -> SecretText {
    secret_text(format_args!("{}", Safe(text)))
}

/// Cells come without control characters.
fn row<'a>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    let mut separator = "";
    for cell in cells {
        out.write_all(separator.as_bytes())?;
        write_cell(out, cell)?;
        separator = ",";
    }
    out.write_all(b"\r\n")
}

fn write_cell(out: &mut dyn Write, cell: &str) -> io::Result<()> {
    // A `;` or `|` in quotes is a mark for programs that separate by it: they then see the quote as well.
    let is_quoted = cell.contains([',', '"', ';', '|', '\'']) || cell.trim() != cell;
    if is_quoted {
        out.write_all(b"\"")?;
    }
    let mut is_start = true;
    for c in cell.chars() {
        if is_start && begins_formula(c) {
            out.write_all(b"'")?;
        }
        is_start = matches!(c, ';' | '|') || (is_start && (c.is_whitespace() || c == '"'));
        if c == '"' {
            out.write_all(b"\"")?;
        }
        out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
    }
    if is_quoted {
        out.write_all(b"\"")?;
    }
    Ok(())
}

/// Also in the full-width forms, which some programs take for the same.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{PRIVATE_KEY, PUBLIC_KEY, SECRETS, public_only, text, with_view};
    use super::*;
    use crate::domain::export_form::Selection;

    fn cell(text: &str) -> String {
        let file = secret_file(|out| write_cell(out, plain(text).reveal()));
        String::from_utf8(file.reveal().to_vec()).unwrap()
    }

    #[test]
    fn no_cell_begins_a_formula_wherever_it_is_opened() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+41", "'+41"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" \u{a0}=1", "\" <U+00A0>=1\""),
            ("  =1", "\"  '=1\""),
            ("＝1", "'＝1"),
            ("\t=1", "<U+0009>=1"),
            ("\r\n=1", "<U+000D><U+000A>=1"),
            ("a;=1", "\"a;'=1\""),
            ("a;\"=1", "\"a;\"\"'=1\""),
            ("a|@x", "\"a|'@x\""),
            ("\"=1\"", "\"\"\"'=1\"\"\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("a=b, c-d", "\"a=b, c-d\""),
            ("m/44/0/0/0/1", "m/44/0/0/0/1"),
            ("0279be667ef9dcbb", "0279be667ef9dcbb"),
            ("", ""),
        ];
        for (raw, written) in cases {
            assert_eq!(cell(raw), written, "{raw:?}");
        }
    }

    #[test]
    fn vaults_that_count_are_a_row_each() {
        let table = text(&with_view(&Selection::default(), vaults));
        let expected = format!(
            "Vault Name,Chain,Address,Key Type,Bip Path,Public Key,Private Key,Address Check\r\n\
             Rent now,bitcoin,1B,ECDSA_SECP256K1,m/44/0/0/0/2,{PUBLIC_KEY},{PRIVATE_KEY},\
             \"match; a change was proposed without the quorum\"\r\n\
             Travel,ethereum,0xA,,,,,\"match; NOT CONFIRMED by a quorum of this backup, but its address proves it; added 2026-01-02 by somebody who had the file\"\r\n"
        );
        assert_eq!(table, expected);
    }

    #[test]
    fn codes_are_a_second_table_and_never_public() {
        let table = text(&with_view(&Selection::default(), codes).unwrap());
        let rows: Vec<&str> = table.split("\r\n").collect();
        assert_eq!(rows[0], "Service,Login,Owners,Kind,Code,Used,Saved,Note");
        assert_eq!(
            rows[1],
            "Mail,ops,\"Ann; Bo\",single-use,code-one,yes,2026-01-01T00:00:00Z,a secret note<U+000A>of two lines"
        );
        assert!(rows[2].contains(",code-two,no,") && rows[3].contains(",code-<U+0000>three,no,") && rows[4].is_empty());
        assert!(with_view(&public_only(), codes).is_none());
        let public = text(&with_view(&public_only(), vaults));
        assert!(SECRETS.iter().all(|secret| !public.contains(secret)) && public.contains(PUBLIC_KEY));
    }
}
