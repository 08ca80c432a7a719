//! What files cost the real program, good ones and those that somebody forged: peak memory and time as the system counts them, and
//! again under a limit of the address space, where nothing may end by a signal. Prints a table.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use conclave::domain::inventory::Fields;
use conclave::snapshot::container::unpack;
use conclave::snapshot::delivery;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;

use crate::support::containers;
use crate::support::forger::{records, with_boxes};
use crate::support::*;

/// The training derivation at its floor, which the budget does not count.
const DERIVATION: u64 = 19 << 20;
/// A program that does nothing, with its libraries and threads.
const IDLE: u64 = 12 << 20;
/// What a hostile file may cost beyond 2.2 times its unpacked text.
const HOSTILE: u64 = 200 << 20;
const SECONDS: f64 = 4.0;
const ADDRESS_SPACE: u64 = 600 << 20;

/// Runs its arguments, the first of which is a limit of the address space or 0: prints exit code, peak memory in KiB, seconds.
const RUN: &str = "import resource,subprocess,sys,time
limit=int(sys.argv[1])
def set():
    if limit: resource.setrlimit(resource.RLIMIT_AS,(limit,limit))
begun=time.monotonic()
code=subprocess.run(sys.argv[2:],preexec_fn=set,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL,stdin=subprocess.DEVNULL).returncode
print(code,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,time.monotonic()-begun)";

struct Cost {
    code: i32,
    peak: u64,
    seconds: f64,
}

struct Room {
    folder: tempfile::TempDir,
    snapshot: Snapshot,
}

impl Room {
    fn new(records: Vec<Fields>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (snapshot, phrases) = found(plan(2, 3), records, &CachedArgon2::default(), &mut Seeded::new("hostile"));
        let lines: Vec<String> = phrases.iter().map(words_of).collect();
        fs::write(folder.path().join("phrases.txt"), lines.join("\n")).unwrap();
        Self { folder, snapshot }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(limit: u64, arguments: &[&str]) -> Option<Cost> {
        let mut python = bare_python()?;
        python.args(["-c", RUN, &limit.to_string(), PROGRAM]).args(arguments);
        let output = python.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [code, peak, seconds] = parts[..] else { panic!("{text}{}", String::from_utf8_lossy(&output.stderr)) };
        Some(Cost {
            code: code.parse().unwrap(),
            peak: peak.parse::<u64>().unwrap() << 10,
            seconds: seconds.parse().unwrap(),
        })
    }

    fn recover(&self, file: &Path, form: &str, limit: u64) -> Option<Cost> {
        let (file, phrases, out) = (file.to_owned(), self.path("phrases.txt"), self.path("out.json"));
        let _ = fs::remove_file(&out);
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let (file, phrases, out) = (text(&file), text(&phrases), text(&out));
        Self::run(limit, &["recover", &file, "--phrases", &phrases, "--out", &out, "--format", form, "--plaintext"])
    }
}

/// In tenths: that is as good as the system counts.
fn mib(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 104_858).unwrap_or(u32::MAX)) / 10.0
}

fn words_of(phrase: &conclave::domain::phrase::Phrase) -> String {
    phrase.reveal_words().join(" ")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn mail(header: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.org\nMIME-Version: 1.0\n{header}\n{body}").into_bytes()
}

/// A file, how it is made, and the exit codes that it may end with.
type Hostile<'a> = (&'static str, Box<dyn Fn() -> Vec<u8> + 'a>, &'static [i32]);

fn vault(n: usize) -> String {
    format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"{n}","name":"{n}","chain":"c"}}}}"#)
}

fn vault_under_key(n: usize) -> String {
    format!(
        r#"{{"record":"put","collection":"vaults","item":{{"id":"{n}","name":"{n}","chain":"bitcoin","key_id":"k","path":"m","address":"{n}"}}}}"#
    )
}

