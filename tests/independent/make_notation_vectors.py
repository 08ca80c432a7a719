"""Make the vectors of other notations in tests/vectors/notations, the Python half.

An account has more than one text: an ICAP and a 0x address are the same Ethereum account, an X-address and a classic one the
same of the XRP Ledger. The public keys are those of keys-ecdsa and keys-eddsa in tests/vectors/derivation: case i belongs to
`child_public_key` i. bip_utils computes addresses, hashes, base58, base32 and bech32. What it does not know is put together here
from the paper of the notation: ICAP, EIP-1191, X-addresses (XLS-5), muxed accounts (SEP-23), SingleKey of Aptos (AIP-55).

    python make_notation_vectors.py KEYS FOLDER            write the files
    python make_notation_vectors.py KEYS FOLDER --check    compare with the files there

KEYS is the folder of keys-ecdsa.python.json. This half also makes others.json, texts that are NOT of the key they stand beside, and
broken.json, texts that bip_utils takes for no address; make_notation_vectors.mjs confirms both with the libraries of the chains.
"""

import base64
import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

from bip_utils import (
    AptosAddrDecoder, AptosAddrEncoder, AtomAddrDecoder, AtomAddrEncoder, Base58Alphabets, Base58Decoder,
    Base58Encoder, BchP2PKHAddrDecoder, BchP2PKHAddrEncoder, BchP2SHAddrEncoder, Bech32Encoder, CoinsConf, Ed25519,
    EthAddrDecoder, EthAddrEncoder, InjAddrEncoder, OkexAddrEncoder, OneAddrEncoder, P2PKHAddrDecoder,
    P2PKHAddrEncoder, P2PKHPubKeyModes, P2SHAddrDecoder, P2SHAddrEncoder, P2TRAddrDecoder, P2TRAddrEncoder,
    P2WPKHAddrDecoder, P2WPKHAddrEncoder, Secp256k1, Secp256k1PublicKey, SolAddrDecoder, SolAddrEncoder,
    SubstrateEd25519AddrDecoder, SubstrateEd25519AddrEncoder, SuiAddrDecoder, SuiAddrEncoder, TrxAddrDecoder,
    TrxAddrEncoder, XlmAddrDecoder, XlmAddrEncoder, XlmAddrTypes, XrpAddrDecoder, XrpAddrEncoder,
)
from bip_utils.utils.crypto import Hash160, Kekkak256, XModemCrc

COUNT = 6
# Where only some keys show what the notation does.
ALL = 24
PYTHON = f"bip_utils {version('bip_utils')} (Python)"
ED_CHAINS = ("solana", "stellar", "aptos", "sui", "polkadot")


def conf(coin, name):
    return coin.ParamByKey(name)


# --- Ethereum and relatives

evm = EthAddrEncoder.EncodeKey


def account(key):
    return bytes.fromhex(evm(key)[2:])


def low(key):
    return evm(key)[2:].lower()


def whole(key):
    """The uncompressed public key: 04, x, y."""
    return Secp256k1PublicKey.FromBytes(key).RawUncompressed().ToBytes()


def base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits


def icap(key):
    """30 characters (direct), or 31 where the account is too large for them (basic); the two digits are those of an IBAN."""
    text = base36(int.from_bytes(account(key), "big")).rjust(30, "0")
    digits = "".join(str(int(c, 36)) for c in text + "XE00")
    return f"XE{98 - int(digits) % 97:02}{text}"


def fours(text):
    return " ".join(text[i:i + 4] for i in range(0, len(text), 4))


def eip1191(chain_id):
    def text(key):
        digest = Kekkak256.QuickDigest(f"{chain_id}0x{low(key)}".encode()).hex()
        return "0x" + "".join(c.upper() if int(d, 16) > 7 else c for c, d in zip(low(key), digest))
    return text


def bech(hrp):
    """bech32 of the account that Ethereum gives the key."""
    return lambda key: Bech32Encoder.Encode(hrp, account(key))


def cosmos(hrp):
    return lambda key: AtomAddrEncoder.EncodeKey(key, hrp=hrp)


EVM_CHAINS = [("ethereum", "eth", 1), ("polygon", "matic", 137), ("arbitrum", "arb1", 42161), ("optimism", "oeth", 10),
              ("base", "base", 8453), ("avalanche", "avax", 43114), ("bnb", "bnb", 56)]
