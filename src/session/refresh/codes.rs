//! What is done with the codes of accounts without phrases: sets are added, codes marked as used, accounts removed.

use super::Renewal;
use crate::domain::inventory::{Collection, NewSet, Record, used_record};
use crate::domain::kind::Kind;

impl Renewal {
    /// Adds a set of codes of an account. Its owners are those who hold the backup, where all of them are.
    pub fn add_codes(&mut self, mut set: NewSet) {
        let Some(first) = self.first() else { return };
        if first.core.kind == Kind::Codes {
            set.owners = first.labels.shareholders.iter().map(|holder| holder.name.clone()).collect();
        }
        let record = set.into_record();
        self.count(&record);
        self.records.push(record);
    }

    /// Marks a code of an account as used.
    pub fn mark_used(&mut self, account: &str, code: &str) {
        self.records.push(used_record(account, code));
    }

    /// Removes an account; a proposal where a quorum sealed it.
    pub fn remove_account(&mut self, id: String) {
        self.records.push(Record::Remove { collection: Collection::Accounts, id }.into_fields());
    }

    /// The kind of the backup.
    pub fn kind(&self) -> Kind {
        self.first().map_or_else(Kind::default, |snapshot| snapshot.core.kind)
    }
}
