//! The chains whose addresses are known here, by the words of a record (`docs/format.md`, section 9): one row a chain. What the
//! wallets of a family do stands in its file below `derivation`.

use std::borrow::Cow;

use super::key_type::KeyType::{self, Ecdsa, Eddsa};

/// A chain, as a vault names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    word: Cow<'static, str>,
    title: Cow<'static, str>,
    key_type: KeyType,
    coin: u32,
    family: Family,
}

/// Chains whose wallets do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Family {
    Bitcoin(BitcoinNetwork),
    /// Wallets of Ethereum. Others' addresses may be kept under the word of a chain, of which its key says nothing.
    Evm(Option<ForeignAddresses>),
    Tron,
    Xrp,
    Cosmos(CosmosPrefix),
    Solana,
    Stellar,
    Aptos,
    Sui,
    Polkadot(Ss58Prefix),
}

/// Bitcoin and its relatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BitcoinNetwork {
    Bitcoin,
    Testnet,
    Litecoin,
    Dogecoin,
}

/// Addresses of another chain of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignAddresses {
    /// Their first letters, in lower case.
    pub starts: &'static [&'static str],
    /// Completes "it is an address of …".
    pub of: &'static str,
}

/// The first letters of the addresses of a Cosmos chain (BIP-173): 1 to 32 characters a-z and 0-9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosmosPrefix(Cow<'static, str>);

/// How the accounts of a Cosmos chain are made from a key on secp256k1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKeys {
    /// RIPEMD-160 of SHA-256 of the compressed key (ADR-028).
    Cosmos,
    /// The last 20 bytes of Keccak-256 of the uncompressed key.
    Ethereum,
    /// Nothing is known here of the chain: either way is taken for right.
    Unknown,
}

/// The number that begins the addresses of a Substrate chain (SS58): at most 16383, the largest that two bytes can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ss58Prefix(u16);

/// Those that a chooser offers, in its order; any other prefix can be typed after `cosmos:` and `polkadot:`. The coin of a path
/// (SLIP-44) is the one that wallets of vaults use: the relatives of Ethereum share 60.
static CHAINS: [Chain; 24] = [
    Chain::row("bitcoin", "Bitcoin", Ecdsa, 0, Family::Bitcoin(BitcoinNetwork::Bitcoin)),
    Chain::row("ethereum", "Ethereum", Ecdsa, 60, Family::Evm(None)),
    Chain::row("solana", "Solana", Eddsa, 501, Family::Solana),
    Chain::row("tron", "Tron", Ecdsa, 195, Family::Tron),
    Chain::row("xrp", "XRP Ledger", Ecdsa, 144, Family::Xrp),
    Chain::row("litecoin", "Litecoin", Ecdsa, 2, Family::Bitcoin(BitcoinNetwork::Litecoin)),
    Chain::row("dogecoin", "Dogecoin", Ecdsa, 3, Family::Bitcoin(BitcoinNetwork::Dogecoin)),
    Chain::row("polygon", "Polygon", Ecdsa, 60, Family::Evm(None)),
    Chain::row("arbitrum", "Arbitrum", Ecdsa, 60, Family::Evm(None)),
    Chain::row("optimism", "Optimism", Ecdsa, 60, Family::Evm(None)),
    Chain::row("base", "Base", Ecdsa, 60, Family::Evm(None)),
    Chain::row("avalanche", "Avalanche C-Chain", Ecdsa, 60, Family::Evm(Some(AVALANCHE))),
    Chain::row("bnb", "BNB Smart Chain", Ecdsa, 60, Family::Evm(Some(BNB))),
    Chain::row("stellar", "Stellar", Eddsa, 148, Family::Stellar),
    Chain::row("aptos", "Aptos", Eddsa, 637, Family::Aptos),
    Chain::row("sui", "Sui", Eddsa, 784, Family::Sui),
    Chain::row("polkadot:0", "Polkadot", Eddsa, 354, Family::Polkadot(Ss58Prefix(0))),
    Chain::row("polkadot:2", "Kusama", Eddsa, 434, Family::Polkadot(Ss58Prefix(2))),
    Chain::row("polkadot:42", "Substrate chain 42", Eddsa, 354, Family::Polkadot(Ss58Prefix(42))),
    Chain::row("cosmos:cosmos", "Cosmos Hub", Ecdsa, 118, Family::Cosmos(CosmosPrefix::known("cosmos"))),
    Chain::row("cosmos:osmo", "Osmosis", Ecdsa, 118, Family::Cosmos(CosmosPrefix::known("osmo"))),
    Chain::row("cosmos:celestia", "Cosmos chain celestia", Ecdsa, 118, Family::Cosmos(CosmosPrefix::known("celestia"))),
    Chain::row("cosmos:axelar", "Cosmos chain axelar", Ecdsa, 118, Family::Cosmos(CosmosPrefix::known("axelar"))),
    Chain::row("bitcoin-testnet", "Bitcoin testnet", Ecdsa, 1, Family::Bitcoin(BitcoinNetwork::Testnet)),
];

const AVALANCHE: ForeignAddresses = ForeignAddresses {
    starts: &["x-", "p-", "c-avax", "avax1"],
    of: "Avalanche's X-Chain, P-Chain or C-Chain in bech32, which are not known to this program",
};
const BNB: ForeignAddresses =
    ForeignAddresses { starts: &["bnb1"], of: "the BNB Beacon Chain, which is not known to this program" };

