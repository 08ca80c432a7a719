//! What several modules share: seeded entropy, cheap and cached key derivations, small backups, tools that may be absent.

pub mod ceremony;
pub mod containers;
pub mod desk;
pub mod disk;
pub mod forger;
pub mod hostile;
pub mod scan;
pub mod suite;
pub mod terminal;

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use conclave::crypto::kdf::{Argon2id, FLOOR, Kdf, KdfError, KdfNumbers};
use conclave::crypto::label::Purpose;
use conclave::domain::ceremony::Person;
use conclave::domain::entropy::{Entropy, EntropyFailed};
use conclave::domain::inventory::{Contents, Fields, Kept};
use conclave::domain::kind::Kind;
use conclave::domain::phrase::{Phrase, PhraseForm, WordCount};
use conclave::domain::phrase_list::practice;
use conclave::domain::secret::SecretBytes;
use conclave::domain::text::Text;
use conclave::domain::time::Timestamp;
use conclave::domain::wordlist::WordList;
use conclave::snapshot::backup::{Backup, Judged};
use conclave::snapshot::founding::{Founding, SealingPlan};
use conclave::snapshot::opening::{Gathering, Opened, OpeningError, open};
use conclave::snapshot::refresh::Issue;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::{HolderLabels, Labels, Snapshot};
use conclave::snapshot::v1::read::{Reading, read};
use conclave::training::SAMPLES;
use sha2::{Digest, Sha256};

pub const ENGLISH: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

/// SHA-256 of a seed and a counter: the same bytes in every run.
pub struct Seeded {
    seed: String,
    counter: u64,
    rest: Vec<u8>,
}

impl Seeded {
    pub fn new(seed: impl Into<String>) -> Self {
        Self { seed: seed.into(), counter: 0, rest: Vec::new() }
    }

    pub fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next_u64() % limit as u64).unwrap()
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
        for byte in out {
            if self.rest.is_empty() {
                self.rest = Sha256::digest(format!("{}/{}", self.seed, self.counter)).to_vec();
                self.counter += 1;
            }
            *byte = self.rest.pop().unwrap();
        }
        Ok(())
    }
}

/// A stand-in for the derivation where a test is about something else.
pub struct CheapKdf;

impl Kdf for CheapKdf {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        let key = Sha256::new().chain_update(b"cheap").chain_update(numbers.salt.0).chain_update(secret).finalize();
        Ok(SecretBytes::copy_of(&key).unwrap())
    }
}

/// The real derivation, once for each phrase.
#[derive(Default)]
pub struct CachedArgon2(RefCell<HashMap<Vec<u8>, [u8; 32]>>);

impl Kdf for CachedArgon2 {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        let place = [secret, &numbers.salt.0].concat();
        if let Some(known) = self.0.borrow().get(&place) {
            return Ok(SecretBytes::copy_of(known).unwrap());
        }
        let key = Argon2id { available_memory: u64::MAX }.derive(secret, numbers)?;
        self.0.borrow_mut().insert(place, *key.reveal());
        Ok(key)
    }
}

pub fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A plan for `threshold` of `count`, at the cheapest derivation that is accepted.
pub fn plan(threshold: u8, count: u8) -> SealingPlan {
    SealingPlan {
        kind: Kind::Organization,
        purpose: Purpose::Training,
        organization: text("Example Cellar"),
        delivery: text("backup@example.org"),
        shareholders: (1..=count)
            .map(|number| Person { name: text(&format!("Holder {number}")), email: None })
            .collect(),
        threshold,
        form: ENGLISH,
        derivation: FLOOR,
        issuer: None,
        replaces: None,
        is_unconfirmed: false,
    }
}

/// One key, two vaults and one account, as people write them.
pub const INVENTORY: &str = r#"{"format":"conclave-contents","version":1,"organization":"Example Cellar",
 "keys":[{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
          "private_key":"0000000000000000000000000000000000000000000000000000000000000001"}],
 "vaults":[{"id":"v1","name":"Rent","chain":"bitcoin"},{"id":"v2","name":"Travel","chain":"ethereum"}],
 "accounts":[{"service":"Mail","login":"ops","owners":["Ann"],"kind":"single-use","codes":["1111-2222","3333-4444"],"used":[],
              "saved":"2026-01-01T00:00:00Z"}]}"#;

