"""Derive the private key of every vault of the training backups, from their frozen contents.

The derivation shares no code with the project: secp256k1 by bip_utils, ed25519
by PyNaCl with make_training_contents.py. Only training material.

    python make_training_keys.py ASSETS FILE            write the file
    python make_training_keys.py ASSETS FILE --check    compare with the file there
"""

import hmac
import json
import sys
from pathlib import Path

from make_training_contents import ED, ENDIAN, ORDER, ed_point, secp_node


def private_key(key):
    """The number, from one private key or from the shares that add up to it."""
    key_type = key["key_type"]
    parts = [key["private_key"]] if "private_key" in key else [s["value"] for s in key["shares"]]
    return sum(int.from_bytes(bytes.fromhex(part), ENDIAN[key_type]) for part in parts) % ORDER[key_type]


def child(key, path):
    """The private key of the child at `path`, as hexadecimal in the order of its type."""
    value, chain_code = private_key(key), bytes.fromhex(key["chain_code"])
    if key["key_type"] != ED:
        return secp_node(value, chain_code).DerivePath(path[2:]).PrivateKey().Raw().ToHex()
    for step in map(int, path[2:].split("/")):
        data = ed_point(value) + b"\x00" + step.to_bytes(4, "big")
        mac = hmac.digest(chain_code, data, "sha512")
        value, chain_code = (value + int.from_bytes(mac[:32], "big")) % ORDER[ED], mac[32:]
    return value.to_bytes(32, "little").hex()


def main(arguments):
    check = "--check" in arguments
    places = [a for a in arguments if a != "--check"]
    if len(places) != 2:
        print("usage: make_training_keys.py ASSETS FILE [--check]", file=sys.stderr)
        return 2
    assets, file = map(Path, places)
    found = {}
    for sample in ("2-of-3", "3-of-5"):
        contents = json.loads((assets / sample / "expected.json").read_text())
        keys = {key["id"]: key for key in contents["keys"]}
        found[sample] = {
            vault["id"]: {"address": vault["address"], "name": vault["name"],
                          "private_key": child(keys[vault["key_id"]], vault["path"])}
            for vault in contents["vaults"]
        }
    text = json.dumps(found, sort_keys=True, indent=1) + "\n"
    if not check:
        file.write_text(text)
    elif file.read_text() != text:
        print(f"different: {file}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
