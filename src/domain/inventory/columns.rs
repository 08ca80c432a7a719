//! How the columns of a table of vaults are understood: those that are named as here, those that are probably meant, and others.

use std::collections::{BTreeMap, BTreeSet};

use super::vaults::VaultsError;
use crate::domain::chain::Chain;
use crate::domain::chain_names::meant;
use crate::domain::phrase::WordCount;
use crate::domain::table::Row;
use crate::domain::text::{Safe, counted};
use crate::domain::wordlist::WordList;

/// Names of columns and the members of a vault that they hold.
const COLUMNS: [(&str, &str); 9] = [
    ("id", "id"),
    ("name", "name"),
    ("chain", "chain"),
    ("address", "address"),
    ("key_id", "key_id"),
    ("derivation_path", "path"),
    ("path", "path"),
    ("public_key", "public_key"),
    ("note", "note"),
];
/// Names that other programs and people give such columns, without case, spaces and signs; of two in one table the first here counts.
/// Whoever gives the table is asked.
const GUESSES: [(&str, &[&str]); 8] = [
    ("id", &["vaultid", "vaultaccountid", "walletid", "accountid", "uuid"]),
    (
        "name",
        &[
            "vaultname",
            "vaultaccountname",
            "walletname",
            "accountname",
            "vault",
            "wallet",
            "account",
            "walletlabel",
            "vaultaccount",
            "safename",
            "portfolioname",
            "portfolio",
            "label",
            "title",
            "bezeichnung",
            "nom",
            "nombre",
        ],
    ),
    (
        "chain",
        &[
            "blockchain",
            "network",
            "chainname",
            "protocol",
            "assetid",
            "asset",
            "coin",
            "currency",
            "ticker",
            "symbol",
            "netzwerk",
            "blockchainnetwork",
            "kette",
            "currencyname",
            "currencyticker",
            "coinname",
            "assetsymbol",
            "währung",
            "réseau",
            "red",
            "chaintype",
            "vaulttype",
        ],
    ),
    (
        "address",
        &["walletaddress", "vaultaddress", "depositaddress", "accountaddress", "publicaddress", "addresses", "adresse"],
    ),
    ("key_id", &["keyid", "masterkeyid", "masterkey", "keysetid"]),
    ("path", &["derivationpath", "bippath", "bip44path", "bip32path", "hdpath", "keypath", "ableitungspfad"]),
    ("public_key", &["publickey", "pubkey", "publickeyhex", "compressedpublickey"]),
    ("note", &["notes", "memo", "comment", "comments", "description", "remark", "kommentar", "notiz"]),
];
/// Words of columns in which something may stand that must not lie in a table.
const SECRET: [&str; 12] = [
    "private",
    "secret",
    "mnemonic",
    "seed",
    "phrase",
    "passphrase",
    "password",
    "xprv",
    "xpriv",
    "zprv",
    "wif",
    "keystore",
];
/// The same of several words.
const SECRET_NAMES: [&str; 5] = ["chain_code", "share", "shares", "key_share", "key_shares"];
/// Titles may stand above a header.
const ROWS_BEFORE_HEADER: usize = 10;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// This member of a vault.
    Member(&'static str),
    /// It is not known: its cells are kept in the note of their vaults.
    Note,
    /// It is not known, and left out.
    LeftOut,
    /// Nothing stands in it.
    Empty,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// As its header names it; `column 5` where it has no name.
    pub header: String,
    pub role: ColumnRole,
    /// It is named as this program names it.
    is_ours: bool,
}

/// A word for a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainWord {
    pub word: String,
    /// The word of this program for it.
    pub becomes: Option<String>,
    pub rows: usize,
}

/// How a table is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLayout {
    /// The line of the header, from 1.
    pub line: usize,
    /// How many rows stand above it.
    pub titles: usize,
    /// Lines of rows below it that hold no vault: sums, headings of groups, a header once more.
    passed: Vec<PassedRow>,
    pub columns: Vec<TableColumn>,
    /// In the order in which they first stand there.
    pub chains: Vec<ChainWord>,
}

