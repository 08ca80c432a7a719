"""Make the vectors of keys and addresses in tests/vectors/derivation, the Python half.

bip_utils computes BIP-32 and all addresses; PyNaCl the points of Ed25519. They share no code with
the project or with the programs of make_derivation_vectors.mjs, which computes the other half from
the same inputs.

    python make_derivation_vectors.py FOLDER            write the files
    python make_derivation_vectors.py FOLDER --check    compare with the files there

The inputs are public and the same for both halves: `keys` says how they are made.
"""

import hashlib
import hmac
import json
import sys
from importlib.metadata import version
from pathlib import Path

from bip_utils import (
    AptosAddrEncoder, AtomAddrEncoder, Bip32ChainCode, Bip32KeyData, Bip32Slip10Secp256k1, CoinsConf,
    EthAddrEncoder, P2PKHAddrEncoder, P2SHAddrEncoder, P2TRAddrEncoder, P2WPKHAddrEncoder,
    SolAddrEncoder, SubstrateEd25519AddrEncoder, SuiAddrEncoder, TrxAddrEncoder, WifEncoder,
    XlmAddrEncoder, XrpAddrEncoder,
)
from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp

COUNT = 24
ORDER = {
    "ecdsa": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    "eddsa": 2**252 + 27742317777372353535851937790883648493,
}
ENDIAN = {"ecdsa": "big", "eddsa": "little"}
COINS = {"ecdsa": [0, 1, 2, 3, 60, 118, 144, 195], "eddsa": [148, 354, 434, 501, 637, 784]}
PYTHON = f"bip_utils {version('bip_utils')}, PyNaCl {version('PyNaCl')} (Python)"


def material(label):
    """32 bytes for a label: as a big-endian number where a number is wanted."""
    return hashlib.sha256(f"Conclave derivation vectors 1/{label}".encode()).digest()


def number(label):
    return int.from_bytes(material(label), "big")


def inputs(kind, i):
    """(scalar, chain code, path): the first three scalars are at the edges."""
    order = ORDER[kind]
    edges = [1, order - 1, number(f"{kind}/{i}/private") >> 24]
    scalar = edges[i] if i < len(edges) else number(f"{kind}/{i}/private") % (order - 1) + 1
    coin = COINS[kind][i % len(COINS[kind])]
    account, index = number(f"{kind}/{i}/account") % 2**(i % 4 * 10 + 1), number(f"{kind}/{i}/index") % 2**(i % 3 * 15 + 1)
    steps = [44, coin, account, 0, index]
    if kind == "ecdsa" and i % 6 == 5:
        steps = [steps[0] + 2**31, steps[1] + 2**31, steps[2] + 2**31, 0, index]
    return scalar, material(f"{kind}/{i}/chain-code"), steps


def written(steps):
    return "/".join(["m"] + [f"{s - 2**31}'" if s >= 2**31 else str(s) for s in steps])


def ecdsa_case(i):
    scalar, chain_code, steps = inputs("ecdsa", i)
    data = Bip32KeyData(chain_code=Bip32ChainCode(chain_code))
    master = Bip32Slip10Secp256k1.FromPrivateKey(scalar.to_bytes(32, "big"), data)
    child = master
    for step in steps:
        child = child.ChildKey(step)
    return {
        "private_key": scalar.to_bytes(32, "big").hex(), "chain_code": chain_code.hex(),
        "public_key": master.PublicKey().RawCompressed().ToHex(),
        "xprv": master.PrivateKey().ToExtended(), "xpub": master.PublicKey().ToExtended(),
        "path": written(steps), "child_private_key": child.PrivateKey().Raw().ToHex(),
        "child_public_key": child.PublicKey().RawCompressed().ToHex(),
        "child_xprv": child.PrivateKey().ToExtended(), "child_xpub": child.PublicKey().ToExtended(),
    }


