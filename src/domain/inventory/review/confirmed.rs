//! The answers of a quorum that stays: records behind all that its backup holds (`docs/format.md`, section 11, "Append with a
//! quorum").

use std::collections::BTreeSet;

use super::{ReviewQuestion, Sides, Split, chosen, questions, records_with};
use crate::domain::encoding::Hex;
use crate::domain::inventory::record::{Record, read_entry};
use crate::domain::inventory::{
    BoxSource, Collection, Fields, Inventory, Proposal, Sealable, SealedBy, Standing, Version,
};
use crate::domain::secret::SecretText;
use crate::domain::time::Timestamp;

/// What the quorum of a backup can confirm in it. Not what nobody understands: such a record stays where it is. Where adding is
/// everyday work it waits for nobody either.
pub fn confirmable(inventory: &Inventory) -> Vec<ReviewQuestion> {
    let is_daily = inventory.kind().rules().is_added_to_daily;
    let waits = |question: &ReviewQuestion| match question {
        ReviewQuestion::Name | ReviewQuestion::OtherName(_) | ReviewQuestion::Change(..) => true,
        ReviewQuestion::Item(..) | ReviewQuestion::Sets(_) => !is_daily,
        ReviewQuestion::Unknown(_) => false,
    };
    questions(inventory).into_iter().filter(waits).collect()
}

/// Whether there is anything of that.
pub fn is_awaited(inventory: &Inventory) -> bool {
    let is_daily = inventory.kind().rules().is_added_to_daily;
    let waits = |standing: &Standing| {
        let is_added = || standing.current.iter().chain(standing.added()).any(|version| !version.is_confirmed());
        !standing.proposals().is_empty() || standing.current.is_some() && !is_daily && is_added()
    };
    inventory.organization_is_public()
        || !inventory.proposed_names().is_empty()
        || inventory
            .collections()
            .any(|collection| inventory.standings(collection).any(|(_, standing)| waits(standing)))
}

/// What is sealed behind all boxes that are there: what the quorum accepts, for its own box, and for a public one after it what it
/// did not accept and that the first would have settled. `accepted` are places in [`confirmable`]. Nothing, where nothing is.
pub fn confirmation(inventory: &Inventory, backup_id: Hex<16>, accepted: &[usize]) -> Sealable {
    let accepted = decided(inventory, accepted);
    let name = new_name(inventory, &accepted);
    let mut split = Split::of(inventory, backup_id, accepted);
    for (collection, id) in decided_items(&split.accepted) {
        let Some(standing) = inventory.standing(collection, &id) else { continue };
        if let Some(Proposal::Remove(_)) = split.accepted_of(collection, &id, standing) {
            split.confirmed.push(Record::Remove { collection, id }.into_fields());
        } else {
            split.take(collection, &id, standing);
        }
    }
    let name = name.map(|name| Record::Organization { name: SecretText::copy_of(name) }.into_fields());
    let puts = split.items.into_iter().map(|item| Record::Put { item, origin: None }.into_fields());
    // Marks of use stand in the boxes that are there.
    let is_mark = |record: &Fields| record.text("record") == Some("used");
    Sealable {
        records: name.into_iter().chain(puts).chain(split.confirmed).collect(),
        carried: split.carried.into_iter().filter(|record| !is_mark(record)).collect(),
    }
}

/// What the backup holds when that is sealed, made in another way: as a rotation would seal it.
pub fn outcome(inventory: &Inventory, backup_id: Hex<16>, accepted: &[usize], created: Timestamp) -> Inventory {
    let kind = inventory.kind();
    let Sealable { records, carried } = records_with(inventory, backup_id, decided(inventory, accepted));
    let mut outcome = Inventory::of(kind);
    for (position, sealed_by, records) in [(1, SealedBy::Quorum, records), (2, SealedBy::Public, carried)] {
        let entries = records.into_iter().map(|record| read_entry(kind, record));
        outcome.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
    }
    outcome.finish();
    outcome
}

