//! The chains whose addresses are known here, by the words of a record (`docs/format.md`, section 9).

use super::key_type::KeyType;

/// A chain, as a vault names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    Bitcoin,
    BitcoinTestnet,
    Litecoin,
    Dogecoin,
    Evm(EvmChain),
    Tron,
    Xrp,
    Cosmos(CosmosPrefix),
    Solana,
    Stellar,
    Aptos,
    Sui,
    /// The number that begins its addresses (SS58), at most [`Chain::SS58_LIMIT`].
    Polkadot(u16),
}

/// A chain with the addresses of Ethereum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvmChain {
    Ethereum,
    Polygon,
    Arbitrum,
    Optimism,
    Base,
    Avalanche,
    Bnb,
}

/// The first letters of the addresses of a Cosmos chain (BIP-173): 1 to 32 characters a-z and 0-9.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CosmosPrefix(String);

const EVM: [EvmChain; 7] = [
    EvmChain::Ethereum,
    EvmChain::Polygon,
    EvmChain::Arbitrum,
    EvmChain::Optimism,
    EvmChain::Base,
    EvmChain::Avalanche,
    EvmChain::Bnb,
];

impl Chain {
    /// The largest prefix of SS58 that two bytes can hold.
    pub const SS58_LIMIT: u16 = 16_383;

    /// Words that a chooser can offer; any other prefix can be typed after `cosmos:` and `polkadot:`.
    pub const WORDS: [&'static str; 24] = [
        "bitcoin",
        "ethereum",
        "solana",
        "tron",
        "xrp",
        "litecoin",
        "dogecoin",
        "polygon",
        "arbitrum",
        "optimism",
        "base",
        "avalanche",
        "bnb",
        "stellar",
        "aptos",
        "sui",
        "polkadot:0",
        "polkadot:2",
        "polkadot:42",
        "cosmos:cosmos",
        "cosmos:osmo",
        "cosmos:celestia",
        "cosmos:axelar",
        "bitcoin-testnet",
    ];

    /// The chain of a record's word, in any case and with white space around it.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "bitcoin" => Self::Bitcoin,
            "bitcoin-testnet" => Self::BitcoinTestnet,
            "litecoin" => Self::Litecoin,
            "dogecoin" => Self::Dogecoin,
            "tron" => Self::Tron,
            "xrp" => Self::Xrp,
            "solana" => Self::Solana,
            "stellar" => Self::Stellar,
            "aptos" => Self::Aptos,
            "sui" => Self::Sui,
            other => {
                if let Some(prefix) = other.strip_prefix("cosmos:") {
                    return CosmosPrefix::parse(prefix).map(Self::Cosmos);
                }
                if let Some(number) = other.strip_prefix("polkadot:") {
                    return parse_ss58(number).map(Self::Polkadot);
                }
                return EVM.into_iter().find(|chain| chain.word() == other).map(Self::Evm);
            }
        })
    }

    /// The word of a record.
    pub fn word(&self) -> String {
        match self {
            Self::Bitcoin => "bitcoin".to_owned(),
            Self::BitcoinTestnet => "bitcoin-testnet".to_owned(),
            Self::Litecoin => "litecoin".to_owned(),
            Self::Dogecoin => "dogecoin".to_owned(),
            Self::Evm(chain) => chain.word().to_owned(),
            Self::Tron => "tron".to_owned(),
            Self::Xrp => "xrp".to_owned(),
            Self::Cosmos(prefix) => format!("cosmos:{}", prefix.as_str()),
            Self::Solana => "solana".to_owned(),
            Self::Stellar => "stellar".to_owned(),
            Self::Aptos => "aptos".to_owned(),
            Self::Sui => "sui".to_owned(),
            Self::Polkadot(prefix) => format!("polkadot:{prefix}"),
        }
    }

    /// Its name, for people.
    pub fn title(&self) -> String {
        match self {
            Self::Bitcoin => "Bitcoin".to_owned(),
            Self::BitcoinTestnet => "Bitcoin testnet".to_owned(),
            Self::Litecoin => "Litecoin".to_owned(),
            Self::Dogecoin => "Dogecoin".to_owned(),
            Self::Evm(chain) => chain.title().to_owned(),
            Self::Tron => "Tron".to_owned(),
            Self::Xrp => "XRP Ledger".to_owned(),
            Self::Cosmos(prefix) => match prefix.as_str() {
                "cosmos" => "Cosmos Hub".to_owned(),
                "osmo" => "Osmosis".to_owned(),
                other => format!("Cosmos chain {other}"),
            },
            Self::Solana => "Solana".to_owned(),
            Self::Stellar => "Stellar".to_owned(),
            Self::Aptos => "Aptos".to_owned(),
            Self::Sui => "Sui".to_owned(),
            Self::Polkadot(0) => "Polkadot".to_owned(),
            Self::Polkadot(2) => "Kusama".to_owned(),
            Self::Polkadot(prefix) => format!("Substrate chain {prefix}"),
        }
    }

    /// The curve that its keys are on.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Bitcoin
            | Self::BitcoinTestnet
            | Self::Litecoin
            | Self::Dogecoin
            | Self::Evm(_)
            | Self::Tron
            | Self::Xrp
            | Self::Cosmos(_) => KeyType::Ecdsa,
            Self::Solana | Self::Stellar | Self::Aptos | Self::Sui | Self::Polkadot(_) => KeyType::Eddsa,
        }
    }

    /// The number of its coin in a path (SLIP-44), as wallets of vaults use it: the relatives of Ethereum share 60. Where a
    /// Cosmos or Substrate chain is not known by its prefix, that of Cosmos or Polkadot.
    pub fn coin(&self) -> u32 {
        match self {
            Self::Bitcoin => 0,
            Self::BitcoinTestnet => 1,
            Self::Litecoin => 2,
            Self::Dogecoin => 3,
            Self::Evm(_) => 60,
            Self::Tron => 195,
            Self::Xrp => 144,
            Self::Cosmos(prefix) => match prefix.as_str() {
                "band" => 494,
                "cro" => 394,
                "kava" => 459,
                "secret" => 529,
                "terra" => 330,
                "thor" => 931,
                _ if prefix.has_ethereum_keys() => 60,
                _ => 118,
            },
            Self::Solana => 501,
            Self::Stellar => 148,
            Self::Aptos => 637,
            Self::Sui => 784,
            Self::Polkadot(2) => 434,
            Self::Polkadot(69) => 617,
            Self::Polkadot(_) => 354,
        }
    }
}

