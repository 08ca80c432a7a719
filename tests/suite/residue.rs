//! What is left in the memory of the real program after the wipe, at every end that a journey can have: no window of eight bytes of a
//! phrase, an entropy, a key or a code, nor of anything that suite 1 computes from a phrase and its file (shares, PRKs, the keys of
//! envelopes and boxes, the wrapping key, the seed of the key pair), as text, as raw bytes, as the numbers of a hash, or spread over
//! the cells of a screen. While something is shown or held it must be found: else the search would prove nothing.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use conclave::crypto::kdf::Argon2id;
use conclave::derivation::{MasterKey, address, import};
use conclave::domain::chain::Chain;
use conclave::domain::derivation_path::DerivationPath;
use conclave::domain::entropy::Entropy;
use conclave::domain::inventory::Contents;
use conclave::domain::key_type::KeyType;
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::domain::wordlist::WordList;
use conclave::machine::entropy::OsEntropy;
use conclave::snapshot::backup::Backup;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::read::read;
use data_encoding::HEXLOWER;
use portable_pty::CommandBuilder;

use crate::support::scan::{Secret, WINDOW, found, found_keys, memory, names, of_key};
use crate::support::suite::of_suite;
use crate::support::terminal::{F10, Terminal};
use crate::support::{
    ENGLISH, PROGRAM, Seeded, backup, found_for, has_tool, phrases_of_no_text, plan, put_vault, texts, time,
    written_down,
};

#[test]
fn everything_is_found_where_it_is_in_whatever_form() {
    let mut region = vec![7; 4000];
    for (index, letter) in "zebra abandon".bytes().enumerate() {
        region[40 + index * 152..44 + index * 152].copy_from_slice(&[letter, 0, 0, 0]);
    }
    let region = [region];
    assert_eq!(
        found_keys(&region, "zebra abandon", ""),
        ["characters 1 to 8, 152 bytes apart", "characters 6 to 13, 152 bytes apart"]
    );
    assert_eq!(found_keys(&region, "zebra abandon", "a zebra about"), ["characters 6 to 13, 152 bytes apart"]);
    assert!(found_keys(&[vec![0; 4000]], "zebra abandon", "").is_empty());
    // A word alone is no phrase: a fingerprint on the screen may have it.
    let mut region = vec![0; 4000];
    for (index, letter) in "document".bytes().enumerate() {
        region[40 + index * 40] = letter;
    }
    assert!(found_keys(&[region.clone()], "zebra document abandon", "").is_empty());
    assert!(!found_keys(&[region], "document", "").is_empty());
    let key: Vec<u8> = (1..=32).map(|byte| byte * 7).collect();
    let secrets = of_key("key", &key);
    for secret in &secrets {
        for apart in [1, size_of::<ratatui::buffer::Cell>()] {
            let mut region = vec![0; 9000];
            secret.bytes[9..17].iter().enumerate().for_each(|(index, byte)| region[5 + index * apart] = *byte);
            let found = found(&[vec![0; 3], region], &secrets);
            assert_eq!(names(&found).into_iter().collect::<Vec<_>>(), [secret.name.as_str()]);
            assert_eq!(found.len(), 1);
        }
    }
    assert!(found(&[vec![0; 9000]], &secrets).is_empty());
}

/// A backup of 2 of 3 in a folder of its own, and everything of it that must not be left.
struct World {
    folder: tempfile::TempDir,
    phrases: Vec<Phrase>,
    /// The private key, and the import form of the vault's, as they are shown.
    key: String,
    wif: String,
    secrets: Vec<Secret>,
    /// What was typed of phrases.
    typed: Vec<String>,
}

impl World {
    fn new() -> Self {
        let (mut bytes, mut chain_code) = ([0; 32], [0; 32]);
        OsEntropy.fill(&mut bytes).unwrap();
        OsEntropy.fill(&mut chain_code).unwrap();
        let key = HEXLOWER.encode(&bytes);
        let code = format!("{}-{}", &key[10..15], &key[20..25]);
        let master = MasterKey::of_private_key(KeyType::Ecdsa, &bytes, SecretBytes::copy_of(&chain_code)).unwrap();
        let child = master.child(&DerivationPath::parse("m/44/0/0/0/0").unwrap()).unwrap();
        let address = address::forms(&Chain::parse("bitcoin").unwrap(), child.public_key()).swap_remove(0).address;
        let wif = import::of_vault("bitcoin", Some(&address), &child).swap_remove(0).value.unwrap().reveal().to_owned();
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
        // One box that anybody may have sealed, so that the key pair is used.
        let issue = Issue { created: time("2026-02-03T04:05:06Z"), issuer: None, entropy: &mut OsEntropy };
        let snapshot = append_public(&snapshot, vec![put_vault("w", "Travel")], issue).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("snapshot.json"), layout::to_bytes(&snapshot)).unwrap();
        // Somebody's earlier export beside it: looking for other snapshots must not leave it in memory either.
        fs::write(folder.path().join("contents.json"), &contents).unwrap();

