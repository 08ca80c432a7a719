"""Make the contents of the training backups.

Every key, code and address here is training material. The key material comes
from the public seed text below, so anyone can compute it again: never send
funds to these addresses and never reuse these keys.

The values are computed by programs that share no code with the project:
secp256k1 derivation and all address encodings by bip_utils, ed25519 points by
PyNaCl. The same bytes come out on every run.

    python make_training_contents.py OUTDIR            write the files
    python make_training_contents.py OUTDIR --check    compare with the files there

For each sample, inventory.json is what the ceremony seals, refresh.json is the
box records added afterwards, and expected.json is the union of both. For the
device SHARES.json is what it holds, earlier.json what it held when it was backed
up, and expected.json what restoring gives.
"""

import base64
import copy
import hashlib
import hmac
import json
import sys
from pathlib import Path

from bip_utils import (
    AptosAddrEncoder, AtomAddrEncoder, Bip32ChainCode, Bip32KeyData, Bip32Slip10Secp256k1,
    CoinsConf, EthAddrEncoder, P2PKHAddrEncoder, P2SHAddrEncoder, P2TRAddrEncoder,
    P2WPKHAddrEncoder, SolAddrEncoder, SuiAddrEncoder, TrxAddrEncoder,
    XlmAddrEncoder, XrpAddrEncoder, SubstrateEd25519AddrEncoder as Ss58Encoder,
)
from bip_utils.slip.slip44 import Slip44
from nacl.bindings import crypto_core_ed25519_add, crypto_scalarmult_ed25519_base_noclamp

SEED = "Conclave training contents 1"
SECP, ED = "ECDSA_SECP256K1", "EDDSA_ED25519"
ORDER = {
    SECP: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
    ED: 2**252 + 27742317777372353535851937790883648493,
}
ENDIAN = {SECP: "big", ED: "little"}
PARTIES = ["server", "phone", "backup"]


# --- repeatable material -------------------------------------------------

def material(label, length):
    """`length` bytes for one label: HMAC-SHA256 of the label and a counter, keyed by the seed."""
    key, out, counter = hashlib.sha256(SEED.encode()).digest(), b"", 0
    while len(out) < length:
        out += hmac.digest(key, label.encode() + counter.to_bytes(4, "big"), "sha256")
        counter += 1
    return out[:length]


def scalar(label, key_type):
    value = int.from_bytes(material(label, 64), "big") % ORDER[key_type]
    assert value != 0
    return value


def pick(label, choices, count):
    raw = material(label, 8 * count)
    return [choices[int.from_bytes(raw[i:i + 8], "big") % len(choices)]
            for i in range(0, len(raw), 8)]


# --- keys ----------------------------------------------------------------

def ed_point(value):
    return crypto_scalarmult_ed25519_base_noclamp(value.to_bytes(32, "little"))


def secp_node(value, chain_code):
    data = Bip32KeyData(chain_code=Bip32ChainCode(chain_code))
    return Bip32Slip10Secp256k1.FromPrivateKey(value.to_bytes(32, "big"), data)


def public_key(value, key_type, chain_code):
    if key_type == ED:
        return ed_point(value)
    return secp_node(value, chain_code).PublicKey().RawCompressed().ToBytes()


def make_key(label, key_id, name, key_type, in_shares):
    """The key as it stands in the file, and (type, scalar, chain code) to derive from."""
    secret = scalar(f"{label}/{key_id}/secret", key_type)
    chain_code = material(f"{label}/{key_id}/chain-code", 32)
    public = public_key(secret, key_type, chain_code)
    item = {"id": key_id, "name": name, "key_type": key_type, "public_key": public.hex(),
            "chain_code": chain_code.hex()}
    if in_shares:
        parts = [scalar(f"{label}/{key_id}/share/{p}", key_type) for p in PARTIES[:-1]]
        parts.append((secret - sum(parts)) % ORDER[key_type])
        item["shares"] = [{"party": p, "value": v.to_bytes(32, ENDIAN[key_type]).hex()}
                          for p, v in zip(PARTIES, parts)]
        written = [int.from_bytes(bytes.fromhex(s["value"]), ENDIAN[key_type])
                   for s in item["shares"]]
    else:
        item["private_key"] = secret.to_bytes(32, ENDIAN[key_type]).hex()
        written = [int.from_bytes(bytes.fromhex(item["private_key"]), ENDIAN[key_type])]
    # What was written must add up to the key and give its public key.
    total = sum(written) % ORDER[key_type]
    assert all(0 < v < ORDER[key_type] for v in written) and total == secret
    assert public_key(total, key_type, chain_code).hex() == item["public_key"]
    return item, (key_type, secret, chain_code)


