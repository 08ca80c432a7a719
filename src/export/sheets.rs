//! The form `text`: sheets to be printed, a page or more for each key, vault and account, before them a list of all.
//! At most 66 lines of 80 columns; a form feed between pages. Keys stand in groups of four, so that a person can type them. One
//! file, so that it is complete or absent like every other.

use std::fmt;
use std::io::{self, Write};

use super::facts::{self, Fact, FactKind};
use super::plain::{secret_file, secret_text};
use super::view::{ExportView, ShownVersion, sealed_text};
use crate::domain::canonical;
use crate::domain::inventory::Collection;
use crate::domain::secret::{SecretBuffer, SecretText};
use crate::domain::text::Safe;

/// Lines of a page below its head, which has four; 66 fit on any paper.
const BODY: usize = 60;
/// Columns of a line, of a value that is wrapped, of a label and of what stands beside it.
const LINE: usize = 78;
const WRAPPED: usize = 64;
const LABEL: usize = 18;
const BESIDE: usize = LINE - LABEL - 2;
/// Signs of a group, and groups of a line.
const GROUP: usize = 4;
const GROUPS: usize = 8;

/// Lines that stay on one page where they fit.
type Block = Vec<SecretText>;

/// Pages under one title.
struct Sheet {
    title: String,
    blocks: Vec<Block>,
}

pub fn document(view: &ExportView<'_>) -> SecretBuffer {
    let sheets = sheets(view);
    // The list of all has as many lines whatever the numbers are.
    let list_pages = pages(&contents(view, &sheets, &[]).blocks).len();
    let mut next = list_pages + 1;
    let mut numbers = Vec::with_capacity(sheets.len());
    for sheet in &sheets {
        numbers.push(next);
        next += pages(&sheet.blocks).len();
    }
    let contents = contents(view, &sheets, &numbers);
    let last = next - 1;
    let all: Vec<(&str, Vec<&[SecretText]>)> = std::iter::once(&contents)
        .chain(&sheets)
        .flat_map(|sheet| pages(&sheet.blocks).into_iter().map(|page| (sheet.title.as_str(), page)))
        .collect();
    secret_file(|out| {
        for (number, (title, page)) in (1..).zip(&all) {
            if number > 1 {
                out.write_all(b"\x0c")?;
            }
            write_head(out, view, title, (number, last))?;
            page.iter().copied().flatten().try_for_each(|line| writeln!(out, "{}", line.reveal()))?;
        }
        Ok(())
    })
}

fn write_head(
    out: &mut dyn Write,
    view: &ExportView<'_>,
    title: &str,
    (number, last): (usize, usize),
) -> io::Result<()> {
    let training = if view.is_training { "TRAINING" } else { "" };
    let page = format!("page {number} of {last}");
    let organization = view.organization_title();
    let organization = Cut(&organization, LINE - training.len() - 2);
    let title = Cut(title, LINE - page.len() - 2);
    let gap = |text: &Cut<'_>, right: &str| " ".repeat(LINE.saturating_sub(text.columns() + right.len()));
    writeln!(out, "{}", format!("{organization}{}{training}", gap(&organization, training)).trim_end())?;
    writeln!(out, "{title}{}{page}", gap(&title, &page))?;
    writeln!(out, "{}\n", "-".repeat(LINE))
}

/// Blocks into pages.
fn pages(blocks: &[Block]) -> Vec<Vec<&[SecretText]>> {
    let mut pages: Vec<Vec<&[SecretText]>> = Vec::new();
    let mut left = 0;
    for part in blocks.iter().flat_map(|block| block.chunks(BODY)) {
        if part.len() > left {
            pages.push(Vec::new());
            left = BODY;
        }
        left -= part.len();
        pages.last_mut().into_iter().for_each(|page| page.push(part));
    }
    pages
}

