#!/usr/bin/env python3
"""Emergency reader for Conclave snapshots (format 1).

What it is for. A snapshot is an encrypted backup file. Some people each hold a phrase of words; when enough of them
come together, this short program opens the file, even if the main program no longer runs. It was written from the
format description (format.md, next to it) and from nothing else. It reads one file, changes nothing on the disk and
uses no network. Numbers such as "section 8" in the comments are the sections of that description.

What it needs. Python 3.9 or later, the package `cryptography` (50 or later):    pip install cryptography
and the word list of the backup's language: ../assets/wordlists/<language>.txt, or beside this program, or --words FILE.

How to run it.    python emergency_reader.py SNAPSHOT PHRASES > contents.json
SNAPSHOT is the file (also inside .gz, .zip, or an e-mail saved as .eml). PHRASES is a text file with one phrase in
each line; "1." or "name:" before a phrase is ignored; "-" means that you type the phrases, then end the input.
The contents are printed in clear: run it on a computer without a network, and send the output to a safe place.
What the program has to say goes to the other output (stderr); it never repeats a word of a phrase.

How it ends.  0: opened, and nothing that it looks at is wrong; lines marked "-" are to be known all the same, such as
what others added without a quorum. It derives no keys: addresses are not compared.
7: opened, but something does not check: read the lines marked "!".
3: the file cannot be used.  4: phrases are wrong or too few.
"""
import argparse, base64, datetime, email, gzip, hashlib, hmac, io, itertools, json, pathlib, re, sys, unicodedata
import zipfile, zlib
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

MIB, BAD, ZEROS = 1 << 20, object(), "0" * 64           # BAD stands for whatever does not parse or is not allowed

class Stop(Exception):
    """Ends the program: Stop(exit code, reason)."""

def say(text): print(text, file=sys.stderr)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def same(a, b): return hmac.compare_digest(a, b)
def b64(text): return base64.b64decode(text)
def unhex(text): return bytes.fromhex(text)
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
def digest(name, value): return sha256(b"conclave/v1/digest/" + name.encode() + b"\0" + canonical(value)).hex()
def without(value, *names): return {k: v for k, v in value.items() if k not in names}

# ---- JSON and the shape of things (sections 1 to 3 and 9) ----
def parse(text):
    whole = lambda s: int(s) if re.fullmatch("0|[1-9][0-9]{0,15}", s) and int(s) < 2**53 else BAD
    pairs = lambda p: dict(p) if len(dict(p)) == len(p) else tuple(p)                # a tuple: a name occurs twice
    return json.loads(text, object_pairs_hook=pairs, parse_int=whole, parse_float=lambda s: BAD,
        parse_constant=int)                                            # raises ValueError: NaN is not JSON

def strict(v, level=1):
    """Whether a parsed value keeps the rules of section 2. Nested too deep: raises RecursionError."""
    if isinstance(v, (dict, list, tuple)):
        if level > 16: raise RecursionError
        parts = [*v, *v.values()] if isinstance(v, dict) else v
        if isinstance(v, tuple): parts = [part for pair in v for part in pair]
        return all([strict(p, level + 1) for p in parts]) and not isinstance(v, tuple)
    return not re.search("[\ud800-\udfff]", v) if isinstance(v, str) else isinstance(v, int)

def fits(v, shape, more=False):
    """Whether a value has a shape; `more` allows unknown members. A member with "?" is optional."""
    if callable(shape): return bool(shape(v))
    if isinstance(shape, list): return type(v) is list and all(fits(i, shape[0], more) for i in v)
    known = {k.rstrip("?"): s for k, s in shape.items()}
    return (type(v) is dict and all(k in v or k.endswith("?") for k in shape)
            and all(fits(v[k], known[k], more) if k in known else more for k in v))

def matches(pattern): return lambda v: type(v) is str and re.fullmatch(pattern, v)
def hexa(n): return matches("[0-9a-f]{%d}" % (2 * n))
def number(low=0, high=2**53 - 1): return lambda v: type(v) is int and low <= v <= high
def one_of(*values): return lambda v: type(v) is type(values[0]) and v in values
def text(v, most=256): return type(v) is str and 1 <= len(v) <= most
def note(v): return text(v, 4096)
def coded(size=None):
    def check(v):
        try: return type(v) is str and base64.b64encode(b64(v)).decode() == v and size in (None, len(b64(v)))
        except ValueError: return False
    return check
def time(v):
    digits = matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")(v)
    try: return digits and datetime.datetime.fromisoformat(v[:-1])
    except ValueError: return False

CORE = {"suite": one_of(1), "backup_id": hexa(16), "kind": one_of("organization", "device", "codes"),
    "purpose": one_of("production", "training"), "method": one_of("phrase", "cloud-pin"), "threshold": number(1, 16),
    "shareholder_count": number(1, 16), "phrase?": {"words": one_of(12, 15, 18, 21, 24), "language": one_of("english",
    "chinese-simplified", "chinese-traditional", "czech", "french", "italian", "japanese", "korean", "portuguese",
    "spanish")}, "kdf": {"name": one_of("argon2id"), "memory_kib": number(19456, 1048576), "passes": number(1, 10),
    "lanes": number(1, 8), "salt": hexa(32)}, "phrase_commitments": [hexa(32)], "share_commitments": [hexa(32)],
    "wrapping_key_commitment": hexa(32),
    "public_key?": coded(1216), "labels_digest": hexa(32), "issuer?": hexa(32),
    "replaces?": {"backup_id": hexa(16), "core_digest": hexa(32)}}
