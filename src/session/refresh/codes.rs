//! What is done with the codes of accounts without phrases: sets are added, codes marked as used, accounts removed.

use super::Renewal;
use crate::domain::inventory::{Collection, NewSet, Record, used_record};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

impl Renewal {
    /// Adds a set of codes of an account. Its owners are those who hold the backup, where all of them are.
    pub fn add_codes(&mut self, set: &NewSet, saved: Timestamp) {
        let Some(first) = self.first() else { return };
        let holders = first.labels.shareholders.iter().filter(|_| first.core.kind == Kind::Codes);
        let record = set.record(&holders.map(|holder| &holder.name).collect::<Vec<_>>(), saved);
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
