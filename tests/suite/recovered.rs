//! What is shown and written of an open backup: who confirmed what, what is known at that moment, what was chosen.
#![allow(clippy::too_many_lines)]

use std::sync::Arc;

use conclave::domain::chain::Chain;
use conclave::domain::derivation_path::DerivationPath;
use conclave::domain::export_form::{ExportForm, Selection};
use conclave::domain::inventory::{Collection, Contents, Fields, Kept};
use conclave::domain::kind::Kind;
use conclave::effect::{Effect, ExportOrder, KnownAddress, Outcome, Place, PlaceKind, Searched};
use conclave::session::proving::Proving;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::ui::app::Request;
use conclave::ui::key::Key;

use crate::support::desk::Desk;
use crate::support::*;

/// The address of the private key 1 (`tests/independent/`).
const ADDRESS: &str = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

/// The key 1, and so many vaults of it, of which the first has this address.
fn records(vaults: usize, address: &str) -> Vec<Fields> {
    let vault = |number: usize| {
        let address = if number == 0 { address } else { ADDRESS };
        format!(
            r#"{{"id":"v{number:05}","name":"Vault {number}","chain":"ethereum","key_id":"k","path":"m","address":"{address}"}}"#
        )
    };
    let vaults: Vec<String> = (0..vaults).map(vault).collect();
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar",
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                 "private_key":"0000000000000000000000000000000000000000000000000000000000000001"}}],
        "vaults":[{}],"accounts":[]}}"#,
        vaults.join(",")
    );
    Contents::read(Kind::Organization, contents.as_bytes()).unwrap()
}

fn is_key(record: &Fields) -> bool {
    record.text("collection") == Some("keys")
}

fn proving_of(records: Vec<Fields>, public: Vec<Fields>) -> Proving {
    let (snapshot, phrases) = found(plan(2, 3), records, &CheapKdf, &mut Seeded::new("review"));
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("public") };
    let snapshot = if public.is_empty() { snapshot } else { append_public(&snapshot, public, issue).unwrap() };
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[1, 2], &CheapKdf).unwrap();
    Proving::of(Arc::new(opened.inventory))
}

#[test]
fn a_key_that_a_rotation_carried_over_unconfirmed_confirms_no_address() {
    let compared = proving_of(records(1, ADDRESS), Vec::new()).compare_all().unwrap();
    assert_eq!((compared.matches, compared.red.len()), (1, 0));
    let origin = Fields::default()
        .with_text("backup_id", "00112233445566778899aabbccddeeff")
        .with_text("created", "2025-01-01T00:00:00Z");
    let carried = records(1, ADDRESS)
        .into_iter()
        .map(|record| if is_key(&record) { record.with("origin", Kept::Object(origin.duplicate())) } else { record });
    let compared = proving_of(carried.collect(), Vec::new()).compare_all().unwrap();
    assert_eq!(compared.matches, 0);
    assert!(compared.notes[0].contains("no quorum has confirmed its key"), "{compared:?}");
}

#[test]
fn what_is_derived_of_a_key_that_no_quorum_sealed_says_so() {
    let (keys, others) = records(1, ADDRESS).into_iter().partition(is_key);
    let (chain, path) = (Chain::parse("ethereum").unwrap(), DerivationPath::parse("m").unwrap());
    let derived = |proving: Proving| proving.derive_path("k", &chain, &path).unwrap();
    let derived_of_public = derived(proving_of(others, keys));
    assert!(derived_of_public.is_red && derived_of_public.check.unwrap().contains("no quorum has confirmed"));
    let derived_of_sealed = derived(proving_of(records(1, ADDRESS), Vec::new()));
    assert!(!derived_of_sealed.is_red && derived_of_sealed.check.is_none());
}

/// In front of what was recovered.
fn recovered(records: Vec<Fields>) -> Desk {
    let (snapshot, phrases) = found(plan(2, 3), records, &CheapKdf, &mut Seeded::new("review"));
    let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
    desk.begin().open_with(&phrases, &[1, 2]);
    desk
}

