//! Looks for the path of a known address: `m/44/<coin>/<account>/0/<index>` over ranges of accounts and indexes.
//! Works through the range that it is given, and no more: who calls it divides the range, counts, and stops.

use std::ops::Range;

use super::address::{self, Recorded};
use super::key::{DeriveError, MasterKey};
use crate::domain::chain::Chain;
use crate::domain::derivation_path::{DerivationPath, HARDENED, PathPart};
use crate::domain::explain::Explain;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub chain: Chain,
    /// As people have it; compared by what it means.
    pub address: String,
    /// The number of the coin in the path; [`Chain::coin`] is the usual one.
    pub coin: u32,
}

/// Accounts and indexes, each from the first up to but not including the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    pub accounts: Range<u32>,
    pub indexes: Range<u32>,
}

/// An address that was found.
#[derive(Debug)]
pub struct FoundPath {
    pub path: DerivationPath,
    /// As in [`crate::domain::proof::AddressCheck::Match`].
    pub form: &'static str,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// Completes "cannot search, because …".
    #[error("cannot search, because {because}")]
    Undecidable { because: String },
    #[error("cannot search, because {0}")]
    Derive(#[from] DeriveError),
    #[error("a coin, account or index is larger than 2147483647")]
    TooLarge,
}

impl Explain for SearchError {
    fn hint(&self) -> String {
        match self {
            Self::Undecidable { .. } => "Look at the chain, the key and the address again.",
            Self::Derive(error) => return error.hint(),
            Self::TooLarge => "Choose smaller numbers; most wallets stay below 100.",
        }
        .to_owned()
    }
}

impl Area {
    /// How many keys are derived when nothing is found.
    pub fn size(&self) -> u64 {
        let length = |range: &Range<u32>| u64::from(range.end.saturating_sub(range.start));
        length(&self.accounts) * length(&self.indexes)
    }

