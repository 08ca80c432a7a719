//! What is left in the memory of the real program after the wipe: no window of eight bytes of a phrase, an entropy, a key or a
//! code, as text, as raw bytes, or spread over the cells of a screen. While a secret is shown it must be found: else the search
//! would prove nothing.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;
#[path = "support/terminal.rs"]
mod terminal;

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use conclave::crypto::kdf::Argon2id;
use conclave::derivation::{MasterKey, address, import};
use conclave::domain::chain::Chain;
use conclave::domain::derivation_path::DerivationPath;
use conclave::domain::entropy::Entropy;
use conclave::domain::inventory::Contents;
use conclave::domain::key_type::KeyType;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::machine::entropy::OsEntropy;
use conclave::snapshot::v1::layout;
use data_encoding::HEXLOWER;
use portable_pty::CommandBuilder;
use support::plan;
use terminal::Terminal;

const F10: &str = "\x1b[21~";
/// As many bytes of a secret are looked for as the first words of a freed chunk cannot hide.
const WINDOW: usize = 8;

/// Something that must not be found, by name.
struct Secret {
    name: String,
    bytes: Vec<u8>,
}

/// Memory of a process that it can write to. `None` where the system does not let us look.
fn memory(process: u32) -> Option<Vec<Vec<u8>>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut regions = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (from, to) = fields.next()?.split_once('-')?;
        if !fields.next()?.starts_with("rw") {
            continue;
        }
        let from = u64::from_str_radix(from, 16).ok()?;
        let length = u64::from_str_radix(to, 16).ok()? - from;
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        memory.seek(SeekFrom::Start(from)).ok()?;
        if memory.read_exact(&mut bytes).is_ok() {
            regions.push(bytes);
        }
    }
    (!regions.is_empty()).then_some(regions)
}

/// Names of the windows that are in memory, as they stand and a screen cell apart.
fn found(regions: &[Vec<u8>], secrets: &[Secret]) -> Vec<String> {
    let cell = size_of::<ratatui::buffer::Cell>();
    let mut found = Vec::new();
    for secret in secrets {
        let is_phrase = secret.name.starts_with("phrase");
        let windows = secret.bytes.windows(WINDOW).enumerate();
        for (at, window) in windows.filter(|(_, window)| !is_phrase || window.contains(&b' ')) {
            for (apart, how) in [(1, ""), (cell, " over cells")] {
                let is_at = |region: &[u8], start: usize| {
                    window.iter().enumerate().all(|(index, byte)| region.get(start + index * apart) == Some(byte))
                };
                let is_in = |region: &Vec<u8>| {
                    (0..region.len()).any(|start| region[start] == window[0] && is_at(region, start))
                };
                if regions.iter().any(is_in) {
                    found.push(format!("{} from byte {at}{how}", secret.name));
                }
            }
        }
    }
    found
}

/// Whether eight characters of `typed` in a row stand in memory as keys do: four bytes each, some distance apart.
fn is_typed(regions: &[Vec<u8>], typed: &str) -> bool {
    let letters: Vec<u8> = typed.bytes().collect();
    let at = |region: &[u8], place: usize| match region.get(place..place + 4) {
        Some([letter, 0, 0, 0]) => Some(*letter),
        _ => None,
    };
    letters.windows(WINDOW).step_by(5).any(|window| {
        regions.iter().any(|region| {
            let starts = (0..region.len()).step_by(4).filter(|start| at(region, *start) == Some(window[0]));
            starts.into_iter().any(|start| {
                (4..=256).step_by(4).any(|apart| {
                    window.iter().enumerate().all(|(index, letter)| at(region, start + index * apart) == Some(*letter))
                })
            })
        })
    })
}

#[test]
fn typed_letters_are_found_where_they_are() {
    let mut region = vec![7; 4000];
    for (index, letter) in "zebra abandon".bytes().enumerate() {
        region[40 + index * 152..44 + index * 152].copy_from_slice(&[letter, 0, 0, 0]);
    }
    assert!(is_typed(&[region], "zebra abandon") && !is_typed(&[vec![0; 4000]], "zebra abandon"));
}