#[test]
fn an_export_before_the_comparison_is_done_says_what_does_not_check() {
    let mut desk = recovered(records(600, "0x0000000000000000000000000000000000000001"));
    // As if the export had overtaken the comparison.
    assert!(matches!(desk.session.perform(Effect::Open, &|| false), Outcome::Opened(Ok(_))));
    let sheets = |desk: &mut Desk, name: &str| {
        let (selection, path) = (Selection::default(), desk.path(name));
        let order = ExportOrder { form: ExportForm::Text, selection, path, passphrase: None };
        let outcome = desk.session.perform(Effect::Export(Box::new(order)), &|| false);
        assert!(matches!(outcome, Outcome::Exported(Ok(_))), "{outcome:?}");
        desk.written(name).unwrap()
    };
    let before = sheets(&mut desk, "before.txt");
    assert!(before.contains("WHAT DOES NOT CHECK:") && before.contains("! Vault \"Vault 0\": MISMATCH"));
    // The comparison that goes on meanwhile says nothing twice.
    for from in [0, 250, 500] {
        let outcome = desk.session.perform(Effect::Compare { from }, &|| false);
        let Outcome::Compared(Ok(compared)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((compared.done, compared.red.len()), ((from + 250).min(600), usize::from(from == 0)));
    }
    assert_eq!(sheets(&mut desk, "after.txt"), before);
}

#[test]
fn a_passphrase_that_is_typed_back_is_hidden_when_nobody_types() {
    let mut desk = recovered(records(1, ADDRESS));
    desk.at_name(0, "out.kdbx").is("Export", "Passphrase of the file").key(Key::Enter).press("y").key(Key::Enter);
    desk.press("abcdefg").is("Export", "abcdefg").wait(61);
    assert!(!desk.screen().contains("abcdefg"), "{}", desk.screen());
    desk.press("h").is("Export", "abcdefgh");
}

#[test]
fn the_chosen_place_stays_the_chosen_one_when_places_are_looked_for_again() {
    let mut desk = recovered(records(1, ADDRESS));
    let place = |path: &str| Place::new(PlaceKind::Medium, path, true);
    let hear = |desk: &mut Desk, paths: &[&str]| {
        let ticket = desk.app.take_requests().into_iter().find_map(|request| match request {
            Request::Perform(ticket, Effect::FindPlaces) => Some(ticket),
            _ => None,
        });
        let places = paths.iter().map(|path| place(path)).collect();
        desk.app.on_outcome(ticket.unwrap(), Outcome::Places(places), desk.now);
    };
    desk.press("e").key(Key::Enter);
    desk.app.on_key(Key::Enter, desk.now);
    hear(&mut desk, &["/media/one", "/media/two"]);
    desk.key(Key::Down).is("Export", "> /media/two");
    // Enter comes while places are looked for, and counts afterwards.
    desk.app.on_key(Key::F(5), desk.now);
    desk.app.on_key(Key::Enter, desk.now);
    hear(&mut desk, &["/media/new", "/media/one", "/media/two"]);
    desk.is("Export", "Where   /media/two");
}

#[test]
fn a_chain_of_the_other_type_of_key_is_refused() {
    let mut desk = recovered(records(1, ADDRESS));
    desk.press("n")
        .key(Key::Enter)
        .press("solana")
        .key(Key::Enter)
        .is("Recovered", "no chain that is known here for this type");
}

#[test]
fn an_item_that_a_rotation_carried_over_unconfirmed_is_marked_so() {
    let origin = Fields::default()
        .with_text("backup_id", "00112233445566778899aabbccddeeff")
        .with_text("created", "2025-01-01T00:00:00Z");
    let carried = records(1, ADDRESS).into_iter().map(|record| record.with("origin", Kept::Object(origin.duplicate())));
    let mut desk = recovered(carried.collect());
    desk.is("Recovered", ">  !k").key(Key::Enter).is("Recovered", "no quorum has confirmed it");
}

#[test]
fn a_search_of_many_pieces_leaves_no_path_out() {
    let chain_code = "c0de".repeat(16);
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar","vaults":[],"accounts":[],
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                 "private_key":"0000000000000000000000000000000000000000000000000000000000000001","chain_code":"{chain_code}"}}]}}"#
    );
    let proving = proving_of(Contents::read(Kind::Organization, contents.as_bytes()).unwrap(), Vec::new());
    let derived = |path: &DerivationPath| proving.derive_path("k", &Chain::parse("tron").unwrap(), path).unwrap();
    // Ranges that are wide, that are long, and that no piece divides evenly; the first path, the last one, and one between.
    for (accounts, indexes) in [(1, 9_001), (9_001, 1), (97, 93)] {
        for (account, index) in [(0, 0), (accounts - 1, indexes - 1), (accounts / 2, indexes / 2)] {
            let path = DerivationPath::of_vault(195, account, index).unwrap();
            let address = derived(&path).addresses[0].1.clone();
            let chain = Chain::parse("tron").unwrap();
            let wanted = KnownAddress { key_id: "k".to_owned(), chain, address, accounts, indexes };
            let mut from = 0;
            let found = loop {
                match proving.search(&wanted, from).unwrap() {
                    Searched::Found { path, .. } => break path,
                    Searched::NotYet { tried } => from = tried,
                    Searched::Nowhere => panic!("{accounts} x {indexes}: not at {account}, {index}"),
                }
            };
            assert_eq!(found, path);
        }
    }
    // Where it is not, the end comes, and never before everything was tried.
    let elsewhere = derived(&DerivationPath::of_vault(195, 0, 9_002).unwrap()).addresses[0].1.clone();
    let chain = Chain::parse("tron").unwrap();
    let wanted = KnownAddress { key_id: "k".to_owned(), chain, address: elsewhere, accounts: 2, indexes: 4_500 };
    let mut from = 0;
    while let Searched::NotYet { tried } = proving.search(&wanted, from).unwrap() {
        assert!(tried > from && tried < 9_000);
        from = tried;
    }
    assert!(from > 0, "it took several pieces");
}