        let mut secrets = vec![
            Secret::new("the private key as text", key.as_bytes()),
            Secret::new("the private key", bytes),
            Secret::new("the code", code),
            Secret::new("the chain code", chain_code),
            Secret::new("the chain code as text", HEXLOWER.encode(&chain_code)),
            Secret::new("the vault's key", HEXLOWER.decode(derived.as_bytes()).unwrap()),
            Secret::new("the vault's key as text", derived),
            Secret::new("the vault's WIF", wif.as_bytes()),
        ];
        for (number, phrase) in (1..).zip(&phrases[..2]) {
            let words = phrase.reveal_words();
            secrets.push(Secret::new(format!("entropy {number}"), phrase.reveal_entropy()));
            secrets.push(Secret::new(format!("places of phrase {number}"), places_of(&words)));
            // Windows that span two words: single words are in the word list anyway.
            for pair in words.windows(2) {
                let (end, start) =
                    (&pair[0][pair[0].len().saturating_sub(WINDOW - 2)..], &pair[1][..pair[1].len().min(WINDOW - 2)]);
                secrets.push(Secret::new(format!("phrase {number}"), format!("{end} {start}")));
            }
        }
        secrets.extend(of_suite(&backup(&[&snapshot]), &phrases));
        let typed = phrases[..2].iter().map(|phrase| phrase.reveal_words().join(" ")).collect();
        Self { folder, phrases, key, wif, secrets, typed }
    }

    /// The program on a terminal; `arguments` go before the name of the file.
    fn start(&self, arguments: &[&str]) -> Terminal {
        self.start_by(&[], arguments)
    }

    /// The same, started by another program.
    fn start_by(&self, by: &[&str], arguments: &[&str]) -> Terminal {
        let all = [by, &[PROGRAM, "recover"]].concat();
        let mut command = CommandBuilder::new(all[0]);
        command.args(&all[1..]);
        command.args(arguments);
        command.arg("snapshot.json");
        command.cwd(self.folder.path());
        command.env("TERM", "xterm");
        command.env("LC_ALL", "C.UTF-8");
        // Line by line so high that nothing scrolls away from what is waited for.
        let (columns, rows) = if arguments.contains(&"--plain") { (200, 200) } else { (80, 24) };
        Terminal::start(command, columns, rows)
    }

    /// The same on screens, up to the hand-over. `None` where the system does not let us look.
    fn hand_over(&self, arguments: &[&str]) -> Option<Terminal> {
        let mut console = self.start(arguments);
        console.wait("Fingerprint").press("none\r").wait_screen("Hand-over");
        can_look(console.process_id()).then_some(console)
    }

    fn words(&self, number: usize) -> String {
        self.phrases[number - 1].reveal_words().join(" ")
    }

    /// The names of what is in memory now.
    fn held(&self, process: u32) -> Vec<String> {
        names(&found(&memory(process).unwrap(), &self.secrets)).into_iter().map(str::to_owned).collect()
    }

    /// Somebody who types the phrase of a shareholder, from the hand-over to the answer.
    fn verify(&self, console: &mut Terminal, number: usize) {
        console.sit_down().wait_screen("Phrase").press(&self.words(number)).press("\r");
        console.wait_until("the answer", |screen| screen.starts_with(" Hand-over") || screen.starts_with(" Quorum"));
    }

    /// To what was recovered, in the plainest way.
    fn open(&self, console: &mut Terminal) {
        self.verify(console, 1);
        self.verify(console, 2);
        console.wait_screen("Quorum").enter().wait_screen("Recovered").wait("match the record");
    }

    /// The record stands, and nothing is left.
    #[track_caller]
    fn nothing_is_left(&self, console: &mut Terminal) {
        console.wait_screen("Record").wait("Wiped");
        self.nothing_is_in_memory(console.process_id());
    }

    #[track_caller]
    fn nothing_is_in_memory(&self, process: u32) {
        let regions = memory(process).unwrap();
        let left = found(&regions, &self.secrets);
        assert!(left.is_empty(), "after the wipe: {:?}, that is {left:?}", names(&left));
        for (number, typed) in (1..).zip(&self.typed) {
            let left = found_keys(&regions, typed, "");
            assert!(left.is_empty(), "keys of phrase {number} after the wipe: {left:?}");
        }
    }
}

/// What stands for words in a list of places.
fn places_of(words: &[&str]) -> Vec<u8> {
    let list = WordList::English.words();
    let place = |word: &&str| u16::try_from(list.iter().position(|other| other == word).unwrap()).unwrap();
    words.iter().map(place).flat_map(u16::to_le_bytes).collect()
}

/// Whether the memory of a program can be read here. It fails where everything is required.
fn can_look(process: u32) -> bool {
    let can_look = memory(process).is_some();
    assert!(can_look || std::env::var_os("CONCLAVE_REQUIRE_ALL").is_none(), "the memory of the program cannot be read");
    if !can_look {
        eprintln!(
            "skipped: the memory of the program cannot be read here (it needs root, or a kernel that lets a parent look)"
        );
    }
    can_look
}

