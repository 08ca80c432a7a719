//! What a backup is made of.

use super::fields::{Fields, Kept};
use super::item::Collection;
use super::record::Record;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;

/// Records to be sealed.
#[derive(Debug, Default)]
pub struct Sealable {
    /// What the quorum confirms.
    pub records: Vec<Fields>,
    /// What is carried over from another backup without the quorum's consent. It goes into a public box, so that it keeps that mark.
    pub carried: Vec<Fields>,
}

impl From<Vec<Fields>> for Sealable {
    fn from(records: Vec<Fields>) -> Self {
        Self { records, carried: Vec::new() }
    }
}

impl Sealable {
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let duplicate = |records: &[Fields]| records.iter().map(Fields::duplicate).collect();
        Self { records: duplicate(&self.records), carried: duplicate(&self.carried) }
    }

    /// The name of the organization that the quorum confirms.
    pub fn name(&self) -> Option<Text> {
        let names = self.records.iter().filter(|record| record.text("record") == Some("organization"));
        names.filter_map(|record| Text::new(record.text("name")?)).next_back()
    }

    /// Those who hold a file of codes own all its accounts: what stands in the records of their owners follows them.
    pub fn set_owners(&mut self, owners: &[Text]) {
        for record in self.records.iter_mut().chain(&mut self.carried) {
            if record.text("collection") != Some(Collection::Accounts.name()) {
                continue;
            }
            if let Some(Kept::Object(mut account)) = record.take("item") {
                account.set("owners", Kept::List(owners.iter().map(|owner| Kept::text(owner.raw())).collect()));
                record.set("item", Kept::Object(account));
            }
        }
    }

    /// The new quorum decides on the name of the organization.
    pub fn rename(&mut self, name: &Text) {
        let is_name = |record: &Fields| record.text("record") == Some("organization") && record.names().count() == 2;
        self.records.retain(|record| !is_name(record));
        self.carried.retain(|record| !is_name(record));
        self.records.push(Record::Organization { name: SecretText::copy_of(name.raw()) }.into_fields());
    }
}
