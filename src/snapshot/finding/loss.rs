//! What findings say of contents that may not have come out.

use super::Finding;

/// What a finding says of contents that may not have come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    None,
    /// A mark that would tell is missing or wrong itself.
    Perhaps,
    /// Boxes that had to be there.
    Boxes,
}

impl Finding {
    /// Whether contents are missing. Boxes that are here and were not read, damage and anchors count by themselves, not here.
    pub fn loss(&self) -> Loss {
        match self {
            Self::More { like, .. } => like.loss(),
            Self::BoxesMissing => Loss::Boxes,
            Self::SignatureMissing { .. } | Self::SignatureWrong { .. } => Loss::Perhaps,
            Self::Damaged { .. }
            | Self::Reformatted { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorForged { .. }
            | Self::AnchorOlder { .. }
            | Self::EnvelopesChanged { .. }
            | Self::SignatureUnexpected { .. }
            | Self::PublicKeyChanged
            | Self::BoxClosed { .. }
            | Self::BoxUnreadable { .. }
            | Self::BoxUnread { .. }
            | Self::PublicOnly { .. }
            | Self::SetsAdded { .. }
            | Self::PublicOrganization { .. }
            | Self::ProposedOrganization { .. }
            | Self::ProposedPut { .. }
            | Self::ProposedRemoval { .. }
            | Self::MalformedRecords { .. }
            | Self::ShareFault(_)
            | Self::WeakDerivation
            | Self::Fork
            | Self::LabelsAltered
            | Self::LabelsChanged { .. }
            | Self::MoreThanClaimed
            | Self::Unconfirmed
            | Self::NotUnderstood { .. }
            | Self::UnknownMembers { .. }
            | Self::CarriedOver { .. } => Loss::None,
        }
    }
}
