//! Files that no ceremony has confirmed: their names say so, and in the files the quorum's mark. A ceremony that ended early leaves
//! its file where it is. The papers are void; but where a machine died at the last step, that file and those papers are all that
//! exist.

use std::path::PathBuf;

use super::{NameStyle, Person, Plan};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::kind::Kind;
use crate::domain::phrase::PhraseForm;
use crate::domain::text::Text;

/// What the name of a file begins with that no ceremony has confirmed.
pub const UNCONFIRMED_PREFIX: &str = "UNCONFIRMED-";

/// What is said of such a file.
pub const NEVER_CONFIRMED: &str = "This file was never confirmed: its ceremony did not end, or ran without screens. Nobody has shown that the papers open it.";

/// Whether the name of a file, or its path, says that it was not confirmed. Names get lost: the file says it too.
pub fn has_unconfirmed_name(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(UNCONFIRMED_PREFIX))
}

/// A file that a ceremony left unconfirmed, as it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnconfirmedFile {
    pub path: PathBuf,
    pub kind: Kind,
    pub organization: Text,
    pub is_training: bool,
    /// As the file names them, in the order of their numbers.
    pub shareholders: Vec<Person>,
    pub names: NameStyle,
    pub threshold: u8,
    pub delivery: Text,
    pub form: PhraseForm,
    /// The day (RFC 3339) on which it was written.
    pub created: String,
    pub fingerprint: Fingerprint,
}

impl UnconfirmedFile {
    /// The plan of the ceremony, with full names where the file has none. `None` where a name cannot be that of who stands in the file.
    pub fn plan(&self, conductor: Text, names: &[Text]) -> Option<Plan> {
        let labels = &self.shareholders;
        let fits = |(name, label): (&Text, &Person)| self.names.fits(name, &label.name);
        if names.len() != labels.len() || !names.iter().zip(labels).all(fits) {
            return None;
        }
        let person = |(name, label): (&Text, &Person)| Person { name: name.clone(), email: label.email.clone() };
        Some(Plan {
            kind: self.kind,
            conductor,
            organization: self.organization.clone(),
            is_training: self.is_training,
            shareholders: names.iter().zip(labels).map(person).collect(),
            names: self.names,
            threshold: self.threshold,
            delivery: self.delivery.clone(),
            form: self.form,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_not_confirmed_is_known_by_its_name() {
        for path in ["UNCONFIRMED-snapshot.json", "/a/b/UNCONFIRMED-snapshot.eml"] {
            assert!(has_unconfirmed_name(path), "{path}");
        }
        for path in
            ["snapshot.json", "/UNCONFIRMED-a/snapshot.json", "", "unconfirmed.json", "old-UNCONFIRMED-snapshot.json"]
        {
            assert!(!has_unconfirmed_name(path), "{path}");
        }
    }
}
