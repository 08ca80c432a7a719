#!/usr/bin/env python3
"""Writes a part of arrivals/: archives, encrypted e-mails and damaged ones, as other programs and media leave the training backup
`2-of-3`, and what each must give (expected.json; the entries of files that were saved from real programs stay).
Needs Python 3.9, the package `cryptography` 50 and the program `zstd`.      python tests/vectors/make_arrivals.py

expected.json: `verdict` of what is read, or `named`, a part of what is said of what is not; `says`, a part of the remarks.
"""
import base64, bz2, datetime, email.message, gzip, io, json, lzma, pathlib, struct, subprocess, tarfile, zipfile, zlib
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

HERE = pathlib.Path(__file__).resolve().parent
FOLDER, SAMPLE = HERE / "arrivals", HERE.parent.parent / "assets" / "training" / "2-of-3" / "snapshot.json"
TEXT = SAMPLE.read_bytes()
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PIECE, PASSWORD, INTACT, DAMAGED = "one piece of a split archive", "protected with a password", "INTACT", "DAMAGED"
expected = json.loads((FOLDER / "expected.json").read_text())


def write(name, data, **gives):
    (FOLDER / name).write_bytes(data)
    expected[name] = gives


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def entry(name, packed, method, flags=0, extra=b"", length=len(TEXT)):
    """A zip archive of one entry by hand (APPNOTE, 4.3)."""
    name = name.encode()
    common = struct.pack("<HHHHHIIIHH", 51, flags, method, 0, 33, zlib.crc32(TEXT), len(packed), length, len(name), len(extra))
    local = b"PK\3\4" + common + name + extra + packed
    central = b"PK\1\2" + struct.pack("<H", 51) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    return local + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


SNAPSHOT_ZIP = zipped(("snapshot.json", TEXT))
write("zip_bzip2.zip", zipped(("snapshot.json", TEXT), method=zipfile.ZIP_BZIP2), named="packed with bzip2")
write("zip_lzma.zip", zipped(("snapshot.json", TEXT), method=zipfile.ZIP_LZMA), named="packed with LZMA")
zstd = subprocess.run(["zstd", "-c"], input=TEXT, stdout=subprocess.PIPE, check=True).stdout
write("zip_zstd.zip", entry("snapshot.json", zstd, 93), named="packed with zstd")
write("zip_xz.zip", entry("snapshot.json", lzma.compress(TEXT), 95), named="packed with xz")
write("zip_deflate64.zip", entry("snapshot.json", zlib.compress(TEXT)[2:-4], 9), named="packed with Deflate64")
# WinZip: what is packed is encrypted, and its method is in the extra field.
aes = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
write("zip_aes.zip", entry("snapshot.json", bytes(range(200)), 99, flags=1, extra=aes), named=PASSWORD)
write("zip_password.zip", entry("snapshot.json", bytes(range(200)), 8, flags=1), named=PASSWORD)
# A password for one entry, which is not the snapshot.
mixed = bytearray(zipped(("notes.txt", b"x" * 40), ("snapshot.json", TEXT)))
mixed[6] |= 1
mixed[mixed.index(b"PK\1\2") + 8] |= 1
write("zip_password_of_another_entry.zip", bytes(mixed), verdict=INTACT, says="read from snapshot.json, part 2 of the zip archive")
other = bytearray(zipped(("a.txt", b"x" * 40), ("snapshot.json", TEXT)))
other[8] = 14
other[other.index(b"PK\1\2") + 10] = 14
write("zip_method_of_another_entry.zip", bytes(other), verdict=INTACT, says="part 2 of the zip archive")

# Pieces (APPNOTE, 8.5): cut anywhere, or marked, with the number of the piece at the end of the directory.
half = len(SNAPSHOT_ZIP) // 2
write("split.zip.001", SNAPSHOT_ZIP[:half], named=PIECE)
write("split.zip.002", SNAPSHOT_ZIP[half:], named=PIECE)
write("split.z01", b"PK\7\x08" + SNAPSHOT_ZIP[:half], named=PIECE)
last = bytearray(SNAPSHOT_ZIP[half:])
at = last.rindex(b"PK\5\6")
last[at + 4 : at + 8] = struct.pack("<HH", 1, 1)
write("split.zip", bytes(last), named=PIECE)
# A first piece that holds all of the entry, and a mark where one piece was enough.
write("split_behind_the_entry.zip.001", SNAPSHOT_ZIP[: SNAPSHOT_ZIP.index(b"PK\1\2") + 9], verdict=INTACT, says="part 1 of the zip archive")
write("spanned_in_one.zip", b"PK00" + SNAPSHOT_ZIP, verdict=INTACT, says="part 1 of the zip archive")
write("unpacks_itself.exe", b"MZ" + bytes(510) + SNAPSHOT_ZIP, verdict=INTACT, says="part 1 of the zip archive")


