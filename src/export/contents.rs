//! The form `json`: the contents exactly as they were sealed and united, and nothing else (`docs/format.md`, section 10).

use std::collections::HashSet;

use super::{ExportError, Report};
use crate::domain::canonical;
use crate::domain::export_form::ExportForm;
use crate::domain::inventory::{Collection, Contents, Fields, Item, Kept};
use crate::domain::secret::SecretBuffer;

/// With marked items, contents of only these and of the keys that marked vaults are derived from: a vault alone has no private key
/// in it. Records that no version of this program understands belong to no item.
pub fn document(report: &Report<'_>) -> Result<SecretBuffer, ExportError> {
    if report.selection.is_public_only {
        return Err(ExportError::HoldsSecrets { form: ExportForm::Json.rules().name });
    }
    if report.selection.marked.is_none() {
        return Ok(Contents::of(report.inventory).to_json());
    }
    let head = Fields::default()
        .with_text("format", "conclave-contents")
        .with("version", Kept::Integer(1))
        .with_text("organization", report.inventory.organization());
    let takes = |collection, item: &Item| report.selection.takes(collection, item.id());
    let vaults = report.inventory.items(Collection::Vaults).filter(|vault| takes(Collection::Vaults, &vault.item));
    let needed: HashSet<&str> = vaults.filter_map(|vault| vault.item.fields().text("key_id")).collect();
    let contents = report.inventory.collections().fold(head, |contents, collection| {
        let items = report.inventory.items(collection).map(|version| &version.item);
        let is_needed = |item: &Item| collection == Collection::Keys && needed.contains(item.id());
        let marked = items.filter(|item| takes(collection, item) || is_needed(item));
        let marked = marked.map(|item| Kept::Object(item.fields().duplicate())).collect();
        contents.with(collection.name(), Kept::List(marked))
    });
    Ok(canonical::secret_document(&contents))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{inventory, marked, public_only, text, with_report};
    use super::*;
    use crate::domain::explain::Explain;
    use crate::domain::export_form::Selection;
    use crate::domain::kind::Kind;

    #[test]
    fn all_is_the_contents_and_nothing_else() {
        let inventory = inventory();
        let whole = with_report(&inventory, &Selection::default(), |report| text(&document(report).unwrap()));
        assert_eq!(whole, text(&Contents::of(&inventory).to_json()));
    }

    #[test]
    fn marked_items_are_contents_that_can_be_sealed_again() {
        let (inventory, marked) = (inventory(), marked(&[(Collection::Vaults, "v2"), (Collection::Keys, "no such")]));
        let some = with_report(&inventory, &marked, |report| text(&document(report).unwrap()));
        assert_eq!(Contents::read(Kind::Organization, some.as_bytes()).unwrap().len(), 2);
        assert!(some.contains("Travel") && !some.contains("Rent") && !some.contains("teleport"));
        assert!(some.ends_with("\"version\": 1\n}\n"), "{some}");
    }

    #[test]
    fn contents_without_secrets_are_refused() {
        let error = with_report(&inventory(), &public_only(), |report| document(report).unwrap_err());
        assert_eq!(error, ExportError::HoldsSecrets { form: "json" });
        assert!(!error.hint().is_empty());
    }
}