/// From the hand-over to a quorum, in as many ways as may leave something behind.
fn enter_phrases(console: &mut Terminal, phrases: &[Phrase]) {
    // The first phrase is typed, with a word of no list on the way, shown, and drawn in large letters.
    let words = phrases[0].reveal_words();
    console.press("\r").wait_screen("Phrase").press("abandin ").wait("Near:").press("\x1b[H").press(&words.join(" "));
    console
        .press("\x12")
        .wait("All words are SHOWN")
        .press("\x12")
        .press("\x02\x1b[A")
        .wait("Word 11")
        .press("\x02\x1b[F\r");
    console.wait("verified: ");
    // The second one is pasted with two words swapped, and mended by the search.
    let mut words = phrases[1].reveal_words();
    let place = (0..11).find(|place| words[*place] != words[place + 1]).unwrap();
    words.swap(place, place + 1);
    console.press("\r").wait_screen("Phrase").press(&format!("\x1b[200~{}\x1b[201~", words.join("\n"))).wait("pasted");
    console.press("y").wait("Pasted words in the list: 12").press("\r").wait_until("a refusal", |screen| {
        screen.contains("wrong checksum") || screen.contains("not a phrase of this backup")
    });
    console
        .press("\x10")
        .wait_screen("Repair")
        .press("\r")
        .wait("verified: ")
        .press("\x12")
        .wait(words[place])
        .press("\r");
}

#[test]
fn after_the_wipe_no_window_of_a_secret_is_in_memory() {
    let (mut bytes, mut chain_code) = ([0; 32], [0; 32]);
    OsEntropy.fill(&mut bytes).unwrap();
    OsEntropy.fill(&mut chain_code).unwrap();
    let key = HEXLOWER.encode(&bytes);
    let code = format!("{}-{}", &key[10..15], &key[20..25]);
    let master = MasterKey::of_private_key(KeyType::Ecdsa, &bytes, SecretBytes::copy_of(&chain_code)).unwrap();
    let child = master.child(&DerivationPath::parse("m/44/0/0/0/0").unwrap()).unwrap();
    let address = address::forms(&Chain::Bitcoin, child.public_key()).swap_remove(0).address;
    let wif = import::of_vault("bitcoin", Some(&address), &child).swap_remove(0).value.unwrap();
    let derived = child.private_key_hex().reveal().to_owned();
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar",
        "vaults":[{{"id":"v","name":"Rent","chain":"bitcoin","address":"{address}","key_id":"k","path":"m/44/0/0/0/0"}}],
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"{}","private_key":"{key}","chain_code":"{}"}}],
        "accounts":[{{"service":"Mail","login":"ops","owners":["Ann"],"kind":"single-use","codes":["{code}"],"used":[],
                     "saved":"2026-01-01T00:00:00Z"}}]}}"#,
        master.public_key_hex(),
        HEXLOWER.encode(&chain_code)
    );
    let kdf = Argon2id { available_memory: u64::MAX };
    let (snapshot, phrases) = found_backup(contents.as_bytes(), &kdf);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
    // Somebody's earlier export beside it: looking for other snapshots must not leave it in memory either.
    fs::write(folder.path().join("contents.json"), &contents).unwrap();

    let mut secrets = vec![
        Secret { name: "the private key as text".to_owned(), bytes: key.clone().into_bytes() },
        Secret { name: "the private key".to_owned(), bytes: bytes.to_vec() },
        Secret { name: "the code".to_owned(), bytes: code.clone().into_bytes() },
        Secret { name: "the chain code".to_owned(), bytes: chain_code.to_vec() },
        Secret { name: "the chain code as text".to_owned(), bytes: HEXLOWER.encode(&chain_code).into_bytes() },
        Secret { name: "the vault's key".to_owned(), bytes: HEXLOWER.decode(derived.as_bytes()).unwrap() },
        Secret { name: "the vault's key as text".to_owned(), bytes: derived.into_bytes() },
        Secret { name: "the vault's WIF".to_owned(), bytes: wif.reveal().as_bytes().to_vec() },
    ];
    let mut typed = Vec::new();
    for (number, phrase) in (1..).zip(&phrases[..2]) {
        let words = phrase.reveal_words();
        secrets.push(Secret { name: format!("entropy {number}"), bytes: phrase.reveal_entropy().to_vec() });
        // Windows that span two words: single words are in the word list anyway.
        for pair in words.windows(2) {
            let (end, start) =
                (&pair[0][pair[0].len().saturating_sub(WINDOW - 2)..], &pair[1][..pair[1].len().min(WINDOW - 2)]);
            secrets.push(Secret { name: format!("phrase {number}"), bytes: format!("{end} {start}").into_bytes() });
        }
        typed.push(words.join(" "));
    }

    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_conclave"));
    command.args(["recover", "snapshot.json"]);
    command.cwd(folder.path());
    command.env("TERM", "xterm");
    let mut console = Terminal::start(command, 80, 24);
    console.wait("Fingerprint").press("none\r").wait_screen("Hand-over");
    enter_phrases(&mut console, &phrases);
    console.wait_screen("Quorum").press("\r").wait_screen("Recovered");
    console.press("\r").wait("check ");
    console.choose("private_key");
    console.press("\r").wait(&key[..8]);
    let Some(shown) = memory(console.process_id()) else {
        assert!(std::env::var_os("CONCLAVE_REQUIRE_ALL").is_none(), "the memory of the program cannot be read");
        eprintln!(
            "skipped: the memory of the program cannot be read here (it needs root, or a kernel that lets a parent look)"
        );
        return;
    };
    let in_view = found(&shown, &secrets);
    for known in [
        "the private key as text from byte 0",
        "the private key as text from byte 0 over cells",
        "the code from byte 0",
    ] {
        assert!(in_view.iter().any(|name| name == known), "{known} must be found while it is there: {in_view:?}");
    }
    assert!(!in_view.iter().any(|name| name.starts_with("phrase") || name.starts_with("entropy")), "{in_view:?}");
    // Larger and smaller, so that buffers move.
    console.resize(120, 40).wait_until("the larger screen", |text| text.lines().count() > 30);
    console
        .resize(80, 24)
        .wait_until("the smaller screen", |text| text.lines().count() <= 24 && text.contains("Recovered"));
    // The key of a vault: rebuilt, shown, and as a code for cameras.
    console.press("\x1b").wait("[Keys").press("\x1b[C").wait("[Vaults").press("\r").wait("check ");
    console.choose("WIF");
    console.press("\r").wait(&wif.reveal()[..8]).press("q").wait("any camera").press("y").wait("▄▄▄").press("\r");
    // And everything into an encrypted file.
    console.wait("WIF:").press("\x1b").wait("[Vaults").press("e").wait("What is to be written").press("\r");
    console.wait("In which form").press("\r").wait("Where").press("\r").wait("recovered.kdbx").press("\r");
    console.wait("Made at random").press("\r").wait("Write this on paper");
    let text = console.text();
    let passphrase = text.split_once("back from there:").unwrap().1.split_whitespace().next().unwrap().to_owned();
    assert_eq!(passphrase.len(), 29, "{passphrase:?}");
    console.press("\r").wait("From the paper").press(&passphrase).press("\r").wait("Written and read back");
    secrets.push(Secret { name: "the passphrase".to_owned(), bytes: passphrase.into_bytes() });
    console.press(F10).wait_screen("Record").wait("Wiped.");
    let left = found(&memory(console.process_id()).unwrap(), &secrets);
    assert!(left.is_empty(), "after the wipe: {left:?}");
    let regions = memory(console.process_id()).unwrap();
    for (number, typed) in (1..).zip(&typed) {
        assert!(!is_typed(&regions, typed), "keys of phrase {number} after the wipe");
    }
    console.press("\r");
    assert_eq!(console.end(), 0);
}

