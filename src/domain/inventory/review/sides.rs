//! What is asked about, as it counts now and as it would become.

use super::{ReviewQuestion, marked};
use crate::domain::inventory::sets;
use crate::domain::inventory::{Collection, Fields, Inventory, Item, Proposal};
use crate::domain::secret::SecretText;

/// Both sides of a question: what a quorum sealed, and what it would seal.
#[derive(Debug)]
pub enum Sides<'a> {
    /// The name of the organization; none was sealed where `now` is empty.
    Name { now: Option<&'a str>, then: &'a str },
    /// An item; there is none on a side that is empty.
    Item { now: Option<Item>, then: Option<Item> },
    /// A record that is not understood.
    Record(&'a Fields),
}

impl ReviewQuestion {
    /// What is there now, and what it would become.
    pub fn sides<'a>(&self, inventory: &'a Inventory) -> Option<Sides<'a>> {
        match self {
            Self::Name => Some(Sides::Name { now: None, then: inventory.organization() }),
            Self::OtherName(place) => {
                let then = inventory.proposed_names().get(*place).map(SecretText::reveal)?;
                Some(Sides::Name { now: Some(inventory.organization()), then })
            }
            Self::Item(collection, id) => {
                let current = inventory.standing(*collection, id)?.current.as_ref()?;
                Some(Sides::Item { now: None, then: Some(current.item.duplicate()) })
            }
            Self::Change(collection, id, place) => {
                let standing = inventory.standing(*collection, id)?;
                let then = match standing.proposals().get(*place)? {
                    Proposal::Put(version) => Some(marked(inventory, &version.item)),
                    Proposal::Remove(_) => None,
                };
                Some(Sides::Item { now: standing.base().map(|base| marked(inventory, base)), then })
            }
            Self::Sets(id) => {
                let standing = inventory.standing(Collection::Accounts, id)?;
                let confirmed = standing.added().iter().filter(|added| added.is_confirmed());
                let sealed = sets::united(standing.base()?, confirmed.map(|added| &added.item));
                let then = standing.current.as_ref().map(|current| current.item.duplicate());
                Some(Sides::Item { now: Some(marked(inventory, &sealed)), then })
            }
            Self::Unknown(place) => inventory.unknown_records().get(*place).map(Sides::Record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{questions, tests::unite};
    use super::*;
    use crate::domain::inventory::SealedBy::{Public, Quorum};

    fn put(name: &str, more: &str) -> String {
        format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"v","name":"{name}","chain":"c"{more}}}}}"#)
    }

    fn set(code: &str, mode: &str) -> String {
        format!(
            r#"{{"record":"put","collection":"accounts","item":{{"service":"S","login":"l","owners":[],"kind":"single-use","codes":["{code}"],"used":[],"saved":"2026-01-01T00:00:00Z"{mode}}}}}"#
        )
    }

    #[test]
    fn both_sides_of_each_question_are_there() {
        let remove = r#"{"record":"remove","collection":"vaults","id":"v"}"#;
        let name = |name: &str| format!(r#"{{"record":"organization","name":"{name}"}}"#);
        let inventory = unite(&[
            (Quorum, &format!("{},{},{}", put("Rent", ""), name("Old"), set("a", ""))),
            (Public, &format!("{},{remove},{}", put("Travel", r#","address":"x""#), name("New"))),
            (Public, &set("b", r#","set":"add""#)),
            (Public, r#"{"record":"put","collection":"vaults","item":{"id":"w","name":"More","chain":"c"}}"#),
            (Public, r#"{"record":"teleport"}"#),
        ]);
        let said = |question: &ReviewQuestion| {
            let title = |item: Option<Item>| item.map(|item| format!("{} {}", item.title(), item.code_count()));
            match question.sides(&inventory).unwrap() {
                Sides::Name { now, then } => (now.map(str::to_owned), Some(then.to_owned())),
                Sides::Item { now, then } => (title(now), title(then)),
                Sides::Record(record) => (None, record.text("record").map(str::to_owned)),
            }
        };
        let all: Vec<_> = questions(&inventory).iter().map(said).collect();
        let pair = |now: Option<&str>, then: Option<&str>| (now.map(str::to_owned), then.map(str::to_owned));
        assert_eq!(
            all,
            [
                pair(Some("Old"), Some("New")),
                pair(Some("Rent 0"), Some("Travel 0")),
                pair(Some("Rent 0"), None),
                pair(None, Some("More 0")),
                pair(Some("S / l 1"), Some("S / l 2")),
                pair(None, Some("teleport")),
            ]
        );
    }
}