def child_public(parent, steps):
    """The public key of the non-hardened child along `steps`."""
    key_type, secret, chain_code = parent
    if key_type == SECP:
        path = "/".join(map(str, steps))
        node = secp_node(secret, chain_code)
        public = node.DerivePath(path).PublicKey().RawCompressed().ToBytes()
        node.ConvertToPublic()  # the public side alone must lead to the same child
        assert node.DerivePath(path).PublicKey().RawCompressed().ToBytes() == public
        return public
    point = ed_point(secret)
    for step in steps:
        mac = hmac.digest(chain_code, point + b"\x00" + step.to_bytes(4, "big"), "sha512")
        tweak, chain_code = int.from_bytes(mac[:32], "big") % ORDER[ED], mac[32:]
        secret = (secret + tweak) % ORDER[ED]
        from_public_side = crypto_core_ed25519_add(point, ed_point(tweak))
        point = ed_point(secret)
        assert point == from_public_side
    return point


# --- addresses -----------------------------------------------------------

def btc_like(conf, names):
    """The address forms of one bitcoin-like chain; `names` are its bip_utils settings."""
    def param(form):
        return conf.ParamByKey(names[form])
    return {
        "p2pkh": lambda k: P2PKHAddrEncoder.EncodeKey(k, net_ver=param("p2pkh")),
        "p2sh-p2wpkh": lambda k: P2SHAddrEncoder.EncodeKey(k, net_ver=param("p2sh-p2wpkh")),
        "p2wpkh": lambda k: P2WPKHAddrEncoder.EncodeKey(k, hrp=param("p2wpkh")),
        "p2tr": lambda k: P2TRAddrEncoder.EncodeKey(k, hrp=param("p2tr")),
    }


BTC_NAMES = {"p2pkh": "p2pkh_net_ver", "p2sh-p2wpkh": "p2sh_net_ver", "p2wpkh": "p2wpkh_hrp",
             "p2tr": "p2tr_hrp"}
LTC_NAMES = {"p2pkh": "p2pkh_std_net_ver", "p2sh-p2wpkh": "p2sh_std_net_ver",
             "p2wpkh": "p2wpkh_hrp"}
EVM = ["ethereum", "polygon", "arbitrum", "optimism", "base", "avalanche", "bnb"]
FORMS = {
    "bitcoin": (Slip44.BITCOIN, btc_like(CoinsConf.BitcoinMainNet, BTC_NAMES)),
    "bitcoin-testnet": (Slip44.TESTNET, btc_like(CoinsConf.BitcoinTestNet, BTC_NAMES)),
    "litecoin": (Slip44.LITECOIN, btc_like(CoinsConf.LitecoinMainNet, LTC_NAMES)),
    "dogecoin": (Slip44.DOGECOIN, btc_like(CoinsConf.DogecoinMainNet, BTC_NAMES)),
    **{chain: (Slip44.ETHEREUM, EthAddrEncoder.EncodeKey) for chain in EVM},
    "tron": (Slip44.TRON, TrxAddrEncoder.EncodeKey),
    "xrp": (Slip44.RIPPLE, XrpAddrEncoder.EncodeKey),
    **{f"cosmos:{hrp}": (Slip44.ATOM, lambda k, hrp=hrp: AtomAddrEncoder.EncodeKey(k, hrp=hrp))
       for hrp in ("cosmos", "osmo")},
    "solana": (Slip44.SOLANA, SolAddrEncoder.EncodeKey),
    "stellar": (Slip44.STELLAR, XlmAddrEncoder.EncodeKey),
    "aptos": (Slip44.APTOS, AptosAddrEncoder.EncodeKey),
    "sui": (Slip44.SUI, SuiAddrEncoder.EncodeKey),
    **{f"polkadot:{n}": (coin, lambda k, n=n: Ss58Encoder.EncodeKey(k, ss58_format=n))
       for n, coin in ((0, Slip44.POLKADOT), (2, Slip44.KUSAMA), (69, 617))},  # 617: Sora
}


