//! Checksums of eight values of five bits: those of descriptors (BIP-380) and of addresses of Bitcoin Cash differ in what each high bit adds.

/// What each of the five highest bits adds.
pub(super) type Generator = [u64; 5];

/// The sum after one value more.
pub(super) fn step(generator: &Generator, sum: u64, value: u64) -> u64 {
    let high = sum >> 35;
    let low = ((sum & 0x7_FFFF_FFFF) << 5) ^ value;
    (0_u32..).zip(generator).filter(|(bit, _)| high >> bit & 1 == 1).fold(low, |sum, (_, added)| sum ^ added)
}
