//! A table of vaults (CSV), as somebody keeps it in a spreadsheet (`docs/inventory.md`, "Vault table").

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::super::explain::Explain;
use super::fields::Fields;
use super::item::{Collection, Item};
use crate::domain::canonical;
use crate::domain::encoding::Hex;
use crate::domain::table::{Row, TableError, TableRows};
use crate::domain::text::Safe;

/// Names of columns and the members of a vault that they hold.
const COLUMNS: [(&str, &str); 8] = [
    ("id", "id"),
    ("name", "name"),
    ("chain", "chain"),
    ("address", "address"),
    ("key_id", "key_id"),
    ("derivation_path", "path"),
    ("path", "path"),
    ("public_key", "public_key"),
];
/// Members in the order in which an id is made of them.
const OF_ID: [&str; 6] = ["name", "chain", "address", "key_id", "path", "public_key"];
/// Columns in which something may stand that must not lie in a table.
const SECRET: [&str; 9] =
    ["private_key", "chain_code", "seed", "mnemonic", "phrase", "secret", "share", "shares", "xprv"];
/// What the table of an export has, and together no other one.
const OF_EXPORT: [&str; 2] = ["bip_path", "address_check"];

/// Why a table of vaults cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultsError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("nothing is in it")]
    Empty,
    #[error("this is the table of an export: it does not hold all of the contents")]
    IsExport,
    #[error("line {line}: something stands in the column {}, and a table of vaults holds no secrets", Safe(.column))]
    Secret { line: usize, column: String },
    #[error("line {line}: a table of vaults has no column {}", Safe(.column))]
    Column { line: usize, column: String },
    #[error("line {line}: the column {} stands there twice", Safe(.column))]
    ColumnTwice { line: usize, column: String },
    #[error("line {line}: the header has no column {column}")]
    ColumnMissing { line: usize, column: &'static str },
    #[error("line {line} has more cells than the header")]
    TooMany { line: usize },
    #[error("line {line}, column {column}: it {what}")]
    Cell { line: usize, column: &'static str, what: &'static str },
    #[error("line {line} has the same id as line {before}")]
    Twice { line: usize, before: usize },
}

impl Explain for VaultsError {
    fn hint(&self) -> String {
        match self {
            Self::Table(TableError::NotText) => "Save it as CSV in UTF-8; a spreadsheet itself is not read.",
            Self::IsExport => {
                "Give the contents as JSON: an export of the form json, or a document as docs/inventory.md describes it."
            }
            Self::Secret { .. } => {
                "If that is a secret, whoever gets the table has it: destroy the table once its secrets are kept elsewhere. Give them as JSON: an export of the form json, or a document as docs/inventory.md describes it."
            }
            Self::Twice { .. } => "Give each vault an id of its own, or take one of the lines away.",
            _ => {
                "The first line names the columns: name, chain, and of id, address, key_id, derivation_path, public_key those there are."
            }
        }
        .to_owned()
    }
}

/// The vaults of a table, in its order. The first line names the columns.
pub fn vaults(bytes: &[u8]) -> Result<Vec<Item>, VaultsError> {
    let mut rows = TableRows::of(bytes)?;
    let header = rows.next().ok_or(VaultsError::Empty)??;
    // Before anything else is said of a table: whether secrets are in it.
    no_secret_in(&header, TableRows::of(bytes)?)?;
    let columns = columns(&header)?;
    let mut vaults = Vec::new();
    let mut lines = HashMap::new();
    for row in rows {
        let row = row?;
        let vault = vault(&row, &columns)?;
        if let Some(before) = lines.insert(vault.id().to_owned(), row.line) {
            return Err(VaultsError::Twice { line: row.line, before });
        }
        vaults.push(vault);
    }
    if vaults.is_empty() { Err(VaultsError::Empty) } else { Ok(vaults) }
}

/// The words of a header as they are compared.
fn words(header: &Row) -> Vec<String> {
    header.cells.iter().map(|cell| cell.to_lowercase().replace([' ', '-'], "_")).collect()
}

/// A column with such a name alone is no secret; something in it may be one.
fn no_secret_in(header: &Row, rows: TableRows<'_>) -> Result<(), VaultsError> {
    let words = words(header);
    let names = header.cells.iter().zip(&words).enumerate();
    let columns: Vec<(usize, &String)> = names
        .filter(|(_, (_, word))| SECRET.contains(&word.as_str()))
        .map(|(place, (column, _))| (place, column))
        .collect();
    // Where no column has such a name, nothing is read for it; else up to the first cell that is not empty.
    for row in rows.skip(1).take_while(|_| !columns.is_empty()) {
        let mut row = row?;
        let is_filled = |(place, _): &&(usize, &String)| row.cells.get(*place).is_some_and(|cell| !cell.is_empty());
        if let Some((_, column)) = columns.iter().find(is_filled) {
            row.cells.zeroize();
            return Err(VaultsError::Secret { line: row.line, column: (*column).clone() });
        }
    }
    Ok(())
}

/// The column's name and member of each cell.
fn columns(header: &Row) -> Result<Vec<(&'static str, &'static str)>, VaultsError> {
    let line = header.line;
    let words = words(header);
    if OF_EXPORT.iter().all(|of_export| words.iter().any(|word| word == of_export)) {
        return Err(VaultsError::IsExport);
    }
    let mut columns: Vec<(&str, &str)> = Vec::new();
    for (word, cell) in words.iter().zip(&header.cells) {
        let column = || cell.clone();
        let found = COLUMNS.into_iter().find(|(name, _)| name == word);
        let found = found.ok_or_else(|| VaultsError::Column { line, column: column() })?;
        if columns.iter().any(|(_, member)| *member == found.1) {
            return Err(VaultsError::ColumnTwice { line, column: column() });
        }
        columns.push(found);
    }
    for column in ["name", "chain"] {
        if columns.iter().all(|(_, member)| *member != column) {
            return Err(VaultsError::ColumnMissing { line, column });
        }
    }
    Ok(columns)
}