def make_vault(keys, vault_id, name, chain, key_id, account, index):
    """`chain` is a chain word, followed by "/form" where the chain has several forms."""
    chain, _, form = chain.partition("/")
    coin, encoder = FORMS[chain]
    public = child_public(keys[key_id], [44, coin, account, 0, index])
    return {"id": vault_id, "name": name, "chain": chain, "key_id": key_id,
            "address": (encoder[form] if form else encoder)(public),
            "path": f"m/44/{coin}/{account}/0/{index}", "public_key": public.hex()}


# --- accounts ------------------------------------------------------------

DIGITS, HEX, ALNUM = "0123456789", "0123456789abcdef", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WORDS = ("amber anchor barley basin candle cedar clover copper drift ember fern garnet hazel ivory "
         "kettle lantern linen maple meadow orchard pebble plover quill raven saddle sorrel timber "
         "umber velvet walnut willow yarrow").split()
CODE_FORMATS = {  # characters, how many in a group, groups, between groups
    "8 digits": (DIGITS, 8, 1, ""), "6 digits": (DIGITS, 6, 1, ""),
    "4 4 digits": (DIGITS, 4, 2, " "), "4-4 hex": (HEX, 4, 2, "-"),
    "10 hex": (HEX, 10, 1, ""), "5-5": (ALNUM, 5, 2, "-"),
    "4-4-4-4": (ALNUM, 4, 4, "-"), "words": (WORDS, 1, 4, " "),
}


def make_code(label, form):
    chars, width, groups, between = CODE_FORMATS[form]
    drawn = pick(label, chars, width * groups)
    return between.join("".join(drawn[i:i + width]) for i in range(0, len(drawn), width))


def make_account(label, service, login, owners, kind, form, count, used, saved, note=None):
    codes = [make_code(f"{label}/{service}/{login}/code/{i}", form) for i in range(count)]
    assert len(set(codes)) == count
    item = {"service": service, "login": login, "owners": owners, "kind": kind, "codes": codes,
            "used": [codes[i] for i in sorted(used)], "saved": saved}
    return item if note is None else {**item, "note": note}


def account_id(item):
    def plain(text):
        return "".join(c.lower() if c.isascii() else c for c in text.strip("\t\n\v\f\r "))
    pair = json.dumps([plain(item["service"]), plain(item["login"])], sort_keys=True,
                      separators=(",", ":"))
    return hashlib.sha256(b"conclave/v1/account-id\x00" + pair.encode()).digest()[:16].hex()


# --- the samples -----------------------------------------------------