    /// The same area in pieces of about `size` keys (at least one), in their order: whole accounts where they are small, parts of
    /// the indexes of one account where they are not.
    pub fn pieces(&self, size: u32) -> impl Iterator<Item = Area> + use<> {
        let size = size.max(1);
        let width = self.indexes.end.saturating_sub(self.indexes.start);
        let is_empty = self.size() == 0;
        let (rows, columns) = if width >= size { (1, size) } else { (size / width.max(1), width.max(1)) };
        let (accounts, indexes) = (self.accounts.clone(), self.indexes.clone());
        steps(accounts, rows).filter(move |_| !is_empty).flat_map(move |accounts| {
            steps(indexes.clone(), columns).map(move |indexes| Area { accounts: accounts.clone(), indexes })
        })
    }
}

fn steps(range: Range<u32>, size: u32) -> impl Iterator<Item = Range<u32>> {
    let Range { start, end } = range;
    let step = usize::try_from(size).unwrap_or(usize::MAX).max(1);
    (start..end).step_by(step).map(move |first| first..first.saturating_add(size).min(end))
}

/// Whether it can be looked for at all: the chain fits the key, one key decides on the address, and it is not mistyped.
pub fn check(key: &MasterKey, target: &Target) -> Result<(), SearchError> {
    let mistake = || Recorded::read(&target.chain, &target.address).mistake();
    if let Some(because) = address::other_curve(&target.chain, key.public_key()).or_else(mistake) {
        return Err(SearchError::Undecidable { because });
    }
    if !key.has_chain_code() {
        return Err(DeriveError::NoChainCode.into());
    }
    Ok(())
}

/// The first key of `area`, by account and then by index, whose address is the one that is looked for; `None` when none is.
/// One child key and one address for each; see the measurement in `tests/suite/derivation.rs`.
pub fn find(key: &MasterKey, target: &Target, area: &Area) -> Result<Option<FoundPath>, SearchError> {
    check(key, target)?;
    let part = |index| PathPart::new(index, false).ok_or(SearchError::TooLarge);
    let last = |range: &Range<u32>| range.end <= HARDENED;
    if !last(&area.accounts) || !last(&area.indexes) {
        return Err(SearchError::TooLarge);
    }
    let change = part(0)?;
    let recorded = Recorded::read(&target.chain, &target.address);
    let above = key.node_at(&[part(44)?, part(target.coin)?])?;
    for account in area.accounts.clone() {
        let node = above.child(part(account)?).and_then(|node| node.child(change));
        // One path in 2^127 leads to no key: the search goes on.
        let Ok(node) = node else { continue };
        for index in area.indexes.clone() {
            let Ok(child) = node.child(part(index)?) else { continue };
            if let Some(form) = recorded.form_of(&child.public) {
                let path = DerivationPath::of_vault(target.coin, account, index).ok_or(SearchError::TooLarge)?;
                return Ok(Some(FoundPath { path, form }));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key_type::KeyType;
    use crate::domain::secret::SecretBytes;

    fn key(key_type: KeyType) -> MasterKey {
        MasterKey::of_private_key(key_type, &[7; 32], SecretBytes::copy_of(&[9; 32])).unwrap()
    }

    #[test]
    fn an_address_is_found_in_every_form_with_its_path() {
        for chain in Chain::offered() {
            let word = chain.word();
            let key = key(chain.key_type());
            let path = DerivationPath::of_vault(chain.coin(), 3, 5).unwrap();
            let child = key.child(&path).unwrap();
            for form in address::forms(chain, child.public_key()) {
                let target = Target { chain: chain.clone(), address: form.address, coin: chain.coin() };
                let found = find(&key, &target, &Area { accounts: 0..5, indexes: 4..7 }).unwrap().unwrap();
                assert_eq!((found.path, found.form), (path.clone(), form.name), "{word}");
                assert!(find(&key, &target, &Area { accounts: 0..5, indexes: 6..9 }).unwrap().is_none());
            }
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_said_before() {
        let target = |word: &str, address: &str, coin| Target {
            chain: Chain::parse(word).unwrap(),
            address: address.to_owned(),
            coin,
        };
        let area = Area { accounts: 0..1, indexes: 0..1 };
        let error = |key: &MasterKey, target, area: &Area| {
            let error = find(key, &target, area).unwrap_err();
            assert!(!error.hint().is_empty());
            error.to_string()
        };
        let ecdsa = key(KeyType::Ecdsa);
        assert_eq!(
            error(&ecdsa, target("solana", "x", 501), &area),
            "cannot search, because Solana needs a key of type EDDSA_ED25519, and its key is ECDSA_SECP256K1"
        );
        assert_eq!(
            error(&ecdsa, target("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", 0), &area),
            "cannot search, because the address is mistyped: its checksum is wrong"
        );
        let bare = MasterKey::of_private_key(KeyType::Ecdsa, &[7; 32], None).unwrap();
        assert_eq!(
            error(&bare, target("ethereum", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", 60), &area),
            "cannot search, because the key has no chain code"
        );
        let far = Area { accounts: 0..1, indexes: 0..HARDENED + 1 };
        assert_eq!(
            error(&ecdsa, target("ethereum", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", 60), &far),
            SearchError::TooLarge.to_string()
        );
        assert_eq!(
            error(&ecdsa, target("ethereum", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", HARDENED), &area),
            SearchError::TooLarge.to_string()
        );
    }

    #[test]
    fn pieces_cover_an_area_once() {
        for (accounts, indexes, size) in [
            (0..10, 0..3, 7),
            (2..5, 10..35, 10),
            (0..1, 0..1, 1),
            (0..4, 5..5, 3),
            (0..3, 0..7, 0),
            (1..2, 0..u32::MAX, 1 << 30),
        ] {
            let area = Area { accounts, indexes };
            let pieces: Vec<_> = area.pieces(size).collect();
            assert_eq!(pieces.iter().map(Area::size).sum::<u64>(), area.size(), "{area:?}");
            assert!(pieces.iter().all(|piece| (1..=u64::from(size.max(1))).contains(&piece.size())), "{pieces:?}");
        }
    }
}
