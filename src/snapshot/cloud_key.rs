//! The cloud-key file of a device backup (`docs/format.md`, section 16): half of what opens it; the PIN is the other half.

use std::io::Write as _;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::crypto::commitment::PhraseKey;
use crate::crypto::digest::digest;
use crate::crypto::kdf::{Kdf, KdfError, KdfNumbers};
use crate::crypto::label::{Binding, Purpose};
use crate::domain::canonical;
use crate::domain::encoding::Hex;
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::explain::Explain;
use crate::domain::pin::{LONGEST, Pin};
use crate::domain::secret::{SecretBuffer, SecretBytes};

pub const FORMAT: &str = "conclave-cloud-key";
const VERSION: u64 = 1;
/// Bytes of the key.
pub const LENGTH: usize = 32;
/// More than any such file has.
pub const FILE_LIMIT: usize = 4096;

/// The key that somebody keeps in a cloud account.
pub struct CloudKey {
    binding: Binding,
    key: SecretBytes<LENGTH>,
}

/// Why a file gives no cloud key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CloudKeyError {
    #[error("this is not the cloud key file of a device backup")]
    NotACloudKey,
    #[error("this cloud key file was made by a newer version of Conclave")]
    Version,
    #[error("this cloud key file is damaged: its checksum is not right")]
    Damaged,
}

impl Explain for CloudKeyError {
    fn hint(&self) -> String {
        match self {
            Self::NotACloudKey => "It is the file that was uploaded to the cloud account, not the backup itself.",
            Self::Version => "Use the newer version of Conclave.",
            Self::Damaged => {
                "Download it once more from the cloud account. Nobody can say which of its digits are wrong."
            }
        }
        .to_owned()
    }
}

/// The file. Members stand in the canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile<'a> {
    backup_id: Hex<16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checksum: Option<Hex<32>>,
    format: &'a str,
    key: &'a str,
    purpose: Purpose,
    version: u64,
}

#[derive(Deserialize)]
struct Outline<'a> {
    #[serde(borrow)]
    format: &'a str,
    version: u64,
}

impl CloudKey {
    /// A new key for the backup of that id.
    pub fn generate(binding: Binding, entropy: &mut dyn Entropy) -> Result<Self, EntropyFailed> {
        Ok(Self { binding, key: SecretBytes::try_init(|key| entropy.fill(key))? })
    }

    /// Reads the file, strictly.
    pub fn read(bytes: &[u8]) -> Result<Self, CloudKeyError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let Outline { format, version } = serde_json::from_slice(bytes).map_err(|_| CloudKeyError::NotACloudKey)?;
        match (format, version) {
            (FORMAT, VERSION) => {}
            (FORMAT, _) => return Err(CloudKeyError::Version),
            _ => return Err(CloudKeyError::NotACloudKey),
        }
        let file: KeyFile<'_> = serde_json::from_slice(bytes).map_err(|_| CloudKeyError::Damaged)?;
        let checksum = file.checksum;
        let file = KeyFile { checksum: None, ..file };
        if checksum != Some(digest("cloud-key", &file)) {
            return Err(CloudKeyError::Damaged);
        }
        let digits = file.key.as_bytes();
        let key = SecretBytes::try_init(|key| {
            // The decoder wants room for just as many bytes as there are.
            let has_length = digits.len() == 2 * LENGTH;
            let read = has_length.then(|| data_encoding::HEXLOWER.decode_mut(digits, key));
            read.and_then(Result::ok).map(|_| ()).ok_or(())
        });
        let binding = Binding { purpose: file.purpose, backup_id: file.backup_id };
        Ok(Self { binding, key: key.map_err(|()| CloudKeyError::Damaged)? })
    }

    /// The file: canonical JSON and one LF.
    pub fn to_bytes(&self) -> SecretBuffer {
        let mut digits = Zeroizing::new([0; 2 * LENGTH]);
        data_encoding::HEXLOWER.encode_mut(self.key.reveal(), digits.as_mut());
        let key = std::str::from_utf8(digits.as_ref()).unwrap_or_default();
        let Binding { purpose, backup_id } = self.binding;
        let file = KeyFile { backup_id, checksum: None, format: FORMAT, key, purpose, version: VERSION };
        let checksum = Some(digest("cloud-key", &file));
        let file = KeyFile { checksum, ..file };
        let mut json = canonical::secret_bytes(&file, 1);
        let ended = json.write_all(b"\n");
        debug_assert!(ended.is_ok(), "room for the line end was kept");
        json
    }

    /// Which backup it is of.
    pub fn binding(&self) -> Binding {
        self.binding
    }

    /// What it becomes with the PIN: the key || the digits, derived as a phrase is.
    pub fn derive(&self, pin: &Pin, numbers: &KdfNumbers, kdf: &dyn Kdf) -> Result<PhraseKey, KdfError> {
        let mut secret = Zeroizing::new([0; LENGTH + LONGEST]);
        let digits = pin.reveal().as_bytes();
        let length = LENGTH + digits.len();
        let (key, rest) = secret.split_at_mut(LENGTH);
        key.copy_from_slice(self.key.reveal());
        rest.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
        PhraseKey::derive(secret.get(..length).unwrap_or_default(), self.binding, numbers, kdf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINDING: Binding = Binding { purpose: Purpose::Training, backup_id: Hex([7; 16]) };

    fn text() -> String {
        let key = CloudKey { binding: BINDING, key: SecretBytes::init(|key| key.fill(0xab)) };
        String::from_utf8(key.to_bytes().reveal().to_vec()).unwrap()
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let text = text();
        let read = CloudKey::read(text.as_bytes()).unwrap();
        assert_eq!((read.binding(), read.key.reveal()), (BINDING, &[0xab; 32]));
        assert!(text.ends_with("}\n") && text.len() < FILE_LIMIT);
    }

    #[test]
    fn no_change_of_a_byte_gives_another_key() {
        let text = text();
        for place in 0..text.len() {
            for new in [b'0', b'f', b' ', b'"', 0xff] {
                let mut bytes = text.clone().into_bytes();
                bytes[place] = new;
                if let Ok(read) = CloudKey::read(&bytes) {
                    assert_eq!((read.binding(), read.key.reveal()), (BINDING, &[0xab; 32]), "byte {place}");
                }
            }
            assert!(CloudKey::read(&text.as_bytes()[..place]).is_err() || place + 1 == text.len());
        }
    }
}