def tar(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


TAR = tar(("folder/readme.txt", b"hello"), ("folder/snapshot.json", TEXT))
write("archive.tar", TAR, verdict=INTACT, says="read from folder/snapshot.json, part 2 of the tar archive")
write("archive.tar.gz", gzip.compress(TAR, mtime=0), verdict=INTACT, says="part 2 of the tar archive")
write("tar_cut.tar", TAR[: 3 * 512 + len(TEXT) - 300], verdict=DAMAGED, says=f"was read up to byte {len(TEXT) - 300} of {len(TEXT)}")

write("archive.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60), named="a 7z archive")
write("archive.rar", b"Rar!\x1a\7\1\0" + bytes(60), named="a RAR archive")
write("snapshot.json.xz", lzma.compress(TEXT), named="an xz file")
write("snapshot.json.zst", zstd, named="a zstd file")
write("snapshot.json.bz2", bz2.compress(TEXT), named="a bzip2 file")
write("outlook.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), named="an Outlook message")
write("outlook.pst", b"!BDN" + bytes(508), named="a mailbox of Outlook")
write("printed.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", named="a PDF")
write("letter.docx", zipped(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>"), ("word/media/image1.png", PNG)), named="a document of a word processor")


def mail(*parts, subtype="mixed", **parameters):
    """A whole e-mail: (header lines, body) of each part."""
    boundary = "=_b.1"
    head = "From: ann@example.org\r\nTo: backup@example.org\r\nSubject: snapshot\r\nMIME-Version: 1.0\r\n"
    more = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    lines = f'{head}Content-Type: multipart/{subtype}{more}; boundary="{boundary}"\r\n\r\n'
    for header, body in parts:
        lines += f"--{boundary}\r\n{header}\r\n\r\n{body}\r\n"
    return (lines + f"--{boundary}--\r\n").encode()


def lines_of(data):
    return base64.encodebytes(data).decode().replace("\n", "\r\n").strip()


def attached(name, data, kind="application/octet-stream"):
    return f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"', lines_of(data)


WORDS = ("Content-Type: text/plain; charset=utf-8", "See the attachment.")
JSON = attached("snapshot.json", TEXT, "application/json")
write("rar_in_mail.eml", mail(WORDS, attached("logo.png", PNG), attached("backup.rar", b"Rar!\x1a\7\1\0" + bytes(60))), named="backup.rar, part 3 of the e-mail, is a RAR archive")
write("attachment_was_taken_out.eml", mail(WORDS, attached("logo.png", PNG), attached("letter.pdf", b"%PDF-1.7\n")), named="there is no Conclave snapshot in this e-mail")
write("tar_in_mail.eml", mail(WORDS, attached("backup.tar.gz", gzip.compress(TAR, mtime=0))), verdict=INTACT, says="read from backup.tar.gz, part 2 of the e-mail")

# OpenPGP: armoured (RFC 3156), binary, and signed so that it can be read. What is encrypted is some bytes.
packet = b"\x8c\x0d\x04\x09\x03\x02" + bytes(range(8)) + b"\x60\xd2\xc0\x40\x01" + bytes(range(120))
armour = "-----BEGIN PGP MESSAGE-----\r\n\r\n" + lines_of(packet) + "\r\n-----END PGP MESSAGE-----"
write("pgp_encrypted.eml", mail(("Content-Type: application/pgp-encrypted", "Version: 1"), ('Content-Type: application/octet-stream; name="encrypted.asc"', armour), subtype="encrypted", protocol="application/pgp-encrypted"), named="an OpenPGP message")
write("pgp_in_the_text.eml", mail((WORDS[0], "Dear all,\r\n\r\n" + armour)), named="an OpenPGP message")
write("snapshot.json.gpg", packet, named="encrypted with OpenPGP, judged by its name")
signature = "-----BEGIN PGP SIGNATURE-----\n\n" + base64.encodebytes(bytes(range(96))).decode() + "-----END PGP SIGNATURE-----\n"
write("pgp_signed_to_be_read.asc", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + TEXT + signature.encode(), verdict=INTACT, says="it came signed with OpenPGP, and its signature was not checked")

# S/MIME (RFC 8551).
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ann")])
begin = datetime.datetime(2026, 1, 1)
certificate = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(7)
               .not_valid_before(begin).not_valid_after(begin + datetime.timedelta(days=9999)).sign(key, hashes.SHA256()))
inner = mail(WORDS, JSON)
inner = inner[inner.index(b"Content-Type") :]
enveloped = pkcs7.PKCS7EnvelopeBuilder().set_data(b"hello").add_recipient(certificate).encrypt(serialization.Encoding.DER, [])
head = b"From: ann@example.org\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
write("smime_encrypted.eml", head % b"enveloped-data" + lines_of(enveloped).encode() + b"\r\n", named="encrypted with S/MIME")
write("smime_encrypted.p7m", enveloped, named="encrypted with S/MIME")
# The first bytes of AuthEnvelopedData (RFC 5083), as an indefinite length has them.
authenticated = b"\x30\x80\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17\xa0\x80\x30\x80" + bytes(range(100))
write("smime_encrypted_and_authenticated.p7m", authenticated, named="encrypted with S/MIME")
pem = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(enveloped) + b"-----END PKCS7-----\n"
write("smime_encrypted.pem", pem, named="S/MIME")
signer = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(certificate, key, hashes.SHA256())
opaque = signer.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
write("smime_opaque_with_the_snapshot.eml", head % b"signed-data" + lines_of(opaque).encode() + b"\r\n", named="signed with S/MIME")
detached = signer.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
signed = inner.decode().split("\r\n\r\n", 1)
write("smime_signed_beside.eml", mail((signed[0].replace("=_b.1", "=_b.2"), signed[1].replace("=_b.1", "=_b.2").strip()), attached("smime.p7s", detached, "application/pkcs7-signature"), subtype="signed", protocol="application/pkcs7-signature"), verdict=INTACT, says="snapshot.json")

# Copied out of an e-mail, without its header.
write("copied_part.txt", "\r\n".join(["", *JSON[0].split("\r\n"), "", JSON[1], ""]).encode(), verdict=INTACT, says="read from snapshot.json, part 1 of the e-mail")
write("copied_part_with_its_lines.txt", f"--=_b.1\r\n{JSON[0]}\r\n\r\n{JSON[1]}\r\n--=_b.1--\r\n".encode(), verdict=INTACT, says="read from snapshot.json")
write("copied_half_of_the_header.txt", f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="snapshot.json"\r\n\r\n{JSON[1]}\r\n'.encode(), verdict=INTACT, says="read from snapshot.json")
write("copied_below_words.txt", f"Dear all,\r\n\r\nhere is the backup:\r\n\r\n{JSON[1]}\r\n\r\nRegards, Ann\r\n".encode(), verdict=INTACT, says="read from base64 in the")

# One wrong bit where all hangs on it.
whole = mail(WORDS, JSON)
for name, old, new in [
    ("flipped_boundary.eml", b'boundary="=_b.1"', b'boundary="=_b.3"'),
    ("flipped_boundary_name.eml", b"boundary=", b"boundazy="),
    ("flipped_type.eml", b"multipart/", b"multipast/"),
    ("flipped_encoding.eml", b"base64", b"base65"),
    ("flipped_encoding_name.eml", b"-Encoding: base64", b"-Encoding* base64"),
]:
    write(name, whole.replace(old, new, 1), verdict=INTACT, says="snapshot.json, part 2 of the e-mail" if b"64" in old else "read from snapshot.json")
at = whole.rindex(b"--=_b.1\r\n")
write("flipped_delimiter.eml", whole[: at + 5] + b"c" + whole[at + 6 :], verdict=INTACT, says="read from snapshot.json")
at = whole.index(b"filename=")
at = whole.index(b"\r\n\r\n", at)
write("flipped_empty_line.eml", whole[: at + 2] + b"\x0f" + whole[at + 3 :], verdict=INTACT, says="read from base64 in the e-mail")
start = at + 4
write("flipped_line_end_in_base64.eml", whole[: start + 76] + b"M" + whole[start + 77 :], verdict=INTACT, says=f"1 sign of its base64 is wrong, the first at byte 76 of {len(JSON[1])}")
far = start + 78 * 120 + 30
write("flipped_sign_to_padding.eml", whole[:far] + b"=" + whole[far + 1 :], verdict=DAMAGED, says="1 sign of its base64 is wrong")
write("cut_in_the_attachment.eml", whole[:far], verdict=DAMAGED, says=f"the e-mail ends after {far - start} bytes of it")
packed = bytearray(gzip.compress(TEXT, mtime=0))
packed[4000] ^= 8
write("flipped_bit.json.gz", bytes(packed), verdict=DAMAGED, says="this gzip file is damaged, and was read up to byte")

expected["eml_truncated.eml"]["says"] = "no line ends this part: the e-mail ends after"
expected["footer_after_base64.eml"]["says"] = "its base64 ends at byte"
expected["base64_one_bad_char.eml"]["says"] = "1 sign of its base64 is wrong"
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