ENVELOPE = {"number": number(1, 16), "sealed": coded(49)}
LABELS = {"delivery": text, "organization": text, "salt": hexa(32),
    "shareholders": [{"name": text, "number": number(), "email?": text}]}
LABELS_DEVICE = {"organizations": [{"changed": time, "id": text, "name": text}], "salt": hexa(32),
    "cloud?": {"account?": text, "provider": text}}
PLACE = {"digest": hexa(32), "position": number(0, 2**31 - 1)}
ANCHOR = {"base": PLACE, "last": PLACE, "sequence": number(), "envelopes": hexa(32), "labels": hexa(32),
    "mac": hexa(32), "unconfirmed?": lambda v: v is True}
few = lambda v: fits(v, [hexa(32)]) and len(v) <= 4096
DIGESTS = {"anchor": hexa(32), "boxes": few, "core": hexa(32), "envelopes": few, "labels": hexa(32)}
SNAPSHOT = {"id": hexa(16), "sequence": number(1, 2**31 - 1), "created": time, "digests": DIGESTS, "checksum": hexa(32),
    "previous": lambda v: fits(v, [hexa(32)]) and len(v) <= 2 and v == sorted(set(v)), "signature?": coded(64),
    "counts": {"accounts": number(), "codes": number(), "vaults": number()}}
BOX = {"ciphertext": coded(), "header": {"created": time, "id": hexa(16), "position": number(1, 2**31 - 1),
    "previous": hexa(32), "sealed_by": one_of("quorum", "public")}}
RECORDS = {"organization": {"record": text, "name": text}, "used": {"record": text, "account": text, "code": text},
    "put": {"record": text, "collection": text, "item": {}, "origin?": {"backup_id": hexa(16), "created": time}},
    "remove": {"record": text, "collection": text, "id": text}}
def day(v): return type(v) is str and len(v) == 10 and time(v + "T00:00:00Z")
SET = {"kind": one_of("single-use", "reusable", "rotating", "none"), "codes": [text], "used": [text], "saved": time,
    "expires?": day, "retired?": time}
ITEMS = {"keys": {"id": text, "name?": text, "key_type": matches("(?ai)(MPC_)?(ECDSA_SECP256K1|EDDSA_ED25519)"),
    "public_key": matches("[0-9a-f]{64}|[0-9a-f]{66}"),
    "chain_code?": hexa(32), "private_key?": hexa(32), "shares?": [{"party": text, "value": hexa(32)}]},
    "vaults": {"id": text, "name": text, "chain": text, "address?": text, "key_id?": text, "path?": text,
    "public_key?": text},
    "accounts": {"service": text, "login": text, "owners": [text], "note?": note, **SET,
    "set?": one_of("add", "replace"), "sets?": [SET]},
    "shares": {"organization": text, "name": text, "user": text, "device?": text, "changed": time,
    "shares": [{"id": text, "value": matches("[ -~]{1,262144}")}]}}

def item_fits(collection, item):
    if not fits(item, ITEMS[collection], more=True): return False
    if collection == "keys":
        digits = 66 if "ECDSA" in item["key_type"].upper() else 64
        one = ("private_key" in item) != ("shares" in item)
        return len(item["public_key"]) == digits and one and item.get("shares") != []
    if collection == "shares":
        ids = [share["id"] for share in item["shares"]]
        return 1 <= len(ids) <= 64 and len(set(ids)) == len(ids)
    if "set" in item and "sets" in item: return False
    in_order = lambda rest, used: all(code in rest for code in used)                 # some of the codes, in their order
    return all(in_order(iter(s.get("codes", [])), s.get("used", [])) for s in [item] + item.get("sets", []))

# ---- finding the text, and reading it (sections 5, 6, 14, 15) ----
def snapshots_in(data, depth=0):
    """The set of snapshot texts in a file, unpacking gzip, zip and e-mail up to four deep."""
    if len(data) > 96 * MIB: raise Stop(3, "the file is larger than 96 MiB")
    inner, head = [], re.match(rb"(?:[!-9;-~]+:.*\n(?:[ \t].*\n)*)+\r?\n", data)      # the header of an e-mail
    usual = rb"(?im)^(From|Received|Return-Path|MIME-Version|Content-Type|Subject|Delivered-To):"
    if data[:2] == b"\x1f\x8b": inner = [gzip.GzipFile(fileobj=io.BytesIO(data)).read(96 * MIB + 1)]
    elif data[:4] == b"PK\3\4":
        archive = zipfile.ZipFile(io.BytesIO(data))
        inner = [archive.open(entry).read(96 * MIB + 1) for entry in archive.infolist()]
    elif head and re.search(usual, head[0]):
        inner = [part.get_payload(decode=True) or b"" for part in email.message_from_bytes(data).walk()]
    found = set().union(*[snapshots_in(d, depth + 1) for d in inner]) if depth < 4 else set()
    return found or ({data} if b'"conclave-snapshot"' in data or depth == 0 else set())

