//! The kinds of backup, as one table: who holds a backup of each kind, how many of them open it, what is sealed in it and by whom
//! (`docs/format.md`, sections 3.1, 3.6, 10 and 14). Whoever has to know the kind asks here.

use std::ops::RangeInclusive;

use super::encoding::words;
use super::export_form::ExportForm;
use super::inventory::{Collection, SealedBy};

/// What a backup protects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The keys, vaults and accounts of an organization: what is meant where nothing else is said.
    #[default]
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

/// How it is proved that what stands on paper opens a new backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperProof {
    /// Everybody types the phrase once more, against the file on a medium that was away.
    TypedAgain,
    /// What each typed back is judged against the file as it was read again.
    TypedBack,
}

/// What is so of every backup of a kind.
#[derive(Debug)]
pub struct Rules {
    /// A file of it, in a sentence.
    pub named: &'static str,
    /// How many people hold one.
    pub count: RangeInclusive<u8>,
    /// How many of them open it together; never more than there are.
    pub threshold: RangeInclusive<u8>,
    pub methods: &'static [Method],
    /// Who can seal its boxes. It has a public key when anybody can.
    pub boxes: &'static [SealedBy],
    /// What is in them.
    pub collections: &'static [Collection],
    /// What of that is put into them by this program.
    pub takes: &'static [Collection],
    /// In which forms it is written, once it is open.
    pub forms: &'static [ExportForm],
    /// What those who hold it are called.
    pub holder: HolderWords,
    /// Whether adding to it without a quorum is everyday work: then it is no reason to warn.
    pub is_added_to_daily: bool,
    /// Whether a new one has nothing in it yet: all of it is added later.
    pub begins_empty: bool,
    /// How papers are proved before a new one counts.
    pub proof: PaperProof,
}

/// Words for people who hold a backup.
#[derive(Debug)]
pub struct HolderWords {
    pub one: &'static str,
    pub many: &'static str,
    /// One of them, as the name of a fact.
    pub label: &'static str,
    /// All of them, as the name of a fact.
    pub heading: &'static str,
    /// Who decides what counts: a quorum of them, or each alone.
    pub decider: &'static str,
    /// The same in a sentence: `a quorum`.
    pub sealer: &'static str,
    /// The same where it is known which: `the quorum`.
    pub sealers: &'static str,
}

impl HolderWords {
    /// A sentence of the program in which `{one}`, `{One}`, `{many}`, `{decider}`, `{sealer}` and `{sealers}` stand for them.
    pub fn said(&self, sentence: &str) -> String {
        let sentence = sentence.replace("{sealer}", self.sealer).replace("{sealers}", self.sealers);
        let sentence = sentence.replace("{decider}", self.decider);
        sentence.replace("{one}", self.one).replace("{One}", self.label).replace("{many}", self.many)
    }
}

const ORGANIZATION: Rules = Rules {
    named: "a backup of an organization",
    count: 2..=16,
    threshold: 2..=16,
    methods: &[Method::Phrase],
    boxes: &[SealedBy::Quorum, SealedBy::Public],
    collections: &[Collection::Keys, Collection::Vaults, Collection::Accounts],
    takes: &[Collection::Keys, Collection::Vaults, Collection::Accounts],
    forms: &ExportForm::ALL,
    holder: HolderWords {
        one: "shareholder",
        many: "shareholders",
        label: "Shareholder",
        heading: "Shareholders",
        decider: "quorum",
        sealer: "a quorum",
        sealers: "the quorum",
    },
    is_added_to_daily: false,
    begins_empty: false,
    proof: PaperProof::TypedAgain,
};

const DEVICE: Rules = Rules {
    named: "the backup of one person's device",
    count: 1..=1,
    threshold: 1..=1,
    methods: &[Method::Phrase, Method::CloudPin],
    boxes: &[SealedBy::Quorum],
    collections: &[Collection::Shares],
    takes: &[Collection::Shares],
    forms: &[ExportForm::Kdbx, ExportForm::Json],
    holder: HolderWords {
        one: "user",
        many: "users",
        label: "User",
        heading: "Users",
        decider: "user",
        sealer: "the user",
        sealers: "the user",
    },
    is_added_to_daily: false,
    begins_empty: false,
    proof: PaperProof::TypedBack,
};