EVM = [
    ("ethereum", "ICAP", icap, ALL),
    ("ethereum", "ICAP in groups of four", lambda k: fours(icap(k))),
    ("ethereum", "ICAP, lower case", lambda k: icap(k).lower()),
    ("ethereum", "EIP-1191 chain 30", eip1191(30)), ("ethereum", "EIP-1191 chain 31", eip1191(31)),
    *[(chain, f"EIP-3770 {short}", lambda k, short=short: f"{short}:{evm(k)}") for chain, short, _ in EVM_CHAINS],
    ("polygon", "EIP-3770 pol", lambda k: f"pol:{evm(k)}"),
    ("ethereum", "EIP-3770 of another chain", lambda k: f"arb1:{evm(k)}"),
    *[(chain, "CAIP-10", lambda k, number=number: f"eip155:{number}:{evm(k)}") for chain, _, number in EVM_CHAINS],
    ("ethereum", "CAIP-10, lower case", lambda k: f"eip155:1:0x{low(k)}"),
    ("ethereum", "CAIP-10 of another chain", lambda k: f"eip155:137:{evm(k)}"),
    ("ethereum", "EIP-681", lambda k: f"ethereum:{evm(k)}"),
    *[(chain, "EIP-681 with chain", lambda k, number=number: f"ethereum:{evm(k)}@{number}") for chain, _, number in EVM_CHAINS],
    ("ethereum", "EIP-681 pay with chain", lambda k: f"ethereum:pay-{evm(k)}@1"),
    ("ethereum", "EIP-681 with value", lambda k: f"ethereum:{evm(k)}?value=2.014e18"),
    ("ethereum", "EIP-681 with chain and value", lambda k: f"ethereum:{evm(k)}@1?value=1500000000000000000"),
    ("ethereum", "xdc prefix", lambda k: f"xdc{low(k)}"), ("ethereum", "xdc prefix, EIP-55", lambda k: f"xdc{evm(k)[2:]}"),
    ("ethereum", "without prefix", lambda k: evm(k)[2:]), ("ethereum", "without prefix, lower case", low),
    ("ethereum", "upper case with prefix", lambda k: f"0X{low(k).upper()}"),
    ("ethereum", "in groups of four", lambda k: f"0x{fours(low(k))}"),
    ("avalanche", "C-Chain prefix", lambda k: f"C-{evm(k)}"),
    ("ethereum", "bech32 one", OneAddrEncoder.EncodeKey), ("ethereum", "bech32 io", bech("io")),
    ("ethereum", "bech32 inj", InjAddrEncoder.EncodeKey), ("ethereum", "bech32 ex", OkexAddrEncoder.EncodeKey),
    ("ethereum", "bech32 evmos", bech("evmos")),
    ("ethereum", "tron address", TrxAddrEncoder.EncodeKey),
    ("ethereum", "compressed public key", bytes.hex), ("ethereum", "compressed public key with 0x", lambda k: f"0x{k.hex()}"),
    ("ethereum", "uncompressed public key", lambda k: whole(k).hex()),
    ("ethereum", "uncompressed public key with 0x", lambda k: f"0x{whole(k).hex()}"),
    ("ethereum", "uncompressed public key without 04", lambda k: whole(k)[1:].hex()),
    ("ethereum", "uncompressed public key without 04 with 0x", lambda k: f"0x{whole(k)[1:].hex()}"),
]

# --- Bitcoin and relatives

MAIN, TEST, REG = CoinsConf.BitcoinMainNet, CoinsConf.BitcoinTestNet, CoinsConf.BitcoinRegTest
LTC, DOGE = CoinsConf.LitecoinMainNet, CoinsConf.DogecoinMainNet
BCH, BCH_TEST = CoinsConf.BitcoinCashMainNet, CoinsConf.BitcoinCashTestNet


def p2pkh(coin, name="p2pkh_net_ver", mode=P2PKHPubKeyModes.COMPRESSED):
    return lambda k: P2PKHAddrEncoder.EncodeKey(k, net_ver=conf(coin, name), pub_key_mode=mode)


def uncompressed(coin, name="p2pkh_net_ver"):
    return p2pkh(coin, name, P2PKHPubKeyModes.UNCOMPRESSED)


def p2sh(coin, name="p2sh_net_ver"):
    return lambda k: P2SHAddrEncoder.EncodeKey(k, net_ver=conf(coin, name))


def p2wpkh(hrp):
    return lambda k: P2WPKHAddrEncoder.EncodeKey(k, hrp=hrp)


def p2tr(hrp):
    return lambda k: P2TRAddrEncoder.EncodeKey(k, hrp=hrp)


def cash(encoder, coin, kind):
    return lambda k: encoder.EncodeKey(k, hrp=conf(coin, f"{kind}_std_hrp"), net_ver=conf(coin, f"{kind}_std_net_ver"))


cash_pkh, cash_sh = cash(BchP2PKHAddrEncoder, BCH, "p2pkh"), cash(BchP2SHAddrEncoder, BCH, "p2sh")
test_pkh, test_sh = cash(BchP2PKHAddrEncoder, BCH_TEST, "p2pkh"), cash(BchP2SHAddrEncoder, BCH_TEST, "p2sh")


def bare(address):
    return lambda k: address(k).split(":")[1]


def start(prefix, address, end=""):
    return lambda k: prefix + address(k) + end