/// From the hand-over to a quorum, in as many ways as may leave something behind.
fn enter_phrases(console: &mut Terminal, phrases: &[Phrase]) {
    // The first phrase is typed, with a word of no list on the way, shown, and drawn in large letters.
    let words = phrases[0].reveal_words();
    console.sit_down().wait_screen("Phrase").press("abandin ").wait("Near:").press("\x1b[H").press(&words.join(" "));
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
    console.sit_down().wait_screen("Phrase").press(&format!("\x1b[200~{}\x1b[201~", words.join("\n"))).wait("pasted");
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
    let mut world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    enter_phrases(&mut console, &world.phrases);
    console.wait_screen("Quorum").enter().wait_screen("Recovered");
    console.enter().wait("check ");
    console.choose("private key");
    console.press("y").wait(&world.key[..8]);
    let in_view = found(&memory(console.process_id()).unwrap(), &world.secrets);
    for known in [
        "the private key as text from byte 0",
        "the private key as text from byte 0 over cells",
        "the code from byte 0",
        "the share of shareholder 1 from byte 0",
    ] {
        assert!(in_view.iter().any(|name| name == known), "{known} must be found while it is there: {in_view:?}");
    }
    assert!(!in_view.iter().any(|name| name.contains("phrase") || name.starts_with("entropy")), "{in_view:?}");
    // Larger and smaller, so that buffers move.
    console.resize(120, 40).wait_until("the larger screen", |text| text.lines().count() > 30);
    console
        .resize(80, 24)
        .wait_until("the smaller screen", |text| text.lines().count() <= 24 && text.contains("Recovered"));
    // The key of a vault: rebuilt, shown, and as a code for cameras.
    console.press("\x1b").wait("[Keys").press("\x1b[C").wait("[Vaults").enter().wait("derived private key");
    console.choose("WIF");
    console.press("y").wait(&world.wif[..8]).press("q").wait("any camera").press("y").wait("▄▄▄").press("\r");
    // And everything into an encrypted file.
    console.wait("WIF:").press("\x1b").wait("[Vaults");
    let passphrase = to_the_paper(&mut console);
    console.enter().wait("From the paper").press(&passphrase).press("\r").wait("Written and read back");
    world.secrets.push(Secret::new("the passphrase", passphrase));
    console.press(F10).wait("Wipe and leave?").press("y");
    world.nothing_is_left(&mut console);
    console.enter();
    assert_eq!(console.end(), 0, "a vault that no quorum sealed is a note");
}

/// From what was recovered to the passphrase that is to be written on paper.
fn to_the_paper(console: &mut Terminal) -> String {
    console.press("e").wait("What is to be written").press("\r");
    console.wait("In which form").press("\r").wait("Where").press("\r").wait("recovered.kdbx").press("\r");
    console.wait("Made at random").press("\r").wait("y shows").press("y").wait("Write this on paper");
    let text = console.text();
    let passphrase = text.split_once("back from there:").unwrap().1.split_whitespace().next().unwrap().to_owned();
    assert_eq!(passphrase.len(), 29, "{passphrase:?}");
    passphrase
}

#[test]
fn one_verified_phrase_leaves_its_share_until_somebody_leaves_and_then_nothing() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    world.verify(&mut console, 1);
    assert_eq!(
        world.held(console.process_id()),
        ["the share of shareholder 1"],
        "the share alone is held, and is found"
    );
    console.press("\x03").wait("Wipe and leave?").press("y");
    world.nothing_is_left(&mut console);
    console.enter();
    assert_eq!(console.end(), 4);
}

#[test]
fn a_verified_phrase_that_is_forgotten_leaves_nothing() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    world.verify(&mut console, 1);
    console
        .wait("y Enter")
        .press("\x1b[A")
        .wait("Del")
        .press("\x1b[3~")
        .wait("Del once more")
        .press("\x1b[3~")
        .wait("0 of 2 phrases");
    world.nothing_is_in_memory(console.process_id());
}

#[test]
fn an_open_backup_holds_shares_and_contents_and_after_f10_nothing() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    world.open(&mut console);
    let held = world.held(console.process_id());
    let is_known = |name: &String| {
        ["the share of shareholder 1", "the share of shareholder 2"].contains(&name.as_str())
            || ["the private key", "the chain code", "the code"].iter().any(|start| name.starts_with(start))
    };
    assert!(held.iter().all(is_known), "while it is open: {held:?}");
    assert!(held.iter().any(|name| name.starts_with("the share")), "{held:?}");
    console.press(F10).wait("Wipe and leave?").press("y");
    world.nothing_is_left(&mut console);
}

#[test]
fn leaving_from_an_export_leaves_nothing() {
    let mut world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    world.open(&mut console);
    let passphrase = to_the_paper(&mut console);
    console.enter().wait("From the paper").press(&passphrase[..17]).wait(&passphrase[..4]);
    world.secrets.push(Secret::new("the passphrase", passphrase));
    assert!(world.held(console.process_id()).contains(&"the passphrase".to_owned()), "it is to be typed back");
    console.press("\x03").wait("Wipe and leave?").press("y");
    world.nothing_is_left(&mut console);
}

#[test]
fn a_search_for_a_slip_leaves_nothing() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    with_a_slip(&mut console, &world);
    console.press("\x10").wait_screen("Repair").press("\r").wait("verified: ").press("\r").wait_screen("Hand-over");
    assert_eq!(world.held(console.process_id()), ["the share of shareholder 1"], "the share alone is held");
    console.press("\x03").wait("Wipe and leave?").press("y");
    world.nothing_is_left(&mut console);
}

/// A signal lays the registers of the thread that it interrupts onto its stack, where nobody overwrites them soon: words of a phrase
/// were found there, once in many runs. So it may reach only the thread that does nothing but hear signals.
#[test]
fn signals_reach_no_thread_that_handles_words() {
    const CAUGHT: [u32; 6] = [1, 2, 3, 15, 20, 28];
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    console.sit_down().wait_screen("Phrase");
    let process = console.process_id();
    let blocked = |task: &fs::DirEntry| {
        let status = fs::read_to_string(task.path().join("status")).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        let mask = u64::from_str_radix(mask.trim(), 16).unwrap();
        CAUGHT.into_iter().filter(|number| mask >> (number - 1) & 1 == 1).count()
    };
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap().map(Result::unwrap);
    let open: Vec<_> = tasks.filter(|task| blocked(task) < CAUGHT.len()).collect();
    assert_eq!(open.len(), 1, "one thread hears them");
    assert_eq!(blocked(&open[0]), 0);
    assert_ne!(open[0].file_name().to_str(), Some(process.to_string().as_str()), "and it is not the one that draws");
    console.press("\x03").press("\x03");
    console.end();
}

