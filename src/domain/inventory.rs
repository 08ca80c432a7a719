//! What a backup holds: keys, vaults, accounts with recovery codes; how records of several boxes become one inventory.
//! `docs/format.md`, sections 9 and 10.

mod anew;
mod columns;
mod contents;
mod counts;
mod device_shares;
mod document;
mod fields;
mod holdings;
mod item;
mod lines;
mod record;
pub mod review;
mod sealable;
mod sets;
mod source;
mod union;
mod vaults;

pub use columns::{Agreed, ColumnRole, TableLayout};
pub use contents::Contents;
pub use counts::{Claimed, Counts};
pub use device_shares::{
    BackupStatus, DeviceShares, DeviceSharesError, IN_DAMAGED_BACKUP, NOT_THE_ORGANIZATION, ORGANIZATIONS_LIMIT,
    OrganizationLabel, has_same_shares,
};
pub use document::{ContentsError, Document};
pub use fields::{Fields, Kept, MEMBERS_LIMIT, NESTING_LIMIT, VALUES_LIMIT};
pub use holdings::{Holdings, KeyHolding};
pub use item::{Collection, DEVICE_SHARE_LIMIT, DEVICE_SHARES_LIMIT, Item, Malformed, account_id};
pub use record::{
    BoxEntry, Origin, Record, RecordFault, Records, Unreadable, read_entry, read_records, used_record, write_records,
};
pub use sealable::Sealable;
pub use sets::{CodeKind, CodeSet, NewSet, SetMode, sets, sets_of};
pub use source::IssuerMark;
pub use union::{BoxSource, Inventory, Proposal, SealedBy, Standing, Version, VersionKind};
pub use vaults::{VaultsError, guessed, vaults};
