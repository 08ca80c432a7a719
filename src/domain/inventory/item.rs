//! The items of a backup and their rules (`docs/format.md`, section 9, "Items").

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::fields::{Fields, Kept};
use super::sets::{CodeKind, SetMode, mark_used, mode, sets};
use crate::domain::canonical;
use crate::domain::encoding::Hex;
use crate::domain::key_type::KeyType;
use crate::domain::text::{NOTE_LIMIT, TEXT_LIMIT, is_text};
use crate::domain::time::Timestamp;

/// The most shares that a device holds of the keys of one organization.
pub const DEVICE_SHARES_LIMIT: usize = 64;
/// The most characters of one of them.
pub const DEVICE_SHARE_LIMIT: usize = 1 << 18;

/// The collections of a backup. Which of them it has its kind decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    Keys,
    Vaults,
    Accounts,
    Shares,
}

impl Collection {
    pub fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Vaults => "vaults",
            Self::Accounts => "accounts",
            Self::Shares => "shares",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Keys, Self::Vaults, Self::Accounts, Self::Shares]
            .into_iter()
            .find(|collection| collection.name() == name)
    }

    /// One item of it, for people.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Keys => "key",
            Self::Vaults => "vault",
            Self::Accounts => "account",
            Self::Shares => "share",
        }
    }

    fn members(self) -> impl Iterator<Item = &'static (&'static str, Rule)> {
        let (members, more): (&[_], &[_]) = match self {
            Self::Keys => (KEY, &[]),
            Self::Vaults => (VAULT, &[]),
            Self::Accounts => (ACCOUNT, SET),
            Self::Shares => (SHARE, &[]),
        };
        members.iter().chain(more)
    }
}

/// An item that keeps the rules of its collection. Members that these rules do not know are kept with it.
#[derive(Debug)]
pub struct Item {
    collection: Collection,
    id: String,
    fields: Fields,
}

/// What is wrong with an item. Names a member, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{member} {what}")]
pub struct Malformed {
    pub member: &'static str,
    pub what: &'static str,
}

impl Item {
    /// Checks `fields` against the rules; hands them back when they break one.
    pub fn new(collection: Collection, fields: Fields) -> Result<Self, (Malformed, Fields)> {
        match check(collection, &fields) {
            Ok(id) => Ok(Self { collection, id, fields }),
            Err(malformed) => Err((malformed, fields)),
        }
    }

    pub fn collection(&self) -> Collection {
        self.collection
    }

    /// What makes it one with the same item of another box.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name that people know it by.
    pub fn title(&self) -> String {
        let text = |name| self.fields.text(name);
        match self.collection {
            Collection::Accounts => format!("{} / {}", text("service").unwrap_or(""), text("login").unwrap_or("")),
            Collection::Shares => text("name").unwrap_or("").to_owned(),
            Collection::Keys | Collection::Vaults => text("name").map_or_else(|| self.id.clone(), str::to_owned),
        }
    }

    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    pub fn into_fields(self) -> Fields {
        self.fields
    }

    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { collection: self.collection, id: self.id.clone(), fields: self.fields.duplicate() }
    }

    /// How many recovery codes it holds, in all its sets.
    pub fn code_count(&self) -> usize {
        sets(self).into_iter().map(|set| set.codes().count()).sum()
    }

    /// Whether it is a set of codes that retires those before it.
    pub fn retires_others(&self) -> bool {
        mode(self) == Some(SetMode::Replace)
    }

    /// Marks those codes as used that `is_used` knows, in all its sets.
    pub fn mark_used(&mut self, is_used: impl Fn(&str) -> bool) {
        if self.collection != Collection::Accounts {
            return;
        }
        mark_used(&mut self.fields, &is_used);
        if let Some(Kept::List(mut sets)) = self.fields.take("sets") {
            for set in &mut sets {
                if let Kept::Object(set) = set {
                    mark_used(set, &is_used);
                }
            }
            self.fields.set("sets", Kept::List(sets));
        }
    }

    /// The same item with these members.
    pub(super) fn with_fields(&self, fields: Fields) -> Self {
        Self { collection: self.collection, id: self.id.clone(), fields }
    }

    /// Names of members that these rules do not know.
    pub fn unknown_members(&self) -> impl Iterator<Item = &str> {
        self.fields.names().filter(|name| self.collection.members().all(|(member, _)| member != name))
    }
}

