//! The keys of a backup, rebuilt and proven, and the keys and addresses of its vaults.

use std::borrow::Cow;
use std::collections::BTreeMap;

use data_encoding::HEXLOWER;

use super::address;
use super::curve::OutOfRange;
use super::key::{ChildKey, DeriveError, MasterKey};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::inventory::{Collection, Fields, Inventory, Item, Kept};
use crate::domain::key_type::KeyType;
use crate::domain::proof::{AddressCheck, KeyFault, KeyStanding, PublicKeyCheck, UNCONFIRMED_KEYS, VaultCheck};
use crate::domain::secret::SecretBytes;
use crate::domain::text::Safe;

/// Every key of a backup that counts.
pub struct Keyring {
    keys: BTreeMap<String, Held>,
}

struct Held {
    standing: KeyStanding,
    master: Option<MasterKey>,
    is_confirmed: bool,
}

/// What deriving a vault gave.
pub struct Derived {
    pub check: VaultCheck,
    /// `None` when nothing could be derived; `check` says why.
    pub child: Option<ChildKey>,
}

impl Keyring {
    pub fn of(inventory: &Inventory) -> Self {
        let mut unconfirmed = 0;
        let held = inventory.items(Collection::Keys).map(|version| {
            let is_confirmed = version.is_confirmed();
            unconfirmed += usize::from(!is_confirmed);
            let is_left_alone = !is_confirmed && unconfirmed > UNCONFIRMED_KEYS;
            let (standing, master) = if is_left_alone {
                (KeyStanding::NotProven(KeyFault::LeftAlone), None)
            } else {
                rebuilt(version.item.fields())
            };
            (version.item.id().to_owned(), Held { standing, master, is_confirmed })
        });
        Self { keys: held.collect() }
    }

    /// What is known of a key; `None` for an id that no key has.
    pub fn standing(&self, key_id: &str) -> Option<&KeyStanding> {
        self.keys.get(key_id).map(|held| &held.standing)
    }

    /// `None` also when the key material is unreadable or out of range.
    pub fn master(&self, key_id: &str) -> Option<&MasterKey> {
        self.keys.get(key_id)?.master.as_ref()
    }

    /// Whether a quorum of this backup decided on the key. Addresses match only under such a key.
    pub fn is_confirmed(&self, key_id: &str) -> bool {
        self.keys.get(key_id).is_some_and(|held| held.is_confirmed)
    }

    /// A key that no record speaks of: of a vault that is not in the snapshot.
    pub fn child(&self, key_id: &str, path: &DerivationPath) -> Result<ChildKey, DeriveError> {
        self.master(key_id).ok_or(DeriveError::NoKey)?.child(path)
    }

    /// The key of a vault, and whether its address and public key are those that are recorded. Any version of a vault.
    pub fn derive(&self, vault: &Item) -> Derived {
        let fields = vault.fields();
        let Some(key_id) = fields.text("key_id") else {
            return Derived::nothing(cannot("the record does not say which key it belongs to"));
        };
        let Some(held) = self.keys.get(key_id) else {
            return Derived::nothing(AddressCheck::KeyMissing { key_id: key_id.to_owned() });
        };
        let Some(master) = &held.master else {
            let because = match &held.standing {
                KeyStanding::NotProven(fault) => format!("its key {} cannot be used: {fault}", Safe(key_id)),
                KeyStanding::Proven => format!("its key {} cannot be used", Safe(key_id)),
            };
            return Derived::nothing(AddressCheck::CannotCheck { because: because.into() });
        };
        let mut derived = derive(master, fields);
        // Under a key from a public box nothing is called a match: it proves nothing. What it gives is shown all the same.
        if !held.is_confirmed && derived.child.is_some() {
            let because = format!("no quorum has confirmed its key {}", Safe(key_id));
            derived.check = VaultCheck {
                address: AddressCheck::CannotCheck { because: because.into() },
                public_key: PublicKeyCheck::NotCompared,
            };
        }
        derived
    }
}

impl Derived {
    fn nothing(address: AddressCheck) -> Self {
        Self { check: VaultCheck { address, public_key: PublicKeyCheck::NotCompared }, child: None }
    }
}

fn cannot(because: impl Into<Cow<'static, str>>) -> AddressCheck {
    AddressCheck::CannotCheck { because: because.into() }
}

