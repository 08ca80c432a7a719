//! What a file may cost: whoever writes one decides neither how much memory it takes nor how much is said of it, and nobody can
//! block a recovery by appending.

use std::cell::RefCell;
use std::fs;
use std::sync::Arc;

use conclave::crypto::kdf::{FLOOR, Kdf, KdfError, KdfNumbers, STANDARD};
use conclave::domain::inventory::{Collection, Fields, Records, VALUES_LIMIT};
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::domain::tally::NAMED;
use conclave::effect::{Answer, Effect, Outcome, Source};
use conclave::machine::disk::System;
use conclave::session::neighbours::beside;
use conclave::session::phrase_judge::PhraseJudge;
use conclave::session::proving::Proving;
use conclave::snapshot::container::{Budget, ContainerError, ENTRIES, Spent, UNPACKED, Unpacked, unpack_from};
use conclave::snapshot::finding::Finding;
use conclave::snapshot::opening::Opened;
use conclave::snapshot::refresh::{append_public, append_quorum, compact};
use conclave::snapshot::v1::limits::PUBLIC_VALUES;
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::read;
use conclave::snapshot::v1::verdict::{Damage, FileRefusal, Verdict};

use crate::support::containers::{base64, gzip, mail, zip};
use crate::support::desk::session_in;
use crate::support::forger::{public_box, records, reissue, with_boxes};
use crate::support::*;

fn open(snapshot: &Snapshot, phrases: &[Phrase]) -> Opened {
    open_with(&backup(&[snapshot]), phrases, &[1, 2], &CheapKdf).unwrap()
}

fn unread(opened: &Opened) -> Vec<u32> {
    let position = |finding: &Finding| match finding {
        Finding::BoxUnread { position } => Some(*position),
        _ => None,
    };
    opened.findings.iter().filter_map(position).collect()
}

/// A box that weighs so many millions: numbers that are no records count ten each.
fn heavy(millions: usize) -> String {
    records(millions * 100_000, |_| "0".to_owned())
}

#[test]
fn public_boxes_over_the_budget_stay_unread_and_block_nothing() {
    let (genuine, phrases) = small(2, 3, "budget");
    let whole = contents(&open(&genuine, &phrases));
    // 2 + 2 million fit, 3 more do not, wherever they stand, and the small one does.
    let small_box = records(1, |_| put_vault_text("late", "Late"));
    let forged = with_boxes(&genuine, [heavy(3), heavy(2), heavy(2), small_box]);
    let opened = open(&forged, &phrases);
    assert_eq!(unread(&opened), [2]);
    assert!(has_red(&opened));
    assert!(opened.inventory.standing(Collection::Vaults, "late").is_some());
    assert!(opened.inventory.standing(Collection::Vaults, "v1").is_some());
    let said = opened.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("Box 2, which anybody could have added, was not read"), "{said}");
    // What a quorum sealed is all there, also beside nothing but weight.
    let forged = with_boxes(&genuine, [heavy(6)]);
    let opened = open(&forged, &phrases);
    assert_eq!((unread(&opened), contents(&opened)), (vec![2], whole));
    assert!(Records::weigh(heavy(6).as_bytes(), VALUES_LIMIT).is_ok(), "alone it may be so heavy");
    assert!(Records::weigh(heavy(6).as_bytes(), PUBLIC_VALUES).is_err());
}

#[test]
fn nobody_crowds_out_what_a_quorum_marked() {
    let mut entropy = Seeded::new("crowd");
    let (first, phrases) = small(2, 3, "crowd of");
    let second = append_public(&first, vec![put_vault("p1", "Public")], issue(&mut entropy)).unwrap();
    let key = open(&second, &phrases).wrapping_key;
    let marked = append_quorum(&second, &key, vec![put_vault("q1", "Quorum")], issue(&mut entropy)).unwrap();
    // A forger puts a box beside the public one, before all that comes later.
    let after = first.boxes[0].place();
    let mut forged = marked.clone();
    // Alone it fits just so.
    let full = records(PUBLIC_VALUES / 10 - 1, |_| "0".to_owned());
    let crowd = (0..8)
        .map(|number| public_box(&marked, after, full.clone() + &" ".repeat(number)))
        .find(|sealed| sealed.place() < forged.boxes[1].place());
    forged.boxes.push(Arc::new(crowd.expect("one of eight digests is lower")));
    forged.boxes.sort_by_cached_key(|sealed| sealed.place());
    let opened = open(&reissue(forged), &phrases);
    assert_eq!(unread(&opened), [2]);
    assert!(opened.inventory.standing(Collection::Vaults, "p1").is_some());
}