ONE, MANY, TURN = "single-use", "reusable", "rotating"
SMALL = {
    "organization": "Northwind Training Co-operative (training)", "in_shares": False,
    "keys": [("key-01", "Till wallet", SECP), ("key-02", "Solana wallet", ED)],
    "vaults": [("Members' fund", "bitcoin/p2wpkh", "key-01", 0, 0),
               ("Supplier payments", "ethereum", "key-01", 0, 0),
               ("Seed grants", "solana", "key-02", 0, 0)],
    "accounts": [
        ("Northwind Mail", "office@example.org", ["zoë@example.org", "tom@example.org"], ONE,
         "8 digits", 10, [0, 1], "2026-03-02T09:15:00Z"),
        ("Parcel Register", "northwind-coop", ["zoë@example.org"], ONE, "4-4 hex", 8, [3],
         "2026-03-02T09:40:30Z", "Printed copy in the blue folder."),
    ],
    "later": None,
}
LARGE = {
    "organization": "Harbour Museum Trust (training)", "in_shares": True,
    "keys": [("key-01", "Treasury", SECP), ("key-02", "Collections, Łódź office", SECP),
             ("key-03", "Endowment", ED), ("key-04", "博物館 partner fund", ED)],
    "vaults": [
        ("Reserve, old form", "bitcoin/p2pkh", "key-01", 0, 0),
        ("Reserve, wrapped", "bitcoin/p2sh-p2wpkh", "key-01", 0, 1),
        ("Reserve", "bitcoin/p2wpkh", "key-01", 0, 2),
        ("Reserve, taproot", "bitcoin/p2tr", "key-01", 0, 3),
        ("Acquisitions", "bitcoin/p2wpkh", "key-02", 1, 0),
        ("Acquisitions, taproot", "bitcoin/p2tr", "key-02", 1, 1),
        ("Rehearsal", "bitcoin-testnet/p2wpkh", "key-01", 0, 0),
        ("Rehearsal, old form", "bitcoin-testnet/p2pkh", "key-02", 0, 1),
        ("Friends of the harbour", "litecoin/p2wpkh", "key-01", 0, 0),
        ("Friends, old form", "litecoin/p2pkh", "key-01", 0, 1),
        ("Friends, wrapped", "litecoin/p2sh-p2wpkh", "key-02", 2, 0),
        ("Collection box 🐟", "dogecoin/p2pkh", "key-01", 0, 0),
        ("Grants received", "ethereum", "key-01", 0, 0),
        ("Grants paid", "ethereum", "key-01", 1, 0),
        ("Restoration, Łódź", "ethereum", "key-02", 17, 4),
        ("Grants received", "polygon", "key-01", 0, 0),
        ("Ticket sales", "polygon", "key-02", 3, 0),
        ("Ticket sales", "arbitrum", "key-02", 4, 0),
        ("Café", "optimism", "key-02", 5, 0),
        ("Shop", "base", "key-02", 6, 12),
        ("Boat hire", "avalanche", "key-01", 7, 0),
        ("Lecture hall", "bnb", "key-01", 8, 0),
        ("Travelling exhibition", "tron", "key-01", 0, 0),
        ("Touring crew", "tron", "key-02", 1, 1),
        ("Insurance float", "xrp", "key-01", 0, 0),
        ("Loans desk", "xrp", "key-02", 0, 5),
        ("Archive hosting", "cosmos:cosmos", "key-01", 0, 0),
        ("Archive hosting, osmo", "cosmos:osmo", "key-02", 0, 1),
        ("Endowment", "solana", "key-03", 0, 0),
        ("Endowment, yearly draw", "solana", "key-03", 0, 1),
        ("Legacies", "stellar", "key-03", 0, 0),
        ("Overseas members", "stellar", "key-04", 2, 2),
        ("Digital catalogue", "aptos", "key-03", 0, 0),
        ("Catalogue partners", "aptos", "key-04", 1, 0),
        ("Education room", "sui", "key-03", 0, 0),
        ("School visits", "sui", "key-04", 3, 7),
        ("Council deposit", "polkadot:0", "key-03", 0, 0),
        ("Pilot deposit", "polkadot:2", "key-04", 0, 0),
        ("Research deposit", "polkadot:69", "key-03", 0, 1),
        ("展覧会 fund", "solana", "key-04", 9, 0),  # added after the ceremony
    ],
    "accounts": [
        ("Harbour Mail", "Registrar@Example.org", ["zoë@example.org", "aled@example.org"], ONE,
         "8 digits", 10, [0, 1, 4], "2026-02-10T08:00:00Z"),
        ("Code Hosting", "harbour-museum", ["ngozi@example.org"], ONE, "4-4 hex", 16, [0],
         "2026-02-10T08:12:45Z"),
        ("Tide Bank", "trust-4471", ["aled@example.org", "łucja@example.org"], ONE,
         "4 4 digits", 12, [2, 5], "2026-02-10T08:30:10Z",
         "The bank sends new codes by post each January."),
        ("Łódź Freight Desk", "muzeum", ["łucja@example.org"], ONE, "5-5", 10, [],
         "2026-02-10T09:05:00Z"),
        ("Domain Registry", "hostmaster", ["ngozi@example.org", "zoë@example.org"], ONE,
         "4-4-4-4", 8, [7], "2026-02-10T09:20:00Z"),
        ("Password Cupboard", "family-office", ["zoë@example.org"], MANY, "words", 8, [],
         "2026-02-10T09:41:00Z", "Each phrase opens the cupboard any number of times."),
        ("Alarm Company", "site 12", ["aled@example.org"], TURN, "6 digits", 14, [0, 1, 2],
         "2026-02-11T10:00:00Z", "One code a month, starting in January.\n\tThen start again."),
        ("Photo Archive", "花子@example.org", ["花子@example.org"], ONE, "10 hex", 10, [1],
         "2026-02-11T10:15:20Z"),
        ("Ticket Office 🎟", "front-desk", ["josé@example.org", "aled@example.org"], ONE,
         "8 digits", 8, [], "2026-02-11T10:30:00Z", "Sold as \"group\\single\" in the till."),
        ("Cloud Storage", "archive@example.org", ["ngozi@example.org"], ONE, "5-5", 16, [3, 8, 15],
         "2026-02-11T11:00:00Z"),
        ("Payroll", "HMT-0093", ["łucja@example.org"], ONE, "4-4 hex", 9, [0, 8],
         "2026-02-12T07:55:59Z"),
        ("Newsletter Service", "press@example.org", ["josé@example.org"], ONE, "4-4-4-4", 12, [],
         "2026-05-20T14:03:00Z"),  # added after the ceremony
    ],
    # Besides the last vault and the last account: two codes used since, by service and place.
    "later": [("Tide Bank", 3), ("Code Hosting", 9)],
}


