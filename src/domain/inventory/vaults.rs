//! A table of vaults (CSV), as somebody keeps it in a spreadsheet (`docs/inventory.md`, "Vault table").

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::super::explain::Explain;
use super::columns::{Agreed, ColumnRole, TableColumn, TableLayout, header_of, is_secret, is_secret_itself};
use super::fields::Fields;
use super::item::{Collection, Item};
use crate::domain::canonical;
use crate::domain::chain::Chain;
use crate::domain::chain_names::meant;
use crate::domain::encoding::Hex;
use crate::domain::table::{Row, TableError, TableRows, table_text};
use crate::domain::text::Safe;

/// Members in the order in which an id is made of them.
const OF_ID: [&str; 6] = ["name", "chain", "address", "key_id", "path", "public_key"];
/// The most bytes of a column's name that is shown beside a secret; a private key is longer.
const NAME_LENGTH: usize = 40;
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
    #[error("its columns are not named as this program names them, or hold other words: {}", told(layout))]
    Guessed { layout: Box<TableLayout> },
    #[error("no column {} is there that could be left out", Safe(.column))]
    NotLeftOut { column: String },
    #[error("line {line}: the column {} stands there twice", Safe(.column))]
    ColumnTwice { line: usize, column: String },
    #[error("line {line}: the header has no column {column}")]
    ColumnMissing { line: usize, column: &'static str },
    #[error("line {line} has more cells than the header")]
    TooMany { line: usize },
    #[error("line {line}, column {}: it {what}", Safe(.column))]
    Cell { line: usize, column: String, what: &'static str },
    #[error("line {line} has the same id as line {before}")]
    Twice { line: usize, before: usize },
}

impl Explain for VaultsError {
    fn hint(&self) -> String {
        match self {
            Self::Table(TableError::NotText) => "Save it as CSV in UTF-8; a spreadsheet itself is not read.",
            Self::Guessed { .. } => {
                "If that is right, add --columns-as-guessed; --leave-out COLUMN leaves out one that is not known. Or name the columns name, chain, address, key_id, derivation_path, public_key."
            }
            Self::NotLeftOut { .. } => "Only columns that are not known can be left out: name them as the header does.",
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

/// How a table is understood; `None` where nothing had to be guessed.
pub fn guessed(bytes: &[u8]) -> Result<Option<TableLayout>, VaultsError> {
    let rows = rows(bytes)?;
    let layout = TableLayout::of(&rows, &Agreed::default())?;
    Ok((!layout.is_plain()).then_some(layout))
}

/// The vaults of a table, in its order. The first line names the columns; where something is to be guessed about them, it is refused
/// until somebody agreed.
pub fn vaults(bytes: &[u8], agreed: &Agreed) -> Result<Vec<Item>, VaultsError> {
    let rows = rows(bytes)?;
    let layout = TableLayout::of(&rows, agreed)?;
    if !layout.is_plain() && !agreed.guesses {
        return Err(VaultsError::Guessed { layout: Box::new(layout) });
    }
    let mut vaults = Vec::new();
    let mut lines = HashMap::new();
    for row in rows.iter().skip(layout.titles + 1).filter(|row| !layout.passes_over(row)) {
        let vault = vault(row, &layout)?;
        if let Some(before) = lines.insert(vault.id().to_owned(), row.line) {
            return Err(VaultsError::Twice { line: row.line, before });
        }
        vaults.push(vault);
    }
    if vaults.is_empty() { Err(VaultsError::Empty) } else { Ok(vaults) }
}

/// All rows, if they hold no secrets: before anything else is said of a table.
fn rows(bytes: &[u8]) -> Result<Vec<Row>, VaultsError> {
    let text = table_text(bytes)?;
    let mut rows: Vec<Row> = TableRows::of(&text).collect::<Result<_, _>>()?;
    let (place, header) = header_of(&rows).ok_or(VaultsError::Empty)?;
    let named: Vec<bool> = header.cells.iter().map(|cell| is_secret(cell)).collect();
    // The first row of a table without a header is no header: a secret may stand in it too.
    let is_found = |at: usize, column: usize, cell: &str| {
        let is_named = at != place && named.get(column) == Some(&true) && !cell.is_empty();
        is_named || is_secret_itself(cell)
    };
    let found = rows.iter().enumerate().find_map(|(at, row)| {
        let column = (0..).zip(&row.cells).find(|(column, cell)| is_found(at, *column, cell))?.0;
        Some((row.line, column))
    });
    if let Some((line, column)) = found {
        // Only what can be a name is shown.
        let name = header.cells.get(column).filter(|cell| cell.len() <= NAME_LENGTH && !is_secret_itself(cell));
        let column = name.cloned().unwrap_or_else(|| format!("number {}", column + 1));
        for row in &mut rows {
            row.cells.zeroize();
        }
        return Err(VaultsError::Secret { line, column });
    }
    let words = |row: &Row| -> Vec<String> {
        row.cells.iter().map(|cell| cell.to_lowercase().replace([' ', '-'], "_")).collect()
    };
    let is_export = |row: &Row| OF_EXPORT.iter().all(|of_export| words(row).iter().any(|word| word == of_export));
    match rows.first() {
        None => Err(VaultsError::Empty),
        Some(first) if is_export(first) => Err(VaultsError::IsExport),
        Some(_) => Ok(rows),
    }
}

fn vault(row: &Row, layout: &TableLayout) -> Result<Item, VaultsError> {
    let line = row.line;
    if row.cells.iter().skip(layout.columns.len()).any(|cell| !cell.is_empty()) {
        return Err(VaultsError::TooMany { line });
    }
    let mut fields = Fields::default();
    let mut notes = Vec::new();
    for (column, cell) in layout.columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty()) {
        match column.role {
            ColumnRole::Member("note") => notes.insert(0, cell.clone()),
            ColumnRole::Member("chain") => {
                let becomes = meant(cell).filter(|_| Chain::parse(cell).is_none());
                fields = fields.with_text("chain", becomes.as_ref().map_or(cell, Chain::word));
            }
            ColumnRole::Member(member) => fields = fields.with_text(member, cell),
            ColumnRole::Note => notes.push(format!("{}: {cell}", column.header)),
            ColumnRole::LeftOut | ColumnRole::Empty => {}
        }
    }
    if !notes.is_empty() {
        fields = fields.with_text("note", &notes.join("; "));
    }
    if fields.text("id").is_none() {
        fields = with_id(fields);
    }
    Item::new(Collection::Vaults, fields).map_err(|(fault, fields)| {
        let is_of = |column: &&TableColumn| column.role == ColumnRole::Member(fault.member);
        let column =
            layout.columns.iter().find(is_of).map_or_else(|| fault.member.to_owned(), |column| column.header.clone());
        let what = if fields.text(fault.member).is_none() { "is empty" } else { fault.what };
        VaultsError::Cell { line, column, what }
    })
}

/// How a table is understood, in a sentence.
fn told(layout: &TableLayout) -> String {
    layout.told().into_iter().map(|(line, _)| line).collect::<Vec<_>>().join("; ")
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
        vaults(text.as_bytes(), &Agreed::default()).map_or_else(
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
            // An empty column of such a name is none.
            ("name,chain,Private Key\nx,y,\n", r#"{"chain":"y","id":"ID","name":"x"}"#),
            (
                "name,chain,Recovery phrase\nx,y,\nx,y,5",
                "line 3: something stands in the column Recovery phrase, and a table of vaults holds no secrets",
            ),
            (
                "Vaults\n\nname,chain,seed\nx,y,5",
                "line 4: something stands in the column seed, and a table of vaults holds no secrets",
            ),
            ("name,chain,Private Key\nx,y,\nx,y,5", secret),
            // A vault may be called so.
            (
                "name,chain\nSeed round,y\nPrivate sale,y",
                r#"{"chain":"y","id":"A","name":"Seed round"} {"chain":"y","id":"B","name":"Private sale"}"#,
            ),
            // Whatever a column is called.
            (
                "name,chain,Notes\nx,y,legal winner thank year wave sausage worth useful legal winner thank yellow",
                "line 2: something stands in the column Notes, and a table of vaults holds no secrets",
            ),
            (
                "name,chain,key\nx,y,KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
                "line 2: something stands in the column key, and a table of vaults holds no secrets",
            ),
            // Without a header, and nothing of it is shown.
            (
                "Rent,legal winner thank year wave sausage worth useful legal winner thank yellow\nPay,x",
                "line 1: something stands in the column number 2, and a table of vaults holds no secrets",
            ),
            // Secrets are told of first, whatever else is wrong.
            ("colour,Private Key\nx,\ny,5", secret),
            (&format!("{export}a,bitcoin,,,,,,match\r\nb,bitcoin,,,,,5,match\r\n"), secret),
            (&format!("{export}a,bitcoin,,,,,,match\r\n"), &VaultsError::IsExport.to_string()),
            (export, &VaultsError::IsExport.to_string()),
        ] {
            let ids = [
                ("ID", "20b90e4244450382f7343e558cbf4ef1"),
                ("\"A\"", "\"6c3e0379e48e836a5e07b64bf21f32fb\""),
                ("\"B\"", "\"8f47b7a47beee9b2cc1e52b2d5d5312f\""),
            ];
            let error = ids.iter().fold(error.to_owned(), |error, (short, id)| error.replace(short, id));
            assert_eq!(said(text), error, "{text}");
            if let Err(why) = vaults(text.as_bytes(), &Agreed::default()) {
                assert_eq!(
                    why.hint().contains("destroy"),
                    error.contains("holds no secrets"),
                    "{text}: {}",
                    why.hint()
                );
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        for (text, error) in [
            ("", "nothing is in it"),
            ("name,chain\n", "nothing is in it"),
            ("name,address\nx,y", "line 1: the header has no column chain"),
            (
                "name,chain,colour\nx,y,z",
                "its columns are not named as this program names them, or hold other words: \"colour\" is not known: kept in the note of each vault; y is no chain that this program knows: kept as it is (1 row)",
            ),
            ("name,chain,path,derivation_path\nx,y,z,", "line 1: the column derivation_path stands there twice"),
            ("name,chain\nx,bitcoin\ny,", "line 3, column chain: it is empty"),
            ("name,chain\nx,bitcoin,more", "line 2 has more cells than the header"),
        ] {
            assert_eq!(said(text), error, "{text}");
        }
        let long = format!("name,chain,path\nx,y,{}", "1".repeat(257));
        assert!(said(&long).starts_with("line 2, column path: it is not a text"), "{}", said(&long));
    }

    /// What the vaults of a table hold when it is taken as it is understood.
    fn agreed(bytes: &[u8], left_out: &[&str]) -> String {
        let agreed = Agreed { guesses: true, left_out: left_out.iter().map(|name| (*name).to_owned()).collect() };
        vaults(bytes, &agreed).map_or_else(
            |error| error.to_string(),
            |vaults| {
                let members = ["name", "chain", "address", "path", "key_id", "public_key", "note"];
                let one = |vault: &Item| {
                    let of = |member: &&str| vault.fields().text(member).map(|text| format!("{member}={text}"));
                    members.iter().filter_map(of).collect::<Vec<_>>().join(" ")
                };
                vaults.iter().map(one).collect::<Vec<_>>().join(" | ")
            },
        )
    }

    #[test]
    fn tables_of_other_programs_are_understood_and_asked_about() {
        for (text, told, taken) in [
            // As custody platforms export vaults.
            (
                "Vault Account ID,Vault Account Name,Asset,Address,Balance\n7,Rent,BTC,bc1q,1.5\n8,Pay,MATIC,0xab,",
                r#""Vault Account ID" is the id; "Vault Account Name" is the name; "Asset" is the chain; "Balance" is not known: kept in the note of each vault; BTC is the chain bitcoin (1 row); MATIC is the chain polygon (1 row)"#,
                "name=Rent chain=bitcoin address=bc1q note=Balance: 1.5 | name=Pay chain=polygon address=0xab",
            ),
            (
                "Vault Name,Network,Derivation Path,Master Key ID,Note\nRent,Bitcoin,m/44/0/0/0/1,k1,old",
                r#""Vault Name" is the name; "Network" is the chain; "Master Key ID" is the key id"#,
                "name=Rent chain=Bitcoin path=m/44/0/0/0/1 key_id=k1 note=old",
            ),
            // A row for each asset of a vault: the id of the vault is none of a row.
            (
                "Vault Account ID,Vault Account Name,Asset ID,Address\n7,Treasury,BTC,bc1q\n7,Treasury,ETH,0xab",
                r#""Vault Account ID" is not known: kept in the note of each vault; "Vault Account Name" is the name; "Asset ID" is the chain; BTC is the chain bitcoin (1 row); ETH is the chain ethereum (1 row)"#,
                "name=Treasury chain=bitcoin address=bc1q note=Vault Account ID: 7 | name=Treasury chain=ethereum address=0xab note=Vault Account ID: 7",
            ),
            // Sums, headings of groups, a header once more.
            (
                "Name,Chain,Address\nTreasury,,\nRent,bitcoin,bc1q\nName,Chain,Address\nPay,ethereum,0xab\nTotal:,2,",
                r#"line 2 ("Treasury") holds no vault: passed over; line 4 ("Name") holds no vault: passed over; line 6 ("Total:") holds no vault: passed over"#,
                "name=Rent chain=bitcoin address=bc1q | name=Pay chain=ethereum address=0xab",
            ),
            // A title, semicolons, Excel's line, empty last columns.
            (
                "sep=;\r\nVaults as of today;;;\r\n;;;\r\nName;Chain;;\r\nRent;BNB Smart Chain;;\r\n",
                "1 row is above the header in line 4 passed over; BNB Smart Chain is the chain bnb (1 row)",
                "name=Rent chain=bnb",
            ),
            // Of two columns that could be the chain the better name counts; what it does not know is kept.
            (
                "name,network,asset\nRent,ethereum,USDC\nPay,MARS,X",
                r#""network" is the chain; "asset" is not known: kept in the note of each vault; MARS is no chain that this program knows: kept as it is (1 row)"#,
                "name=Rent chain=ethereum note=asset: USDC | name=Pay chain=MARS note=asset: X",
            ),
        ] {
            let layout = guessed(text.as_bytes()).unwrap().unwrap();
            assert_eq!(super::told(&layout), told);
            assert!(said(text).ends_with(told), "{}", said(text));
            assert_eq!(agreed(text.as_bytes(), &[]), taken);
            let unicode: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(agreed(&[&[0xFF, 0xFE], &*unicode].concat(), &[]), taken);
        }
        let text = b"name,chain,colour,weight\nRent,bitcoin,red,2";
        assert_eq!(agreed(text, &["colour"]), "name=Rent chain=bitcoin note=weight: 2");
        assert_eq!(agreed(text, &["colour", "weight"]), "name=Rent chain=bitcoin");
        for known in ["name", "smell"] {
            assert_eq!(agreed(text, &[known]), format!("no column {known} is there that could be left out"));
        }
        // What is named as here needs no yes.
        assert_eq!(guessed(b"Name;CHAIN;Derivation-Path;;\nRent;Ethereum;m;;\n").unwrap(), None);
        // What is turned on a page is what is agreed to.
        let mut layout = guessed(text).unwrap().unwrap();
        let column = layout.told()[0].1.unwrap();
        layout.turn(column);
        assert_eq!(vaults(text, &layout.agreed()).unwrap()[0].fields().text("note"), Some("weight: 2"));
    }
}
