//! The sets of codes of an account: what was saved once stays usable beside what is added, or is retired by it
//! (`docs/format.md`, section 10, "Sets of codes").

use std::collections::HashSet;

use super::fields::{Fields, Kept};
use super::item::{Collection, Item, texts};
use crate::domain::encoding::words;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

/// What an added set does with those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetMode {
    /// They stay usable.
    Add,
    /// They are retired: the service has made new codes.
    Replace,
}

words!(SetMode: "add or replace", Add = "add", Replace = "replace");

/// How the codes of a set can be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodeKind {
    /// Once each.
    #[default]
    SingleUse,
    /// Again and again.
    Reusable,
    /// Once; then the service gives another one.
    Rotating,
    /// The service gives none.
    None,
}

words!(CodeKind: "single-use, reusable, rotating or none", SingleUse = "single-use", Reusable = "reusable", Rotating = "rotating", None = "none");

impl CodeKind {
    pub const ALL: [Self; 4] = [Self::SingleUse, Self::Reusable, Self::Rotating, Self::None];
}

/// A set of codes that is added to an account.
#[derive(Debug)]
pub struct NewSet {
    pub service: Text,
    pub login: Text,
    pub mode: SetMode,
    pub kind: CodeKind,
    /// In the order of the service, and whether each was used already.
    pub codes: Vec<(SecretText, bool)>,
    /// The last day on which they count, `YYYY-MM-DD`.
    pub expires: Option<String>,
}

impl NewSet {
    /// The record that adds it, whether the account is there already or not.
    pub fn record(&self, owners: &[&Text], saved: Timestamp) -> Fields {
        let list = |texts: &mut dyn Iterator<Item = &str>| Kept::List(texts.map(Kept::text).collect());
        let used = list(&mut self.codes.iter().filter(|(_, is_used)| *is_used).map(|(code, _)| code.reveal()));
        let mut item = Fields::default()
            .with_text("service", self.service.raw())
            .with_text("login", self.login.raw())
            .with("owners", list(&mut owners.iter().map(|owner| owner.raw())))
            .with_text("set", self.mode.name())
            .with_text("kind", self.kind.name())
            .with("codes", list(&mut self.codes.iter().map(|(code, _)| code.reveal())))
            .with("used", used)
            .with_text("saved", &saved.to_string());
        if let Some(day) = &self.expires {
            item.set("expires", Kept::text(day));
        }
        Fields::default()
            .with_text("record", "put")
            .with_text("collection", "accounts")
            .with("item", Kept::Object(item))
    }
}

/// Members of an account that are not those of a set.
const OF_ACCOUNT: [&str; 4] = ["login", "note", "owners", "service"];

/// One set of codes of an account that counts.
#[derive(Debug, Clone, Copy)]
pub struct CodeSet<'a>(&'a Fields);

impl<'a> CodeSet<'a> {
    pub fn kind(self) -> CodeKind {
        self.0.text("kind").and_then(CodeKind::named).unwrap_or_default()
    }

    /// All codes, in the order of the service, and whether each was used.
    pub fn codes(self) -> impl Iterator<Item = (&'a str, bool)> {
        let used: HashSet<&str> = texts(self.0.list("used")).into_iter().collect();
        texts(self.0.list("codes")).into_iter().map(move |code| (code, used.contains(code)))
    }

    /// How many codes of it were not used.
    pub fn left(self) -> usize {
        self.codes().filter(|(_, is_used)| !is_used).count()
    }

    /// When it was saved.
    pub fn saved(self) -> Option<Timestamp> {
        Timestamp::parse(self.0.text("saved")?)
    }

    /// The same as it stands there.
    pub fn saved_text(self) -> &'a str {
        self.0.text("saved").unwrap_or("")
    }

    /// The last day on which it counts (`YYYY-MM-DD`), where the service said one.
    pub fn expires(self) -> Option<&'a str> {
        self.0.text("expires")
    }

    /// Whether another set was saved in its place.
    pub fn is_retired(self) -> bool {
        self.0.value("retired").is_some()
    }
}

/// All sets of an account, the one that was saved last at the end. Of other items there are none.
pub fn sets(account: &Item) -> Vec<CodeSet<'_>> {
    if account.collection() != Collection::Accounts {
        return Vec::new();
    }
    sets_of(account.fields())
}

/// The same of the members of an account.
pub fn sets_of(account: &Fields) -> Vec<CodeSet<'_>> {
    let others = account.list("sets").unwrap_or(&[]).iter().filter_map(Kept::as_object);
    others.chain([account]).map(CodeSet).collect()
}

