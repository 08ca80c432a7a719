#!/usr/bin/env python3
"""Writes snapshots/*.vector: snapshots of format 1 with one failure each, and good ones beside them.

It is written from docs/format.md ("section 4" is one of that page) and takes the small backup of docs/worked-example
with all its secrets, so it can also make files that only somebody with the key could make. Needs Python 3.9 and the
package `cryptography` 50.      python tests/vectors/make_snapshots.py

A vector is header lines `name: value`, an empty line, and the bytes of the snapshot file as they are:
  about     one sentence
  expect    the exit code of `conclave recover`
  verdict   INTACT, REFORMATTED or DAMAGED
  damaged   all that is damaged, as `conclave inspect --json` names it
  says      a part of what `recover` says
  contents  same (docs/worked-example/expected.json), first (first.json: what the quorum's box alone holds), different;
            same when it is not there
  holds     a part of the contents
  phrases   the lines of docs/worked-example/phrases.txt that are used, or `none-of-these`; 1,3 when it is not there
  cloud-key, pin  the text of a cloud key file, and a PIN: instead of phrases
Those whose name begins with `device-` are restored (`conclave device restore`), all others recovered.
"""
import base64, copy, hashlib, hmac, json, pathlib, re
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

HERE = pathlib.Path(__file__).resolve().parent
FOLDER, EXAMPLE = HERE / "snapshots", HERE.parent.parent / "docs" / "worked-example"
ZEROS = "0" * 64

# ---- the format: canonical form, digests, layout (sections 2, 4 and 5) ----
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def digest(name, value): return sha256(b"conclave/v1/digest/" + name.encode() + b"\0" + canonical(value)).hex()
def without(value, *names): return {k: v for k, v in value.items() if k not in names}
def b64(data): return base64.b64encode(data).decode()
def un64(text): return base64.b64decode(text)

def layout(s):
    rows = lambda elements: b",\n".join(map(canonical, elements)) + b"\n" * bool(elements)
    line = lambda name: b'"%b":%b,\n' % (name.encode(), canonical(s[name])) if name in s else b""
    head = b'{\n"format":"conclave-snapshot","version":1,\n'
    return (head + line("core") + b'"envelopes":[\n' + rows(s["envelopes"]) + b"],\n" + line("labels") + line("anchor")
            + line("snapshot") + b'"boxes":[\n' + rows(s["boxes"]) + b"]\n}\n")

def place(box): return {"digest": digest("box", box), "position": box["header"]["position"]}

def reissue(s, digests=(), **section):
    """The section `snapshot` made anew, as anybody can: digests of what is there (or as given), and the checksum."""
    old = s["snapshot"]
    now = {"core": digest("core", s["core"]), "envelopes": [digest("envelope", e) for e in s["envelopes"]],
           "labels": digest("labels", s["labels"]), "boxes": [digest("box", b) for b in s["boxes"]],
           "anchor": digest("anchor", s["anchor"]) if "anchor" in s else old["digests"]["anchor"]}
    new = without({**old, "digests": {**now, **dict(digests)}, **section}, "checksum")
    new = {name: value for name, value in new.items() if value is not Missing}
    return {**s, "snapshot": {**new, "checksum": section.get("checksum", digest("checksum", new))}}

class Missing: """Stands for a member to leave out."""

# ---- suite 1 (section 7) ----
def label(core, name): return b"conclave/v1/%b/%b\0" % (core["purpose"].encode(), name.encode())
def core_digest(core): return sha256(label(core, "core"), canonical(core))
def extract(core, secret): return hmac.digest(bytes.fromhex(core["backup_id"]), secret, "sha256")
def expand(prk, info, size=32): return HKDFExpand(hashes.SHA256(), size, info).derive(prk)
def cipher(key, data, aad=None): return AESGCM(key[:32]).encrypt(key[32:], data, aad)

def key_of_phrase(core, entropy):
    kdf = core["kdf"]
    argon2 = Argon2id(salt=bytes.fromhex(kdf["salt"]), length=32, iterations=kdf["passes"], lanes=kdf["lanes"],
                      memory_cost=kdf["memory_kib"])
    return extract(core, argon2.derive(entropy))

def commit(core, keys, shares, wk):
    """The commitments of a core, for the people 1 to len(keys)."""
    identity = bytes.fromhex(core["backup_id"])
    phrases = [expand(key, label(core, "phrase-commitment") + bytes([x])).hex() for x, key in enumerate(keys, 1)]
    committed = [sha256(label(core, "share-commitment"), identity, bytes([x]), y).hex()
                 for x, y in enumerate(shares, 1)]
    whole = expand(extract(core, wk), label(core, "wrapping-key-commitment")).hex()
    return {**core, "phrase_commitments": phrases, "share_commitments": committed, "wrapping_key_commitment": whole}

def envelope(core, x, key, y):
    whose = label(core, "envelope") + bytes([x]) + core_digest(core)
    return {"number": x, "sealed": b64(cipher(expand(key, whose, 44), bytes([x]) + y, core_digest(core)))}

def mac(core, anchor):
    key = expand(extract(core, WK), label(core, "quorum-mac"))
    return hmac.new(key, label(core, "anchor") + core_digest(core) + canonical(without(anchor, "mac")),
                    "sha256").hexdigest()

