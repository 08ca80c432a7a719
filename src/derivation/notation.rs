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
/// The parameters of links that hold an address: of who is paid (EIP-681, SEP-7).
const PARAMETERS: [&str; 3] = ["address", "destination", "to"];
/// Names that only a server or a chain can turn into an address. They end with letters behind one of these.
const NAME_SIGNS: [char; 2] = ['.', '*'];

/// A part of the text that can be the address, and what stood around it.
struct Inside<'a> {
    text: &'a str,
    around: Option<&'static str>,
}

/// Reads `recorded` as wallets of a family do, or what is said against it: the first part of it that is an address.
pub fn read(wallets: &dyn Wallets, recorded: &str) -> Result<Written, Unread> {
    let seen = visible(recorded);
    let seen = seen.trim().trim_matches(['"', '\'', '<', '>', ',', ';']).trim_end_matches('.');
    let joined: String = seen.split_whitespace().collect();
    let is_grouped = joined.len() != seen.len();
    let first = seen.split_whitespace().next().unwrap_or("");
    let mut parts = vec![Inside { text: &joined, around: is_grouped.then_some("in groups") }];
    parts.extend(inside(&joined));
    if is_grouped {
        parts.push(Inside { text: first, around: Some("with text behind it") });
        parts.extend(inside(first));
    }
    let mut refused = Unread::NoAddress;
    for part in parts {
        match wallets.read(part.text) {
            Ok(written) => return Ok(written.inside(part.around)),
            // What says most is kept.
            Err(Unread::NoAddress) => {}
            Err(Unread::Checksum) if matches!(refused, Unread::Undecidable(_)) => {}
            Err(unread) => refused = unread,
        }
    }
    if refused == Unread::NoAddress && is_name(&joined) {
        return Err(Unread::Undecidable("it is a name, and only the network knows of which account".into()));
    }
    Err(refused)
}

/// What is inside a link, an account id, or before a tag; the most likely first.
fn inside(text: &str) -> Vec<Inside<'_>> {
    let text = text.split('#').next().unwrap_or("");
    let (head, query) = text.split_once('?').unwrap_or((text, ""));
    let parameters = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        PARAMETERS.contains(&name).then_some(Inside { text: value, around: Some("payment link") })
    });
    // A transfer of a token names the contract before the question mark.
    if head.ends_with("/transfer") {
        return parameters.collect();
    }
    if ["https://", "http://"].iter().any(|start| head.starts_with(start)) {
        let last = head.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let last = Inside { text: last, around: Some("page of an explorer") };
        return std::iter::once(last).chain(parameters).collect();
    }
    let mut found = Vec::new();
    if !query.is_empty() {
        found.push(Inside { text: head, around: Some("with parameters") });
    }
    let (before, after) = head.split_once(':').unwrap_or(("", head));
    let around = match (before, after.rsplit_once(':')) {
        ("", _) => None,
        (_, Some(_)) => Some("CAIP-10"),
        (before, None) if SCHEMES.iter().any(|scheme| before.eq_ignore_ascii_case(scheme)) => Some("payment link"),
        (_, None) => Some("chain prefix"),
    };
    let account = after.rsplit(':').next().unwrap_or("");
    let account = account.trim_start_matches('/');
    let account = account.strip_prefix("pay-").unwrap_or(account);
    let bare = account.split('@').next().unwrap_or("");
    found.push(Inside { text: bare, around: around.or((bare.len() < account.len()).then_some("with a chain id")) });
    // A memo of Stellar may hold anything, a tag of the XRP Ledger is a number.
    found.push(Inside { text: before, around: Some("with a tag or memo") });
    found.extend(parameters);
    found
}

/// As `name.eth` or `name*example.org`.
fn is_name(text: &str) -> bool {
    let behind = text.rsplit_once(NAME_SIGNS).map(|(_, behind)| behind);
    behind.is_some_and(|behind| behind.len() > 1 && behind.chars().all(char::is_alphabetic))
}
