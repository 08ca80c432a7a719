//! Bitcoin and its relatives: P2PKH, P2SH-P2WPKH, P2WPKH and P2TR.

mod descriptor;
mod wif;

use bech32::Hrp;
use bs58::Alphabet;
use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{FieldBytes, ProjectivePoint, Scalar};
use sha2::{Digest, Sha256};

use super::{ChildKey, Form, MISTYPED, PublicKey, Wallets, base58_mistake, bech, hash160};
use crate::derivation::text::base58_check;
use crate::domain::chain::BitcoinNetwork;
use crate::domain::import_form::ImportForm;

/// The marks of a network.
struct NetworkMarks {
    title: &'static str,
    /// The byte before the digest of a key.
    p2pkh: u8,
    /// The same for a script: what is written, and another that is read too.
    p2sh: Option<u8>,
    old_p2sh: Option<u8>,
    /// The letters before a witness program (BIP-173).
    hrp: Option<&'static str>,
    has_taproot: bool,
    wif: wif::Wif,
}

const BITCOIN: NetworkMarks = NetworkMarks {
    title: "Bitcoin",
    p2pkh: 0x00,
    p2sh: Some(0x05),
    old_p2sh: None,
    hrp: Some("bc"),
    has_taproot: true,
    wif: wif::BITCOIN,
};
const TESTNET: NetworkMarks = NetworkMarks {
    title: "Bitcoin testnet",
    p2pkh: 0x6F,
    p2sh: Some(0xC4),
    old_p2sh: None,
    hrp: Some("tb"),
    has_taproot: true,
    wif: wif::TESTNET,
};
/// Addresses of scripts begin with M; before 2017 they began with 3, as Bitcoin's.
const LITECOIN: NetworkMarks = NetworkMarks {
    title: "Litecoin",
    p2pkh: 0x30,
    p2sh: Some(0x32),
    old_p2sh: Some(0x05),
    hrp: Some("ltc"),
    has_taproot: false,
    wif: wif::LITECOIN,
};
const DOGECOIN: NetworkMarks = NetworkMarks {
    title: "Dogecoin",
    p2pkh: 0x1E,
    p2sh: None,
    old_p2sh: None,
    hrp: None,
    has_taproot: false,
    wif: wif::DOGECOIN,
};

pub fn network(network: BitcoinNetwork) -> &'static dyn Wallets {
    match network {
        BitcoinNetwork::Bitcoin => &BITCOIN,
        BitcoinNetwork::Testnet => &TESTNET,
        BitcoinNetwork::Litecoin => &LITECOIN,
        BitcoinNetwork::Dogecoin => &DOGECOIN,
    }
}

impl Wallets for NetworkMarks {
    fn forms(&self, key: &PublicKey, recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Secp256k1 { .. } = key else { return Vec::new() };
        let like = recorded.and_then(|recorded| kind_of(self, recorded));
        let kinds = KINDS.into_iter().filter(|kind| like.is_none_or(|like| like == *kind));
        kinds.filter_map(|kind| Some(Form { name: kind.name(), address: kind.address(self, key)? })).collect()
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        if self.hrp.is_some() { bech::is_same(recorded, derived) } else { recorded == derived }
    }

