//! The training backups: frozen ones that are built in, and fresh ones with the same contents. They protect nothing.

use crate::crypto::kdf::{self, Kdf};
use crate::crypto::label::Purpose;
use crate::domain::ceremony::Person;
use crate::domain::entropy::Entropy;
use crate::domain::inventory::{Collection, Contents, DeviceShares, Fields, Item, Kept};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::{Phrase, PhraseForm, WordCount};
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::domain::wordlist::WordList;
use crate::snapshot::cloud_key::CloudKey;
use crate::snapshot::founding::{Founding, NewOpener, SealingPlan, found_device};
use crate::snapshot::refresh::{Issue, append_public};
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::model::{CloudLabel, Snapshot};

/// A training backup as it is frozen in `assets/training/`.
pub struct Sample {
    /// The name of its folder.
    pub name: &'static str,
    pub kind: Kind,
    pub threshold: u8,
    pub snapshot: &'static [u8],
    /// Line N: `N. words …`, the phrase of shareholder N.
    pub phrases: &'static str,
    /// The contents that a recovery gives.
    pub expected: &'static [u8],
    /// What its ceremony sealed.
    inventory: &'static [u8],
    /// The plaintext of the box that a refresh added without the quorum.
    refresh: Option<&'static [u8]>,
    delivery: &'static str,
    shareholders: &'static [&'static str],
}

macro_rules! asset {
    ($path:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/training/", $path))
    };
}

pub const SAMPLES: [Sample; 3] = [
    Sample {
        name: "2-of-3",
        kind: Kind::Organization,
        threshold: 2,
        snapshot: asset!("2-of-3/snapshot.json"),
        phrases: include_str!("../assets/training/2-of-3/phrases.txt"),
        expected: asset!("2-of-3/expected.json"),
        inventory: asset!("2-of-3/inventory.json"),
        refresh: None,
        delivery: "backup@northwind.example",
        shareholders: &["Ann Archer", "Ben Okafor", "Chloé Durand"],
    },
    Sample {
        name: "3-of-5",
        kind: Kind::Organization,
        threshold: 3,
        snapshot: asset!("3-of-5/snapshot.json"),
        phrases: include_str!("../assets/training/3-of-5/phrases.txt"),
        expected: asset!("3-of-5/expected.json"),
        inventory: asset!("3-of-5/inventory.json"),
        refresh: Some(asset!("3-of-5/refresh.json")),
        delivery: "backup@harbour-museum.example",
        shareholders: &["Dana Reyes", "Emeka Nwosu", "Fumiko Sato (佐藤)", "Grzegorz Łuczak", "Hannah Weiß"],
    },
    Sample {
        name: "codes",
        kind: Kind::Codes,
        threshold: 1,
        snapshot: asset!("codes/snapshot.json"),
        phrases: include_str!("../assets/training/codes/phrases.txt"),
        expected: asset!("codes/expected.json"),
        inventory: asset!("codes/inventory.json"),
        refresh: Some(asset!("codes/refresh.json")),
        delivery: "codes@northwind.example",
        shareholders: &["Ann Archer", "Ben Okafor", "Chloé Durand"],
    },
];

/// A training backup of a device, as it is frozen: all of them hold the same.
pub struct DeviceSample {
    /// The name of its folder.
    pub name: &'static str,
    pub snapshot: &'static [u8],
    pub opener: SampleOpener,
}