/// How an item that is put is a set of an account, if it is one.
pub(super) fn mode(item: &Item) -> Option<SetMode> {
    (item.collection() == Collection::Accounts).then(|| SetMode::named(item.fields().text("set")?))?
}

/// An account with the sets that were added to it, in their order. What is said of the account itself is said by `account`.
pub(super) fn united<'a>(account: &Item, added: impl IntoIterator<Item = &'a Item>) -> Item {
    let mut sets: Vec<Fields> = Vec::new();
    for other in account.fields().list("sets").unwrap_or(&[]) {
        sets.extend(other.as_object().map(Fields::duplicate));
    }
    sets.push(set_of(account));
    for item in added {
        if mode(item) == Some(SetMode::Replace) {
            let retired = item.fields().text("saved").unwrap_or("");
            for set in sets.iter_mut().filter(|set| set.value("retired").is_none()) {
                set.set("retired", Kept::text(retired));
            }
        }
        sets.push(set_of(item));
    }
    let newest = sets.iter().rposition(|set| set.value("retired").is_none()).unwrap_or(sets.len() - 1);
    let mut fields = sets.remove(newest);
    for name in OF_ACCOUNT {
        if let Some(value) = account.fields().value(name) {
            fields.set(name, value.duplicate());
        }
    }
    sets.retain(|set| set.list("codes").is_some_and(|codes| !codes.is_empty()));
    if !sets.is_empty() {
        fields.set("sets", Kept::List(sets.into_iter().map(Kept::Object).collect()));
    }
    account.with_fields(fields)
}

/// The members of an account that are those of its newest set.
fn set_of(account: &Item) -> Fields {
    let mut set = account.fields().duplicate();
    for name in OF_ACCOUNT.into_iter().chain(["set", "sets"]) {
        drop(set.take(name));
    }
    set
}

/// The same item as one that is no addition.
pub(super) fn alone(item: &Item) -> Item {
    united(item, [])
}

/// Marks codes as used in one set, beside those that are marked already; the order is that of `codes`.
pub(super) fn mark_used(set: &mut Fields, is_used: &impl Fn(&str) -> bool) {
    let marked_already: HashSet<&str> = texts(set.list("used")).into_iter().collect();
    let mut seen = HashSet::new();
    let used = texts(set.list("codes"))
        .into_iter()
        .filter(|code| (marked_already.contains(code) || is_used(code)) && seen.insert(*code))
        .map(Kept::text)
        .collect();
    set.set("used", Kept::List(used));
}

#[cfg(test)]
mod tests {
    use super::super::union::{BoxSource, Inventory, SealedBy};
    use super::super::{Counts, read_records};
    use super::*;
    use crate::domain::canonical;
    use crate::domain::kind::Kind;

    const Q: SealedBy = SealedBy::Quorum;
    const P: SealedBy = SealedBy::Public;

    fn account(codes: &str, more: &str) -> String {
        let day = format!("2026-01-0{}T00:00:00Z", codes.len().clamp(1, 9));
        format!(
            r#"{{"record":"put","collection":"accounts","item":{{"service":"GitHub","login":"ops","owners":["Ann"],"kind":"single-use","codes":[{}],"used":[],"saved":"{day}"{more}}}}}"#,
            codes.chars().map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(",")
        )
    }