/// Under a key that is there.
fn derive(master: &MasterKey, vault: &Fields) -> Derived {
    let path = match vault.text("path").map(DerivationPath::parse) {
        None => return without_children(master, vault, "the record has no derivation path"),
        Some(Ok(path)) => path,
        Some(Err(error)) => {
            return Derived::nothing(cannot(error.to_string()));
        }
    };
    match master.child(&path) {
        Ok(child) => Derived { check: compared(&child, vault), child: Some(child) },
        Err(error @ DeriveError::NoChainCode) => without_children(master, vault, error.to_string()),
        Err(error) => Derived::nothing(cannot(error.to_string())),
    }
}

/// Where no child can be derived, the master key itself may be the key of the vault.
fn without_children(master: &MasterKey, vault: &Fields, because: impl Into<Cow<'static, str>>) -> Derived {
    if let Ok(itself) = master.child(&DerivationPath::MASTER) {
        let check = compared(&itself, vault);
        if matches!(check.address, AddressCheck::Match { .. }) {
            return Derived { check, child: Some(itself) };
        }
    }
    Derived::nothing(cannot(because))
}

fn compared(child: &ChildKey, vault: &Fields) -> VaultCheck {
    let word = vault.text("chain").unwrap_or("");
    let chain = Chain::parse(word);
    // On some chains an address is what they call the public key.
    let is_written = |recorded: &str| {
        let is_of_chain = |chain| address::form_of(chain, recorded, child.public_key()).is_some();
        child.public_key().is_written(recorded) || chain.as_ref().is_some_and(is_of_chain)
    };
    let public_key = match vault.text("public_key") {
        None => PublicKeyCheck::NotCompared,
        Some(recorded) if is_written(recorded) => PublicKeyCheck::Match,
        Some(_) => PublicKeyCheck::Mismatch { derived: child.public_key_hex() },
    };
    let address = match (vault.text("address"), &chain) {
        (None, _) => cannot("the record has no address"),
        (Some(_), None) => cannot(format!("the chain {} is not known to this program", Safe(word))),
        (Some(recorded), Some(chain)) => address::check(chain, recorded, child.public_key()),
    };
    VaultCheck { address, public_key }
}

/// The key of a record, and whether it gives the public key that stands beside it.
fn rebuilt(key: &Fields) -> (KeyStanding, Option<MasterKey>) {
    match material(key) {
        Ok(master) => {
            let derived = master.public_key_hex();
            let is_recorded = key.text("public_key").is_some_and(|recorded| recorded.eq_ignore_ascii_case(&derived));
            let fault = KeyStanding::NotProven(KeyFault::OtherPublicKey { derived });
            (if is_recorded { KeyStanding::Proven } else { fault }, Some(master))
        }
        Err(fault) => (KeyStanding::NotProven(fault), None),
    }
}

/// The key of a record, if it can be rebuilt.
pub fn master_of(key: &Fields) -> Option<MasterKey> {
    material(key).ok()
}

fn material(key: &Fields) -> Result<MasterKey, KeyFault> {
    let key_type = key.text("key_type").and_then(KeyType::named).ok_or(KeyFault::Unreadable)?;
    let chain_code = key.text("chain_code").map(bytes32).transpose()?;
    if let Some(private) = key.text("private_key") {
        let key = MasterKey::of_private_key(key_type, bytes32(private)?.reveal(), chain_code);
        return key.map_err(|OutOfRange| KeyFault::OutOfRange);
    }
    let shares = key.list("shares").filter(|shares| !shares.is_empty()).ok_or(KeyFault::Unreadable)?;
    let shares = shares.iter().map(|share| bytes32(share.as_object().and_then(value).ok_or(KeyFault::Unreadable)?));
    let shares: Vec<_> = shares.collect::<Result<_, _>>()?;
    MasterKey::of_shares(key_type, &shares, chain_code).map_err(|OutOfRange| KeyFault::OutOfRange)
}

fn value(share: &Fields) -> Option<&str> {
    share.value("value").and_then(Kept::as_text)
}

fn bytes32(digits: &str) -> Result<SecretBytes<32>, KeyFault> {
    SecretBytes::try_init(|bytes| {
        let is_whole = HEXLOWER.decode_len(digits.len()) == Ok(bytes.len());
        let read = is_whole.then(|| HEXLOWER.decode_mut(digits.as_bytes(), bytes));
        if matches!(read, Some(Ok(32))) { Ok(()) } else { Err(KeyFault::Unreadable) }
    })
}