    /// Witness programs (BIP-141, BIP-350) of which a key alone says nothing.
    fn obstacle(&self, recorded: &str, _derived: &[String]) -> Option<String> {
        let hrp = self.hrp?;
        if recorded.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("ltcmweb1")) && hrp == "ltc" {
            return Some("MimbleWimble addresses need keys of another kind".to_owned());
        }
        let (found, version, program) = bech32::segwit::decode(recorded).ok()?;
        if found != Hrp::parse(hrp).ok()? {
            return None;
        }
        match (version.to_u8(), program.len()) {
            (0, 20) => None,
            (0, _) => Some("it is the address of a script (P2WSH), and not of one key".to_owned()),
            (1, 32) if self.has_taproot => None,
            (1, 32) => Some(format!("taproot addresses of {} are not known to this program", self.title)),
            (version, _) => Some(format!("segwit addresses of version {version} are not known to this program")),
        }
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        let is_segwit = self.hrp.is_some_and(|hrp| typed.to_ascii_lowercase().starts_with(&format!("{hrp}1")));
        if is_segwit {
            bech32::segwit::decode(typed).err().map(|_| MISTYPED)
        } else {
            base58_mistake(typed, Alphabet::BITCOIN)
        }
    }

    fn imports(&self, key: &ChildKey, form: Option<&'static str>) -> Vec<ImportForm> {
        self.wif.forms(form, key)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptKind {
    P2wpkh,
    P2tr,
    P2shP2wpkh,
    OldP2shP2wpkh,
    P2pkh,
}

const KINDS: [ScriptKind; 5] =
    [ScriptKind::P2wpkh, ScriptKind::P2tr, ScriptKind::P2shP2wpkh, ScriptKind::OldP2shP2wpkh, ScriptKind::P2pkh];

/// By its first letters.
fn kind_of(network: &NetworkMarks, recorded: &str) -> Option<ScriptKind> {
    let lower = recorded.to_ascii_lowercase();
    let program = network.hrp.and_then(|hrp| lower.strip_prefix(hrp)?.strip_prefix('1'));
    match program {
        // 20 bytes are 39 characters after the separator, 32 bytes are 59.
        Some(program) if program.starts_with('q') && program.len() < 50 => Some(ScriptKind::P2wpkh),
        Some(program) if program.starts_with('p') && network.has_taproot => Some(ScriptKind::P2tr),
        Some(_) => None,
        None => match bs58::decode(recorded).into_vec().ok()?.first().copied()? {
            first if first == network.p2pkh => Some(ScriptKind::P2pkh),
            first if Some(first) == network.p2sh => Some(ScriptKind::P2shP2wpkh),
            first if Some(first) == network.old_p2sh => Some(ScriptKind::OldP2shP2wpkh),
            _ => None,
        },
    }
}

impl ScriptKind {
    fn name(self) -> &'static str {
        match self {
            Self::P2wpkh => "P2WPKH",
            Self::P2tr => "P2TR",
            Self::P2shP2wpkh => "P2SH-P2WPKH",
            Self::OldP2shP2wpkh => "P2SH-P2WPKH, old prefix",
            Self::P2pkh => "P2PKH",
        }
    }

    /// `None` where the network has no such form.
    fn address(self, network: &NetworkMarks, key: &PublicKey) -> Option<String> {
        match self {
            Self::P2wpkh => bech32::segwit::encode_v0(Hrp::parse(network.hrp?).ok()?, &hash160(&key.bytes())).ok(),
            Self::P2tr if network.has_taproot => {
                bech32::segwit::encode_v1(Hrp::parse(network.hrp?).ok()?, &taproot_output_key(key)?).ok()
            }
            Self::P2tr => None,
            Self::P2shP2wpkh => Some(p2sh_p2wpkh(network.p2sh?, key)),
            Self::OldP2shP2wpkh => Some(p2sh_p2wpkh(network.old_p2sh?, key)),
            Self::P2pkh => Some(base58_check(&[&[network.p2pkh], &hash160(&key.bytes())], Alphabet::BITCOIN)),
        }
    }
}

/// The digest of the script `0 <digest of the key>` (BIP-141, "P2WPKH nested in BIP16 P2SH").
fn p2sh_p2wpkh(version: u8, key: &PublicKey) -> String {
    let script = [&[0x00, 0x14][..], &hash160(&key.bytes())].concat();
    base58_check(&[&[version], &hash160(&script)], Alphabet::BITCOIN)
}

/// The key with its even y, moved by the tagged digest of its x (BIP-341, BIP-86: no scripts).
fn taproot_output_key(key: &PublicKey) -> Option<[u8; 32]> {
    let PublicKey::Secp256k1 { x, .. } = key else { return None };
    let tag = Sha256::digest(b"TapTweak");
    let digest = Sha256::new().chain_update(tag).chain_update(tag).chain_update(x).finalize();
    let tweak: Scalar = Option::from(Scalar::from_repr(FieldBytes::from(<[u8; 32]>::from(digest))))?;
    let even = k256::PublicKey::from_sec1_bytes(&[&[2_u8][..], x].concat()).ok()?;
    let output = even.to_projective() + ProjectivePoint::mul_by_generator_vartime(&tweak);
    output.to_affine().to_sec1_point(true).x().map(|x| (*x).into())
}