# Seeds and paths of BIP-32, "Test Vectors" 1 to 4.
BIP32 = [
    ("000102030405060708090a0b0c0d0e0f", "m/0'/1/2'/2/1000000000"),
    ("fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875"
     "726f6c696663605d5a5754514e4b484542", "m/0/2147483647'/1/2147483646'/2"),
    ("4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c6"
     "4d2e8a1e7d1457df2e5a3c51c73235be", "m/0'"),
    ("3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678", "m/0'/1'"),
]


def bip32_cases():
    """Every key from m to the end of each path."""
    cases = []
    for seed, path in BIP32:
        node = Bip32Slip10Secp256k1.FromSeed(bytes.fromhex(seed))
        parts = path.split("/")
        chain = [{"path": "m", "xprv": node.PrivateKey().ToExtended(), "xpub": node.PublicKey().ToExtended()}]
        for i, part in enumerate(parts[1:], 2):
            node = node.DerivePath(part)
            chain.append({"path": "/".join(parts[:i]), "xprv": node.PrivateKey().ToExtended(),
                          "xpub": node.PublicKey().ToExtended()})
        cases.append({"seed": seed, "chain": chain})
    return cases


def ed_point(scalar):
    return crypto_scalarmult_ed25519_base_noclamp(scalar.to_bytes(32, "little"))


def eddsa_case(i):
    scalar, first_code, steps = inputs("eddsa", i)
    value, chain_code, point = scalar, first_code, ed_point(scalar)
    for step in steps:
        mac = hmac.digest(chain_code, point + b"\0" + step.to_bytes(4, "big"), "sha512")
        tweak, chain_code = int.from_bytes(mac[:32], "big") % ORDER["eddsa"], mac[32:]
        value = (value + tweak) % ORDER["eddsa"]
        public_side = crypto_core_ed25519_add(point, ed_point(tweak))
        point = ed_point(value)
        assert point == public_side
    return {
        "private_key": scalar.to_bytes(32, "little").hex(), "chain_code": first_code.hex(),
        "public_key": ed_point(scalar).hex(), "path": written(steps),
        "child_private_key": value.to_bytes(32, "little").hex(), "child_public_key": point.hex(),
    }


def param(conf, name):
    return conf.ParamByKey(name)


MAIN, TEST = CoinsConf.BitcoinMainNet, CoinsConf.BitcoinTestNet
LTC, DOGE = CoinsConf.LitecoinMainNet, CoinsConf.DogecoinMainNet
EVM = ["ethereum", "polygon", "arbitrum", "optimism", "base", "avalanche", "bnb"]


def p2pkh(conf, name="p2pkh_net_ver"):
    return lambda k: P2PKHAddrEncoder.EncodeKey(k, net_ver=param(conf, name))


def p2sh(conf, name="p2sh_net_ver"):
    return lambda k: P2SHAddrEncoder.EncodeKey(k, net_ver=param(conf, name))


def p2wpkh(conf):
    return lambda k: P2WPKHAddrEncoder.EncodeKey(k, hrp=param(conf, "p2wpkh_hrp"))


def p2tr(conf):
    return lambda k: P2TRAddrEncoder.EncodeKey(k, hrp=param(conf, "p2tr_hrp"))