/// Whether `after` is `before` with the answers of the quorum, which are [`outcome`], and nothing else: the same names and items,
/// the same records that nobody understands, and the same questions left.
pub fn is_confirmed_in(before: &Inventory, after: &Inventory, expected: &Inventory) -> bool {
    let is_same_name = (expected.organization(), expected.organization_is_public())
        == (after.organization(), after.organization_is_public());
    let is_same_item = |(one, other): (&Version, &Version)| {
        one.item.id() == other.item.id()
            && one.is_confirmed() == other.is_confirmed()
            && one.item.fields().same_as(other.item.fields())
    };
    let are_same = |collection: Collection| {
        let (one, other) = (|| expected.items(collection), || after.items(collection));
        one().count() == other().count() && one().zip(other()).all(is_same_item)
    };
    let (unknown, known) = (before.unknown_records(), after.unknown_records());
    let are_records_same =
        unknown.len() == known.len() && unknown.iter().zip(known).all(|(one, other)| one.same_as(other));
    is_same_name && after.collections().all(are_same) && are_records_same && are_asked_alike(expected, after)
}

/// Whether the same is asked of both, and would become the same.
fn are_asked_alike(one: &Inventory, other: &Inventory) -> bool {
    let is_understood = |question: &ReviewQuestion| !matches!(question, ReviewQuestion::Unknown(_));
    let asked = |inventory| questions(inventory).into_iter().filter(is_understood).collect::<Vec<_>>();
    let (here, there) = (asked(one), asked(other));
    here == there && here.iter().all(|question| leads_alike(question, one, other))
}

fn leads_alike(question: &ReviewQuestion, one: &Inventory, other: &Inventory) -> bool {
    match (question.sides(one), question.sides(other)) {
        (Some(Sides::Name { then, .. }), Some(Sides::Name { then: same, .. })) => then == same,
        (Some(Sides::Item { then: None, .. }), Some(Sides::Item { then: None, .. })) | (None, None) => true,
        (Some(Sides::Item { then: Some(then), .. }), Some(Sides::Item { then: Some(same), .. })) => {
            then.fields().same_as(same.fields())
        }
        (Some(Sides::Record(then)), Some(Sides::Record(same))) => then.same_as(same),
        (Some(Sides::Name { .. } | Sides::Item { .. } | Sides::Record(_)) | None, _) => false,
    }
}

/// What is accepted. Where adding is everyday work, whoever decides on an account takes what was added to it along; no key and no
/// vault, which would prove something afterwards.
fn decided(inventory: &Inventory, accepted: &[usize]) -> BTreeSet<ReviewQuestion> {
    let mut accepted = chosen(confirmable(inventory), accepted);
    if inventory.kind().rules().is_added_to_daily {
        let items = decided_items(&accepted);
        let is_beside = |question: &ReviewQuestion| {
            let item = question.item().map(|(collection, id)| (collection, id.to_owned()));
            let is_account = |item: &(Collection, String)| item.0 == Collection::Accounts;
            !question.is_change() && item.is_some_and(|item| is_account(&item) && items.contains(&item))
        };
        accepted.extend(questions(inventory).into_iter().filter(is_beside));
    }
    accepted
}

fn decided_items(accepted: &BTreeSet<ReviewQuestion>) -> BTreeSet<(Collection, String)> {
    let items = accepted.iter().filter_map(ReviewQuestion::item);
    items.map(|(collection, id)| (collection, id.to_owned())).collect()
}