# Codes of accounts, for three owners who each open the file alone. "sealed" is what one of them sealed; the rest was added later,
# without a phrase: a set beside the sealed one, one in its place, accounts that are new, and a code that was used in each of two sets.
OWNERS = ["Ann Archer", "Ben Okafor", "Chloé Durand"]
CIRCLE = {
    "organization": "Northwind Training Co-operative (training)",
    "sealed": [
        ("Code Hosting", "northwind-coop", OWNERS, ONE, "4-4 hex", 10, [0], "2026-03-04T10:00:00Z"),
        ("Northwind Mail", "office@example.org", OWNERS, ONE, "8 digits", 10, [0, 1, 2, 4, 6, 7, 8, 9], "2026-03-04T10:05:00Z",
         "Ann has the phone."),
        ("Tide Bank", "coop-2210", OWNERS, ONE, "4 4 digits", 12, [], "2026-03-04T10:12:00Z"),
    ],
    "added": [
        ("add", ("Code Hosting", "northwind-coop", OWNERS, ONE, "4-4 hex", 5, [], "2026-05-20T08:30:00Z"), {}),
        ("replace", ("Northwind Mail", "office@example.org", OWNERS, ONE, "8 digits", 10, [], "2026-06-11T14:45:00Z"), {}),
        ("add", ("Parcel Register", "northwind-coop", OWNERS, TURN, "4-4-4-4", 1, [], "2026-06-12T09:00:00Z"),
         {"expires": "2031-06-12"}),
        ("add", ("Newsletter Service", "press@example.org", OWNERS, "none", "4-4", 0, [], "2026-06-12T09:10:00Z"), {}),
    ],
    "used": [("Code Hosting", 0, 1), ("Northwind Mail", 1, 0)],
}
OF_ACCOUNT = ("login", "note", "owners", "service")

# Shares of a device: id, name, when they changed, shares and their bytes. "earlier" is what was backed up: one organization is
# as it was, one has other shares since, one is new.
DEVICE = {
    "device": "Ann's phone (training)",
    "user": "Ann Archer",
    "earlier": [
        ("org-northwind", "Northwind Training Co-operative (training)", "2026-03-04T10:00:00Z", [("ecdsa-main", 96), ("eddsa-main", 64)]),
        ("org-harbour", "Harbour Museum Trust (training)", "2026-03-10T09:00:00Z", [("ecdsa-main", 96)]),
    ],
    "now": [
        ("org-northwind", "Northwind Training Co-operative (training)", "2026-03-04T10:00:00Z", [("ecdsa-main", 96), ("eddsa-main", 64)]),
        ("org-harbour", "Harbour Museum Trust (training)", "2026-06-01T08:30:00Z", [("ecdsa-main", 96)]),
        ("org-lighthouse", "Lighthouse Fund (training)", "2026-06-02T12:00:00Z", [("eddsa-main", 64)]),
    ],
}


def contents(organization, keys, vaults, accounts):
    return {"format": "conclave-contents", "version": 1, "organization": organization,
            "keys": sorted(keys, key=lambda k: k["id"]),
            "vaults": sorted(vaults, key=lambda v: v["id"]),
            "accounts": sorted(accounts, key=account_id)}