# The first 32 digits of the first block of each chain (CAIP-4).
BTC_ID, TEST_ID = "bip122:000000000019d6689c085ae165831e93:", "bip122:000000000933ea01ad0ee984209779ba:"
LTC_ID, DOGE_ID = "bip122:12a765e31ffd4059bada1e25190f6e98:", "bip122:1a91e3dace36e2be3bf030a65679fe82:"
BITCOIN = [
    ("bitcoin", "P2PKH, uncompressed key", uncompressed(MAIN)),
    ("bitcoin", "CashAddr P2PKH", cash_pkh), ("bitcoin", "CashAddr P2PKH without prefix", bare(cash_pkh)),
    ("bitcoin", "CashAddr P2PKH, upper case", lambda k: cash_pkh(k).upper()),
    ("bitcoin", "CashAddr P2SH", cash_sh), ("bitcoin", "CashAddr P2SH without prefix", bare(cash_sh)),
    ("bitcoin", "P2WPKH, upper case", lambda k: p2wpkh("bc")(k).upper()),
    ("bitcoin", "BIP-21 P2PKH", start("bitcoin:", p2pkh(MAIN), "?amount=0.015")),
    ("bitcoin", "BIP-21 P2SH-P2WPKH", start("bitcoin:", p2sh(MAIN), "?amount=20.3&label=Luke-Jr")),
    ("bitcoin", "BIP-21 P2WPKH", start("bitcoin:", p2wpkh("bc"), "?amount=0.015")),
    ("bitcoin", "BIP-21 P2TR", start("bitcoin:", p2tr("bc"), "?amount=0.015")),
    ("bitcoin", "BIP-21 without amount", start("bitcoin:", p2wpkh("bc"))),
    ("bitcoin", "BIP-21, upper case", lambda k: f"BITCOIN:{p2wpkh('bc')(k).upper()}?AMOUNT=0.015"),
    ("bitcoin", "BIP-21, upper case P2TR", lambda k: f"BITCOIN:{p2tr('bc')(k).upper()}"),
    ("bitcoin", "CAIP-10 P2WPKH", start(BTC_ID, p2wpkh("bc"))), ("bitcoin", "CAIP-10 P2PKH", start(BTC_ID, p2pkh(MAIN))),
    ("bitcoin", "P2WPKH of testnet", p2wpkh("tb")), ("bitcoin", "P2PKH of testnet", p2pkh(TEST)),
    ("bitcoin", "compressed public key", bytes.hex), ("bitcoin", "uncompressed public key", lambda k: whole(k).hex()),
    ("bitcoin-testnet", "P2PKH, uncompressed key", uncompressed(TEST)),
    ("bitcoin-testnet", "CashAddr P2PKH", test_pkh), ("bitcoin-testnet", "CashAddr P2SH", test_sh),
    ("bitcoin-testnet", "P2WPKH of regtest", p2wpkh("bcrt")), ("bitcoin-testnet", "P2TR of regtest", p2tr("bcrt")),
    ("bitcoin-testnet", "P2WPKH of mainnet", p2wpkh("bc")), ("bitcoin-testnet", "P2TR of mainnet", p2tr("bc")),
    ("bitcoin-testnet", "P2PKH of mainnet", p2pkh(MAIN)), ("bitcoin-testnet", "P2SH-P2WPKH of mainnet", p2sh(MAIN)),
    ("bitcoin-testnet", "BIP-21 P2WPKH", start("bitcoin:", p2wpkh("tb"), "?amount=0.015")),
    ("bitcoin-testnet", "CAIP-10 P2WPKH", start(TEST_ID, p2wpkh("tb"))),
    ("litecoin", "P2PKH, uncompressed key", uncompressed(LTC, "p2pkh_std_net_ver")),
    ("litecoin", "P2SH-P2WPKH, old prefix", p2sh(LTC, "p2sh_depr_net_ver")),
    ("litecoin", "P2SH-P2WPKH, new prefix", p2sh(LTC, "p2sh_std_net_ver")),
    ("litecoin", "P2TR", p2tr("ltc")),
    ("litecoin", "P2PKH of bitcoin", p2pkh(MAIN)), ("litecoin", "P2WPKH of bitcoin", p2wpkh("bc")),
    ("litecoin", "URI P2WPKH", start("litecoin:", p2wpkh("ltc"), "?amount=0.015")),
    ("litecoin", "URI P2PKH", start("litecoin:", p2pkh(LTC, "p2pkh_std_net_ver"), "?amount=0.015")),
    ("litecoin", "URI, upper case", lambda k: f"LITECOIN:{p2wpkh('ltc')(k).upper()}"),
    ("litecoin", "CAIP-10 P2WPKH", start(LTC_ID, p2wpkh("ltc"))),
    ("dogecoin", "P2PKH, uncompressed key", uncompressed(DOGE)), ("dogecoin", "P2SH-P2WPKH", p2sh(DOGE)),
    ("dogecoin", "P2PKH of bitcoin", p2pkh(MAIN)),
    ("dogecoin", "URI P2PKH", start("dogecoin:", p2pkh(DOGE), "?amount=0.015")),
    ("dogecoin", "CAIP-10 P2PKH", start(DOGE_ID, p2pkh(DOGE))),
]

# --- Tron