/// What is inside, what does not check, and where each sheet is.
fn contents(view: &ExportView<'_>, sheets: &[Sheet], numbers: &[usize]) -> Sheet {
    let count = |known: &[_]| known.len();
    let mut blocks = vec![vec![
        line(format_args!(
            "Keys {}, vaults {}, accounts {}.",
            count(&view.keys),
            count(&view.vaults),
            count(&view.accounts)
        )),
        line(format_args!(
            "{}",
            if view.is_public {
                "No private keys and no codes are in these sheets."
            } else {
                "WHO HOLDS THESE SHEETS HOLDS THE KEYS. Keep them as you keep the phrases."
            }
        )),
    ]];
    if !view.is_public {
        blocks.push(vec![
            line(format_args!("Keys stand in groups of four, to be read aloud and typed: those spaces are")),
            line(format_args!("not part of them. Spaces in codes are. A sign written as <U+0000> stands for")),
            line(format_args!("one that cannot be printed.")),
        ]);
    }
    blocks.push(gap());
    if view.red.is_empty() {
        blocks.push(vec![line(format_args!("Nothing was found that does not check."))]);
    } else {
        blocks.push(vec![line(format_args!("WHAT DOES NOT CHECK:"))]);
        blocks.extend(view.red.iter().map(|text| wrapped(&Safe(text).to_string(), LINE - 2, "! ")));
    }
    if !view.notes.is_empty() {
        blocks.push(gap());
        blocks.push(vec![line(format_args!("TO BE KNOWN:"))]);
        blocks.extend(view.notes.iter().map(|text| wrapped(&Safe(text).to_string(), LINE - 2, "- ")));
    }
    blocks.push(gap());
    blocks.push(vec![line(format_args!("  page"))]);
    for (place, sheet) in sheets.iter().enumerate() {
        let number = numbers.get(place).copied().unwrap_or_default();
        blocks.push(vec![line(format_args!("{number:>6}  {}", Cut(&sheet.title, LINE - 8)))]);
    }
    Sheet { title: "What is in these sheets".to_owned(), blocks }
}

fn sheets(view: &ExportView<'_>) -> Vec<Sheet> {
    let all = || view.collections().into_iter().flatten();
    let current = all().filter_map(|known| known.current.as_ref()).map(|shown| sheet(view, shown, ""));
    let proposals = all().flat_map(|known| &known.proposals);
    let proposals = proposals.map(|shown| sheet(view, shown, "PROPOSED WITHOUT THE QUORUM: "));
    let removals = all().filter_map(|known| {
        let shown = known.current.as_ref().filter(|_| !known.removals.is_empty())?;
        let noun = shown.item.collection().noun();
        let removals = known.removals.iter().map(|source| sealed_text(*source));
        let blocks = removals.map(|text| field("Proposed", &format!("to remove this {noun}; {text}"))).collect();
        Some(Sheet { title: format!("PROPOSED WITHOUT THE QUORUM: {}", title(shown)), blocks })
    });
    let earlier = all().flat_map(|known| &known.earlier).map(|shown| sheet(view, shown, "EARLIER VERSION: "));
    let mut sheets: Vec<Sheet> = current.chain(proposals).chain(removals).chain(earlier).collect();
    if !view.unknown_records.is_empty() {
        let json = canonical::secret_bytes(&view.unknown_records, 0);
        // The canonical form is ASCII.
        let json = std::str::from_utf8(json.reveal()).unwrap_or_default();
        let title = "Records that this version of Conclave does not understand".to_owned();
        sheets.push(Sheet { title, blocks: vec![wrapped(json, WRAPPED, "")] });
    }
    sheets
}

fn sheet(view: &ExportView<'_>, shown: &ShownVersion<'_>, prefix: &str) -> Sheet {
    let facts = facts::of(view, shown);
    let mut blocks = Vec::with_capacity(facts.len());
    let mut last_kind = FactKind::Public;
    for fact in &facts {
        let is_new_part =
            fact.kind != last_kind && !matches!((fact.kind, last_kind), (FactKind::Code(_), FactKind::Code(_)));
        if is_new_part || fact.kind == FactKind::KeyMaterial {
            blocks.push(gap());
        }
        last_kind = fact.kind;
        blocks.push(written(fact));
    }
    Sheet { title: format!("{prefix}{}", title(shown)), blocks }
}