#[test]
fn words_that_are_wiped_take_their_search_along() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&[]) else { return };
    with_a_slip(&mut console, &world);
    console.press("\x10").wait_screen("Repair");
    assert!(world.held(console.process_id()).contains(&"places of phrase 1".to_owned()), "the words are searched");
    console.press("\x1b").wait_screen("Phrase").press("\x1b").wait_screen("Hand-over");
    console
        .wait("Press y and Enter")
        .press("\x0e")
        .wait("^N once more")
        .press("\x0e")
        .wait_until("no kept words", |screen| !screen.contains("kept"));
    world.nothing_is_in_memory(console.process_id());
}

/// The first phrase with its last two words swapped, up to the refusal.
fn with_a_slip(console: &mut Terminal, world: &World) {
    let mut words = world.phrases[0].reveal_words();
    words.swap(10, 11);
    console.sit_down().wait_screen("Phrase").press(&words.join(" ")).press("\r");
    console.wait_until("a refusal", |screen| {
        screen.contains("wrong checksum") || screen.contains("not a phrase of this backup")
    });
}

#[test]
fn an_idle_room_leaves_nothing() {
    let world = World::new();
    // Six times as long while phrases are gathered.
    let Some(mut gathering) = world.hand_over(&["--wipe-after", "2", "--hide-after", "1"]) else { return };
    world.verify(&mut gathering, 1);
    assert!(world.held(gathering.process_id()).contains(&"the share of shareholder 1".to_owned()));
    world.nothing_is_left(&mut gathering);
    let Some(mut open) = world.hand_over(&["--wipe-after", "6", "--hide-after", "1"]) else { return };
    world.open(&mut open);
    world.nothing_is_left(&mut open);
}

/// Line by line, from the start to the answer to each of the first phrases.
fn talk(world: &World, arguments: &[&str], count: usize) -> Option<Terminal> {
    let mut console = world.start(&[&["--plain"], arguments].concat());
    verify_line_by_line(world, &mut console, count);
    can_look(console.process_id()).then_some(console)
}

fn verify_line_by_line(world: &World, console: &mut Terminal, count: usize) {
    console.wait("Fingerprint word ").press("none\r").wait("0 of 2 phrases verified.");
    for number in 1..=count {
        console
            .wait_until("the wall", |text| text.trim_end().ends_with("y and Enter for the next phrase:"))
            .press("y\r")
            .wait_until("the words", |text| text.matches("Type the 12 words").count() == number);
        console.press(&world.words(number)).press("\r").wait("Enter checks the phrase: ").press("\r");
        console.wait(&format!("Verified: shareholder {number}"));
    }
    console.wait_until("a question", |text| text.trim_end().ends_with(':'));
}

/// The program ends as soon as it has told the record: it is held up in its last call, long enough to be looked at. With the process
/// of the program.
fn talk_to_the_end(world: &World, count: usize) -> Option<(Terminal, u32)> {
    if !has_tool("strace", Command::new("strace").arg("--version")) {
        return None;
    }
    let last = ["-e", "trace=exit_group", "-e", "inject=exit_group:delay_enter=8000000"];
    let strace = [&["strace", "-f", "-qq", "-o", "/dev/null"], last.as_slice()].concat();
    let mut console = world.start_by(&strace, &["--plain"]);
    verify_line_by_line(world, &mut console, count);
    let process = child_of(console.process_id());
    can_look(process).then_some((console, process))
}

fn child_of(parent: u32) -> u32 {
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let parent_of = |process: &u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    processes.into_iter().find(|process| parent_of(process) == Some(parent)).unwrap()
}

#[test]
fn line_by_line_a_recovery_that_is_left_half_way_leaves_nothing() {
    let world = World::new();
    let Some((mut console, process)) = talk_to_the_end(&world, 1) else { return };
    assert_eq!(world.held(process), ["the share of shareholder 1"], "the share alone is held, and is found");
    console.press("q\r").wait("leaves at once:").press("y\r").wait("Wiped.");
    world.nothing_is_in_memory(process);
    assert_eq!(console.end(), 4);
}

#[test]
fn line_by_line_a_finished_recovery_leaves_nothing() {
    let world = World::new();
    let Some((mut console, process)) = talk_to_the_end(&world, 2) else { return };
    console.wait("Enter").press("\r").wait("What next: ");
    assert!(world.held(process).iter().any(|name| name.starts_with("the share")));
    console.press("q\r").wait("leaves at once:").press("y\r").wait("Wiped.");
    world.nothing_is_in_memory(process);
}

#[test]
fn line_by_line_words_of_a_line_that_nobody_ends_are_wiped() {
    let world = World::new();
    let Some(mut console) = talk(&world, &["--wipe-after", "2"], 0) else { return };
    console.press("y\r").wait("Word 1 of 12: ").press(&world.words(1));
    becomes(&world, &console, &["phrase 1"]);
    console.wait("Wiped because");
    world.nothing_is_in_memory(console.process_id());
}