tron = TrxAddrEncoder.EncodeKey
TRON = [
    ("tron", "hexadecimal", lambda k: f"41{low(k)}"), ("tron", "hexadecimal, upper case", lambda k: f"41{low(k).upper()}"),
    ("tron", "hexadecimal with 0x", lambda k: f"0x41{low(k)}"),
    ("tron", "20 bytes with 0x", lambda k: f"0x{low(k)}"), ("tron", "20 bytes with 0x, EIP-55", evm),
    ("tron", "20 bytes without 0x", low),
    ("tron", "URI", start("tron:", tron)), ("tron", "CAIP-10", start("tron:0x2b6653dc:", tron)),
    ("tron", "compressed public key", bytes.hex),
]

# --- XRP Ledger

classic = XrpAddrEncoder.EncodeKey
NO_TAG = None


def ripple(data):
    return Base58Encoder.CheckEncode(data, Base58Alphabets.RIPPLE)


def x_address(tag, prefix=b"\x05\x44"):
    """XLS-5: prefix, account, 1 for a tag of 32 bits, the tag in 8 bytes, the lowest first."""
    end = bytes(9) if tag is NO_TAG else b"\x01" + tag.to_bytes(8, "little")
    return lambda k: ripple(prefix + Hash160.QuickDigest(k) + end)


XRP_TEST = b"\x04\x93"
XRP = [
    ("xrp", "X-address", x_address(NO_TAG)),
    *[("xrp", f"X-address tag {tag}", x_address(tag)) for tag in (0, 12345, 4294967295)],
    ("xrp", "X-address of testnet", x_address(NO_TAG, XRP_TEST)),
    ("xrp", "X-address of testnet tag 12345", x_address(12345, XRP_TEST)),
    ("xrp", "classic address and tag", start("", classic, ":12345")),
    ("xrp", "classic address and tag 0", start("", classic, ":0")),
    ("xrp", "classic address with dt", start("", classic, "?dt=12345")),
    ("xrp", "URI", start("xrpl:", classic)), ("xrp", "URI with dt", start("ripple:", classic, "?dt=12345")),
    ("xrp", "CAIP-10", start("xrpl:0:", classic)),
    ("xrp", "account public key", lambda k: ripple(b"\x23" + k)),
    ("xrp", "compressed public key", lambda k: k.hex().upper()),
]

# --- Cosmos

ETHEREUM_KEYS = ["canto", "crc", "dym", "evmos", "ex", "humans", "one", "xpla", "zeta"]
COSMOS = [
    ("cosmos:cosmos", "operator", cosmos("cosmosvaloper")),
    *[("cosmos:cosmos", f"same account {hrp}", cosmos(hrp)) for hrp in ("osmo", "celestia", "dydx", "thor")],
    ("cosmos:cosmos", "upper case", lambda k: cosmos("cosmos")(k).upper()),
    ("cosmos:cosmos", "bech32 inj", InjAddrEncoder.EncodeKey),
    ("cosmos:cosmos", "public key", lambda k: Bech32Encoder.Encode("cosmospub", b"\xeb\x5a\xe9\x87\x21" + k)),
    ("cosmos:cosmos", "CAIP-10", start("cosmos:cosmoshub-4:", cosmos("cosmos"))),
    ("cosmos:cosmos", "hexadecimal", lambda k: Hash160.QuickDigest(k).hex().upper()),
    ("cosmos:osmo", "same account cosmos", cosmos("cosmos")), ("cosmos:osmo", "operator", cosmos("osmovaloper")),
    ("cosmos:inj", "Ethereum account", InjAddrEncoder.EncodeKey), ("cosmos:inj", "Cosmos account", cosmos("inj")),
    ("cosmos:inj", "EVM address", evm), ("cosmos:inj", "operator", bech("injvaloper")),
    ("cosmos:inj", "same account evmos", bech("evmos")),
    *[row for hrp in ETHEREUM_KEYS for row in (
        (f"cosmos:{hrp}", "Ethereum account", bech(hrp)), (f"cosmos:{hrp}", "Cosmos account", cosmos(hrp)),
        (f"cosmos:{hrp}", "EVM address", evm))],
    *[row for hrp in ("sei", "kava") for row in (
        (f"cosmos:{hrp}", "EVM address", evm), (f"cosmos:{hrp}", "Ethereum account", bech(hrp)),
        (f"cosmos:{hrp}", "Cosmos account", cosmos(hrp)),
        (f"cosmos:{hrp}", "Cosmos account with 0x", lambda k: f"0x{Hash160.QuickDigest(k).hex()}"))],
]

# --- keys of Ed25519

sol, sui = SolAddrEncoder.EncodeKey, SuiAddrEncoder.EncodeKey


def xlm_id(k):
    return XlmAddrEncoder.EncodeKey(k, addr_type=XlmAddrTypes.PUB_KEY)


def muxed(number):
    """SEP-23: 12 << 3, the key, the number in 8 bytes, and CRC16-XModem, the lowest byte first."""
    def text(k):
        data = b"\x60" + k + number.to_bytes(8, "big")
        return base64.b32encode(data + XModemCrc.QuickDigest(data)[::-1]).decode().rstrip("=")
    return text


