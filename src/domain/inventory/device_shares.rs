//! What a device holds of a user's keys, as any wallet can write it (`docs/device.md`), and how a backup of it stands to that.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::fields::{Fields, Kept};
use super::item::{Collection, Item, Malformed};
use super::lines::line_of;
use super::union::Inventory;
use crate::domain::explain::Explain;
use crate::domain::table::text_of;
use crate::domain::text::{Safe, Text};
use crate::domain::time::Timestamp;

/// The most organizations of a device.
pub const ORGANIZATIONS_LIMIT: usize = 64;

/// Said of what a damaged file claims to hold.
pub const IN_DAMAGED_BACKUP: &str = "In a DAMAGED backup";

/// Said at every restore.
pub const NOT_THE_ORGANIZATION: &str = "This restores one person's device. It does not recover the organization: for that its shareholders open its snapshot.";

/// The shares of a device, by organization.
#[derive(Debug)]
pub struct DeviceShares {
    /// What the device is called.
    pub device: Text,
    pub user: Text,
    organizations: Vec<Item>,
}

/// An organization as the labels of a backup name it: for people, and not trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationLabel {
    /// When its shares changed last.
    pub changed: Timestamp,
    pub id: Text,
    pub name: Text,
}

/// How the backup of an organization stands to what the device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupStatus {
    NotBackedUp,
    BackedUp,
    /// The shares on the device changed since.
    Outdated,
    /// The backup has shares that changed later than those of the device.
    Newer,
    /// Both say the same time, and are not the same.
    Differs,
    /// The device does not hold it.
    NotHere,
}

impl BackupStatus {
    /// For people.
    pub fn said(self) -> &'static str {
        match self {
            Self::NotBackedUp => "Not backed up",
            Self::BackedUp => "Backed up",
            Self::Outdated => "Outdated",
            Self::Newer => "Backed up, newer than this device",
            Self::Differs => "Differs",
            Self::NotHere => "In the backup, not on this device",
        }
    }

    /// The same of a backup that is not open: what is damaged perhaps gives nothing.
    pub fn claimed(self, is_damaged: bool) -> &'static str {
        if is_damaged && self != Self::NotBackedUp { IN_DAMAGED_BACKUP } else { self.said() }
    }

    /// For scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBackedUp => "not-backed-up",
            Self::BackedUp => "backed-up",
            Self::Outdated => "outdated",
            Self::Newer => "newer",
            Self::Differs => "differs",
            Self::NotHere => "not-here",
        }
    }

    /// By when the shares changed: `on_device`, and `in_backup`.
    fn of(on_device: Option<Timestamp>, in_backup: Option<Timestamp>) -> Self {
        match (on_device, in_backup) {
            (None, _) => Self::NotHere,
            (Some(_), None) => Self::NotBackedUp,
            (Some(here), Some(there)) if here > there => Self::Outdated,
            (Some(here), Some(there)) if here < there => Self::Newer,
            (Some(_), Some(_)) => Self::BackedUp,
        }
    }
}

/// Why a file is not what a device holds. `line` is that of an editor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceSharesError {
    #[error("it is not text in UTF-8")]
    NotText,
    #[error("line {line}, column {column}: it is not JSON of the allowed form")]
    Json { line: usize, column: usize },
    #[error("this is not what a device holds (format is not \"conclave-device-shares\")")]
    NotShares,
    #[error("its version is not 1")]
    Version,
    #[error("the member {member} is missing or {what}")]
    Member { member: &'static str, what: &'static str },
    #[error("line {line}: there is no member {} here", Safe(.name))]
    UnknownMember { name: String, line: usize },
    #[error("number {place} of organizations (line {line}): {what}")]
    Organization { place: usize, line: usize, what: OrganizationFault },
}

/// What is wrong with an organization of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationFault {
    #[error("it is not an object")]
    NotAnObject,
    #[error("id is not a text of 1 to 256 characters")]
    Id,
    #[error("{0} stands outside, once for the device")]
    Outside(&'static str),
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("it has the same id as number {0}")]
    Twice(usize),
}

impl Explain for DeviceSharesError {
    fn hint(&self) -> String {
        match self {
            Self::NotText => "Save it as text in UTF-8.",
            Self::NotShares => "It is written by the wallet. Its form is described in docs/device.md.",
            Self::Version => "A newer Conclave may read it.",
            Self::UnknownMember { .. } => {
                "Correct its name, or take it away: what has no place would not be backed up."
            }
            Self::Json { .. } | Self::Member { .. } | Self::Organization { .. } => {
                "Correct that place. The form is described in docs/device.md."
            }
        }
        .to_owned()
    }
}