def clean(text):
    """Removes raw line ends and tabs inside quotes: mail programs break long lines."""
    return re.sub(r'"[^"\\]*(?:\\[\r\n\t]*[^\r\n\t][^"\\]*)*"', lambda m: re.sub("[\r\n\t]", "", m[0]), text)

def salvage(text):
    """The text is not JSON: reads the sections line by line."""
    def value(line):
        try: v = parse(clean(line[:-1] if line.endswith(",") else line)); strict(v, 3); return v
        except (ValueError, RecursionError): return BAD
    found, array = [], None
    for line in text.split("\n"):
        line = line[:-1] if line.endswith("\r") else line
        section, start = re.match('"(core|labels|anchor|snapshot)":', line), line in ('"envelopes":[', '"boxes":[')
        if array is not None and line and not section and not start and line not in ("],", "]", FIRST_LINE):
            array.append(value(line))
        elif line: array = [] if start else None
        if start: found.append((line[1:-3], array))
        elif section: found.append((section[1], value(line[section.end():])))
        elif line == FIRST_LINE: found += [("format", "conclave-snapshot"), ("version", 1)]
    return found

FIRST_LINE = '"format":"conclave-snapshot","version":1,'
def layout(s):
    """The exact bytes that a writer writes (section 5)."""
    rows = lambda name: b'"%b":[\n%b]' % (name.encode(), b",\n".join(map(canonical, s[name])) + b"\n" * bool(s[name]))
    line = lambda name: b'"%b":%b' % (name.encode(), canonical(s[name]))
    return b"{\n%b\n%b\n}\n" % (FIRST_LINE.encode(), b",\n".join([line("core"), rows("envelopes"), line("labels"),
        line("anchor"), line("snapshot"), rows("boxes")]))

def check_core(core):
    if not (strict(core, 2) and fits(core, CORE)): raise Stop(3, "`core` is malformed, or made by a newer version")
    t, n, kdf, kind, phrase = core["threshold"], core["shareholder_count"], core["kdf"], core["kind"], "phrase" in core
    if not ({"organization": 2 <= t <= n, "codes": t == 1, "device": t == n == 1}[kind]
            and kdf["memory_kib"] >= 8 * kdf["lanes"] and (phrase or kind == "device")
            and len(core["phrase_commitments"]) == len(core["share_commitments"]) == n
            and phrase == (core["method"] == "phrase") and ("public_key" in core) == (kind != "device")):
        raise Stop(3, "`core` is malformed: its members do not agree")

def unfolded(raw):
    """The texts without what mail servers put into long lines: a line end and a space, and `!` before them."""
    small = len(raw) <= 24 * MIB
    return [text for text in (re.sub(fold, b"", raw) for fold in (rb"\r?\n ", rb"!\r?\n ")) if small and text != raw]

def read(raw):
    """Section 6. What a mail server did to long lines is undone where the digests say so."""
    global say
    loud, tries = say, []
    for text in [raw] + unfolded(raw):
        said = []
        say = said.append
        try: tries.append((read_text(raw, text), said))
        except Stop as stop: tries.append((stop, said))
        finally: say = loud
    whole = [t for t in tries if not isinstance(t[0], Stop) and not t[0]["damaged"]]
    result, said = (whole or tries)[0]
    for line in said: say(line)
    if isinstance(result, Stop): raise result
    return result