def pair_of(core):
    pair = hashlib.shake_256(expand(extract(core, WK), label(core, "kem-seed"))).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(pair[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(pair[64:])
    raw = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    public = hpke.MLKEM768X25519PublicKey(lattice.public_key(), curve.public_key())
    return hpke.MLKEM768X25519PrivateKey(lattice, curve), public, raw

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

def seal(core, header, plain):
    context = sha256(label(core, "box"), core_digest(core), canonical(header))
    if header["sealed_by"] == "quorum":
        key = expand(extract(core, WK), label(core, "quorum-box") + context, 44)
        return {"ciphertext": b64(cipher(key, plain)), "header": header}
    private, public, _ = pair_of(core)
    for sealed in SEALED_BEFORE:                                # HPKE is random: what is still right is not made anew
        try:
            if SUITE.decrypt(un64(sealed), private, info=context) == plain:
                return {"ciphertext": sealed, "header": header}
        except Exception: pass
    return {"ciphertext": b64(SUITE.encrypt(plain, public, info=context)), "header": header}

def records(*list_of_records):
    """The plaintext of a box (section 9)."""
    plain = canonical({"records": list(list_of_records)})
    return plain + b" " * (-len(plain) % 4096)

# ---- whole backups, as a ceremony makes them ----
def make(boxes, core=None, keys=None, shares=None, labels=None, base=0, last=None, issuer=None, anchor=(), section=()):
    """A genuine file. `boxes`: (who sealed it, plaintext, other members of its header) each. `base`: how many of the
    boxes are superseded. `last`: how many boxes the anchor saw; all that a quorum sealed when not said."""
    core, keys, shares = core or CORE, keys or KEYS, shares or SHARES
    made = []
    for n, (by, plain, *changes) in enumerate(boxes, 1):
        before = place(made[-1]) if made else {"digest": ZEROS, "position": 0}
        header = {"created": "2026-01-02T03:04:05Z", "id": sha256(b"box %d" % n).hex()[:32],
                  "position": before["position"] + 1,
                  "previous": before["digest"], "sealed_by": by}
        made.append(seal(core, {**header, **(changes[0] if changes else {})}, plain))
    if last is None: last = max([n for n, (by, *_) in enumerate(boxes, 1) if by == "quorum"], default=0)
    at = lambda n: place(made[n - 1]) if n else {"digest": ZEROS, "position": 0}
    s = {"core": core, "labels": labels or LABELS, "boxes": made}
    s["envelopes"] = [envelope(core, x, key, y) for x, (key, y) in enumerate(zip(keys, shares), 1)]
    mark = {"base": at(base), "last": at(last), "sequence": 1, "labels": digest("labels", s["labels"]),
            "envelopes": digest("envelopes", [digest("envelope", e) for e in s["envelopes"]]), **dict(anchor)}
    s["anchor"] = {**mark, "mac": mac(core, mark)}
    s["snapshot"] = {**without(FIRST["snapshot"], "signature"), "counts": {"accounts": 9, "codes": 9, "vaults": 9}}
    s = reissue(s, **dict(section))
    if issuer:
        part = without(s["snapshot"], "checksum", "signature")
        s = reissue(s, signature=b64(issuer.sign(label(core, "issuer") + core_digest(core) + canonical(part))))
    return s

def changed(value, path, new):
    """A copy in which one member is another: changed(s, "core/kdf/passes", 0). `Missing` leaves it out."""
    value, names = copy.deepcopy(value), path.split("/")
    at = value
    for name in names[:-1]: at = at[int(name) if name.isdigit() else name]
    last = int(names[-1]) if names[-1].isdigit() else names[-1]
    if new is Missing: del at[last]
    else: at[last] = new
    return value

def edit(data, old, new):
    """One place of the bytes replaced."""
    data = data if type(data) is bytes else layout(data)
    old, new = (t if type(t) is bytes else t.encode() for t in (old, new))
    assert data.count(old) == 1, (data.count(old), old)
    return data.replace(old, new)

def flip(text): return ("1" if text[0] == "0" else "0") + text[1:]                   # of hexadecimal
def flip64(text): return b64(bytes([un64(text)[0] ^ 1]) + un64(text)[1:])

# ---- what is given ----
VALUES = dict(line.split(" = ") for line in (EXAMPLE / "values.txt").read_text().splitlines())
hexa = lambda name: bytes.fromhex(VALUES[name])
WK, KEYS = hexa("WK"), [hexa("PRK_%d" % x) for x in (1, 2, 3)]
SHARES = [hexa("share_%d" % x)[1:] for x in (1, 2, 3)]
SEALED_BEFORE = sorted({sealed for file in FOLDER.glob("*.vector") for sealed in
                        re.findall('"ciphertext":"([A-Za-z0-9+/]{6000,}=*)"', file.read_bytes().decode("latin-1"))})

RAW = (EXAMPLE / "snapshot.json").read_bytes()
BOTH = json.loads(RAW)                                      # a box of the quorum, and a public one after it
CORE, LABELS = BOTH["core"], BOTH["labels"]
FIRST = reissue({**BOTH, "boxes": BOTH["boxes"][:1]}, sequence=1, previous=[], created="2026-01-02T03:04:05Z",
                counts={"accounts": 1, "codes": 2, "vaults": 2})                     # as the ceremony wrote it
assert layout(BOTH) == RAW == layout(reissue(BOTH))
assert commit(CORE, KEYS, SHARES, WK) == CORE and mac(CORE, BOTH["anchor"]) == BOTH["anchor"]["mac"]
assert [envelope(CORE, x, KEYS[x - 1], SHARES[x - 1]) for x in (1, 2, 3)] == BOTH["envelopes"]
_header = BOTH["boxes"][0]["header"]
_key = expand(extract(CORE, WK),
              label(CORE, "quorum-box") + sha256(label(CORE, "box"), core_digest(CORE), canonical(_header)), 44)
RECORDS = json.loads(AESGCM(_key[:32]).decrypt(_key[32:], un64(BOTH["boxes"][0]["ciphertext"]), None))["records"]
assert seal(CORE, _header, records(*RECORDS)) == BOTH["boxes"][0] and pair_of(CORE)[2] == un64(CORE["public_key"])

VAULT = {"record": "put", "collection": "vaults", "item": {"id": "v3", "name": "Caf\u00e9", "chain": "bitcoin"}}
ACCOUNT = next(r["item"] for r in RECORDS if r.get("collection") == "accounts")
KEY = next(r["item"] for r in RECORDS if r.get("collection") == "keys")
ACCOUNT_ID = sha256(b"conclave/v1/account-id\0", canonical(["mail", "ops"])).hex()[:32]
def put(collection, item): return {"record": "put", "collection": collection, "item": item}
def of_first(*more, **rest): return make([("quorum", records(*RECORDS, *more))], **rest)
def with_public(*list_of_records): return make([("quorum", records(*RECORDS)), ("public", records(*list_of_records))])

# ---- writing ----
WRITTEN = {}

def vector(name, about, snapshot, expect, damaged=None, **headers):
    """`snapshot`: bytes, or a file's sections, then in their layout. `contents` is `first` when it is not said."""
    data = snapshot if type(snapshot) is bytes else layout(snapshot)
    if damaged is not None: headers = {"verdict": "DAMAGED", "damaged": damaged, **headers}
    if expect in (0, 7): headers.setdefault("contents", "first")
    lines = ["about: " + about, "expect: %d" % expect] + ["%s: %s" % pair for pair in headers.items()]
    assert name not in WRITTEN and re.fullmatch("[a-z0-9-]+", name) and not set(headers) - HEADERS, name
    assert about.endswith(".") and all("\n" not in line for line in lines), name
    WRITTEN[name] = "\n".join(lines).encode() + b"\n\n" + data

HEADERS = {"verdict", "damaged", "says", "contents", "holds", "phrases", "cloud-key", "pin"}

def good(name, about, snapshot, verdict="INTACT", **headers):
    vector("good-" + name, about, snapshot, 0, verdict=verdict, **headers)

def write():
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.glob("*.vector"):
        if file.stem not in WRITTEN: file.unlink()
    for name, data in WRITTEN.items(): (FOLDER / (name + ".vector")).write_bytes(data)
    expected = json.loads((EXAMPLE / "expected.json").read_text())
    expected["vaults"] = [vault for vault in expected["vaults"] if vault["id"] != "v3"]
    (FOLDER / "first.json").write_bytes(json.dumps(expected, sort_keys=True, indent=1).encode() + b"\n")
    (FOLDER / ".gitattributes").write_text("*.vector -text\n")
    print(len(WRITTEN), "vectors")

# ---- good files ----
def good_files():
    good("first", "A file as the ceremony wrote it.", FIRST)
    vector("good-but-public", "The worked example: a vault is only in a public box, and that is said.", BOTH, 0,
           verdict="INTACT", contents="same", says="no quorum has confirmed it")
    good("phrases-1-2", "Any two phrases open it.", FIRST, phrases="1,2")
    good("phrases-2-3", "Any two phrases open it.", FIRST, phrases="2,3")
    good("phrases-all", "More phrases than are needed do no harm.", FIRST, phrases="1,2,3")
    plain = layout(FIRST)
    again = lambda name, about, data: good(name, about, data, "REFORMATTED")
    again("crlf", "A mail program made all line ends CR LF.", plain.replace(b"\n", b"\r\n"))
    again("bom", "An editor put a byte order mark at the start.", b"\xef\xbb\xbf" + plain)
    again("no-last-line-end", "The last line end is gone.", plain[:-1])
    again("indented", "A program indented it.", json.dumps(json.loads(plain), indent=2).encode())
    again("one-line", "A program removed all white space.",
          json.dumps(json.loads(plain), separators=(",", ":")).encode())
    wrap = lambda text, every: re.sub(rb"([^\n]{%d})" % every, rb"\1\r\n\t", text)
    again("wrapped", "Lines were broken by CR LF and TAB after 76 characters, also inside quotes.",
          re.sub(rb'"[^"]{77,}"', lambda m: wrap(m[0][:-1], 76) + b'"', plain))
    named = lambda name: reissue(changed(FIRST, "labels/organization", name))
    escaped = re.sub(rb"\\", rb"\\\n", re.sub(rb"(\\u00)", rb"\1\r\n", layout(named("Caf\u00e9"))))
    again("wrapped-in-an-escape", "Lines were broken inside a \\u escape.", escaped)
    again("names-in-another-order", "A program wrote the members of each object in another order.",
          json.dumps(backwards(json.loads(plain)), separators=(",", ":")).encode())
    again("escaped-slashes", "A program wrote each / as \\/.", plain.replace(b"/", b"\\/"))
    again("escaped-letters", "A program wrote a letter of a value as an escape.",
          edit(plain, b'"organization":"Example Cellar"', b'"organization":"\\u0045xample Cellar"'))
    again("escaped-names", "A program wrote a letter of a name as an escape.",
          edit(edit(plain, b'"labels":{"del', b'"l\\u0061bels":{"del'), b'"passes"', b'"p\\u0061sses"'))
    again("escaped-digits", "A program wrote a digit of a hexadecimal value as an escape.",
          edit(plain, b'"backup_id":"d', b'"backup_id":"\\u0064'))
    again("raw-letters", "A program wrote letters beyond ASCII as they are.",
          layout(named("Caf\u00e9 \U0001f511")).replace(b"Caf\\u00e9 \\ud83d\\udd11", "Caf\u00e9 \U0001f511".encode()))
    again("spaces-and-tabs", "White space of every kind stands between the members.",
          edit(edit(plain, b'"passes":1', b'"passes" \t\r\n:\t1 '), b'"number":1,"sealed"',
               b' "number" : 1 ,\t"sealed"'))
    good("delete-and-beyond", "The canonical form escapes U+007F, control characters and pairs.",
         named("\u007f\u0001\b\t\"\\ \U0001f511"), says="names in the file were changed")
    good("e-mail-of-a-shareholder", "A shareholder may have an e-mail address.",
         reissue(changed(FIRST, "labels/shareholders/0/email", "ann@example.org")))
    good("long-name", "A text of 256 characters beyond U+FFFF is not too long.", named("\U0001f511" * 256))
    good("highest-sequence", "The highest sequence there is.", reissue(FIRST, sequence=2**31 - 1))
    good("leap-day", "The 29th of February of a leap year.", reissue(FIRST, created="2028-02-29T23:59:59Z"))
    good("two-previous", "A merge names two snapshots.", reissue(FIRST, previous=["00" * 32, "01" + "00" * 31]))
    good("claims-more", "More is claimed than is there: an upper bound.",
         reissue(FIRST, counts={"accounts": 2**53 - 1, "codes": 2, "vaults": 3}))
    good("claims-less", "Less is claimed than is there: a plain note.",
         reissue(FIRST, counts={"accounts": 1, "codes": 2, "vaults": 1}), says="more than the file claims")
    good("no-padding", "A reader does not ask for the padding.", make([("quorum", canonical({"records": RECORDS}))]))
    good("other-padding", "A reader accepts any white space as padding.",
         make([("quorum", canonical({"records": RECORDS}) + b"\r\n\t ")]))
    issuer, core = ISSUER, {**CORE, "issuer": ISSUER.public_key().public_bytes_raw().hex()}
    good("signed", "An issuer signed it.", of_first(core=core, issuer=issuer))
    good("replaces", "A backup that was rotated from another one.",
         of_first(core={**CORE, "replaces": {"backup_id": "00" * 16, "core_digest": "11" * 32}}))
    kdf = {**CORE["kdf"], "passes": 10, "lanes": 8}
    keys = [key_of_phrase({**CORE, "kdf": kdf}, hexa("entropy_%d" % x)) for x in (1, 2, 3)]
    good("kdf-ceiling", "The most passes and lanes that are allowed.",
         of_first(core=commit({**CORE, "kdf": kdf}, keys, SHARES, WK), keys=keys))
    good("unconfirmed", "The quorum's mark says that nobody has shown that the papers open it.",
         of_first(anchor={"unconfirmed": True}), says="never confirmed")
    good("other-anchor-labels", "The anchor's digest of the labels is for the record.",
         of_first(anchor={"labels": "00" * 32}))
    good("public-equal-put", "A public put that equals the quorum's item changes nothing.",
         with_public(put("vaults", {"id": "v1", "name": "Rent", "chain": "bitcoin"})))
    good("public-remove-of-nothing", "A public removal of what is not there is no news.",
         with_public({"record": "remove", "collection": "vaults", "id": "nothing"}))
    good("public-equal-name", "A public name that equals the quorum's changes nothing.",
         with_public({"record": "organization", "name": "Example Cellar"}))
    good("public-used-mark", "Marks of used codes unite, whoever sealed them.",
         with_public({"record": "used", "account": ACCOUNT_ID, "code": "3333-4444"}), contents="different",
         says="Recovered")
    good("used-mark-of-no-code", "A mark of a code that an account has not is history.",
         with_public({"record": "used", "account": ACCOUNT_ID, "code": "9999"}))
    good("settled-proposal", "A quorum that seals an item again settles what was proposed before.",
         make([("quorum", records(*RECORDS)),
               ("public", records(put("vaults", {"id": "v1", "name": "X", "chain": "y"}))),
               ("quorum", records(put("vaults", {"id": "v1", "name": "Rent", "chain": "bitcoin"})))]))
    old = ("quorum", records(put("vaults", {"id": "v9", "name": "Old", "chain": "bitcoin"})))
    compacted = make([old, ("quorum", records(*RECORDS))], base=1)
    good("compacted-beside-old", "What a compaction replaced is still in the file, and superseded.", compacted)
    good("compacted", "A compaction: the first box follows the anchor's base.",
         reissue({**compacted, "boxes": compacted["boxes"][1:]}))

def backwards(value):
    if type(value) is dict: return {k: backwards(value[k]) for k in reversed(value)}
    return [backwards(v) for v in value] if type(value) is list else value

ISSUER = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(b"issuer"))

# ---- JSON that breaks the rules of section 2, or the types of section 3 ----
def json_rules():
    first, both = layout(FIRST), layout(BOTH)
    twice = "A name stands twice in %s."
    names = {"core": '"core":{', "core-kdf": '"kdf":{', "core-phrase": '"phrase":{', "labels": '"labels":{',
             "label-of-shareholder": '"shareholders":[{', "anchor": '"anchor":{', "anchor-base": '"base":{',
             "snapshot": '"snapshot":{', "snapshot-counts": '"counts":{', "snapshot-digests": '"digests":{'}
    member = {"core": '"suite":1,', "core-kdf": '"passes":1,', "core-phrase": '"words":12,',
              "labels": '"delivery":"x",',
              "label-of-shareholder": '"number":1,', "anchor": '"sequence":1,', "anchor-base": '"position":0,',
              "snapshot": '"sequence":1,', "snapshot-counts": '"vaults":2,',
              "snapshot-digests": '"core":"%s",' % ("00" * 32)}
    section = lambda where: where.split("-")[0].replace("label", "labels").replace("labelss", "labels")
    for where, start in names.items():
        data = edit(first, start, start + member[where])
        about = twice % ("`%s`" % where.replace("-", "."))
        if section(where) == "core": vector("json-twice-in-" + where, about, data, 3, says='"core" is damaged')
        else: vector("json-twice-in-" + where, about, data, 7, section(where))
    vector("json-twice-in-box", twice % "a box",
           edit(both, '"header":{"created":"2026-02', '"header":{},"header":{"created":"2026-02'),
           7, "box 2")
    vector("json-twice-in-header", twice % "a header", edit(both, '"position":2', '"position":2,"position":2'), 7,
           "box 2")
    vector("json-twice-in-anchored-box", "A name stands twice in the box that the quorum sealed.",
           edit(both, '"position":1,"previous"', '"position":1,"position":1,"previous"'), 7, "box 1",
           contents="different")
    vector("json-twice-in-envelope", twice % "an envelope",
           edit(first, '{"number":2,"sealed"', '{"number":2,"number":2,"sealed"'),
           7, "envelope 2")
    vector("json-twice-in-needed-envelope", "A name stands twice in the envelope of a phrase that is given.",
           edit(first, '{"number":1,"sealed"', '{"number":1,"number":1,"sealed"'), 3, "envelope 1",
           says="right phrase, altered file")
    for where, path in {"core": "core", "core-kdf": "core/kdf", "core-phrase": "core/phrase", "labels": "labels",
                        "label-of-shareholder": "labels/shareholders/0", "anchor": "anchor",
                        "anchor-base": "anchor/base",
                        "snapshot": "snapshot", "snapshot-counts": "snapshot/counts",
                        "snapshot-digests": "snapshot/digests",
                        "envelope": "envelopes/1", "box": "boxes/1", "header": "boxes/1/header"}.items():
        s = changed(BOTH if path[:3] == "box" else FIRST, path + "/colour", "red")
        s = reissue(s, s["snapshot"]["digests"] if where == "snapshot-digests" else ())
        name = "json-unknown-member-in-" + where
        about = "An unknown member in `%s`, digests recomputed." % path.replace("/", ".")
        if path[:4] == "core": vector(name, about, s, 3, says='"core" is damaged')
        else: vector(name, about, s, 7,
                     {"envelope": "envelope 2", "box": "box 2", "header": "box 2"}.get(where, section(where)))
    top = lambda text: edit(first, '"labels":{', text + '\n"labels":{')
    vector("json-unknown-top-level-name", "A name that is not listed stands beside the sections.",
           top('"colour":"red",'), 7, "unknown")
    vector("json-unknown-top-level-surrogate", "A lone surrogate in an unknown top-level name: that is JSON still.",
           top('"\\ud800":1,'), 7, "unknown")
    vector("json-unknown-top-level-huge-number", "A number of a thousand digits in an unknown member.",
           top('"a":1%s,' % ("0" * 1000)), 7, "unknown")
    vector("json-nesting-16", "An unknown member is nested as deep as is allowed.",
           top('"a":%s%s,' % ("[" * 15, "]" * 15)), 7, "unknown")
    for levels in (17, 200, 20000):
        vector("json-nesting-%d" % levels, "It is nested %d levels deep." % levels,
               top('"a":%s%s,' % ("[" * (levels - 1), "]" * (levels - 1))), 3, says="nested")
    vector("json-nesting-in-labels", "A name of the labels is 17 levels deep.",
           reissue(changed(FIRST, "labels/organization", deep(15))), 3, says="nested")
    line = lambda name: re.search(rb'\n("%b":.*)\n' % name.encode(), first)[1].decode()
    vector("json-core-twice", "A second core.", top(line("core")), 3, says="twice")
    vector("json-format-twice", "A second format.", top('"format":"conclave-snapshot",'), 3, says="twice")
    vector("json-version-twice", "A second version.", top('"version":1,'), 3, says="twice")
    for name in ("labels", "anchor", "snapshot"):
        vector("json-%s-twice" % name, "A second `%s`: neither is used." % name, top(line(name)), 7, name)
    vector("json-boxes-twice", "Second boxes: neither are used.", top('"boxes":[],'), 7, "boxes", contents="different")
    vector("json-envelopes-twice", "Second envelopes: neither are used, and too few are left.", top('"envelopes":[],'),
           3, "envelopes",
           says="envelopes")
    # wrong values: (name, about, path, new value, what is damaged), where None means that the core is refused
    wrong = [
        ("null-in-labels", "null for a text", "labels/organization", None, "labels"),
        ("null-email", "null for an optional member", "labels/shareholders/0/email", None, "labels"),
        ("null-signature", "null for an optional member", "snapshot/signature", None, "snapshot"),
        ("null-issuer", "null for an optional member", "core/issuer", None, None),
        ("null-replaces", "null for an optional object", "core/replaces", None, None),
        ("null-mac", "null for a required member", "anchor/mac", None, "anchor"),
        ("null-labels", "null for a section", "labels", None, "labels"),
        ("array-for-core", "an array for an object", "core", [], None),
        ("array-for-kdf", "an array for an object", "core/kdf", [CORE["kdf"][k] for k in sorted(CORE["kdf"])], None),
        ("array-for-phrase", "an array for an object", "core/phrase", ["english", 12], None),
        ("array-for-replaces", "an array for an object", "core/replaces", ["00" * 16, "11" * 32], None),
        ("array-for-labels", "an array for an object", "labels", list(LABELS.values()), "labels"),
        ("array-for-shareholder", "an array for an object", "labels/shareholders/0", ["Holder 1", 1], "labels"),
        ("false-for-unconfirmed", "false where a member is true or not there", "anchor/unconfirmed", False, "anchor"),
        ("array-for-anchor", "an array for an object", "anchor", list(FIRST["anchor"].values()), "anchor"),
        ("array-for-base", "an array for an object", "anchor/base", [ZEROS, 0], "anchor"),
        ("array-for-counts", "an array for an object", "snapshot/counts", [1, 2, 2], "snapshot"),
        ("array-for-digests", "an array for an object", "snapshot/digests",
         [FIRST["snapshot"]["digests"][k] for k in sorted(FIRST["snapshot"]["digests"])], "snapshot"),
        ("array-for-envelope", "an array for an object", "envelopes/1", [2, FIRST["envelopes"][1]["sealed"]],
         "envelope 2"),
        ("array-for-header", "an array for an object", "boxes/1/header", list(BOTH["boxes"][1]["header"].values()),
         "box 2"),
        ("array-for-box", "an array for an object", "boxes/1", list(BOTH["boxes"][1].values()), "box 2"),
        ("object-for-envelopes", "an object for an array", "core/share_commitments", {}, None),
        ("true-for-threshold", "a boolean for a number", "core/threshold", True, None),
        ("true-for-count", "a boolean for a number", "snapshot/counts/accounts", True, "snapshot"),
        ("true-for-number", "a boolean for a number", "labels/shareholders/0/number", True, "labels"),
        ("true-for-position", "a boolean for a number", "boxes/1/header/position", True, "box 2"),
        ("text-for-threshold", "a string for a number", "core/threshold", "2", None),
        ("text-for-passes", "a string for a number", "core/kdf/passes", "1", None),
        ("text-for-sequence", "a string for a number", "snapshot/sequence", "1", "snapshot"),
        ("text-for-envelope-number", "a string for a number", "envelopes/1/number", "2", "envelope 2"),
        ("number-for-text", "a number for a string", "labels/delivery", 7, "labels"),
        ("empty-name", "a text without characters", "labels/organization", "", "labels"),
        ("long-name", "a text of 257 characters", "labels/organization", "x" * 257, "labels"),
        ("upper-hex-in-core", "upper-case hexadecimal", "core/backup_id", CORE["backup_id"].upper(), None),
        ("upper-hex-in-snapshot", "upper-case hexadecimal", "snapshot/id", FIRST["snapshot"]["id"].upper(), "snapshot"),
        ("upper-hex-in-header", "upper-case hexadecimal", "boxes/1/header/id", BOTH["boxes"][1]["header"]["id"].upper(),
         "box 2"),
        ("short-hex-in-labels", "31 bytes for 32", "labels/salt", LABELS["salt"][:-2], "labels"),
        ("odd-hex-in-anchor", "63 digits for 64", "anchor/mac", FIRST["anchor"]["mac"][:-1], "anchor"),
        ("no-hex-in-core", "a letter that is no digit", "core/labels_digest", "g" + CORE["labels_digest"][1:], None),
        ("long-hex-in-snapshot", "33 bytes for 32", "snapshot/digests/core", "00" * 33, "snapshot"),
        ("base64-without-padding", "base64 without padding", "envelopes/1/sealed",
         FIRST["envelopes"][1]["sealed"].rstrip("="), "envelope 2"),
        ("base64-with-trailing-bits", "base64 whose unused bits are not zero", "envelopes/1/sealed",
         trailing(FIRST["envelopes"][1]["sealed"]), "envelope 2"),
        ("base64-url", "the URL alphabet of base64", "boxes/1/ciphertext",
         BOTH["boxes"][1]["ciphertext"].replace("+", "-").replace("/", "_"), "box 2"),
        ("base64-with-space", "a space inside base64", "envelopes/1/sealed",
         "kKxL " + FIRST["envelopes"][1]["sealed"][4:], "envelope 2"),
        ("base64-of-box-without-padding", "base64 without padding", "boxes/1/ciphertext",
         BOTH["boxes"][1]["ciphertext"].rstrip("=")[:-3], "box 2"),
        ("base64-of-key-with-trailing-bits", "base64 whose unused bits are not zero", "core/public_key",
         trailing(CORE["public_key"]), None),
        ("short-sealed", "48 bytes for 49", "envelopes/1/sealed", b64(un64(FIRST["envelopes"][1]["sealed"])[:-1]),
         "envelope 2"),
        ("short-signature", "63 bytes for 64", "snapshot/signature", b64(bytes(63)), "snapshot"),
        ("february-30", "a day that the calendar has not", "snapshot/created", "2026-02-30T00:00:00Z", "snapshot"),
        ("february-29", "a leap day in a year that has none", "boxes/1/header/created", "2100-02-29T00:00:00Z",
         "box 2"),
        ("second-60", "a leap second", "snapshot/created", "2026-01-02T03:04:60Z", "snapshot"),
        ("hour-24", "hour 24", "snapshot/created", "2026-01-02T24:00:00Z", "snapshot"),
        ("time-with-offset", "a time with an offset", "snapshot/created", "2026-01-02T03:04:05+00:00", "snapshot"),
        ("time-in-lower-case", "a time in lower case", "snapshot/created", "2026-01-02t03:04:05z", "snapshot"),
        ("time-with-fraction", "a time with a fraction", "snapshot/created", "2026-01-02T03:04:05.0Z", "snapshot"),
        ("sequence-0", "sequence 0", "snapshot/sequence", 0, "snapshot"),
        ("sequence-too-high", "sequence 2^31", "snapshot/sequence", 2**31, "snapshot"),
        ("count-too-high", "2^53 as a number", "snapshot/counts/vaults", 2**53, "snapshot"),
        ("count-beyond-64-bits", "2^64 + 2 as a number", "snapshot/counts/vaults", 2**64 + 2, "snapshot"),
        ("negative-count", "a negative number", "snapshot/counts/vaults", -1, "snapshot"),
        ("previous-unsorted", "`previous` out of order", "snapshot/previous", ["01" * 32, "00" * 32], "snapshot"),
        ("previous-equal", "`previous` with one digest twice", "snapshot/previous", ["01" * 32, "01" * 32], "snapshot"),
        ("previous-three", "`previous` with three digests", "snapshot/previous", ["00" * 32, "01" * 32, "02" * 32],
         "snapshot"),
        ("counts-missing", "a required member missing", "snapshot/counts", Missing, "snapshot"),
        ("checksum-missing", "a required member missing", "snapshot/checksum", Missing, "snapshot"),
        ("mac-missing", "a required member missing", "anchor/mac", Missing, "anchor"),
        ("delivery-missing", "a required member missing", "labels/delivery", Missing, "labels"),
        ("header-missing", "a required member missing", "boxes/1/header", Missing, "box 2"),
        ("shareholder-missing", "labels for two of three shareholders", "labels/shareholders/2", Missing, "labels"),
        ("shareholders-out-of-order", "shareholders in another order", "labels/shareholders",
         LABELS["shareholders"][::-1], "labels"),
        ("sealed-by-nobody", "an unknown word", "boxes/1/header/sealed_by", "nobody", "box 2"),
    ]
    for name, about, path, value, damaged in wrong:
        s = changed(BOTH if path[:3] == "box" else FIRST, path, value)
        if path[:8] == "snapshot":
            if path != "snapshot/checksum": s = changed(s, "snapshot/checksum",
                                                        digest("checksum", without(s["snapshot"], "checksum")))
        elif path not in ("labels", "anchor"): s = reissue(s)
        about = about[0].upper() + about[1:] + " at `%s`." % path.replace("/", ".")
        if damaged is None: vector("json-" + name, about, s, 3, says='"core" is damaged')
        else: vector("json-" + name, about, s, 7, damaged)
    for name, old in {"kind": '"kind":"organization"', "method": '"method":"phrase"', "purpose": '"purpose":"training"',
                      "kdf-name": '"name":"argon2id"', "language": '"language":"english"'}.items():
        member, word = old.split(":")
        vector("json-object-for-" + name,
               "An object for a word at %s; digests as of the word." % member.replace('"', "`"),
               edit(first, old, "%s:{%s:null}" % (member, word)), 3, says='"core" is damaged')
    vector("json-object-for-sealed-by", "An object for a word at `sealed_by`; digests as of the word.",
           edit(both, '"sealed_by":"public"', '"sealed_by":{"public":null}'), 7, "box 2")
    vector("json-twice-by-an-escape", "A name stands twice in the core, once with an escape.",
           edit(first, '"suite":1', '"suite":1,"s\\u0075ite":1'), 3, says='"core" is damaged')
    for name, text in {"2-point-0": "2.0", "1e2": "1e2", "minus-0": "-0"}.items():
        vector("json-number-" + name, "A number written %s: JSON, but no integer of this format." % text,
               edit(first, '"vaults":2', '"vaults":' + text), 7, "snapshot")
        vector("json-core-number-" + name, "A number of the core written %s." % text,
               edit(first, '"passes":1', '"passes":' + text), 3, says='"core" is damaged')
    vector("json-number-leading-zero", "A number with a leading zero is not JSON.",
           edit(first, '"vaults":2', '"vaults":02'), 7, "snapshot, layout")
    vector("json-lone-surrogate", "A lone surrogate in a name: JSON, but no text.",
           edit(first, '"organization":"Example', '"organization":"\\ud800Example'), 7, "labels")
    vector("json-lone-surrogate-in-box", "A lone surrogate in a header.",
           edit(both, '"id":"%s' % BOTH["boxes"][1]["header"]["id"],
                '"id":"\\udc00%s' % BOTH["boxes"][1]["header"]["id"][1:]), 7, "box 2")
    vector("json-boxes-no-array", "`boxes` is an object.",
           edit(first, first[first.index(b'\n"boxes":['):], '\n"boxes":{}}'), 7, "boxes", contents="different")
    vector("json-envelopes-no-array", "`envelopes` is an object.",
           re.sub(rb'"envelopes":\[\n.*?\n\],', b'"envelopes":{},', first, flags=re.S), 3, "envelopes",
           says="envelopes")
    vector("json-boxes-missing", "There are no `boxes`.", edit(first, first[first.index(b',\n"boxes":['):], "}"), 7,
           "boxes", contents="different")
    vector("json-array-outside", "The whole is an array.", b"[" + first + b"]", 3)
    for name, damaged in {"labels": "labels", "anchor": "anchor", "snapshot": "snapshot"}.items():
        vector("json-%s-missing" % name, "There is no `%s`." % name, without(FIRST, name), 7, damaged)

def deep(levels): return [deep(levels - 1)] if levels > 1 else []

def trailing(text):
    """The same bytes with an unused bit set."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(text.rstrip("=")) - 1
    changed = text[:at] + letters[letters.index(text[at]) | 1] + text[at + 1:]
    assert changed != text and un64(changed) == un64(text)
    return changed

# ---- texts that are not JSON, or lost a part (section 6, Salvage) ----
def texts():
    first, both = layout(FIRST), layout(BOTH)
    cut = lambda data, mark, more=0: data[:data.index(mark) + more]
    vector("text-bytes-after-the-object", "Something stands after the object.", first + b"-- \nsent from a telephone\n",
           7, "layout")
    vector("text-file-twice", "The file stands in it twice.", first + first, 3, says="twice")
    vector("text-without-last-bracket", "The last line is gone.", first[:-2], 7, "layout")
    vector("text-cut-after-box", "Cut after the last box.", first[:-5], 7, "layout")
    vector("text-cut-in-last-box", "Cut in the second box.", both[:-2000], 7, "box 2, layout")
    vector("text-cut-in-first-box", "Cut in the only box.", first[:-2000], 7, "box 1, layout", contents="different")
    vector("text-cut-before-boxes", "Cut before the boxes.", cut(first, b'\n"boxes":['), 7, "boxes, layout",
           contents="different")
    vector("text-cut-in-snapshot", "Cut in `snapshot`.", cut(first, b'"snapshot":{', 300), 7, "snapshot, boxes, layout",
           contents="different")
    vector("text-cut-in-labels", "Cut in `labels`.", cut(first, b'"labels":{', 80), 7,
           "labels, anchor, snapshot, boxes, layout",
           contents="different")
    vector("text-cut-in-third-envelope", "Cut in an envelope that is not needed.",
           cut(first, b'{"number":3,"sealed"', 30), 7,
           "envelope 3, labels, anchor, snapshot, boxes, layout", contents="different", phrases="1,2")
    vector("text-cut-in-needed-envelope", "Cut in an envelope that is needed.", cut(first, b'{"number":3,"sealed"', 30),
           3,
           "envelope 3, labels, anchor, snapshot, boxes, layout", says="right phrase, altered file")
    vector("text-cut-in-second-envelope", "Cut where one envelope is left.", cut(first, b'{"number":2,"sealed"', 30), 3,
           says="envelopes")
    vector("text-cut-in-core", "Cut in the core.", cut(first, b'"core":{', 500), 3)
    vector("text-cut-after-format", "Cut after the first lines.", cut(first, b'"core":{'), 3)
    vector("text-head-lost", "The first hundred bytes are lost.", first[100:], 3)
    vector("text-format-line-lost", "The line that says what it is is lost.",
           first.replace(b'"format":"conclave-snapshot","version":1,\n', b""), 3)
    vector("text-empty", "An empty file.", b"", 3)
    vector("text-invalid-utf-8", "A byte that is not UTF-8 in the labels.",
           edit(first, b'"organization":"Example', b'"organization":"\xffExample'), 7, "labels, layout")
    vector("text-invalid-utf-8-in-box", "A byte that is not UTF-8 in a box.",
           edit(both, b'{"ciphertext":"8tIU', b'{"ciphertext":"\xff8tIU'), 7, "box 2, layout")
    replaced = reissue(changed(FIRST, "labels/organization", "\ufffd Cellar"))
    vector("text-invalid-utf-8-for-a-digest", "A byte that is not UTF-8 stands for the U+FFFD that the digests are of.",
           edit(replaced, b"\\ufffd Cellar", b"\xff Cellar"), 7, "labels, layout")
    vector("text-surrogate-as-utf-8", "A surrogate written as three bytes is not UTF-8.",
           edit(first, b'"organization":"Example', b'"organization":"\xed\xa0\x80Example'),
           7, "labels, layout")
    vector("text-nul-in-labels", "A NUL byte in a name.", edit(first, b"Example Cellar", b"Example\0Cellar"), 7,
           "labels, layout")
    vector("text-nul-between-lines", "A NUL byte between two sections.",
           edit(first, b'\n"labels":', b'\n\0\n"labels":'), 7, "layout")
    vector("text-control-in-labels", "A raw control character in a name.",
           edit(first, b"Example Cellar", b"Example\x01Cellar"), 7, "labels, layout")
    vector("text-utf-16", "It was saved as UTF-16.", first.decode().encode("utf-16"), 3)
    vector("text-utf-32", "It was saved as UTF-32.", first.decode().encode("utf-32"), 3)
    vector("text-comment", "Somebody wrote a comment between two sections.",
           edit(first, '\n"labels":', '\n// names\n"labels":'), 7, "layout")
    vector("text-comma-at-the-end", "A comma after the last member.", edit(first, b"]\n}\n", b"],\n}\n"), 7, "layout")
    vector("text-comma-missing", "The comma between two boxes is lost.", edit(both, b'"quorum"}},\n', b'"quorum"}}\n'),
           7, "layout", contents="same")
    vector("text-quote-missing", "A quote of the labels is lost.",
           edit(first, '"delivery":"backup', '"delivery":backup'), 7, "labels, layout")
    vector("text-brace-missing-in-box", "A brace of a box is lost.",
           edit(both, b'"sealed_by":"public"}}', b'"sealed_by":"public"}'), 7, "box 2, layout")
    vector("text-brace-missing-in-core", "A brace of the core is lost.", edit(first, '"passes":1,', '"passes":1},'), 3)
    vector("text-empty-lines-in-arrays", "Empty lines in the arrays, and no last line: empty lines are skipped.",
           first[:-2].replace(b'\n{"number"', b'\n\n{"number"').replace(b'\n{"cipher', b'\n\r\n{"cipher'), 7, "layout")
    vector("text-crlf-and-cut", "Line ends are CR LF, and the last line is lost.", first[:-2].replace(b"\n", b"\r\n"),
           7, "layout")
    vector("text-line-in-array", "A line that is no element stands between the boxes.",
           edit(both, b'"quorum"}},\n', b'"quorum"}},\n!\n'), 7,
           "boxes, box 2, layout", contents="same")
    vector("text-wrapped-and-cut", "The labels were wrapped, and the last line is lost: their line is broken.",
           edit(first[:-2], "Example Cellar", "Example\r\n\t Cellar"), 7, "labels, layout")
    vector("text-tab-and-cut", "A TAB inside quotes, and the last line is lost.",
           edit(first[:-2], "Example Cellar", "Example\t Cellar"), 7, "layout")
    vector("text-too-many-boxes", "4,097 boxes.", edit(first, b'"boxes":[\n', b'"boxes":[' + b"0," * 4096), 3,
           says="boxes")
    vector("format-other", "Another format.", edit(first, '"conclave-snapshot"', '"conclave-contents"'), 3,
           says="not a Conclave snapshot")
    vector("format-missing", "No format.", edit(first, '"format":"conclave-snapshot",', ""), 3)
    vector("format-no-string", "The format is an array.", edit(first, '"conclave-snapshot"', '["conclave-snapshot"]'),
           3)
    vector("version-2", "A version that is not known.", edit(first, '"version":1', '"version":2'), 3,
           says="format version 2")
    vector("version-missing", "No version.", edit(first, ',"version":1', ""), 3, says="version")
    for name, text in {"text": '"1"', "fraction": "1.0", "true": "true", "0": "0",
                       "huge": "18446744073709551617"}.items():
        vector("version-" + name, "The version is %s." % text, edit(first, '"version":1', '"version":' + text), 3,
               says="version")

# ---- cores that no ceremony makes, digests recomputed: all refused ----
def cores():
    def refused(name, about, path, value, says='"core" is damaged'):
        vector("core-" + name, about, reissue(changed(FIRST, "core/" + path, value)), 3, says=says)
    refused("suite-2", "A suite of a newer version.", "suite", 2, "newer version")
    refused("suite-0", "A suite that never was.", "suite", 0, "newer version")
    refused("kind-unknown", "A kind of a newer version.", "kind", "family", "newer version")
    vector("core-newer-with-more", "A suite of a newer version, with members that this one does not know.",
           reissue({**FIRST, "core": {**CORE, "suite": 2, "colour": "red"}}), 3, says="newer version")
    refused("kind-in-capitals", "A kind written otherwise.", "kind", "Organization", "newer version")
    refused("purpose-unknown", "An unknown purpose.", "purpose", "test")
    refused("method-unknown", "An unknown method.", "method", "passkey")
    for threshold in (0, 1, 4, 258, 2**32 + 2):
        refused("threshold-%d" % threshold, "A threshold of %d, of 3." % threshold, "threshold", threshold)
    for count in (0, 2, 4, 259):
        refused("count-%d" % count, "%d shareholders with three commitments." % count, "shareholder_count", count)
    many = {"shareholder_count": 17, "phrase_commitments": ["00" * 32] * 17, "share_commitments": ["00" * 32] * 17}
    vector("core-count-17", "17 shareholders.", reissue({**FIRST, "core": {**CORE, **many}}), 3,
           says='"core" is damaged')
    one = {"threshold": 1, "shareholder_count": 1, "phrase_commitments": ["00" * 32], "share_commitments": ["00" * 32]}
    vector("core-1-of-1", "An organization of one.", reissue({**FIRST, "core": {**CORE, **one}}), 3,
           says='"core" is damaged')
    for name in ("phrase_commitments", "share_commitments"):
        plain = name.replace("_", "-")
        refused("missing-in-" + plain, "One of `%s` is missing." % name, name, CORE[name][:2])
        refused("more-" + plain, "One of `%s` too many." % name, name, CORE[name] + ["00" * 32])
        refused("short-in-" + plain, "One of `%s` is 31 bytes long." % name, name + "/1", CORE[name][1][2:])
    for name in sorted(without(CORE, "suite", "kind")):
        refused("without-" + name.replace("_", "-"), "No `%s`." % name, name, Missing)
    refused("without-suite", "No `suite`.", "suite", Missing)
    refused("without-kind", "No `kind`.", "kind", Missing)
    refused("words-13", "Phrases of 13 words.", "phrase/words", 13)
    refused("words-0", "Phrases of no words.", "phrase/words", 0)
    refused("words-268", "Phrases of 268 words: 12 and 256.", "phrase/words", 268)
    refused("language-unknown", "A language without a word list.", "phrase/language", "klingon")
    refused("language-in-capitals", "A language written otherwise.", "phrase/language", "English")
    refused("cloud-pin", "A cloud key and a PIN for an organization.", "method", "cloud-pin")
    cloud = {**without(CORE, "phrase"), "method": "cloud-pin"}
    vector("core-cloud-pin-without-phrase", "A cloud key and a PIN for an organization, without `phrase`.",
           reissue({**FIRST, "core": cloud}), 3, says='"core" is damaged')
    refused("short-public-key", "A public key of 1,215 bytes.", "public_key", b64(un64(CORE["public_key"])[:-1]))
    refused("long-public-key", "A public key of 1,217 bytes.", "public_key", b64(un64(CORE["public_key"]) + b"\0"))
    refused("empty-public-key", "A public key of no bytes.", "public_key", "")
    refused("short-issuer", "An issuer of 31 bytes.", "issuer", "00" * 31)
    refused("replaces-half", "`replaces` without the core_digest.", "replaces", {"backup_id": "00" * 16})
    refused("replaces-more", "`replaces` with an unknown member.", "replaces",
            {"backup_id": "00" * 16, "core_digest": "00" * 32, "why": "x"})
    limits = {"memory_kib": (19456, 1048576), "passes": (1, 10), "lanes": (1, 8)}
    for name, (floor, ceiling) in limits.items():
        for value in sorted({0, floor - 1, ceiling + 1, 2**32 - 1, 2**32 + floor, 2**53 - 1, 2**53, 2**64 + floor}):
            refused("kdf-%s-%d" % (name.split("_")[0], value), "`kdf.%s` is %d." % (name, value), "kdf/" + name, value,
                    name if value < 2**53 else "conclave:")
        refused("kdf-without-" + name.split("_")[0], "No `kdf.%s`." % name, "kdf/" + name, Missing)
    refused("kdf-argon2i", "Another derivation.", "kdf/name", "argon2i")
    refused("kdf-short-salt", "A salt of 16 bytes.", "kdf/salt", "00" * 16)
    vector("core-kind-device", "A good backup of a device is none of an organization.", of_device(SHARE_OF_ACME), 3,
           verdict="INTACT", says="one person's device")

# ---- backups of a device (sections 3.3, 7 and 16) ----
SHARE_OF_ACME = {"organization": "acme", "name": "Acme", "user": "ann", "changed": "2026-01-01T00:00:00Z",
                 "shares": [{"id": "ecdsa", "value": "c2hhcmU="}, {"id": "eddsa", "value": "b3RoZXI="}]}
SHARE_OF_BANK = {**SHARE_OF_ACME, "organization": "bank", "name": "Bank", "shares": [{"id": "s", "value": "eA=="}]}
DEVICE = without({**CORE, "kind": "device", "threshold": 1, "shareholder_count": 1}, "public_key")
CLOUD, PIN = bytes(range(32)), "485163"

def labels_of_device(*items, **more):
    said = [{"changed": i["changed"], "id": i["organization"], "name": i["name"]} for i in items]
    return {"organizations": sorted(said, key=lambda o: o["id"]), "salt": LABELS["salt"], **more}

def of_device(*items, key=None, core=DEVICE, labels=None, more=(), boxes=(), **rest):
    """A genuine backup of a device: these items, opened by the first phrase where no other key is given."""
    keys = [key or KEYS[0]]
    core = commit(core, keys, [WK], WK)
    sealed = ("quorum", records(*[put("shares", item) for item in items], *more))
    return make([sealed, *boxes], core=core, keys=keys, shares=[WK], labels=labels or labels_of_device(*items), **rest)

def cloud_key(core, **changes):
    k = {"backup_id": core["backup_id"], "format": "conclave-cloud-key", "key": CLOUD.hex(), "purpose": core["purpose"],
         "version": 1, **{name: value for name, value in changes.items() if name != "checksum"}}
    return canonical({**k, "checksum": changes.get("checksum", digest("cloud-key", k))}).decode()

def devices():
    more = lambda item, **members: {**item, **members}
    def device(name, about, s, expect=0, damaged=None, **headers):
        vector("device-" + name, about, s, expect, damaged, **{**({"contents": "different"} if expect in (0, 7) else {}),
                                                              "phrases": "1", **headers})
    cloud = {**without(DEVICE, "phrase"), "method": "cloud-pin"}
    cloud = {**cloud, "labels_digest": digest("labels", labels_of_device(SHARE_OF_ACME))}
    by_cloud = of_device(SHARE_OF_ACME, core=cloud, key=key_of_phrase(cloud, CLOUD + PIN.encode()))
    with_key = lambda **rest: {"verdict": "INTACT", "cloud-key": cloud_key(cloud), "pin": PIN, **rest}
    whole = of_device(SHARE_OF_BANK, SHARE_OF_ACME)
    device("phrase", "Shares of two organizations, by a phrase.", whole, verdict="INTACT", holds='"c2hhcmU="')
    device("other-phrase", "The phrase of somebody else.", whole, 4, phrases="2", says="not the phrase of this backup")
    device("cloud-pin", "Shares by a cloud key and a PIN.", by_cloud, holds='"c2hhcmU="', **with_key())
    device("cloud-indented", "A program indented the key file.", by_cloud, **with_key(**{
        "cloud-key": json.dumps(json.loads(cloud_key(cloud)), indent=1).replace("\n", " ")}))
    device("other-pin", "Another PIN.", by_cloud, 4, **with_key(pin="485164", says="do not open this backup"))
    device("pin-of-five-digits", "A PIN of five digits.", by_cloud, 4, **with_key(pin="48516", says="6 to 12 digits"))
    device("longer-pin", "A digit more.", by_cloud, 4, **with_key(pin=PIN + "0", says="do not open this backup"))
    device("without-key", "The PIN alone.", by_cloud, 4, verdict="INTACT", pin=PIN, says="cloud key is missing")
    device("without-pin", "The key alone.", by_cloud, 4, verdict="INTACT", says="PIN is missing",
           **{"cloud-key": cloud_key(cloud)})
    for name, about, changes, expect, says in (
            ("key-of-another", "The key of another backup.", {"backup_id": "00" * 16}, 4, "of another backup"),
            ("key-of-training", "The key of a backup for another purpose.", {"purpose": "production"}, 4, "of another backup"),
            ("key-damaged", "A digit of the key changed.", {"checksum": ZEROS}, 3, "damaged"),
            ("key-short", "A key of 31 bytes.", {"key": "00" * 31}, 3, "damaged"),
            ("key-newer", "A key file of version 2.", {"version": 2}, 3, "newer version"),
            ("key-with-more", "A key file with an unknown member.", {"more": 1}, 3, "damaged"),
            ("key-of-other-format", "Another file.", {"format": "conclave-contents"}, 3, "not the cloud key file")):
        device(name, about, by_cloud, expect, **with_key(**{"cloud-key": cloud_key(cloud, **changes), "says": says}))
    wrong = key_of_phrase(cloud, CLOUD + b"485164")
    device("cloud-of-another-pin", "A file that was sealed with another PIN.", of_device(SHARE_OF_ACME, core=cloud, key=wrong),
           4, **with_key(says="do not open this backup"))
    device("where-the-key-is", "Labels that say where the key is kept.",
           of_device(SHARE_OF_ACME, labels=labels_of_device(SHARE_OF_ACME, cloud={"provider": "Google", "account": "ann"})),
           verdict="INTACT")
    device("where-without-account", "… without an account.",
           of_device(SHARE_OF_ACME, labels=labels_of_device(SHARE_OF_ACME, cloud={"provider": "Google"})), verdict="INTACT")
    # Labels are for people; the anchor says which were sealed.
    other = labels_of_device(more(SHARE_OF_ACME, changed="2027-01-01T00:00:00Z"), SHARE_OF_BANK)
    device("labels-altered", "Somebody changed the list of organizations.", reissue({**whole, "labels": other}), 7,
           verdict="INTACT", says="list of organizations")
    device("labels-of-holders", "Labels of an organization.", reissue({**whole, "labels": LABELS}), 7, "labels")
    for name, about, labels in (
            ("labels-unsorted", "Organizations in another order.", {**other, "organizations": other["organizations"][::-1]}),
            ("labels-twice", "An organization twice.", {**other, "organizations": other["organizations"][:1] * 2}),
            ("labels-empty", "No organization.", {**other, "organizations": []}),
            ("labels-with-more", "An unknown member of labels.", {**other, "user": "ann"}),
            ("labels-cloud-without-provider", "A cloud without its provider.", {**other, "cloud": {"account": "ann"}})):
        device(name, about, of_device(SHARE_OF_ACME, SHARE_OF_BANK, labels=labels), 7, "labels")
    # What a device has not.
    header = {"created": "2026-01-02T03:04:05Z", "id": "11" * 16, "position": 2, "previous": place(whole["boxes"][0])["digest"],
              "sealed_by": "public"}
    forged = {"ciphertext": b64(b"\0" * 5232), "header": header}
    device("public-box", "A box that anybody could have made.", reissue({**whole, "boxes": whole["boxes"] + [forged]}), 7,
           "box 2", says="box 2")
    device("public-key", "A device with a public key.", of_device(SHARE_OF_ACME, core={**DEVICE, "public_key": CORE["public_key"]}),
           3, says='"core" is damaged')
    two = commit({**DEVICE, "shareholder_count": 2}, KEYS[:2], [WK] * 2, WK)
    device("two-users", "A device of two users.", make([("quorum", records())], core=two, keys=KEYS[:2], shares=[WK] * 2,
           labels=labels_of_device(SHARE_OF_ACME)), 3, says='"core" is damaged')
    device("method-with-phrase", "A cloud key and a PIN beside a phrase.",
           of_device(SHARE_OF_ACME, core={**DEVICE, "method": "cloud-pin"}), 3, says='"core" is damaged')
    swapped = without(whole, "core")
    device("method-swapped", "Somebody changed the method.", reissue({**swapped, "core": {**without(whole["core"], "phrase"),
           "method": "cloud-pin"}}), 4, **with_key(says="do not open this backup"))
    # Records.
    def record(name, about, item, says="malformed record", expect=7, **rest):
        device("share-" + name, about, of_device(SHARE_OF_BANK, more=[put("shares", item)]), expect, verdict="INTACT", says=says,
               **{"holds": '"unknown_records"', **rest})
    share = lambda *shares: more(SHARE_OF_ACME, shares=list(shares))
    for member in ("organization", "name", "user", "changed", "shares"):
        record("without-" + member, "An item without `%s`." % member, without(SHARE_OF_ACME, member))
    record("none", "No shares.", share())
    record("of-65", "65 shares.", share(*[{"id": str(n), "value": "x"} for n in range(65)]))
    record("id-twice", "Two shares with one id.", share({"id": "a", "value": "x"}, {"id": "a", "value": "y"}))
    record("empty", "A share without characters.", share({"id": "a", "value": ""}))
    record("of-262145", "A share of 262,145 characters.", share({"id": "a", "value": "x" * 262145}))
    record("not-ascii", "A share with a letter that is not ASCII.", share({"id": "a", "value": "\u00e4"}))
    record("of-two-lines", "A share of two lines.", share({"id": "a", "value": "x\ny"}))
    record("changed-february-30", "Changed on a day that the calendar has not.", more(SHARE_OF_ACME, changed="2026-02-30T00:00:00Z"))
    record("of-64", "64 shares.", share(*[{"id": str(n), "value": "x"} for n in range(64)]), "Restored", 0, holds='"acme"')
    record("of-device", "An item that names its device.", more(SHARE_OF_ACME, device="Ann's phone"), "Restored", 0, holds='"Ann\'s phone"')
    record("device-empty", "A device without a name.", more(SHARE_OF_ACME, device=""))
    record("device-number", "A device that is a number.", more(SHARE_OF_ACME, device=7))
    record("with-more", "An unknown member of a share.", share({"id": "a", "value": "x", "colour": "red"}), "Restored", 0,
           holds='"colour": "red"')
    device("later-record-counts", "A later record of an organization takes the place of an earlier one.",
           of_device(SHARE_OF_ACME, more=[put("shares", share({"id": "new", "value": "bmV3"}))]), verdict="INTACT", holds='"bmV3"')
    device("vault-in-it", "A vault in the backup of a device is kept as it is.", of_device(SHARE_OF_ACME, more=[VAULT]),
           verdict="INTACT", holds='"unknown_records"')

# ---- sets of codes, in both kinds (section 10) ----
def sets():
    CODES = commit({**CORE, "kind": "codes", "threshold": 1}, KEYS, [WK] * 3, WK)
    more = lambda item, **members: {**item, **members}
    def a(mode, *codes, **members):
        new = {**without(ACCOUNT, "note"), "codes": list(codes), "used": [], "saved": "2026-02-0%dT00:00:00Z" % len(codes)}
        return put("accounts", {**new, "set": mode, **members})
    used = lambda code: {"record": "used", "account": ACCOUNT_ID, "code": code}
    name = RECORDS[0]
    assert name["record"] == "organization"
    def codes(vector_name, about, *public, sealed=(), **rest):
        """A file of an owner's circle, which any phrase alone opens: what owners sealed, then what anybody added."""
        boxes = [("quorum", records(name, *sealed))] + ([("public", records(*public))] if public else [])
        s = make(boxes, core=CODES, shares=[WK] * 3)
        vector("codes-" + vector_name, about, s, rest.pop("expect", 0),
               **{"verdict": "INTACT", "phrases": "2", "contents": "different", "says": "Genuine", **rest})
    account = put("accounts", ACCOUNT)
    codes("added", "An account that is only in a public box is no reason to warn.", a("add", "1", "2"), holds='"codes"')
    codes("add", "A set beside that of an owner.", a("add", "1", "2"), sealed=[account], holds='"sets"')
    codes("replace", "A set that retires the others.", a("add", "1"), a("replace", "2", "3"), sealed=[account],
          holds='"retired": "2026-02-02T00:00:00Z"')
    codes("replace-by-none", "A service that has no codes any more.", a("replace", "1"), a("replace", kind="none",
          saved="2026-03-01T00:00:00Z"), sealed=[account], holds='"kind": "none"')
    codes("same-set-twice", "A set that is there already changes nothing.", a("add", "1"), a("add", "1"), sealed=[account])
    codes("marks-in-all-sets", "Marks count in every set.", used("2"), a("add", "2", "1"), a("replace", "1", "3"), used("1"),
          sealed=[account], holds='"used"')
    codes("marks-before-all", "A mark of a set that comes later, by anybody.", used("1"), a("add", "1", "2"))
    codes("expires", "Sets with a last day.", a("add", "1", expires="2026-12-31"), a("add", "2", "3", expires="2027-01-31"),
          sealed=[account], holds='"expires": "2026-12-31"')
    codes("other-letters", "A set of the account in other letters; the account is called as it was.",
          a("add", "1", login="OPS "), sealed=[account], holds='"login": "ops"')
    codes("unknown-member", "An unknown member of a set goes with it.", a("add", "1", future="x"), a("add", "2", "3"),
          sealed=[account], holds='"future": "x"')
    codes("sets-sealed-again", "An account with its sets, as a compaction seals it, and one more.", a("add", "9"),
          sealed=[put("accounts", more(ACCOUNT, sets=[{"codes": ["7"], "kind": "single-use", "used": ["7"],
                  "saved": "2025-01-01T00:00:00Z", "retired": "2025-02-01T00:00:00Z"}]))], holds='"retired"')
    codes("put-settles-sets", "An owner who seals the account anew settles what was added.",
          sealed=[a("add", "1"), account])
    codes("remove-with-sets", "A removal takes added sets with it.", a("add", "1"), a("add", "2", "3"),
          {"record": "remove", "collection": "accounts", "id": ACCOUNT_ID})
    codes("change-of-sealed", "A change of what an owner sealed is a proposal, here too.",
          put("accounts", more(ACCOUNT, codes=["6"], used=[])), sealed=[account], expect=7, says="a change was proposed")
    codes("removal-of-sealed", "A removal of what an owner sealed is a proposal, here too.", a("add", "1"),
          {"record": "remove", "collection": "accounts", "id": ACCOUNT_ID}, sealed=[account], expect=7,
          says="its removal was proposed")
    codes("name-of-anybody", "The name of the organization is still only an owner's.",
          {"record": "organization", "name": "Mine"}, expect=7, says="CHECK")
    two = copy.deepcopy(make([("quorum", records(name)), ("public", records(a("add", "1")))], core=CODES, shares=[WK] * 3))
    vector("codes-stranger", "A phrase of nobody opens nothing.", two, 4, verdict="INTACT", phrases="none-of-these",
           says="not")
    threshold = commit({**CODES, "threshold": 2}, KEYS, SHARES, WK)
    vector("codes-threshold-of-2", "Codes of which two owners are needed.", make([("quorum", records(name))], core=threshold), 3,
           says='"core" is damaged')
    # In the backup of an organization an added set is named, and its codes are there.
    def public(vector_name, about, *list_of_records, **rest):
        vector("sets-" + vector_name, about, with_public(*list_of_records), 0, verdict="INTACT",
               **{"contents": "different", "says": "no quorum has confirmed that", **rest})
    public("added", "A set that nobody has confirmed stands beside that of the quorum.", a("add", "1", "2"), holds='"sets"')
    public("replaced", "It may retire what a quorum sealed, and all of it stays readable.", a("replace", "1"), holds='"retired"')
    for vector_name, about, members in [
            ("with-sets", "An item with `set` and `sets`.", {"set": "add", "sets": []}),
            ("mode-unknown", "A set of an unknown mode.", {"set": "more"}),
            ("mode-number", "A set whose mode is a number.", {"set": 1}),
            ("expires-no-day", "A day that the calendar does not have.", {"expires": "2026-02-30"}),
            ("expires-time", "A time for a day.", {"expires": "2026-02-03T00:00:00Z"}),
            ("retired-no-time", "A word for a time.", {"retired": "yes"}),
            ("sets-no-array", "`sets` is an object.", {"sets": {}}),
            ("sets-of-texts", "`sets` of texts.", {"sets": ["1"]}),
            ("sets-without-kind", "A set in `sets` without a kind.",
             {"sets": [{"codes": [], "used": [], "saved": "2026-01-01T00:00:00Z"}]}),
            ("sets-used-not-a-code", "A mark in `sets` of no code of that set.",
             {"sets": [{"codes": ["1"], "used": ["2"], "kind": "none", "saved": "2026-01-01T00:00:00Z"}]})]:
        vector("sets-malformed-" + vector_name, about, of_first(put("accounts", {**ACCOUNT, **members})), 7,
               verdict="INTACT", says="malformed record", contents="different", holds='"unknown_records"')

# ---- changes by somebody who recomputes the digests, and accidents without that ----
def attacks():
    first = layout(FIRST)
    def attack(name, about, s, expect, says, verdict="INTACT", **rest):
        vector("attack-" + name, about, s, expect, **({} if "damaged" in rest else {"verdict": verdict}), says=says,
               **rest)
    attack("quorum-box-called-public", "The quorum's box says that it is public.",
           reissue(changed(FIRST, "boxes/0/header/sealed_by", "public")), 7, "does not open", contents="different")
    attack("public-box-called-quorum", "A public box says that the quorum sealed it.",
           reissue(changed(BOTH, "boxes/1/header/sealed_by", "quorum")), 7, "does not open")
    attack("anchor-removed", "The anchor is taken out.", without(FIRST, "anchor"), 7, "anchor) is missing",
           damaged="anchor")
    attack("anchor-mac", "The mac of the anchor is another.",
           reissue(changed(FIRST, "anchor/mac", flip(FIRST["anchor"]["mac"]))), 7,
           "not one that this backup's quorum made")
    attack("anchor-confirmed", "The mark that the file is unconfirmed is taken out of the anchor.",
           reissue(changed(of_first(anchor={"unconfirmed": True}), "anchor/unconfirmed", Missing)), 7,
           "not one that this backup's quorum made")
    attack("anchor-unconfirmed", "A mark that the file is unconfirmed is put into the anchor.",
           reissue(changed(FIRST, "anchor/unconfirmed", True)), 7, "not one that this backup's quorum made")
    attack("anchor-sequence", "The sequence of the anchor is another.",
           reissue(changed(FIRST, "anchor/sequence", 2)), 7, "not one that this backup's quorum made")
    attack("anchor-last-of-public", "The anchor is said to have seen the public box.",
           reissue({**BOTH, "anchor": {**BOTH["anchor"], "last": place(BOTH["boxes"][1])}}), 7,
           "not one that this backup's quorum made",
           contents="same")
    vaults = ("quorum", records(VAULT))
    two = [("quorum", records(*RECORDS)), vaults]
    good("two-quorum-boxes", "A quorum appended a box.", make(two), contents="same")
    attack("anchor-older", "An older anchor, good by itself, was put back.", make(two, last=1), 7, "anchor) is older",
           contents="same")
    made = make(two)
    attack("anchor-last-cut-off", "The last box that the quorum saw is cut off.",
           reissue({**made, "boxes": made["boxes"][:1]}), 7, "are missing")
    attack("anchored-box-dropped", "A box between the start and `last` is dropped.",
           reissue({**made, "boxes": made["boxes"][1:]}), 7, "are missing", damaged="order", contents="different")
    attack("all-boxes-dropped", "All boxes are dropped.", reissue({**FIRST, "boxes": []}), 7, "are missing",
           contents="different")
    attack("tail-dropped", "A public box that no anchor saw is dropped: only another copy shows that.",
           reissue({**BOTH, "boxes": BOTH["boxes"][:1]}), 0, "Recovered")
    attack("boxes-reordered", "The boxes are in another order, also in the list.",
           reissue({**BOTH, "boxes": BOTH["boxes"][::-1]}), 7, "order", damaged="order", contents="same")
    vector("boxes-reordered", "The boxes are in another order than the list.", {**BOTH, "boxes": BOTH["boxes"][::-1]},
           7, "boxes, order",
           contents="same")
    attack("box-twice", "A box stands twice.", reissue({**BOTH, "boxes": BOTH["boxes"] + BOTH["boxes"][1:]}), 7,
           "order", damaged="order",
           contents="same")
    replay = changed(BOTH["boxes"][1], "header/position", 3)
    replay["header"]["previous"] = digest("box", BOTH["boxes"][1])
    attack("box-replayed", "A box is put in again at the next position.",
           reissue({**BOTH, "boxes": BOTH["boxes"] + [replay]}), 7,
           "does not open", contents="same")
    for name, path, value in [("id", "id", "00" * 16), ("created", "created", "2026-02-03T04:05:07Z")]:
        attack("header-" + name, "The `%s` of a header is another." % name,
               reissue(changed(BOTH, "boxes/1/header/" + path, value)), 7,
               "does not open")
    attack("header-previous", "The `previous` of a header names no box.",
           reissue(changed(BOTH, "boxes/1/header/previous", "11" * 32)), 7, "does not open", damaged="order")
    attack("header-position", "The `position` of a header jumps.", reissue(changed(BOTH, "boxes/1/header/position", 3)),
           7,
           "does not open", damaged="order")
    attack("sealed-position", "The quorum itself sealed a box at a position that jumps.",
           make([("quorum", records(*RECORDS), {"position": 2})]), 7, "order", damaged="order")
    attack("position-beyond-sequences",
           "The quorum itself sealed a box at position 2^31, beyond the last.",
           make([("quorum", records(*RECORDS), {"position": 2**31})]), 7, "box 1", damaged="anchor, box 1",
           contents="different")
    attack("ciphertext-of-quorum-box", "A byte of the quorum's box is another.",
           reissue(changed(FIRST, "boxes/0/ciphertext", flip64(FIRST["boxes"][0]["ciphertext"]))), 7, "missing",
           contents="different")
    attack("ciphertext-of-public-box", "A byte of the public box is another.",
           reissue(changed(BOTH, "boxes/1/ciphertext", flip64(BOTH["boxes"][1]["ciphertext"]))), 7, "does not open")
    for size in (0, 15, 1120, 1135):
        attack("ciphertext-of-%d-bytes" % size, "A public box of %d bytes." % size,
               reissue(changed(BOTH, "boxes/1/ciphertext", b64(bytes(size)))), 7, "does not open")
    attack("names-rewritten", "Names are rewritten: a refresh may do that.",
           reissue(changed(FIRST, "labels/shareholders/0/name", "Mallory")), 0, "names in the file were changed")
    attack("direction-in-a-name", "A name with characters that turn the direction of text.",
           reissue(changed(FIRST, "labels/organization", "\u202eralleC\u001b[2J")), 0, "names in the file were changed")
    swapped = copy.deepcopy(FIRST)
    swapped["envelopes"][0]["sealed"], swapped["envelopes"][1]["sealed"] = (FIRST["envelopes"][n]["sealed"]
                                                                            for n in (1, 0))
    attack("envelopes-swapped", "The envelopes of two shareholders are exchanged.", reissue(swapped), 3,
           "right phrase, altered file",
           phrases="1,2,3")
    copied = reissue(changed(FIRST, "envelopes/1/sealed", FIRST["envelopes"][0]["sealed"]))
    attack("envelope-copied", "An envelope that is not needed holds another one's.", copied, 7,
           "envelopes are not those that the quorum marked")
    attack("envelope-copied-all", "An envelope holds another one's; all phrases are given.", copied, 7,
           "right phrase, altered file",
           phrases="1,2,3")
    attack("envelopes-reordered", "Envelopes in another order are used under their own numbers.",
           reissue({**FIRST, "envelopes": [FIRST["envelopes"][n] for n in (1, 0, 2)]}), 7, "CHECK",
           damaged="envelope 1, envelope 2")
    number = lambda n, value: reissue(changed(FIRST, "envelopes/%d/number" % n, value))
    attack("envelope-number-2-twice", "The third envelope says that it is the second.", number(2, 2), 7, "CHECK",
           damaged="envelope 3", phrases="1,2")
    attack("envelope-number-of-needed", "The envelope of a phrase that is given says another number.", number(2, 2), 3,
           "right phrase, altered file", damaged="envelope 3")
    for value in (0, 4, 17, 257):
        attack("envelope-number-%d" % value, "An envelope of nobody: number %d." % value, number(1, value), 7, "CHECK",
               damaged="envelope 2")
    some = changed(changed(FIRST, "envelopes/1/number", 4), "envelopes/2/number", 5)
    attack("envelopes-of-nobody", "Two envelopes are of nobody: fewer than the threshold are left.", reissue(some), 3,
           "envelopes",
           damaged="envelope 2, envelope 3", phrases="none-of-these")
    attack("envelopes-all-of-one", "All envelopes say that they are the first.",
           reissue({**FIRST, "envelopes": FIRST["envelopes"][:1] * 3}), 3, "envelopes",
           damaged="envelope 2, envelope 3")
    attack("envelope-dropped", "An envelope that is not needed is dropped.",
           reissue({**FIRST, "envelopes": FIRST["envelopes"][:2]}), 7,
           "CHECK", damaged="envelopes", phrases="1,2")
    attack("envelopes-dropped", "Two of three envelopes are dropped.",
           reissue({**FIRST, "envelopes": FIRST["envelopes"][:1]}), 3,
           "envelopes", damaged="envelopes")
    attack("envelope-added", "A fourth envelope.",
           reissue({**FIRST, "envelopes": FIRST["envelopes"] + [{**FIRST["envelopes"][2], "number": 4}]}),
           7, "CHECK", damaged="envelopes")
    attack("envelopes-of-other-anchor", "The quorum's own anchor names other envelopes.",
           of_first(anchor={"envelopes": "00" * 32}), 7,
           "envelopes are not those that the quorum marked")
    altered = changed(FIRST, "envelopes/0/sealed", flip64(FIRST["envelopes"][0]["sealed"]))
    attack("envelope-altered", "A byte of an envelope that is needed is another.", reissue(altered), 3,
           "enough phrases are right")
    attack("envelope-altered-one-phrase",
           "The same; the phrase is given twice, so one phrase is right and one is lacking.", reissue(altered), 4,
           "right phrase, altered file", phrases="1,1")
    # a changed core
    other = x25519.X25519PrivateKey.from_private_bytes(sha256(b"other")).public_key().public_bytes_raw()
    key = b64(un64(CORE["public_key"])[:-32] + other)
    attack("public-key-replaced", "The public key is replaced: no envelope opens with another core.",
           reissue(changed(FIRST, "core/public_key", key)), 3, "right phrase, altered file")
    attack("public-key-replaced-by-quorum", "The public key is replaced, and all the rest made anew for it.",
           of_first(core={**CORE, "public_key": key}), 7, "public key in the file is not")
    attack("core-changed", "The salt of the derivation is another.",
           reissue(changed(FIRST, "core/kdf/salt", "00" * 32)), 4,
           "not a phrase of this backup")
    vector("core-changed-without-digest", "The same, and the digests say so: phrases cannot be judged.",
           changed(FIRST, "core/kdf/salt", "00" * 32), 4, "core", says="cannot be judged")
    vector("core-changed-elsewhere", "Another member of the core is changed: no phrase can be judged.",
           changed(FIRST, "core/labels_digest", "00" * 32), 4, "core", says="cannot be judged")
    attack("core-purpose", "A training file says that it is production.",
           reissue(changed(FIRST, "core/purpose", "production")), 4,
           "not a phrase of this backup")
    production = commit({**CORE, "purpose": "production"}, KEYS, SHARES, WK)
    pair = b64(pair_of(production)[2])
    production = {**production, "public_key": pair}
    attack("weak-production", "A production backup with a derivation for tests.", of_first(core=production), 7,
           "weaker than")
    attack("labels-digest-of-core", "The ceremony's labels were others.",
           of_first(core={**CORE, "labels_digest": "00" * 32}), 0,
           "names in the file were changed")
    both = expand(KEYS[0], label(CORE, "phrase-commitment") + b"\x02").hex()
    attack("phrase-of-two", "One phrase fits two shareholders.",
           reissue(changed(FIRST, "core/phrase_commitments/1", both)), 3,
           "matches the commitments of two")
    attack("phrase-commitment", "The commitment of a phrase is another.",
           reissue(changed(FIRST, "core/phrase_commitments/0", "00" * 32)), 4, "not a phrase of this backup")
    wrong = changed(CORE, "share_commitments/0", "00" * 32)
    attack("share-commitment", "The ceremony committed to another share of one shareholder.", of_first(core=wrong), 3,
           "right phrase, altered file")
    attack("share-commitment-of-one", "The same, and the others are there.", of_first(core=wrong), 7,
           "right phrase, altered file", phrases="1,2,3")
    attack("wrapping-key-commitment", "No shares give the key that is committed to.",
           of_first(core={**CORE, "wrapping_key_commitment": "00" * 32}), 3, "do not give the key", phrases="1,2,3")
    faulty = SHARES[:2] + [sha256(b"off")]
    off = of_first(core=commit(CORE, KEYS, faulty, WK), shares=faulty)
    attack("share-off", "A share is off the polynomial of the others.", off, 7, "shareholder 3 does not fit",
           phrases="1,2,3")
    attack("share-off-needed", "A share is off the polynomial, and no other is there.", off, 3, "do not give the key")
    # the section and its digests
    issuer, signed_core = ISSUER, {**CORE, "issuer": ISSUER.public_key().public_bytes_raw().hex()}
    signed = of_first(core=signed_core, issuer=issuer)
    issued = make([("quorum", records(*RECORDS)), ("public", records(VAULT))], core=signed_core, issuer=issuer)
    vector("good-issued", "What the boxes of a signed file add is named with the key that issued it.", issued, 0,
           verdict="INTACT", contents="same", says="issued 2026-01-02 by the key " + signed_core["issuer"][:8])
    attack("addition-to-a-signed-file", "Somebody added a box to a signed file.",
           reissue({**issued, "boxes": issued["boxes"] + [seal(signed_core, {**issued["boxes"][1]["header"],
               "id": "11" * 16, "position": 3, "previous": digest("box", issued["boxes"][1])},
               records(put("accounts", {**ACCOUNT, "login": "mine"})))]}), 7, "added 2026-01-02 by somebody who had the file",
           contents="different", holds='"mine"')
    attack("signature-removed", "The issuer's signature is taken out.", reissue(signed, signature=Missing), 7,
           "signature is missing")
    attack("signature-wrong", "A byte of the signature is another.",
           reissue(signed, signature=flip64(signed["snapshot"]["signature"])), 7, "signature is wrong")
    attack("signature-of-other", "Somebody else signed.",
           of_first(core=signed_core, issuer=ed25519.Ed25519PrivateKey.from_private_bytes(sha256(b"other"))), 7,
           "signature is wrong")
    attack("signed-part-changed", "The section was changed after it was signed.",
           reissue(signed, created="2027-01-01T00:00:00Z"), 7,
           "signature is wrong")
    attack("signature-unexpected", "It is signed, but the core names no issuer.",
           reissue(FIRST, signature=b64(bytes(64))), 7, "names no issuer")
    lists = FIRST["snapshot"]["digests"]
    vector("checksum-wrong", "The checksum is wrong.", reissue(FIRST, checksum="00" * 32), 7, "snapshot")
    vector("checksum-wrong-beside-labels", "The checksum is wrong: digests that do not match accuse nothing else.",
           changed(changed(FIRST, "labels/organization", "Other"), "snapshot/checksum", "00" * 32), 7, "snapshot")
    vector("checksum-wrong-judges",
           "The checksum is wrong, but the digest of the core matches: a phrase can be judged.",
           reissue(FIRST, checksum="00" * 32), 4, "snapshot", phrases="none-of-these",
           says="not a phrase of this backup")
    vector("snapshot-malformed-judges-not", "Without the section nobody knows whether the core is whole.",
           changed(FIRST, "snapshot/id", "x"), 4, "snapshot", phrases="none-of-these", says="cannot be judged")
    vector("created-changed", "The time in the section was changed without the checksum.",
           changed(FIRST, "snapshot/created", "2027-01-01T00:00:00Z"), 7, "snapshot")
    for name, damaged in {"core": "core", "labels": "labels", "anchor": "anchor"}.items():
        vector("digest-of-" + name, "The digest of `%s` is another." % name, reissue(FIRST, {name: flip(lists[name])}),
               7, damaged)
    vector("digest-of-core-judges-not", "The digest of the core is another: a phrase cannot be judged.",
           reissue(FIRST, {"core": flip(lists["core"])}), 4, "core", phrases="none-of-these", says="cannot be judged")
    vector("digest-of-envelope", "The digest of an envelope is another.",
           reissue(FIRST, {"envelopes": [lists["envelopes"][0], "00" * 32, lists["envelopes"][2]]}), 7, "envelope 2")
    vector("digest-of-box", "The digest of a box is another.", reissue(FIRST, {"boxes": ["00" * 32]}), 7, "box 1")
    vector("digests-of-boxes-more", "A digest without its box.",
           reissue(FIRST, {"boxes": lists["boxes"] + ["00" * 32]}), 7, "boxes")
    vector("digests-of-boxes-twice", "The digest of a box stands twice.", reissue(FIRST, {"boxes": lists["boxes"] * 2}),
           7, "boxes")
    vector("digests-of-boxes-fewer", "A box without its digest.",
           reissue(BOTH, {"boxes": BOTH["snapshot"]["digests"]["boxes"][:1]}), 7,
           "boxes, box 2", contents="same")
    vector("digests-of-envelopes-more", "A digest without its envelope.",
           reissue(FIRST, {"envelopes": lists["envelopes"] + ["00" * 32]}), 7,
           "envelopes")
    vector("digests-of-envelopes-fewer", "An envelope without its digest.",
           reissue(FIRST, {"envelopes": lists["envelopes"][:2]}), 7,
           "envelopes, envelope 3")
    vector("labels-changed", "A name was changed without the digests.", changed(FIRST, "labels/organization", "Other"),
           7, "labels")
    vector("envelope-changed", "An envelope was changed without the digests.",
           changed(FIRST, "envelopes/1/sealed", flip64(FIRST["envelopes"][1]["sealed"])), 7, "envelope 2")
    vector("box-changed", "A box was changed without the digests.",
           changed(BOTH, "boxes/1/ciphertext", flip64(BOTH["boxes"][1]["ciphertext"])), 7, "box 2",
           says="does not open")
    vector("box-moved-away", "A box was taken out without the digests.", {**BOTH, "boxes": BOTH["boxes"][:1]}, 7,
           "boxes")
    vector("line-damaged", "A letter in a line is lost: the labels are not JSON.",
           edit(first, '"salt":"1731', '"salt:"1731'), 7, "labels, layout")
    vector("line-damaged-in-anchor", "A letter in a line is lost: the anchor is not JSON.",
           edit(first, '"base":{', '"base"{'), 7, "anchor, layout")
    # bases
    old = ("quorum", records(put("vaults", {"id": "v9", "name": "Old", "chain": "bitcoin"})))
    compacted = make([old, ("quorum", records(*RECORDS))], base=1)
    attack("base-removed", "The base of a compaction is set back: what it replaced counts again, and the mac is wrong.",
           reissue(changed(compacted, "anchor/base", {"digest": ZEROS, "position": 0})), 7,
           "not one that this backup's quorum made",
           contents="different")
    beyond = {**FIRST["anchor"], "base": place(FIRST["boxes"][0])}
    attack("base-over-all", "A base over all boxes: without the mac it supersedes nothing.",
           reissue({**FIRST, "anchor": beyond}), 7,
           "not one that this backup's quorum made")
    attack("base-beyond-sequences",
           "The base is at position 2^53 - 1, beyond the last.",
           reissue(changed(FIRST, "anchor/base/position", 2**53 - 1)), 7, "anchor", damaged="anchor")
    aside = make([old, ("quorum", records(*RECORDS))], base=1)
    header = {"created": "2026-02-03T04:05:06Z", "id": "00" * 16, "position": 1, "previous": ZEROS,
              "sealed_by": "public"}
    aside["boxes"] = [seal(CORE, header, records(VAULT)), aside["boxes"][1]]
    attack("box-beside-the-base", "A public box beside what a compaction replaced stays.", reissue(aside), 0,
           "no quorum has confirmed it",
           contents="same")
    deeper = make([old, old, ("quorum", records(*RECORDS))], base=2)
    header = {**header, "position": 2, "previous": digest("box", deeper["boxes"][1])}
    deeper["boxes"][1:2] = sorted([deeper["boxes"][1], seal(CORE, header, records(VAULT))],
                                  key=lambda box: digest("box", box))
    attack("position-beside-the-base", "A public box names the base as the one before it, and has its position too.",
           reissue(deeper), 7,
           "order", damaged="order", contents="same")
    fork = copy.deepcopy(BOTH)
    fork["boxes"].append(seal(CORE, {**BOTH["boxes"][1]["header"], "id": "00" * 16},
                              records({**VAULT, "item": {**VAULT["item"], "id": "v4"}})))
    fork["boxes"].sort(key=lambda box: (box["header"]["position"], digest("box", box)))
    attack("fork-of-public-boxes", "Two public boxes at one position: both count.", reissue(fork), 0,
           "no quorum has confirmed it",
           contents="different")
    fork["boxes"][1:] = fork["boxes"][:0:-1]
    attack("fork-in-another-order", "Two public boxes at one position, not in the order of their digests.",
           reissue(fork), 7,
           "no quorum has confirmed it", damaged="order", contents="different")
    beside = make([("quorum", records(*RECORDS)), vaults], last=1)
    second = seal(CORE, {**beside["boxes"][1]["header"], "id": "11" * 16}, records(VAULT))
    beside["boxes"] = beside["boxes"][:1] + sorted([beside["boxes"][1], second], key=lambda box: digest("box", box))
    beside["anchor"]["last"] = place(second)
    beside["anchor"]["mac"] = mac(CORE, beside["anchor"])
    attack("fork-of-quorum-boxes", "Two of the quorum's boxes at one position, and the anchor is after one of them.",
           reissue(beside), 7,
           "anchor) is older", contents="same")

# ---- what is inside boxes, sealed by a quorum, or by anybody who has the file ----
def boxes():
    def box(name, about, expect, more=(), says="Recovered", plain=None, **rest):
        s = of_first(*more) if plain is None else make([("quorum", plain)])
        vector("box-" + name, about, s, expect, verdict="INTACT", says=says, **{"contents": "different", **rest})
    def malformed(name, about, record): box(name, about, 7, [record], "malformed record", holds='"unknown_records"')
    def kept(name, about, record, holds, says="kept as they are"): box(name, about, 0, [record], says, holds=holds)
    vault, more = VAULT["item"], lambda item, **members: {**item, **members}
    good("box-with-more", "The quorum's box holds one vault more.", of_first(VAULT), contents="same")
    malformed("record-without-record", "A record that does not say what it is.", without(VAULT, "record"))
    malformed("record-number", "A record whose `record` is a number.", {**VAULT, "record": 1})
    malformed("record-no-object", "A record that is no object.", 7)
    malformed("record-array", "A record that is an array.", [VAULT])
    malformed("put-without-collection", "A put without a collection.", without(VAULT, "collection"))
    malformed("put-without-item", "A put without an item.", without(VAULT, "item"))
    malformed("put-of-a-list", "A put of an array.", {**VAULT, "item": [vault]})
    malformed("remove-without-id", "A removal without an id.", {"record": "remove", "collection": "vaults"})
    malformed("remove-of-empty-id", "A removal of an empty id.", {"record": "remove", "collection": "vaults", "id": ""})
    malformed("used-without-code", "A mark without a code.", {"record": "used", "account": ACCOUNT_ID})
    malformed("organization-without-name", "A name that is missing.", {"record": "organization"})
    malformed("organization-empty", "A name without characters.", {"record": "organization", "name": ""})
    malformed("origin-half", "An origin without its time.", {**VAULT, "origin": {"backup_id": "00" * 16}})
    malformed("text-of-257", "A text of 257 characters.", put("vaults", more(vault, name="\U0001f511" * 257)))
    malformed("text-empty", "A text without characters.", put("vaults", more(vault, chain="")))
    malformed("note-of-4097", "A note of 4,097 characters.", put("accounts", more(ACCOUNT, note="x" * 4097)))
    malformed("vault-without-name", "A vault without a name.", put("vaults", without(vault, "name")))
    malformed("vault-number-for-name", "A vault whose name is a number.", put("vaults", more(vault, name=7)))
    malformed("vault-address-empty", "A vault with an empty address.", put("vaults", more(vault, address="")))
    malformed("key-with-both", "A key with `private_key` and `shares`.",
              put("keys", more(KEY, shares=[{"party": "a", "value": "00" * 32}])))
    malformed("key-with-neither", "A key without `private_key` and `shares`.", put("keys", without(KEY, "private_key")))
    malformed("key-without-shares", "A key with no shares in `shares`.",
              put("keys", more(without(KEY, "private_key"), shares=[])))
    malformed("key-share-without-party", "A share of a key without its party.",
              put("keys", more(without(KEY, "private_key"), shares=[{"value": "00" * 32}])))
    malformed("key-upper-hex", "A private key in upper case.", put("keys", more(KEY, private_key="AB" * 32)))
    malformed("key-short", "A private key of 31 bytes.", put("keys", more(KEY, private_key="00" * 31)))
    malformed("key-of-other-type", "A public key of 33 bytes for EdDSA.",
              put("keys", more(KEY, key_type="EDDSA_ED25519")))
    malformed("key-type-unknown", "An unknown type of key.", put("keys", more(KEY, key_type="RSA")))
    malformed("key-chain-code-short", "A chain code of 31 bytes.", put("keys", more(KEY, chain_code="00" * 31)))
    malformed("used-not-a-code", "A used code that is none of the codes.",
              put("accounts", more(ACCOUNT, used=["9999"])))
    malformed("used-in-another-order", "Used codes in another order.",
              put("accounts", more(ACCOUNT, used=ACCOUNT["codes"][::-1])))
    malformed("used-twice", "A code is used twice.", put("accounts", more(ACCOUNT, used=ACCOUNT["codes"][:1] * 2)))
    malformed("codes-empty", "A code without characters.", put("accounts", more(ACCOUNT, codes=[""])))
    malformed("owners-no-array", "Owners that are one string.", put("accounts", more(ACCOUNT, owners="Ann")))
    malformed("kind-of-account-unknown", "An unknown kind of account.", put("accounts", more(ACCOUNT, kind="otp")))
    malformed("saved-february-30", "An account saved on a day that the calendar has not.",
              put("accounts", more(ACCOUNT, saved="2026-02-30T00:00:00Z")))
    kept("record-unknown", "A record of a newer version.", {"record": "teleport", "to": "Mars"}, '"teleport"')
    kept("collection-unknown", "A collection of a newer version.", put("pets", {"id": "cat"}), '"pets"')
    kept("collection-of-other-kind", "A collection of another kind of backup.",
         put("shares", SHARE_OF_ACME), '"shares"')
    kept("remove-of-unknown-collection", "A removal in a collection of a newer version.",
         {"record": "remove", "collection": "pets", "id": "cat"}, '"pets"')
    kept("member-beside-known", "A record with an unknown member is applied and kept.", {**VAULT, "colour": "red"},
         '"colour": "red"')
    kept("member-in-item", "An item with an unknown member is applied with it.",
         put("vaults", more(vault, colour="red")), '"colour": "red"')
    kept("member-beside-rule", "An item with an unknown member that holds an array.",
         put("vaults", more(vault, tags=[1, {"a": True}])), '"tags"')
    box("text-of-256", "A text of 256 characters beyond U+FFFF.", 0,
        [put("vaults", more(vault, name="\U0001f511" * 256))])
    box("note-of-4096", "A note of 4,096 characters.", 0, [put("accounts", more(ACCOUNT, note="x" * 4096))])
    box("key-of-old-export", "A type of key in lower case with MPC_ before it.", 0,
        [put("keys", more(KEY, id="k2", key_type="mpc_ecdsa_secp256k1"))], holds='"mpc_ecdsa_secp256k1"')
    box("key-with-shares", "A key in shares.", 0,
        [put("keys", more(without(KEY, "private_key"), id="k2", shares=[{"party": "a", "value": "00" * 31 + "01"}]))],
        holds='"party": "a"')
    box("origin", "A record carried over from another backup: a plain note.", 0,
        [{**VAULT, "origin": {"backup_id": "00" * 16, "created": "2025-01-01T00:00:00Z"}}], "carried over",
        contents="same")
    box("organization-again", "The last name that a quorum sealed counts.", 0,
        [{"record": "organization", "name": "New Cellar"}],
        holds='"organization": "New Cellar"')
    box("account-id-folds", "Case and spaces of an account's login do not matter.", 0,
        [put("accounts", more(ACCOUNT, login=" OPS\t"))],
        holds='" OPS\\t"')
    box("remove", "A removal by the quorum.", 0, [{"record": "remove", "collection": "vaults", "id": "v1"}])
    good_plain = canonical({"records": RECORDS})
    def unreadable(name, about, plain): box("plain-" + name, about, 7, says="Box 1 opened, but", plain=plain)
    unreadable("no-json", "A box that does not hold JSON.", b"records")
    unreadable("empty", "A box that holds nothing.", b"")
    unreadable("spaces", "A box that holds spaces.", b" " * 4096)
    unreadable("twice", "A name stands twice.", good_plain[:-1] + b',"records":[]}')
    unreadable("null", "null in a record.", edit(good_plain, b'"name":"Rent"', b'"name":null'))
    unreadable("fraction", "A number that is no integer.", edit(good_plain, b'"name":"Rent"', b'"name":"Rent","x":1.0'))
    unreadable("huge-number", "2^53 as a number.",
               edit(good_plain, b'"name":"Rent"', b'"name":"Rent","x":9007199254740992'))
    unreadable("surrogate", "A lone surrogate.", edit(good_plain, b'"name":"Rent"', b'"name":"\\ud800"'))
    unreadable("invalid-utf-8", "A byte that is not UTF-8.", edit(good_plain, b'"name":"Rent"', b'"name":"\xff"'))
    unreadable("nesting-17", "17 levels deep.", good_plain[:-1] + b',"x":' + b"[" * 16 + b"]" * 16 + b"}")
    unreadable("nesting-200", "200 levels deep.", good_plain[:-1] + b',"x":' + b"[" * 199 + b"]" * 199 + b"}")
    unreadable("line-end-in-quotes", "A raw line end inside quotes.",
               edit(good_plain, b'"name":"Rent"', b'"name":"Re\nnt"'))
    unreadable("more-after-it", "Something stands after the object.", good_plain + b"{}")
    unreadable("nul-padding", "Padded with NUL bytes.", good_plain + bytes(100))
    unreadable("bom", "A byte order mark before it.", b"\xef\xbb\xbf" + good_plain)
    unreadable("array", "An array of records.", canonical(RECORDS))
    unreadable("without-records", "An object without `records`.", b"{}")
    unreadable("records-no-array", "`records` is an object.", b'{"records":{}}')
    box("plain-nesting-16", "A member beside `records` is kept as a record of its own, 16 levels deep.", 0,
        says="kept as they are",
        plain=good_plain[:-1] + b',"x":' + b"[" * 15 + b"]" * 15 + b"}", holds='"x"')
    box("plain-no-records", "A box without records.", 0, plain=records())
    def public(name, about, says, *list_of_records, expect=7, **rest):
        vector("box-public-" + name, about, with_public(*list_of_records), expect, verdict="INTACT", says=says, **rest)
    public("put-over-quorum", "A public put over an item of the quorum changes nothing.", "a change was proposed",
           put("vaults", {"id": "v1", "name": "Mine", "chain": "bitcoin"}))
    public("remove-over-quorum", "A public removal of an item of the quorum changes nothing.", "removal was proposed",
           {"record": "remove", "collection": "vaults", "id": "v1"})
    public("account-over-quorum", "A public put over an account in other letters is over the same account.",
           "a change was proposed",
           put("accounts", {**ACCOUNT, "login": "OPS", "codes": ["6666"]}))
    public("organization-over-quorum",
           "A public name beside that of the quorum is a change proposed without the quorum.", "CHECK",
           {"record": "organization", "name": "Mine"})
    public("put", "A public put of something new.", "no quorum has confirmed it", VAULT, contents="same",
           expect=0)
    public("put-replaced", "A public put replaces a public one.", "no quorum has confirmed it",
           put("vaults", {"id": "v3", "name": "Old", "chain": "bitcoin"}), VAULT, contents="same", expect=0)
    public("key", "A key that no quorum sealed proves nothing.", "It proves nothing", put("keys", {**KEY, "id": "mine"}),
           contents="different", holds='"mine"')
    public("vault-without-key", "A public vault names a key that is not there.", "is not in this backup",
           put("vaults", {"id": "v3", "name": "Caf\u00e9", "chain": "bitcoin", "key_id": "none"}),
           contents="different", holds='"none"')
    public("account", "An account that somebody added contradicts nothing.", "added 2026-01-02 by somebody who had the file",
           put("accounts", {**ACCOUNT, "login": "mine"}), contents="different", holds='"mine"', expect=0)
    public("used", "A mark contradicts nothing.", "Recovered", {"record": "used", "account": ACCOUNT_ID,
           "code": ACCOUNT["codes"][0]}, contents="different", holds='"used"', expect=0)
    public("malformed", "A malformed record in a public box.", "malformed record", {"record": "put"},
           contents="different")
    vector("box-public-put-and-remove", "A public removal removes what a public put put.",
           with_public(VAULT, {"record": "remove", "collection": "vaults", "id": "v3"}), 0, verdict="INTACT")
    vector("box-public-unknown", "An unknown record in a public box.", with_public({"record": "teleport"}), 0,
           verdict="INTACT",
           says="no quorum has confirmed", contents="different", holds='"teleport"')
    nameless = [r for r in RECORDS if r["record"] != "organization"]
    vector("box-public-name-alone", "Only a public box gives the organization's name.",
           make([("quorum", records(*nameless)),
                 ("public", records({"record": "organization", "name": "Example Cellar"}))]), 0,
           verdict="INTACT", says="not sealed by a quorum")

# ---- phrases ----
def phrases():
    of = lambda name, about, expect, which, says: vector("phrases-" + name, about, FIRST, expect, verdict="INTACT",
                                                         phrases=which, says=says)
    of("none", "No phrase of this backup.", 4, "none-of-these", "not a phrase of this backup")
    of("one", "One phrase of two.", 4, "2", "1 of the 2 phrases")
    of("one-twice", "One phrase twice is one phrase.", 4, "2,2", "already entered")
    of("one-and-a-wrong-one", "One right phrase and a wrong one.", 4, "1,none-of-these", "not a phrase of this backup")
    of("enough-and-a-wrong-one", "Enough right phrases and a wrong one.", 7, "1,3,none-of-these",
       "not a phrase of this backup")

if __name__ == "__main__":
    for chapter in (good_files, json_rules, texts, cores, devices, sets, attacks, boxes, phrases): chapter()
    write()