def aptos(k):
    return AptosAddrEncoder.EncodeKey(k)


def aptos_short(k):
    return AptosAddrEncoder.EncodeKey(k, trim_zeroes=True)


def single_key(k):
    """AIP-55: 0 for Ed25519, the length, the key, 2 for SingleKey."""
    return "0x" + hashlib.sha3_256(b"\x00\x20" + k + b"\x02").hexdigest()


def short(address):
    return lambda k: "0x" + address(k)[2:].lstrip("0")


def no_0x(address):
    return lambda k: address(k)[2:]


def ss58(prefix):
    return lambda k: SubstrateEd25519AddrEncoder.EncodeKey(k, ss58_format=prefix)


def encoded(data):
    return base64.b64encode(data).decode()


EDDSA = [
    ("solana", "public key", bytes.hex), ("solana", "public key with 0x", lambda k: f"0x{k.hex()}"),
    ("solana", "public key, base64", encoded),
    ("solana", "URI", start("solana:", sol)), ("solana", "URI with amount", start("solana:", sol, "?amount=1.5&label=Michael")),
    ("solana", "CAIP-10", start("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:", sol)),
    *[("stellar", f"muxed {number}", muxed(number)) for number in (0, 12345, 2**64 - 1)],
    ("stellar", "account id and memo", start("", xlm_id, ":12345")),
    ("stellar", "SEP-7", start("web+stellar:pay?destination=", xlm_id)),
    ("stellar", "SEP-7 with amount", start(
        "web+stellar:pay?destination=", xlm_id, "&amount=120.1234567&memo=12345&memo_type=MEMO_ID")),
    ("stellar", "SEP-7 muxed", start("web+stellar:pay?destination=", muxed(12345))),
    ("stellar", "CAIP-10", start("stellar:pubnet:", xlm_id)),
    ("stellar", "lower case", lambda k: xlm_id(k).lower()),
    ("stellar", "public key", bytes.hex), ("stellar", "public key with 0x", lambda k: f"0x{k.hex()}"),
    ("aptos", "legacy", aptos), ("aptos", "legacy without 0x", no_0x(aptos)),
    ("aptos", "legacy, zeros dropped", aptos_short, ALL),
    ("aptos", "SingleKey", single_key), ("aptos", "SingleKey without 0x", no_0x(single_key)),
    ("aptos", "SingleKey, zeros dropped", short(single_key), ALL),
    ("aptos", "upper case", lambda k: "0x" + aptos(k)[2:].upper()),
    ("aptos", "CAIP-10", start("aptos:1:", aptos)),
    ("aptos", "public key", bytes.hex), ("aptos", "public key with 0x", lambda k: f"0x{k.hex()}"),
    ("sui", "without 0x", no_0x(sui)), ("sui", "zeros dropped", short(sui), ALL),
    ("sui", "upper case", lambda k: "0x" + sui(k)[2:].upper()),
    ("sui", "CAIP-10", start("sui:mainnet:", sui)),
    ("sui", "public key, base64 with flag", lambda k: encoded(b"\x00" + k)), ("sui", "public key, base64", encoded),
    ("sui", "public key", bytes.hex), ("sui", "public key with 0x", lambda k: f"0x{k.hex()}"),
    *[("polkadot:0", f"SS58 prefix {prefix}", ss58(prefix)) for prefix in (0, 2, 5, 10, 42, 63, 64, 255, 16383)],
    ("polkadot:2", "SS58 prefix 0", ss58(0)), ("polkadot:42", "SS58 prefix 0", ss58(0)), ("polkadot:2", "SS58 prefix 42", ss58(42)),
    ("polkadot:0", "public key", bytes.hex), ("polkadot:0", "public key with 0x", lambda k: f"0x{k.hex()}"),
    ("polkadot:2", "public key with 0x", lambda k: f"0x{k.hex()}"),
    ("polkadot:0", "CAIP-10", start("polkadot:91b171bb158e2d3848fa23a9f1c25182:", ss58(0))),
]

NOTATIONS = EVM + BITCOIN + TRON + XRP + COSMOS + EDDSA


def key_type(chain):
    return "eddsa" if chain.split(":")[0] in ED_CHAINS else "ecdsa"


# --- what the keys above do not show: an ICAP of 30 characters with no zero before it, addresses with zeros in front

def small_keys(curve, is_wanted, address, text):
    """Keys of the private scalars 1, 2, 3, ..., the first COUNT of which that is true."""
    cases, point, number = [], curve.Generator(), 1
    while len(cases) < COUNT:
        key = curve.PublicKeyClass().FromPoint(point).RawCompressed().ToBytes()[-curve_length(curve):]
        if is_wanted(key):
            cases.append({"private_key": number, "public_key": key.hex(), "address": address(key), "text": text(key)})
        point, number = point + curve.Generator(), number + 1
    return cases


def curve_length(curve):
    return 33 if curve is Secp256k1 else 32


