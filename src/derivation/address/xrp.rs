//! XRP Ledger: classic addresses of secp256k1 keys (XRPL documentation, "Accounts", "Address Encoding").

use bs58::Alphabet;

use super::hash160;
use crate::derivation::public_key::PublicKey;
use crate::derivation::text::base58_check;

/// The byte before an account.
const ACCOUNT: u8 = 0;

pub fn address(key: &PublicKey) -> String {
    base58_check(&[&[ACCOUNT], &hash160(&key.bytes())], Alphabet::RIPPLE)
}

pub fn obstacle(recorded: &str) -> Option<String> {
    let is_x_address = recorded.len() == 47 && recorded.starts_with(['X', 'T']);
    is_x_address.then(|| {
        "it is an X-address, which holds a tag too: compare the classic address (r…) of the account".to_owned()
    })
}
