//! What was found when a backup was opened: red when something does not check, plain when it is only worth knowing.
//! None of it blocks a recovery (`docs/format.md`, section 8).

mod loss;
mod many;
mod said;

pub use self::loss::Loss;
pub use self::many::Findings;
use crate::crypto::sharing::ShareFault;
use crate::domain::inventory::{BoxSource, Collection, RecordFault, SealedBy, Unreadable};
use crate::domain::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Damaged {
        file: String,
        what: String,
    },
    Reformatted {
        file: String,
    },
    AnchorMissing {
        file: String,
    },
    AnchorForged {
        file: String,
    },
    AnchorOlder {
        position: u32,
    },
    BoxesMissing,
    EnvelopesChanged {
        file: String,
    },
    SignatureMissing {
        file: String,
    },
    SignatureWrong {
        file: String,
    },
    SignatureUnexpected {
        file: String,
    },
    PublicKeyChanged,
    BoxClosed {
        position: u32,
    },
    BoxUnreadable {
        position: u32,
        what: Unreadable,
    },
    /// Left alone, because what is in public boxes would be more than is read of them.
    BoxUnread {
        position: u32,
    },
    /// Of a vault it is said as long as nobody compared its address with its key.
    PublicOnly {
        collection: Collection,
        title: String,
        source: BoxSource,
    },
    /// Sets of codes of an account that a quorum sealed, how many codes are in them, and whether one retires others.
    SetsAdded {
        title: String,
        codes: usize,
        retires: bool,
        source: BoxSource,
    },
    PublicOrganization {
        source: BoxSource,
    },
    ProposedOrganization {
        created: Timestamp,
    },
    ProposedPut {
        collection: Collection,
        title: String,
        created: Timestamp,
    },
    ProposedRemoval {
        collection: Collection,
        title: String,
        created: Timestamp,
    },
    MalformedRecords {
        position: u32,
        sealed_by: SealedBy,
        what: RecordFault,
        records: usize,
    },
    ShareFault(ShareFault),
    WeakDerivation,
    Fork,
    /// Of a backup whose labels only its own people write.
    LabelsAltered,
    /// `names`: whether names were, where the labels of the ceremony are at hand.
    LabelsChanged {
        names: Option<bool>,
    },
    MoreThanClaimed,
    /// The quorum's mark says that nobody has shown that the papers open it.
    Unconfirmed,
    NotUnderstood {
        records: usize,
        sealed_by: SealedBy,
    },
    UnknownMembers {
        collection: Collection,
        title: String,
    },
    CarriedOver {
        collection: Collection,
        title: String,
        created: Timestamp,
    },
    /// So many more of a kind of which the first are named; the next one of them.
    More {
        like: Box<Finding>,
        count: usize,
    },
}

/// What one finding of a kind is, what several are, and of which collection. Behind the name of a collection both are the same.
type FindingWords = (&'static str, &'static str, Option<Collection>);