# (chain, form, address of a public key)
ADDRESSES = [
    ("bitcoin", "P2PKH", p2pkh(MAIN)), ("bitcoin", "P2SH-P2WPKH", p2sh(MAIN)),
    ("bitcoin", "P2WPKH", p2wpkh(MAIN)), ("bitcoin", "P2TR", p2tr(MAIN)),
    ("bitcoin-testnet", "P2PKH", p2pkh(TEST)), ("bitcoin-testnet", "P2SH-P2WPKH", p2sh(TEST)),
    ("bitcoin-testnet", "P2WPKH", p2wpkh(TEST)), ("bitcoin-testnet", "P2TR", p2tr(TEST)),
    ("litecoin", "P2PKH", p2pkh(LTC, "p2pkh_std_net_ver")),
    ("litecoin", "P2SH-P2WPKH", p2sh(LTC, "p2sh_std_net_ver")),
    ("litecoin", "P2SH-P2WPKH, old prefix", p2sh(LTC, "p2sh_depr_net_ver")),
    ("litecoin", "P2WPKH", p2wpkh(LTC)),
    ("dogecoin", "P2PKH", p2pkh(DOGE)),
    *[(chain, "EVM address", EthAddrEncoder.EncodeKey) for chain in EVM],
    ("tron", "Tron address", TrxAddrEncoder.EncodeKey),
    ("xrp", "classic address", XrpAddrEncoder.EncodeKey),
    *[(f"cosmos:{hrp}", "Cosmos address", lambda k, hrp=hrp: AtomAddrEncoder.EncodeKey(k, hrp=hrp))
      for hrp in ("cosmos", "osmo", "celestia", "secret")],
    ("solana", "Solana address", SolAddrEncoder.EncodeKey),
    ("stellar", "account id", XlmAddrEncoder.EncodeKey),
    ("aptos", "Aptos address", AptosAddrEncoder.EncodeKey),
    ("sui", "Sui address", SuiAddrEncoder.EncodeKey),
    *[(f"polkadot:{n}", "SS58 address", lambda k, n=n: SubstrateEd25519AddrEncoder.EncodeKey(k, ss58_format=n))
      for n in (0, 2, 42, 63, 64, 69, 255, 10041, 16383)],
]
ED_CHAINS = ("solana", "stellar", "aptos", "sui", "polkadot")
# (chain, byte before a private key)
WIF = [("bitcoin", param(MAIN, "wif_net_ver")), ("bitcoin-testnet", param(TEST, "wif_net_ver")),
       ("litecoin", param(LTC, "wif_net_ver")), ("dogecoin", param(DOGE, "wif_net_ver"))]


def build():
    """{file name: document}"""
    keys = {"ecdsa": [ecdsa_case(i) for i in range(COUNT)], "eddsa": [eddsa_case(i) for i in range(COUNT)]}
    files = {f"keys-{kind}": {"kind": f"keys {kind}", "cases": cases} for kind, cases in keys.items()}
    files["bip32"] = {"kind": "bip32", "cases": bip32_cases()}
    for chain, form, address in ADDRESSES:
        kind = "eddsa" if chain.split(":")[0] in ED_CHAINS else "ecdsa"
        publics = [bytes.fromhex(case["child_public_key"]) for case in keys[kind]]
        files[file_name(chain, form)] = {"kind": f"addresses {kind}", "chain": chain, "form": form,
                                         "cases": [address(public) for public in publics]}
    for chain, net_ver in WIF:
        privates = [bytes.fromhex(case["child_private_key"]) for case in keys["ecdsa"]]
        files[file_name(chain, "wif")] = {"kind": "wif ecdsa", "chain": chain, "form": "WIF",
                                          "cases": [WifEncoder.Encode(p, net_ver) for p in privates]}
    return {f"{name}.python.json": {"source": PYTHON, **files[name]} for name in files}


def file_name(chain, form):
    plain = "".join(c if c.isalnum() else "-" for c in f"{chain}-{form}".lower())
    return "-".join(part for part in plain.split("-") if part)


def main():
    folder = Path(sys.argv[1])
    wrong = []
    for name, document in build().items():
        text = json.dumps(document, indent=1) + "\n"
        if "--check" in sys.argv:
            frozen = json.loads((folder / name).read_text()) if (folder / name).exists() else None
            # Another version of a program must give the same values.
            if frozen is None or {**frozen, "source": ""} != {**document, "source": ""}:
                wrong.append(name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    if wrong:
        sys.exit("not what is frozen: " + ", ".join(wrong))
    print(f"{len(build())} files {'agree' if '--check' in sys.argv else 'written'}: {PYTHON}")


main()
