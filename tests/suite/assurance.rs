//! The counts that are published. `cargo test` runs a fiftieth of each, with `CONCLAVE_FULL=1` all; `.ci/run` shows how in little
//! time. Each prints what it ran.

mod hostile;
mod repair;
mod scripts;

use conclave::crypto::sharing::{Share, ShareFault, SharingError, combine, prove_all, split};
use conclave::domain::secret::SecretBytes;
use conclave::snapshot::container::{Budget, ENTRIES, UNPACKED, unpack_from};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::read::{Reading, read};
use conclave::snapshot::v1::verdict::Verdict;
use conclave::training::{DEVICE_SAMPLES, SAMPLES};

use crate::support::*;

fn copy(share: &Share) -> Share {
    Share { number: share.number, value: SecretBytes::copy_of(share.value.reveal()).unwrap() }
}

#[test]
fn no_fault_in_any_share_ever_gives_a_wrong_key() {
    let mut random = Seeded::new("share faults");
    let full = cases(100_000);
    let mut named = 0usize;
    let mut done = 0usize;
    'all: loop {
        for count in 2..=7u8 {
            for threshold in 2..=count {
                let secret =
                    SecretBytes::<32>::try_init(|bytes| conclave::domain::entropy::Entropy::fill(&mut random, bytes))
                        .unwrap();
                let dealt = split(&secret, threshold, count, &mut random).unwrap();
                assert!(prove_all(&secret, threshold, &dealt));
                let other = split(&secret, threshold, count, &mut random).unwrap();
                for subset in 1u32..1 << count {
                    for fault in 0..8 {
                        if done == full {
                            break 'all;
                        }
                        done += 1;
                        let mut shares: Vec<Share> =
                            dealt.iter().filter(|share| subset >> (share.number - 1) & 1 == 1).map(copy).collect();
                        let victim = random.below(shares.len());
                        let number = shares[victim].number;
                        let flipped = SecretBytes::init(|value| {
                            value.copy_from_slice(shares[victim].value.reveal());
                            value[random.below(32)] ^= 1 << random.below(8);
                        });
                        let mut expected = None;
                        match fault {
                            0 => {}
                            // A flipped bit, a share of another split, a share under another's number: they miss their commitment.
                            1 => {
                                (shares[victim], expected) =
                                    (Share { number, value: flipped }, Some(ShareFault::NotCommitted { number }));
                            }
                            2 => {
                                (shares[victim], expected) =
                                    (copy(&other[usize::from(number) - 1]), Some(ShareFault::NotCommitted { number }));
                            }
                            3 => {
                                shares[victim].number = number % count + 1;
                                expected = Some(ShareFault::NotCommitted { number: number % count + 1 });
                            }
                            4 => {
                                shares.insert(
                                    0,
                                    Share { number: 0, value: SecretBytes::copy_of(secret.reveal()).unwrap() },
                                );
                                expected = Some(ShareFault::NoShareholder { number: 0 });
                            }
                            5 => {
                                shares.push(Share { number: count + 1, value: flipped });
                                expected = Some(ShareFault::NoShareholder { number: count + 1 });
                            }
                            6 => {
                                shares.push(copy(&dealt[usize::from(number) - 1]));
                                expected = Some(ShareFault::Duplicate { number });
                            }
                            // Committed to, but off the polynomial: judged by the key alone.
                            _ => shares[victim] = Share { number, value: flipped },
                        }
                        let is_dealers = fault == 7;
                        let is_committed = |share: &Share| {
                            is_dealers || dealt[usize::from(share.number) - 1].value.equals(share.value.reveal())
                        };
                        let combined =
                            combine(&shares, threshold, count, is_committed, |key| key.equals(secret.reveal()));
                        let good = shares.iter().filter(|share| {
                            share.number >= 1
                                && share.number <= count
                                && dealt[usize::from(share.number) - 1].value.equals(share.value.reveal())
                        });
                        let good: std::collections::BTreeSet<u8> = good.map(|share| share.number).collect();
                        match combined {
                            Ok(combined) => {
                                assert!(combined.key.equals(secret.reveal()), "a wrong key");
                                assert!(good.len() >= usize::from(threshold));
                                assert!(expected.is_none_or(|fault| combined.faults.contains(&fault)));
                                if is_dealers {
                                    assert_eq!(combined.faults, [ShareFault::Off { number }]);
                                }
                                named += combined.faults.len();
                            }
                            Err(SharingError::NotEnough { faults, .. } | SharingError::NoSubset { faults, .. }) => {
                                assert!(good.len() < usize::from(threshold), "enough good shares were refused");
                                assert!(expected.is_none_or(|fault| faults.contains(&fault)));
                                named += faults.len();
                            }
                        }
                    }
                }
            }
        }
    }
    eprintln!("{done} share-fault cases, {named} faults named, 0 wrong keys");
}

