//! Values that must not outlive their use: no `Clone`, no `Serialize`, no comparison but in constant time, wiped on drop.
//! Every use of the inside goes through a method named `reveal`, so that all of them can be found by one search.

use std::fmt;
use std::io;

use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// How many bytes of the stack [`without_trace`] overwrites: at least twice what the deepest work needs (`tests/suite/stack.rs`
/// measures it), and an eighth of the stack that a thread has. It costs some 20 microseconds.
pub const TRACE: usize = 256 << 10;

/// Does `work` and overwrites the part of the stack below, also when `work` panics: libraries leave copies there of what they computed,
/// and so does every value that was moved. Whatever handles secrets for long runs in here, in pieces: what a session does, a part of
/// the work of a core, one turn of screens or prompts. Commands without either overwrite nothing between their steps: they end.
pub fn without_trace<R>(work: impl FnOnce() -> R) -> R {
    struct Overwriting;
    impl Drop for Overwriting {
        fn drop(&mut self) {
            overwrite();
        }
    }
    /// In a frame of its own, so that nothing of it stands in the caller's.
    #[inline(never)]
    fn below<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
    #[inline(never)]
    #[allow(clippy::large_stack_arrays)]
    fn overwrite() {
        let mut stack = [0_u64; TRACE / size_of::<u64>()];
        stack.zeroize();
        std::hint::black_box(&stack);
    }
    let _overwriting = Overwriting;
    below(work)
}

/// `N` secret bytes in one place on the heap.
pub struct SecretBytes<const N: usize>(SecretBox<[u8; N]>);

impl<const N: usize> SecretBytes<N> {
    /// Lets `fill` write the bytes where they will stay.
    pub fn init(fill: impl FnOnce(&mut [u8; N])) -> Self {
        let mut bytes = SecretBox::new(Box::new([0; N]));
        fill(bytes.expose_secret_mut());
        Self(bytes)
    }

    /// The same for a `fill` that can fail.
    pub fn try_init<E>(fill: impl FnOnce(&mut [u8; N]) -> Result<(), E>) -> Result<Self, E> {
        let mut bytes = SecretBox::new(Box::new([0; N]));
        fill(bytes.expose_secret_mut())?;
        Ok(Self(bytes))
    }

    /// A copy of `source`; `None` when it is not exactly `N` bytes. The caller wipes `source`.
    pub fn copy_of(source: &[u8]) -> Option<Self> {
        (source.len() == N).then(|| Self::init(|bytes| bytes.copy_from_slice(source)))
    }

    pub fn reveal(&self) -> &[u8; N] {
        self.0.expose_secret()
    }

    /// Comparison in constant time.
    pub fn equals(&self, other: &[u8]) -> bool {
        self.reveal().as_slice().ct_eq(other).into()
    }
}

impl<const N: usize> fmt::Debug for SecretBytes<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretBytes({N} bytes)")
    }
}

/// Secret text of a fixed length.
pub struct SecretText(SecretBox<str>);

impl SecretText {
    /// The caller wipes `source`.
    pub fn copy_of(source: &str) -> Self {
        Self(SecretBox::new(Box::from(source)))
    }

    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretText")
    }
}

/// A secret byte buffer whose capacity is fixed at birth: growing would leave copies behind, so writing past it fails.
pub struct SecretBuffer {
    bytes: Zeroizing<Vec<u8>>,
    limit: usize,
}

impl SecretBuffer {
    pub fn with_capacity(limit: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(limit)), limit }
    }

    /// Takes over a vector that has been filled in place.
    pub fn from_vec(bytes: Vec<u8>) -> Self {
        Self { limit: bytes.len(), bytes: Zeroizing::new(bytes) }
    }

    /// A buffer of `length` zeros, to be filled through [`SecretBuffer::reveal_mut`].
    pub fn zeros(length: usize) -> Self {
        Self::from_vec(vec![0; length])
    }

    pub fn reveal(&self) -> &[u8] {
        &self.bytes
    }

    pub fn reveal_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// The bytes without a copy, for what turned out to be public. Nobody wipes them any more.
    pub fn into_public(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes)
    }

    /// Forgets (and wipes) all after the first `length` bytes.
    pub fn shorten(&mut self, length: usize) {
        if let Some(rest) = self.bytes.get_mut(length..) {
            rest.zeroize();
        }
        self.bytes.truncate(length);
    }
}

impl io::Write for SecretBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for SecretBuffer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretBuffer({} bytes)", self.bytes.len())
    }
}

/// A short secret text that somebody types: room for [`SecretField::CAPACITY`] bytes from birth on, so that nothing is ever
/// copied, and what is deleted is wiped at once.
pub struct SecretField {
    bytes: Box<[u8; SecretField::CAPACITY]>,
    length: usize,
}

impl SecretField {
    /// Bytes of UTF-8: more than the longest word of any BIP-39 list in any Unicode form.
    pub const CAPACITY: usize = 128;

    /// Appends a character; says whether there was room.
    pub fn push(&mut self, c: char) -> bool {
        let mut encoded = Zeroizing::new([0; 4]);
        let encoded = c.encode_utf8(encoded.as_mut()).as_bytes();
        let Some(room) = self.bytes.get_mut(self.length..self.length + encoded.len()) else { return false };
        room.copy_from_slice(encoded);
        self.length += encoded.len();
        true
    }

    /// Removes and wipes the last character; says whether there was one.
    pub fn pop(&mut self) -> bool {
        let Some(c) = self.reveal().chars().next_back() else { return false };
        self.length -= c.len_utf8();
        if let Some(rest) = self.bytes.get_mut(self.length..) {
            rest.zeroize();
        }
        true
    }

    pub fn clear(&mut self) {
        self.bytes.zeroize();
        self.length = 0;
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub fn reveal(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }
}

impl Default for SecretField {
    fn default() -> Self {
        Self { bytes: Box::new([0; Self::CAPACITY]), length: 0 }
    }
}

impl Drop for SecretField {
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretField")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_deleted_from_a_field_is_wiped_and_a_full_field_takes_no_more() {
        let mut field = SecretField::default();
        assert!("zoé".chars().all(|c| field.push(c)));
        assert!(field.pop() && field.reveal() == "zo");
        assert_eq!(field.bytes[2..], [0; SecretField::CAPACITY - 2]);
        assert_eq!((0..200).filter(|_| field.push('x')).count(), SecretField::CAPACITY - 2);
        field.clear();
        assert!(field.is_empty() && !field.pop() && *field.bytes == [0; SecretField::CAPACITY]);
        assert!(!format!("{field:?}").contains('z'));
    }

    #[test]
    fn no_secret_prints_itself() {
        let bytes = SecretBytes::<4>::copy_of(b"abcd").unwrap();
        let text = SecretText::copy_of("hunter2");
        let mut buffer = SecretBuffer::with_capacity(8);
        buffer.write_all(b"hunter2").unwrap();
        let printed = format!("{bytes:?} {text:?} {buffer:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("abcd") && !printed.contains("97"), "{printed}");
    }

    #[test]
    fn a_secret_buffer_never_grows() {
        let mut buffer = SecretBuffer::with_capacity(4);
        assert!(buffer.write_all(b"1234").is_ok());
        assert!(buffer.write_all(b"5").is_err());
        assert_eq!(buffer.reveal(), b"1234");
    }
}