impl EvmChain {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ethereum => "ethereum",
            Self::Polygon => "polygon",
            Self::Arbitrum => "arbitrum",
            Self::Optimism => "optimism",
            Self::Base => "base",
            Self::Avalanche => "avalanche",
            Self::Bnb => "bnb",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Ethereum => "Ethereum",
            Self::Polygon => "Polygon",
            Self::Arbitrum => "Arbitrum",
            Self::Optimism => "Optimism",
            Self::Base => "Base",
            Self::Avalanche => "Avalanche C-Chain",
            Self::Bnb => "BNB Smart Chain",
        }
    }
}

impl CosmosPrefix {
    pub fn parse(prefix: &str) -> Option<Self> {
        let is_known = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let holds = (1..=32).contains(&prefix.len()) && prefix.bytes().all(is_known);
        holds.then(|| Self(prefix.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether accounts of this chain are usually made as Ethereum makes them, from another digest of the key.
    pub fn has_ethereum_keys(&self) -> bool {
        matches!(
            self.0.as_str(),
            "canto" | "cronos" | "crc" | "dym" | "ethm" | "evmos" | "humans" | "inj" | "one" | "xpla" | "zeta"
        )
    }
}

/// A number as it is written: no sign, no zero before it.
fn parse_ss58(number: &str) -> Option<u16> {
    let prefix: u16 = number.parse().ok()?;
    (prefix <= Chain::SS58_LIMIT && prefix.to_string() == number).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_chooser_is_a_chain_and_its_own_word() {
        for word in Chain::WORDS {
            let chain = Chain::parse(word).unwrap();
            assert_eq!(chain.word(), word);
            assert!(!chain.title().is_empty());
            assert!(super::super::derivation_path::coin_name(chain.coin()).is_some(), "{word}");
        }
        assert!(EVM.into_iter().all(|chain| Chain::WORDS.contains(&chain.word())));
        assert_eq!(Chain::parse(" Cosmos:OSMO\n").unwrap().word(), "cosmos:osmo");
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