const CODES: Rules = Rules {
    named: "a file of recovery codes",
    count: 1..=16,
    threshold: 1..=1,
    methods: &[Method::Phrase],
    boxes: &[SealedBy::Quorum, SealedBy::Public],
    // Keys and vaults as well: contents of this kind have all three lists.
    collections: &[Collection::Keys, Collection::Vaults, Collection::Accounts],
    takes: &[Collection::Accounts],
    forms: &ExportForm::ALL,
    holder: HolderWords {
        one: "owner",
        many: "owners",
        label: "Owner",
        heading: "Owners",
        decider: "owner",
        sealer: "an owner",
        sealers: "its owners",
    },
    is_added_to_daily: true,
    begins_empty: true,
    proof: PaperProof::TypedBack,
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
    pub fn allows_count(&self, count: usize) -> bool {
        u8::try_from(count).is_ok_and(|count| self.count.contains(&count))
    }

    /// Whether `threshold` of so many can open one.
    pub fn allows(&self, threshold: u8, count: usize) -> bool {
        self.allows_count(count) && self.threshold.contains(&threshold) && usize::from(threshold) <= count
    }

    /// Whether anybody can add to one: then it has a public key.
    pub fn has_public_key(&self) -> bool {
        self.boxes.contains(&SealedBy::Public)
    }

    /// Whether everybody types the phrase once more before a new one counts.
    pub fn is_verified_again(&self) -> bool {
        self.proof == PaperProof::TypedAgain
    }

    /// Whether each of those who hold one opens it alone.
    pub fn is_opened_alone(&self) -> bool {
        *self.threshold.end() == 1
    }

    /// Who opens one together, for people: `any 2 of 3 shareholders`, `any one of 2 owners`.
    pub fn quorum_text(&self, threshold: u8, count: usize) -> String {
        match count {
            1 => format!("its one {}", self.holder.one),
            _ if self.is_opened_alone() => format!("any one of {count} {}", self.holder.many),
            _ => format!("any {threshold} of {count} {}", self.holder.many),
        }
    }

    /// How many can hold one, for people: `2 to 16`, or `1` where there is no choice.
    pub fn count_text(&self) -> String {
        range(&self.count, u8::MAX.into())
    }

    /// Which thresholds so many can have, for people: `2 to 5`, or `1` where there is no choice.
    pub fn threshold_text(&self, count: usize) -> String {
        range(&self.threshold, count)
    }
}

/// `most`: where the range ends before its own end.
fn range(range: &RangeInclusive<u8>, most: usize) -> String {
    let (start, end) = (*range.start(), *range.end());
    if start == end { start.to_string() } else { format!("{start} to {}", most.min(end.into())) }
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
        assert!(!rules.allows(2, 300) && !rules.allows_count(300) && rules.has_public_key());
        assert_eq!((rules.count_text().as_str(), rules.threshold_text(5).as_str()), ("2 to 16", "2 to 5"));
        assert_eq!(rules.methods, [Method::Phrase]);
        assert_eq!(rules.collections, [Collection::Keys, Collection::Vaults, Collection::Accounts]);
    }

    #[test]
    fn a_device_has_one_user_and_nobody_adds_to_it() {
        let rules = Kind::Device.rules();
        assert_eq!(allowed(Kind::Device), [(1, 1)]);
        assert!(!rules.has_public_key());
        assert_eq!((rules.count_text().as_str(), rules.threshold_text(1).as_str()), ("1", "1"));
        assert_eq!(rules.methods, [Method::Phrase, Method::CloudPin]);
        assert_eq!(rules.collections, [Collection::Shares]);
    }

    #[test]
    fn codes_are_opened_by_each_of_their_owners() {
        let rules = Kind::Codes.rules();
        assert_eq!(allowed(Kind::Codes), (1..=16).map(|count| (1, count)).collect::<Vec<_>>());
        assert!(rules.has_public_key() && rules.is_added_to_daily);
        assert_eq!(rules.takes, [Collection::Accounts]);
        assert_eq!((rules.count_text().as_str(), rules.threshold_text(16).as_str()), ("1 to 16", "1"));
        assert_eq!(rules.methods, [Method::Phrase]);
        let quorum = |count| rules.quorum_text(1, count);
        assert_eq!((quorum(1), quorum(3)), ("its one owner".to_owned(), "any one of 3 owners".to_owned()));
        assert_eq!(Kind::Organization.rules().quorum_text(2, 3), "any 2 of 3 shareholders");
        assert_eq!(rules.collections, Kind::Organization.rules().collections);
    }

    #[test]
    fn a_sentence_names_those_who_hold_a_backup() {
        let said = |kind: Kind| kind.rules().holder.said("{One} 2 is one of the {many}; the next {one}.");
        assert_eq!(said(Kind::Organization), "Shareholder 2 is one of the shareholders; the next shareholder.");
        assert_eq!(said(Kind::Codes), "Owner 2 is one of the owners; the next owner.");
    }

    #[test]
    fn kinds_are_known_by_their_words() {
        for kind in [Kind::Organization, Kind::Device, Kind::Codes] {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("shares"), None);
    }
}
