//! Where random bytes come from is decided at the edge and injected; here is only the form.

/// A source of random bytes for secrets. The real one asks the operating system (`machine::entropy`).
pub trait Entropy {
    /// Fills all of `out`, or fails; then `out` must not be used.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed>;
}

/// The operating system gave no random bytes. Nothing that needed them was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes; nothing was made")]
pub struct EntropyFailed;

/// `N` random bytes that are not secret (ids, salts).
pub fn random<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], EntropyFailed> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}