/// The records that put what is in [`INVENTORY`].
pub fn small_records() -> Vec<Fields> {
    Contents::read(Kind::Organization, INVENTORY.as_bytes()).unwrap()
}

pub fn put_vault(id: &str, name: &str) -> Fields {
    let item = Fields::default().with_text("id", id).with_text("name", name).with_text("chain", "bitcoin");
    Fields::default().with_text("record", "put").with_text("collection", "vaults").with("item", Kept::Object(item))
}

pub fn remove_vault(id: &str) -> Fields {
    Fields::default().with_text("record", "remove").with_text("collection", "vaults").with_text("id", id)
}

/// What is issued next, by no issuer.
pub fn issue(entropy: &mut Seeded) -> Issue<'_> {
    Issue { created: time("2026-03-04T05:06:07Z"), issuer: None, entropy }
}

/// A backup and its phrases in order.
pub fn found(
    plan: SealingPlan,
    records: Vec<Fields>,
    kdf: &dyn Kdf,
    entropy: &mut dyn Entropy,
) -> (Snapshot, Vec<Phrase>) {
    let count = u8::try_from(plan.shareholders.len()).unwrap();
    let form = plan.form;
    let founding = Founding::begin(plan, entropy).unwrap();
    let phrases: Vec<Phrase> = (0..count).map(|_| Phrase::generate(form, entropy).unwrap()).collect();
    (sealed(founding, records, &phrases, kdf, entropy), phrases)
}

/// A backup for these phrases.
pub fn found_for(
    plan: SealingPlan,
    records: Vec<Fields>,
    phrases: &[Phrase],
    kdf: &dyn Kdf,
    entropy: &mut dyn Entropy,
) -> Snapshot {
    let founding = Founding::begin(plan, entropy).unwrap();
    sealed(founding, records, phrases, kdf, entropy)
}

fn sealed(
    mut founding: Founding,
    records: Vec<Fields>,
    phrases: &[Phrase],
    kdf: &dyn Kdf,
    entropy: &mut dyn Entropy,
) -> Snapshot {
    for (number, phrase) in (1..).zip(phrases) {
        founding.accept(number, phrase, kdf).unwrap();
    }
    founding.seal(records, time("2026-01-02T03:04:05Z"), None, entropy).unwrap()
}

/// The source of the program, and so all its texts, in small letters.
pub fn texts() -> String {
    fn read(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, text);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap().to_lowercase());
            }
        }
    }
    let mut text = String::new();
    read(&project("src"), &mut text);
    text
}

/// Phrases of English words whose first four letters no text of the program has in it, nor their last four: what is found of them on
/// a screen, or in memory, was typed. No word is in two of them: what was found was typed for one. No two words of one begin alike: the
/// words of the list that a screen offers for the beginning of one do not show another.
pub fn phrases_of_no_text(count: usize, random: &mut Seeded) -> Vec<Phrase> {
    let text = texts();
    let is_unused =
        |word: &str| word.len() >= 4 && !text.contains(&word[..4]) && !text.contains(&word[word.len() - 4..]);
    let words = (0..).zip(WordList::English.words());
    let mut unused: Vec<u16> = words.filter(|(_, word)| is_unused(word)).map(|(place, _)| place).collect();
    assert!(unused.len() > 60, "{} words are in no text", unused.len());
    (0..count)
        .map(|_| {
            let (phrase, chosen) = phrase_of(&unused, random);
            unused.retain(|word| !chosen.contains(word));
            phrase
        })
        .collect()
}

