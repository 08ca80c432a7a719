//! What a backup holds: keys, vaults, accounts with recovery codes; how records of several boxes become one inventory.
//! `docs/format.md`, sections 9 and 10.

mod contents;
mod fields;
mod item;
mod record;
mod union;

pub use contents::{Contents, ContentsError};
pub use fields::{Fields, Kept, NESTING_LIMIT, VALUES_LIMIT};
pub use item::{Collection, Item, Malformed, account_id};
pub use record::{Entry, Origin, Record, read_records, used_record, write_records};
pub use union::{Inventory, Proposal, SealedBy, Source, Standing, Version, VersionKind};
