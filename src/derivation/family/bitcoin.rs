//! Bitcoin and its relatives: P2PKH, P2SH-P2WPKH, P2WPKH and P2TR.

mod bch;
mod cashaddr;
mod descriptor;
mod wif;

use std::borrow::Cow;

use bech32::primitives::decode::UncheckedHrpstring;
use bech32::{Bech32, Bech32m, Hrp};
use bs58::Alphabet;
use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{FieldBytes, ProjectivePoint, Scalar};
use sha2::{Digest, Sha256};

use super::{Account, ChildKey, Form, PublicKey, Unread, Usage, Wallets, Written, base58_checked, hash160};
use crate::derivation::text::base58_check;
use crate::domain::chain::BitcoinNetwork;
use crate::domain::import_form::ImportForm;

/// The marks of a network.
struct NetworkMarks {
    title: &'static str,
    /// The byte before the digest of a key.
    p2pkh: u8,
    /// The same for a script: what is written, and another that is read too.
    p2sh: u8,
    old_p2sh: Option<u8>,
    /// The letters before a witness program (BIP-173); without them there are no witnesses.
    hrp: Option<&'static str>,
    /// Whether people have addresses of BIP-86 there.
    taproot: Usage,
    wif: wif::Wif,
}

const BITCOIN: NetworkMarks = NetworkMarks {
    title: "Bitcoin",
    p2pkh: 0x00,
    p2sh: 0x05,
    old_p2sh: None,
    hrp: Some("bc"),
    taproot: Usage::Usual,
    wif: wif::BITCOIN,
};
const TESTNET: NetworkMarks = NetworkMarks {
    title: "Bitcoin testnet",
    p2pkh: 0x6F,
    p2sh: 0xC4,
    old_p2sh: None,
    hrp: Some("tb"),
    taproot: Usage::Usual,
    wif: wif::TESTNET,
};
/// Addresses of scripts begin with M; before 2017 they began with 3, as Bitcoin's.
const LITECOIN: NetworkMarks = NetworkMarks {
    title: "Litecoin",
    p2pkh: 0x30,
    p2sh: 0x32,
    old_p2sh: Some(0x05),
    hrp: Some("ltc"),
    taproot: Usage::Rare,
    wif: wif::LITECOIN,
};
const DOGECOIN: NetworkMarks = NetworkMarks {
    title: "Dogecoin",
    p2pkh: 0x1E,
    p2sh: 0x16,
    old_p2sh: None,
    hrp: None,
    taproot: Usage::Rare,
    wif: wif::DOGECOIN,
};
const NETWORKS: [&NetworkMarks; 4] = [&BITCOIN, &TESTNET, &LITECOIN, &DOGECOIN];
/// The letters before witness programs of networks that are used to try things, and whose they are.
const TRIAL_HRPS: [(&str, &str); 3] =
    [("bcrt", "a regtest network"), ("tltc", "Litecoin's test network"), ("rltc", "a regtest network of Litecoin")];

pub fn network(network: BitcoinNetwork) -> &'static dyn Wallets {
    match network {
        BitcoinNetwork::Bitcoin => &BITCOIN,
        BitcoinNetwork::Testnet => &TESTNET,
        BitcoinNetwork::Litecoin => &LITECOIN,
        BitcoinNetwork::Dogecoin => &DOGECOIN,
    }
}

impl Wallets for NetworkMarks {
    fn forms(&self, key: &PublicKey, like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Secp256k1 { .. } = key else { return Vec::new() };
        let kinds = KINDS.into_iter().filter(|kind| like.is_none_or(|like| like.script == kind.script()));
        kinds.filter_map(|kind| kind.form(self, key)).collect()
    }

    /// The notation of another network is that of the same key all the same.
    fn read(&self, text: &str) -> Result<Written, Unread> {
        if text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("ltcmweb1")) {
            return Err(Unread::Undecidable("MimbleWimble addresses need keys of another kind".into()));
        }
        match self.witness_program(text) {
            Err(Unread::NoAddress) => {}
            read => return read,
        }
        match cashaddr::read(text) {
            Err(Unread::NoAddress) => self.digest(text),
            read => read.map(|(script, digest)| written(script, digest.to_vec(), Some("CashAddr"))),
        }
    }

    fn imports(&self, key: &ChildKey, form: Option<&'static str>) -> Vec<ImportForm> {
        self.wif.forms(form, key)
    }
}

fn written(script: ScriptKind, bytes: Vec<u8>, notation: Option<impl Into<Cow<'static, str>>>) -> Written {
    Written { account: script.account(bytes), notation: notation.map(Into::into), fault: None }
}

