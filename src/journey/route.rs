//! Where people are led. Each face has a page for every route; which one comes next is decided in the journeys.

use std::path::PathBuf;

use crate::domain::inventory::Collection;
use crate::domain::kind::Kind;
use crate::domain::phrase::Phrase;
use crate::domain::secret::SecretText;
use crate::effect::{Confirmed, Source};

/// Where people are led.
pub enum Route {
    Home,
    /// A snapshot is chosen.
    Choose,
    /// This one is read at once.
    Read(Source),
    /// A file is chosen for what was asked before.
    Pick(FileFor),
    /// What is known of a backup before anybody types.
    Open,
    /// Who is here, and who comes next.
    People,
    /// Between two people.
    Wall(Behind),
    /// The words of a phrase.
    Phrase,
    /// The search for their slip.
    Slip,
    /// Enough phrases are verified.
    Quorum,
    /// An open backup.
    Recovered,
    Item {
        collection: Collection,
        id: String,
    },
    /// A line of an item, for a camera.
    QrCode {
        label: String,
        value: SecretText,
        is_secret: bool,
    },
    Export,
    /// What an earlier run left half-written.
    Left,
    /// A vault that the backup does not hold.
    Unlisted,
    /// The next snapshot of a backup.
    Refresh,
    /// What can be done with the backup of a device.
    DeviceMenu,
    /// The backup of a device.
    Device,
    /// The new phrase of its backup, to be written down.
    DevicePhrase(Phrase),
    /// What can be done with the codes of accounts.
    CodesMenu,
    /// Codes of an account are saved.
    Codes,
    /// What was decided of codes is sealed into the next snapshot.
    SealChange,
    /// All contents sealed again.
    Compact,
    /// What no quorum has confirmed, before a rotation or to be confirmed.
    Review,
    /// What a quorum accepts of it is sealed into the next snapshot.
    Confirm(Confirmed),
    /// The plan of a first backup, of these files.
    Plan {
        kind: Kind,
    },
    /// A file that an earlier ceremony left unconfirmed is gone on with.
    Resume(PathBuf),
    /// Another place for what a ceremony writes, or for a copy of it.
    AnotherPlace,
    /// The plan of a ceremony that has begun, because that shareholder declined.
    Replan {
        number: u8,
    },
    /// The plan of a rotation; what the quorum accepts of what no quorum has confirmed.
    Rotate {
        accepted: Vec<usize>,
    },
    /// The people of a ceremony.
    Board,
    /// The request to one of them.
    Request {
        number: u8,
        /// For another phrase than the one that was made already.
        is_another: bool,
    },
    /// A new phrase, to be written down.
    NewPhrase {
        number: u8,
        phrase: Phrase,
    },
    /// A blank sheet, to be copied by hand.
    Sheet {
        number: u8,
    },
    /// The public cards, to be copied by hand.
    Cards,
    /// The medium is pulled out and put back.
    Medium,
    /// A backup was made.
    Made,
    /// What happened.
    Record,
}

/// What a file is chosen for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FileFor {
    #[default]
    Inventory,
    People,
    /// A file that an earlier ceremony left unconfirmed.
    Unconfirmed,
}

/// What lies behind the wall between two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// The request to a shareholder of a ceremony.
    Request { number: u8 },
    /// A new phrase for one who has a phrase already.
    Another { number: u8 },
    /// A phrase against the file that was read again.
    Verify,
    /// A further phrase than those that a recovery needs.
    Further,
}
