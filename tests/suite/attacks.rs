//! The hazards of the format, one test each: what a thief of the mailbox, a dishonest ceremony or an accident can do to a file,
//! with all digests recomputed where an attacker would. Each is refused, DAMAGED, or a red note; the good case stands beside it.

use std::sync::Arc;

use conclave::crypto::commitment::{PhraseKey, share_commitment};
use conclave::crypto::envelope;
use conclave::crypto::issuer::IssuerKey;
use conclave::crypto::sharing::{Share, ShareFault};
use conclave::crypto::wrapping::WrappingKey;
use conclave::domain::encoding::Base64;
use conclave::domain::inventory::{Collection, SealedBy, write_records};
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::snapshot::backup::{Backup, JudgeError, Judged};
use conclave::snapshot::finding::Finding;
use conclave::snapshot::founding::Founding;
use conclave::snapshot::opening::{Opened, OpeningError};
use conclave::snapshot::refresh::{Issue, append_public, append_quorum, compact, renew};
use conclave::snapshot::relation::{Relation, relations};
use conclave::snapshot::sealing::SealingError;
use conclave::snapshot::v1::model::{SealedBox, Snapshot, envelopes_digest};
use conclave::snapshot::v1::verdict::{Damage, FileRefusal, Verdict};

use crate::support::forger::reissue;
use crate::support::*;

fn open_all(snapshots: &[&Snapshot], phrases: &[Phrase]) -> Opened {
    let numbers: Vec<usize> = (1..=phrases.len()).collect();
    open_with(&backup(snapshots), phrases, &numbers, &CheapKdf).unwrap()
}

fn reds(opened: &Opened) -> Vec<&Finding> {
    opened.findings.iter().filter(|finding| finding.is_red()).collect()
}

/// A backup of sequence 3: what the ceremony sealed, a public box, and a quorum box; the anchor covers all.
fn three_boxes() -> (Snapshot, Vec<Phrase>, Vec<Snapshot>) {
    let mut entropy = Seeded::new("three boxes");
    let (first, phrases) = small(2, 3, "three boxes of");
    let second = append_public(&first, vec![put_vault("p1", "Public")], issue(&mut entropy)).unwrap();
    let opened = open_all(&[&second], &phrases);
    let records = vec![put_vault("q1", "Quorum")];
    let third = append_quorum(&second, &opened.wrapping_key, records, issue(&mut entropy)).unwrap();
    (third.clone(), phrases, vec![first, second, third])
}

fn verdict(snapshot: &Snapshot) -> Verdict {
    reading(snapshot).verdict
}

#[test]
fn an_untouched_backup_has_no_red_note() {
    let (first, phrases) = small(2, 3, "untouched");
    assert_eq!(verdict(&first), Verdict::Intact);
    assert_eq!(open_all(&[&first], &phrases).findings, []);
}

