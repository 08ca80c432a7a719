//! The form `csv`: vaults as a table, and recovery codes as a second one. RFC 4180 with CRLF, UTF-8 with the mark at the start that
//! tells spreadsheets so, a quote only where one is needed.
//!
//! Written here and not by a library, whose buffer would keep private keys. Before a cell that a spreadsheet would change or
//! calculate stands one apostrophe (`domain/cell.rs`): every cell comes back by taking it away. What a table cannot hold is written
//! out as `<U+0000>`, and said of codes in their note: control characters, and a sign that begins a formula where a program that
//! separates by `;` or `|` would see the beginning of a cell.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::plain::{secret_file, secret_text};
use super::view::{ExportView, ShownVersion};
use crate::domain::cell::is_changed_by_spreadsheets;
use crate::domain::codes::CodeMark;
use crate::domain::inventory::{CodeKind, sets};
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::Safe;

const VAULTS: [&str; 8] =
    ["Vault Name", "Chain", "Address", "Key Type", "Bip Path", "Public Key", "Private Key", "Address Check"];
const CODES: [&str; 8] = ["Service", "Login", "Owners", "Kind", "Code", "Used", "Saved", "Note"];

/// The byte order mark U+FEFF in UTF-8: without it some spreadsheets read another encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Before the note of a code in which something is written out.
const WRITTEN_OUT: &str = "This code is not whole here: a table cannot hold all of it. Take it from another form. ";

/// The vaults that count, one a row.
pub fn vaults(view: &ExportView<'_>) -> SecretBuffer {
    secret_file(|out| {
        out.write_all(BYTE_ORDER_MARK)?;
        row(out, VAULTS)?;
        let current = view.vaults.iter().filter_map(|known| known.current.as_ref());
        current.map(vault).try_for_each(|cells| row(out, cells.each_ref().map(SecretText::reveal)))
    })
}

/// The codes of the accounts that count, one a row, and a row for each account without any; `None` where there is no account.
pub fn codes(view: &ExportView<'_>) -> Option<SecretBuffer> {
    let accounts = || view.accounts.iter().filter_map(|known| known.current.as_ref());
    if view.is_public || accounts().next().is_none() {
        return None;
    }
    Some(secret_file(|out| {
        out.write_all(BYTE_ORDER_MARK)?;
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
    let missing = match shown.codes().is_empty() {
        false => "",
        true if sets(shown.item).iter().any(|set| set.kind() == CodeKind::None) => {
            "The service has no codes for this account. "
        }
        true => "No code of this account was saved. ",
    };
    let note = |before: &str| {
        let note = shown.text("note").unwrap_or_default();
        secret_text(format_args!("{missing}{before}{}", CellText(format_args!("{remark}{}", Safe(note)))))
    };
    let line = |out: &mut dyn Write, code: &SecretText, used: &str, note: &SecretText| {
        let first = [&service, &login, &owners, &kind, code].map(SecretText::reveal).into_iter();
        row(out, first.chain([used, saved.reveal(), note.reveal()]))
    };
    if !missing.is_empty() {
        return line(out, &plain(""), "", &note(""));
    }
    let (note, note_of_a_part) = (note(""), note(WRITTEN_OUT));
    for (code, mark) in shown.codes() {
        let used = match mark {
            CodeMark::Used => "yes",
            CodeMark::Next | CodeMark::Unused => "no",
            CodeMark::Retired => "retired",
        };
        let written = plain(code);
        line(out, &written, used, if written.reveal() == code { &note } else { &note_of_a_part })?;
    }
    Ok(())
}

/// What a cell holds of a text.
fn plain(text: &str) -> SecretText {
    secret_text(format_args!("{}", CellText(format_args!("{}", Safe(text)))))
}

/// Text that is [`Safe`], without a sign that would begin a formula behind a separator that some program has.
struct CellText<'a>(fmt::Arguments<'a>);

impl fmt::Display for CellText<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Separated { out, is_start: false }.write_fmt(self.0)
    }
}

struct Separated<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    /// A program that separates by something else would see the beginning of a cell here.
    is_start: bool,
}

impl fmt::Write for Separated<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.write_char(c))
    }

    fn write_char(&mut self, c: char) -> fmt::Result {
        let is_formula = self.is_start && begins_formula(c);
        self.is_start = matches!(c, ';' | '|') || (self.is_start && (c.is_whitespace() || c == '"'));
        if is_formula { write!(self.out, "<U+{:04X}>", u32::from(c)) } else { self.out.write_char(c) }
    }
}