/// The id of an account: 32 hexadecimal digits from its service and login.
pub fn account_id(service: &str, login: &str) -> String {
    let plain = |text: &str| Zeroizing::new(text.trim_matches(|c| matches!(c, '\t'..='\r' | ' ')).to_ascii_lowercase());
    let digest: [u8; 32] = Sha256::new()
        .chain_update(b"conclave/v1/account-id\0")
        .chain_update(canonical::secret_bytes(&[plain(service).as_str(), plain(login).as_str()], 0).reveal())
        .finalize()
        .into();
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Hex(first).to_string()
}

#[derive(Clone, Copy)]
enum Rule {
    Text,
    OptionalText,
    OptionalNote,
    Texts,
    /// One of `codes` each, in their order, none twice.
    SomeCodes,
    Time,
    OptionalTime,
    /// `YYYY-MM-DD`.
    OptionalDay,
    OptionalSetMode,
    CodeKind,
    /// Other sets of codes.
    Sets,
    KeyType,
    /// 33 bytes for ECDSA, 32 for `EdDSA`.
    PublicKey,
    OptionalBytes32,
    /// `private_key` or `shares`, one of them.
    PrivateKey,
    Shares,
    /// Opaque ones, each with an id of its own.
    DeviceShares,
}

const KEY: &[(&str, Rule)] = &[
    ("id", Rule::Text),
    ("name", Rule::OptionalText),
    ("key_type", Rule::KeyType),
    ("public_key", Rule::PublicKey),
    ("chain_code", Rule::OptionalBytes32),
    ("private_key", Rule::PrivateKey),
    ("shares", Rule::Shares),
];
const VAULT: &[(&str, Rule)] = &[
    ("id", Rule::Text),
    ("name", Rule::Text),
    ("chain", Rule::Text),
    ("address", Rule::OptionalText),
    ("key_id", Rule::OptionalText),
    ("path", Rule::OptionalText),
    ("public_key", Rule::OptionalText),
    ("note", Rule::OptionalNote),
];
const ACCOUNT: &[(&str, Rule)] = &[
    ("service", Rule::Text),
    ("login", Rule::Text),
    ("owners", Rule::Texts),
    ("set", Rule::OptionalSetMode),
    ("sets", Rule::Sets),
    ("note", Rule::OptionalNote),
];
/// Of an account, and of each of its `sets`.
const SET: &[(&str, Rule)] = &[
    ("kind", Rule::CodeKind),
    ("codes", Rule::Texts),
    ("used", Rule::SomeCodes),
    ("saved", Rule::Time),
    ("expires", Rule::OptionalDay),
    ("retired", Rule::OptionalTime),
];

/// What a device holds of the keys of one organization.
const SHARE: &[(&str, Rule)] = &[
    ("organization", Rule::Text),
    ("name", Rule::Text),
    ("user", Rule::Text),
    ("device", Rule::OptionalText),
    ("changed", Rule::Time),
    ("shares", Rule::DeviceShares),
];

fn check(collection: Collection, fields: &Fields) -> Result<String, Malformed> {
    for (member, rule) in collection.members() {
        keeps(fields, member, *rule).map_err(|what| Malformed { member, what })?;
    }
    let text = |name| fields.text(name).unwrap_or("");
    Ok(match collection {
        Collection::Keys | Collection::Vaults => text("id").to_owned(),
        Collection::Accounts => account_id(text("service"), text("login")),
        Collection::Shares => text("organization").to_owned(),
    })
}

