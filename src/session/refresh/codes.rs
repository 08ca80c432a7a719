//! What is done with the codes of accounts without phrases: sets are added, codes marked as used, accounts removed.

use std::path::Path;

use super::{LoadError, Renewal};
use crate::domain::code_list;
use crate::domain::inventory::{Collection, NewSet, Record, used_record};
use crate::domain::kind::Kind;
use crate::domain::secret::SecretText;
use crate::domain::time::Timestamp;
use crate::effect::Trouble;
use crate::machine::files;

impl Renewal {
    /// Adds a set of codes of an account. Its owners are those who hold the backup, where all of them are.
    pub fn add_codes(&mut self, set: &NewSet, saved: Timestamp) {
        let Some(first) = self.first() else { return };
        let holders = first.labels.shareholders().iter().filter(|_| first.core.kind == Kind::Codes);
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

/// A list of codes that somebody chose as a file.
pub fn text_of(path: &Path) -> Result<SecretText, Trouble> {
    let bytes = files::read_secret(path, code_list::TEXT_LIMIT)
        .map_err(|error| Trouble::of(&LoadError::from(error)).and("Nothing was saved."))?;
    std::str::from_utf8(bytes.reveal()).map(SecretText::copy_of).map_err(|_| {
        Trouble::new(
            format_args!("{} is no UTF-8 text.", files::shown(path)),
            "Nothing was saved. Open it elsewhere, and paste or type the codes; or save it as UTF-8.",
        )
    })
}
