//! How an effect is waited for. Every effect is named here, so that a new one has to be judged.

use super::{Act, DeviceAct, Effect};

/// How an effect is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// As a rule it takes no time that people notice.
    pub is_brief: bool,
    pub stop: Stop,
}

/// Whether somebody can stop to wait for an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Esc gives it up.
    Allowed,
    /// What came of it has to be known.
    Refused,
    /// Files are being written or deleted: that is not left half-way, and what came of it belongs into the record.
    Writing,
}

impl Nature {
    const BRIEF: Self = Self { is_brief: true, stop: Stop::Allowed };
    const LONG: Self = Self { is_brief: false, stop: Stop::Allowed };

    const fn with(self, stop: Stop) -> Self {
        Self { stop, ..self }
    }
}

impl Effect {
    pub fn nature(&self) -> Nature {
        match self {
            Self::LookAtNetwork
            | Self::FindPlaces
            | Self::List { .. }
            | Self::ReadText { .. }
            | Self::LookAtTable { .. }
            | Self::Remove { .. }
            | Self::Derive { .. }
            | Self::MakePassphrase
            | Self::CheckName { .. } => Nature::BRIEF,
            Self::Load { .. } | Self::Check { .. } | Self::Try { .. } | Self::Compare { .. } | Self::Search { .. } => {
                Nature::LONG
            }
            Self::RemoveDrafts { .. } => Nature::BRIEF.with(Stop::Writing),
            Self::Open => Nature::LONG.with(Stop::Refused),
            Self::Forget => Nature::BRIEF.with(Stop::Refused),
            Self::Export(_) | Self::Refresh(_) => Nature::LONG.with(Stop::Writing),
            Self::Ceremony(act) => act.nature(),
            Self::Device(act) => act.nature(),
        }
    }
}

impl Act {
    fn nature(&self) -> Nature {
        match self {
            Self::AddInventory { .. }
            | Self::ClearInventory(_)
            | Self::CreateKeys(_)
            | Self::ReadPeople { .. }
            | Self::LookAtUnfinished { .. }
            | Self::Review(_)
            | Self::LookForMedium => Nature::BRIEF,
            Self::Confirm { .. } | Self::Keep { .. } | Self::ReadAgain { .. } | Self::Verify { .. } => Nature::LONG,
            // A phrase that is being made anew makes the one before void, whoever waits for it.
            Self::Show { .. } | Self::Decline { .. } | Self::Replan(_) => Nature::BRIEF.with(Stop::Refused),
            Self::Begin(_) | Self::Resume(_) | Self::WriteSheets | Self::WriteChecklist => {
                Nature::BRIEF.with(Stop::Writing)
            }
            Self::Seal | Self::Issue | Self::DeleteInventory | Self::Move { .. } | Self::Copy { .. } => {
                Nature::LONG.with(Stop::Writing)
            }
        }
    }
}

impl DeviceAct {
    fn nature(&self) -> Nature {
        match self {
            Self::ReadShares(_)
            | Self::CheckNames { .. }
            | Self::Confirm(_)
            | Self::ReadKey { .. }
            | Self::Drop { .. } => Nature::BRIEF,
            Self::CheckPin(_) => Nature::LONG,
            // Whoever does not wait for it must not meet another one later.
            Self::Show => Nature::BRIEF.with(Stop::Refused),
            Self::Write(_) => Nature::LONG.with(Stop::Writing),
        }
    }
}
