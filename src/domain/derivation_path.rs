//! The path from a master key to the key of a vault (BIP-32 notation): read, written, and explained in plain words.

use std::fmt;
use std::str::FromStr;

use super::chain::Chain;

/// The most parts of a path: the depth of a key is one byte (BIP-32, "Serialization format").
pub const PARTS_LIMIT: usize = 255;
/// Indexes from here on are hardened (BIP-32, "Extended keys"); a written index is smaller.
pub const HARDENED: u32 = 1 << 31;

/// One part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathPart {
    /// Below 2^31.
    index: u32,
    is_hardened: bool,
}

impl PathPart {
    /// `None` for an index of 2^31 or more.
    pub fn new(index: u32, is_hardened: bool) -> Option<Self> {
        (index < HARDENED).then_some(Self { index, is_hardened })
    }

    pub fn is_hardened(self) -> bool {
        self.is_hardened
    }

    /// As it is computed with: with 2^31 added where it is hardened.
    pub fn number(self) -> u32 {
        if self.is_hardened { self.index | HARDENED } else { self.index }
    }
}

impl fmt::Display for PathPart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.index, if self.is_hardened { "'" } else { "" })
    }
}

/// `m`, the master key itself, or the parts below it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DerivationPath(Vec<PathPart>);

/// Why a text is no derivation path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("a derivation path begins with m")]
    Start,
    #[error("part {place} of the derivation path is empty")]
    Empty { place: usize },
    #[error("part {place} of the derivation path is not a number")]
    NotANumber { place: usize },
    #[error("part {place} of the derivation path is larger than 2147483647")]
    TooLarge { place: usize },
    #[error("the derivation path has more than {PARTS_LIMIT} parts")]
    TooLong,
}

impl PathError {
    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Start => "write it like m/44/60/0/0/0; m alone is the master key",
            Self::Empty { .. } => "write one number between two slashes, and no slash at the end",
            Self::NotANumber { .. } => "write digits only; ' or h after the number marks a hardened part",
            Self::TooLarge { .. } => "write the number without the 2147483648 of hardened parts, and ' after it",
            Self::TooLong => "look the path up again: wallets use five parts",
        }
    }
}

impl DerivationPath {
    /// The master key itself.
    pub const MASTER: Self = Self(Vec::new());

    /// Reads `m/44/60/0/0/0`. Hardened parts end with `'`, `h` or `H`; white space around the whole and around parts is no matter.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut texts = text.trim().split('/').map(str::trim);
        if texts.next() != Some("m") {
            return Err(PathError::Start);
        }
        let mut parts = Vec::new();
        for (place, text) in (1..).zip(texts) {
            if place > PARTS_LIMIT {
                return Err(PathError::TooLong);
            }
            parts.push(parse_part(text, place)?);
        }
        Ok(Self(parts))
    }

    /// `m/44/<coin>/<account>/0/<index>`, the path of a vault (`docs/format.md`, section 9). `None` for a number of 2^31 or more.
    pub fn of_vault(coin: u32, account: u32, index: u32) -> Option<Self> {
        [44, coin, account, 0, index]
            .into_iter()
            .map(|index| PathPart::new(index, false))
            .collect::<Option<_>>()
            .map(Self)
    }

    pub fn parts(&self) -> &[PathPart] {
        &self.0
    }

    /// The first hardened part.
    pub fn hardened(&self) -> Option<PathPart> {
        self.0.iter().copied().find(|part| part.is_hardened)
    }

    /// Each part and what it means (BIP-44), the master key first.
    pub fn explain(&self) -> Vec<(String, String)> {
        let is_wallet =
            self.0.first().is_some_and(|purpose| matches!(purpose.index, 44 | 49 | 84 | 86)) && self.0.len() <= 5;
        let rows = self.0.iter().enumerate().map(|(place, part)| {
            let meaning = if is_wallet { meaning(place, part.index) } else { "a further step down".to_owned() };
            let hardened = format!("{part} is hardened: it can only be derived from the private key. ");
            (part.to_string(), if part.is_hardened { hardened + &meaning } else { meaning })
        });
        std::iter::once(("m".to_owned(), "the master key".to_owned())).chain(rows).collect()
    }
}

fn parse_part(part: &str, place: usize) -> Result<PathPart, PathError> {
    let number = part.strip_suffix(['\'', 'h', 'H']);
    let (number, is_hardened) = number.map_or((part, false), |number| (number.trim_end(), true));
    if number.is_empty() {
        return Err(if is_hardened { PathError::NotANumber { place } } else { PathError::Empty { place } });
    }
    if !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PathError::NotANumber { place });
    }
    let index = number.parse().ok().and_then(|index| PathPart::new(index, is_hardened));
    index.ok_or(PathError::TooLarge { place })
}