/// The windows of a phrase that span two words and stand in no text of the program, and its entropy.
fn of_phrase(number: usize, phrase: &Phrase, texts: &str) -> Vec<Secret> {
    let words = phrase.reveal_words();
    let mut secrets = vec![Secret { name: format!("entropy {number}"), bytes: phrase.reveal_entropy().to_vec() }];
    for pair in words.windows(2) {
        let (end, start) = (&pair[0][pair[0].len().saturating_sub(WINDOW - 3)..], &pair[1][..pair[1].len().min(3)]);
        let window = format!("{end} {start}");
        if window.len() >= WINDOW && !texts.contains(&window[window.len() - WINDOW..]) {
            let bytes = window.as_bytes()[window.len() - WINDOW..].to_vec();
            secrets.push(Secret { name: format!("phrase {number}"), bytes });
        }
    }
    secrets
}

/// The phrase that is shown, as somebody copies it.
fn copied(console: &mut Terminal, number: usize) -> Phrase {
    console.press("\r").wait(&format!("Request to shareholder {number} ")).press("\r");
    console.wait(&format!("Phrase of shareholder {number} ")).wait("12. ").wait("I have written it down");
    let screen = console.text();
    let tokens: Vec<&str> = screen.split_whitespace().collect();
    let word = |number: usize| tokens[tokens.iter().position(|token| *token == format!("{number}.")).unwrap() + 1];
    Phrase::parse(&(1..=12).map(word).collect::<Vec<_>>().join(" "), support::ENGLISH).unwrap()
}