#[test]
fn a_paste_that_never_ends_leaves_nothing() {
    let world = World::new();
    let Some(mut console) = world.hand_over(&["--hide-after", "2"]) else { return };
    console.press(&format!("\x1b[200~{}", world.words(1)));
    becomes(&world, &console, &["phrase 1"]);
    becomes(&world, &console, &[]);
}

/// Waits until this is in memory, and nothing else.
#[track_caller]
fn becomes(world: &World, console: &Terminal, names: &[&str]) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let held = world.held(console.process_id());
        if held == names {
            return;
        }
        assert!(Instant::now() < deadline, "not {names:?}, but {held:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn line_by_line_an_idle_recovery_leaves_nothing() {
    let world = World::new();
    let Some(mut console) = talk(&world, &["--wipe-after", "2"], 1) else { return };
    console.wait("Wiped because");
    world.nothing_is_in_memory(console.process_id());
}

#[test]
fn line_by_line_words_that_are_wiped_take_their_search_along() {
    let world = World::new();
    let Some(mut console) = talk(&world, &[], 0) else { return };
    let mut words = world.phrases[0].reveal_words();
    words.swap(10, 11);
    console.press("y\r").wait("Word 1 of 12: ").press(&words.join(" ")).press("\r").wait("Enter checks the phrase: ");
    console.press("\r").wait("All words are kept.").press("s\r").wait("Look for it? y or n: ");
    assert!(world.held(console.process_id()).contains(&"places of phrase 1".to_owned()), "the words are searched");
    console
        .press("n\r")
        .wait("Words in the list: 12 of 12.")
        .wait_until("the question", |text| text.trim_end().ends_with("Enter checks the phrase:"))
        .press("!\r")
        .wait("for anybody else w y wipes them.")
        .wait_until("the wall", |text| text.trim_end().ends_with("y and Enter for the next phrase:"));
    console.press("w y\r").wait("The words are wiped.");
    world.nothing_is_in_memory(console.process_id());
}

/// The windows of a phrase that span two words and stand in no text of the program, and its entropy.
fn of_phrase(number: usize, phrase: &Phrase, texts: &str) -> Vec<Secret> {
    let words = phrase.reveal_words();
    let mut secrets = vec![
        Secret::new(format!("entropy {number}"), phrase.reveal_entropy()),
        Secret::new(format!("places of phrase {number}"), places_of(&words)),
    ];
    for pair in words.windows(2) {
        let (end, start) = (&pair[0][pair[0].len().saturating_sub(WINDOW - 3)..], &pair[1][..pair[1].len().min(3)]);
        let window = format!("{end} {start}");
        if window.len() >= WINDOW && !texts.contains(&window[window.len() - WINDOW..]) {
            let bytes = window.as_bytes()[window.len() - WINDOW..].to_vec();
            secrets.push(Secret::new(format!("phrase {number}"), bytes));
        }
    }
    secrets
}

/// The phrase that is shown to a shareholder.
fn copied(console: &mut Terminal, number: usize) -> Phrase {
    console.enter().sit_down().wait(&format!("Request to shareholder {number} ")).enter();
    console.wait(&format!("Phrase of shareholder {number} ")).wait("12. ").wait("I have written it down");
    written_down(&console.text(), ENGLISH)
}

/// A ceremony for two people on a terminal, up to the board of requests.
struct Ceremony {
    folder: tempfile::TempDir,
    console: Terminal,
    secrets: Vec<Secret>,
    /// What the program says.
    texts: String,
}

impl Ceremony {
    fn new() -> Self {
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
        let arguments = ["backup", "--inventory", "inventory.json", "--export-dir", "stick"];
        let mut console = Terminal::of_program(folder.path(), &arguments, &[], (80, 24));
        console.wait("Read: keys").press("\r").wait("Whose backup").press("\r").wait("What is it for").press("\r");
        console.wait("Who asks").press("Connie\r").wait("Who are").press("Ann\r").wait("1  Ann").press("Ben\r");
        console.wait("2  Ben").press("\r").wait("page 3").press("\r").wait("loses everything").press("\r");
        console.wait("page 4").press("a@example.org\r").wait("Where is it").press("\r").wait("new folder").press("\r");
        console.wait("page 5").press("\r");
        console.wait("0 of 2 confirmed");
        let secrets =
            vec![Secret::new("the private key as text", key.into_bytes()), Secret::new("the private key", bytes)];
        Self { folder, console, secrets, texts: texts() }
    }

    fn confirm(&mut self, number: usize, phrase: &Phrase) {
        self.console
            .enter()
            .wait("1. I have")
            .press("y")
            .wait("2. I will")
            .press("y")
            .wait("3. I share")
            .press("y")
            .wait_screen("Phrase");
        self.console.press(&phrase.reveal_words().join(" ")).press("\r").wait(&format!("{number} of 2 confirmed"));
    }

    /// Writes the file, skips the medium, and computes what follows from it and the phrases.
    fn seal(&mut self, phrases: &[Phrase]) {
        self.console.enter().wait("skip this").press("k").wait("yes, skip it").press("k").wait("0 of 2 verified");
        let file = self.folder.path().join("stick/conclave-backup/UNCONFIRMED-snapshot.json");
        let (backup, _) = Backup::unite(vec![read(&fs::read(file).unwrap()).unwrap()]).unwrap();
        self.secrets.extend(of_suite(&backup, phrases));
    }

