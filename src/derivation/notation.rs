//! The address in a text as people keep it: what programs write around one is taken off. Payment links (BIP-21, EIP-681, SEP-7, Solana
//! Pay), account ids of CAIP-10, chain prefixes of EIP-3770, tags and memos behind an address, pages of explorers, groups of digits.

use super::family::{Unread, Wallets, Written};
use crate::domain::typed::visible;

/// What begins payment links. Any other word before a colon is the prefix of a chain.
const SCHEMES: [&str; 15] = [
    "aptos",
    "bitcoin",
    "bitcoincash",
    "cosmos",
    "dogecoin",
    "ethereum",
    "litecoin",
    "polkadot",
    "ripple",
    "solana",
    "stellar",
    "sui",
    "tron",
    "xrp",
    "xrpl",
];
/// The parameters of links that hold an address: of who is paid (EIP-681, SEP-7, BIP-321), or whose page it is.
const PARAMETERS: [&str; 6] = ["a", "addr", "address", "bc", "destination", "to"];
/// Names that only a server or a chain can turn into an address have one of these in them.
const NAME_SIGNS: [char; 2] = ['.', '*'];

/// A part of the text that can be the address, and what stood around it.
struct Inside<'a> {
    text: &'a str,
    around: &'static str,
}

/// Reads `recorded` as wallets of a family do, or what is said against it: all of it, or the one address in it.
pub fn read(wallets: &dyn Wallets, recorded: &str) -> Result<Written, Unread> {
    let seen = visible(recorded);
    let seen = seen.trim().trim_matches(['"', '\'', '<', '>', ',', ';']).trim_end_matches('.');
    let joined: String = seen.split_whitespace().collect();
    let whole = wallets.read(&joined).or_else(|unread| wallets.read(&without_capital(&joined)).map_err(|_| unread));
    let mut refused = match whole {
        Ok(written) => return Ok(written.inside((joined.len() != seen.len()).then_some("in groups"))),
        Err(unread) => unread,
    };
    let mut found: Option<Written> = None;
    for part in inside(seen) {
        match (wallets.read(part.text), &found) {
            (Ok(written), None) => found = Some(written.inside(Some(part.around))),
            (Ok(written), Some(before)) if written.account() == before.account() => {}
            (Ok(_), Some(_)) => return Err(Unread::Undecidable("two addresses stand in it".into())),
            // What says most is kept.
            (Err(unread), _) if refused == Unread::NoAddress => refused = unread,
            (Err(_), _) => {}
        }
    }
    match (found, refused) {
        (Some(written), _) => Ok(written),
        (None, Unread::NoAddress | Unread::Checksum) if is_shortened(seen) => {
            Err(Unread::Undecidable("it is shortened: some of its characters are left out".into()))
        }
        (None, Unread::NoAddress) if seen.split_whitespace().any(is_name) => {
            Err(Unread::Undecidable("it is a name, and only the network knows of which account".into()))
        }
        (None, refused) => Err(refused),
    }
}

/// A telephone makes the first letter a capital.
fn without_capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let is_alone = !letters.as_str().contains(|c: char| c.is_ascii_uppercase());
    if is_alone { first.into_iter().chain(letters).collect() } else { text.to_owned() }
}

/// The words of a text, of which one may be the address. Of what stands behind a question mark only what names an address counts: a
/// label or a memo may hold anything.
fn inside(text: &str) -> Vec<Inside<'_>> {
    let (head, query) = text.split_once('?').unwrap_or((text, ""));
    let parameters = query.split(['&', '#']).filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        PARAMETERS.contains(&name).then_some(Inside { text: value, around: "payment link" })
    });
    // A transfer of a token names the contract before the question mark.
    if head.ends_with("/transfer") {
        return parameters.collect();
    }
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in head.char_indices().chain([(head.len(), ' ')]) {
        match start {
            None if c.is_alphanumeric() => start = Some(at),
            Some(from) if !c.is_alphanumeric() => {
                let (before, after) = (head.get(..from).unwrap_or(""), text.get(at..).unwrap_or(""));
                let word = head.get(from..at).unwrap_or("");
                found.push(Inside { text: word, around: around(before.trim(), after) });
                start = None;
            }
            None | Some(_) => {}
        }
    }
    found.extend(parameters);
    found
}

/// What an address stood in, by what is before and behind it.
fn around(before: &str, after: &str) -> &'static str {
    let scheme = before.split(':').next().unwrap_or("");
    let is_scheme = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    match before.trim_end_matches("pay-").trim_end_matches('/').strip_suffix(':') {
        Some(prefix) if prefix.contains(':') => "CAIP-10",
        Some(_) if is_scheme => "payment link",
        Some(_) => "chain prefix",
        None if before.contains('/') => "page of an explorer",
        None if !before.is_empty() => "with text before it",
        None => match after.chars().next() {
            Some(':') => "with a tag or memo",
            Some('?') => "with parameters",
            Some('@') => "with a chain id",
            _ => "with text behind it",
        },
    }
}

/// As lists show addresses: `0xAd1A…B6cC`.
fn is_shortened(text: &str) -> bool {
    ["…", "...", "***"].iter().any(|gap| {
        text.split_once(gap).is_some_and(|(before, behind)| {
            before.ends_with(char::is_alphanumeric) && behind.starts_with(char::is_alphanumeric)
        })
    })
}

/// As `name.eth`, `name*example.org`, `@name` or `name.888`.
fn is_name(word: &str) -> bool {
    let word = word.trim_matches(['(', ')', '[', ']']);
    let behind = word.rsplit_once(NAME_SIGNS).map(|(_, behind)| behind);
    let is_word = |text: &str| text.len() > 1 && text.chars().all(char::is_alphanumeric);
    let has_letters = word.contains(char::is_alphabetic);
    has_letters && (behind.is_some_and(is_word) || word.strip_prefix('@').is_some_and(is_word))
}
