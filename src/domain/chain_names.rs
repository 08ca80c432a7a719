//! What people and their programs call the chains: tickers and common names. Our words are those of [`Chain::parse`].

use super::chain::Chain;

/// Names without case, spaces and signs, and the word of a record. Names of tokens and of test networks that are not known here are
/// not among them.
const NAMES: [(&str, &[&str]); 25] = [
    ("bitcoin", &["btc", "xbt", "bitcoinmainnet", "bitcoinbtc"]),
    (
        "ethereum",
        &[
            "eth",
            "ether",
            "ethereummainnet",
            "ethmainnet",
            "mainneteth",
            "erc20",
            "evm",
            "eip1551",
            "evmethereummainnet",
        ],
    ),
    ("solana", &["sol", "solanamainnet", "splsolana"]),
    ("tron", &["trx", "trc20", "tronmainnet"]),
    ("xrp", &["ripple", "xrpl", "xrpledger"]),
    ("litecoin", &["ltc"]),
    ("dogecoin", &["doge"]),
    ("polygon", &["matic", "pol", "polygonpos", "polygonmainnet", "maticpolygon", "eip155137"]),
    ("arbitrum", &["arb", "arbitrumone", "arbone", "ethaeth"]),
    ("optimism", &["op", "opmainnet", "ethopt"]),
    ("base", &["basemainnet", "basechain", "basechaineth"]),
    ("avalanche", &["avax", "avaxc", "avalanchec", "avalanchecchain", "avaxcchain", "cchain"]),
    ("bnb", &["bsc", "bnbsmartchain", "binancesmartchain", "bnbchain", "bnbbsc", "bep20", "bnbsmartchainbep20"]),
    ("stellar", &["xlm", "stellarlumens"]),
    ("aptos", &["apt", "aptosmainnet"]),
    ("sui", &["suimainnet"]),
    ("polkadot:0", &["dot", "polkadot"]),
    ("polkadot:2", &["ksm", "kusama"]),
    ("cosmos:cosmos", &["atom", "cosmos", "cosmoshub", "atomcos"]),
    ("cosmos:osmo", &["osmo", "osmosis"]),
    ("cosmos:celestia", &["tia", "celestia"]),
    ("cosmos:axelar", &["axl", "axelar"]),
    ("cosmos:inj", &["inj", "injective"]),
    ("cosmos:evmos", &["evmos"]),
    ("bitcoin-testnet", &["btctest", "tbtc", "bitcointestnet", "btctestnet", "testnetbtc"]),
];

/// Standards of tokens, which say the chain that they are on.
const TOKENS: [&str; 3] = ["bep20", "erc20", "trc20"];

/// The chain that somebody may have meant: by our word, by a ticker or common name, or by the one of two that stand together
/// (`Bitcoin (BTC)`, `USDT - TRC20`). A guess, but where it is our word.
pub fn meant(text: &str) -> Option<Chain> {
    let whole = Chain::parse(text).or_else(|| named(text));
    let token = text.rsplit_once('-').filter(|(_, standard)| TOKENS.contains(&standard.trim().to_lowercase().as_str()));
    whole.or_else(|| named(token?.1)).or_else(|| {
        let mut found = text.split(['(', ')', '/', '|']).flat_map(|part| part.split(" - ")).filter_map(named);
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    })
}

fn named(text: &str) -> Option<Chain> {
    let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let of = |plain: &str| NAMES.into_iter().find(|(word, names)| *word == plain || names.contains(&plain));
    let bare = ["network", "mainnet"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(&plain);
    Chain::parse(of(&plain).or_else(|| of(bare))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickers_and_common_names_are_the_chain_that_is_meant() {
        for (text, word) in [
            ("BTC", "bitcoin"),
            ("Bitcoin (BTC)", "bitcoin"),
            ("BTC - Bitcoin", "bitcoin"),
            ("eth", "ethereum"),
            ("Ethereum Mainnet", "ethereum"),
            ("SOL", "solana"),
            ("TRX", "tron"),
            ("USDT (TRC20)", "tron"),
            ("USDC-ERC20", "ethereum"),
            ("Ethereum Network", "ethereum"),
            ("eip155:137", "polygon"),
            ("MATIC", "polygon"),
            ("BNB Smart Chain", "bnb"),
            ("BNB", "bnb"),
            ("Avalanche C-Chain", "avalanche"),
            ("ATOM", "cosmos:cosmos"),
            ("DOT", "polkadot:0"),
            ("cosmos:kava", "cosmos:kava"),
            ("Bitcoin Testnet", "bitcoin-testnet"),
        ] {
            assert_eq!(meant(text).as_ref().map(Chain::word), Some(word), "{text}");
        }
        for other in ["", "USDC", "BCH", "ETH_TEST5", "Bitcoin Cash", "BTC / ETH", "Ethereum Classic", "()"] {
            assert_eq!(meant(other), None, "{other}");
        }
    }

    #[test]
    fn each_name_is_that_of_one_chain() {
        let all: Vec<&str> = NAMES.iter().flat_map(|(word, names)| names.iter().copied().chain([*word])).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        assert!(NAMES.iter().all(|(word, _)| Chain::parse(word).is_some()));
        for chain in Chain::offered() {
            assert!(meant(chain.title()).is_some() || chain.title().contains("chain"), "{}", chain.title());
        }
    }
}
