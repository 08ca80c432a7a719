//! Files with what is to be sealed: contents (JSON) or a table of vaults (CSV), for a new backup and for the next snapshot alike.

use std::path::{Path, PathBuf};

use crate::domain::explain::Explain;
use crate::domain::inventory::{ContentsError, Document, Fields, Record, TableLayout, VaultsError, guessed, vaults};
use crate::domain::kind::Kind;
use crate::domain::text::Text;
use crate::effect::{ContentsFile, Trouble};
use crate::machine::files::{self, ReadError, shown};
use crate::snapshot::v1::limits::BOX_PLAINTEXT;

/// What one file holds.
pub struct GivenContents {
    pub organization: Option<Text>,
    pub is_production: bool,
    pub records: Vec<Fields>,
    /// Vaults of a table that name no key, address or public key.
    pub without_key: Vec<String>,
}

/// Why a file cannot be taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ContentsFault {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("{}: {why}", shown(.path))]
    Contents { path: PathBuf, why: ContentsError },
    #[error("{}: {why}", shown(.path))]
    Vaults { path: PathBuf, why: VaultsError },
}

impl Explain for ContentsFault {
    fn hint(&self) -> String {
        match self {
            Self::Read(ReadError::TooLarge { .. }) => "A backup holds at most 44 MiB.".to_owned(),
            Self::Read(error) => error.hint(),
            Self::Contents { why, .. } => why.hint(),
            Self::Vaults { why, .. } => why.hint(),
        }
    }
}

/// A document begins with a brace, a table does not.
fn is_document(bytes: &[u8]) -> bool {
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(*byte));
    matches!(begins, Some(b'{' | b'['))
}

pub fn read(kind: Kind, file: &ContentsFile) -> Result<GivenContents, ContentsFault> {
    let path = || file.path.clone();
    let bytes = files::read_secret(&file.path, BOX_PLAINTEXT)?;
    if is_document(bytes.reveal()) {
        let document =
            Document::read(kind, bytes.reveal()).map_err(|why| ContentsFault::Contents { path: path(), why })?;
        return Ok(GivenContents {
            organization: Text::new(&document.organization),
            is_production: document.is_production == Some(true),
            records: document.into_records(),
            without_key: Vec::new(),
        });
    }
    let items = vaults(bytes.reveal(), &file.agreed).map_err(|why| ContentsFault::Vaults { path: path(), why })?;
    let is_without =
        |fields: &Fields| ["key_id", "address", "public_key"].iter().all(|name| fields.text(name).is_none());
    let without_key = items.iter().filter(|item| is_without(item.fields())).map(|item| item.id().to_owned()).collect();
    let records = items.into_iter().map(|item| Record::Put { item, origin: None }.into_fields()).collect();
    Ok(GivenContents { organization: None, is_production: false, records, without_key })
}

/// What somebody has to agree to before a file is taken; `None` where it is clear, or no table.
pub fn look(path: &Path) -> Result<Option<Box<TableLayout>>, Trouble> {
    let looked = || -> Result<_, ContentsFault> {
        let bytes = files::read_secret(path, BOX_PLAINTEXT)?;
        if is_document(bytes.reveal()) {
            return Ok(None);
        }
        guessed(bytes.reveal()).map_err(|why| ContentsFault::Vaults { path: path.to_owned(), why })
    };
    looked().map(|layout| layout.map(Box::new)).map_err(|fault| Trouble::of(&fault))
}