# (chain, notation, the curve, is it wanted, its full address, its text)
SMALL = [
    ("ethereum", "ICAP, direct", Secp256k1, lambda k: account(k)[0] < 8, evm, icap),
    ("aptos", "legacy, zeros in front", Ed25519, lambda k: aptos(k)[2] == "0", aptos,
     aptos_short),
    ("aptos", "SingleKey, zeros in front", Ed25519, lambda k: single_key(k)[2] == "0", single_key, short(single_key)),
    ("sui", "zeros in front", Ed25519, lambda k: sui(k)[2] == "0", sui, short(sui)),
]

# --- texts of another account, and texts of none

# Three notations of each chain: those of key i + 1 stand beside key i.
OTHERS = {
    "ethereum": ["ICAP", "EIP-1191 chain 30", "CAIP-10"], "polygon": ["EIP-3770 matic", "CAIP-10", "EIP-681 with chain"],
    "arbitrum": ["EIP-3770 arb1", "CAIP-10", "EIP-681 with chain"], "optimism": ["EIP-3770 oeth", "CAIP-10", "EIP-681 with chain"],
    "base": ["EIP-3770 base", "CAIP-10", "EIP-681 with chain"], "avalanche": ["C-Chain prefix", "EIP-3770 avax", "CAIP-10"],
    "bnb": ["EIP-3770 bnb", "CAIP-10", "EIP-681 with chain"],
    "bitcoin": ["P2PKH, uncompressed key", "CashAddr P2PKH", "BIP-21 P2WPKH"],
    "bitcoin-testnet": ["P2WPKH of regtest", "P2WPKH of mainnet", "BIP-21 P2WPKH"],
    "litecoin": ["P2SH-P2WPKH, old prefix", "URI P2WPKH", "CAIP-10 P2WPKH"],
    "dogecoin": ["P2PKH, uncompressed key", "URI P2PKH", "CAIP-10 P2PKH"],
    "tron": ["hexadecimal", "hexadecimal with 0x", "20 bytes with 0x"],
    "xrp": ["X-address", "X-address tag 12345", "classic address and tag"],
    "cosmos:cosmos": ["operator", "same account osmo", "CAIP-10"], "cosmos:inj": ["Cosmos account", "EVM address", "operator"],
    "cosmos:evmos": ["Ethereum account", "Cosmos account", "EVM address"],
    "solana": ["public key", "URI with amount", "CAIP-10"], "stellar": ["muxed 0", "account id and memo", "SEP-7"],
    "aptos": ["legacy without 0x", "SingleKey", "public key with 0x"],
    "sui": ["without 0x", "public key, base64 with flag", "CAIP-10"],
    "polkadot:0": ["SS58 prefix 42", "SS58 prefix 16383", "public key with 0x"],
}


def negative(key):
    """The key of the opposite private key: the same x, so only the byte in front tells them apart."""
    return bytes([key[0] ^ 1]) + key[1:]


# Texts that hold this account's address, x or hash, and mean another account: (chain, what it is, text of two keys).
TRAPS = [
    ("ethereum", "EIP-681 of another account, this one in the query",
     lambda k, o: f"ethereum:{evm(o)}@1?value=1e18&label={evm(k)}"),
    ("ethereum", "compressed public key of the negative", lambda k, o: f"0x{negative(k).hex()}"),
    ("ethereum", "uncompressed public key of the negative", lambda k, o: f"0x{whole(negative(k)).hex()}"),
    ("ethereum", "Cosmos account with 0x", lambda k, o: f"0x{Hash160.QuickDigest(k).hex()}"),
    ("bitcoin", "BIP-21 of another account, this one as label",
     lambda k, o: f"bitcoin:{p2wpkh('bc')(o)}?amount=0.015&label={p2wpkh('bc')(k)}"),
    ("bitcoin", "P2WPKH of the negative", lambda k, o: p2wpkh("bc")(negative(k))),
    ("litecoin", "URI of another account, this one as message",
     lambda k, o: f"litecoin:{p2wpkh('ltc')(o)}?message={p2wpkh('ltc')(k)}"),
    ("tron", "Cosmos account after 41", lambda k, o: f"41{Hash160.QuickDigest(k).hex()}"),
    ("xrp", "URI of another account, this one as memo", lambda k, o: f"xrpl:{classic(o)}?dt=12345&memo={classic(k)}"),
    ("solana", "URI of another account, this one as reference", lambda k, o: f"solana:{sol(o)}?amount=1.5&reference={sol(k)}"),
    ("stellar", "SEP-7 of another account, this one as memo",
     lambda k, o: f"web+stellar:pay?destination={xlm_id(o)}&memo={xlm_id(k)}"),
    ("stellar", "SEP-7 of another account, this one before it",
     lambda k, o: f"web+stellar:pay?msg={xlm_id(k)}&destination={xlm_id(o)}"),
]