/// A row that holds no vault.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PassedRow {
    line: usize,
    /// What stands first in it.
    text: String,
}

/// What begins a row of sums, without case, spaces and signs.
const SUMS: [&str; 11] =
    ["total", "totals", "grandtotal", "subtotal", "sum", "summe", "gesamt", "insgesamt", "totale", "somme", "suma"];
/// So many rows that are passed over are named, and the others counted.
const PASSED_NAMED: usize = 5;

/// What somebody agreed to about a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Columns and words are taken as they were guessed.
    pub guesses: bool,
    /// Columns that are not known and are left out, by their headers; others are kept as notes.
    pub left_out: BTreeSet<String>,
}

impl TableLayout {
    /// Looks for the header, and what each column holds.
    pub(super) fn of(rows: &[Row], agreed: &Agreed) -> Result<Self, VaultsError> {
        let (place, header) = header_of(rows).ok_or(VaultsError::Empty)?;
        let below = rows.get(place + 1..).unwrap_or_default();
        let passed: Vec<PassedRow> = below.iter().filter_map(|row| passed(row, header)).collect();
        let kept: Vec<&Row> = below.iter().filter(|row| !is_among(&passed, row)).collect();
        let columns = columns(header, &kept, agreed)?;
        let mut layout = Self { line: header.line, titles: place, passed, columns, chains: Vec::new() };
        for member in ["name", "chain"] {
            if layout.place_of(member).is_none() {
                return Err(VaultsError::ColumnMissing { line: header.line, column: member });
            }
        }
        layout.count_chains(&kept);
        for name in &agreed.left_out {
            if !layout.columns.iter().any(|column| column.header == *name && column.is_unknown()) {
                return Err(VaultsError::NotLeftOut { column: name.clone() });
            }
        }
        Ok(layout)
    }

    pub(super) fn place_of(&self, member: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.role == ColumnRole::Member(text_of_member(member)))
    }

    /// Whether a row holds no vault.
    pub(super) fn passes_over(&self, row: &Row) -> bool {
        is_among(&self.passed, row)
    }

    fn count_chains(&mut self, rows: &[&Row]) {
        let Some(place) = self.place_of("chain") else { return };
        for word in rows.iter().filter_map(|row| row.cells.get(place)).filter(|cell| !cell.is_empty()) {
            if let Some(known) = self.chains.iter_mut().find(|known| known.word == *word) {
                known.rows += 1;
            } else if self.chains.len() < CHAIN_WORDS {
                let becomes = meant(word).map(|chain| chain.word().to_owned());
                self.chains.push(ChainWord { word: word.clone(), becomes, rows: 1 });
            }
        }
    }

    /// Nothing was guessed: nobody has to be asked.
    pub fn is_plain(&self) -> bool {
        self.titles == 0
            && self.passed.is_empty()
            && self.columns.iter().all(|column| column.is_ours || column.role == ColumnRole::Empty)
            && self.chains.iter().all(|chain| !chain.is_guessed())
    }

    /// The columns that are not known.
    pub fn unknown(&self) -> impl Iterator<Item = &TableColumn> {
        self.columns.iter().filter(|column| column.is_unknown())
    }

    /// How it is understood, a line each, for people; and of a column that can be left out or kept, its place.
    pub fn told(&self) -> Vec<(String, Option<usize>)> {
        let titles = (self.titles > 0)
            .then(|| format!("{} above the header in line {} passed over", rows_are(self.titles), self.line));
        let more = self.passed.len().saturating_sub(PASSED_NAMED);
        let passed = self.passed.iter().take(PASSED_NAMED);
        let passed =
            passed.map(|row| format!("line {} (\"{}\") holds no vault: passed over", row.line, Safe(&row.text)));
        let passed = passed.chain((more > 0).then(|| format!("and {} more", counted(more, "row"))));
        let columns = self.columns.iter().enumerate();
        let columns =
            columns.filter_map(|(place, column)| Some((column.said()?, column.is_unknown().then_some(place))));
        let chains = self.chains.iter().filter_map(ChainWord::said).map(|line| (line, None));
        let first = titles.into_iter().chain(passed).map(|line| (line, None));
        first.chain(columns).chain(chains).collect()
    }

    /// A column that is not known is left out instead of kept, or kept instead of left out.
    pub fn turn(&mut self, place: usize) {
        if let Some(column) = self.columns.get_mut(place) {
            column.role = match column.role {
                ColumnRole::Note => ColumnRole::LeftOut,
                ColumnRole::LeftOut => ColumnRole::Note,
                other @ (ColumnRole::Member(_) | ColumnRole::Empty) => other,
            };
        }
    }

    /// What somebody agrees to who takes it as it is.
    pub fn agreed(&self) -> Agreed {
        let left_out = self.columns.iter().filter(|column| column.role == ColumnRole::LeftOut);
        Agreed { guesses: true, left_out: left_out.map(|column| column.header.clone()).collect() }
    }
}

