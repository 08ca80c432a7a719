#!/usr/bin/env python3
"""Runs docs/emergency_reader.py over snapshots/*.vector in one process and compares it with what each vector says.

A backup of a device is refused by `recover` and opened by the emergency reader: that one is left out. Prints what differs; exit code 1 when
anything does. Needs the package `cryptography` 50. What a vector is stands at the head of make_snapshots.py.
"""
import importlib.util, io, pathlib, sys, tempfile, types

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VECTORS = ROOT / "tests/vectors/snapshots"
EXAMPLE = ROOT / "docs/worked-example"
NONE_OF_THESE = "abandon " * 11 + "about"
OPENED_HERE_ONLY = {"core-kind-device"}

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("emergency_reader", ROOT / "docs/emergency_reader.py")
reader = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reader)

derive, derived = reader.Argon2id, {}


class Cached:
    """Argon2id that derives each phrase once."""

    def __init__(self, **numbers):
        self.numbers = numbers

    def derive(self, entropy):
        place = (entropy, tuple(sorted(self.numbers.items())))
        if place not in derived:
            derived[place] = derive(**self.numbers).derive(entropy)
        return derived[place]


reader.Argon2id = Cached


def run(folder, snapshot, phrases, vector):
    """Exit code, what was printed, what was said."""
    said, printed = [], io.BytesIO()
    (folder / "snapshot").write_bytes(snapshot)
    (folder / "phrases").write_text("\n".join(phrases), "utf-8")
    reader.say = said.append
    before = sys.argv, sys.stdout
    sys.argv = ["emergency_reader.py", str(folder / "snapshot")]
    given = [name for name in ("cloud-key", "pin") if name in vector]
    for name in given:
        (folder / name).write_text(vector[name], "utf-8")
        sys.argv += ["--" + name, str(folder / name)]
    if not given:
        sys.argv.append(str(folder / "phrases"))
    sys.stdout = types.SimpleNamespace(buffer=printed)
    try:
        reader.main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv, sys.stdout = before
    return code, printed.getvalue(), said


def differences(vector, code, printed, said):
    expected = int(vector["expect"])
    if code != expected:
        yield "it ended with %s, not %s" % (code, expected)
    if expected not in (0, 7):
        return
    damaged = sorted(line.partition("DAMAGED: ")[2] for line in said if "DAMAGED: " in line)
    if damaged != sorted(filter(None, vector.get("damaged", "").split(", "))):
        yield "it names %s as damaged" % (damaged or "nothing")
    verdict = next((line.split(":")[0] for line in said if line.startswith(("INTACT", "REFORMATTED"))), "DAMAGED")
    if verdict != vector.get("verdict", verdict):
        yield "it says %s" % verdict
    known = {(EXAMPLE / "expected.json").read_bytes(): "same", (VECTORS / "first.json").read_bytes(): "first"}
    found = known.get(printed, "different")
    if found != vector.get("contents", "same"):
        yield "it printed %s contents" % found
    if vector.get("holds", "").encode() not in printed:
        yield "the contents do not hold %s" % vector["holds"]


lines = (EXAMPLE / "phrases.txt").read_text("utf-8").splitlines()
count = failures = 0
with tempfile.TemporaryDirectory() as folder:
    for path in sorted(VECTORS.glob("*.vector")):
        if path.stem in OPENED_HERE_ONLY:
            continue
        head, _, snapshot = path.read_bytes().partition(b"\n\n")
        vector = dict(line.split(": ", 1) for line in head.decode().split("\n"))
        chosen = vector.get("phrases", "1,3").split(",")
        phrases = [lines[int(word) - 1] if word.isdigit() else NONE_OF_THESE for word in chosen]
        found = list(differences(vector, *run(pathlib.Path(folder), snapshot, phrases, vector)))
        count += 1
        if found:
            failures += 1
            print("%s: %s %s" % (path.stem, vector["about"], "; ".join(found)))
print("%d vectors read, %d failures" % (count, failures))
sys.exit(1 if failures or count < 80 else 0)