#[test]
fn nobody_writes_what_would_not_be_read_again() {
    let mut entropy = Seeded::new("written");
    let (genuine, phrases) = small(2, 3, "written");
    let vaults = |count: usize| -> Vec<Fields> {
        (0..count).map(|n| put_vault(&format!("v{n:06}"), &"a name as people give them".repeat(3))).collect()
    };
    // Each refresh is far below its own limit; nobody can weigh the boxes that are there.
    let mut snapshot = genuine.clone();
    let refused = loop {
        match append_public(&snapshot, vaults(30_000), issue(&mut entropy)) {
            Ok(next) => snapshot = next,
            Err(error) => break error,
        }
    };
    assert_eq!(
        refused.to_string().split(';').next(),
        Some("so much was added without a quorum that no more of it would be read")
    );
    let opened = open(&snapshot, &phrases);
    assert!(unread(&opened).is_empty() && snapshot.boxes.len() > 2, "{}", snapshot.boxes.len());
    // A compaction writes more of each record than the boxes had.
    let most = records(PUBLIC_VALUES / 33, |n| put_vault_text(&format!("x{n}"), "x"));
    let heavy = with_boxes(&genuine, [most]);
    let opened = open(&heavy, &phrases);
    assert!(unread(&opened).is_empty());
    let refused = compact(&heavy, &opened, issue(&mut entropy)).unwrap_err();
    assert!(refused.to_string().contains("accept it, or leave some of it out"), "{refused}");
    // What was not read is not dropped either.
    let forged = with_boxes(&genuine, [self::heavy(6)]);
    let refused = compact(&forged, &open(&forged, &phrases), issue(&mut entropy)).unwrap_err();
    assert!(refused.to_string().contains("take a copy from before them"), "{refused}");
}

fn put_vault_text(id: &str, name: &str) -> String {
    format!(r#"{{"record":"put","collection":"vaults","item":{{"id":"{id}","name":"{name}","chain":"bitcoin"}}}}"#)
}

#[test]
fn findings_of_a_kind_are_named_up_to_a_number_and_counted_beyond() {
    let (genuine, phrases) = small(2, 3, "findings");
    let more = 17;
    let vaults = records(NAMED + more, |n| put_vault_text(&format!("x{n:04}"), "Rent"));
    let names = records(NAMED + more, |n| format!(r#"{{"record":"organization","name":"Other {n}"}}"#));
    let removals = records(2, |n| format!(r#"{{"record":"remove","collection":"vaults","id":"v{}"}}"#, n + 1));
    let opened = open(&with_boxes(&genuine, [vaults, names, removals]), &phrases);
    let count = |is: fn(&Finding) -> bool| opened.findings.iter().filter(|finding| is(finding)).count();
    assert_eq!(count(|finding| matches!(finding, Finding::PublicOnly { .. })), NAMED);
    assert_eq!(count(|finding| matches!(finding, Finding::ProposedOrganization { .. })), NAMED);
    assert_eq!(count(|finding| matches!(finding, Finding::ProposedRemoval { .. })), 2);
    let said: Vec<String> = opened.findings.iter().map(ToString::to_string).collect();
    for expected in [
        "And 17 more vaults that no quorum has confirmed.",
        "And 17 more other names of the organization, proposed without the quorum.",
    ] {
        assert!(said.iter().any(|said| said == expected), "{said:#?}");
    }
    let more = opened.findings.iter().filter(|finding| matches!(finding, Finding::More { .. }));
    let red: Vec<bool> = more.map(Finding::is_red).collect();
    assert_eq!(red, [true, false], "what was added is a note, what contradicts is not");
}

#[test]
fn what_does_not_compare_is_named_up_to_a_number_and_counted_beyond() {
    let vault = |n: usize, key: &str| {
        format!(
            r#"{{"id":"{key}{n:04}","name":"Rent","chain":"ethereum","key_id":"{key}","path":"m","address":"0x0000000000000000000000000000000000000001"}}"#
        )
    };
    let vaults: Vec<String> = (0..300).flat_map(|n| [vault(n, "k"), vault(n, "absent")]).collect();
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar",
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                 "private_key":"0000000000000000000000000000000000000000000000000000000000000001"}}],
        "vaults":[{}],"accounts":[]}}"#,
        vaults.join(",")
    );
    let sealed = conclave::domain::inventory::Contents::read(Kind::Organization, contents.as_bytes()).unwrap();
    let (snapshot, phrases) = found(plan(2, 3), sealed, &CheapKdf, &mut Seeded::new("compare"));
    let proving = Proving::of(Arc::new(open(&snapshot, &phrases).inventory));
    let compared = proving.compare_all().unwrap();
    let of = |word: &str| compared.red.iter().filter(|said| said.contains(word)).count();
    assert_eq!((of("MISMATCH"), of("is not in this backup")), (NAMED, NAMED + 1), "{:#?}", compared.red);
    assert!(compared.red.contains(&"And 280 more vaults whose key is not in this backup.".to_owned()));
    assert!(
        compared.red.contains(&"And 280 more vaults whose address or public key is not that of their key.".to_owned())
    );
    assert_eq!(compared.checks.vaults.len(), 600, "each has its own check all the same");
}

