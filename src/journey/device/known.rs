//! What is known of a device and of its backup, for the page that lists its organizations.

use crate::domain::condition::Condition;
use crate::domain::inventory::{BackupStatus, OrganizationLabel};
use crate::domain::text::Text;
use crate::effect::{DeviceClaims, Place};
use crate::journey::{Goal, Journey};

impl Journey {
    /// What the backup that is loaded claims to hold.
    pub fn claims(&self) -> Option<&DeviceClaims> {
        self.backup.as_ref()?.summary.device.as_ref()
    }

    /// Each organization of the device and of its backup, and how they stand to one another, as far as the file claims.
    pub fn standings(&self) -> Vec<(OrganizationLabel, Option<BackupStatus>, usize)> {
        let shares = self.device.as_ref().and_then(|device| device.shares());
        let backed = self.claims().map_or(&[][..], |claims| &claims.organizations);
        let Some(shares) = shares else {
            return backed.iter().map(|label| (label.clone(), None, 0)).collect();
        };
        let here: Vec<OrganizationLabel> = shares.organizations.iter().map(|(label, _)| label.clone()).collect();
        let count = |id: &Text| {
            let mut here = shares.organizations.iter();
            here.find(|(label, _)| label.id == *id).map_or(0, |(_, count)| *count)
        };
        let standings = OrganizationLabel::standings(&here, backed).into_iter();
        standings.map(|(label, status)| (label.clone(), Some(status), count(&label.id))).collect()
    }

    /// What a new backup of the device would not hold, though the backup does.
    pub fn only_in_backup(&self) -> Option<String> {
        let standings = self.standings();
        let only = standings.iter().filter(|(_, status, _)| *status == Some(BackupStatus::NotHere));
        let all = || standings.iter().map(|(label, ..)| label);
        let names: Vec<String> = only.map(|(label, ..)| label.told_apart(all())).collect();
        let said = || format!("Not on this device, and so not in a new backup from it: {}.", names.join(", "));
        (!names.is_empty()).then(said)
    }

    /// What is amiss with the file of the backup, before anybody types.
    pub fn device_harm(&self) -> Option<&Condition> {
        let backup = self.backup.as_ref().filter(|backup| self.goal == Goal::Device && backup.is_harmed());
        backup.map(|backup| &backup.summary.condition)
    }

    /// The place that is offered for a cloud key, among [`Place::for_exports`]: another one than that of the backup, where there is one.
    pub fn key_place(&self) -> usize {
        let folder = self.device.as_ref().map(|device| &device.folder);
        Place::for_exports(&self.places).iter().position(|place| Some(&place.path) != folder).unwrap_or(0)
    }

    /// Whether the built-in cloud key is at hand.
    pub fn has_practice_key(&self) -> bool {
        self.backup.as_ref().is_some_and(|backup| backup.summary.sheets.is_some())
    }
}