def read_text(raw, text):
    """Says the verdict of `raw`; gives the sections that are well formed in `text`, and the names of what is DAMAGED."""
    if len(raw) > 64 * MIB: raise Stop(3, "the text is larger than 64 MiB")
    data, damaged = text[3:] if text[:3] == b"\xef\xbb\xbf" else text, []
    try:
        top = parse(clean(data.decode("utf-8")))
        if not isinstance(top, (dict, tuple)): raise Stop(3, "not a Conclave snapshot: it is no object")
        if len(top) > 1024: raise Stop(3, "more than 1,024 members")
        top = list(top.items()) if type(top) is dict else top
        for name, value in top: strict(value, 2)                       # the reading ends here when too deep
    except ValueError:
        top, damaged = salvage(data.decode("utf-8", "surrogateescape")), ["layout"]
    every = {}
    for name, value in top: every.setdefault(name, []).append(value)
    one = {name: values[0] for name, values in every.items() if len(values) == 1}
    if "core" not in one or one.get("format") != "conclave-snapshot" or not fits(one.get("version"), one_of(1)):
        raise Stop(3, "not a Conclave snapshot of format 1, or its first lines are lost or there twice: the original "
            "attachment is needed")
    core = one["core"]
    check_core(core)
    if set(every) - {"format", "version", "core", "envelopes", "labels", "anchor", "snapshot", "boxes"}:
        damaged.append("unknown")
    well = lambda v, shape: v if strict(v, 3) and fits(v, shape) else None
    shot = well(one.get("snapshot"), SNAPSHOT)
    sound = shot is not None and shot["checksum"] == digest("checksum", without(shot, "checksum"))
    if not sound: damaged.append("snapshot")
    listed = shot["digests"] if shot else {}
    core_known = listed.get("core") == digest("core", core)
    if sound and not core_known: damaged.append("core")
    people, device = list(range(1, core["shareholder_count"] + 1)), core["kind"] == "device"
    labels, anchor = well(one.get("labels"), LABELS_DEVICE if device else LABELS), well(one.get("anchor"), ANCHOR)
    if labels and not device and [p["number"] for p in labels["shareholders"]] != people: labels = None
    if labels and device:
        ids = [o["id"] for o in labels["organizations"]]
        if not 1 <= len(ids) <= 64 or ids != sorted(set(ids)): labels = None
    for name, value in (("labels", labels), ("anchor", anchor)):
        if value is None or sound and listed[name] != digest(name, value): damaged.append(name)
    array = lambda name: one[name] if type(one.get(name)) is list else []
    if len(array("boxes")) > 4096: raise Stop(3, "more than 4,096 boxes")
    if len(array("envelopes")) > 256: raise Stop(3, "more than 256 envelopes")
    envelopes, boxes = [], []                                          # (element, its digest), well-formed ones only
    for n, v in enumerate(array("envelopes"), 1):
        e = well(v, ENVELOPE)
        if e: envelopes.append((e, digest("envelope", e)))
        if not e or e["number"] != n or sound and [envelopes[-1][1]] != listed["envelopes"][n - 1:n]:
            damaged.append("envelope %d" % n)
    count = len(array("envelopes"))
    if count != len(people) or sound and count != len(listed["envelopes"]): damaged.append("envelopes")
    for n, v in enumerate(array("boxes"), 1):
        b = well(v, BOX)
        if b and device and b["header"]["sealed_by"] == "public": b = None
        if b: boxes.append((b, digest("box", b)))
        if not b or sound and boxes[-1][1] not in listed["boxes"]: damaged.append("box %d" % n)
    heads, base = {d: b["header"] for b, d in boxes}, anchor["base"] if anchor else {"position": 0, "digest": ZEROS}
    if type(one.get("boxes")) is not list or sound and (len(listed["boxes"]) != len(one["boxes"])
            or [d for d in listed["boxes"] if d in heads] != [d for b, d in boxes if d in listed["boxes"]]):
        damaged.append("boxes")
    def in_order(h):
        if h["previous"] in heads: return h["position"] == heads[h["previous"]]["position"] + 1
        after = h["position"] - base["position"]
        return after <= 0 or after == 1 and h["previous"] == base["digest"]
    sequence = [(b["header"]["position"], d) for b, d in boxes]
    if not any(name.startswith("box ") for name in damaged) and (
            sequence != sorted(set(sequence)) or not all(map(in_order, heads.values()))): damaged.append("order")
    for name in damaged: say("! DAMAGED: " + name)
    if not damaged:
        exact = raw == layout(one)
        say("INTACT: unchanged since it was written" if exact else "REFORMATTED: the same contents in another layout")
    if any(len(b64(b["ciphertext"])) > 44 * MIB + 16 + 1120 * (b["header"]["sealed_by"] == "public") for b, d in boxes):
        raise Stop(3, "a box is larger than the limit")
    if len({e["number"] for e, d in envelopes} & set(people)) < core["threshold"]:
        raise Stop(3, "fewer usable envelopes than phrases are needed: the original attachment is needed")
    boxes.sort(key=lambda e: (e[0]["header"]["position"], e[1]))
    return dict(core=core, core_known=core_known, labels=labels, anchor=anchor, snapshot=shot, damaged=damaged,
        envelopes=envelopes, boxes={d: b for b, d in boxes})