/// Whether both say the same of everything that counts.
fn same_contents(one: &Reading, other: &Reading) -> bool {
    one.core == other.core
        && one.envelopes == other.envelopes
        && one.labels == other.labels
        && one.anchor == other.anchor
        && one.section == other.section
        && one.boxes == other.boxes
}

/// Changes `bytes` by one seeded slip: substitution, deletion, insertion, or a small block of one of these.
fn mutate(bytes: &[u8], random: &mut Seeded) -> Vec<u8> {
    const LIKELY: &[u8] = b"\"\\,:{}[]0123456789abcdefABCXYZ+/= \n\r\t.-eE\x00\x7f\x80\xff";
    let mut mutated = bytes.to_vec();
    let at = random.below(bytes.len());
    let byte = if random.below(2) == 0 { LIKELY[random.below(LIKELY.len())] } else { (random.next_u64() & 0xff) as u8 };
    let length = if random.below(10) == 0 { random.below(40) + 1 } else { 1 };
    let end = (at + length).min(bytes.len());
    match random.below(6) {
        0 => mutated[at] = byte,
        1 => mutated[at] ^= 1 << random.below(8),
        2 => drop(mutated.drain(at..end)),
        3 => mutated.insert(at, byte),
        4 => {
            let block = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            mutated.splice(to..to, block);
        }
        _ => {
            let to = random.below(bytes.len());
            mutated.swap(at, to);
        }
    }
    mutated
}

#[test]
fn no_mutation_of_a_snapshot_is_called_intact_or_reformatted_with_other_contents() {
    let worked = std::fs::read(project("docs/worked-example/snapshot.json")).unwrap();
    let [two, three, codes] = [0, 1, 2].map(|sample| SAMPLES[sample].snapshot);
    let files: [&[u8]; 5] = [two, three, codes, DEVICE_SAMPLES[1].snapshot, &worked];
    let lots = (cases(2_000_000) / files.len()).div_ceil(LOT);
    for (index, file) in files.into_iter().enumerate() {
        let original = read(file).unwrap();
        assert_eq!(original.verdict, Verdict::Intact);
        let tallies = on_all_cores(lots, |lot| {
            let mut random = Seeded::new(format!("mutations {index} {lot}"));
            let mut tally = [0usize; 4];
            for _ in 0..LOT {
                tally[of_a_mutation(file, &original, &mut random)] += 1;
            }
            tally
        });
        let [intact, reformatted, damaged, refused] =
            [0, 1, 2, 3].map(|kind| tallies.iter().map(|tally| tally[kind]).sum::<usize>());
        eprintln!(
            "{} mutations: {intact} the same, {reformatted} reformatted, {damaged} damaged, {refused} refused",
            lots * LOT
        );
    }
}

/// Cases with one seed.
const LOT: usize = 1_000;