impl Finding {
    /// The kind of those that a file can have any number of.
    fn kind(&self) -> Option<FindingWords> {
        match self {
            Self::AnchorOlder { .. } => {
                Some(("box that {sealer} sealed after its mark", "boxes that {sealer} sealed after its mark", None))
            }
            Self::BoxClosed { .. } => Some(("box that does not open", "boxes that do not open", None)),
            Self::BoxUnreadable { .. } => {
                Some(("box without readable records", "boxes without readable records", None))
            }
            Self::BoxUnread { .. } => Some(("box that was not read", "boxes that were not read", None)),
            Self::PublicOnly { collection, .. } => {
                Some(("that no {decider} has confirmed", "that no {decider} has confirmed", Some(*collection)))
            }
            Self::SetsAdded { .. } => Some((
                "to which codes were added without {sealers}",
                "to which codes were added without {sealers}",
                Some(Collection::Accounts),
            )),
            Self::ProposedOrganization { .. } => Some((
                "other name of the organization, proposed without {sealers}",
                "other names of the organization, proposed without {sealers}",
                None,
            )),
            Self::ProposedPut { collection, .. } => Some((
                "that shall be changed without {sealers}",
                "that shall be changed without {sealers}",
                Some(*collection),
            )),
            Self::ProposedRemoval { collection, .. } => Some((
                "that shall be removed without {sealers}",
                "that shall be removed without {sealers}",
                Some(*collection),
            )),
            Self::MalformedRecords { sealed_by: SealedBy::Quorum, .. } => Some((
                "kind of malformed records that {sealer} sealed",
                "kinds of malformed records that {sealer} sealed",
                None,
            )),
            Self::MalformedRecords { sealed_by: SealedBy::Public, .. } => Some((
                "kind of malformed records that no {decider} has confirmed",
                "kinds of malformed records that no {decider} has confirmed",
                None,
            )),
            Self::NotUnderstood { sealed_by: SealedBy::Quorum, .. } => {
                Some(("box with records of a newer version", "boxes with records of a newer version", None))
            }
            Self::NotUnderstood { sealed_by: SealedBy::Public, .. } => Some((
                "box with records that no {decider} has confirmed and that are not understood",
                "boxes with records that no {decider} has confirmed and that are not understood",
                None,
            )),
            Self::UnknownMembers { collection, .. } => Some((
                "with members that this version does not know",
                "with members that this version does not know",
                Some(*collection),
            )),
            Self::CarriedOver { collection, .. } => {
                Some(("carried over from an earlier backup", "carried over from an earlier backup", Some(*collection)))
            }
            Self::Damaged { .. }
            | Self::Reformatted { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorForged { .. }
            | Self::BoxesMissing
            | Self::EnvelopesChanged { .. }
            | Self::SignatureMissing { .. }
            | Self::SignatureWrong { .. }
            | Self::SignatureUnexpected { .. }
            | Self::PublicKeyChanged
            | Self::PublicOrganization { .. }
            | Self::ShareFault(_)
            | Self::WeakDerivation
            | Self::Fork
            | Self::LabelsAltered
            | Self::LabelsChanged { .. }
            | Self::MoreThanClaimed
            | Self::Unconfirmed
            | Self::More { .. } => None,
        }
    }

    /// The finding, or one of those that it counts.
    pub fn of_a_kind(&self) -> &Self {
        match self {
            Self::More { like, .. } => like.of_a_kind(),
            one => one,
        }
    }

    /// Whether it tells something that was sealed: the name of an item.
    pub fn names_an_item(&self) -> bool {
        matches!(
            self,
            Self::PublicOnly { .. }
                | Self::SetsAdded { .. }
                | Self::ProposedPut { .. }
                | Self::ProposedRemoval { .. }
                | Self::UnknownMembers { .. }
                | Self::CarriedOver { .. }
        )
    }

    /// Something does not check: the exit code is 7. What others added and contradicts nothing is a note: else every recovery after
    /// an ordinary refresh would end so, and nobody would heed it. A key is no such thing: what it gives proves nothing.
    pub fn is_red(&self) -> bool {
        match self.of_a_kind() {
            Self::PublicOnly { collection, .. } => *collection == Collection::Keys,
            Self::Reformatted { .. }
            | Self::SetsAdded { .. }
            | Self::PublicOrganization { .. }
            | Self::LabelsChanged { .. }
            | Self::MoreThanClaimed
            | Self::Unconfirmed
            | Self::NotUnderstood { .. }
            | Self::UnknownMembers { .. }
            | Self::CarriedOver { .. } => false,
            Self::Damaged { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorForged { .. }
            | Self::AnchorOlder { .. }
            | Self::BoxesMissing
            | Self::EnvelopesChanged { .. }
            | Self::SignatureMissing { .. }
            | Self::SignatureWrong { .. }
            | Self::SignatureUnexpected { .. }
            | Self::PublicKeyChanged
            | Self::BoxClosed { .. }
            | Self::BoxUnreadable { .. }
            | Self::BoxUnread { .. }
            | Self::ProposedOrganization { .. }
            | Self::ProposedPut { .. }
            | Self::ProposedRemoval { .. }
            | Self::MalformedRecords { .. }
            | Self::ShareFault(_)
            | Self::WeakDerivation
            | Self::Fork
            | Self::LabelsAltered
            | Self::More { .. } => true,
        }
    }

    /// Somebody without the quorum added or proposed something, whether it checks or not.
    pub fn is_by_others(&self) -> bool {
        match self.of_a_kind() {
            Self::PublicOnly { .. }
            | Self::SetsAdded { .. }
            | Self::PublicOrganization { .. }
            | Self::ProposedOrganization { .. }
            | Self::ProposedPut { .. }
            | Self::ProposedRemoval { .. } => true,
            Self::MalformedRecords { sealed_by, .. } | Self::NotUnderstood { sealed_by, .. } => {
                *sealed_by == SealedBy::Public
            }
            Self::Damaged { .. }
            | Self::Reformatted { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorForged { .. }
            | Self::AnchorOlder { .. }
            | Self::BoxesMissing
            | Self::EnvelopesChanged { .. }
            | Self::SignatureMissing { .. }
            | Self::SignatureWrong { .. }
            | Self::SignatureUnexpected { .. }
            | Self::PublicKeyChanged
            | Self::BoxClosed { .. }
            | Self::BoxUnreadable { .. }
            | Self::BoxUnread { .. }
            | Self::ShareFault(_)
            | Self::WeakDerivation
            | Self::Fork
            | Self::LabelsAltered
            | Self::LabelsChanged { .. }
            | Self::MoreThanClaimed
            | Self::Unconfirmed
            | Self::UnknownMembers { .. }
            | Self::CarriedOver { .. }
            | Self::More { .. } => false,
        }
    }

    /// Who compares addresses with their keys says it of each vault, with what came of it.
    pub fn is_of_comparison(&self) -> bool {
        matches!(self.of_a_kind(), Self::PublicOnly { collection: Collection::Vaults, .. })
    }
}
