//! What is worth knowing of an inventory before it is sealed. Nothing of it is an error: it is sealed as it is.

use std::collections::BTreeSet;

use super::super::proving::{Remarkable, said_of_key, said_of_vault};
use crate::derivation::Keyring;
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::{Collection, Inventory, Item};
use crate::domain::text::{Safe, counted};
use crate::machine::cores;

/// So many vaults are compared with their keys: it takes less than a second.
const COMPARED: usize = 1_000;
/// So many remarks are told; the others are counted.
const TOLD: usize = 20;

pub fn of(inventory: &Inventory, without_key: &BTreeSet<String>, creates_keys: bool) -> Vec<String> {
    let keyring = Keyring::of(inventory);
    let mut remarks = Vec::new();
    for key in inventory.items(Collection::Keys) {
        remarks.extend(keyring.standing(key.item.id()).and_then(|standing| said_of_key(&key.item.title(), standing)));
    }
    let vaults = || inventory.items(Collection::Vaults).map(|version| &version.item);
    let is_waiting = |vault: &Item| without_key.contains(vault.id());
    for vault in vaults() {
        remarks.extend(of_vault(vault, is_waiting(vault), creates_keys));
    }
    let compared: Vec<&Item> = vaults().filter(|vault| vault.fields().text("key_id").is_some()).collect();
    let first = compared.get(..COMPARED).unwrap_or(&compared);
    if let Some(checks) = cores::map(first, |vault| keyring.derive(vault).check) {
        let said = first.iter().zip(&checks).filter(|(_, check)| Remarkable::of(check).is_some());
        let said = said.map(|(vault, check)| said_of_vault(&vault.title(), check));
        remarks.extend(said);
    }
    for collection in inventory.collections() {
        for item in inventory.items(collection).map(|version| &version.item) {
            let what = |member: &str| {
                let (noun, title) = (collection.noun(), item.title());
                format!(
                    "The {noun} \"{}\" has a member that this version does not know: {}. It is kept.",
                    Safe(&title),
                    Safe(member)
                )
            };
            remarks.extend(item.unknown_members().map(what));
        }
    }
    let told = shortened(remarks);
    let left = compared.len() - first.len();
    let not_compared = (left > 0).then(|| {
        format!(
            "{} {} not compared with {} yet.",
            counted(left, "further vault"),
            if left == 1 { "was" } else { "were" },
            if left == 1 { "its key" } else { "their keys" }
        )
    });
    told.into_iter().chain(not_compared).collect()
}

/// What its record alone tells.
fn of_vault(vault: &Item, is_waiting: bool, creates_keys: bool) -> Option<String> {
    let text = |member| vault.fields().text(member);
    let said = |what: &str| Some(format!("Vault \"{}\": {what}.", Safe(&vault.title())));
    let word = text("chain").unwrap_or("");
    let Some(chain) = Chain::parse(word) else {
        return said(&format!("the chain {} is not known to this program; no address is derived for it", Safe(word)));
    };
    let path = text("path").map(DerivationPath::parse);
    match (is_waiting && creates_keys, path) {
        _ if text("key_id").is_some() => None,
        (_, Some(Err(error))) => said(&error.to_string()),
        (true, None) => said("it gets a new key, but without a derivation path no address"),
        (true, Some(Ok(path))) => {
            let is_hardened = path.parts().iter().any(|part| part.is_hardened());
            let has_none = is_hardened && chain.key_type() == crate::domain::key_type::KeyType::Eddsa;
            if has_none {
                said("its path has hardened parts, which keys of its chain do not have; it gets no key")
            } else {
                None
            }
        }
        (false, _) => said("it names no key; it can be recovered only if somebody knows which one it is"),
    }
}

fn shortened(mut remarks: Vec<String>) -> Vec<String> {
    let left = remarks.len().saturating_sub(TOLD);
    remarks.truncate(TOLD);
    remarks.extend((left > 0).then(|| format!("{} of this kind.", counted(left, "more remark"))));
    remarks
}