const MEMBERS: [&str; 5] = ["device", "format", "organizations", "user", "version"];

impl DeviceShares {
    /// Reads a document: strictly, but what an organization or a share has beside its members is kept with it.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn read(json: &[u8]) -> Result<Self, DeviceSharesError> {
        let json = text_of(json).ok_or(DeviceSharesError::NotText)?.as_bytes();
        let mut fields = Fields::parse(json)
            .map_err(|error| DeviceSharesError::Json { line: error.line(), column: error.column() })?;
        if fields.text("format") != Some("conclave-device-shares") {
            return Err(DeviceSharesError::NotShares);
        }
        if !matches!(fields.value("version"), Some(Kept::Integer(1))) {
            return Err(DeviceSharesError::Version);
        }
        if let Some(name) = fields.names().find(|name| !MEMBERS.contains(name)) {
            let line = line_of(json, name, None).unwrap_or(1);
            return Err(DeviceSharesError::UnknownMember { name: name.to_owned(), line });
        }
        let text = |member: &'static str| {
            let text = fields.text(member).and_then(Text::new);
            text.ok_or(DeviceSharesError::Member { member, what: "not a text of 1 to 256 characters" })
        };
        let (device, user) = (text("device")?, text("user")?);
        let list = match fields.take("organizations") {
            Some(Kept::List(list)) if (1..=ORGANIZATIONS_LIMIT).contains(&list.len()) => list,
            _ => return Err(DeviceSharesError::Member { member: "organizations", what: "not a list of 1 to 64" }),
        };
        let mut places = HashMap::new();
        let mut organizations = Vec::new();
        for (place, value) in (1..).zip(list) {
            let line = line_of(json, "organizations", Some(place)).unwrap_or(1);
            let wrong = |what| DeviceSharesError::Organization { place, line, what };
            let item = organization(value, &user, &device).map_err(wrong)?;
            if let Some(before) = places.insert(item.id().to_owned(), place) {
                return Err(wrong(OrganizationFault::Twice(before)));
            }
            organizations.push(item);
        }
        Ok(Self { device, user, organizations })
    }

    /// Each organization as an item of a backup, in the order of the document.
    pub fn items(&self) -> &[Item] {
        &self.organizations
    }

    /// Whether both are of the same device and user, and hold the same.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_same_item = |(one, other): (&Item, &Item)| one.fields().same_as(other.fields());
        self.device == other.device
            && self.user == other.user
            && self.organizations.len() == other.organizations.len()
            && self.organizations.iter().zip(&other.organizations).all(is_same_item)
    }

    /// The organization with that id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.organizations.iter().find(|item| item.id() == id)
    }

    /// What the labels of a backup of all of it say.
    pub fn labels(&self) -> Vec<OrganizationLabel> {
        self.organizations.iter().filter_map(OrganizationLabel::of).collect()
    }

    /// How a backup that claims to hold `backed` stands to what the device holds.
    pub fn claimed(&self, backed: &[OrganizationLabel]) -> Vec<(OrganizationLabel, BackupStatus)> {
        OrganizationLabel::standings(&self.labels(), backed)
    }

    /// The same of an open backup: there the shares themselves are compared too.
    pub fn compared(&self, inventory: &Inventory) -> Vec<(OrganizationLabel, BackupStatus)> {
        let backed = OrganizationLabel::of_inventory(inventory);
        let is_same = |id: &Text| {
            let there = inventory.items(Collection::Shares).find(|version| version.item.id() == id.raw());
            let here = self.item(id.raw());
            here.zip(there).is_some_and(|(here, there)| holds_the_same(here, &there.item))
        };
        let judged = |(label, status): (OrganizationLabel, BackupStatus)| {
            let differs = status == BackupStatus::BackedUp && !is_same(&label.id);
            (label, if differs { BackupStatus::Differs } else { status })
        };
        self.claimed(&backed).into_iter().map(judged).collect()
    }
}

impl OrganizationLabel {
    /// How a backup that claims to hold `backed` stands to each organization: those `here`, on the device, in their order, then what
    /// only the backup has. That is what labels say, which anybody can write.
    pub fn standings(here: &[Self], backed: &[Self]) -> Vec<(Self, BackupStatus)> {
        let in_backup = |id: &Text| backed.iter().find(|label| label.id == *id).map(|label| label.changed);
        let only_there = backed.iter().filter(|label| here.iter().all(|own| own.id != label.id));
        let only_there = only_there.map(|label| (label.clone(), BackupStatus::NotHere));
        let status = |label: &Self| (label.clone(), BackupStatus::of(Some(label.changed), in_backup(&label.id)));
        here.iter().map(status).chain(only_there).collect()
    }