# ---- phrases and keys (sections 7 and 8) ----
def entropy_of(line, words, count):
    """BIP-39: the bytes that a phrase encodes, or a reason why it is none (a reason never holds a word)."""
    line = re.sub(r"^\s*\d+\s*[.)]|^[^:]*:", "", unicodedata.normalize("NFKD", line).lower())
    indices, typed = [], re.sub("^[^:]*:", "", line).split()
    if len(typed) != count: return "it has %d words, not %d" % (len(typed), count)
    for n, word in enumerate(typed, 1):
        fit = [w for w in words if w == word] or [w for w in words if len(word) >= 4 and w.startswith(word)]
        if len(fit) != 1: return "word %d is not in the word list" % n
        indices.append(words.index(fit[0]))
    bits, check = "".join(format(i, "011b") for i in indices), count // 3
    entropy = int(bits[:-check], 2).to_bytes(count * 4 // 3, "big")
    right = format(sha256(entropy)[0], "08b")[:check] == bits[-check:]
    return entropy if right else "a word is mistyped, or words changed places"

EXP = [1]
for _ in range(254): EXP.append(EXP[-1] << 1 ^ (0x11D if EXP[-1] & 0x80 else 0))
LOG = {v: i for i, v in enumerate(EXP)}

def combine(shares):
    """Shamir's secret sharing: the value at 0 of the polynomials through the shares {x: y}."""
    secret = bytearray(32)
    for x, y in shares.items():
        factor = sum(LOG[other] - LOG[other ^ x] for other in shares if other != x)
        for i in range(32):
            if y[i]: secret[i] ^= EXP[(LOG[y[i]] + factor) % 255]
    return bytes(secret)

class Keys:
    """The names of section 7, for one core."""
    def __init__(self, core):
        self.core, self.id = core, unhex(core["backup_id"])
        self.digest = sha256(self.label("core"), canonical(core))
    def label(self, s): return b"conclave/v1/%b/%b\0" % (self.core["purpose"].encode(), s.encode())
    def extract(self, secret): return hmac.digest(self.id, secret, "sha256")
    def expand(self, prk, name, more=b"", size=32):
        return HKDFExpand(hashes.SHA256(), size, self.label(name) + more).derive(prk)
    def phrase(self, entropy):
        kdf = self.core["kdf"]
        argon2 = Argon2id(salt=unhex(kdf["salt"]), length=32, iterations=kdf["passes"], lanes=kdf["lanes"],
            memory_cost=kdf["memory_kib"])
        return self.extract(argon2.derive(entropy))

def unseal(key, data, aad=None):
    """AES-256-GCM with key and nonce in one string; None when it does not open."""
    try: return AESGCM(key[:32]).decrypt(key[32:], data, aad)
    except Exception: return None

def shares_of(s, keys, secrets):
    """Whose each secret is: (what it is, its bytes or what is wrong with it). Gives the shares, and how much does not check."""
    core, shares, people, wrong = s["core"], {}, set(), 0
    for what, entropy in secrets:
        owner = []
        if type(entropy) is bytes:
            prk = keys.phrase(entropy)
            owner = [x for x, c in enumerate(core["phrase_commitments"], 1)
                if same(keys.expand(prk, "phrase-commitment", bytes([x])), unhex(c))]
        if len(owner) > 1: raise Stop(3, "%s fits two shareholders: the file is forged" % what)
        if not owner:
            why = entropy if type(entropy) is str else "it is well formed, but it belongs to something else"
            whose = "not a phrase of this backup" if core["method"] == "phrase" else "they do not open this backup"
            judged = whose if s["core_known"] else "cannot be judged: the file is damaged"
            say("! %s: %s (%s)" % (what, judged, why))
            wrong += 1
            continue
        x = owner[0]
        name = s["labels"]["shareholders"][x - 1]["name"] if s["labels"] and core["kind"] != "device" else "unnamed"
        who = {"codes": "owner", "device": "user"}.get(core["kind"], "shareholder")
        say("%s: %s %d (%s)" % (what, who, x, "".join(c if c.isprintable() else "?" for c in name)))
        people.add(x)
        key = keys.expand(prk, "envelope", bytes([x]) + keys.digest, 44)
        plain = [unseal(key, b64(e["sealed"]), keys.digest) for e, d in s["envelopes"] if e["number"] == x]
        good = [p[1:] for p in plain if p and len(p) == 33 and p[0] == x and same(
            sha256(keys.label("share-commitment"), keys.id, p), unhex(core["share_commitments"][x - 1]))]
        if good: shares[x] = good[0]
        else:
            wrong += 1
            say("! %s: cannot be judged: core is damaged" % what if "core" in s["damaged"]
                else "! %s: right, altered file: envelope %d does not open" % (what, x))
    if len(shares) < core["threshold"]:
        enough = len(people) >= core["threshold"] and "core" not in s["damaged"]
        raise Stop(3 if enough else 4, "%d of the %d phrases that are needed" % (len(shares), core["threshold"]))
    return shares, wrong

CLOUD_KEY = {"backup_id": hexa(16), "checksum": hexa(32), "format": one_of("conclave-cloud-key"), "key": hexa(32),
    "purpose": one_of("production", "training"), "version": one_of(1)}

def secret_of_cloud(core, arguments):
    """The cloud key and the PIN, as they go into the derivation."""
    if not arguments.cloud_key: raise Stop(4, "it needs the cloud key (--cloud-key) and the PIN (--pin): the cloud key is missing")
    if not arguments.pin: raise Stop(4, "it needs the cloud key (--cloud-key) and the PIN (--pin): the PIN is missing")
    try: k = parse(pathlib.Path(arguments.cloud_key).read_text("utf-8-sig"))
    except ValueError: k = None
    if not fits(k, CLOUD_KEY): raise Stop(3, "that is no cloud key file")
    if k["checksum"] != digest("cloud-key", {m: v for m, v in k.items() if m != "checksum"}):
        raise Stop(3, "the cloud key file is damaged")
    if (k["backup_id"], k["purpose"]) != (core["backup_id"], core["purpose"]):
        raise Stop(4, "the cloud key is of another backup")
    pin = next(iter(pathlib.Path(arguments.pin).read_text("utf-8-sig").splitlines()), "").strip()
    if not re.fullmatch("[0-9]{6,12}", pin): raise Stop(4, "a PIN has 6 to 12 digits")
    return unhex(k["key"]) + pin.encode()

def wrapping_key(keys, shares):
    target = unhex(keys.core["wrapping_key_commitment"])
    for chosen in itertools.combinations(sorted(shares), keys.core["threshold"]):
        key = combine({x: shares[x] for x in chosen})
        if same(keys.expand(keys.extract(key), "wrapping-key-commitment"), target):
            rest = [x for x in shares if x not in chosen]
            return key, [x for x in rest if not same(key, combine({i: shares[i] for i in (*chosen[1:], x)}))]
    raise Stop(3, "the phrases are right, but no choice of their shares gives the key: the file was altered")

def open_boxes(s, keys, wk):
    """Checks all that the key can check. Gives the records, as (who made them, record, beside the records?), and the red notes.
    Who: "" for the quorum, else words for those who added them."""
    core, anchor, boxes, shot, red, issued = s["core"], s["anchor"], dict(s["boxes"]), s["snapshot"], [], []
    prk = keys.extract(wk)
    seed = keys.expand(prk, "kem-seed")
    pair = hashlib.shake_256(seed).digest(96)
    lattice = mlkem.MLKEM768PrivateKey.from_seed_bytes(pair[:64])
    curve = x25519.X25519PrivateKey.from_private_bytes(pair[64:])
    private = hpke.MLKEM768X25519PrivateKey(lattice, curve)
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    if b64(core.get("public_key", base64.b64encode(public))) != public:
        red.append("the public key of the file is not the one of this backup")
    def back(at):
        """The digests from a box on along `previous`, as far as boxes are there, and the one that is not."""
        way = [at]
        while at in boxes: at = boxes[at]["header"]["previous"]; way.append(at)
        return way
    signed = keys.label("anchor") + keys.digest + canonical(without(anchor, "mac")) if anchor else b""
    genuine = anchor and same(hmac.digest(keys.expand(prk, "quorum-mac"), signed, "sha256"), unhex(anchor["mac"]))
    if not genuine:
        red.append("the anchor (the mark of the last quorum) is missing or not genuine")
    else:
        for d in back(anchor["base"]["digest"]): boxes.pop(d, None)                  # what a compaction replaced (12)
    if anchor:
        base, last = anchor["base"], anchor["last"]
        marked = back(last["digest"])
        box = boxes.get(last["digest"])
        there = box["header"]["position"] == last["position"] if box else last == base
        if not there or base["digest"] not in marked: red.append("boxes that the last quorum saw are not in the file")
        whole = len(s["envelopes"]) == core["shareholder_count"]                     # otherwise that is DAMAGED
        if whole and digest("envelopes", [d for e, d in s["envelopes"]]) != anchor["envelopes"]:
            red.append("the envelopes are not those that the last quorum saw")
    seen = set(marked) if genuine else set()
    found, weights = {}, []
    for d, box in boxes.items():
        head, data, plain = box["header"], b64(box["ciphertext"]), None
        quorum = head["sealed_by"] == "quorum"
        context = sha256(keys.label("box"), keys.digest, canonical(head))
        try:
            if quorum: plain = unseal(keys.expand(prk, "quorum-box", context, 44), data)
            else: plain = suite.decrypt(data, private, info=context)
            held = parse(plain.decode("utf-8"))
            if not (strict(held) and fits(held, {"records": lambda v: type(v) is list}, more=True)): raise ValueError
            if not bounded(held): raise ValueError
            heavy = weight(held) + sum(map(again, held["records"]))
            if heavy > 8388608 and quorum: raise ValueError
            if not quorum: weights.append((d not in seen, heavy, len(weights), d))
            found[d] = [(quorum, r, False) for r in held.pop("records")] + ([(quorum, held, True)] if held else [])
        except Exception: red.append("box %d (%s) does not open, or holds no records" % (head["position"], d[:8]))
        if plain is not None and quorum and anchor and d not in marked:
            red.append("a quorum's box is newer than the anchor: an older anchor was put back")
    room = 5242880                                                     # what all public boxes may weigh together (14)
    for _, heavy, _, d in sorted(weights):
        if heavy <= room: room -= heavy
        else:
            del found[d]
            red.append("box %d (%s), which anybody could have added, was not read: they hold too much" % (boxes[d]["header"]["position"], d[:8]))
    if shot and "signature" in shot or "issuer" in core:
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(unhex(core["issuer"])).verify(b64(shot["signature"]),
                keys.label("issuer") + keys.digest + canonical(without(shot, "signature", "checksum")))
            issued = set(shot["digests"]["boxes"])
        except Exception: red.append("the issuer's signature is missing, wrong, or of nobody")
    if core["purpose"] == "production" and (core["kdf"]["memory_kib"] < 65536 or core["kdf"]["passes"] < 3):
        red.append("the phrases are protected too weakly (KDF)")
    def who(d, quorum):
        if quorum: return ""
        by = ("issued", " by the key " + core["issuer"][:8]) if d in issued else ("added", " by somebody who had the file")
        return by[0] + " " + boxes[d]["header"]["created"][:10] + by[1]
    return [(who(d, quorum), r, beside) for d in boxes for quorum, r, beside in found.get(d, [])], red

# ---- the contents (sections 9 and 10) ----
def id_of(collection, item):
    if collection != "accounts": return item["organization" if collection == "shares" else "id"]
    fold = lambda v: re.sub("[A-Z]", lambda m: m[0].lower(), v.strip("\t\n\v\f\r "))
    return sha256(b"conclave/v1/account-id\0", canonical([fold(item["service"]), fold(item["login"])]))[:16].hex()

def weight(v):
    """What it counts (14): an object eight and one for each name, a string two."""
    if type(v) is dict: return 8 + sum(1 + weight(i) for i in v.values())
    return 1 + (sum(map(weight, v)) if type(v) is list else type(v) is str)

def again(r):
    """What a record counts besides (14): one that is kept in an object, or that is there twice, understood and as it stood."""
    if type(r) is not dict: return 9
    known = RECORDS.get(r["record"]) if type(r.get("record")) is str else None
    return weight(r) if known and set(r) - {name.rstrip("?") for name in known} else 0

def bounded(v, level=1):
    """Whether objects and lists are no longer than they may be (14)."""
    if type(v) is dict: return len(v) <= 1024 and all(bounded(i, level + 1) for i in v.values())
    return type(v) is not list or (level <= 2 or len(v) <= 65536) and all(bounded(i, level + 1) for i in v)

OF_ACCOUNT = ("service", "login", "owners", "note")
def united(item, added):
    """An account with the sets of codes that were added to it (10)."""
    set_of = lambda a: without(a, "set", "sets", *OF_ACCOUNT)
    sets = item.get("sets", []) + [set_of(item)]
    for a in added:
        if a.get("set") == "replace": sets = [{"retired": a["saved"], **s} for s in sets]
        sets.append(set_of(a))
    newest = max([n for n, s in enumerate(sets) if "retired" not in s], default=len(sets) - 1)
    top, others = sets[newest], [s for n, s in enumerate(sets) if n != newest and s["codes"]]
    top = dict(top, **{name: item[name] for name in OF_ACCOUNT if name in item})
    return dict(top, sets=others) if others else top

def say_added(standing, sets, daily, red, plain):
    """Names what no quorum confirmed: the first of each kind, and how many more. A key is a red note: it proves nothing."""
    named, more = {}, {}
    def add(kind, text):
        named[kind] = named.get(kind, 0) + 1
        if named[kind] > 20: more[kind] = more.get(kind, 0) + 1
        else: (red if kind == "keys" else plain).append(text)
    for key, (quorum, item, by) in standing.items():
        kind, name = key[0], item if key[0] == "organization" else item.get("name", item.get("service", key[1]))
        if not by or daily(key) or quorum and kind != "keys": continue
        proves = {"keys": "; it proves nothing", "vaults": "; its address was not compared"}.get(kind, "")
        add(kind, "%s %s: no quorum has confirmed it; %s%s" % (kind, ascii(name), by, proves))
    for key, added in sets.items():
        by = [by for by, _ in added if by]
        if by and not daily(key): add("sets", "accounts %s: codes were %s; no quorum has confirmed that"
            % (ascii(standing[key][1]["service"]), by[-1]))
    for kind, count in more.items():
        (red if kind == "keys" else plain).append("%d more of these (%s) that no quorum has confirmed" % (count, kind))

def contents_of(kind, records):
    collections = ["shares"] if kind == "device" else ["keys", "vaults", "accounts"]
    standing, proposed, sets, marks, foreign, unknown, red, plain = {}, {}, {}, {}, {}, [], [], []
    for by, r, beside in records:
        quorum = not by
        r = r if type(r) is dict else {"record": r}
        what, collection = r.get("record"), r.get("collection")
        strange = beside or type(what) is str and (what not in RECORDS
            or what in ("put", "remove") and type(collection) is str and collection not in collections)
        good = (not strange and type(what) is str and fits(r, RECORDS[what], more=True)
            and (what != "put" or item_fits(collection, r["item"])))
        if not good or not fits(without(r, "item"), without(RECORDS[what], "item")):
            unknown.append(r)
            if not quorum and (good or strange): plain.append("a record that no quorum has confirmed is not understood; " + by)
        if not good and not strange: red.append("a record is malformed; it is in unknown_records")
        if not good: continue
        if "origin" in r: plain.append("a record was carried over from an earlier backup without confirmation")
        if "origin" in r: by = by or "carried over, added " + r["origin"]["created"][:10]
        if what == "used":
            marks.setdefault(r["account"], set()).add(r["code"])
            foreign.setdefault(r["account"], {}).setdefault(r["code"], []).append(by)
            continue
        item = r["name"] if what == "organization" else r.get("item")               # None for a removal
        if what == "put" and not fits(item, ITEMS[collection]): plain.append("unknown fields in an item are kept")
        key = (what, "") if what == "organization" else (collection, r["id"] if what == "remove" else "")
        if what == "put": key = (collection, id_of(collection, item))
        if what == "put" and collection == "accounts" and "set" in item:             # it takes the place of nothing
            if key not in standing: standing[key] = (quorum, united(item, []), by)
            elif item not in [a for _, a in sets.get(key, [])]: sets.setdefault(key, []).append((by, item))
            continue
        if not quorum and standing.get(key, (False,))[0]:                            # never against the quorum
            if item != standing[key][1]: proposed.setdefault(key, []).append(r)
            continue
        standing.pop(key, None); proposed.pop(key, None); sets.pop(key, None)
        if item is not None: standing[key] = (quorum, item, by)
    daily = lambda key: kind == "codes" and key[0] == "accounts"                     # added to from day to day
    proposals = sum(map(len, proposed.values()))
    say_added(standing, {key: added for key, added in sets.items() if not standing[key][2]}, daily, red, plain)
    if proposals: red.append("%d change(s) proposed without the quorum are not applied: %s"
        % (proposals, ascii(["%s %s" % key for key in proposed])))
    if unknown: plain.append("there are unknown records or fields: see unknown_records")
    result = {"format": "conclave-contents", "version": 1}
    result["organization"] = standing.pop(("organization", ""), (True, ""))[1]
    others = 0                                                         # codes that only others marked
    for c in collections: result[c] = [standing[key][1] for key in sorted(standing) if key[0] == c]
    for n, item in enumerate(result.get("accounts", [])):
        key = ("accounts", id_of("accounts", item))
        item = united(item, [a for _, a in sets[key]]) if key in sets else item
        by_others = {c for c, who in foreign.get(key[1], {}).items() if "" not in who} - {c for s in [item]
            + item.get("sets", []) for c in s["used"]}
        others += 0 if daily(key) else len(by_others & {c for s in [item] + item.get("sets", []) for c in s["codes"]})
        def marked(s):
            used = marks.get(key[1], set()) | set(s["used"])
            return dict(s, used=list(dict.fromkeys(code for code in s["codes"] if code in used)))
        result["accounts"][n] = marked(item)
        if "sets" in item: result["accounts"][n]["sets"] = [marked(s) for s in item["sets"]]
    if others: plain.append("%d code(s) were marked as used without the quorum" % others)
    keys, vaults = {key["id"] for key in result.get("keys", [])}, result.get("vaults", [])
    missing = [v["id"] for v in vaults if "key_id" in v and v["key_id"] not in keys]
    if missing: red.append("the key of %d vault(s) is not in this backup: %s" % (len(missing), ascii(missing[:20])))
    if vaults: plain.append("0 of %d addresses were compared with their keys: this program derives none" % len(vaults))
    return dict(result, unknown_records=unknown) if unknown else result, red, plain

def secrets_of_phrases(core, arguments):
    if not arguments.phrases: raise Stop(4, "it needs a file of phrases, one a line")
    here, name = pathlib.Path(__file__).resolve().parent, core["phrase"]["language"] + ".txt"
    places = [here.parent / "assets" / "wordlists" / name, here / name]
    if arguments.words: places = [pathlib.Path(arguments.words)]
    place = next((p for p in places if p.is_file()), None)
    if not place: raise Stop(4, "the word list %s is not there: give it with --words" % name)
    words = unicodedata.normalize("NFKD", place.read_text("utf-8-sig")).split()
    if len(words) != 2048 or len(set(words)) != 2048: raise Stop(4, "the word list has not 2,048 different words")
    typed = sys.stdin.buffer.read() if arguments.phrases == "-" else pathlib.Path(arguments.phrases).read_bytes()
    lines = [line for line in typed.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    return [("phrase %d" % n, entropy_of(line, words, core["phrase"]["words"])) for n, line in enumerate(lines, 1)]

def run(arguments):
    with open(arguments.snapshot, "rb") as f: data = f.read(96 * MIB + 1)
    try: found = snapshots_in(data)
    except (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as e:
        raise Stop(3, "the container cannot be unpacked: %s" % e)
    if len(found) > 1: raise Stop(3, "two different snapshots are in this file: unpack it and give one of them")
    s = read(found.pop())
    core, keys = s["core"], Keys(s["core"])
    if core["method"] == "phrase": secrets = secrets_of_phrases(core, arguments)
    else: secrets = [("the cloud key and the PIN", secret_of_cloud(core, arguments))]
    shares, wrong = shares_of(s, keys, secrets)
    wk, off = wrapping_key(keys, shares)
    records, red = open_boxes(s, keys, wk)
    red += ["the share of shareholder %d does not belong to the others" % x for x in off]
    contents, more, plain = contents_of(core["kind"], records)
    if s["labels"] and core["kind"] == "device":
        if s["anchor"] and digest("labels", s["labels"]) != s["anchor"]["labels"]:
            more.append("the list of organizations in the file was altered")
    elif s["labels"] and digest("labels", s["labels"]) != core["labels_digest"]:
        plain.append("the names are not those of the ceremony")
    if s["anchor"] and s["anchor"].get("unconfirmed"):
        plain.append("this file was never confirmed: nobody has shown that the papers open it")
    if s["snapshot"] and core["kind"] != "device":
        found = {c: len(contents[c]) for c in ("accounts", "vaults")}
        found["codes"] = sum(len(s["codes"]) for a in contents["accounts"] for s in [a] + a.get("sets", []))
        plain += ["%d %s, more than the file claims (%d)" % (found[c], c, n)
            for c, n in s["snapshot"]["counts"].items() if found[c] > n]
    for line in dict.fromkeys(red + more): say("! " + line)
    for line in dict.fromkeys(plain): say("- " + line)
    sys.stdout.buffer.write(json.dumps(contents, sort_keys=True, indent=1).encode("ascii") + b"\n")
    return 7 if wrong or red or more or s["damaged"] else 0

def main():
    parser = argparse.ArgumentParser(description="Opens a Conclave snapshot (format 1) with its phrases.")
    parser.add_argument("snapshot")
    parser.add_argument("phrases", nargs="?", help="a file with one phrase a line; - reads standard input")
    parser.add_argument("--cloud-key", help="the cloud key file of a device backup")
    parser.add_argument("--pin", help="a file whose first line is its PIN")
    parser.add_argument("--words", help="the word list to use")
    try: code = run(parser.parse_args())
    except Stop as stop: code = say(str(stop.args[1])) or stop.args[0]
    except (OSError, MemoryError) as e: code = say("cannot read, or not enough memory: %s" % e) or 3
    except RecursionError: code = say("the file is nested too deeply") or 3
    sys.exit(code)

if __name__ == "__main__": main()