#[test]
fn a_ceremony_forgets_each_phrase_when_it_is_confirmed_and_everything_at_its_end() {
    let mut bytes = [0; 32];
    OsEntropy.fill(&mut bytes).unwrap();
    let key = HEXLOWER.encode(&bytes);
    let master = MasterKey::of_private_key(KeyType::Ecdsa, &bytes, None).unwrap();
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar","vaults":[],"accounts":[],
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"{}","private_key":"{key}"}}]}}"#,
        master.public_key_hex()
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inventory.json"), contents).unwrap();
    fs::create_dir(folder.path().join("stick")).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_conclave"));
    command.args(["backup", "--inventory", "inventory.json", "--export-dir", "stick"]);
    command.cwd(folder.path());
    command.env("TERM", "xterm");
    let mut console = Terminal::start(command, 80, 24);
    console.wait("Read: keys").press("\r").wait("page 2").press("\r").wait("page 3").press("Connie\r").wait("page 4");
    console.press("\r").wait("page 5").press("Ann\r").wait("1  Ann").press("Ben\r").wait("2  Ben").press("\r");
    console.wait("page 6").press("\r").wait("page 7").press("\r").wait("loses everything").press("\r").wait("page 8");
    console.press("a@example.org\r").wait("page 9").press("\r").wait("page 10").press("\r").wait("page 11").press("\r");
    console.wait("page 12").press("\r").wait("page 13").press("\r").wait("0 of 2 confirmed");
    let texts = support::texts();
    let mut secrets = vec![
        Secret { name: "the private key as text".to_owned(), bytes: key.into_bytes() },
        Secret { name: "the private key".to_owned(), bytes: bytes.to_vec() },
    ];
    let first = copied(&mut console, 1);
    let of_first = of_phrase(1, &first, &texts);
    let Some(shown) = memory(console.process_id()) else {
        assert!(std::env::var_os("CONCLAVE_REQUIRE_ALL").is_none(), "the memory of the program cannot be read");
        eprintln!("skipped: the memory of the program cannot be read here");
        return;
    };
    assert!(found(&shown, &of_first).iter().any(|name| name.starts_with("entropy 1")), "it is shown, so it is there");
    assert!(!found(&shown, &secrets).is_empty(), "what is to be sealed is there");
    // Typed back with a wrong word, seen again, typed back.
    let words = first.reveal_words();
    let mut wrong = words.clone();
    wrong[4] = if words[4] == "zebra" { "zone" } else { "zebra" };
    console.press("\r").wait("1. I have").press("yyy").wait_screen("Phrase").press(&wrong.join(" ")).press("\r");
    console.wait("is not what was shown").press("\x10").wait("Phrase of shareholder 1").press("\r").wait("1. I have");
    console.press("yyy").wait_screen("Phrase").press(&words.join(" ")).press("\r").wait("Confirmed: shareholder 1");
    console.resize(120, 40).wait_until("the larger screen", |text| text.lines().count() > 30);
    console
        .resize(80, 24)
        .wait_until("the smaller screen", |text| text.lines().count() <= 24 && text.contains("1 of 2 confirmed"));
    let left = found(&memory(console.process_id()).unwrap(), &of_first);
    assert!(left.is_empty(), "confirmed, and so forgotten: {left:?}");
    let second = copied(&mut console, 2);
    console.press("\r").wait("1. I have").press("yyy").wait_screen("Phrase");
    console.press(&second.reveal_words().join(" ")).press("\r").wait("2 of 2 confirmed").press("\r");
    console.wait("skip this").press("k").wait("yes, skip it").press("k").wait("0 of 2 verified").press("\r");
    console.wait_screen("Phrase").press(&words.join(" ")).press("\r").wait("1 of 2 verified");
    // The second one has begun to type when everybody leaves.
    console.press("\r").wait_screen("Phrase").press(&second.reveal_words()[..5].join(" ")).press("\x03");
    console.wait("VOID").press("y").wait_screen("Record").wait("Wiped.");
    secrets.extend(of_first);
    secrets.extend(of_phrase(2, &second, &texts));
    let regions = memory(console.process_id()).unwrap();
    let left = found(&regions, &secrets);
    assert!(left.is_empty(), "after the wipe: {left:?}");
    assert!(!is_typed(&regions, &words.join(" ")), "keys of phrase 1 after the wipe");
    console.press("\r");
    assert_eq!(console.end(), 5, "no backup was made");
}

/// A backup for phrases of words that no text of the program has in it: a sentence on the screen must not look like a phrase.
fn found_backup(contents: &[u8], kdf: &Argon2id) -> (conclave::snapshot::v1::model::Snapshot, Vec<Phrase>) {
    let mut seed = [0; 16];
    OsEntropy.fill(&mut seed).unwrap();
    let mut random = support::Seeded::new(HEXLOWER.encode(&seed));
    let words = support::words_of_no_text();
    let phrases: Vec<Phrase> = (0..3).map(|_| support::phrase_of(&words, &mut random)).collect();
    let records = Contents::read(contents).unwrap();
    (support::found_for(plan(2, 3), records, &phrases, kdf, &mut OsEntropy), phrases)
}