fn key(n: usize) -> String {
    format!(
        r#"{{"record":"put","collection":"keys","item":{{"id":"k{n}","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798","private_key":"{:064x}"}}}}"#,
        n + 1
    )
}

fn account(n: usize) -> String {
    let list = list(9_000, "0");
    format!(
        r#"{{"record":"put","collection":"accounts","item":{{"service":"{n}","login":"l","owners":[],"kind":"single-use","codes":["1"],"used":[],"saved":"2026-01-01T00:00:00Z","x":{list}}}}}"#
    )
}

fn members(n: usize) -> String {
    let members: Vec<String> = (0..1_000).map(|m| format!("\"{m:x}\":{n}")).collect();
    format!("{{{}}}", members.join(","))
}

fn list(count: usize, value: &str) -> String {
    format!("[{}]", vec![value; count].join(","))
}

/// What contradicts nothing that a quorum sealed: somebody added it, and that is a note.
fn noted((name, make, _): Hostile<'_>) -> Hostile<'_> {
    (name, make, &[0])
}

/// What opens, and is more than it should be.
fn opened(snapshot: &Snapshot) -> Vec<Hostile<'_>> {
    type Record = fn(usize) -> String;
    let boxes = |name, count: usize, each: usize, record: Record| -> Hostile<'_> {
        let plaintexts = move || (0..count).map(move |number| records(each, |n| record(n + number * each)));
        (name, Box::new(move || layout::to_bytes(&with_boxes(snapshot, plaintexts()))), &[7])
    };
    vec![
        boxes("4 boxes of half a million numbers", 4, 500_000, |_| "0".into()),
        boxes("17 boxes of half a million numbers", 17, 500_000, |_| "0".into()),
        boxes("3 boxes of 130,000 vaults", 3, 130_000, vault),
        boxes("boxes of empty objects", 2, 650_000, |_| "{}".into()),
        boxes("boxes of empty lists", 2, 520_000, |_| "[]".into()),
        boxes("lists of numbers", 3, 75, |_| format!("{{\"a\":{}}}", list(60_000, "0"))),
        boxes("lists of short texts", 3, 40, |_| format!("{{\"a\":{}}}", list(60_000, "\"a\""))),
        boxes("objects of many members", 2, 2_200, members),
        noted(boxes("accounts with unknown lists", 1, 560, account)),
        boxes("removals", 2, 280_000, |_| r#"{"record":"remove","collection":"vaults","id":"v1"}"#.into()),
        boxes("names of the organization", 2, 300_000, |n| format!(r#"{{"record":"organization","name":"{n}"}}"#)),
        boxes("used marks", 2, 290_000, |n| format!(r#"{{"record":"used","account":"{n}","code":"1"}}"#)),
        boxes("keys", 1, 120_000, key),
        boxes("vaults under a genuine key", 1, 110_000, vault_under_key),
        boxes("other versions of a key", 1, 80_000, |n| {
            key(0).replace(r#""key_type""#, &format!(r#""name":"{n}","key_type""#))
        }),
        boxes("versions of a vault under a key", 1, 110_000, |n| {
            vault_under_key(n).replacen(&format!(r#""id":"{n}""#), r#""id":"v""#, 1)
        }),
        boxes("records with a member more", 1, 2_500, |n| {
            let item = members(n).replacen('{', r#"{"id":"v","name":"n","chain":"c","#, 1);
            format!(r#"{{"record":"put","collection":"vaults","more":1,"item":{item}}}"#)
        }),
        noted(boxes("accounts of one code", 1, 39, |n| {
            let item = account(n).replace(r#""codes":["1"]"#, &format!(r#""codes":{}"#, list(60_000, "\"1\"")));
            let id = conclave::domain::inventory::account_id(&n.to_string(), "l");
            format!(r#"{item},{{"record":"used","account":"{id}","code":"1"}}"#)
        })),
        boxes("lists in lists", 3, 26, |_| {
            format!("{{\"a\":{}{}{}}}", "[".repeat(11), list(60_000, "0"), "]".repeat(11))
        }),
        noted(boxes("4,000 small boxes", 4_000, 1, vault)),
    ]
}

fn zeros(count: usize) -> String {
    format!("\"{}\",", "0".repeat(64)).repeat(count)
}
const ATTACHMENT: &str = "--b\nContent-Transfer-Encoding: base64\nContent-Type: application/json; name=a\n\nQUJD\n";
const MULTIPART: &str = "Content-Type: multipart/mixed; boundary=b\n";
const FIRST: &str = "{\n\"format\":\"conclave-snapshot\",\"version\":1,\n";

/// What is refused, or read in part, before any phrase.
fn unopened(snapshot: &Snapshot) -> Vec<Hostile<'static>> {
    fn made(name: &'static str, codes: &'static [i32], make: impl Fn() -> Vec<u8> + 'static) -> Hostile<'static> {
        (name, Box::new(make), codes)
    }
    let text = String::from_utf8(layout::to_bytes(snapshot)).unwrap();
    // Packed, with something put before the first place of `from`.
    let before = |from: &'static str, what: fn() -> String| {
        let text = text.clone();
        move || gzip(text.replacen(from, &(what() + from), 1).as_bytes())
    };
    let behind = |from: &'static str, what: fn() -> String| {
        let text = text.clone();
        move || gzip(text.replacen(from, &format!("{from}{}", what()), 1).as_bytes())
    };
    let with_bytes = text.clone();
    let nested = String::from_utf8(delivery::mail(snapshot)).unwrap();
    vec![
        made("9 million members", &[3], before("\"core\"", || "\"a\":1,".repeat(9_000_000))),
        made("members of one name", &[3], before("\"core\"", || "\"core\":1,".repeat(6_000_000))),
        made(
            "2 million shareholders",
            &[7],
            behind("\"shareholders\":[", || "{\"name\":\"x\",\"number\":1},".repeat(2_000_000)),
        ),
        made("digests", &[7], behind("\"digests\":{", || format!("\"boxes\":[{}\"\"],", zeros(900_000)))),
        made("commitments", &[3], behind("\"phrase_commitments\":[", || zeros(900_000))),
        made("a long name in core", &[3], behind("\"core\":{", || format!("\"{}\":0,", "x".repeat(60_000_000)))),
        made("a long kind", &[3], behind("\"kind\":\"", || "\\u0001".repeat(9_000_000))),
        made("lines of cores", &[3], || gzip((FIRST.to_owned() + &"\"core\":0,\n".repeat(5_000_000)).as_bytes())),
        made("lines of lists", &[3], || gzip((FIRST.to_owned() + &"\"boxes\":[\n".repeat(4_000_000)).as_bytes())),
        made("not UTF-8", &[7], move || gzip(&[with_bytes.as_bytes(), &vec![0xff; 60_000_000]].concat())),
        made("breaks in quotes", &[7], before("\"core\"", || format!("\"{}\":0,", "\n".repeat(60_000_000)))),
        made("1,000 attachments", &[3], || mail(MULTIPART, &ATTACHMENT.repeat(990))),
        made("1,000 attachments in a large mail", &[3], || {
            mail(MULTIPART, &(ATTACHMENT.repeat(990) + &"x\n".repeat(40_000_000)))
        }),
        made("10 million parts", &[3], || mail(MULTIPART, &"--b\n\n".repeat(10_000_000))),
        made("headers", &[3], || mail(&"a:\n".repeat(30_000_000), "")),
        made("recipients", &[3], || mail(&format!("To: {}\n", "a,".repeat(45_000_000)), "")),
        made("attributes", &[3], || mail(&format!("Content-Type: a/b{}\n", ";a=b".repeat(20_000_000)), "")),
        made("parameters with numbers", &[3], || {
            let parameters = (0..90_000).map(|n| format!(";a{n}*1=x")).collect::<Vec<_>>().concat();
            mail(&format!("Content-Type: a/b{parameters}\n"), "")
        }),
        made("multiparts that are never closed", &[3], || {
            let inside = (1..16)
                .map(|n| format!("--b{}\nContent-Type: multipart/mixed; boundary=b{n}\n\n", n - 1))
                .collect::<Vec<_>>()
                .concat();
            mail("Content-Type: multipart/mixed; boundary=b0\n", &(inside + &"\n".repeat(90_000_000)))
        }),
        made("gzips that claim to be large", &[3], || {
            let mut small = gzip(b"x");
            let length = small.len() - 4;
            small.truncate(length);
            small.extend([0xff; 4]);
            let part = format!("--b\nContent-Transfer-Encoding: base64\n\n{}\n", data_encoding::BASE64.encode(&small));
            mail(MULTIPART, &part.repeat(990))
        }),
        made("a mail inside, encoded", &[3], || {
            let inner = mail(MULTIPART, &"--b\n\nx\n".repeat(2_000_000));
            let header = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n";
            mail(header, &data_encoding::BASE64_MIME.encode(&inner))
        }),
        made("encoded mails inside one another", &[3], || {
            let header = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n";
            let innermost = mail(MULTIPART, &"--b\n\nx\n".repeat(3_000_000));
            (0..3).fold(innermost, |inner, _| mail(header, &data_encoding::BASE64_MIME.encode(&inner)))
        }),
        made("zips in zips that swell", &[3], || {
            let swelling = gzip(&vec![b' '; 90 << 20]);
            let inner = containers::zip(&[("a", &swelling), ("b", &swelling), ("c", &swelling)]);
            gzip(&mail(
                "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n",
                &data_encoding::BASE64_MIME.encode(&containers::zip(&[("a", &inner), ("b", &inner)])),
            ))
        }),
        made("a gzip that is damaged far behind", &[3], || {
            let mut packed = gzip(&vec![b' '; 90 << 20]);
            let at = packed.len() - 12;
            packed[at] ^= 0x55;
            packed
        }),
        made("parts that look like nothing", &[3], || {
            mail(MULTIPART, &format!("--b\n\n{}\n", "words and more words\n".repeat(50_000)).repeat(90))
        }),
        made("lines of base64 in a text", &[3], || format!("{}\n-\n", "e".repeat(76)).repeat(1_200_000).into_bytes()),
        made("lines of base64 that begin like JSON", &[3], || {
            format!("eyJ{}\n-\n", "e".repeat(73)).repeat(1_200_000).into_bytes()
        }),
        made("mails inside one another", &[3], move || mail("Content-Type: message/rfc822\n", &mails(8, &nested))),
        made("a gzip of many members", &[3], || gzip(b" ").repeat(400_000)),
        made("a zip of a million entries", &[3], || {
            let directory = [b"PK\x01\x02".as_slice(), &[0; 42]].concat().repeat(1_000_000);
            let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
            let end: [&[u8]; 5] = [b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff", &size, &4_u32.to_le_bytes(), &[0, 0], &[]];
            [b"PK\x03\x04".as_slice(), &directory, &end.concat()].concat()
        }),
    ]
}

fn mails(levels: usize, inner: &str) -> String {
    (0..levels).fold(inner.to_owned(), |inner, _| {
        format!("From: a@example.org\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n{inner}")
    })
}

/// Bytes of the text that a file unpacks to, or of the file where it unpacks to nothing.
fn unpacked(bytes: &[u8]) -> u64 {
    let inside = if bytes.starts_with(b"\x1f\x8b") {
        let mut text = Vec::new();
        let read = std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut text);
        read.map_or(0, |_| text.len())
    } else {
        unpack(bytes.to_vec(), "x").map_or(0, |unpacked| unpacked.text.len())
    };
    inside.max(bytes.len()) as u64
}

#[test]
fn no_file_costs_more_memory_than_it_may() {
    let room = Room::new(small_records());
    println!("{:<38}{:>9}{:>9}{:>9}{:>7}{:>6}{:>7}", "file", "unpacked", "peak", "allowed", "time", "exit", "600MB");
    let mut faults = Vec::new();
    let all = opened(&room.snapshot).into_iter().chain(unopened(&room.snapshot));
    // Each takes seconds, so that all of them are for the full count.
    for (name, make, codes) in all.step_by(if is_full() { 1 } else { 9 }) {
        let file = room.path("hostile");
        let bytes = make();
        fs::write(&file, &bytes).unwrap();
        let text = unpacked(&bytes);
        drop(bytes);
        // In this form every key is derived.
        let form = if name.contains("key") { "keys" } else { "json" };
        let Some(cost) = room.recover(&file, form, 0) else { return };
        let limited = room.recover(&file, form, ADDRESS_SPACE).unwrap();
        let allowed = DERIVATION + IDLE + HOSTILE + text * 22 / 10;
        println!(
            "{name:<38}{:>8.1} {:>8.1} {:>8.1} {:>6.2}{:>6}{:>7}",
            mib(text),
            mib(cost.peak),
            mib(allowed),
            cost.seconds,
            cost.code,
            limited.code
        );
        if cost.peak > allowed {
            faults.push(format!("{name}: {:.1} MiB", mib(cost.peak)));
        }
        if !codes.contains(&cost.code) || (limited.code != cost.code && limited.code != 6) {
            faults.push(format!("{name}: exit codes {} and {}", cost.code, limited.code));
        }
        // A test build on a busy machine is slower; a hang is found all the same.
        let seconds = if cfg!(debug_assertions) { 20.0 * SECONDS } else { 2.0 * SECONDS };
        if cost.seconds > seconds {
            faults.push(format!("{name}: {:.1} s", cost.seconds));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_large_good_file_is_loaded_in_little_more_than_its_size() {
    let vaults = if is_full() { 100_000 } else { 20_000 };
    let mut all = small_records();
    let record = |kind: &str, item: String| {
        Fields::parse(format!(r#"{{"record":"put","collection":"{kind}","item":{item}}}"#).as_bytes()).unwrap()
    };
    all.extend((0..vaults).map(|n| {
        record("vaults", format!(r#"{{"id":"{n:032x}","name":"Vault {n}","chain":"ethereum","key_id":"k","path":"m","address":"0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}}"#))
    }));
    all.extend((0..vaults / 20).map(|n| {
        let codes: Vec<String> = (0..10).map(|code| format!("\"{n:05}-{code:05}\"")).collect();
        record("accounts", format!(r#"{{"service":"S{n}","login":"ops","owners":["Ann"],"kind":"single-use","codes":[{}],"used":[],"saved":"2026-01-01T00:00:00Z"}}"#, codes.join(",")))
    }));
    let room = Room::new(all);
    let file = room.path("good.json");
    fs::write(&file, layout::to_bytes(&room.snapshot)).unwrap();
    fs::write(room.path("good.eml"), delivery::mail(&room.snapshot)).unwrap();
    for name in ["good.json", "good.eml"] {
        let path = room.path(name);
        let size = fs::metadata(&path).unwrap().len();
        let Some(cost) = Room::run(0, &["verify", path.to_str().unwrap()]) else { return };
        let times = mib(cost.peak.saturating_sub(IDLE)) / mib(size);
        println!("{name}: {vaults} vaults, {size} bytes; verify {times:.2} times the file, {:.2} s", cost.seconds);
        assert_eq!(cost.code, 0);
        assert!(times <= 2.2, "{times:.2} times the file");
    }
    let cost = room.recover(&file, "json", 0).unwrap();
    println!("recover: {:.1} MiB, {:.2} s", mib(cost.peak), cost.seconds);
    assert_eq!(cost.code, 0);
}