/// The row that names the columns and its place: the first one that has a name and a chain, or the first of all.
pub(super) fn header_of(rows: &[Row]) -> Option<(usize, &Row)> {
    let has =
        |row: &Row, member| row.cells.iter().any(|cell| member_of(cell).is_some_and(|(found, ..)| found == member));
    let is_header = |row: &Row| has(row, "name") && has(row, "chain");
    let place = rows.iter().take(ROWS_BEFORE_HEADER).position(is_header).unwrap_or(0);
    rows.get(place).map(|header| (place, header))
}

/// More words for chains than any table has.
const CHAIN_WORDS: usize = 200;

fn rows_are(count: usize) -> String {
    format!("{} {}", counted(count, "row"), if count == 1 { "is" } else { "are" })
}

impl TableColumn {
    pub fn is_unknown(&self) -> bool {
        matches!(self.role, ColumnRole::Note | ColumnRole::LeftOut)
    }

    fn said(&self) -> Option<String> {
        let header = Safe(&self.header);
        match self.role {
            ColumnRole::Empty => None,
            ColumnRole::Member(_) if self.is_ours => None,
            ColumnRole::Member(member) => Some(format!("\"{header}\" is the {}", member.replace('_', " "))),
            ColumnRole::Note => Some(format!("\"{header}\" is not known: kept in the note of each vault")),
            ColumnRole::LeftOut => Some(format!("\"{header}\" is not known: left out")),
        }
    }
}

impl ChainWord {
    /// It becomes another word than its own in small letters.
    fn is_guessed(&self) -> bool {
        self.becomes.is_some() && Chain::parse(&self.word).is_none()
    }

    fn said(&self) -> Option<String> {
        let word = Safe(&self.word);
        let rows = counted(self.rows, "row");
        match &self.becomes {
            Some(becomes) if self.is_guessed() => Some(format!("{word} is the chain {becomes} ({rows})")),
            Some(_) => None,
            None => Some(format!("{word} is no chain that this program knows: kept as it is ({rows})")),
        }
    }
}

/// The words of a header as they are compared with ours.
fn word(cell: &str) -> String {
    cell.to_lowercase().replace([' ', '-'], "_")
}

/// The member that a column holds; whether it is named so here; and where it stands among guesses.
fn member_of(cell: &str) -> Option<(&'static str, bool, usize)> {
    if let Some((_, member)) = COLUMNS.into_iter().find(|(name, _)| *name == word(cell)) {
        return Some((member, true, 0));
    }
    let named = cell.split(['(', '[']).next().unwrap_or("");
    let plain: String = named.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    GUESSES.into_iter().find_map(|(member, names)| {
        if member == plain {
            return Some((member, false, 0));
        }
        names.iter().position(|name| *name == plain).map(|rank| (member, false, rank + 1))
    })
}

fn text_of_member(member: &str) -> &'static str {
    COLUMNS.into_iter().map(|(_, known)| known).find(|known| *known == member).unwrap_or("")
}

/// Rows stand in the order of their lines.
fn is_among(passed: &[PassedRow], row: &Row) -> bool {
    passed.binary_search_by_key(&row.line, |passed| passed.line).is_ok()
}