def others(keys, cases):
    found = []
    for chain, notations in OTHERS.items():
        for i, notation in enumerate(notations):
            found.append({"chain": chain, "key_type": key_type(chain), "key": i, "notation": notation,
                          "text": cases[chain, notation][i + 1]})
    for chain, notation, text in TRAPS:
        kind = key_type(chain)
        found.append({"chain": chain, "key_type": kind, "key": 0, "notation": notation, "text": text(*keys[kind][:2])})
    return found


def swapped(text, from_end):
    """Two unequal neighbours change places, the first such pair so far from the end: a slip that a checksum is made to notice."""
    for i in range(len(text) - from_end - 2, 0, -1):
        if text[i] != text[i + 1]:
            return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    raise ValueError(text)


def turned(text):
    """One letter of an address in EIP-55 in its other case."""
    i = next(i for i, c in enumerate(text) if i > 10 and c.isalpha())
    return text[:i] + text[i].swapcase() + text[i + 1:]


def put(text, at, letter):
    return text[:at] + letter + text[at + 1:]


def decode(decoder, **how):
    return lambda text: decoder.DecodeAddr(text, **how)


def ripple_decode(prefix):
    def check(text):
        data = Base58Decoder.CheckDecode(text, Base58Alphabets.RIPPLE)
        if len(data) != 31 or data[:2] != prefix:
            raise ValueError(text)
    return check


def icap_decode(text):
    digits = "".join(str(int(c, 36)) for c in text[4:] + text[:4])
    if len(text) not in (34, 35) or text[:2] != "XE" or int(digits) % 97 != 1 or int(text[4:], 36) >= 2**160:
        raise ValueError(text)


def muxed_decode(text):
    data = base64.b32decode(text + "=" * (-len(text) % 8))
    if len(text) != 69 or data[0] != 0x60 or XModemCrc.QuickDigest(data[:-2])[::-1] != data[-2:]:
        raise ValueError(text)


def hex_decode(text):
    if len(text) != 42 or text[:2] != "41":
        raise ValueError(text)
    bytes.fromhex(text)


def point_decode(text):
    key = bytes.fromhex(text.removeprefix("0x"))
    if len(key) != 65 or key[0] != 4 or not Secp256k1PublicKey.IsValidBytes(key):
        raise ValueError(text)


CASH = decode(BchP2PKHAddrDecoder, hrp="bitcoincash", net_ver=b"\x00")
# (chain, notation, right text of key 0, what takes it, a letter that its alphabet has not, a slip that its checksum shows)
WHOLE = [
    ("ethereum", "EIP-55", evm, decode(EthAddrDecoder), "g", turned),
    ("ethereum", "ICAP", icap, icap_decode, "-", lambda t: swapped(t, 4)),
    ("ethereum", "uncompressed public key with 0x", lambda k: f"0x{whole(k).hex()}", point_decode, "g", None),
    ("bitcoin", "P2PKH", p2pkh(MAIN), decode(P2PKHAddrDecoder, net_ver=b"\x00"), "0", lambda t: swapped(t, 8)),
    ("bitcoin", "P2SH-P2WPKH", p2sh(MAIN), decode(P2SHAddrDecoder, net_ver=b"\x05"), "l", lambda t: swapped(t, 8)),
    ("bitcoin", "P2WPKH", p2wpkh("bc"), decode(P2WPKHAddrDecoder, hrp="bc"), "b", lambda t: swapped(t, 8)),
    ("bitcoin", "P2TR", p2tr("bc"), decode(P2TRAddrDecoder, hrp="bc"), "i", lambda t: swapped(t, 8)),
    ("bitcoin", "CashAddr P2PKH", cash_pkh, CASH, "b", lambda t: swapped(t, 10)),
    ("bitcoin-testnet", "P2PKH", p2pkh(TEST), decode(P2PKHAddrDecoder, net_ver=b"\x6f"), "O", lambda t: swapped(t, 8)),
    ("bitcoin-testnet", "P2WPKH", p2wpkh("tb"), decode(P2WPKHAddrDecoder, hrp="tb"), "o", lambda t: swapped(t, 8)),
    ("bitcoin-testnet", "P2WPKH of regtest", p2wpkh("bcrt"), decode(P2WPKHAddrDecoder, hrp="bcrt"), "1", lambda t: swapped(t, 8)),
    ("litecoin", "P2PKH", p2pkh(LTC, "p2pkh_std_net_ver"), decode(P2PKHAddrDecoder, net_ver=b"\x30"), "I", lambda t: swapped(t, 8)),
    ("litecoin", "P2SH-P2WPKH", p2sh(LTC, "p2sh_std_net_ver"), decode(P2SHAddrDecoder, net_ver=b"\x32"), "0",
     lambda t: swapped(t, 8)),
    ("litecoin", "P2WPKH", p2wpkh("ltc"), decode(P2WPKHAddrDecoder, hrp="ltc"), "b", lambda t: swapped(t, 8)),
    ("dogecoin", "P2PKH", p2pkh(DOGE), decode(P2PKHAddrDecoder, net_ver=b"\x1e"), "l", lambda t: swapped(t, 8)),
    ("tron", "Tron address", tron, decode(TrxAddrDecoder), "0", lambda t: swapped(t, 8)),
    ("tron", "hexadecimal", lambda k: f"41{low(k)}", hex_decode, "g", None),
    ("xrp", "classic address", classic, decode(XrpAddrDecoder), "0", lambda t: swapped(t, 8)),
    ("xrp", "X-address tag 12345", x_address(12345), ripple_decode(b"\x05\x44"), "I", lambda t: swapped(t, 8)),
    ("cosmos:cosmos", "Cosmos address", cosmos("cosmos"), decode(AtomAddrDecoder, hrp="cosmos"), "b", lambda t: swapped(t, 8)),
    ("cosmos:osmo", "Cosmos address", cosmos("osmo"), decode(AtomAddrDecoder, hrp="osmo"), "i", lambda t: swapped(t, 8)),
    ("cosmos:inj", "Ethereum account", InjAddrEncoder.EncodeKey, decode(AtomAddrDecoder, hrp="inj"), "o", lambda t: swapped(t, 8)),
    ("solana", "Solana address", sol, decode(SolAddrDecoder), "0", None),
    ("stellar", "account id", xlm_id, decode(XlmAddrDecoder, addr_type=XlmAddrTypes.PUB_KEY), "1", lambda t: swapped(t, 6)),
    ("stellar", "muxed 12345", muxed(12345), muxed_decode, "8", lambda t: swapped(t, 10)),
    ("aptos", "legacy", aptos, decode(AptosAddrDecoder), "g", None),
    ("sui", "Sui address", sui, decode(SuiAddrDecoder), "g", None),
    ("polkadot:0", "SS58 prefix 0", ss58(0), decode(SubstrateEd25519AddrDecoder, ss58_format=0), "0", lambda t: swapped(t, 6)),
    ("polkadot:0", "SS58 prefix 42", ss58(42), decode(SubstrateEd25519AddrDecoder, ss58_format=42), "l", lambda t: swapped(t, 6)),
]