/// What opens a training backup of a device.
pub enum SampleOpener {
    /// A line with the phrase.
    Phrase(&'static str),
    /// The cloud key file, and a line with the PIN.
    Cloud(&'static [u8], &'static str),
}

/// What the device of the training backups holds now: of one organization other shares, and one organization more.
pub const DEVICE_SHARES: &[u8] = asset!("device/SHARES.json");
/// What it held when it was backed up.
pub const DEVICE_EARLIER: &[u8] = asset!("device/earlier.json");
/// The contents that restoring gives.
pub const DEVICE_EXPECTED: &[u8] = asset!("device/expected.json");

pub const DEVICE_SAMPLES: [DeviceSample; 2] = [
    DeviceSample {
        name: "device-phrase",
        snapshot: asset!("device-phrase/snapshot.json"),
        opener: SampleOpener::Phrase(include_str!("../assets/training/device-phrase/phrases.txt")),
    },
    DeviceSample {
        name: "device-cloud",
        snapshot: asset!("device-cloud/snapshot.json"),
        opener: SampleOpener::Cloud(
            asset!("device-cloud/cloud-key.json"),
            include_str!("../assets/training/device-cloud/pin.txt"),
        ),
    },
];

/// What it costs to derive the keys of a sample: memory in KiB, passes, lanes. Samples cost what real backups cost.
pub const DERIVATION: (u64, u64, u64) = kdf::STANDARD;

#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    #[error("the built-in sample is broken: {0}")]
    Broken(String),
    #[error(transparent)]
    Sealing(#[from] SealingError),
}

impl Sample {
    /// A new backup with the same contents, and its phrases in order. Only the keys in the contents are those of the frozen one.
    pub fn fresh(
        &self,
        derivation: (u64, u64, u64),
        created: Timestamp,
        kdf: &dyn Kdf,
        entropy: &mut dyn Entropy,
    ) -> Result<(Snapshot, Vec<Phrase>), TrainingError> {
        let text = |text: &str| Text::new(text).ok_or_else(|| TrainingError::Broken("a name is too long".to_owned()));
        let records =
            Contents::read(self.kind, self.inventory).map_err(|error| TrainingError::Broken(error.to_string()))?;
        let organization = records.first().and_then(|record| record.text("name")).unwrap_or_default();
        let form = PhraseForm { language: WordList::English, words: WordCount::TWELVE };
        let plan = SealingPlan {
            kind: self.kind,
            purpose: Purpose::Training,
            organization: text(organization)?,
            delivery: text(self.delivery)?,
            shareholders: self
                .shareholders
                .iter()
                .map(|name| Ok(Person { name: text(name)?, email: None }))
                .collect::<Result<_, TrainingError>>()?,
            threshold: self.threshold,
            form,
            derivation,
            issuer: None,
            replaces: None,
            is_unconfirmed: false,
        };
        let mut founding = Founding::begin(plan, entropy)?;
        let mut phrases = Vec::new();
        for (number, _) in (1..).zip(self.shareholders) {
            let phrase = Phrase::generate(form, entropy).map_err(SealingError::from)?;
            founding.accept(number, &phrase, kdf).map_err(SealingError::from)?;
            phrases.push(phrase);
        }
        let mut snapshot = founding.seal(records, created, None, entropy)?;
        if let Some(refresh) = self.refresh {
            let records = refresh_records(refresh)?;
            snapshot = append_public(&snapshot, records, Issue { created, issuer: None, entropy })?;
        }
        Ok((snapshot, phrases))
    }
}

/// A new training backup of a device.
pub struct FreshDevice {
    pub snapshot: Snapshot,
    pub secret: DeviceSecret,
}

pub enum DeviceSecret {
    Phrase(Phrase),
    Cloud(CloudKey, Pin),
}

impl DeviceSample {
    /// What opens it.
    pub fn method(&self) -> Method {
        match self.opener {
            SampleOpener::Phrase(_) => Method::Phrase,
            SampleOpener::Cloud(..) => Method::CloudPin,
        }
    }

    /// What somebody who practises types: the phrase, or the PIN.
    pub fn sheet(&self) -> &'static str {
        match self.opener {
            SampleOpener::Phrase(sheet) | SampleOpener::Cloud(_, sheet) => sheet,
        }
    }

    /// A new backup of the same shares, opened in the same way.
    pub fn fresh(
        &self,
        created: Timestamp,
        kdf: &dyn Kdf,
        entropy: &mut dyn Entropy,
    ) -> Result<FreshDevice, TrainingError> {
        let broken = |what: &dyn std::fmt::Display| TrainingError::Broken(what.to_string());
        let device = DeviceShares::read(DEVICE_EARLIER).map_err(|error| broken(&error))?;
        // The frozen ones were sealed before items named their device.
        let unnamed = |item: &Item| {
            let mut fields = item.fields().duplicate();
            fields.take("device");
            Item::new(Collection::Shares, fields).map_err(|(malformed, _)| broken(&malformed))
        };
        let items = device.items().iter().map(unnamed).collect::<Result<Vec<Item>, TrainingError>>()?;
        let items: Vec<&Item> = items.iter().collect();
        let purpose = (Purpose::Training, None);
        match self.opener {
            SampleOpener::Phrase(_) => {
                let phrase = Phrase::generate(PhraseForm::OF_DEVICE, entropy).map_err(SealingError::from)?;
                let (snapshot, _) =
                    found_device(&items, &NewOpener::Phrase(&phrase), purpose, created, (kdf, entropy))?;
                Ok(FreshDevice { snapshot, secret: DeviceSecret::Phrase(phrase) })
            }
            SampleOpener::Cloud(..) => {
                let pin = Pin::generate(entropy).map_err(SealingError::from)?;
                let provider = Text::new("another place").ok_or_else(|| broken(&"a name is too long"))?;
                let opener = NewOpener::Cloud(&pin, CloudLabel { account: None, provider });
                match found_device(&items, &opener, purpose, created, (kdf, entropy))? {
                    (snapshot, Some(key)) => Ok(FreshDevice { snapshot, secret: DeviceSecret::Cloud(key, pin) }),
                    (_, None) => Err(broken(&"it has no cloud key")),
                }
            }
        }
    }
}

fn refresh_records(plaintext: &[u8]) -> Result<Vec<Fields>, TrainingError> {
    let broken = || TrainingError::Broken("its refresh holds no records".to_owned());
    let Some(Kept::List(list)) = Fields::parse(plaintext).map_err(|_| broken())?.take("records") else {
        return Err(broken());
    };
    list.into_iter().map(|record| if let Kept::Object(fields) = record { Ok(fields) } else { Err(broken()) }).collect()
}