/// Why a row below the header holds no vault, if it does not: it is a sum, or the header once more, or all that stands in it is one text.
fn passed(row: &Row, header: &Row) -> Option<PassedRow> {
    let filled: Vec<&String> = row.cells.iter().filter(|cell| !cell.is_empty()).collect();
    let first = *filled.first()?;
    let plain: String = first.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let names = header.cells.iter().filter(|cell| !cell.is_empty()).count();
    // An address is longer than any amount.
    let is_sum = SUMS.contains(&plain.as_str()) && filled.iter().all(|cell| cell.len() < 25);
    let is_heading = filled.len() == 1 && names > 2;
    (is_sum || is_heading || row.cells == header.cells).then(|| PassedRow { line: row.line, text: first.clone() })
}

fn columns(header: &Row, rows: &[&Row], agreed: &Agreed) -> Result<Vec<TableColumn>, VaultsError> {
    let is_filled = |place: usize| rows.iter().any(|row| row.cells.get(place).is_some_and(|cell| !cell.is_empty()));
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).min(header.cells.len());
    let found: Vec<_> = header.cells.iter().map(|cell| member_of(cell)).collect();
    // Of two that could be the same member the better name counts, and then the first.
    let mut best = BTreeMap::new();
    for (place, (member, _, rank)) in found.iter().enumerate().filter_map(|(place, found)| Some((place, (*found)?))) {
        let first = best.entry(member).or_insert((rank, place));
        *first = (*first).min((rank, place));
    }
    let mut ours = BTreeSet::new();
    let mut columns = Vec::new();
    for (place, (cell, this)) in header.cells.iter().zip(found).enumerate() {
        if this.is_some_and(|(member, is_ours, _)| is_ours && !ours.insert(member)) {
            return Err(VaultsError::ColumnTwice { line: header.line, column: cell.clone() });
        }
        let is_best = this.is_some_and(|(member, _, rank)| best.get(member) == Some(&(rank, place)));
        let name = if cell.is_empty() { format!("column {}", place + 1) } else { cell.clone() };
        // Programs that have a row for each asset repeat the id of the vault: it is none here.
        let is_repeated = |member, is_ours: bool| member == "id" && !is_ours && repeats(rows, place);
        let (role, is_ours) = match this {
            Some((member, is_ours, _)) if is_best && !is_repeated(member, is_ours) => {
                (ColumnRole::Member(member), is_ours)
            }
            _ if place >= widest || !is_filled(place) => (ColumnRole::Empty, false),
            _ if agreed.left_out.contains(&name) => (ColumnRole::LeftOut, false),
            _ => (ColumnRole::Note, false),
        };
        columns.push(TableColumn { header: name, role, is_ours });
    }
    Ok(columns)
}

/// Whether two rows have the same in a column.
fn repeats(rows: &[&Row], place: usize) -> bool {
    let mut seen = BTreeSet::new();
    rows.iter().filter_map(|row| row.cells.get(place)).any(|cell| !cell.is_empty() && !seen.insert(cell))
}

/// Whether something secret may stand in such a column.
pub(super) fn is_secret(header: &str) -> bool {
    let word = word(header);
    SECRET_NAMES.contains(&word.as_str())
        || word.split(|c: char| !c.is_alphanumeric()).any(|part| SECRET.contains(&part))
}

/// Whether a cell is a secret, whatever its column is called: a recovery phrase (BIP-39), an extended private key (BIP-32), or a
/// private key in wallet import format.
pub(super) fn is_secret_itself(cell: &str) -> bool {
    let is_base58 = || cell.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_extended = cell.get(1..4) == Some("prv") && cell.len() > 100 && is_base58();
    let is_wif = matches!(cell.len(), 51 | 52) && cell.starts_with(['5', 'K', 'L', 'c', '9']) && is_base58();
    let words = || cell.split_whitespace();
    let is_length = u8::try_from(words().count()).ok().and_then(WordCount::new).is_some();
    is_extended || is_wif || is_length && words().all(|word| WordList::English.position(word).is_some())
}
