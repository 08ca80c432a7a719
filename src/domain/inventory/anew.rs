//! Records that make an inventory again, when all of it is sealed anew.

use std::collections::HashSet;

use super::fields::Fields;
use super::item::{Collection, Item};
use super::record::{Record, read_entry};
use crate::domain::kind::Kind;
use crate::domain::secret::SecretText;

/// The records of these contents, in an order in which they have just this effect. What was not wholly understood may have been
/// applied as far as it was, long ago; so it comes first, and what counts now decides over it once more.
pub fn records(kind: Kind, organization: &str, unknown: Vec<Fields>, items: Vec<Item>) -> Vec<Fields> {
    let name = || {
        let name = SecretText::copy_of(organization);
        (!organization.is_empty()).then(|| Record::Organization { name }.into_fields())
    };
    let counting: HashSet<(Collection, &str)> = items.iter().map(|item| (item.collection(), item.id())).collect();
    let mut again = Vec::new();
    for kept in &unknown {
        match read_entry(kind, kept.duplicate()).record {
            Some(Record::Organization { .. }) => again.extend(name()),
            Some(Record::Put { item, .. }) if !counting.contains(&(item.collection(), item.id())) => {
                let id = item.id().to_owned();
                again.push(Record::Remove { collection: item.collection(), id }.into_fields());
            }
            _ => {}
        }
    }
    let puts = items.into_iter().map(|item| Record::Put { item, origin: None }.into_fields());
    name().into_iter().chain(unknown).chain(again).chain(puts).collect()
}