def build(label, sample):
    made = [make_key(label, *row, sample["in_shares"]) for row in sample["keys"]]
    keys = [item for item, _ in made]
    parents = {item["id"]: parent for item, parent in made}
    vaults = [make_vault(parents, f"vault-{number:03}", *row)
              for number, row in enumerate(sample["vaults"], 1)]
    accounts = [make_account(label, *row) for row in sample["accounts"]]
    for unique in ([v["path"] + v["chain"] + v["key_id"] for v in vaults],
                   [v["chain"] + v["address"] for v in vaults], list(map(account_id, accounts))):
        assert len(set(unique)) == len(unique)
    name = sample["organization"]
    if sample["later"] is None:
        whole = contents(name, keys, vaults, accounts)
        return {"inventory.json": whole, "expected.json": whole}
    inventory = contents(name, keys, vaults[:-1], accounts[:-1])
    records = [{"record": "put", "collection": "vaults", "item": vaults[-1]},
               {"record": "put", "collection": "accounts", "item": accounts[-1]}]
    final = copy.deepcopy(accounts)
    for service, place in sample["later"]:
        item = next(a for a in final[:-1] if a["service"] == service)
        code = item["codes"][place]
        assert code not in item["used"]
        records.append({"record": "used", "account": account_id(item), "code": code})
        item["used"] = [c for c in item["codes"] if c in item["used"] or c == code]
    return {"inventory.json": inventory, "refresh.json": {"records": records},
            "expected.json": contents(name, keys, vaults, final)}


def united(account, sets):
    """An account with all its sets: the newest that counts says what the account says of itself, the others stand in a list."""
    newest = max(i for i, one in enumerate(sets) if "retired" not in one)
    item = {name: account[name] for name in OF_ACCOUNT if name in account} | sets[newest]
    others = [one for i, one in enumerate(sets) if i != newest and one["codes"]]
    return item | ({"sets": others} if others else {})


def build_circle(label, sample):
    def of_set(item):
        return {name: value for name, value in item.items() if name not in OF_ACCOUNT}

    sealed = [make_account(label, *row) for row in sample["sealed"]]
    accounts = {account_id(item): (item, [of_set(item)]) for item in copy.deepcopy(sealed)}
    records = []
    for mode, row, more in sample["added"]:
        item = make_account(f"{label}/{mode}", *row) | more
        records.append({"record": "put", "collection": "accounts", "item": item | {"set": mode}})
        _, sets = accounts.setdefault(account_id(item), (item, []))
        if mode == "replace":
            for one in sets:
                one.setdefault("retired", item["saved"])
        sets.append(copy.deepcopy(of_set(item)))
    for service, number, place in sample["used"]:
        item, sets = next(pair for pair in accounts.values() if pair[0]["service"] == service)
        code = sets[number]["codes"][place]
        records.append({"record": "used", "account": account_id(item), "code": code})
        sets[number]["used"] = [c for c in sets[number]["codes"] if c in sets[number]["used"] or c == code]
    whole = [united(item, sets) for item, sets in accounts.values()]
    name = sample["organization"]
    return {"inventory.json": contents(name, [], [], sealed), "refresh.json": {"records": records},
            "expected.json": contents(name, [], [], whole)}


def build_device(label, sample):
    def organization(id, name, changed, shares):
        value = lambda share, size: base64.b64encode(material(f"{label}/{id}/{changed}/{share}", size)).decode()
        return {"id": id, "name": name, "changed": changed,
                "shares": [{"id": share, "value": value(share, size)} for share, size in shares]}

    def document(rows):
        return {"format": "conclave-device-shares", "version": 1, "device": sample["device"], "user": sample["user"],
                "organizations": [organization(*row) for row in rows]}

    earlier = document(sample["earlier"])
    items = [{**{k: v for k, v in o.items() if k != "id"}, "organization": o["id"], "user": sample["user"]}
             for o in earlier["organizations"]]
    expected = {"format": "conclave-contents", "version": 1, "organization": "",
                "shares": sorted(items, key=lambda i: i["organization"])}
    return {"SHARES.json": document(sample["now"]), "earlier.json": earlier, "expected.json": expected}


def main(arguments):
    check = "--check" in arguments
    places = [a for a in arguments if a != "--check"]
    if len(places) != 1 or places[0].startswith("-"):
        print("usage: make_training_contents.py OUTDIR [--check]", file=sys.stderr)
        return 2
    different = False
    made = {"2-of-3": build("2-of-3", SMALL), "3-of-5": build("3-of-5", LARGE), "codes": build_circle("codes", CIRCLE),
            "device": build_device("device", DEVICE)}
    for label, files in made.items():
        for name, value in files.items():
            data = (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=True) + "\n").encode()
            path = Path(places[0]) / label / name
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            elif not path.is_file() or path.read_bytes() != data:
                print(f"different: {path}", file=sys.stderr)
                different = True
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