#[test]
fn a_removed_anchor_is_damage_and_a_red_note() {
    let (snapshot, phrases, _) = three_boxes();
    let text = String::from_utf8(conclave::snapshot::v1::layout::to_bytes(&reissue(snapshot))).unwrap();
    let without: String = text.split_inclusive('\n').filter(|line| !line.starts_with("\"anchor\"")).collect();
    let reading = conclave::snapshot::v1::read::read(without.as_bytes()).unwrap();
    assert_eq!(reading.verdict, Verdict::Damaged(vec![Damage::Anchor]));
    let backup = Backup::unite(vec![reading]).unwrap().0;
    let opened = open_with(&backup, &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(matches!(reds(&opened)[..], [Finding::Damaged { .. }, Finding::AnchorMissing { .. }, ..]));
}

#[test]
fn an_older_anchor_put_back_is_a_red_note() {
    let (mut snapshot, phrases, history) = three_boxes();
    snapshot.anchor = history[0].anchor.clone();
    let snapshot = reissue(snapshot);
    assert_eq!(verdict(&snapshot), Verdict::Intact);
    assert!(reds(&open_all(&[&snapshot], &phrases)).contains(&&Finding::AnchorOlder { position: 3 }));
}

#[test]
fn an_anchor_of_ones_own_is_a_red_note() {
    let (mut snapshot, phrases, _) = three_boxes();
    snapshot.anchor.sequence = 7;
    let snapshot = reissue(snapshot);
    assert!(matches!(reds(&open_all(&[&snapshot], &phrases))[..], [Finding::AnchorForged { .. }, ..]));
}

#[test]
fn a_flipped_mark_makes_the_box_stay_closed() {
    for (index, sealed_by) in [(0, SealedBy::Public), (1, SealedBy::Quorum), (2, SealedBy::Public)] {
        let (mut snapshot, phrases, _) = three_boxes();
        Arc::make_mut(&mut snapshot.boxes[index]).header.sealed_by = sealed_by;
        let snapshot = reissue(snapshot);
        // The chain through the box is broken too, but for the last one.
        assert_eq!(verdict(&snapshot).is_damaged(), index < 2);
        let position = u32::try_from(index).unwrap() + 1;
        assert!(reds(&open_all(&[&snapshot], &phrases)).contains(&&Finding::BoxClosed { position }));
    }
}

#[test]
fn reordered_boxes_are_damage() {
    let (mut snapshot, phrases, _) = three_boxes();
    snapshot.boxes.swap(0, 2);
    let snapshot = reissue(snapshot);
    assert_eq!(verdict(&snapshot), Verdict::Damaged(vec![Damage::Order]));
    let good = contents(&open_all(&[&three_boxes().0], &phrases));
    assert_eq!(contents(&open_all(&[&snapshot], &phrases)), good, "what opens is still used, in its order");
}

#[test]
fn a_replayed_box_is_damage() {
    let (mut snapshot, _, _) = three_boxes();
    snapshot.boxes.push(snapshot.boxes[0].clone());
    assert_eq!(verdict(&reissue(snapshot)), Verdict::Damaged(vec![Damage::Order]));
    let (mut snapshot, phrases, _) = three_boxes();
    let mut copy = SealedBox::clone(&snapshot.boxes[0]);
    copy.header.position = 4;
    copy.header.previous = snapshot.boxes[2].place().digest;
    snapshot.boxes.push(Arc::new(copy));
    let snapshot = reissue(snapshot);
    assert!(reds(&open_all(&[&snapshot], &phrases)).contains(&&Finding::BoxClosed { position: 4 }));
}

#[test]
fn a_box_dropped_from_the_middle_is_damage_and_a_red_note() {
    let (mut snapshot, phrases, _) = three_boxes();
    snapshot.boxes.remove(1);
    let snapshot = reissue(snapshot);
    assert_eq!(verdict(&snapshot), Verdict::Damaged(vec![Damage::Order]));
    assert!(reds(&open_all(&[&snapshot], &phrases)).contains(&&Finding::BoxesMissing));
}

#[test]
fn a_cut_tail_that_a_quorum_marked_is_a_red_note() {
    let (mut snapshot, phrases, _) = three_boxes();
    snapshot.boxes.pop();
    let snapshot = reissue(snapshot);
    assert_eq!(verdict(&snapshot), Verdict::Intact);
    assert!(reds(&open_all(&[&snapshot], &phrases)).contains(&&Finding::BoxesMissing));
}

#[test]
fn a_cut_tail_that_nobody_marked_shows_beside_another_copy_or_by_the_issuers_signature() {
    let (_, phrases, history) = three_boxes();
    let mut cut = history[1].clone();
    cut.boxes.pop();
    let cut = reissue(cut);
    assert_eq!(verdict(&cut), Verdict::Intact, "alone it cannot be seen; the documents say so");
    assert_eq!(reds(&open_all(&[&cut], &phrases)), Vec::<&Finding>::new());
    assert_eq!(relations(&[reading(&cut), reading(&history[1])]), [Relation::Fork, Relation::Fork]);
    assert!(reds(&open_all(&[&cut, &history[1]], &phrases)).contains(&&Finding::Fork));

    let issuer = IssuerKey::from_seed(&SecretBytes::init(|seed| seed.fill(5)));
    let mut entropy = Seeded::new("signed");
    let mut plan = plan(2, 3);
    plan.issuer = Some(issuer.public());
    let mut founding = Founding::begin(plan, &mut entropy).unwrap();
    let phrases: Vec<Phrase> = (1..=3).map(|_| Phrase::generate(ENGLISH, &mut entropy).unwrap()).collect();
    for (number, phrase) in (1..).zip(&phrases) {
        founding.accept(number, phrase, &CheapKdf).unwrap();
    }
    let first = founding.seal(small_records(), time("2026-01-01T00:00:00Z"), Some(&issuer), &mut entropy).unwrap();
    let signed = Issue { created: time("2026-01-02T00:00:00Z"), issuer: Some(&issuer), entropy: &mut entropy };
    let second = append_public(&first, vec![put_vault("p", "P")], signed).unwrap();
    let is_signature =
        |finding: &&Finding| matches!(finding, Finding::SignatureWrong { .. } | Finding::SignatureMissing { .. });
    assert!(!reds(&open_all(&[&second], &phrases)).iter().any(is_signature), "the good case");
    let mut cut = second.clone();
    cut.boxes.pop();
    assert!(reds(&open_all(&[&reissue(cut)], &phrases)).iter().any(is_signature));
    let mut unsigned = second.clone();
    unsigned.section.signature = None;
    assert!(reds(&open_all(&[&reissue(unsigned)], &phrases)).iter().any(is_signature));
    let refused = append_public(&second, vec![], issue(&mut Seeded::new("no issuer")));
    assert_eq!(refused.unwrap_err(), SealingError::Issuer);
}

#[test]
fn a_first_snapshot_waits_for_the_signature_of_its_issuer() {
    let key = |byte| IssuerKey::from_seed(&SecretBytes::init(|seed| seed.fill(byte)));
    let mut entropy = Seeded::new("unsigned");
    let plan = conclave::snapshot::founding::SealingPlan { issuer: Some(key(5).public()), ..plan(2, 2) };
    let (first, phrases) = found(plan, small_records(), &CheapKdf, &mut entropy);
    let missing = |finding: &&Finding| matches!(finding, Finding::SignatureMissing { .. });
    assert!(first.section.signature.is_none() && reds(&open_all(&[&first], &phrases)).iter().any(missing));
    let created = time("2026-01-02T00:00:00Z");
    for issuer in [None, Some(key(6))] {
        let issue = Issue { created, issuer: issuer.as_ref(), entropy: &mut entropy };
        assert_eq!(append_public(&first, Vec::new(), issue).unwrap_err(), SealingError::Issuer);
    }
    let issuer = key(5);
    let issue = Issue { created, issuer: Some(&issuer), entropy: &mut entropy };
    let signed = append_public(&first, Vec::new(), issue).unwrap();
    assert!(!reds(&open_all(&[&signed], &phrases)).iter().any(missing));
}

#[test]
fn rewritten_names_are_noted_and_stay_only_names() {
    let (mut snapshot, phrases, _) = three_boxes();
    let before = contents(&open_all(&[&snapshot], &phrases));
    holder_labels(&mut snapshot.labels).shareholders[0].name = text("Mallory");
    let snapshot = reissue(snapshot);
    let opened = open_all(&[&snapshot], &phrases);
    assert!(opened.findings.iter().any(|finding| matches!(finding, Finding::LabelsChanged { .. })));
    assert_eq!(contents(&opened), before);
}

#[test]
fn swapped_envelopes_never_make_a_right_phrase_wrong() {
    let (mut snapshot, phrases, _) = three_boxes();
    let sealed = snapshot.envelopes[0].sealed.clone();
    snapshot.envelopes[0].sealed = std::mem::replace(&mut snapshot.envelopes[1].sealed, sealed);
    let snapshot = reissue(snapshot);
    let backup = backup(&[&snapshot]);
    for (index, number) in [(0, 1), (1, 2)] {
        let answer = backup.recognise(&phrases[index], &CheapKdf).unwrap();
        assert!(matches!(answer, Judged::AlteredFile { number: found } if found == number));
    }
    assert_eq!(
        open_with(&backup, &phrases, &[1, 2, 3], &CheapKdf).err(),
        Some(OpeningError::NotEnough { usable: 1, threshold: 2 })
    );
}

#[test]
fn other_envelopes_than_those_the_quorum_marked_are_a_red_note() {
    // Envelope 3 is damaged and its digest recomputed; 1 and 2 still open.
    let (mut snapshot, phrases, _) = three_boxes();
    snapshot.envelopes[2].sealed.0[20] ^= 1;
    let snapshot = reissue(snapshot);
    assert_eq!(verdict(&snapshot), Verdict::Intact);
    let opened = open_with(&backup(&[&snapshot]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(matches!(reds(&opened)[..], [Finding::EnvelopesChanged { .. }, ..]));
}

/// Everything that depends on the core, made anew by somebody who has every phrase and the wrapping key.
fn rebuild(mut snapshot: Snapshot, phrases: &[Phrase], shares: &[Share], key: &WrappingKey) -> Snapshot {
    let core = &snapshot.core;
    let core_digest = core.core_digest();
    for (envelope, (share, phrase)) in snapshot.envelopes.iter_mut().zip(shares.iter().zip(phrases)) {
        let phrase = PhraseKey::derive(phrase.reveal_entropy(), core.binding(), &core.kdf, &CheapKdf).unwrap();
        envelope.sealed = Base64(envelope::seal(share, &phrase, &core_digest));
    }
    snapshot.boxes.truncate(1);
    let context = snapshot.boxes[0].header.context(core, &core_digest);
    Arc::make_mut(&mut snapshot.boxes[0]).ciphertext = Base64(key.seal(write_records(small_records()), &context));
    snapshot.anchor.last = snapshot.boxes[0].place();
    snapshot.anchor.envelopes = envelopes_digest(&snapshot.envelopes);
    snapshot.anchor.mac = Some(key.anchor_mac(&core_digest, &snapshot.anchor.without_mac()));
    reissue(snapshot)
}

fn shares_of(snapshot: &Snapshot, phrases: &[Phrase]) -> Vec<Share> {
    let backup = backup(&[snapshot]);
    phrases
        .iter()
        .map(|phrase| match backup.recognise(phrase, &CheapKdf).unwrap() {
            Judged::Verified(share) => share,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_thiefs_public_key_is_noticed() {
    let (snapshot, phrases) = small(2, 3, "victim");
    let (thief, _) = small(2, 3, "thief");
    let mut altered = snapshot.clone();
    altered.core.public_key = thief.core.public_key.clone();
    // Only the key replaced: every envelope is bound to the core, so none opens, and no phrase is called wrong.
    let unopened = backup(&[&reissue(altered.clone())]);
    for phrase in &phrases {
        assert!(matches!(unopened.recognise(phrase, &CheapKdf), Ok(Judged::AlteredFile { .. })));
    }
    // Made by somebody who had everything: the pair rebuilt from the wrapping key is another.
    let key = open_all(&[&snapshot], &phrases).wrapping_key;
    let rebuilt = rebuild(altered, &phrases, &shares_of(&snapshot, &phrases), &key);
    assert_eq!(reds(&open_all(&[&rebuilt], &phrases)), [&Finding::PublicKeyChanged]);
    let good = rebuild(snapshot.clone(), &phrases, &shares_of(&snapshot, &phrases), &key);
    assert_eq!(reds(&open_all(&[&good], &phrases)), Vec::<&Finding>::new());
}

#[test]
fn a_dishonest_ceremony_is_named_and_gives_no_wrong_key() {
    let (snapshot, phrases) = small(2, 3, "dealer");
    let key = open_all(&[&snapshot], &phrases).wrapping_key;
    let mut shares = shares_of(&snapshot, &phrases);
    shares[2] = Share { number: 3, value: SecretBytes::init(|value| value.fill(9)) };
    let mut dishonest = snapshot.clone();
    dishonest.core.share_commitments[2] = share_commitment(snapshot.core.binding(), 3, &[9; 32]);
    let dishonest = rebuild(dishonest, &phrases, &shares, &key);
    let backup = backup(&[&dishonest]);
    let with_all = open_with(&backup, &phrases, &[3, 1, 2], &CheapKdf).unwrap();
    assert_eq!(reds(&with_all), [&Finding::ShareFault(ShareFault::Off { number: 3 })]);
    assert_eq!(
        open_with(&backup, &phrases, &[1, 3], &CheapKdf).err(),
        Some(OpeningError::NoKey { holder: "shareholder", usable: 2 })
    );
    assert!(open_with(&backup, &phrases, &[1, 2], &CheapKdf).is_ok());
}

#[test]
fn one_ciphertext_never_opens_to_two_contents() {
    // An envelope sealed with the right key, but around another share than the one committed to.
    let (mut snapshot, phrases) = small(2, 3, "salamander");
    let core = &snapshot.core;
    let key = PhraseKey::derive(phrases[0].reveal_entropy(), core.binding(), &core.kdf, &CheapKdf).unwrap();
    let other = Share { number: 1, value: SecretBytes::init(|value| value.fill(1)) };
    snapshot.envelopes[0].sealed = Base64(envelope::seal(&other, &key, &core.core_digest()));
    let backup = backup(&[&reissue(snapshot)]);
    let answer = backup.recognise(&phrases[0], &CheapKdf).unwrap();
    assert!(matches!(answer, Judged::AlteredFile { number: 1 }));
}

#[test]
fn a_forged_core_that_two_shareholders_match_is_refused() {
    let (mut snapshot, phrases) = small(2, 3, "forged");
    let core = &snapshot.core;
    let key = PhraseKey::derive(phrases[0].reveal_entropy(), core.binding(), &core.kdf, &CheapKdf).unwrap();
    snapshot.core.phrase_commitments[1] = key.commitment(2);
    let backup = backup(&[&reissue(snapshot)]);
    assert!(matches!(backup.recognise(&phrases[0], &CheapKdf), Err(JudgeError::Forged(_))));
}

#[test]
fn phrases_of_another_backup_are_never_taken() {
    let (one, phrases_one) = small(2, 3, "ceremony one");
    let (other, phrases_other) = small(3, 5, "ceremony two");
    for (snapshot, right, wrong) in [(&one, &phrases_one, &phrases_other), (&other, &phrases_other, &phrases_one)] {
        let backup = backup(&[snapshot]);
        for phrase in right {
            assert!(matches!(backup.recognise(phrase, &CheapKdf), Ok(Judged::Verified(_))));
        }
        for phrase in wrong {
            assert!(matches!(backup.recognise(phrase, &CheapKdf), Ok(Judged::NotOfThisBackup)));
        }
    }
    // Not even when both were made with one phrase for two people: a ceremony refuses that.
    let mut entropy = Seeded::new("twins");
    let mut founding = Founding::begin(plan(2, 2), &mut entropy).unwrap();
    founding.accept(1, &phrases_one[0], &CheapKdf).unwrap();
    founding.accept(2, &phrases_one[0], &CheapKdf).unwrap();
    let refused = founding.seal(small_records(), time("2026-01-01T00:00:00Z"), None, &mut entropy);
    assert_eq!(refused.unwrap_err(), SealingError::SamePhrase { holders: "shareholders", one: 1, other: 2 });
}

#[test]
fn a_phrase_is_never_called_wrong_by_a_damaged_core() {
    let (mut snapshot, phrases) = small(2, 3, "cannot be judged");
    snapshot.core.phrase_commitments[0].0[0] ^= 1;
    let reading = reading(&snapshot);
    assert_eq!(reading.verdict, Verdict::Damaged(vec![Damage::Core]));
    let backup = Backup::unite(vec![reading]).unwrap().0;
    assert!(matches!(backup.recognise(&phrases[0], &CheapKdf), Ok(Judged::CannotBeJudged)));
}

#[test]
fn a_forged_refresh_that_removes_and_replaces_everything_changes_nothing() {
    let (snapshot, phrases) = small(2, 3, "forged refresh");
    let before = contents(&open_all(&[&snapshot], &phrases));
    let mut entropy = Seeded::new("forger");
    let account = conclave::domain::inventory::account_id("Mail", "ops");
    let remove = |collection: &str, id: &str| remove_vault(id).with_text("collection", collection);
    let removed =
        vec![remove("vaults", "v1"), remove("vaults", "v2"), remove("keys", "k"), remove("accounts", &account)];
    let forged = append_public(&snapshot, removed, issue(&mut entropy)).unwrap();
    let replaced = vec![
        put_vault("v1", "Thief"),
        put_vault("v2", "Thief"),
        conclave::domain::inventory::Fields::default().with_text("record", "organization").with_text("name", "Thief"),
    ];
    let forged = append_public(&forged, replaced, issue(&mut entropy)).unwrap();
    let opened = open_all(&[&forged], &phrases);
    assert_eq!(contents(&opened), before);
    let flagged = reds(&opened);
    assert_eq!(flagged.iter().filter(|finding| matches!(finding, Finding::ProposedRemoval { .. })).count(), 4);
    assert_eq!(flagged.iter().filter(|finding| matches!(finding, Finding::ProposedPut { .. })).count(), 2);
}

#[test]
fn forks_are_named_united_and_healed() {
    let mut entropy = Seeded::new("forks");
    let (s1, phrases) = small(2, 3, "forks of");
    let s2 = append_public(&s1, vec![put_vault("a", "A")], issue(&mut entropy)).unwrap();
    let s3 = append_public(&s2, vec![put_vault("b", "B")], issue(&mut entropy)).unwrap();
    let s4 = append_public(&s3, vec![put_vault("c", "C")], issue(&mut entropy)).unwrap();
    let s5 = append_public(&s4, vec![put_vault("d", "D")], issue(&mut entropy)).unwrap();
    let other_s5 = append_public(&s4, vec![put_vault("e", "E")], issue(&mut entropy)).unwrap();
    let of =
        |snapshots: &[&Snapshot]| relations(&snapshots.iter().map(|snapshot| reading(snapshot)).collect::<Vec<_>>());
    assert_eq!(of(&[&s3]), [Relation::Only]);
    assert_eq!(of(&[&s3, &s5]), [Relation::Older, Relation::Newest]);
    assert_eq!(of(&[&s3, &s5, &other_s5]), [Relation::Older, Relation::Fork, Relation::Fork]);
    assert_eq!(of(&[&s5, &s5]), [Relation::Newest, Relation::Newest]);
    let (foreign, _) = small(2, 3, "foreign");
    assert_eq!(of(&[&s3, &foreign, &s5]), [Relation::Older, Relation::Other, Relation::Newest]);

    let names = |snapshots: &[&Snapshot]| {
        let opened = open_all(snapshots, &phrases);
        let names: Vec<String> =
            opened.inventory.items(Collection::Vaults).map(|version| version.item.title()).collect();
        (names.join(" "), reds(&opened).contains(&&Finding::Fork))
    };
    assert_eq!(names(&[&s5, &s3]), ("A B C D Rent Travel".to_owned(), false));
    assert_eq!(names(&[&s3, &other_s5, &s5]), ("A B C D E Rent Travel".to_owned(), true));
    let healed = renew(&[&s5, &other_s5], Vec::new(), None, issue(&mut entropy)).unwrap();
    assert_eq!(healed.section.sequence, 6);
    assert_eq!(healed.section.previous.len(), 2);
    assert_eq!(verdict(&healed), Verdict::Intact);
    assert_eq!(of(&[&healed, &s5, &other_s5]), [Relation::Newest, Relation::Older, Relation::Older]);
    assert_eq!(names(&[&healed]), ("A B C D E Rent Travel".to_owned(), false));
    let after = append_public(&healed, vec![put_vault("f", "F")], issue(&mut entropy)).unwrap();
    assert_eq!(verdict(&after), Verdict::Intact);
    assert_eq!(names(&[&after]).0, "A B C D E F Rent Travel");
    assert_eq!(renew(&[&s5, &foreign], Vec::new(), None, issue(&mut entropy)).unwrap_err(), SealingError::OtherBackup);
}

#[test]
fn a_compaction_replaces_what_it_covers_and_leaves_a_fork_beside_it() {
    let (snapshot, phrases, history) = three_boxes();
    let mut entropy = Seeded::new("compaction");
    let before = contents(&open_all(&[&snapshot], &phrases));
    let compacted = compact(&snapshot, &open_all(&[&snapshot], &phrases), issue(&mut entropy)).unwrap();
    assert_eq!((compacted.boxes.len(), compacted.anchor.base.position), (2, 3));
    let opened = open_all(&[&compacted], &phrases);
    assert_eq!(contents(&opened), before);
    let unconfirmed = |opened: &Opened| opened.findings.iter().filter(|finding| finding.is_by_others()).count();
    assert_eq!(unconfirmed(&opened), unconfirmed(&open_all(&[&snapshot], &phrases)), "it confirms nothing unseen");
    assert!(unconfirmed(&opened) > 0 && reds(&opened).iter().all(|red| red.is_by_others()));
    assert_eq!(contents(&open_all(&[&history[0], &compacted, &snapshot], &phrases)), before);
    let of =
        |snapshots: &[&Snapshot]| relations(&snapshots.iter().map(|snapshot| reading(snapshot)).collect::<Vec<_>>());
    assert_eq!(of(&[&snapshot, &compacted]), [Relation::Older, Relation::Newest]);
    // A removed item stays removed: the boxes that held it are superseded.
    let key = open_all(&[&snapshot], &phrases).wrapping_key;
    let removed = append_quorum(&snapshot, &key, vec![remove_vault("v1")], issue(&mut entropy)).unwrap();
    let smaller = compact(&removed, &open_all(&[&removed], &phrases), issue(&mut entropy)).unwrap();
    assert!(!contents(&open_all(&[&history[0], &smaller, &removed], &phrases)).contains("Rent"));
    // Beside it, somebody had refreshed the uncompacted file.
    let fork = append_public(&snapshot, vec![put_vault("f", "Fork")], issue(&mut entropy)).unwrap();
    assert_eq!(of(&[&fork, &compacted]), [Relation::Fork, Relation::Fork]);
    assert!(contents(&open_all(&[&fork, &compacted], &phrases)).contains("Fork"));
    let healed = renew(&[&compacted, &fork], Vec::new(), None, issue(&mut entropy)).unwrap();
    assert_eq!(verdict(&healed), Verdict::Intact);
    assert_eq!(healed.boxes.len(), 6, "without a quorum no box is dropped");
    assert_eq!(contents(&open_all(&[&healed], &phrases)), contents(&open_all(&[&fork, &compacted], &phrases)));
    // Nor by a fork whose anchor was forged so that it covers all of them.
    let mut forged = append_public(&snapshot, vec![put_vault("x", "Forged")], issue(&mut entropy)).unwrap();
    forged.anchor.base = snapshot.boxes.last().unwrap().place();
    forged.anchor.sequence = 99;
    // The mark is that of the file that is named first, however high the other's sequence and base are.
    let merged = renew(&[&snapshot, &forged], Vec::new(), None, issue(&mut entropy)).unwrap();
    assert_eq!((merged.boxes.len(), &merged.anchor), (4, &snapshot.anchor));
    let opened = open_all(&[&merged], &phrases);
    assert!(!reds(&opened).iter().any(|finding| matches!(finding, Finding::AnchorForged { .. })));
    let merged = renew(&[&forged, &snapshot], Vec::new(), None, issue(&mut entropy)).unwrap();
    assert_eq!(merged.boxes.len(), 4);
    let opened = open_all(&[&merged], &phrases);
    assert!(reds(&opened).iter().any(|finding| matches!(finding, Finding::AnchorForged { .. })));
    assert!(contents(&opened).contains("Rent") && contents(&opened).contains("Forged"));
}

#[test]
fn names_and_address_may_be_changed_without_phrases() {
    let (snapshot, phrases) = small(2, 3, "relabel");
    let mut labels = snapshot.labels.clone();
    holder_labels(&mut labels).shareholders[1].name = text("Jane Doe");
    let renamed = renew(&[&snapshot], Vec::new(), Some(labels), issue(&mut Seeded::new("rename"))).unwrap();
    assert_eq!((verdict(&renamed), renamed.section.sequence), (Verdict::Intact, 2));
    let opened = open_all(&[&renamed, &snapshot], &phrases);
    assert_eq!(opened.findings, [Finding::LabelsChanged { names: Some(true) }]);
    // Without the labels of the ceremony nobody can tell what of them was changed.
    assert_eq!(open_all(&[&renamed], &phrases).findings, [Finding::LabelsChanged { names: None }]);
    let mut labels = snapshot.labels.clone();
    holder_labels(&mut labels).delivery = text("elsewhere@example.org");
    let moved = renew(&[&snapshot], Vec::new(), Some(labels), issue(&mut Seeded::new("move"))).unwrap();
    let opened = open_all(&[&moved, &snapshot], &phrases);
    assert_eq!(opened.findings, [Finding::LabelsChanged { names: Some(false) }]);
    assert!(opened.findings[0].to_string().contains("the names were not"));
    let backup = backup(&[&renamed, &snapshot]);
    assert_eq!(backup.labels().unwrap().name_of(2), Some(&text("Jane Doe")));
}

#[test]
fn one_damaged_part_blocks_nobody_else() {
    let (snapshot, phrases, _) = three_boxes();
    let whole = contents(&open_all(&[&snapshot], &phrases));
    let text = String::from_utf8(conclave::snapshot::v1::layout::to_bytes(&snapshot)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut damaged_lines = 0;
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.len() > 20) {
        let mut broken: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        broken[index] = line.replacen(':', "~", 2).replace("\":\"", "\":");
        let Ok(reading) = conclave::snapshot::v1::read::read(broken.join("\n").as_bytes()) else {
            assert!(line.starts_with("\"format\""), "{line}");
            continue;
        };
        assert!(reading.verdict.is_damaged());
        let Ok((backup, _)) = Backup::unite(vec![reading]) else {
            assert!(line.starts_with("\"core\""), "{}", &line[..20]);
            continue;
        };
        damaged_lines += 1;
        let opened = open_with(&backup, &phrases, &[1, 2, 3], &CheapKdf).unwrap();
        assert!(has_red(&opened));
        if !line.contains("ciphertext") {
            assert_eq!(contents(&opened), whole, "{}", &line[..20]);
        }
    }
    assert_eq!(damaged_lines, 3 + 3 + 3, "envelopes, boxes, and labels, anchor and snapshot");
}

#[test]
fn a_broken_core_is_borrowed_from_another_file_of_the_backup() {
    let (_, phrases, history) = three_boxes();
    let text = String::from_utf8(conclave::snapshot::v1::layout::to_bytes(&history[2])).unwrap();
    let broken = text.replacen("\"suite\":1", "\"suite\":", 1);
    let newest = conclave::snapshot::v1::read::read(broken.as_bytes()).unwrap();
    assert!(Backup::unite(vec![conclave::snapshot::v1::read::read(broken.as_bytes()).unwrap()]).is_err());
    let (backup, others) = Backup::unite(vec![newest, reading(&history[0])]).unwrap();
    assert!(others.is_empty());
    let opened = open_with(&backup, &phrases, &[2, 3], &CheapKdf).unwrap();
    assert!(contents(&opened).contains("Quorum"), "the boxes of the broken file are used");
}

#[test]
fn a_weak_production_backup_is_a_red_note() {
    let mut weak = plan(2, 2);
    weak.purpose = conclave::crypto::label::Purpose::Production;
    let (snapshot, phrases) = found(weak.clone(), small_records(), &CheapKdf, &mut Seeded::new("weak"));
    assert_eq!(reds(&open_all(&[&snapshot], &phrases)), [&Finding::WeakDerivation]);
    weak.derivation = (64 * 1024, 3, 1);
    let (snapshot, phrases) = found(weak, small_records(), &CheapKdf, &mut Seeded::new("strong"));
    assert_eq!(reds(&open_all(&[&snapshot], &phrases)), Vec::<&Finding>::new());
}

#[test]
fn hundreds_of_quorums_open_to_the_same_contents() {
    for (threshold, count) in [(2, 2), (2, 5), (3, 5), (4, 4), (5, 7)] {
        let (snapshot, phrases) = small(threshold, count, "quorums");
        let backup = backup(&[&snapshot]);
        let mut seen = std::collections::BTreeSet::new();
        for subset in 0u32..1 << count {
            if subset.count_ones() == u32::from(threshold) {
                let numbers: Vec<usize> = (1..=usize::from(count)).filter(|n| subset >> (n - 1) & 1 == 1).collect();
                seen.insert(contents(&open_with(&backup, &phrases, &numbers, &CheapKdf).unwrap()));
            }
        }
        assert_eq!(seen.len(), 1, "{threshold} of {count}");
    }
}

#[test]
fn a_refresh_that_adds_more_than_8_mib_is_refused() {
    let (snapshot, _) = small(2, 2, "large");
    let note = "x".repeat(200);
    let records = (0..40_000).map(|n| put_vault(&format!("v{n}"), &note)).collect();
    let refused = append_public(&snapshot, records, issue(&mut Seeded::new("large refresh")));
    assert_eq!(refused.unwrap_err(), SealingError::RefreshTooLarge);
}

#[test]
fn what_exceeds_a_limit_is_refused_by_name() {
    let (snapshot, _) = small(2, 2, "limits");
    let text = String::from_utf8(conclave::snapshot::v1::layout::to_bytes(&snapshot)).unwrap();
    let limit = |bytes: &[u8]| match conclave::snapshot::v1::read::read(bytes) {
        Err(FileRefusal::Limit { what }) => what,
        other => panic!("{:?}", other.map(|reading| reading.verdict)),
    };
    let sealed = text.lines().find(|line| line.contains("\"ciphertext\"")).unwrap();
    let boxes = text.replace(sealed, &vec!["{}"; 4097].join(",\n"));
    assert!(limit(boxes.as_bytes()).contains("4096 boxes"));
    assert!(conclave::snapshot::v1::read::read(text.replace(sealed, &vec!["{}"; 4096].join(",\n")).as_bytes()).is_ok());
    assert!(limit(&[text.as_bytes(), &vec![b' '; 64 << 20]].concat()).contains("64 MiB"));
    let mut large = snapshot.clone();
    Arc::make_mut(&mut large.boxes[0]).ciphertext.0 = vec![0; (44 << 20) + 17];
    assert!(limit(&conclave::snapshot::v1::layout::to_bytes(&large)).contains("44 MiB"));
    Arc::make_mut(&mut large.boxes[0]).ciphertext.0.pop();
    assert!(conclave::snapshot::v1::read::read(&conclave::snapshot::v1::layout::to_bytes(&large)).is_ok());
}

#[test]
fn a_compaction_signs_only_what_the_quorum_marked_and_what_was_read() {
    let (snapshot, phrases, _) = three_boxes();
    let last = snapshot.boxes.last().unwrap().place();
    let mut entropy = Seeded::new("signs only");
    // No box is left, and a mark that nobody made says that it replaced them all.
    let mut bare = snapshot.clone();
    (bare.anchor.base, bare.anchor.last, bare.anchor.sequence) = (last, last, 8);
    bare.boxes.clear();
    bare.section.sequence = 9;
    let bare = reissue(bare);
    assert_eq!(verdict(&bare), Verdict::Intact);
    let with_box = append_public(&bare, vec![put_vault("x", "Forged")], issue(&mut entropy)).unwrap();
    // The genuine mark, and fewer boxes.
    let mut cut = snapshot.clone();
    cut.boxes.truncate(1);
    cut.section.sequence = 9;
    // A box that does not open.
    let mut closed = snapshot.clone();
    Arc::make_mut(&mut closed.boxes[2]).ciphertext.0[0] ^= 1;
    for evil in [bare, with_box, reissue(cut), reissue(closed)] {
        let refused = compact(&evil, &open_all(&[&evil], &phrases), issue(&mut entropy));
        assert_eq!(refused.unwrap_err(), SealingError::MarkNotGenuine);
        // With the genuine file beside it everything was read; then nothing is lost either.
        let both = open_all(&[&snapshot, &evil], &phrases);
        if let Ok(made) = compact(&evil, &both, issue(&mut entropy)) {
            assert_eq!(contents(&open_all(&[&snapshot, &made], &phrases)), contents(&both));
        }
        assert!(contents(&open_all(&[&snapshot, &evil], &phrases)).contains("Rent"));
    }
    let compacted = compact(&snapshot, &open_all(&[&snapshot], &phrases), issue(&mut entropy)).unwrap();
    let whole = contents(&open_all(&[&snapshot], &phrases));
    assert_eq!(contents(&open_all(&[&snapshot, &compacted], &phrases)), whole);
}

#[test]
fn compacted_forks_unite_under_the_higher_base() {
    let (snapshot, phrases, _) = three_boxes();
    let mut entropy = Seeded::new("compacted forks");
    let compacted = |snapshot: &Snapshot, entropy: &mut Seeded| {
        compact(snapshot, &open_all(&[snapshot], &phrases), issue(entropy)).unwrap()
    };
    let fork = append_public(&snapshot, vec![put_vault("f", "Fork")], issue(&mut entropy)).unwrap();
    let (one, other) = (compacted(&snapshot, &mut entropy), compacted(&fork, &mut entropy));
    let united = renew(&[&other, &one], Vec::new(), None, issue(&mut entropy)).unwrap();
    assert_eq!((verdict(&united), united.anchor.base.position), (Verdict::Intact, 4));
    let all = contents(&open_all(&[&united], &phrases));
    assert!(all.contains("Fork") && all.contains("Rent") && all.contains("Quorum"));
    // The lower base has no place for what follows the higher one: nothing is written until that one is asked for.
    let lower = renew(&[&one, &other], Vec::new(), None, issue(&mut entropy));
    assert_eq!(lower.unwrap_err(), SealingError::OtherBase);
    // One core has one array of envelopes.
    let mut altered = one.clone();
    altered.envelopes[0].sealed.0[3] ^= 1;
    let refused = renew(&[&other, &altered], Vec::new(), None, issue(&mut entropy));
    assert_eq!(refused.unwrap_err(), SealingError::OtherEnvelopes);
    let beside = append_public(&snapshot, vec![put_vault("g", "Beside")], issue(&mut entropy)).unwrap();
    let third = compacted(&beside, &mut entropy);
    for (first, second) in [(&third, &other), (&other, &third)] {
        assert_eq!(
            renew(&[first, second], Vec::new(), None, issue(&mut entropy)).unwrap_err(),
            SealingError::CompactedApart
        );
    }
    let all = contents(&open_all(&[&third, &other], &phrases));
    assert!(all.contains("Fork") && all.contains("Beside"));
}