fn keeps(fields: &Fields, member: &str, rule: Rule) -> Result<(), &'static str> {
    const TEXT: &str = "is not a text of 1 to 256 characters";
    const TIME: &str = "is not a time YYYY-MM-DDThh:mm:ssZ";
    const WORD: &str = "is not a word this format knows";
    let value = fields.value(member);
    let is_short = |value: &Kept| value.as_text().is_some_and(|text| is_text(text, TEXT_LIMIT));
    let is_note = |value: &Kept| value.as_text().is_some_and(|text| is_text(text, NOTE_LIMIT));
    let hold = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
    match rule {
        Rule::Text => hold(value.is_some_and(is_short), TEXT),
        Rule::OptionalText => hold(value.is_none_or(is_short), TEXT),
        Rule::OptionalNote => hold(value.is_none_or(is_note), "is not a text of 1 to 4096 characters"),
        Rule::Texts => hold(
            value.and_then(Kept::as_list).is_some_and(|list| list.iter().all(is_short)),
            "is not a list of texts of 1 to 256 characters",
        ),
        Rule::SomeCodes => hold(are_some_codes(fields, value), "are not some of the codes, in their order"),
        Rule::Time => hold(value.is_some_and(is_time), TIME),
        Rule::OptionalTime => hold(value.is_none_or(is_time), TIME),
        Rule::OptionalDay => hold(
            value.is_none_or(|value| value.as_text().is_some_and(|text| Timestamp::of_day(text).is_some())),
            "is not a day YYYY-MM-DD",
        ),
        Rule::CodeKind => hold(value.and_then(Kept::as_text).and_then(CodeKind::named).is_some(), WORD),
        Rule::OptionalSetMode => {
            hold(value.is_none_or(|value| value.as_text().and_then(SetMode::named).is_some()), WORD)
        }
        Rule::Sets => hold(
            value.is_none_or(are_sets) && (value.is_none() || fields.value("set").is_none()),
            "are not sets of codes",
        ),
        Rule::KeyType => hold(key_type(fields).is_some(), "is not ECDSA_SECP256K1 or EDDSA_ED25519"),
        Rule::PublicKey => {
            let text = value.and_then(Kept::as_text).unwrap_or("");
            let holds = match key_type(fields) {
                Some(KeyType::Ecdsa) => Hex::<33>::parse(text).is_some(),
                Some(KeyType::Eddsa) => Hex::<32>::parse(text).is_some(),
                None => false,
            };
            hold(holds, "is not the hexadecimal of a public key of its type")
        }
        Rule::OptionalBytes32 => hold(value.is_none_or(is_bytes32), "is not 32 bytes in hexadecimal"),
        Rule::PrivateKey => match (value, fields.value("shares")) {
            (Some(key), None) => hold(is_bytes32(key), "is not 32 bytes in hexadecimal"),
            (None, Some(_)) => Ok(()),
            (Some(_), Some(_)) => Err("stands beside shares"),
            (None, None) => Err("or shares are missing"),
        },
        Rule::Shares => hold(value.is_none_or(are_key_shares), "are not a list of party and value"),
        Rule::DeviceShares => hold(
            value.is_some_and(are_device_shares),
            "are not a list of 1 to 64 with an id of its own and a value of 1 to 262144 printable ASCII characters each",
        ),
    }
}

fn key_type(fields: &Fields) -> Option<KeyType> {
    KeyType::named(fields.text("key_type")?)
}

/// Checks the digits without making a decoded copy of a secret.
fn is_bytes32(value: &Kept) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')))
}

fn are_key_shares(value: &Kept) -> bool {
    value.as_list().is_some_and(|list| {
        !list.is_empty()
            && list.iter().all(|share| {
                share.as_object().is_some_and(|share| {
                    share.text("party").is_some_and(|party| is_text(party, TEXT_LIMIT))
                        && share.value("value").is_some_and(is_bytes32)
                })
            })
    })
}

/// Whether they are shares as a device holds them (`docs/format.md`, section 9, "Items").
pub(super) fn are_device_shares(value: &Kept) -> bool {
    let Some(list) = value.as_list() else { return false };
    let mut ids = BTreeSet::new();
    let mut is_share = |share: &Fields| {
        let id = share.text("id").filter(|id| is_text(id, TEXT_LIMIT));
        let value = share.text("value").unwrap_or("");
        id.is_some_and(|id| ids.insert(id.to_owned()))
            && (1..=DEVICE_SHARE_LIMIT).contains(&value.len())
            && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    };
    (1..=DEVICE_SHARES_LIMIT).contains(&list.len())
        && list.iter().all(|share| share.as_object().is_some_and(&mut is_share))
}

fn is_time(value: &Kept) -> bool {
    value.as_text().is_some_and(|text| Timestamp::parse(text).is_some())
}