/// Plain text.
fn title(shown: &ShownVersion<'_>) -> String {
    let noun = match shown.item.collection() {
        Collection::Keys => "Key",
        Collection::Vaults => "Vault",
        Collection::Accounts => "Account",
        Collection::Shares => "Share",
    };
    format!("{noun}: {}", Safe(&shown.item.title()))
}

fn written(fact: &Fact<'_>) -> Block {
    match fact.kind {
        FactKind::KeyMaterial => key_material(&fact.label, fact.reveal()),
        FactKind::Public | FactKind::Code(_) => field(&fact.label, fact.reveal()),
        FactKind::Secret => {
            // A note has lines of its own.
            let mut block = vec![line(format_args!("{}", Cut(&fact.label, LINE)))];
            for part in fact.reveal().lines() {
                let plain = secret_text(format_args!("{}", Safe(part)));
                block.extend(wrapped(plain.reveal(), WRAPPED, "    "));
            }
            block
        }
    }
}

/// A label and its value: beside it where it is short enough.
fn field(label: &str, value: &str) -> Block {
    let value = secret_text(format_args!("{}", Safe(value)));
    let value = value.reveal();
    if columns(label) <= LABEL && columns(value) <= BESIDE {
        return vec![line(format_args!("{label:LABEL$}  {value}"))];
    }
    let mut block = vec![line(format_args!("{}", Cut(label, LINE)))];
    block.extend(wrapped(value, WRAPPED, "    "));
    block
}

/// In groups, if it is of letters and digits alone: else a space might be taken for a part of it.
fn key_material(label: &str, value: &str) -> Block {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return field(label, value);
    }
    let mut block = vec![line(format_args!("{}", Cut(label, LINE)))];
    let lines = value.as_bytes().chunks(GROUP * GROUPS);
    block.extend(lines.map(|part| line(format_args!("    {}", Grouped(part)))));
    block
}

struct Grouped<'a>(&'a [u8]);

impl fmt::Display for Grouped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for group in self.0.chunks(GROUP) {
            write!(out, "{separator}{}", std::str::from_utf8(group).unwrap_or_default())?;
            separator = " ";
        }
        Ok(())
    }
}

/// `text` in lines of at most `width` columns, each after `indent`; broken at spaces where there are some, and nothing of it lost.
fn wrapped(text: &str, width: usize, indent: &str) -> Block {
    let mut block = Block::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fits = fitting(rest, width).max(rest.chars().next().map_or(1, char::len_utf8));
        let (part, _) = rest.split_at(fits);
        let end = if fits == rest.len() { fits } else { part.rfind(' ').map_or(fits, |space| space + 1) };
        let (part, later) = rest.split_at(end);
        block.push(line(format_args!("{indent}{part}")));
        rest = later;
    }
    block
}

/// How many bytes of `text` fit into `width` columns.
fn fitting(text: &str, width: usize) -> usize {
    let mut used = 0;
    let fits = |c: &char| {
        used += columns_of(*c);
        used <= width
    };
    text.chars().take_while(fits).map(char::len_utf8).sum()
}

/// Columns of a sign, at most: only ASCII is sure to be narrow.
fn columns_of(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// The beginning of a text that is too long for its place.
struct Cut<'a>(&'a str, usize);

impl Cut<'_> {
    fn columns(&self) -> usize {
        columns(self.0).min(self.1)
    }
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, width) = *self;
        if columns(text) <= width {
            return out.write_str(text);
        }
        let fits = fitting(text, width.saturating_sub(3));
        let (part, _) = text.split_at(fits);
        write!(out, "{part}...")
    }
}

fn line(what: fmt::Arguments<'_>) -> SecretText {
    secret_text(what)
}