impl Chain {
    const fn row(word: &'static str, title: &'static str, key_type: KeyType, coin: u32, family: Family) -> Self {
        Self { word: Cow::Borrowed(word), title: Cow::Borrowed(title), key_type, coin, family }
    }

    /// Those that a chooser can offer.
    pub fn offered() -> &'static [Self] {
        &CHAINS
    }

    /// The chain of a record's word, in any case and with white space around it.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        if let Some(row) = CHAINS.iter().find(|chain| chain.word == word) {
            return Some(row.clone());
        }
        let (title, key_type, coin, family) = if let Some(prefix) = word.strip_prefix("cosmos:") {
            let prefix = CosmosPrefix::parse(prefix)?;
            (format!("Cosmos chain {}", prefix.as_str()), Ecdsa, prefix.coin(), Family::Cosmos(prefix))
        } else {
            let prefix = Ss58Prefix::parse(word.strip_prefix("polkadot:")?)?;
            let coin = if prefix.0 == 69 { 617 } else { 354 };
            (format!("Substrate chain {}", prefix.0), Eddsa, coin, Family::Polkadot(prefix))
        };
        Some(Self { word: word.into(), title: title.into(), key_type, coin, family })
    }

    /// The word of a record.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Its name, for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The curve that its keys are on.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The number of its coin in a path (SLIP-44), as wallets of vaults use it. Where a Cosmos or Substrate chain is not known by its
    /// prefix, that of Cosmos or Polkadot.
    pub fn coin(&self) -> u32 {
        self.coin
    }

    pub fn family(&self) -> &Family {
        &self.family
    }
}

impl CosmosPrefix {
    const fn known(prefix: &'static str) -> Self {
        Self(Cow::Borrowed(prefix))
    }

    fn parse(prefix: &str) -> Option<Self> {
        let is_known = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let holds = (1..=32).contains(&prefix.len()) && prefix.bytes().all(is_known);
        holds.then(|| Self(prefix.to_owned().into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn coin(&self) -> u32 {
        match self.as_str() {
            "band" => 494,
            "cro" => 394,
            "kava" => 459,
            "secret" => 529,
            "terra" => 330,
            "thor" => 931,
            _ if self.account_keys() == AccountKeys::Ethereum => 60,
            _ => 118,
        }
    }

    /// From which digest of the key accounts of this chain are made.
    pub fn account_keys(&self) -> AccountKeys {
        match self.as_str() {
            "cosmos" | "osmo" | "celestia" | "axelar" => AccountKeys::Cosmos,
            "canto" | "cronos" | "crc" | "dym" | "ethm" | "evmos" | "ex" | "haqq" | "humans" | "inj" | "one"
            | "plq" | "xpla" | "zeta" => AccountKeys::Ethereum,
            _ => AccountKeys::Unknown,
        }
    }
}

impl Ss58Prefix {
    /// A number as it is written: no sign, no zero before it.
    fn parse(number: &str) -> Option<Self> {
        let prefix: u16 = number.parse().ok()?;
        (prefix <= 16_383 && prefix.to_string() == number).then_some(Self(prefix))
    }

    pub fn number(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_that_is_offered_is_that_of_its_word() {
        for chain in Chain::offered() {
            assert_eq!(Chain::parse(chain.word()).as_ref(), Some(chain));
            assert!(super::super::derivation_path::coin_name(chain.coin()).is_some(), "{}", chain.word());
            if let Family::Cosmos(prefix) = chain.family() {
                assert_eq!((chain.word(), chain.coin()), (&*format!("cosmos:{}", prefix.as_str()), prefix.coin()));
                assert_eq!(CosmosPrefix::parse(prefix.as_str()).as_ref(), Some(prefix));
            }
            if let Family::Polkadot(prefix) = chain.family() {
                assert_eq!(chain.word(), format!("polkadot:{}", prefix.number()));
            }
        }
        let title_and_coin = |word| Chain::parse(word).map(|chain| (chain.title().to_owned(), chain.coin())).unwrap();
        assert_eq!(title_and_coin(" Cosmos:OSMO\n"), ("Osmosis".to_owned(), 118));
        assert_eq!(title_and_coin("cosmos:kava"), ("Cosmos chain kava".to_owned(), 459));
        assert_eq!(title_and_coin("cosmos:inj"), ("Cosmos chain inj".to_owned(), 60));
        assert_eq!(title_and_coin("polkadot:69"), ("Substrate chain 69".to_owned(), 617));
        assert_eq!(title_and_coin("polkadot:16383"), ("Substrate chain 16383".to_owned(), 354));
    }

    #[test]
    fn other_words_are_no_chain() {
        for word in [
            "",
            "btc",
            "cosmos",
            "cosmos:",
            "cosmos:a-b",
            "cosmos:é",
            "polkadot",
            "polkadot:",
            "polkadot:+1",
            "polkadot:00",
            "polkadot:16384",
            "polkadot:99999999",
            "bitcoin mainnet",
        ] {
            assert_eq!(Chain::parse(word), None, "{word}");
        }
    }
}
