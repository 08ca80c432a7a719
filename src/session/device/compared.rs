//! How an open backup stands to what the device holds.

use super::check_user;
use crate::domain::inventory::{BackupStatus, Collection, DeviceShares, Inventory, NOT_THE_ORGANIZATION};
use crate::domain::text::{Safe, capital};

/// What is to be said of an open backup beside what the device holds: what does not check, and what is only worth knowing.
pub(in crate::session) fn compared(shares: Option<&DeviceShares>, inventory: &Inventory) -> (Vec<String>, Vec<String>) {
    let mut notes = vec![NOT_THE_ORGANIZATION.to_owned()];
    let Some(device) = shares else {
        let older = "Whether an older backup was put in its place shows only beside what the device holds: read its SHARES.json first, in Manage.";
        notes.push(older.to_owned());
        return (Vec::new(), notes);
    };
    if let Err(error) = check_user(device, inventory) {
        return (vec![format!("{}.", capital(&error.to_string()))], notes);
    }
    let mut red = Vec::new();
    let mut devices: Vec<&str> = inventory
        .items(Collection::Shares)
        .filter_map(|version| version.item.fields().text("device"))
        .filter(|name| *name != device.device.raw())
        .collect();
    devices.sort_unstable();
    devices.dedup();
    let other =
        |name: &str| format!("It holds shares of another device: {}. This one is {}.", Safe(name), device.device);
    notes.extend(devices.into_iter().map(other));
    let compared = device.compared(inventory);
    for (label, status) in &compared {
        let name = label.told_apart(compared.iter().map(|(label, _)| label));
        match status {
            BackupStatus::Outdated => red
                .push(format!("{name}: outdated. The shares of this device changed later than those of this backup.")),
            BackupStatus::NotBackedUp => {
                red.push(format!("{name}: not backed up. This device holds shares of it, and this backup does not."));
            }
            BackupStatus::Differs => {
                red.push(format!("{name}: differs. Backup and device name the same time, and hold different shares."));
            }
            BackupStatus::Newer => notes.push(format!("{name}: this backup has newer shares than the device.")),
            BackupStatus::NotHere => notes.push(format!("{name}: in this backup, and not on the device.")),
            BackupStatus::BackedUp => notes.push(format!("{name}: the same as on the device.")),
        }
    }
    (red, notes)
}
