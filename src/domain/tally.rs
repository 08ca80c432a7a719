//! The first few of each kind by name, the rest by number: whoever writes a file shall not decide how much is said of it.

use std::collections::BTreeMap;

/// How many of one kind are named.
pub const NAMED: usize = 20;

/// How many there were of each kind so far.
#[derive(Debug, Clone)]
pub struct Tally<K>(BTreeMap<K, usize>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Tally<K> {
    /// Counts one more of a kind, and says whether it is one of the first.
    pub fn names(&mut self, kind: K) -> bool {
        let count = self.0.entry(kind).or_default();
        *count = count.saturating_add(1);
        *count <= NAMED
    }

    /// How many there were of a kind.
    pub fn count(&self, kind: K) -> usize {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// The kinds of which some were not named, and how many.
    pub fn rest(&self) -> impl Iterator<Item = (K, usize)> + '_ {
        self.0.iter().filter_map(|(kind, count)| Some((*kind, count.checked_sub(NAMED).filter(|rest| *rest > 0)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_the_rest_is_counted() {
        let mut tally = Tally::default();
        assert_eq!((0..NAMED + 3).filter(|_| tally.names("a")).count(), NAMED);
        assert!(tally.names("b"));
        assert_eq!(tally.rest().collect::<Vec<_>>(), [("a", 3)]);
    }
}
