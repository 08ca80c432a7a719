//! Shamir's sharing with a guard around it. The libraries answer `Ok` with a wrong secret for a flipped bit, a duplicate beside
//! good shares, one bad share among many, and let a share with x = 0 dictate the result: so nothing reaches them unchecked,
//! and nothing leaves here that misses its commitment.
//!
//! `sharks` is `blahaj` here, its maintained fork: the original never draws a zero coefficient, and serves one test only.

use sharks::Sharks;

use super::rng::Latched;
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::secret::SecretBytes;
use crate::domain::text::counted;

/// One share of a 32-byte key: the value at x = `number` of 32 polynomials over GF(2^8) modulo 0x11D.
#[derive(Debug)]
pub struct Share {
    /// x, the shareholder's number: 1 to 255.
    pub number: u8,
    /// y
    pub value: SecretBytes<32>,
}

/// A share that was left out, and why. The others are not blocked by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareFault {
    /// x is 0 or above the number of shareholders.
    NoShareholder { number: u8 },
    /// A share with this x was there already.
    Duplicate { number: u8 },
    /// It misses its commitment.
    NotCommitted { number: u8 },
    /// It was committed to, but does not lie on the polynomial of the others: a faulty or dishonest ceremony.
    Off { number: u8 },
}

/// A key that passed `is_the_key`.
#[derive(Debug)]
pub struct Combined {
    pub key: SecretBytes<32>,
    pub faults: Vec<ShareFault>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharingError {
    #[error("{}, {threshold} are needed", counted(*.usable, "usable share"))]
    NotEnough { usable: usize, threshold: u8, faults: Vec<ShareFault> },
    #[error("no {threshold} of these shares give the key that the file commits to")]
    NoSubset { threshold: u8, faults: Vec<ShareFault> },
}

/// Splits `secret` into `count` shares, any `threshold` of which give it back, and proves it: every share lies on one
/// polynomial of degree `threshold` - 1 whose value at 0 is the secret.
pub fn split(
    secret: &SecretBytes<32>,
    threshold: u8,
    count: u8,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Share>, EntropyFailed> {
    let mut random = Latched::new(entropy);
    let shares: Vec<Share> = Sharks(threshold)
        .dealer_rng(secret.reveal(), &mut random)
        .take(usize::from(count))
        .filter_map(|share| {
            let value = SecretBytes::init(|value| value.iter_mut().zip(&share.y).for_each(|(to, from)| *to = from.0));
            (share.y.len() == 32).then_some(Share { number: share.x.0, value })
        })
        .collect();
    random.check()?;
    Ok(shares)
}

/// Whether all of `shares` lie on one polynomial of degree `threshold` - 1 with the value `secret` at 0. Then every
/// `threshold` of them give the secret, so every quorum is proved at once.
pub fn prove_all(secret: &SecretBytes<32>, threshold: u8, shares: &[Share]) -> bool {
    let (Some((fixed, others)), true) =
        (shares.split_at_checked(usize::from(threshold).saturating_sub(1)), threshold >= 1)
    else {
        return false;
    };
    // `threshold` - 1 shares and the value at 0 determine the polynomial; each other share must agree with it.
    !others.is_empty()
        && others.iter().all(|other| {
            let subset: Vec<&Share> = fixed.iter().chain([other]).collect();
            interpolate(threshold, &subset).is_some_and(|key| key.equals(secret.reveal()))
        })
}

/// Rebuilds the key from shares of `count` shareholders. `is_committed` judges a single share, `is_the_key` a result: both by
/// commitments. Exactly `threshold` shares go into each attempt; when the first misses, every other subset is tried.
pub fn combine(
    shares: &[Share],
    threshold: u8,
    count: u8,
    is_committed: impl Fn(&Share) -> bool,
    is_the_key: impl Fn(&SecretBytes<32>) -> bool,
) -> Result<Combined, SharingError> {
    let mut faults = Vec::new();
    let mut usable: Vec<&Share> = Vec::new();
    for share in shares {
        let number = share.number;
        if number == 0 || number > count {
            faults.push(ShareFault::NoShareholder { number });
        } else if !is_committed(share) {
            faults.push(ShareFault::NotCommitted { number });
        } else if usable.iter().any(|other| other.number == number) {
            faults.push(ShareFault::Duplicate { number });
        } else {
            usable.push(share);
        }
    }
    if threshold == 0 || usable.len() < usize::from(threshold) {
        return Err(SharingError::NotEnough { usable: usable.len(), threshold, faults });
    }
    let attempt = |subset: &[&Share]| interpolate(threshold, subset).filter(|key| is_the_key(key));
    let Some((found, key)) =
        subsets(&usable, usize::from(threshold)).find_map(|subset| attempt(&subset).map(|key| (subset, key)))
    else {
        return Err(SharingError::NoSubset { threshold, faults });
    };
    for other in usable.iter().filter(|share| found.iter().all(|used| used.number != share.number)) {
        let instead: Vec<&Share> = found.iter().skip(1).chain([other]).copied().collect();
        if attempt(&instead).is_none() {
            faults.push(ShareFault::Off { number: other.number });
        }
    }
    Ok(Combined { key, faults })
}

/// The value at 0 through exactly `threshold` shares with different x.
fn interpolate(threshold: u8, shares: &[&Share]) -> Option<SecretBytes<32>> {
    let points: Vec<sharks::Share> = shares
        .iter()
        .filter_map(|share| {
            let bytes = zeroize::Zeroizing::new([&[share.number], share.value.reveal().as_slice()].concat());
            sharks::Share::try_from(bytes.as_slice()).ok()
        })
        .collect();
    let key = zeroize::Zeroizing::new(Sharks(threshold).recover(&points).ok()?);
    SecretBytes::copy_of(&key)
}

/// All ways to take `size` of `all`, the first ones first.
fn subsets<T: Copy>(all: &[T], size: usize) -> impl Iterator<Item = Vec<T>> + '_ {
    let mut next: Option<Vec<usize>> = (size <= all.len()).then(|| (0..size).collect());
    std::iter::from_fn(move || {
        let places = next.clone()?;
        let mut following = places.clone();
        // The last place that can still move to the right moves; those after it follow it.
        let movable =
            (0..size).rev().find(|place| following.get(*place).is_some_and(|at| at + size < all.len() + place));
        next = movable.map(|place| {
            let from = following.get(place).map_or(0, |at| at + 1);
            following.iter_mut().skip(place).zip(from..).for_each(|(to, at)| *to = at);
            following
        });
        Some(places.iter().filter_map(|place| all.get(*place).copied()).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subset_comes_once() {
        let all = [1, 2, 3, 4];
        assert_eq!(subsets(&all, 2).collect::<Vec<_>>(), [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]]);
        assert_eq!(subsets(&all, 4).collect::<Vec<_>>(), [[1, 2, 3, 4]]);
        assert_eq!(subsets(&all, 5).count(), 0);
        let many: Vec<u8> = (0..16).collect();
        assert_eq!(subsets(&many, 8).count(), 12_870);
    }
}