#[test]
fn marked_vaults_bring_their_keys_and_a_table_of_nothing_is_refused() {
    let mut desk = recovered(records(3, ADDRESS));
    // One vault: with its key, or nobody could use it.
    desk.key(Key::Right).press(" ").at_name(1, "one.json");
    let digits = desk.digits();
    desk.press(&digits).key(Key::Enter).is("Export", "Written and read back");
    let written = desk.written("one.json").unwrap();
    assert_eq!(written.matches("\"key_id\"").count(), 1, "{written}");
    assert!(written.contains("\"private_key\""), "{written}");
    // A key alone is in no table of vaults.
    desk.key(Key::Enter).press("m").press("m").key(Key::Left).press(" ").is("Recovered", "1 marked for an export");
    desk.press("e").is("Export", "What is to be written").key(Key::Enter).is("Export", "In which form");
    desk.keys(&[Key::Down; 3]).key(Key::Enter).is("Export", "In which form");
    desk.is("Export", "Not written: nothing of what is marked").is("Export", "Choose another form");
}

/// `cargo test --release --test suite -- --ignored --nocapture recovered::`
#[test]
#[ignore = "a measurement, for a release build: cargo test --release --test suite -- --ignored --nocapture recovered::"]
fn how_long_a_huge_backup_takes_from_open_to_export() {
    use std::time::Instant;
    const KEY: &str = r#"{"id":"k","key_type":"ECDSA_SECP256K1","chain_code":"0909090909090909090909090909090909090909090909090909090909090909",
        "public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "private_key":"0000000000000000000000000000000000000000000000000000000000000001"}"#;
    let contents = |vaults: &str| {
        let more: Vec<String> =
            (1..1000).map(|number| KEY.replace(r#""id":"k""#, &format!(r#""id":"k{number}""#))).collect();
        let text = format!(
            r#"{{"format":"conclave-contents","version":1,"organization":"E","keys":[{KEY},{}],"vaults":[{vaults}],"accounts":[]}}"#,
            more.join(",")
        );
        Contents::read(Kind::Organization, text.as_bytes()).unwrap()
    };
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").replace('\t', " ")
    };
    let (chains, proving) = (["bitcoin", "ethereum"], proving_of(contents(""), Vec::new()));
    for is_right in [true, false] {
        let vaults: Vec<String> = (0..20_000)
            .map(|number: u32| {
                let chain = Chain::parse(chains[number as usize % 2]).unwrap();
                let path = DerivationPath::of_vault(chain.coin(), number, 0).unwrap();
                let address = if is_right {
                    proving.derive_path("k", &chain, &path).unwrap().addresses[0].1.clone()
                } else {
                    "0x0000000000000000000000000000000000000001".to_owned()
                };
                let word = chain.word();
                format!(r#"{{"id":"v{number:05}","name":"Vault {number}","chain":"{word}","key_id":"k","path":"{path}","address":"{address}"}}"#)
            })
            .collect();
        let (snapshot, phrases) = found(plan(2, 3), contents(&vaults.join(",")), &CheapKdf, &mut Seeded::new("huge"));
        println!("right addresses: {is_right}; built, {}", peak());
        let mut desk = Desk::new(&[("snapshot.json", &snapshot)], false);
        desk.begin().sit_down().type_phrase(&phrases[0]).sit_down().type_phrase(&phrases[1]);
        let timed = |what: &str, begun: Instant| println!("{what}: {:.2} s, {}", begun.elapsed().as_secs_f64(), peak());
        let begun = Instant::now();
        desk.key(Key::Enter).is("Recovered", "Opened");
        timed("open and compare", begun);
        let begun = Instant::now();
        (0..10).for_each(|_| drop(desk.screen()));
        timed("ten frames of keys", begun);
        let begun = Instant::now();
        desk.key(Key::Right);
        (0..10).for_each(|_| drop(desk.screen()));
        timed("vaults: list and ten frames", begun);
        let begun = Instant::now();
        desk.press("ooo");
        timed("sorted three times", begun);
        let begun = Instant::now();
        desk.press("m");
        timed("all marked", begun);
        let begun = Instant::now();
        desk.press("m");
        timed("no more", begun);
        let begun = Instant::now();
        desk.keys(&[Key::Right, Key::Right]);
        (0..10).for_each(|_| drop(desk.screen()));
        timed("about: ten frames", begun);
        let marked = (0..19_000).map(|number| (Collection::Vaults, format!("v{number:05}"))).collect();
        for form in ExportForm::ALL {
            let begun = Instant::now();
            let is_kdbx = form == ExportForm::Kdbx;
            let selection = Selection {
                marked: is_kdbx.then(|| std::collections::BTreeSet::clone(&marked)),
                is_public_only: false,
            };
            let passphrase = is_kdbx.then(|| conclave::domain::secret::SecretText::copy_of("correct horse battery"));
            let order = ExportOrder { form, selection, path: desk.path(form.rules().file_name), passphrase };
            let outcome = desk.session.perform(Effect::Export(Box::new(order)), &|| false);
            assert!(matches!(outcome, Outcome::Exported(Ok(_))), "{outcome:?}");
            timed(form.rules().name, begun);
        }
    }
}
