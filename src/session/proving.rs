//! An open backup away from the screens: its keys are rebuilt, compared with the record, and given out one at a time.

mod said;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::said::{Remarkable, SaidOfItems};
use self::said::{numbers, said_of_compared};
pub(super) use self::said::{said_of_key, said_of_vault};
use crate::derivation::search::{self, Area, FoundPath, SearchError, Target};
use crate::derivation::{ChildKey, Derived, Keyring, MasterKey, address, import};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::{Collection, Inventory, Version, VersionKind};
use crate::domain::proof::{
    AddressCheck, KeyStanding, PublicKeyCheck, UNCONFIRMED_VAULTS, VAULT_LEFT_ALONE, VaultCheck,
};
use crate::effect::{Compared, DerivedKey, ExportOrder, KnownAddress, Searched, Trouble};
use crate::export::{self, Report};
use crate::machine::cores;

/// What a quorum opened, and the keys in it.
pub struct Proving {
    pub inventory: Arc<Inventory>,
    keyring: Keyring,
    /// From this id on, vaults that no quorum confirmed are not compared: there are too many of them.
    left_alone: Option<String>,
}

/// How many vaults are compared in one piece: it takes a fraction of a second.
pub const PIECE: usize = 250;
/// How many paths each core tries in one piece: a fraction of a second too.
const SEARCH_PIECE: u32 = 2_000;

impl Proving {
    pub fn of(inventory: Arc<Inventory>) -> Self {
        let keyring = Keyring::of(&inventory);
        let left_alone = {
            let mut unconfirmed = inventory.items(Collection::Vaults).filter(|vault| !vault.is_confirmed());
            unconfirmed.nth(UNCONFIRMED_VAULTS).map(|vault| vault.item.id().to_owned())
        };
        Self { inventory, keyring, left_alone }
    }

    fn check(&self, vault: &Version) -> VaultCheck {
        let is_left_alone = self.left_alone.as_deref().is_some_and(|id| vault.item.id() >= id);
        if is_left_alone && !vault.is_confirmed() {
            return left_alone();
        }
        self.keyring.derive(&vault.item).check
    }

    pub fn vault_count(&self) -> usize {
        self.inventory.items(Collection::Vaults).count()
    }

    /// Compares at most `most` vaults from number `from` on; with the first ones all keys. `said` are those that were said before;
    /// how many more there are is said with the last ones.
    pub fn compare(&self, from: usize, most: usize, said: &mut SaidOfItems) -> Result<Compared, Trouble> {
        let vaults: Vec<&Version> = self.inventory.items(Collection::Vaults).skip(from).take(most).collect();
        let checks = cores::map(&vaults, |vault| self.check(vault)).ok_or_else(defect)?;
        let mut compared = Compared { done: from + vaults.len(), ..Compared::default() };
        if from == 0 {
            for key in self.inventory.items(Collection::Keys) {
                let Some(standing) = self.keyring.standing(key.item.id()) else { continue };
                if let Some(text) = said_of_key(&key.item.title(), standing)
                    && said.names(Remarkable::Key)
                {
                    compared.red.push(text);
                }
                compared.checks.keys.insert(key.item.id().to_owned(), standing.clone());
            }
        }
        let holder = &self.inventory.kind().rules().holder;
        for (vault, check) in vaults.into_iter().zip(checks) {
            compared.matches += usize::from(matches!(check.address, AddressCheck::Match { .. }));
            if let Some(kind) = Remarkable::of_vault(vault, &check)
                && said.names(kind)
            {
                let text = said_of_compared(vault, &check, holder);
                if kind.is_red() { compared.red.push(text) } else { compared.notes.push(text) }
            }
            compared.checks.vaults.insert(vault.item.id().to_owned(), check);
        }
        if compared.done == self.vault_count() {
            for (kind, count) in said.rest() {
                let text = format!("And {count} more {}.", holder.said(kind.so_many(count)));
                if kind.is_red() { compared.red.push(text) } else { compared.notes.push(text) }
            }
        }
        Ok(compared)
    }

    /// How many addresses were compared, where it was not every one; `said` of all vaults.
    pub fn numbers(&self, said: &SaidOfItems) -> Option<String> {
        numbers(said, self.vault_count())
    }

    /// Compares everything.
    pub fn compare_all(&self) -> Result<Compared, Trouble> {
        let mut said = SaidOfItems::default();
        let mut compared = self.compare(0, usize::MAX, &mut said)?;
        compared.notes.extend(self.numbers(&said));
        Ok(compared)
    }

    /// The key of one version of an item, with everything that follows from it.
    pub fn derive(&self, collection: Collection, id: &str, version: usize) -> Option<DerivedKey> {
        let (kind, version) = self.inventory.standing(collection, id)?.versions().nth(version)?;
        match collection {
            Collection::Vaults => Some(of_vault(version, &self.keyring.derive(&version.item))),
            // Other versions of a key are not those that vaults are derived from.
            Collection::Keys if kind == VersionKind::Current => self.of_key(id),
            _ => None,
        }
    }

