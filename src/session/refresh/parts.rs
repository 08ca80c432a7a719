//! What a refresh looks at in single records, files and names.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;

use super::{LoadError, RefreshError};
use crate::crypto::digest::digest;
use crate::crypto::issuer::IssuerKey;
use crate::domain::ceremony::has_unconfirmed_name;
use crate::domain::inventory::{Collection, Fields, Item, Kept, SealedBy};
use crate::domain::secret::SecretBytes;
use crate::machine::files;
use crate::snapshot::container::{self, ContainerError};
use crate::snapshot::delivery;
use crate::snapshot::v1::model::{BoxPlace, Snapshot, envelopes_digest};
use crate::snapshot::v1::{layout, limits};

/// The item that a record puts.
pub(super) fn put(record: &Fields) -> Option<Item> {
    let collection = Collection::named(record.text("collection")?)?;
    let item = record.value("item").and_then(Kept::as_object)?;
    (record.text("record") == Some("put")).then(|| Item::new(collection, item.duplicate()).ok()).flatten()
}

/// Whether an unsigned file has all that the first file of a ceremony has and no other, as far as it shows without a quorum.
pub(super) fn is_first(snapshot: &Snapshot) -> bool {
    let Snapshot { core, labels, anchor, section, boxes, envelopes } = snapshot;
    let is_only = match boxes.as_slice() {
        [_] => true,
        [first, second] => {
            core.replaces.is_some()
                && second.header.sealed_by == SealedBy::Public
                && second.header.previous == first.place().digest
        }
        _ => false,
    };
    let is_quorums =
        boxes.first().is_some_and(|first| first.header.sealed_by == SealedBy::Quorum && first.place() == anchor.last);
    let labels = digest("labels", labels);
    section.sequence == 1
        && section.previous.is_empty()
        && (labels, anchor.labels) == (core.labels_digest, core.labels_digest)
        && anchor.envelopes == envelopes_digest(envelopes)
        && (anchor.base, anchor.sequence) == (BoxPlace::START, 1)
        && is_only
        && is_quorums
}

/// Whether the name of a file says that its ceremony never confirmed it.
pub fn is_unconfirmed(path: &Path) -> bool {
    has_unconfirmed_name(&path.to_string_lossy())
}

/// Where the e-mail with a snapshot of that name is written: beside it, and nowhere where that is one already.
pub fn mail_beside(path: &Path) -> Option<PathBuf> {
    let ends = |ending: &str| path.extension().is_some_and(|other| other.eq_ignore_ascii_case(ending));
    let appended = || PathBuf::from([path.as_os_str(), OsStr::new(".eml")].into_iter().collect::<OsString>());
    let beside = if ends("json") { path.with_extension("eml") } else { appended() };
    (!ends("eml")).then_some(beside)
}

/// The files of a snapshot: that of this name, and the e-mail beside it where one is written.
pub fn files_of(path: &Path, mail: Option<&Path>, snapshot: &Snapshot) -> Vec<(PathBuf, Vec<u8>)> {
    std::iter::once(path).chain(mail).map(|path| (path.to_owned(), bytes_for(path, snapshot))).collect()
}

/// The bytes of a snapshot for a file of that name: an e-mail for `.eml`, which says so when the name says that it is unconfirmed.
pub fn bytes_for(path: &Path, snapshot: &Snapshot) -> Vec<u8> {
    let is_mail = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"));
    if is_mail {
        delivery::mail_as(snapshot, is_unconfirmed(path) || snapshot.anchor.unconfirmed)
    } else {
        layout::to_bytes(snapshot)
    }
}

/// The bytes of a text that is none of these snapshots, and in which no snapshot is, and nothing that one could come in: who put
/// another snapshot in the place of somebody's would have written the fingerprint of that one beside it.
pub fn text_kept_apart(path: &Path, snapshots: &[&Path]) -> Result<Vec<u8>, RefreshError> {
    let no_card = |what: String| RefreshError::NoCard { path: path.to_owned(), what };
    if snapshots.iter().any(|snapshot| files::is_same(path, snapshot)) {
        return Err(no_card("it is the snapshot itself".to_owned()));
    }
    let bytes = files::read(path, limits::CONTAINER).map_err(LoadError::from)?;
    match container::unpack(bytes.clone(), &path.to_string_lossy()) {
        Err(ContainerError::Nothing { container: "file" }) => Ok(bytes),
        Ok(_) => Err(no_card("a snapshot is in it".to_owned())),
        Err(ContainerError::Foreign(foreign)) => Err(no_card(format!("it is {}", foreign.what))),
        Err(ContainerError::Inside { part, foreign }) => Err(no_card(format!("{part} is {}", foreign.what))),
        Err(
            ContainerError::Nothing { container }
            | ContainerError::Several { container }
            | ContainerError::Broken { container },
        ) => Err(no_card(format!("it is an archive or e-mail ({container})"))),
        Err(why @ (ContainerError::Encrypted | ContainerError::Method { .. } | ContainerError::Limit { .. })) => {
            Err(no_card(why.to_string()))
        }
    }
}

/// Reads an issuer's key: 64 hexadecimal digits in a file that only its owner may read.
pub fn issuer_key(path: &Path) -> Result<IssuerKey, RefreshError> {
    let text = files::read_private(path, 1 << 10).map_err(LoadError::from)?;
    let digits = text.reveal().trim_ascii();
    let wrong = || RefreshError::NoKey { path: path.to_owned() };
    if digits.len() != 2 * 32 {
        return Err(wrong());
    }
    let seed =
        SecretBytes::try_init(|seed| HEXLOWER_PERMISSIVE.decode_mut(digits, seed).map(drop).map_err(|_| wrong()))?;
    Ok(IssuerKey::from_seed(&seed))
}
