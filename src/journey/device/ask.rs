//! What is asked about the backup of a device, and why an answer is not taken.

use crate::domain::kind::{Kind, Method};
use crate::domain::pin::PinFault;
use crate::domain::text::{Text, counted, listed};
use crate::effect::{Answer, CloudAccount, DeviceClaims, PROVIDERS, Summary, Trouble};

/// What can be done with the backup of a device, before a file is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceChoice {
    Manage,
    Restore,
    /// With the built-in device and its backup that is opened so.
    Practise(Method),
}

/// The likeliest first.
pub const DEVICE_CHOICES: [(DeviceChoice, &str, &str); 4] = [
    (DeviceChoice::Manage, "Manage", "back up what this device holds, see what is backed up"),
    (DeviceChoice::Restore, "Restore", "the shares of a backup, for a device"),
    (DeviceChoice::Practise(Method::Phrase), "Practise", "on a sample that opens with a phrase"),
    (DeviceChoice::Practise(Method::CloudPin), "Practise", "on a sample that opens with a cloud key and a PIN"),
];

/// How a new backup is opened.
pub const METHODS: [(Method, &str, &str); 2] = [
    (Method::CloudPin, "Cloud account and PIN", "a key file to upload, and digits you choose"),
    (Method::Phrase, "Recovery phrase", "twelve words that you write on paper"),
];

/// From what a reset goes on.
pub const RESETS: [&str; 2] = [
    "I have what opens it now: what it holds moves to a new backup",
    "Nothing opens it any more: a new backup from this device",
];

/// The account that the backup names, then those that can be named; in words, and what is meant.
pub fn account_rows(claims: Option<&DeviceClaims>) -> Vec<(String, CloudAccount)> {
    let last = claims.and_then(|claims| claims.account.clone()).filter(|last| last.account.is_some());
    let last = last.map(|last| (format!("{last}, as for the last backup"), last));
    let named = PROVIDERS.iter().filter_map(|provider| {
        Some((provider.title.to_owned(), CloudAccount { provider: Text::new(provider.name)?, account: None }))
    });
    last.into_iter().chain(named).collect()
}

/// What a file is that may be mistaken for another, and how it goes on, in sentences.
pub fn what_it_is(summary: &Summary) -> [&'static str; 2] {
    match summary.kind {
        Kind::Device => [
            "This is the backup of one person's device: that person's own shares.",
            "It does not recover an organization: for that its shareholders open its snapshot.",
        ],
        Kind::Organization => [
            "This is a backup of an organization: it holds what belongs to all.",
            "It does not hold the shares of one person's device.",
        ],
        Kind::Codes => [
            "This is a file of recovery codes: it holds what belongs to all owners.",
            "It does not hold the shares of one person's device.",
        ],
    }
}

/// What opens it, as facts of the backup of a device.
pub fn device_facts(summary: &Summary) -> Vec<(&'static str, String)> {
    let Some(claims) = &summary.device else { return Vec::new() };
    let opens = match summary.form {
        Some(form) => format!("a phrase of {} words, {}", form.words.words(), form.language.title()),
        None => "a cloud key file and its PIN, both of them".to_owned(),
    };
    let account = claims.account.as_ref().map(|account| ("Cloud key at", format!("{account} (a note, unverified)")));
    [("Opens with", opens)].into_iter().chain(account).collect()
}

/// The organizations whose shares it claims to hold, with the day of their last change, as a list that fits.
pub fn device_holds(summary: &Summary, fits: impl Fn(&str) -> bool) -> String {
    let all = summary.device.as_ref().map_or(&[][..], |claims| &claims.organizations);
    let names: Vec<String> =
        all.iter().map(|label| format!("{}, {}", label.told_apart(all), label.changed.date())).collect();
    let head = format!("{} (unverified): ", counted(names.len(), "organization"));
    let list = listed(&names, "; ", |list| fits(&format!("{head}{list}")));
    format!("{head}{list}")
}

/// What is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceAsked {
    /// The file with what the device holds.
    #[default]
    Shares,
    /// Whether there is a backup of it already: 0 there is, 1 there is none.
    HasBackup,
    /// The file of the backup.
    Backup,
    /// Which organization is backed up: a row of [`super::Journey::standings`].
    Status,
    /// A row of [`RESETS`].
    Reset,
    /// A row of [`METHODS`].
    Method,
    /// A row of [`account_rows`].
    Account,
    /// The account there; nothing names none.
    Label,
    /// A new PIN.
    Pin,
    PinAgain,
    /// A row of [`crate::effect::Place::for_exports`], for the backup; or to look again.
    Place,
    Name,
    /// The same for its cloud key.
    KeyPlace,
    KeyName,
    /// Whether it is written so.
    Sure,
    /// The new phrase was made: it is shown on its own page, and typed back.
    Shown,
    /// The phrase that opens the backup: it is typed on its own page.
    OldPhrase,
    /// The cloud key that opens the backup; yes takes the built-in one in practice.
    OldKey,
    /// The PIN beside it.
    OldPin,
    /// Nothing: a file was written.
    Done,
}

/// Why an answer is not taken, or what was done failed.
#[derive(Debug)]
pub enum DeviceRefusal {
    /// The list has no such row.
    NotListed,
    /// More was typed than fits.
    NoText,
    Pin(PinFault),
    /// It is not the PIN that was typed first.
    NotTheSamePin,
    /// It cannot be the name of a file in the chosen folder.
    NotAName,
    /// What the device holds was not read.
    NoShares,
    /// The device does not hold that organization.
    NotOnDevice,
    /// The backup has shares that changed later.
    NewerInBackup,
    /// There is no backup to go on from.
    NoBackup,
    /// It is damaged: nothing goes on from it.
    Harmed,
    /// The file is a backup of another kind.
    OtherKind(Kind),
    /// Cloud key and PIN do not open the backup, or not any more.
    NotOpened(Answer),
    Failed(Trouble),
}
