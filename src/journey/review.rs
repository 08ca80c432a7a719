//! What no quorum has confirmed, as a quorum looks at it: each with what is there now and what it would become, and nothing accepted
//! that nobody looked into. A secret is never said here: only whether it changes.

use std::fmt;

use super::items::{in_words, public_members};
use crate::domain::inventory::review::{ReviewPurpose, ReviewQuestion, Sides, is_awaited};
use crate::domain::inventory::{Collection, Fields, Inventory, Item, Kept, sets};
use crate::domain::text::{Safe, counted};
use crate::effect::{Confirmed, Unconfirmed};
use crate::journey::{Goal, Journey};

/// One member of what is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedMember {
    pub label: String,
    pub change: MemberChange,
}

/// What becomes of a member. Values are safe to be shown, in quotation marks where they are words of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberChange {
    /// It is there on both sides.
    Same(String),
    Becomes {
        now: String,
        then: String,
    },
    /// It is added to what is there, or taken away from it.
    New(String),
    Gone(String),
    /// Of something that is there on one side alone: added or removed as a whole.
    Only(String),
    /// A secret, and what becomes of it.
    Secret(&'static str),
}

impl ReviewedMember {
    pub fn is_change(&self) -> bool {
        !matches!(self.change, MemberChange::Same(_) | MemberChange::Secret(SAME))
    }
}

const SAME: &str = "the same";

/// `name: "Rent" -> "Travel"`
impl fmt::Display for ReviewedMember {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = &self.label;
        match &self.change {
            MemberChange::Same(value) => write!(out, "{label}: {value} (the same)"),
            MemberChange::Becomes { now, then } => write!(out, "{label}: {now} -> {then}"),
            MemberChange::New(value) => write!(out, "{label}: {value} (new)"),
            MemberChange::Gone(value) => write!(out, "{label}: {value} (taken away)"),
            MemberChange::Only(value) => write!(out, "{label}: {value}"),
            MemberChange::Secret(what) => write!(out, "{label}: a secret, {what}"),
        }
    }
}

/// What is there now and what it would become, member by member: what changes first.
pub fn members(question: &ReviewQuestion, inventory: &Inventory) -> Vec<ReviewedMember> {
    let mut members = match question.sides(inventory) {
        None => Vec::new(),
        Some(Sides::Name { now, then }) => {
            let change = change(now.map(quoted), Some(quoted(then)), now.is_none());
            change.map(|change| ReviewedMember { label: "name".to_owned(), change }).into_iter().collect()
        }
        Some(Sides::Item { now, then }) => of_item(now.as_ref(), then.as_ref()),
        Some(Sides::Record(record)) => of_record(record),
    };
    members.sort_by_key(|member| !member.is_change());
    members
}

/// What the values of it mean.
pub fn heading(question: &ReviewQuestion, inventory: &Inventory) -> &'static str {
    match question.sides(inventory) {
        Some(Sides::Name { now: None, .. } | Sides::Item { now: None, .. }) => {
            "This was added; nobody sealed it with phrases:"
        }
        Some(Sides::Item { then: None, .. }) => "This would be removed, for ever:",
        Some(Sides::Name { .. } | Sides::Item { .. }) => "What is there now -> what it would become:",
        Some(Sides::Record(_)) => "Nobody can say what it does. Of it is known:",
        None => "",
    }
}

fn of_record(record: &Fields) -> Vec<ReviewedMember> {
    let only =
        |label: &str, value: String| ReviewedMember { label: label.to_owned(), change: MemberChange::Only(value) };
    let kind = record.text("record").map(|kind| only("record", quoted(kind)));
    let names: Vec<String> = record.names().map(quoted).collect();
    kind.into_iter().chain([only("members", names.join(", "))]).collect()
}

fn of_item(now: Option<&Item>, then: Option<&Item>) -> Vec<ReviewedMember> {
    let Some(collection) = then.or(now).map(Item::collection) else { return Vec::new() };
    let is_whole = now.is_none() || then.is_none();
    let mut members = Vec::new();
    let mut add = |label: &str, change: Option<MemberChange>| {
        members.extend(change.map(|change| ReviewedMember { label: label.to_owned(), change }));
    };
    let public = public_members(collection);
    for member in public {
        let text = |item: Option<&Item>| item.and_then(|item| item.fields().value(member)).map(shown);
        add(&in_words(member), change(text(now), text(then), is_whole));
    }
    if collection == Collection::Accounts {
        add("codes", change(now.map(counts), then.map(counts), is_whole));
        add("the codes themselves", secret(now.map(codes), then.map(codes), |one, other| one == other, is_whole));
    }
    for member in hidden(collection, public, now, then) {
        let value = |item: Option<&'_ Item>| item.and_then(|item| item.fields().value(&member).map(Kept::duplicate));
        add(&Safe(&in_words(&member)).to_string(), secret(value(now), value(then), is_same, is_whole));
    }
    members
}