/// The name that the quorum accepts, if it accepts one.
fn new_name<'a>(inventory: &'a Inventory, accepted: &BTreeSet<ReviewQuestion>) -> Option<&'a str> {
    let proposed = inventory.proposed_names();
    let is_chosen = |place: &usize| accepted.contains(&ReviewQuestion::OtherName(*place));
    let other = (0..proposed.len()).rfind(is_chosen).and_then(|place| proposed.get(place));
    let own = accepted.contains(&ReviewQuestion::Name).then(|| inventory.organization());
    other.map(SecretText::reveal).or(own)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{OLD, Random, apply, history, unite};
    use super::*;
    use crate::domain::inventory::SealedBy::{Public, Quorum};
    use crate::domain::inventory::write_records;
    use crate::domain::kind::Kind;

    fn today() -> Timestamp {
        Timestamp::parse("2027-01-01T00:00:00Z").unwrap()
    }

    /// All boxes of a history, and what is sealed behind them.
    fn confirmed(seed: u64, accepted: &[usize]) -> Inventory {
        let sealable = confirmation(&history(seed), OLD, accepted);
        let mut after = super::super::tests::boxes_of(seed);
        apply(&mut after, Quorum, 26, write_records(sealable.records).reveal());
        apply(&mut after, Public, 27, write_records(sealable.carried).reveal());
        after.finish();
        after
    }

    #[test]
    fn what_is_accepted_is_confirmed_and_nothing_else_is_changed() {
        let mut decided = 0;
        for seed in 0..3_000 {
            let before = history(seed);
            let asked = confirmable(&before);
            let mut random = Random(seed);
            let all: Vec<usize> = (0..asked.len()).collect();
            let some: Vec<usize> = all.iter().copied().filter(|_| random.below(2) == 0).collect();
            for accepted in [&all, &some] {
                let after = confirmed(seed, accepted);
                let expected = outcome(&before, OLD, accepted, today());
                assert!(is_confirmed_in(&before, &after, &expected), "{seed}: {accepted:?} of {asked:?}");
                decided += accepted.len();
                for place in accepted {
                    if let ReviewQuestion::Item(collection, id) = &asked[*place] {
                        let now = after.standing(*collection, id).and_then(|standing| standing.current.as_ref());
                        assert!(now.is_some_and(Version::is_confirmed), "{seed}");
                    }
                }
            }
            assert_eq!(confirmable(&confirmed(seed, &all)), [], "{seed}: no question is left");
            assert_eq!(is_awaited(&before), !asked.is_empty(), "{seed}");
            // What was not decided is seen by the proof.
            let is_proven = |accepted: &[usize]| {
                is_confirmed_in(&before, &confirmed(seed, accepted), &outcome(&before, OLD, &all, today()))
            };
            assert!(asked.is_empty() || !is_proven(&[]), "{seed}");
        }
        assert!(decided > 3_000, "{decided}");
    }

    #[test]
    fn nothing_is_sealed_when_nothing_is_accepted() {
        for seed in 0..500 {
            let Sealable { records, carried } = confirmation(&history(seed), OLD, &[]);
            assert!(records.is_empty() && carried.is_empty(), "{seed}");
        }
    }

    #[test]
    fn what_was_not_accepted_is_not_settled_by_what_was() {
        let account = |codes: &str, more: &str| {
            format!(
                r#"{{"record":"put","collection":"accounts","item":{{"service":"S","login":"l","owners":[],"kind":"single-use","codes":["{codes}"],"used":[],"saved":"2026-01-01T00:00:00Z"{more}}}}}"#
            )
        };
        let set = account("b", r#","set":"add""#);
        let boxes = [(Quorum, account("a", "")), (Public, set), (Public, account("c", r#","note":"x""#))];
        let boxes: Vec<_> = boxes.iter().map(|(by, record)| (*by, record.as_str())).collect();
        let before = unite(&boxes);
        let id = crate::domain::inventory::account_id("S", "l");
        let (sets, change) = (ReviewQuestion::Sets(id.clone()), ReviewQuestion::Change(Collection::Accounts, id, 0));
        assert_eq!(confirmable(&before), [sets.clone(), change.clone()]);
        for (accepted, left) in [(0, &change), (1, &sets)] {
            let Sealable { records, carried } = confirmation(&before, OLD, &[accepted]);
            let mut after = boxes.clone();
            let texts = |records: Vec<Fields>| {
                let text = |record: &Fields| String::from_utf8(crate::domain::canonical::bytes(record)).unwrap();
                records.iter().map(text).collect::<Vec<_>>().join(",")
            };
            let (records, carried) = (texts(records), texts(carried));
            assert!(carried.contains("\"origin\"") && !records.contains("\"origin\""), "{records} {carried}");
            after.extend([(Quorum, records.as_str()), (Public, carried.as_str())]);
            assert_eq!(confirmable(&unite(&after)).iter().collect::<Vec<_>>(), [left]);
        }
    }

    #[test]
    fn owners_of_codes_are_asked_about_changes_alone() {
        let put = |id: &str, name: &str| {
            format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"{id}","name":"{name}","chain":"c"}}}}"#)
        };
        let mut before = Inventory::of(Kind::Codes);
        let boxed = |record: &str| format!("{{\"records\":[{record}]}}").into_bytes();
        apply(&mut before, Quorum, 1, &boxed(&put("v", "Rent")));
        apply(&mut before, Public, 2, &boxed(&format!("{},{}", put("v", "Travel"), put("w", "More"))));
        before.finish();
        assert_eq!(confirmable(&before), [ReviewQuestion::Change(Collection::Vaults, "v".to_owned(), 0)]);
        let Sealable { records, carried } = confirmation(&before, OLD, &[0]);
        assert!(records.len() == 1 && carried.is_empty());
    }
}