/// A phrase of these words, no two of which begin with the same two letters, and their places.
fn phrase_of(words: &[u16], random: &mut Seeded) -> (Phrase, Vec<u16>) {
    let beginning = |word: u16| &WordList::English.words()[usize::from(word)][..2];
    loop {
        let mut chosen: Vec<u16> = Vec::new();
        let is_like = |chosen: &[u16], word: u16| chosen.iter().any(|other| beginning(*other) == beginning(word));
        while chosen.len() < 11 {
            let word = words[random.below(words.len())];
            if !is_like(&chosen, word) {
                chosen.push(word);
            }
        }
        let last = words.iter().filter(|word| !is_like(&chosen, **word));
        let mut phrases = last.filter_map(|last| {
            let places = [chosen.as_slice(), &[*last]].concat();
            Some((Phrase::of_positions(&places, ENGLISH)?, places))
        });
        if let Some(phrase) = phrases.next() {
            return phrase;
        }
    }
}

/// The numbered words in view, as somebody writes them down.
pub fn written_down(screen: &str, form: PhraseForm) -> Phrase {
    let tokens: Vec<&str> = screen.split_whitespace().collect();
    let words: Vec<&str> = (1..=form.words.words())
        .map(|number| {
            let at = tokens.iter().position(|token| *token == format!("{number}."));
            tokens[at.unwrap_or_else(|| panic!("no word {number} in:\n{screen}")) + 1]
        })
        .collect();
    Phrase::parse(&words.join(" "), form).unwrap_or_else(|error| panic!("{error}:\n{screen}"))
}

/// A small backup with the cheap derivation.
pub fn small(threshold: u8, count: u8, seed: &str) -> (Snapshot, Vec<Phrase>) {
    found(plan(threshold, count), small_records(), &CheapKdf, &mut Seeded::new(seed))
}

pub fn reading(snapshot: &Snapshot) -> Reading {
    named(snapshot, "file")
}

pub fn named(snapshot: &Snapshot, name: &str) -> Reading {
    let mut reading = read(&layout::to_bytes(snapshot)).unwrap();
    name.clone_into(&mut reading.name);
    reading
}

pub fn backup(snapshots: &[&Snapshot]) -> Backup {
    let readings = snapshots.iter().map(|snapshot| reading(snapshot)).collect();
    let (backup, others) = Backup::unite(readings).unwrap();
    assert!(others.is_empty());
    backup
}

/// Whether something of it does not check.
pub fn has_red(opened: &Opened) -> bool {
    opened.findings.iter().any(conclave::snapshot::finding::Finding::is_red)
}

/// Opens with the phrases of the given shareholders.
pub fn open_with(
    backup: &Backup,
    phrases: &[Phrase],
    numbers: &[usize],
    kdf: &dyn Kdf,
) -> Result<Opened, OpeningError> {
    let mut gathering = Gathering::default();
    for number in numbers {
        if let Judged::Verified(share) = backup.recognise(&phrases[number - 1], kdf).unwrap() {
            assert_eq!(usize::from(share.number), *number);
            gathering.accept(share).unwrap();
        }
    }
    open(backup, gathering.shares())
}

pub fn contents(opened: &Opened) -> String {
    String::from_utf8(Contents::of(&opened.inventory).to_json().reveal().to_vec()).unwrap()
}

/// What a backup of [`INVENTORY`] gives back.
pub fn sealed_contents() -> String {
    let (snapshot, phrases) = small(2, 2, "contents");
    expected(&snapshot, &phrases, &[1, 2])
}

/// The contents that these shareholders recover.
pub fn expected(snapshot: &Snapshot, phrases: &[Phrase], numbers: &[usize]) -> String {
    contents(&open_with(&backup(&[snapshot]), phrases, numbers, &CheapKdf).unwrap())
}

/// All orders of `m` of `n` people.
pub fn orders(m: usize, n: usize) -> Vec<Vec<usize>> {
    if m == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(m - 1, n);
    shorter
        .iter()
        .flat_map(|order| (1..=n).filter(|next| !order.contains(next)).map(|next| [order.as_slice(), &[next]].concat()))
        .collect()
}

/// The words of the phrases of a training backup.
pub fn sample_words(sample: usize) -> Vec<Vec<&'static str>> {
    practice(SAMPLES[sample].phrases).into_iter().map(|line| line.words).collect()
}

pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The program, as cargo built it for these tests.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave");

pub fn conclave() -> Command {
    Command::new(PROGRAM)
}

/// A copy of the program at `path`. Another process writes it: while this one has it open, a test beside this one may start a
/// process that inherits it, and a file that is open for writing is not executed.
pub fn copy_program(path: &Path) {
    assert!(Command::new("cp").arg(PROGRAM).arg(path).status().unwrap().success());
}

/// `conclave recover` of one file into unencrypted JSON, also when nothing came out.
pub fn recover(file: &Path, phrases: &Path, out: &Path) -> Output {
    let mut command = conclave();
    command.arg("recover").arg(file).arg("--phrases").arg(phrases).arg("--out").arg(out);
    command.args(["--format", "json", "--plaintext", "--even-if-empty"]).output().unwrap()
}

/// All that a program said, on both of its outputs.
pub fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

/// What a program says that is given `input` and succeeds.
pub fn piped(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        // Neither waits for the other; a program may end before it has read all.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// All files below `folder`.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// No file below `folder` has a phrase in it: its words in a row, its entropy, in hexadecimal or base64.
pub fn no_phrase_in(folder: &Path, phrases: &[&Phrase]) {
    for file in files_below(folder) {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for phrase in phrases {
            let words = phrase.reveal_words();
            let entropy = phrase.reveal_entropy();
            let hex = data_encoding::HEXLOWER.encode(entropy);
            let base64 = data_encoding::BASE64.encode(entropy);
            for needle in [&words[..2].join(" "), &words[..2].join("\n"), &hex[..16], &base64[..12]] {
                assert!(!text.contains(needle), "a phrase is in {}", file.display());
            }
            assert!(!bytes.windows(8).any(|window| window == &entropy[..8]), "entropy is in {}", file.display());
        }
    }
}

/// Whether a tool beyond Rust is here. Without it a test says so and is skipped, but where everything is required it fails.
pub fn has_tool(what: &str, probe: &mut Command) -> bool {
    if probe.output().is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(
        std::env::var_os("CONCLAVE_REQUIRE_ALL").is_none_or(|value| value != "1"),
        "{what} is required but not here"
    );
    eprintln!("skipped: {what} is not here");
    false
}

/// Python with the one package that the emergency reader needs.
pub fn python() -> Option<Command> {
    let name = std::env::var("CONCLAVE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let probe = "from cryptography.hazmat.primitives import hpke; hpke.KEM.MLKEM768_X25519";
    has_tool("Python with the package cryptography", Command::new(&name).args(["-c", probe]))
        .then(|| Command::new(name))
}

/// A program beyond Rust that answers `--version`.
pub fn program(name: &str) -> Option<Command> {
    has_tool(name, Command::new(name).arg("--version")).then(|| Command::new(name))
}

/// Python with nothing beyond itself.
pub fn bare_python() -> Option<Command> {
    program(&std::env::var("CONCLAVE_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

/// The names of a backup that belongs to an organization, to be changed.
pub fn holder_labels(labels: &mut Labels) -> &mut HolderLabels {
    match labels {
        Labels::Holders(labels) => labels,
        Labels::Device(_) => panic!("a device has no holders"),
    }
}

/// Whether all cases are asked for.
pub fn is_full() -> bool {
    std::env::var_os("CONCLAVE_FULL").is_some_and(|value| value == "1")
}

/// Runs so many cases on all cores, each with its number from 0: what came of them, in any order.
pub fn on_all_cores<T: Send>(count: usize, run: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let numbers =
            std::iter::repeat_with(|| next.fetch_add(1, Ordering::SeqCst)).take_while(|number| *number < count);
        numbers.map(&run).collect::<Vec<T>>()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..std::thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("the message of the case is above")).collect()
    })
}

/// How many cases: a fiftieth in `cargo test`, all of them when `CONCLAVE_FULL=1`.
pub fn cases(full: usize) -> usize {
    let count = if is_full() { full } else { full / 50 };
    eprintln!("{count} of {full} cases");
    count
}