impl NetworkMarks {
    /// In bech32 (BIP-141, BIP-350), with the letters of any network that is known.
    fn witness_program(&self, text: &str) -> Result<Written, Unread> {
        let whole = UncheckedHrpstring::new(text).map_err(|_| Unread::NoAddress)?;
        let prefix = whole.hrp().to_lowercase();
        let is_own = self.hrp == Some(prefix.as_str());
        let title = |network: &&&NetworkMarks| network.hrp == Some(prefix.as_str());
        let of = NETWORKS.iter().find(title).map(|network| network.title);
        let of = of.or_else(|| TRIAL_HRPS.iter().find(|(hrp, _)| *hrp == prefix).map(|(_, of)| *of));
        let of = of.ok_or(Unread::NoAddress)?;
        if !whole.has_valid_checksum::<Bech32>() && !whole.has_valid_checksum::<Bech32m>() {
            return Err(Unread::Checksum);
        }
        let (_, version, program) = bech32::segwit::decode(text).map_err(|_| Unread::NoAddress)?;
        let undecidable = |because: String| Err(Unread::Undecidable(because.into()));
        let notation = (!is_own).then(|| format!("written for {of}"));
        match (version.to_u8(), program.len()) {
            (0, 20) => Ok(written(ScriptKind::P2wpkh, program, notation)),
            (0, _) => undecidable("it is the address of a script (P2WSH), and not of one key".to_owned()),
            (1, 32) => Ok(written(ScriptKind::P2tr, program, notation)),
            (version, _) => undecidable(format!("segwit addresses of version {version} are not known to this program")),
        }
    }

    /// In base58, with the first byte of any network that is known.
    fn digest(&self, text: &str) -> Result<Written, Unread> {
        let [version, digest @ ..] = base58_checked::<21>(text, Alphabet::BITCOIN)?;
        let others = NETWORKS.into_iter().filter(|network| network.title != self.title);
        let read = std::iter::once(self).chain(others).find_map(|network| Some((network, network.script(version)?)));
        let (network, script) = read.ok_or(Unread::NoAddress)?;
        let notation = (network.title != self.title).then(|| format!("written for {}", network.title));
        Ok(written(script, digest.to_vec(), notation))
    }

    /// Of a digest behind this byte.
    fn script(&self, version: u8) -> Option<ScriptKind> {
        match version {
            version if version == self.p2pkh => Some(ScriptKind::P2pkh),
            version if version == self.p2sh => Some(ScriptKind::P2shP2wpkh),
            version if Some(version) == self.old_p2sh => Some(ScriptKind::OldP2shP2wpkh),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptKind {
    P2wpkh,
    P2tr,
    P2shP2wpkh,
    OldP2shP2wpkh,
    P2pkh,
    UncompressedP2pkh,
}

const KINDS: [ScriptKind; 6] = [
    ScriptKind::P2wpkh,
    ScriptKind::P2tr,
    ScriptKind::P2shP2wpkh,
    ScriptKind::OldP2shP2wpkh,
    ScriptKind::P2pkh,
    ScriptKind::UncompressedP2pkh,
];

impl ScriptKind {
    fn name(self) -> &'static str {
        match self {
            Self::P2wpkh => "P2WPKH",
            Self::P2tr => "P2TR",
            Self::P2shP2wpkh => "P2SH-P2WPKH",
            Self::OldP2shP2wpkh => "P2SH-P2WPKH, old prefix",
            Self::P2pkh => "P2PKH",
            Self::UncompressedP2pkh => wif::UNCOMPRESSED_P2PKH,
        }
    }

    /// What an address of it says of the script that it is for.
    fn script(self) -> &'static str {
        match self {
            Self::UncompressedP2pkh => Self::P2pkh.name(),
            other => other.name(),
        }
    }

    fn account(self, bytes: Vec<u8>) -> Account {
        Account { script: self.script(), bytes }
    }

    /// `None` where the network has no such form.
    fn form(self, network: &NetworkMarks, key: &PublicKey) -> Option<Form> {
        let digest = || hash160(&key.bytes()).to_vec();
        let (bytes, usage) = match self {
            Self::P2tr => (taproot_output_key(key)?.to_vec(), network.taproot.clone()),
            Self::P2shP2wpkh if network.hrp.is_none() => {
                let because =
                    format!("it is the address of a script (P2SH-P2WPKH) that {} does not know", network.title);
                (p2sh_p2wpkh(key).to_vec(), Usage::Never(because))
            }
            Self::P2shP2wpkh | Self::OldP2shP2wpkh => (p2sh_p2wpkh(key).to_vec(), Usage::Usual),
            Self::P2wpkh | Self::P2pkh => (digest(), Usage::Usual),
            Self::UncompressedP2pkh => (hash160(&key.uncompressed()?).to_vec(), Usage::Rare),
        };
        let base58 = |version: u8| Some(base58_check(&[&[version], &bytes], Alphabet::BITCOIN));
        let address = match self {
            Self::P2wpkh => bech32::segwit::encode_v0(Hrp::parse(network.hrp?).ok()?, &bytes).ok(),
            Self::P2tr => bech32::segwit::encode_v1(Hrp::parse(network.hrp?).ok()?, &bytes).ok(),
            Self::P2shP2wpkh => base58(network.p2sh),
            Self::OldP2shP2wpkh => base58(network.old_p2sh?),
            Self::P2pkh | Self::UncompressedP2pkh => base58(network.p2pkh),
        };
        Some(Form::new(self.name(), address?, self.account(bytes)).used(usage))
    }
}

/// The digest of the script `0 <digest of the key>` (BIP-141, "P2WPKH nested in BIP16 P2SH").
fn p2sh_p2wpkh(key: &PublicKey) -> [u8; 20] {
    hash160(&[&[0x00, 0x14][..], &hash160(&key.bytes())].concat())
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
