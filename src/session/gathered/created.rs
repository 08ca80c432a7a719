//! New master keys, and the vaults that they are for.

use std::collections::BTreeSet;

use crate::derivation::{MasterKey, address, create, master_of};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::encoding::Hex;
use crate::domain::entropy::{Entropy, EntropyFailed, random};
use crate::domain::inventory::{Fields, Item, Kept};
use crate::domain::key_type::KeyType;

/// One key of each type.
pub struct Created([CreatedKey; 2]);

struct CreatedKey {
    id: String,
    master: MasterKey,
}

impl Created {
    pub fn new(entropy: &mut dyn Entropy) -> Result<Self, EntropyFailed> {
        let mut key = |key_type| {
            Ok(CreatedKey { id: Hex(random::<16>(entropy)?).to_string(), master: create(key_type, entropy)? })
        };
        Ok(Self([key(KeyType::Ecdsa)?, key(KeyType::Eddsa)?]))
    }

    /// Those that were made for an earlier file: one of each type, and no other. `None` where these items are not that.
    pub fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Option<Self> {
        let mut keys = items.map(CreatedKey::of).collect::<Option<Vec<_>>>()?;
        keys.sort_by_key(|key| key.master.key_type() != KeyType::Ecdsa);
        let keys: [CreatedKey; 2] = keys.try_into().ok()?;
        let types = keys.each_ref().map(|key| key.master.key_type());
        (types == [KeyType::Ecdsa, KeyType::Eddsa]).then_some(Self(keys))
    }

    /// The records that put them.
    pub fn records(&self) -> impl Iterator<Item = Fields> {
        self.0.iter().map(|key| {
            Fields::default()
                .with_text("record", "put")
                .with_text("collection", "keys")
                .with("item", Kept::Object(key.fields()))
        })
    }

    /// A vault among `vaults` gets the key of its chain, and where its path is known its public key and address. What cannot be
    /// derived, and what is on a chain that is not known, stays as it is.
    pub fn assign(&self, record: &mut Fields, vaults: &BTreeSet<String>) {
        if record.text("record") != Some("put") || record.text("collection") != Some("vaults") {
            return;
        }
        if let Some(Kept::Object(vault)) = record.take("item") {
            let is_among = vault.text("id").is_some_and(|id| vaults.contains(id));
            let assigned = if is_among { self.assigned(&vault) } else { None };
            let vault =
                assigned.into_iter().flatten().fold(vault, |vault, (member, value)| vault.with_text(member, &value));
            record.set("item", Kept::Object(vault));
        }
    }

    fn assigned(&self, vault: &Fields) -> Option<Vec<(&'static str, String)>> {
        let chain = Chain::parse(vault.text("chain")?)?;
        let key = self.0.iter().find(|key| key.master.key_type() == chain.key_type())?;
        let mut members = vec![("key_id", key.id.clone())];
        if let Some(path) = vault.text("path") {
            let child = key.master.child(&DerivationPath::parse(path).ok()?).ok()?;
            members.push(("public_key", child.public_key_hex()));
            let first = address::forms(&chain, child.public_key()).into_iter().next();
            members.extend(first.map(|form| ("address", form.address)));
        }
        Some(members)
    }
}

impl CreatedKey {
    fn of(item: &Item) -> Option<Self> {
        Some(Self { id: item.id().to_owned(), master: master_of(item.fields())? })
    }

    fn fields(&self) -> Fields {
        let key_type = self.master.key_type();
        let curve = match key_type {
            KeyType::Ecdsa => "secp256k1",
            KeyType::Eddsa => "Ed25519",
        };
        let fields = Fields::default()
            .with_text("id", &self.id)
            .with_text("name", &format!("Master key ({curve})"))
            .with_text("key_type", key_type.name())
            .with_text("public_key", &self.master.public_key_hex())
            .with("private_key", Kept::Text(self.master.private_key_hex()));
        match self.master.chain_code_hex() {
            Some(chain_code) => fields.with("chain_code", Kept::Text(chain_code)),
            None => fields,
        }
    }
}
