//! The kinds of backup, as one table: who holds a backup of each kind, how many of them open it, what is sealed in it and by whom
//! (`docs/format.md`, sections 3.1, 3.6, 10 and 14). Whoever has to know the kind asks here.

use std::ops::RangeInclusive;

use super::encoding::words;
use super::inventory::{Collection, SealedBy};

/// What a backup protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The keys, vaults and accounts of an organization.
    Organization,
    /// A user's own shares of keys.
    Device,
    /// The recovery codes of accounts, for their owners.
    Codes,
}

words!(Kind: "organization, device or codes", Organization = "organization", Device = "device", Codes = "codes");

/// What opens an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Phrase,
    CloudPin,
}

words!(Method: "phrase or cloud-pin", Phrase = "phrase", CloudPin = "cloud-pin");

/// What is so of every backup of a kind.
#[derive(Debug)]
pub struct Rules {
    /// How many people hold one.
    pub holders: RangeInclusive<u8>,
    /// How many of them open it together; never more than there are.
    pub threshold: RangeInclusive<u8>,
    pub methods: &'static [Method],
    /// Who can seal its boxes. It has a public key when anybody can.
    pub boxes: &'static [SealedBy],
    /// What is in them.
    pub collections: &'static [Collection],
    /// What one of those who hold it is called.
    pub holder: &'static str,
    /// Whether this version makes and opens it.
    pub is_supported: bool,
}

const ORGANIZATION: Rules = Rules {
    holders: 2..=16,
    threshold: 2..=16,
    methods: &[Method::Phrase],
    boxes: &[SealedBy::Quorum, SealedBy::Public],
    collections: &[Collection::Keys, Collection::Vaults, Collection::Accounts],
    holder: "shareholder",
    is_supported: true,
};

const DEVICE: Rules = Rules {
    holders: 1..=1,
    threshold: 1..=1,
    methods: &[Method::Phrase, Method::CloudPin],
    boxes: &[SealedBy::Quorum],
    collections: &[Collection::Shares],
    holder: "user",
    is_supported: false,
};

const CODES: Rules = Rules {
    holders: 1..=16,
    threshold: 1..=1,
    methods: &[Method::Phrase],
    boxes: &[SealedBy::Quorum, SealedBy::Public],
    // Keys and vaults as well: contents of this kind have all three lists.
    collections: &[Collection::Keys, Collection::Vaults, Collection::Accounts],
    holder: "owner",
    is_supported: false,
};

impl Kind {
    pub fn rules(self) -> &'static Rules {
        match self {
            Self::Organization => &ORGANIZATION,
            Self::Device => &DEVICE,
            Self::Codes => &CODES,
        }
    }
}

impl Rules {
    /// Whether so many can hold one.
    pub fn allows_holders(&self, count: usize) -> bool {
        u8::try_from(count).is_ok_and(|count| self.holders.contains(&count))
    }

    /// Whether `threshold` of so many can open one.
    pub fn allows(&self, threshold: u8, count: usize) -> bool {
        self.allows_holders(count) && self.threshold.contains(&threshold) && usize::from(threshold) <= count
    }

    /// Whether anybody can add to one: then it has a public key.
    pub fn has_public_key(&self) -> bool {
        self.boxes.contains(&SealedBy::Public)
    }

    /// How many can hold one, for people: `2 to 16 shareholders`, or `1 user`.
    pub fn holders_text(&self) -> String {
        match (self.holders.start(), self.holders.end()) {
            (1, 1) => format!("1 {}", self.holder),
            (least, most) => format!("{least} to {most} {}s", self.holder),
        }
    }

    /// Which thresholds so many holders can have, for people: `2 to 5`, or `1` where there is no choice.
    pub fn thresholds_text(&self, count: usize) -> String {
        let (least, most) = (*self.threshold.start(), *self.threshold.end());
        if least == most { least.to_string() } else { format!("{least} to {}", count.min(most.into())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that is possible: threshold, holders.
    fn allowed(kind: Kind) -> Vec<(u8, usize)> {
        let all = (0..=20).flat_map(|count| (0..=20).map(move |threshold| (threshold, count)));
        all.filter(|(threshold, count)| kind.rules().allows(*threshold, *count)).collect()
    }

    #[test]
    fn an_organization_is_opened_by_some_of_its_shareholders() {
        let (rules, allowed) = (Kind::Organization.rules(), allowed(Kind::Organization));
        let of = |count: u8| (2..=count).map(move |threshold| (threshold, usize::from(count)));
        assert_eq!(allowed, (2..=16).flat_map(of).collect::<Vec<_>>());
        assert!(!rules.allows(2, 300) && !rules.allows_holders(300) && rules.has_public_key() && rules.is_supported);
        assert_eq!(
            (rules.holders_text().as_str(), rules.thresholds_text(5).as_str()),
            ("2 to 16 shareholders", "2 to 5")
        );
        assert_eq!(rules.methods, [Method::Phrase]);
        assert_eq!(rules.collections, [Collection::Keys, Collection::Vaults, Collection::Accounts]);
    }

    #[test]
    fn a_device_has_one_user_and_nobody_adds_to_it() {
        let rules = Kind::Device.rules();
        assert_eq!(allowed(Kind::Device), [(1, 1)]);
        assert!(!rules.has_public_key() && !rules.is_supported);
        assert_eq!((rules.holders_text().as_str(), rules.thresholds_text(1).as_str()), ("1 user", "1"));
        assert_eq!(rules.methods, [Method::Phrase, Method::CloudPin]);
        assert_eq!(rules.collections, [Collection::Shares]);
    }

    #[test]
    fn codes_are_opened_by_each_of_their_owners() {
        let rules = Kind::Codes.rules();
        assert_eq!(allowed(Kind::Codes), (1..=16).map(|count| (1, count)).collect::<Vec<_>>());
        assert!(rules.has_public_key() && !rules.is_supported);
        assert_eq!((rules.holders_text().as_str(), rules.thresholds_text(16).as_str()), ("1 to 16 owners", "1"));
        assert_eq!(rules.methods, [Method::Phrase]);
        assert_eq!(rules.collections, Kind::Organization.rules().collections);
    }

    #[test]
    fn kinds_are_known_by_their_words() {
        for kind in [Kind::Organization, Kind::Device, Kind::Codes] {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("shares"), None);
    }
}