    /// The key of a vault that the backup does not hold.
    pub fn derive_path(&self, key_id: &str, chain: &Chain, path: &DerivationPath) -> Result<DerivedKey, Trouble> {
        let key = self.keyring.child(key_id, path).map_err(|error| Trouble::undone("derived", &error))?;
        let forms = address::forms(chain, key.public_key());
        let first = forms.first().map(|form| form.address.as_str());
        let is_confirmed = self.keyring.is_confirmed(key_id);
        Ok(DerivedKey {
            check: (!is_confirmed)
                .then(|| "NOT CONFIRMED: no quorum has confirmed the key it is derived from".to_owned()),
            is_red: !is_confirmed,
            public_key: Some(key.public_key_hex()),
            private_key: Some(key.private_key_hex()),
            forms: import::of_vault(chain.word(), first, &key),
            addresses: forms.into_iter().map(|form| (form.name, form.address)).collect(),
        })
    }

    /// Tries the next paths of an address: as many at once as there are cores.
    pub fn search(&self, wanted: &KnownAddress, from: u64) -> Result<Searched, Trouble> {
        let failed = |error: SearchError| Trouble::undone("searched", &error);
        let key = self
            .keyring
            .master(&wanted.key_id)
            .ok_or_else(|| Trouble::new("The private key of this key cannot be read.", "Choose another key."))?;
        let chain = wanted.chain.clone();
        let target = Target { coin: chain.coin(), chain, address: wanted.address.clone() };
        let area = Area { accounts: 0..wanted.accounts, indexes: 0..wanted.indexes };
        let mut before = 0;
        let pieces: Vec<Area> = area
            .pieces(SEARCH_PIECE)
            .skip_while(|piece| {
                before += piece.size();
                before <= from
            })
            .take(cores::count())
            .collect();
        let found = cores::map(&pieces, |piece| search::find(key, &target, piece)).ok_or_else(defect)?;
        for found in found {
            if let Some(FoundPath { path, form, .. }) = found.map_err(failed)? {
                return Ok(Searched::Found { path, form });
            }
        }
        let tried = from + pieces.iter().map(Area::size).sum::<u64>();
        Ok(if tried >= area.size() { Searched::Nowhere } else { Searched::NotYet { tried } })
    }

    fn of_key(&self, id: &str) -> Option<DerivedKey> {
        let standing = self.keyring.standing(id)?;
        let key = self.keyring.master(id);
        Some(DerivedKey {
            check: Some(standing.to_string()),
            is_red: *standing != KeyStanding::Proven,
            public_key: key.map(MasterKey::public_key_hex),
            private_key: key.map(MasterKey::private_key_hex),
            forms: key.map(import::of_master).unwrap_or_default(),
            ..DerivedKey::default()
        })
    }

    /// The files of an export, each with its path.
    pub fn documents(
        &self,
        order: &ExportOrder,
        is_training: bool,
        (red, notes): (&[String], &[String]),
    ) -> Result<Vec<(PathBuf, export::ExportFile)>, Trouble> {
        let vaults = if order.form.rules().is_contents {
            Vec::new()
        } else {
            export::vaults_of(&self.inventory, &order.selection)
        };
        let mut unconfirmed = 0;
        let is_left_alone = |vault: &Version| {
            unconfirmed += usize::from(!vault.is_confirmed());
            !vault.is_confirmed() && unconfirmed > UNCONFIRMED_VAULTS
        };
        let left: Vec<bool> = vaults.iter().copied().map(is_left_alone).collect();
        let vaults: Vec<(&Version, bool)> = vaults.into_iter().zip(left).collect();
        let derive = |(vault, is_left_alone): &(&Version, bool)| match is_left_alone {
            true => Derived { check: left_alone(), child: None },
            false => self.keyring.derive(&vault.item),
        };
        let derived: Vec<Derived> = cores::map(&vaults, derive).ok_or_else(defect)?;
        let report = Report {
            inventory: &self.inventory,
            keyring: &self.keyring,
            selection: &order.selection,
            derived,
            is_training,
            red,
            notes,
        };
        let documents =
            export::documents(order.form, &report, order.passphrase.as_ref()).map_err(|error| Trouble::of(&error))?;
        Ok(documents.into_iter().map(|document| (beside(&order.path, document.suffix), document)).collect())
    }
}

/// What is said of a vault when too many were added without the quorum.
fn left_alone() -> VaultCheck {
    let because = VAULT_LEFT_ALONE.into();
    VaultCheck { address: AddressCheck::CannotCheck { because }, public_key: PublicKeyCheck::NotCompared }
}

fn of_vault(version: &Version, derived: &Derived) -> DerivedKey {
    let fields = version.item.fields();
    let text = |name| fields.text(name);
    let key = derived.child.as_ref();
    DerivedKey {
        is_red: derived.check.is_red(),
        check: Some(derived.check.to_string()),
        public_key: key.map(ChildKey::public_key_hex),
        private_key: key.map(ChildKey::private_key_hex),
        forms: key.map(|key| import::of_vault(text("chain").unwrap_or(""), text("address"), key)).unwrap_or_default(),
        ..DerivedKey::default()
    }
}

/// The name with `suffix` before its ending.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    if suffix.is_empty() {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(suffix);
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

fn defect() -> Trouble {
    Trouble::new(
        "A defect of this program ended it.",
        "What came out is still here. Export the contents as json: that needs no derivation.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_stands_beside_the_first() {
        for (path, expected) in
            [("/a/vaults.csv", "/a/vaults-codes.csv"), ("vaults", "vaults-codes"), ("a.b.c", "a.b-codes.c")]
        {
            assert_eq!(beside(Path::new(path), "-codes"), Path::new(expected));
            assert_eq!(beside(Path::new(path), ""), Path::new(path));
        }
    }
}