    /// Whether another organization of these has the same name.
    pub fn has_namesake<'a>(&self, all: impl IntoIterator<Item = &'a Self>) -> bool {
        let name = self.name.to_string();
        all.into_iter().any(|other| other.id != self.id && other.name.to_string() == name)
    }

    /// Its name in a sentence, with its id where the name alone would be that of another one of these too.
    pub fn told_apart<'a>(&self, all: impl IntoIterator<Item = &'a Self>) -> String {
        if self.has_namesake(all) { format!("{} ({})", self.name, self.id) } else { self.name.to_string() }
    }

    /// What labels say of an item.
    pub fn of(item: &Item) -> Option<Self> {
        let text = |member| Text::new(item.fields().text(member)?);
        let changed = Timestamp::parse(item.fields().text("changed")?)?;
        Some(Self { changed, id: text("organization")?, name: text("name")? })
    }

    /// What they say of several, sorted by id.
    pub fn of_all<'a>(items: impl IntoIterator<Item = &'a Item>) -> Vec<Self> {
        let mut labels: Vec<Self> = items.into_iter().filter_map(Self::of).collect();
        labels.sort_by(|one, other| one.id.cmp(&other.id));
        labels
    }

    /// What they say of all that a backup holds.
    pub fn of_inventory(inventory: &Inventory) -> Vec<Self> {
        Self::of_all(inventory.items(Collection::Shares).map(|version| &version.item))
    }
}

/// Whether both hold the same, whatever their devices are called.
fn holds_the_same(one: &Item, other: &Item) -> bool {
    let apart_from_device = |item: &Item| {
        let mut fields = item.fields().duplicate();
        fields.take("device");
        fields
    };
    apart_from_device(one).same_as(&apart_from_device(other))
}

/// Whether both hold the same shares, whatever else is said of them.
pub fn has_same_shares(one: &Item, other: &Item) -> bool {
    let shares = |item: &Item| {
        let none = Fields::default();
        item.fields().value("shares").map_or(none, |shares| Fields::default().with("shares", shares.duplicate()))
    };
    shares(one).same_as(&shares(other))
}

/// An organization of the document as an item: there its id is `organization`, and each says whose it is, and on which device.
fn organization(value: Kept, user: &Text, device: &Text) -> Result<Item, OrganizationFault> {
    let Kept::Object(mut fields) = value else { return Err(OrganizationFault::NotAnObject) };
    for outside in ["organization", "user", "device"] {
        if fields.value(outside).is_some() {
            return Err(OrganizationFault::Outside(outside));
        }
    }
    let id = fields.take("id").ok_or(OrganizationFault::Id)?;
    if id.as_text().and_then(Text::new).is_none() {
        return Err(OrganizationFault::Id);
    }
    let fields = fields.with("organization", id).with_text("user", user.raw()).with_text("device", device.raw());
    Ok(Item::new(Collection::Shares, fields).map_err(|(malformed, _)| malformed)?)
}

#[cfg(test)]
mod tests {
    use super::super::record::Record;
    use super::super::{BoxSource, SealedBy, read_records, write_records};
    use super::*;
    use crate::domain::kind::Kind;

    const ACME: &str =
        r#"{"id":"o1","name":"Acme","changed":"2026-05-05T00:00:00Z","shares":[{"id":"a","value":"c2hhcmU="}]}"#;
    const BANK: &str = r#"{"id":"o2","name":"Bank","changed":"2026-06-06T00:00:00Z","colour":"red","shares":[{"id":"a","value":"x"},{"id":"b","value":"y"}]}"#;

    fn document(organizations: &str) -> String {
        format!(
            "{{\"format\":\"conclave-device-shares\",\"version\":1,\n\"device\":\"Phone\",\"user\":\"ann\",\n\"organizations\":[{organizations}]}}"
        )
    }

    fn said(json: &str) -> String {
        DeviceShares::read(json.as_bytes()).map_or_else(|error| error.to_string(), |_| "read".to_owned())
    }