/// Members that count as secret, by name.
fn hidden(collection: Collection, public: &[&str], now: Option<&Item>, then: Option<&Item>) -> Vec<String> {
    let is_said = |name: &str| {
        public.contains(&name)
            || collection == Collection::Accounts && matches!(name, "codes" | "used" | "sets" | "set")
    };
    let names = now.into_iter().chain(then).flat_map(|item| item.fields().names());
    let mut names: Vec<String> = names.filter(|name| !is_said(name)).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn change(now: Option<String>, then: Option<String>, is_whole: bool) -> Option<MemberChange> {
    Some(match (now, then) {
        (None, None) => return None,
        (Some(value), None) | (None, Some(value)) if is_whole => MemberChange::Only(value),
        (Some(value), None) => MemberChange::Gone(value),
        (None, Some(value)) => MemberChange::New(value),
        (Some(now), Some(then)) if now == then => MemberChange::Same(now),
        (Some(now), Some(then)) => MemberChange::Becomes { now, then },
    })
}

fn secret<T>(
    now: Option<T>,
    then: Option<T>,
    is_same: impl Fn(&T, &T) -> bool,
    is_whole: bool,
) -> Option<MemberChange> {
    Some(MemberChange::Secret(match (now, then) {
        (None, None) => return None,
        (Some(_), None) | (None, Some(_)) if is_whole => "not shown here",
        (Some(_), None) => "taken away",
        (None, Some(_)) => "new",
        (Some(now), Some(then)) if is_same(&now, &then) => SAME,
        (Some(_), Some(_)) => "CHANGED",
    }))
}

fn is_same(one: &Kept, other: &Kept) -> bool {
    let alone = |value: &Kept| Fields::default().with("value", value.duplicate());
    alone(one).same_as(&alone(other))
}

/// Words of somebody: what stands in them cannot end them.
fn quoted(text: &str) -> String {
    format!("\"{}\"", Safe(text).to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

fn shown(value: &Kept) -> String {
    match value {
        Kept::Text(text) => quoted(text.reveal()),
        Kept::List(list) if list.is_empty() => "none".to_owned(),
        Kept::List(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Kept::Integer(number) => number.to_string(),
        Kept::Boolean(value) => value.to_string(),
        Kept::Object(_) => "something that this version does not know".to_owned(),
    }
}

/// `12 codes, 3 used, in 2 sets`
fn counts(account: &Item) -> String {
    let sets = sets(account);
    let used = sets.iter().map(|set| set.codes().count() - set.left()).sum::<usize>();
    let several = if sets.len() > 1 { format!(", in {} sets", sets.len()) } else { String::new() };
    format!("{}, {used} used{several}", counted(account.code_count(), "code"))
}

/// The codes of each set, in their order.
fn codes(account: &Item) -> Vec<Vec<&str>> {
    sets(account).into_iter().map(|set| set.codes().map(|(code, _)| code).collect()).collect()
}

/// What a quorum thinks of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nobody has looked into it: it cannot be accepted.
    Unseen,
    Declined,
    Accepted,
}

/// All that is asked, with what is decided of it.
#[derive(Debug, Default)]
pub struct Decisions {
    asked: Vec<(Unconfirmed, Decision)>,
}

impl Decisions {
    /// Nothing is accepted yet.
    pub fn of(asked: Vec<Unconfirmed>) -> Self {
        Self { asked: asked.into_iter().map(|asked| (asked, Decision::Unseen)).collect() }
    }

    pub fn count(&self) -> usize {
        self.asked.len()
    }

    pub fn get(&self, place: usize) -> Option<&(Unconfirmed, Decision)> {
        self.asked.get(place)
    }

    /// It was in view as a whole, with its values.
    pub fn see(&mut self, place: usize) {
        if let Some((_, decision @ Decision::Unseen)) = self.asked.get_mut(place) {
            *decision = Decision::Declined;
        }
    }

    /// Accepts it, or declines it again. Says whether that was possible: not of what nobody looked into.
    pub fn turn(&mut self, place: usize) -> bool {
        let Some((_, decision)) = self.asked.get_mut(place) else { return false };
        *decision = match decision {
            Decision::Unseen => return false,
            Decision::Declined => Decision::Accepted,
            Decision::Accepted => Decision::Declined,
        };
        true
    }

    /// Accepts all that was looked into, or declines all where all of that is accepted.
    pub fn turn_all(&mut self) {
        let accepts = self.number(Decision::Declined) > 0;
        for (_, decision) in &mut self.asked {
            *decision = match decision {
                Decision::Unseen => Decision::Unseen,
                Decision::Declined | Decision::Accepted if accepts => Decision::Accepted,
                Decision::Declined | Decision::Accepted => Decision::Declined,
            };
        }
    }

    /// How many stand like that.
    pub fn number(&self, wanted: Decision) -> usize {
        self.asked.iter().filter(|(_, decision)| *decision == wanted).count()
    }

    /// The places of those that are accepted.
    pub fn accepted(&self) -> Vec<usize> {
        let accepted = |(place, (_, decision)): (usize, &(Unconfirmed, Decision))| {
            (*decision == Decision::Accepted).then_some(place)
        };
        self.asked.iter().enumerate().filter_map(accepted).collect()
    }

    /// The same for what is written.
    pub fn confirmed(&self) -> Confirmed {
        let accepted = self.accepted();
        Confirmed { left: self.count() - accepted.len(), accepted }
    }
}

impl Journey {
    /// What the quorum that opened the backup decides for.
    pub fn review_purpose(&self) -> ReviewPurpose {
        if self.goal == Goal::Confirm { ReviewPurpose::Confirmation } else { ReviewPurpose::Rotation }
    }

    /// Whether something in the open backup waits for its quorum.
    pub fn is_awaiting(&self) -> bool {
        self.inventory().is_some_and(|inventory| is_awaited(inventory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::inventory::{BoxSource, SealedBy, read_records};
    use crate::domain::kind::Kind;
    use crate::domain::time::Timestamp;

    fn unite(boxes: &[(SealedBy, String)]) -> Inventory {
        let mut inventory = Inventory::of(Kind::Organization);
        let created = Timestamp::parse("2026-05-05T00:00:00Z").unwrap();
        for (position, (sealed_by, records)) in (1..).zip(boxes) {
            let plaintext = format!("{{\"records\":[{records}]}}");
            let entries = read_records(Kind::Organization, plaintext.as_bytes()).unwrap();
            inventory.apply(BoxSource { sealed_by: *sealed_by, position, created, issuer: None }, entries);
        }
        inventory.finish();
        inventory
    }

    fn said(inventory: &Inventory) -> Vec<Vec<String>> {
        let questions = ReviewPurpose::Rotation.questions(inventory);
        questions.iter().map(|one| members(one, inventory).iter().map(ToString::to_string).collect()).collect()
    }

    fn put(collection: &str, item: &str) -> String {
        format!(r#"{{"record":"put","collection":"{collection}","item":{{{item}}}}}"#)
    }

    #[test]
    fn old_and_new_values_stand_side_by_side_and_what_changes_is_first() {
        let old = put("vaults", r#""id":"v","name":"Rent","chain":"bitcoin","address":"bc1qold","path":"m/44""#);
        let new =
            put("vaults", r#""id":"v","name":"Rent\" -> \"x","chain":"bitcoin","address":"bc1qnew","key_id":"k""#);
        let inventory = unite(&[(SealedBy::Quorum, old), (SealedBy::Public, new)]);
        assert_eq!(
            said(&inventory),
            [[
                r#"name: "Rent" -> "Rent\" -> \"x""#,
                r#"address: "bc1qold" -> "bc1qnew""#,
                r#"key: "k" (new)"#,
                r#"path: "m/44" (taken away)"#,
                r#"chain: "bitcoin" (the same)"#,
                r#"id: "v" (the same)"#,
            ]]
        );
    }

    #[test]
    fn what_is_added_or_removed_is_told_whole() {
        let added = put("vaults", r#""id":"w","name":"New","chain":"tron","address":"Tx""#);
        let old = put("vaults", r#""id":"v","name":"Rent","chain":"bitcoin""#);
        let removed = r#"{"record":"remove","collection":"vaults","id":"v"}"#.to_owned();
        let inventory = unite(&[(SealedBy::Quorum, old), (SealedBy::Public, format!("{removed},{added}"))]);
        assert_eq!(
            said(&inventory),
            [
                vec![r#"name: "Rent""#, r#"chain: "bitcoin""#, r#"id: "v""#],
                vec![r#"name: "New""#, r#"chain: "tron""#, r#"address: "Tx""#, r#"id: "w""#],
            ]
        );
        let questions = ReviewPurpose::Rotation.questions(&inventory);
        let headings: Vec<&str> = questions.iter().map(|one| heading(one, &inventory)).collect();
        assert!(headings[0].contains("would be removed") && headings[1].contains("was added"), "{headings:?}");
    }

    #[test]
    fn of_secrets_it_is_said_whether_they_change_and_never_what_they_are() {
        let key = |private: char, name: &str| {
            let (digits, public) = (private.to_string().repeat(64), "1".repeat(64));
            put(
                "keys",
                &format!(
                    r#""id":"k","name":"{name}","key_type":"EDDSA_ED25519","public_key":"{public}","private_key":"{digits}","pin":"9876""#
                ),
            )
        };
        let account = |codes: &str, used: &str| {
            put(
                "accounts",
                &format!(
                    r#""service":"S","login":"l","owners":["Ann","Joe"],"kind":"single-use","codes":[{codes}],"used":[{used}],"saved":"2026-01-01T00:00:00Z","note":"hush""#
                ),
            )
        };
        let boxes = [
            (SealedBy::Quorum, format!("{},{}", key('7', "Main"), account("\"aaaa\",\"bbbb\"", ""))),
            (SealedBy::Public, format!("{},{}", key('8', "Main"), account("\"aaaa\",\"cccc\"", "\"aaaa\""))),
        ];
        let all = said(&unite(&boxes)).concat().join("\n");
        for line in [
            "private key: a secret, CHANGED",
            "pin: a secret, the same",
            "name: \"Main\" (the same)",
            "codes: 2 codes, 0 used -> 2 codes, 1 used",
            "the codes themselves: a secret, CHANGED",
            "note: a secret, the same",
            "owners: \"Ann\", \"Joe\" (the same)",
        ] {
            assert!(all.contains(line), "no {line} in\n{all}");
        }
        for hidden in ["777", "888", "9876", "aaaa", "cccc", "hush"] {
            assert!(!all.contains(hidden), "{hidden} in\n{all}");
        }
    }

    #[test]
    fn names_and_what_nobody_understands_are_told_safely() {
        let name = |name: &str| format!(r#"{{"record":"organization","name":"{name}"}}"#);
        let strange = r#"{"record":"tele\u202eport","later":{"a":1}}"#;
        let boxes =
            [(SealedBy::Quorum, name("Old")), (SealedBy::Public, format!("{},{strange}", name("N\\u001b[2Jew")))];
        assert_eq!(
            said(&unite(&boxes)),
            [
                vec![r#"name: "Old" -> "N<U+001B>[2Jew""#],
                vec![r#"record: "tele<U+202E>port""#, r#"members: "later", "record""#],
            ]
        );
    }

    #[test]
    fn sets_are_counted_as_a_quorum_sealed_them_and_with_what_was_added() {
        let set = |code: &str, more: &str| {
            put(
                "accounts",
                &format!(
                    r#""service":"S","login":"l","owners":[],"kind":"single-use","codes":["{code}"],"used":[],"saved":"2026-01-01T00:00:00Z"{more}"#
                ),
            )
        };
        let boxes = [(SealedBy::Quorum, set("a", "")), (SealedBy::Public, set("b", r#","set":"add""#))];
        let all = said(&unite(&boxes)).concat();
        assert_eq!(all[0], "codes: 1 code, 0 used -> 2 codes, 0 used, in 2 sets");
    }

    #[test]
    fn nothing_is_accepted_that_nobody_looked_into() {
        let asked =
            |what: &str| Unconfirmed { what: what.to_owned(), is_change: false, question: ReviewQuestion::Name };
        let mut decisions = Decisions::of(vec![asked("one"), asked("two"), asked("three")]);
        assert!(!decisions.turn(0));
        decisions.turn_all();
        assert!(decisions.accepted().is_empty());
        decisions.see(0);
        decisions.see(2);
        assert_eq!((decisions.number(Decision::Unseen), decisions.accepted().len()), (1, 0));
        assert!(decisions.turn(2) && decisions.turn(2) && decisions.turn(2));
        decisions.turn_all();
        assert_eq!(decisions.accepted(), [0, 2], "what was accepted stays so");
        let confirmed = decisions.confirmed();
        assert_eq!((confirmed.accepted, confirmed.left), (vec![0, 2], 1));
        decisions.turn_all();
        assert!(decisions.accepted().is_empty());
    }
}