/// Changes a file once. 0: nothing was changed, 1: it is read as reformatted, 2: as damaged, 3: it is refused.
fn of_a_mutation(file: &[u8], original: &Reading, random: &mut Seeded) -> usize {
    let mutated = mutate(file, random);
    if mutated == file {
        return 0;
    }
    let Ok(reading) = read(&mutated) else { return 3 };
    match &reading.verdict {
        Verdict::Intact => {
            std::fs::write(std::env::temp_dir().join("conclave-silent-mutation.json"), &mutated).unwrap();
            panic!("a mutation was called INTACT");
        }
        Verdict::Reformatted => {
            assert!(same_contents(&reading, original), "REFORMATTED with other contents");
            assert!(layout::to_bytes(&reading.snapshot().unwrap()) == file);
            1
        }
        Verdict::Damaged(damages) => {
            assert!(!damages.is_empty());
            2
        }
    }
}

#[test]
fn every_single_bit_of_a_file_that_rots_is_noticed() {
    let file = std::fs::read(project("docs/worked-example/snapshot.json")).unwrap();
    let original = read(&file).unwrap();
    // In `cargo test` every fiftieth byte; all of them in the full run.
    let step = file.len().div_ceil(cases(file.len() * 20) / 20).max(1);
    for at in (0..file.len()).step_by(step) {
        for bit in 0..8 {
            let mut rotten = file.clone();
            rotten[at] ^= 1 << bit;
            if let Ok(reading) = read(&rotten) {
                let is_white_space = reading.verdict == Verdict::Reformatted && same_contents(&reading, &original);
                assert!(reading.verdict.is_damaged() || is_white_space, "bit {bit} of byte {at}: {}", reading.verdict);
            }
        }
    }
}

#[test]
fn no_mutation_of_a_container_panics_or_opens_to_something_else() {
    let worked = std::fs::read(project("docs/worked-example/snapshot.json")).unwrap();
    let original = read(&worked).unwrap();
    let containers = containers::all(&worked);
    let lots = (cases(2_000_000) / containers.len()).div_ceil(LOT);
    let tallies = on_all_cores(lots * containers.len(), |lot| {
        let mut random = Seeded::new(format!("containers {lot}"));
        let (name, bytes, _) = &containers[lot % containers.len()];
        let mut tally = Mutated::default();
        for _ in 0..LOT {
            let mut mutated = mutate(bytes, &mut random);
            // Half of the slips go into the first bytes, where headers are.
            if random.below(2) == 0 {
                let head = mutated.len().min(600);
                let (start, rest) = mutated.split_at(head);
                mutated = [mutate(start, &mut random), rest.to_vec()].concat();
            }
            let mut budget = Budget::default();
            match unpack_from(mutated, name, &mut budget).map(|unpacked| read(&unpacked.text)) {
                Err(_) | Ok(Err(_)) => tally.refused += 1,
                Ok(Ok(reading)) if reading.verdict.is_damaged() => tally.damaged += 1,
                Ok(Ok(reading)) => {
                    assert!(same_contents(&reading, &original), "{name}");
                    tally.whole += 1;
                }
            }
            let spent = budget.spent();
            assert!(spent.bytes <= UNPACKED && spent.entries <= ENTRIES, "{name}");
            tally.bytes = tally.bytes.max(spent.bytes);
            tally.entries = tally.entries.max(spent.entries);
        }
        tally
    });
    let sum = |of: fn(&Mutated) -> usize| tallies.iter().map(of).sum::<usize>();
    let most = |of: fn(&Mutated) -> usize| tallies.iter().map(of).max().unwrap();
    eprintln!(
        "{} mutations of {} containers: {} whole, {} damaged, {} refused; at most {} bytes and {} entries came out of one",
        lots * LOT * containers.len(),
        containers.len(),
        sum(|tally| tally.whole),
        sum(|tally| tally.damaged),
        sum(|tally| tally.refused),
        most(|tally| tally.bytes),
        most(|tally| tally.entries),
    );
    // Of a container with a slip most is still read.
    assert!(sum(|tally| tally.refused) < sum(|tally| tally.whole) + sum(|tally| tally.damaged));
}

/// What became of mutations, and the most that one of them unpacked to.
#[derive(Default)]
struct Mutated {
    whole: usize,
    damaged: usize,
    refused: usize,
    bytes: usize,
    entries: usize,
}