    fn read(organizations: &str) -> DeviceShares {
        DeviceShares::read(document(organizations).as_bytes()).unwrap()
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let one = |from: &str, to: &str| said(&document(&format!("\n{}", ACME.replacen(from, to, 1))));
        assert_eq!(one("", ""), "read");
        assert_eq!(said("{}"), DeviceSharesError::NotShares.to_string());
        assert_eq!(said(&document(ACME).replace("\"version\":1", "\"version\":2")), "its version is not 1");
        assert_eq!(said("{\"a\":\n1.5}"), "line 2, column 3: it is not JSON of the allowed form");
        let at = |what: &str| format!("number 1 of organizations (line 4): {what}");
        assert_eq!(one("\"id\":\"o1\"", "\"id\":7"), at("id is not a text of 1 to 256 characters"));
        assert_eq!(one("\"id\":\"o1\"", "\"user\":\"ben\""), at("user stands outside, once for the device"));
        assert_eq!(one("2026-05-05T00", "2026-13-05T00"), at("changed is not a time YYYY-MM-DDThh:mm:ssZ"));
        for wrong in ["", "c2\u{e4}", "a\\nb"] {
            assert!(one("c2hhcmU=", wrong).contains("printable ASCII"), "{wrong}");
        }
        assert_eq!(
            said(&document(&format!("{ACME},\n{ACME}"))),
            "number 2 of organizations (line 4): it has the same id as number 1"
        );
        assert_eq!(said(&document("")), "the member organizations is missing or not a list of 1 to 64");
        let more = document(ACME).replacen("\"device\"", "\"phone\":\"x\",\"device\"", 1);
        assert_eq!(said(&more), "line 2: there is no member phone here");
    }

    #[test]
    fn a_share_and_their_number_have_a_limit() {
        let shares = |count: usize, length: usize| {
            let shares: Vec<String> =
                (0..count).map(|n| format!("{{\"id\":\"{n}\",\"value\":\"{}\"}}", "x".repeat(length))).collect();
            said(&document(&ACME.replacen("{\"id\":\"a\",\"value\":\"c2hhcmU=\"}", &shares.join(","), 1)))
        };
        assert_eq!((shares(64, 10), shares(1, 1 << 18)), ("read".to_owned(), "read".to_owned()));
        for (count, length) in [(0, 1), (65, 1), (1, (1 << 18) + 1)] {
            assert!(shares(count, length).contains("1 to 64"), "{count} {length}");
        }
        let twice = "{\"id\":\"a\",\"value\":\"x\"},{\"id\":\"a\",\"value\":\"y\"}";
        assert!(
            said(&document(&ACME.replacen("{\"id\":\"a\",\"value\":\"c2hhcmU=\"}", twice, 1))).contains("of its own")
        );
    }

    #[test]
    fn the_status_says_how_a_backup_stands_to_the_device() {
        let device = read(&format!("{ACME},{BANK}"));
        let words = |statuses: Vec<(OrganizationLabel, BackupStatus)>| {
            statuses.into_iter().map(|(label, status)| format!("{} {}", label.id, status.name())).collect::<Vec<_>>()
        };
        assert_eq!(words(device.claimed(&[])), ["o1 not-backed-up", "o2 not-backed-up"]);
        assert_eq!(words(device.claimed(&device.labels())), ["o1 backed-up", "o2 backed-up"]);
        let mut backed = device.labels();
        backed[0].changed = Timestamp::parse("2026-05-04T00:00:00Z").unwrap();
        backed[1].changed = Timestamp::parse("2027-01-01T00:00:00Z").unwrap();
        assert_eq!(words(device.claimed(&backed)), ["o1 outdated", "o2 newer"]);
        assert_eq!(words(read(BANK).claimed(&backed)), ["o2 newer", "o1 not-here"]);
    }

    #[test]
    fn an_open_backup_is_compared_by_its_shares() {
        let device = read(&format!("{ACME},{BANK}"));
        let records: Vec<Fields> = device
            .items()
            .iter()
            .map(|item| Record::Put { item: item.duplicate(), origin: None }.into_fields())
            .collect();
        let entries = read_records(Kind::Device, write_records(records).reveal()).unwrap();
        assert!(entries.iter().all(|entry| entry.fault.is_none()));
        let mut inventory = Inventory::of(Kind::Device);
        let created = Timestamp::from_unix_seconds(0).unwrap();
        inventory.apply(BoxSource { sealed_by: SealedBy::Quorum, position: 1, created, issuer: None }, entries);
        inventory.finish();
        let status = |device: &DeviceShares| {
            device.compared(&inventory).into_iter().map(|(_, status)| status).collect::<Vec<_>>()
        };
        assert_eq!(status(&device), [BackupStatus::BackedUp; 2]);
        assert_eq!(OrganizationLabel::of_inventory(&inventory), device.labels());
        let kept = inventory.items(Collection::Shares).nth(1).unwrap();
        assert_eq!(kept.item.fields().text("colour"), Some("red"), "what a wallet adds is kept");
        let other = read(&format!("{},{BANK}", ACME.replace("c2hhcmU=", "b3RoZXI=")));
        assert_eq!(status(&other), [BackupStatus::Differs, BackupStatus::BackedUp]);
    }
}