    fn held(&self) -> Vec<String> {
        let regions = memory(self.console.process_id()).unwrap();
        names(&found(&regions, &self.secrets)).into_iter().map(str::to_owned).collect()
    }

    /// What the confirmed phrases were derived to is held for the file, and for nothing else.
    #[track_caller]
    fn holds_what_it_needs(&self) {
        let held = self.held();
        for known in ["the PRK of shareholder 1", "the PRK of shareholder 2", "the private key as text"] {
            assert!(held.iter().any(|name| name == known), "{known} is held, and must be found: {held:?}");
        }
        let is_needed = |name: &String| {
            name.starts_with("the private key")
                || ["the PRK of shareholder 1", "the PRK of shareholder 2"].contains(&name.as_str())
                || name == "the share of shareholder 1"
        };
        assert!(held.iter().all(is_needed), "{held:?}");
    }

    #[track_caller]
    fn nothing_is_left(&mut self, phrases: &[Phrase]) {
        self.console.wait_screen("Record").wait("Wiped.");
        let regions = memory(self.console.process_id()).unwrap();
        let left = found(&regions, &self.secrets);
        assert!(left.is_empty(), "after the wipe: {:?}, that is {left:?}", names(&left));
        for phrase in phrases {
            let left = found_keys(&regions, &phrase.reveal_words().join(" "), &self.texts);
            assert!(left.is_empty(), "keys of a phrase after the wipe: {left:?}");
        }
    }
}

#[test]
fn a_ceremony_forgets_each_phrase_when_it_is_confirmed_and_everything_at_its_end() {
    let mut ceremony = Ceremony::new();
    if !can_look(ceremony.console.process_id()) {
        return;
    }
    let first = copied(&mut ceremony.console, 1);
    let of_first = of_phrase(1, &first, &ceremony.texts);
    let console = &mut ceremony.console;
    let shown = memory(console.process_id()).unwrap();
    assert!(found(&shown, &of_first).iter().any(|name| name.starts_with("entropy 1")), "it is shown, so it is there");
    assert!(!found(&shown, &ceremony.secrets).is_empty(), "what is to be sealed is there");
    // Typed back with a wrong word, seen again, typed back.
    let words = first.reveal_words();
    let mut wrong = words.clone();
    wrong[4] = if words[4] == "zebra" { "zone" } else { "zebra" };
    console
        .enter()
        .wait("1. I have")
        .press("y")
        .wait("2. I will")
        .press("y")
        .wait("3. I share")
        .press("y")
        .wait_screen("Phrase")
        .press(&wrong.join(" "))
        .press("\r");
    console.wait("is not what was shown").press("\x10").wait("once more").press("\x10").wait("Phrase of shareholder 1");
    ceremony.confirm(1, &first);
    let console = &mut ceremony.console;
    console.wait("Confirmed: shareholder 1");
    console.resize(120, 40).wait_until("the larger screen", |text| text.lines().count() > 30);
    console
        .resize(80, 24)
        .wait_until("the smaller screen", |text| text.lines().count() <= 24 && text.contains("1 of 2 confirmed"));
    let left = found(&memory(console.process_id()).unwrap(), &of_first);
    assert!(left.is_empty(), "confirmed, and so forgotten: {left:?}");
    let second = copied(&mut ceremony.console, 2);
    ceremony.confirm(2, &second);
    let phrases = [first, second];
    ceremony.seal(&phrases);
    ceremony.console.enter().sit_down().wait_screen("Phrase").press(&phrases[0].reveal_words().join(" ")).press("\r");
    ceremony.console.wait("1 of 2 verified");
    ceremony.holds_what_it_needs();
    // The second one has begun to type when everybody leaves.
    let begun = phrases[1].reveal_words()[..5].join(" ");
    ceremony.console.enter().sit_down().wait_screen("Phrase").press(&begun).press("\x03").wait("VOID").press("y");
    ceremony.secrets.extend(of_first);
    ceremony.secrets.extend(of_phrase(2, &phrases[1], &ceremony.texts));
    ceremony.nothing_is_left(&phrases);
    ceremony.console.enter();
    assert_eq!(ceremony.console.end(), 5, "no backup was made");
    // The next day they go on with the file that was left.
    let file = "stick/conclave-backup/UNCONFIRMED-snapshot.json";
    let arguments = ["backup", "--resume", file, "--inventory", "inventory.json", "--conductor", "Connie"];
    ceremony.console = Terminal::of_program(ceremony.folder.path(), &arguments, &[], (80, 24));
    let console = &mut ceremony.console;
    console.wait("Who asks: Connie").press("\r").wait("of A.: _").press("\r").wait("of B.: _").press("\r");
    console.wait("Nothing was changed yet").press("\r").wait("to type");
    console.enter().wait("skip this").press("k").wait("yes, skip it").press("k").wait("0 of 2 verified");
    for (number, phrase) in (1..).zip(&phrases) {
        console.enter().sit_down().wait_screen("Phrase").press(&phrase.reveal_words().join(" ")).press("\r");
        console.wait(&format!("{number} of 2 verified"));
    }
    let held = ceremony.held();
    assert!(held.iter().any(|name| name == "the share of shareholder 2"), "what was verified is held: {held:?}");
    ceremony.console.enter().wait("This is a backup").press(F10).wait("Wipe and leave?").press("y");
    ceremony.nothing_is_left(&phrases);
    ceremony.console.enter();
    assert_eq!(ceremony.console.end(), 0);
}