#[test]
fn lists_and_members_without_an_end_are_refused_or_damage() {
    let (genuine, _) = small(2, 3, "lists");
    let text = String::from_utf8(conclave::snapshot::v1::layout::to_bytes(&genuine)).unwrap();
    let many = "\"more\":0,".repeat(2_000);
    let refused = read(text.replacen('{', &format!("{{{many}"), 1).as_bytes()).err();
    assert_eq!(refused, Some(FileRefusal::Limit { what: "it has more than 1024 members".to_owned() }));
    let zeros = format!("\"{}\"", "0".repeat(64));
    let list = vec![zeros; 5_000].join(",");
    let cases = [
        ("\"previous\":[]", format!("\"previous\":[{list}]"), Damage::Snapshot),
        (
            "\"shareholders\":[",
            format!("\"shareholders\":[{}", r#"{"name":"x","number":1},"#.repeat(5_000)),
            Damage::Labels,
        ),
    ];
    for (from, to, damage) in cases {
        assert!(text.contains(from));
        let reading = read(text.replacen(from, &to, 1).as_bytes()).unwrap();
        assert!(
            matches!(&reading.verdict, Verdict::Damaged(damages) if damages.contains(&damage)),
            "{:?}",
            reading.verdict
        );
    }
    let long = text.replacen("\"core\":{", &format!("\"core\":{{\"{}\":0,", "x".repeat(100_000)), 1);
    let refused = read(long.as_bytes()).unwrap().core.unwrap_err().to_string();
    assert!(refused.len() < 400, "{} bytes are said", refused.len());
}

/// What unpacking gives, and what it took of a budget.
fn unpacked(bytes: Vec<u8>) -> (Result<Unpacked, ContainerError>, Spent) {
    let mut budget = Budget::default();
    let unpacked = unpack_from(bytes, "x", &mut budget);
    (unpacked, budget.spent())
}

fn text_of_snapshot(filler: usize) -> Vec<u8> {
    let mut text = b"{\"format\":\"conclave-snapshot\"".to_vec();
    text.resize(text.len() + filler, b' ');
    text
}

#[test]
fn containers_inside_one_another_take_from_one_budget() {
    let text = text_of_snapshot(5_000);
    let archive = zip(&[("snapshot.json", &text)]);
    let message = mail("application/zip", "base64", &base64(&archive));
    let words = "<p>See attached.</p>".len();
    let (found, spent) = unpacked(gzip(&message));
    assert_eq!(found.unwrap().text, text);
    // The gzip, both parts of the e-mail, and the entry.
    assert_eq!(spent, Spent { bytes: message.len() + words + archive.len() + text.len(), entries: 4 });
    // What is no snapshot, is damaged or comes twice counts as well.
    let broken = &gzip(&text)[..40];
    let all = zip(&[("a", b"hello"), ("b.gz", broken), ("c.gz", &gzip(&text)), ("d.gz", &gzip(&text))]);
    let (found, spent) = unpacked(all);
    assert_eq!(found.unwrap().text, text);
    assert_eq!(spent.entries, 4 + 3);
    assert!(spent.bytes > 2 * text.len(), "{spent:?}");
}

#[test]
fn an_encoded_message_hides_neither_its_parts_nor_its_bytes() {
    let parts = |count: usize| {
        let head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
        format!("{head}{}", "--b\n\nx\n".repeat(count)).into_bytes()
    };
    let encoded = |message: &[u8]| mail("message/rfc822", "base64", &base64(message));
    // 90 MB of it: the parts are counted one by one, and the message is decoded once.
    let inner = parts(8_000_000);
    let (found, spent) = unpacked(encoded(&inner));
    assert!(matches!(found, Err(ContainerError::Limit { .. })));
    assert_eq!(spent.entries, ENTRIES);
    assert!(spent.bytes < inner.len() + (1 << 20), "{spent:?}");
    // At each level as many as a message may have, so that all of them together are too many.
    let wide = |inside: &[u8]| {
        let body = format!("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}", base64(inside));
        let head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
        format!("{head}{}--b\n{body}", "--b\n\nx\n".repeat(400)).into_bytes()
    };
    assert!(matches!(unpacked(wide(&wide(b"x"))).0, Err(ContainerError::Nothing { .. })));
    let (found, spent) = unpacked(wide(&wide(&wide(b"x"))));
    assert_eq!((matches!(found, Err(ContainerError::Limit { .. })), spent.entries), (true, ENTRIES));
    // A header is looked at up to its limit, and nothing below it.
    let long = [b"From: a@example.org\nX-Long: ".to_vec(), vec![b'x'; 50 << 20], b"\n\nbody".to_vec()].concat();
    let (found, spent) = unpacked(long);
    assert_eq!((matches!(found, Err(ContainerError::Limit { .. })), spent), (true, Spent::default()));
}

#[test]
fn archives_that_swell_stop_at_one_budget() {
    let swelling = gzip(&vec![b' '; 40 << 20]);
    let three = zip(&[("a", &swelling), ("b", &swelling), ("c", &swelling)]);
    let six = zip(&[("1", &three), ("2", &three)]);
    let flat = zip(&["a", "b", "c", "d", "e", "f"].map(|name| (name, swelling.as_slice())));
    let message = gzip(&mail("application/zip", "base64", &base64(&flat)));
    for bytes in [six, message] {
        assert!(bytes.len() < 1 << 20);
        let (found, spent) = unpacked(bytes);
        assert!(matches!(found, Err(ContainerError::Limit { .. })), "{found:?}");
        assert_eq!(spent.bytes, UNPACKED);
    }
    // 1.8 million entries are counted in the directory, before any of them is read.
    let directory = [b"PK\x01\x02".as_slice(), &[0; 42]].concat().repeat(1_800_000);
    let (found, spent) = unpacked([b"PK\x03\x04".as_slice(), &directory].concat());
    assert_eq!((matches!(found, Err(ContainerError::Limit { .. })), spent), (true, Spent::default()));
    // Base64 that nothing announces counts where it may hold something.
    let line = format!("{}\n-\n", data_encoding::BASE64.encode(&[b"\x1f\x8b".as_slice(), &[b'x'; 50]].concat()));
    let (found, spent) = unpacked(line.repeat(100_000).into_bytes());
    assert_eq!((matches!(found, Err(ContainerError::Limit { .. })), spent.entries), (true, ENTRIES));
}

#[test]
fn all_files_beside_the_chosen_one_together_cost_no_more_than_one_may() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut entropy = Seeded::new("beside");
    let (first, _) = small(2, 3, "beside");
    let second = append_public(&first, vec![put_vault("p1", "Public")], issue(&mut entropy)).unwrap();
    let bytes = conclave::snapshot::v1::layout::to_bytes;
    fs::write(path("chosen.json"), bytes(&first)).unwrap();
    fs::write(path("a newer one.json.gz"), gzip(&bytes(&second))).unwrap();
    let chosen = [path("chosen.json")];
    let readings = [reading(&first)];
    let alone = beside(&chosen, &readings);
    assert_eq!((alone.near.len(), alone.unseen), (1, 0));
    // Packed and unpacked.
    assert!(alone.spent.bytes > bytes(&second).len() && alone.spent.bytes < 2 * bytes(&second).len());
    // Each of them is no snapshot, and each within the limit of one file.
    let swelling = gzip(&vec![b' '; 24 << 20]);
    for number in 0..64 {
        fs::write(path(&format!("b{number:02}.json.gz")), &swelling).unwrap();
    }
    let together = beside(&chosen, &readings);
    assert_eq!(together.near.len(), 1);
    assert_eq!(together.spent.bytes, UNPACKED, "64 of them are 1.5 GiB");
    // Seven fit, and of the others it is said that nobody looked.
    assert_eq!(together.unseen, 64 - 7);
    let source = Source::Files(chosen.to_vec());
    let mut session = session_in(folder.path(), Box::new(System));
    let loaded = session.perform(Effect::Load { source, is_drill: false, keeps_device: false }, &|| false);
    let Outcome::Loaded(Ok(summary)) = loaded else { panic!("it is not loaded") };
    let said = &summary.files[0].verdict;
    assert!(said.contains("beside it, 57 files were not looked at"), "{said}");
    // Whoever has one phrase of a backup that takes long to derive for puts it beside others.
    for number in 0..64 {
        fs::remove_file(path(&format!("b{number:02}.json.gz"))).unwrap();
    }
    for number in 0..4 {
        fs::write(path(&format!("d{number}.json")), bytes(&foreign(DEAR, number).0)).unwrap();
    }
    let (standard, _) = foreign(STANDARD, 9);
    fs::write(path("e.json"), bytes(&standard)).unwrap();
    let others = beside(&chosen, &readings).others;
    assert_eq!(others.iter().map(|other| other.core.clone().unwrap()).collect::<Vec<_>>(), [standard.core]);
}