/// What the part at `place` (0 for the first) says in a path of five parts (BIP-44).
fn meaning(place: usize, index: u32) -> String {
    match (place, index) {
        (0, 44) => "purpose: a path with five parts (BIP-44)".to_owned(),
        (0, 49) => "purpose: wrapped segwit addresses (BIP-49)".to_owned(),
        (0, 84) => "purpose: segwit addresses (BIP-84)".to_owned(),
        (0, _) => "purpose: taproot addresses (BIP-86)".to_owned(),
        (1, coin) => format!("coin: {} (SLIP-44)", coin_name(coin).unwrap_or("one that is not named here")),
        (2, account) => format!("account {account}: one wallet account of the organization, counted from 0"),
        (3, 0) => "change 0: addresses that are given out to receive".to_owned(),
        (3, 1) => "change 1: addresses for change".to_owned(),
        (3, _) => "change: an unusual number; wallets use 0 and 1".to_owned(),
        (_, index) => format!("index {index}: one address of the account, counted from 0"),
    }
}

/// The coins of the chains that are known here, and of some that share their names (SLIP-44).
pub fn coin_name(coin: u32) -> Option<&'static str> {
    Some(match coin {
        1 => "test networks",
        60 => "Ethereum and its relatives",
        118 => "Cosmos",
        144 => "XRP",
        330 => "Terra",
        394 => "Crypto.org",
        459 => "Kava",
        494 => "Band",
        529 => "Secret Network",
        617 => "Sora",
        714 => "BNB Beacon Chain",
        931 => "THORChain",
        966 => "Polygon",
        9_000 => "Avalanche",
        9_006 => "BNB Smart Chain",
        // A chain with a coin of its own gives it its name.
        other => return Chain::offered().iter().find(|chain| chain.coin() == other).map(Chain::title),
    })
}

impl fmt::Display for DerivationPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("m")?;
        self.0.iter().try_for_each(|part| write!(out, "/{part}"))
    }
}

impl FromStr for DerivationPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_in_every_notation_and_written_in_one() {
        for (text, written) in [
            ("m", "m"),
            (" m/44/60/0/0/0\n", "m/44/60/0/0/0"),
            ("m/44'/0h/2147483647H", "m/44'/0'/2147483647'"),
            ("m / 44 ' / 007", "m/44'/7"),
        ] {
            assert_eq!(DerivationPath::parse(text).unwrap().to_string(), written);
        }
        assert_eq!(DerivationPath::of_vault(60, 3, 9).unwrap().to_string(), "m/44/60/3/0/9");
        assert_eq!(DerivationPath::of_vault(HARDENED, 0, 0), None);
        let longest = "m".to_owned() + &"/0".repeat(PARTS_LIMIT);
        assert_eq!(DerivationPath::parse(&longest).unwrap().parts().len(), PARTS_LIMIT);
    }

    #[test]
    fn what_is_no_path_is_named_by_its_part() {
        let too_long = "m".to_owned() + &"/0".repeat(PARTS_LIMIT + 1);
        for (text, error) in [
            ("", PathError::Start),
            ("44/60", PathError::Start),
            ("M/44", PathError::Start),
            ("m/", PathError::Empty { place: 1 }),
            ("m//1", PathError::Empty { place: 1 }),
            ("m/44/0x1", PathError::NotANumber { place: 2 }),
            ("m/+1", PathError::NotANumber { place: 1 }),
            ("m/'", PathError::NotANumber { place: 1 }),
            ("m/1''", PathError::NotANumber { place: 1 }),
            ("m/٣", PathError::NotANumber { place: 1 }),
            ("m/2147483648", PathError::TooLarge { place: 1 }),
            ("m/99999999999999999999", PathError::TooLarge { place: 1 }),
            (too_long.as_str(), PathError::TooLong),
        ] {
            let found = DerivationPath::parse(text).unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(!found.hint().is_empty());
        }
    }

    #[test]
    fn each_part_is_explained() {
        let rows = DerivationPath::parse("m/44'/60/3/0/9").unwrap().explain();
        let text: Vec<_> = rows.iter().map(|(part, meaning)| format!("{part}: {meaning}")).collect();
        assert_eq!(
            text,
            [
                "m: the master key",
                "44': 44' is hardened: it can only be derived from the private key. purpose: a path with five parts (BIP-44)",
                "60: coin: Ethereum and its relatives (SLIP-44)",
                "3: account 3: one wallet account of the organization, counted from 0",
                "0: change 0: addresses that are given out to receive",
                "9: index 9: one address of the account, counted from 0",
            ]
        );
        assert_eq!(DerivationPath::parse("m/7").unwrap().explain()[1].1, "a further step down");
        let named = [0, 2, 3, 148, 195, 354, 434, 501, 637, 784].map(|coin| coin_name(coin).unwrap()).join(", ");
        assert_eq!(named, "Bitcoin, Litecoin, Dogecoin, Stellar, Tron, Polkadot, Kusama, Solana, Aptos, Sui");
    }
}