#[test]
fn a_finished_ceremony_leaves_nothing() {
    let mut ceremony = Ceremony::new();
    if !can_look(ceremony.console.process_id()) {
        return;
    }
    let mut phrases = Vec::new();
    for number in 1..=2 {
        let phrase = copied(&mut ceremony.console, number);
        ceremony.confirm(number, &phrase);
        ceremony.secrets.extend(of_phrase(number, &phrase, &ceremony.texts));
        phrases.push(phrase);
    }
    ceremony.seal(&phrases);
    for (number, phrase) in (1..).zip(&phrases) {
        ceremony.console.enter().sit_down().wait_screen("Phrase").press(&phrase.reveal_words().join(" ")).press("\r");
        ceremony.console.wait(&format!("{number} of 2 verified"));
    }
    ceremony.console.enter().wait("This is a backup").press(F10).wait("Wipe and leave?").press("y");
    ceremony.nothing_is_left(&phrases);
    ceremony.console.enter();
    assert_eq!(ceremony.console.end(), 0);
}

/// A backup for phrases of words that no text of the program has in it: a sentence on the screen must not look like a phrase.
fn found_backup(contents: &[u8], kdf: &Argon2id) -> (conclave::snapshot::v1::model::Snapshot, Vec<Phrase>) {
    let mut seed = [0; 16];
    OsEntropy.fill(&mut seed).unwrap();
    let mut random = Seeded::new(HEXLOWER.encode(&seed));
    let phrases = phrases_of_no_text(3, &mut random);
    let records = Contents::read(Kind::Organization, contents).unwrap();
    (found_for(plan(2, 3), records, &phrases, kdf, &mut OsEntropy), phrases)
}

/// Ten codes that nobody else has, and a program that is about to save codes into a training file.
fn saving_codes() -> Option<(tempfile::TempDir, Terminal, Vec<String>, Vec<Secret>)> {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        crate::support::conclave().arg("sample").arg(folder.path().join("practice")).output().unwrap().status.success()
    );
    let codes: Vec<String> = (0..10)
        .map(|_| {
            let mut bytes = [0; 6];
            OsEntropy.fill(&mut bytes).unwrap();
            let text = HEXLOWER.encode(&bytes);
            format!("{}-{}", &text[..6], &text[6..])
        })
        .collect();
    let secrets =
        (1..).zip(&codes).map(|(number, code)| Secret::new(format!("code {number}"), code.as_bytes())).collect();
    let order = ["codes", "add", "practice/codes/snapshot.json", "--service", "GitHub", "--login", "ops"];
    let mut console = Terminal::of_program(folder.path(), &order, &[], (80, 24));
    console.wait_screen("Codes").wait("How do the codes come here?");
    can_look(console.process_id()).then_some((folder, console, codes, secrets))
}

fn paste_codes(console: &mut Terminal, codes: &[String], secrets: &[Secret]) {
    let lines: Vec<String> = (1..).zip(codes).map(|(number, code)| format!("{number}. {code}\r")).collect();
    console.press(&format!("\x1b[200~{}\x1b[201~", lines.concat())).wait("10 codes. Compare them");
    assert!(!found(&memory(console.process_id()).unwrap(), secrets).is_empty(), "the scan finds nothing");
}

#[track_caller]
fn no_code_is_left(console: &mut Terminal, secrets: &[Secret]) {
    console.wait_screen("Record").wait("Wiped");
    let left = found(&memory(console.process_id()).unwrap(), secrets);
    assert!(left.is_empty(), "after the wipe: {:?}", names(&left));
}

#[test]
fn codes_that_were_pasted_typed_and_saved_leave_nothing() {
    let Some((_folder, mut console, codes, secrets)) = saving_codes() else { return };
    paste_codes(&mut console, &codes, &secrets);
    console.press("\x1b").wait("with the list that was read").press("\x1b[B\x1b[B\r").wait("One code a line");
    for (number, code) in (2..).zip(&codes[..3]) {
        console.press(&format!("{code}\r")).wait(&format!("{number}  "));
    }
    console.press("\r").wait("3 codes. Compare them").press("\r").wait("In training Enter alone").press("\r");
    console.wait("Where").enter().wait("Name").press("\x15saved\r").wait("Saved: 3 codes for GitHub / ops.").enter();
    no_code_is_left(&mut console, &secrets);
}

#[test]
fn codes_that_were_pasted_and_not_saved_leave_nothing() {
    let Some((_folder, mut console, codes, secrets)) = saving_codes() else { return };
    paste_codes(&mut console, &codes, &secrets);
    console.press("\x03").wait("Codes that are not saved yet: 10.").press("y");
    no_code_is_left(&mut console, &secrets);
}

/// A device with shares that nobody else has, and what must not be left of it and of a backup of it.
struct DeviceWorld {
    folder: tempfile::TempDir,
    pin: String,
    secrets: Vec<Secret>,
}