/// Also in the full-width forms, which some programs take for the same.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Cells come [`CellText`].
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
    let quote = if cell.contains([',', '"', ';', '|', '\'']) || cell.trim() != cell { "\"" } else { "" };
    let mark = if is_changed_by_spreadsheets(cell) { "'" } else { "" };
    write!(out, "{quote}{mark}")?;
    for part in cell.split_inclusive('"') {
        out.write_all(part.as_bytes())?;
        out.write_all(if part.ends_with('"') { b"\"" } else { b"" })?;
    }
    out.write_all(quote.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::fixture::{PRIVATE_KEY, PUBLIC_KEY, SECRETS, public_only, text, with_report, with_view};
    use super::*;
    use crate::domain::export_form::Selection;
    use crate::domain::inventory::{self, BoxSource, Inventory, SealedBy, read_records};
    use crate::domain::kind::Kind;
    use crate::domain::table::TableRows;
    use crate::domain::time::Timestamp;

    fn cell(text: &str) -> String {
        let file = secret_file(|out| write_cell(out, plain(text).reveal()));
        String::from_utf8(file.reveal().to_vec()).unwrap()
    }

    #[test]
    fn no_cell_begins_a_formula_or_is_changed_wherever_it_is_opened() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+41", "'+41"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" \u{a0}=1", "\"' <U+00A0>=1\""),
            ("  =1", "\"'  =1\""),
            ("＝1", "'＝1"),
            ("\t=1", "'<U+0009>=1"),
            ("\r\n=1", "'<U+000D><U+000A>=1"),
            ("a;=1", "\"a;<U+003D>1\""),
            ("a; \"=1", "\"a; \"\"<U+003D>1\""),
            ("a|@x", "\"a|<U+0040>x\""),
            ("a;＋1", "\"a;<U+FF0B>1\""),
            ("\"=1\"", "\"'\"\"=1\"\"\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("a=b, c-d", "\"a=b, c-d\""),
            ("'a", "\"''a\""),
            ("0012", "'0012"),
            ("1E5", "'1E5"),
            ("1-2", "'1-2"),
            ("m/44/0/0/0/1", "m/44/0/0/0/1"),
            (PUBLIC_KEY, PUBLIC_KEY),
            (PRIVATE_KEY, PRIVATE_KEY),
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
            "\u{feff}Vault Name,Chain,Address,Key Type,Bip Path,Public Key,Private Key,Address Check\r\n\
             Rent now,bitcoin,'1B,ECDSA_SECP256K1,m/44/0/0/0/2,{PUBLIC_KEY},{PRIVATE_KEY},\
             \"match; a change was proposed without the quorum\"\r\n\
             Travel,ethereum,'0xA,,,,,\"match; NOT CONFIRMED by a quorum of this backup, but its address proves it; added 2026-01-02 by somebody who had the file\"\r\n"
        );
        assert_eq!(table, expected);
    }

    #[test]
    fn codes_are_a_second_table_and_never_public() {
        let table = text(&with_view(&Selection::default(), codes).unwrap());
        let rows: Vec<&str> = table.split("\r\n").collect();
        assert_eq!(rows[0], "\u{feff}Service,Login,Owners,Kind,Code,Used,Saved,Note");
        assert_eq!(
            rows[1],
            "Mail,ops,\"Ann; Bo\",single-use,code-one,yes,'2026-01-01T00:00:00Z,a secret note<U+000A>of two lines"
        );
        assert!(rows[2].contains(",code-two,no,") && rows[2].ends_with(",a secret note<U+000A>of two lines"));
        let not_whole = format!("{WRITTEN_OUT}a secret note<U+000A>of two lines");
        assert!(rows[3].contains(",code-<U+0000>three,no,") && rows[3].ends_with(&not_whole), "{}", rows[3]);
        assert!(rows[4].is_empty());
        assert!(with_view(&public_only(), codes).is_none());
        let public = text(&with_view(&public_only(), vaults));
        assert!(SECRETS.iter().all(|secret| !public.contains(secret)) && public.contains(PUBLIC_KEY));
    }

    fn applied(records: &str) -> Inventory {
        let plaintext = format!("{{\"records\":[{records}]}}");
        let entries = read_records(Kind::Organization, plaintext.as_bytes()).unwrap();
        assert!(entries.iter().all(|entry| entry.fault.is_none()), "{records}");
        let mut inventory = Inventory::of(Kind::Organization);
        let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
        inventory.apply(BoxSource { sealed_by: SealedBy::Quorum, position: 1, created, issuer: None }, entries);
        inventory.finish();
        inventory
    }

    fn table(inventory: &Inventory, of: impl Fn(&ExportView<'_>) -> SecretBuffer) -> Vec<Vec<String>> {
        let bytes = with_report(inventory, &Selection::default(), |report| of(&ExportView::of(report)));
        TableRows::of(&crate::domain::table::table_text(bytes.reveal()).unwrap())
            .map(|row| row.unwrap().cells)
            .collect()
    }

    #[test]
    fn rows_stand_in_the_order_of_their_names_and_no_account_is_left_out() {
        let account = |service: &str, kind: &str, codes: &str| {
            format!(
                r#"{{"record":"put","collection":"accounts","item":{{"service":"{service}","login":"ops","owners":["Ann"],"kind":"{kind}","codes":[{codes}],"used":[],"saved":"2026-01-01T00:00:00Z"}}}}"#
            )
        };
        let vault = |id: &str, name: &str| {
            format!(
                r#"{{"record":"put","collection":"vaults","item":{{"id":"{id}","name":"{name}","chain":"bitcoin"}}}}"#
            )
        };
        let records = [
            vault("a", "vault 10"),
            vault("b", "Vault 9"),
            vault("c", "Attic"),
            account("Zoo", "single-use", "\"z\""),
            account("mail", "none", ""),
            account("Bank", "single-use", ""),
        ];
        let inventory = applied(&records.join(","));
        let column = |rows: Vec<Vec<String>>, place: usize| -> Vec<String> {
            rows.into_iter().skip(1).map(|row| row[place].clone()).collect()
        };
        assert_eq!(column(table(&inventory, vaults), 0), ["Attic", "Vault 9", "vault 10"]);
        let rows = table(&inventory, |view| codes(view).unwrap());
        assert_eq!(column(rows.clone(), 0), ["Bank", "mail", "Zoo"]);
        assert_eq!(column(rows.clone(), 4), ["", "", "z"]);
        let notes = column(rows, 7);
        assert_eq!(
            notes,
            ["No code of this account was saved.", "The service has no codes for this account.", ""],
            "why there is none"
        );
    }

    #[test]
    fn a_table_is_read_again_with_the_names_and_addresses_that_were_sealed() {
        let names = ["'t Hof", "''", "'0012", "0012", "1E5", "=1+1", "-1", "Jan 5", "TRUE", "ü \"x\", y", "鍵"];
        let records: Vec<String> = (10..)
            .zip(names)
            .map(|(id, name)| {
                let name = name.replace('"', "\\\"");
                format!(
                    r#"{{"record":"put","collection":"vaults","item":{{"id":"{id}","name":"{name}","chain":"hedera","address":"0.0.{id}","path":"m/44/3030/0/0/0"}}}}"#
                )
            })
            .collect();
        let inventory = applied(&records.join(","));
        let bytes = with_report(&inventory, &public_only(), |report| vaults(&ExportView::of(report)));
        // The columns that a table of vaults has, as somebody takes them out of a spreadsheet.
        let mut kept: Vec<String> = Vec::new();
        let text = std::str::from_utf8(bytes.reveal()).unwrap().replace("Vault Name", "Name");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for record in reader.records().map(Result::unwrap) {
            let quoted = [0, 1, 2, 4].map(|place| format!("\"{}\"", record[place].replace('"', "\"\"")));
            kept.push(quoted.join(",").replace("Bip Path", "Path"));
        }
        let read = inventory::vaults(kept.join("\r\n").as_bytes(), &inventory::Agreed::default()).unwrap();
        let read: BTreeSet<[String; 3]> = read
            .iter()
            .map(|vault| ["name", "address", "path"].map(|of| vault.fields().text(of).unwrap().to_owned()))
            .collect();
        let sealed =
            (10..).zip(names).map(|(id, name)| [name.to_owned(), format!("0.0.{id}"), "m/44/3030/0/0/0".to_owned()]);
        assert_eq!(read, sealed.collect());
    }
}