def refuses(decoder, text):
    try:
        decoder(text)
    except Exception:  # bip_utils and base64 raise many kinds
        return True
    return False


def broken(keys):
    found = []
    for chain, notation, address, decoder, foreign, slip in WHOLE:
        right = address(keys[key_type(chain)][0])
        decoder(right)
        # (fault, text): an address of Aptos may lack zeros, so its length is wrong when it is longer.
        faults = [("no address", right[:-3] if chain != "aptos" else right + "a"), ("no address", right + right[-2:]),
                  ("no address", put(right, len(right) - 7, foreign))]
        if slip:
            faults.insert(0, ("checksum", slip(right)))
        if decoder is point_decode:
            faults.append(("no address", right[:-1] + ("0" if right[-1] != "0" else "1")))
        for fault, text in faults:
            assert text != right and refuses(decoder, text), (chain, notation, fault, text)
            found.append({"chain": chain, "key_type": key_type(chain), "key": 0, "notation": notation,
                          "fault": fault, "text": text})
    return found


def build(folder):
    """{file name: document}"""
    keys = {}
    for kind in ("ecdsa", "eddsa"):
        cases = json.loads((folder / f"keys-{kind}.python.json").read_text())["cases"]
        keys[kind] = [bytes.fromhex(case["child_public_key"]) for case in cases]
    files, cases = {}, {}

    def document(chain):
        """One file a chain."""
        empty = {"source": PYTHON, "kind": "notations", "chain": chain, "key_type": key_type(chain), "notations": {}, "small": {}}
        return files.setdefault(f"{chain.replace(':', '-')}.python.json", empty)

    for chain, notation, text, *count in NOTATIONS:
        cases[chain, notation] = [text(key) for key in keys[key_type(chain)][:(count or [COUNT])[0]]]
        document(chain)["notations"][notation] = cases[chain, notation]
    for chain, notation, curve, is_wanted, address, text in SMALL:
        document(chain)["small"][notation] = small_keys(curve, is_wanted, address, text)
    files["others.json"] = {"source": PYTHON, "kind": "others", "cases": others(keys, cases)}
    files["broken.json"] = {"source": PYTHON, "kind": "broken", "cases": broken(keys)}
    return files


def main():
    keys, folder = Path(sys.argv[1]), Path(sys.argv[2])
    wrong = []
    files = build(keys)
    for name, document in files.items():
        if "--check" in sys.argv:
            frozen = json.loads((folder / name).read_text()) if (folder / name).exists() else None
            # Another version of a program must give the same values.
            if frozen is None or {**frozen, "source": ""} != {**document, "source": ""}:
                wrong.append(name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(json.dumps(document, indent=1) + "\n")
    if "--check" in sys.argv:
        wrong += sorted({path.name for path in folder.glob("*.python.json")} - set(files))
    if wrong:
        sys.exit("not what is frozen: " + ", ".join(wrong))
    print(f"{len(files)} files {'agree' if '--check' in sys.argv else 'written'}: {PYTHON}")


main()