impl DeviceWorld {
    fn new() -> Self {
        let mut bytes = [0; 44];
        OsEntropy.fill(&mut bytes).unwrap();
        // As long as the windows that are looked for, and more.
        let pin: String = bytes[..12].iter().map(|byte| char::from(b'0' + byte % 10)).collect();
        let share = HEXLOWER.encode(&bytes[12..]);
        let shares = format!(
            r#"{{"format":"conclave-device-shares","version":1,"device":"Phone","user":"ann","organizations":[
            {{"id":"acme","name":"Acme","changed":"2026-05-05T10:00:00Z","shares":[{{"id":"a","value":"{share}"}}]}}]}}"#
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("SHARES.json"), shares).unwrap();
        let secrets = vec![Secret::new("the PIN", pin.as_bytes()), Secret::new("the share", share)];
        Self { folder, pin, secrets }
    }

    fn start(&self, arguments: &[&str]) -> Option<Terminal> {
        let home = self.folder.path().to_str().unwrap();
        let console = Terminal::of_program(self.folder.path(), arguments, &[("HOME", home)], (100, 40));
        can_look(console.process_id()).then_some(console)
    }

    /// In front of the ways in which a first backup is opened.
    fn at_method(&self) -> Option<Terminal> {
        let mut console = self.start(&["device", "backup", "SHARES.json"])?;
        console.wait("Is there a backup of this device?").press("\x1b[B").wait("> There is none yet").press("\r");
        console.wait("Not backed up").press("\r").wait("How shall the backup be opened?");
        Some(console)
    }

    fn held(&self, console: &Terminal) -> Vec<String> {
        names(&found(&memory(console.process_id()).unwrap(), &self.secrets)).into_iter().map(str::to_owned).collect()
    }

    #[track_caller]
    fn nothing_is_left(&self, console: &mut Terminal) {
        console.wait("Wipe and leave?").press("y").wait_screen("Record").wait("Wiped.");
        let regions = memory(console.process_id()).unwrap();
        let left = found(&regions, &self.secrets);
        assert!(left.is_empty(), "after the wipe: {:?}, that is {left:?}", names(&left));
        assert_eq!(found_keys(&regions, &self.pin, ""), Vec::<String>::new(), "keys of the PIN after the wipe");
        console.enter();
        console.end();
    }
}

#[test]
fn of_a_device_neither_pin_nor_cloud_key_nor_share_is_left() {
    let mut world = DeviceWorld::new();
    let Some(mut console) = world.at_method() else { return };
    console.press("\r").wait("Where will the cloud key be kept?").press("\r").wait("Account there").press("\r");
    console.wait("New PIN").press("123456\r").wait("in steps").press(&world.pin).press("\r").wait("The same PIN again");
    // A slip first.
    console.press("999999\r").wait("not the PIN that was typed first").press(&world.pin).press("\r");
    console.wait("The file of the backup").enter().wait("Name of the backup").press("\r");
    console
        .wait("The file of the cloud key")
        .enter()
        .wait("Name of the cloud key")
        .press("\r")
        .wait("All three are needed");
    assert_eq!(world.held(&console), ["the PIN", "the share"], "both are held, and are found");
    console.enter().wait("Backup of Acme was successful.");
    let key = fs::read_to_string(world.folder.path().join("cloud-key-to-upload/cloud-key.json")).unwrap();
    let key = key.split_once("\"key\":\"").unwrap().1[..64].to_owned();
    world.secrets.extend(of_key("the cloud key", &HEXLOWER.decode(key.as_bytes()).unwrap()));
    world.secrets.push(Secret::new("the cloud key as text", key));
    assert_eq!(world.held(&console), ["the share"], "what is not needed any more is forgotten");
    console.press("\x03");
    world.nothing_is_left(&mut console);

    let Some(mut console) = world.start(&["device", "restore", "device-backup/device-backup.json"]) else { return };
    console.wait("restore this device").enter().take_cloud_key().wait("PIN of this backup");
    assert!(world.held(&console).contains(&"the cloud key".to_owned()), "it waits for its PIN");
    console.press(&world.pin).press("\r").wait_screen("Verified").enter().wait_screen("Recovered").wait("[Shares 1]");
    console
        .enter()
        .wait("share of a")
        .press("\x1b[B\x1b[B\x1b[B\x1b[B")
        .wait("> share of a")
        .press("y")
        .wait_until("the share", |screen| !screen.contains("y shows it"));
    console.press("\x03");
    world.nothing_is_left(&mut console);
}

#[test]
fn of_a_device_a_new_phrase_is_not_left() {
    let mut world = DeviceWorld::new();
    let Some(mut console) = world.at_method() else { return };
    console.press("\x1b[B").wait("> Recovery").press("\r").wait("The file of the backup").enter();
    console.wait("Name of the backup").press("\r").wait("12. ").wait("I have written it down");
    let phrase = written_down(&console.text(), ENGLISH);
    world.secrets.extend(of_phrase(1, &phrase, &texts()));
    assert!(world.held(&console).contains(&"entropy 1".to_owned()), "it is shown, so it is there");
    // A wrong word, seen again, typed back.
    let mut words = phrase.reveal_words();
    words[4] = if words[4] == "zebra" { "zone" } else { "zebra" };
    console.enter().wait_screen("Phrase").press(&words.join(" ")).press("\r").wait("is not what was shown");
    console.press("\x10").wait("once more").press("\x10").wait("I have written it down").enter().wait_screen("Phrase");
    console.press(&phrase.reveal_words().join(" ")).press("\r").wait("Backup of Acme was successful.");
    console
        .resize(80, 24)
        .wait_until("the smaller screen", |text| text.contains("successful") && text.lines().count() <= 24);
    console.resize(100, 40).wait_until("the larger screen", |text| text.contains("successful"));
    assert_eq!(world.held(&console), ["the share"], "typed back and written, and so forgotten");
    console.press("\x03");
    world.nothing_is_left(&mut console);
}