    fn add(codes: &str) -> String {
        account(codes, r#","set":"add""#)
    }

    fn replace(codes: &str) -> String {
        account(codes, r#","set":"replace""#)
    }

    fn used(code: &str) -> String {
        let id = super::super::account_id("GitHub", "ops");
        format!(r#"{{"record":"used","account":"{id}","code":"{code}"}}"#)
    }

    fn unite(boxes: &[(SealedBy, String)]) -> Inventory {
        let mut inventory = Inventory::of(Kind::Codes);
        for (position, (sealed_by, records)) in (1..).zip(boxes) {
            let created = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
            let plaintext = format!("{{\"records\":[{records}]}}");
            let entries = read_records(Kind::Codes, plaintext.as_bytes()).unwrap();
            assert!(entries.iter().all(|entry| entry.fault.is_none()), "{records}");
            inventory.apply(BoxSource { sealed_by: *sealed_by, position, created, issuer: None }, entries);
        }
        inventory.finish();
        inventory
    }

    /// `ab* c` for a set with a used code b and one with c; those that are retired stand in brackets.
    fn said(inventory: &Inventory) -> String {
        let Some(version) = inventory.items(Collection::Accounts).next() else { return "nothing".to_owned() };
        let set = |set: CodeSet<'_>| {
            let codes: Vec<&str> =
                set.codes().flat_map(|(code, is_used)| [code, if is_used { "*" } else { "" }]).collect();
            let codes = codes.concat();
            if set.is_retired() { format!("({codes})") } else { codes }
        };
        sets(&version.item).into_iter().map(set).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sets_unite_and_retire_one_another() {
        let all: [(&[(SealedBy, String)], &str); 12] = [
            (&[(Q, account("ab", ""))], "ab"),
            (&[(P, add("ab"))], "ab"),
            (&[(P, replace("ab"))], "ab"),
            (&[(Q, account("ab", "")), (P, add("c"))], "ab c"),
            (&[(Q, account("ab", "")), (P, replace("c"))], "(ab) c"),
            (&[(P, add("ab")), (P, add("c")), (P, replace("d")), (P, add("e"))], "(ab) (c) d e"),
            // The same again changes nothing.
            (&[(Q, account("ab", "")), (P, add("c")), (P, add("c"))], "ab c"),
            // A service that has none any more; what it had is history.
            (&[(Q, account("ab", "")), (P, replace("").replace("single-use", "none"))], "(ab) "),
            // What an owner seals anew has the sets in it, and takes the place of those that were added.
            (&[(P, add("ab")), (P, add("c")), (Q, account("d", ""))], "d"),
            (
                &[
                    (P, add("ab")),
                    (P, add("c")),
                    (P, r#"{"record":"remove","collection":"accounts","id":"ID"}"#.to_owned()),
                ],
                "nothing",
            ),
            // Marks count in every set, also where they stand before it.
            (&[(P, used("b")), (Q, account("ab", "")), (P, replace("ca")), (P, used("c"))], "(ab*) c*a"),
            (
                &[
                    (
                        Q,
                        account(
                            "c",
                            r#","sets":[{"kind":"single-use","codes":["a"],"used":[],"saved":"2025-01-01T00:00:00Z"}]"#,
                        ),
                    ),
                    (P, used("a")),
                    (P, add("d")),
                ],
                "a* c d",
            ),
        ];
        let id = super::super::account_id("GitHub", "ops");
        for (boxes, expected) in all {
            let boxes: Vec<_> =
                boxes.iter().map(|(by, text)| (*by, text.replace("\"ID\"", &format!("\"{id}\"")))).collect();
            assert_eq!(said(&unite(&boxes)), expected, "{boxes:?}");
        }
    }

    #[test]
    fn an_account_with_its_sets_is_read_again_as_it_stands() {
        let inventory =
            unite(&[(Q, account("ab", r#","note":"n","x":1"#)), (P, replace("c")), (P, add("de")), (P, used("d"))]);
        let version = inventory.items(Collection::Accounts).next().unwrap();
        let text = canonical::secret_bytes(version.item.fields(), 0);
        assert_eq!(
            std::str::from_utf8(text.reveal()).unwrap(),
            r#"{"codes":["d","e"],"kind":"single-use","login":"ops","note":"n","owners":["Ann"],"saved":"2026-01-02T00:00:00Z","service":"GitHub","sets":[{"codes":["a","b"],"kind":"single-use","retired":"2026-01-01T00:00:00Z","saved":"2026-01-02T00:00:00Z","used":[],"x":1},{"codes":["c"],"kind":"single-use","saved":"2026-01-01T00:00:00Z","used":[]}],"used":["d"]}"#
        );
        assert_eq!(inventory.counts(), Counts { accounts: 1, codes: 5, ..Counts::default() });
        let put = format!(
            r#"{{"record":"put","collection":"accounts","item":{}}}"#,
            std::str::from_utf8(text.reveal()).unwrap()
        );
        assert_eq!(said(&unite(&[(Q, put)])), "(ab) c d*e");
    }

    #[test]
    fn what_is_no_set_is_no_account() {
        for more in [
            r#","set":"more""#,
            r#","set":"add","sets":[]"#,
            r#","sets":[{"codes":["a"],"used":[],"saved":"2026-01-01T00:00:00Z"}]"#,
            r#","sets":[{"kind":"single-use","codes":["a"],"used":["b"],"saved":"2026-01-01T00:00:00Z"}]"#,
            r#","sets":["a"]"#,
            r#","expires":"2026-02-30""#,
            r#","expires":"2026-02-03T00:00:00Z""#,
            r#","retired":"yesterday""#,
        ] {
            let plaintext = format!("{{\"records\":[{}]}}", account("ab", more));
            let entries = read_records(Kind::Codes, plaintext.as_bytes()).unwrap();
            assert!(entries.iter().all(|entry| entry.fault.is_some()), "{more}");
        }
    }
}