fn gap() -> Block {
    vec![SecretText::copy_of("")]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{SECRETS, inventory, public_only, text, with_view};
    use super::*;
    use crate::domain::export_form::Selection;
    use crate::domain::export_form::{ExportError, ExportForm, SHEETS_LIMIT};
    use crate::domain::inventory::{BoxSource, SealedBy, read_records};
    use crate::domain::kind::Kind;
    use crate::domain::time::Timestamp;

    #[test]
    fn more_than_anybody_can_leaf_through_is_not_printed() {
        let mut all = inventory();
        let put = |n: usize| {
            let item = format!(r#"{{"id":"w{n}","name":"n","chain":"c"}}"#);
            format!(r#"{{"record":"put","collection":"vaults","item":{item}}}"#)
        };
        let records: Vec<String> = (0..SHEETS_LIMIT).map(put).collect();
        let json = format!("{{\"records\":[{}]}}", records.join(","));
        let created = Timestamp::parse("2026-01-02T03:04:05Z").unwrap();
        let source = BoxSource { sealed_by: SealedBy::Public, position: 3, created, issuer: None };
        all.apply(source, read_records(Kind::Organization, json.as_bytes()).unwrap());
        let refused = ExportForm::Text.check(&all, &Selection::default()).unwrap_err();
        assert!(matches!(refused, ExportError::TooManySheets { sheets: SHEETS_LIMIT.., .. }), "{refused}");
    }

    #[test]
    fn every_item_has_a_page_and_the_first_page_lists_them() {
        let document = text(&with_view(&Selection::default(), document));
        let pages: Vec<&str> = document.split('\x0c').collect();
        assert_eq!(pages.len(), 10, "{document}");
        let has = |page: usize, texts: &[&str]| {
            for text in texts {
                assert!(pages[page].contains(text), "{text} is not in:\n{}", pages[page]);
            }
        };
        has(
            0,
            &[
                "Example Cellar",
                "TRAINING",
                "page 1 of 10",
                "WHAT DOES NOT CHECK:",
                "! vault Rent now",
                "     3  Vault: Rent now",
            ],
        );
        has(1, &["Key: k", "Private Key\n    0011 2233 4455 6677 8899 aabb ccdd eeff\n    0011 2233"]);
        has(2, &["Vault: Rent now", "Address Check       match; a change was proposed", "Import: WIF\n    KwDi Bf89"]);
        has(2, &["Import: Seed (hint)\n    there is no seed", "Origin              sealed by a quorum, 2026-01-02"]);
        has(3, &["Vault: Travel", "NOT CONFIRMED"]);
        has(4, &["Account: Mail / ops", "2 of 3 left", "Code 1 (used)       code-one\nCode 2 (next)       code-two"]);
        has(4, &["Code 3              code-<U+0000>three", "Note\n    a secret note\n    of two lines"]);
        has(5, &["PROPOSED WITHOUT THE QUORUM: Vault: Thief"]);
        has(6, &["PROPOSED WITHOUT THE QUORUM: Vault: Rent now", "to remove this vault"]);
        has(7, &["EARLIER VERSION: Vault: Gone"]);
        assert!(document.lines().all(|line| line.trim_start_matches('\x0c').len() <= 80), "{document}");
        assert!(pages.iter().all(|page| page.lines().count() <= 66 && page.contains("TRAINING")));
    }

    #[test]
    fn without_secrets_none_is_there() {
        let document = text(&with_view(&public_only(), document));
        for secret in SECRETS {
            assert!(!document.contains(secret), "{secret}");
        }
        assert!(document.contains("2 of 3 left") && document.contains("No private keys and no codes"));
    }

    #[test]
    fn long_values_are_wrapped_and_nothing_of_them_is_lost() {
        let long = format!("{} {}", "word ".repeat(40), "é".repeat(200));
        let block = wrapped(&long, WRAPPED, "    ");
        let lines: Vec<&str> = block.iter().map(|line| line.reveal().strip_prefix("    ").unwrap()).collect();
        assert!(lines.iter().all(|line| columns(line) <= WRAPPED));
        assert_eq!(lines.concat(), long);
        assert_eq!(Cut("abcdefgh", 6).to_string(), "abc...");
    }

    #[test]
    fn a_sheet_that_is_too_long_goes_on_on_the_next_page() {
        let blocks: Vec<Block> = (0..5).map(|_| wrapped(&"x".repeat(WRAPPED * 25), WRAPPED, "")).collect();
        let pages = pages(&blocks);
        let lines: Vec<usize> = pages.iter().map(|page| page.iter().copied().flatten().count()).collect();
        assert_eq!(lines, [50, 50, 25]);
    }
}