fn vault(row: &Row, columns: &[(&'static str, &'static str)]) -> Result<Item, VaultsError> {
    let line = row.line;
    if row.cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
        return Err(VaultsError::TooMany { line });
    }
    let given = columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
    let mut fields = given.fold(Fields::default(), |fields, ((_, member), cell)| fields.with_text(member, cell));
    if fields.text("id").is_none() {
        fields = with_id(fields);
    }
    Item::new(Collection::Vaults, fields).map_err(|(fault, fields)| {
        let column = columns.iter().find(|(_, member)| *member == fault.member).map_or(fault.member, |(name, _)| name);
        let what = if fields.text(fault.member).is_none() { "is empty" } else { fault.what };
        VaultsError::Cell { line, column, what }
    })
}

/// An id of what the row holds: the same row gives the same id another time.
fn with_id(fields: Fields) -> Fields {
    let parts = OF_ID.map(|member| fields.text(member).unwrap_or(""));
    let digest: [u8; 32] =
        Sha256::new().chain_update(b"conclave/v1/vault-id\0").chain_update(canonical::bytes(&parts)).finalize().into();
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    fields.with_text("id", &Hex(first).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        vaults(text.as_bytes()).map_or_else(
            |error| error.to_string(),
            |vaults| {
                let one = |vault: &Item| String::from_utf8(canonical::bytes(vault.fields())).unwrap();
                vaults.iter().map(one).collect::<Vec<_>>().join(" ")
            },
        )
    }

    #[test]
    fn columns_come_in_any_order_and_empty_cells_are_absent() {
        let expected = r#"{"chain":"bitcoin","id":"v1","name":"Rent","path":"m/44/0/0/0/1"}"#;
        for text in [
            "id,name,chain,address,key_id,derivation_path,public_key\nv1,Rent,bitcoin,,,m/44/0/0/0/1,\n",
            "\u{feff}Chain;Path;Name;ID\r\nbitcoin;m/44/0/0/0/1;Rent;v1\r\n;;;\r\n",
            "Derivation Path\tchain\tname\tid\nm/44/0/0/0/1\tbitcoin\t Rent \tv1",
        ] {
            assert_eq!(said(text), expected);
        }
    }

    #[test]
    fn a_row_without_an_id_gets_one_of_what_it_holds() {
        // printf 'conclave/v1/vault-id\0["Rent","bitcoin","","","",""]' | sha256sum | cut -c-32
        let expected =
            r#"{"chain":"bitcoin","id":"ID","name":"Rent"}"#.replace("ID", "d2a76f7b51a4a07f13ca1ef5e1b9c78c");
        assert_eq!(said("name,chain\nRent,bitcoin"), expected);
        assert_eq!(said("chain,id,name,address\nbitcoin,,Rent,"), expected);
        assert_eq!(said("name,chain\nRent,bitcoin\n\nRent,bitcoin"), "line 4 has the same id as line 2");
    }

    #[test]
    fn nobody_is_told_of_secrets_where_none_can_be() {
        let secret = "line 3: something stands in the column Private Key, and a table of vaults holds no secrets";
        let export = "Vault Name,Chain,Address,Key Type,Bip Path,Public Key,Private Key,Address Check\r\n";
        for (text, error) in [
            ("Name,Chain,Bip Path\nx,y,m", "line 1: a table of vaults has no column Bip Path"),
            ("name,chain,Address Check\nx,y,match", "line 1: a table of vaults has no column Address Check"),
            ("name,chain,Private Key\nx,y,\n", "line 1: a table of vaults has no column Private Key"),
            ("name,chain,Private Key\nx,y,\nx,y,5", secret),
            // Secrets are told of first, whatever else is wrong.
            ("colour,Private Key\nx,\ny,5", secret),
            (&format!("{export}a,bitcoin,,,,,,match\r\nb,bitcoin,,,,,5,match\r\n"), secret),
            (&format!("{export}a,bitcoin,,,,,,match\r\n"), &VaultsError::IsExport.to_string()),
            (export, &VaultsError::IsExport.to_string()),
        ] {
            assert_eq!(said(text), error, "{text}");
            let hint = vaults(text.as_bytes()).unwrap_err().hint();
            assert_eq!(hint.contains("destroy"), error == secret, "{text}: {hint}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        for (text, error) in [
            ("", "nothing is in it"),
            ("name,chain\n", "nothing is in it"),
            ("name,address\nx,y", "line 1: the header has no column chain"),
            ("name,chain,colour\nx,y,z", "line 1: a table of vaults has no column colour"),
            ("name,chain,path,derivation_path\nx,y,z,", "line 1: the column derivation_path stands there twice"),
            ("name,chain\nx,bitcoin\ny,", "line 3, column chain: it is empty"),
            ("name,chain\nx,bitcoin,more", "line 2 has more cells than the header"),
        ] {
            assert_eq!(said(text), error, "{text}");
        }
        let long = format!("name,chain,path\nx,y,{}", "1".repeat(257));
        assert!(said(&long).starts_with("line 2, column path: it is not a text"), "{}", said(&long));
    }
}