fn are_sets(value: &Kept) -> bool {
    let is_set = |set: &Fields| SET.iter().all(|(member, rule)| keeps(set, member, *rule).is_ok());
    value.as_list().is_some_and(|list| list.iter().all(|set| set.as_object().is_some_and(is_set)))
}

fn are_some_codes(fields: &Fields, used: Option<&Kept>) -> bool {
    let Some(used) = used.and_then(Kept::as_list) else { return false };
    let mut codes = fields.list("codes").unwrap_or(&[]).iter();
    used.iter().all(|mark| mark.as_text().is_some() && codes.any(|code| code.as_text() == mark.as_text()))
}

pub(super) fn texts(list: Option<&[Kept]>) -> Vec<&str> {
    list.unwrap_or(&[]).iter().filter_map(Kept::as_text).collect()
}

impl fmt::Display for Collection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(collection: Collection, json: &str) -> Result<Item, Malformed> {
        Item::new(collection, Fields::parse(json.as_bytes()).unwrap()).map_err(|(malformed, _)| malformed)
    }

    #[test]
    fn the_id_of_an_account_forgives_case_and_spaces() {
        let id = account_id("GitHub", "ops@example.org");
        assert_eq!(id, account_id(" github\t", "OPS@example.org\r\n"));
        assert_ne!(id, account_id("GitHub", "dev@example.org"));
        // printf 'conclave/v1/account-id\0["github","ops@example.org"]' | sha256sum | cut -c-32
        assert_eq!(id, "fc41729648facb7652a5bc4eb32cda3a");
    }

    #[test]
    fn a_malformed_member_is_named() {
        let key = |rest: &str| {
            let json =
                format!(r#"{{"id":"k","key_type":"mpc_eddsa_ed25519","public_key":"{}"{rest}}}"#, "0".repeat(64));
            item(Collection::Keys, &json).map(|_| ()).map_err(|malformed| malformed.member)
        };
        let digits = "0".repeat(64);
        assert_eq!(key(&format!(r#","private_key":"{digits}""#)), Ok(()));
        assert_eq!(key(&format!(r#","shares":[{{"party":"a","value":"{digits}"}}]"#)), Ok(()));
        assert_eq!(key(""), Err("private_key"));
        assert_eq!(key(r#","private_key":"00""#), Err("private_key"));
        assert_eq!(key(r#","shares":[]"#), Err("shares"));
        assert_eq!(key(&format!(r#","private_key":"{digits}","shares":[]"#)), Err("private_key"));
    }

    #[test]
    fn used_codes_are_some_of_the_codes_in_their_order() {
        let account = |used: &str| {
            let json = format!(
                r#"{{"service":"s","login":"l","owners":[],"kind":"single-use","codes":["a","b","c"],"used":{used},"saved":"2026-01-01T00:00:00Z"}}"#
            );
            item(Collection::Accounts, &json)
        };
        for right in ["[]", r#"["a"]"#, r#"["a","c"]"#, r#"["a","b","c"]"#] {
            assert!(account(right).is_ok(), "{right}");
        }
        for wrong in [r#"["c","a"]"#, r#"["a","a"]"#, r#"["d"]"#, "[1]", "\"a\""] {
            assert_eq!(account(wrong).unwrap_err().member, "used", "{wrong}");
        }
        let mut marked = account(r#"["c"]"#).unwrap();
        marked.mark_used(|code| code == "a" || code == "x");
        assert_eq!(texts(marked.fields().list("used")), ["a", "c"]);
        let mut twice = item(
            Collection::Accounts,
            r#"{"service":"s","login":"l","owners":[],"kind":"single-use","codes":["a","a"],"used":[],"saved":"2026-01-01T00:00:00Z"}"#,
        )
        .unwrap();
        twice.mark_used(|code| code == "a");
        assert_eq!(texts(twice.fields().list("used")), ["a"], "none twice");
    }

    #[test]
    fn unknown_members_are_kept_and_known() {
        let vault =
            item(Collection::Vaults, r#"{"id":"v","name":"n","chain":"c","colour":"red","address":"x"}"#).unwrap();
        assert_eq!(vault.unknown_members().collect::<Vec<_>>(), ["colour"]);
        assert_eq!(vault.fields().text("colour"), Some("red"));
    }
}