/// The most that a file may ask for: 13 times the work of a new backup, and four times its memory.
const DEAR: (u64, u64, u64) = (1 << 20, 10, 8);

fn foreign(derivation: (u64, u64, u64), seed: u8) -> (Snapshot, Vec<Phrase>) {
    let plan = conclave::snapshot::founding::SealingPlan { derivation, ..plan(2, 3) };
    found(plan, small_records(), &CheapKdf, &mut Seeded::new(format!("foreign {seed}")))
}

/// Notes what each derivation would cost.
#[derive(Default)]
struct Noting(RefCell<Vec<(u64, u64, u64)>>);

impl Kdf for Noting {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        self.0.borrow_mut().push((numbers.memory_kib, numbers.passes, numbers.lanes));
        CheapKdf.derive(secret, numbers)
    }
}

#[test]
fn no_foreign_backup_costs_more_than_a_standard_derivation_for_a_wrong_phrase() {
    let (own, _) = foreign(FLOOR, 1);
    let (standard, of_standard) = foreign(STANDARD, 2);
    let (floor, _) = foreign(FLOOR, 3);
    let (dear, of_dear) = foreign(DEAR, 4);
    // As much work as a standard one in more memory, and more work in less.
    let (wide, _) = foreign((STANDARD.0 * 3, 1, 1), 5);
    let (long, _) = foreign((STANDARD.0 / 2, 7, 1), 6);
    let all = [&own, &dear, &wide, &long, &floor, &standard].map(reading);
    let mut judge = PhraseJudge::unite(all.to_vec(), std::path::Path::new("own")).unwrap();
    assert_eq!(judge.others.len(), 5);
    for phrase in [&of_dear[0], &phrases_of_nobody()] {
        let kdf = Noting::default();
        let answer = judge.take(phrase, &kdf, &|| false).unwrap();
        assert!(matches!(answer, Answer::NotOfThisBackup { elsewhere: None }));
        assert_eq!(*kdf.0.borrow(), [FLOOR, FLOOR, STANDARD]);
    }
    let answer = judge.take(&of_standard[1], &Noting::default(), &|| false).unwrap();
    assert!(matches!(answer, Answer::NotOfThisBackup { elsewhere: Some(_) }), "{answer:?}");
}

fn phrases_of_nobody() -> Phrase {
    Phrase::generate(ENGLISH, &mut Seeded::new("nobody")).unwrap()
}
