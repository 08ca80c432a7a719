//! Tar archives (POSIX.1-1988, `ustar`): headers of 512 bytes, and each file filled up to whole blocks.

const BLOCK: usize = 512;

pub(super) struct TarEntry<'a> {
    pub name: String,
    pub bytes: &'a [u8],
    /// How many bytes its header says that it has: more where the archive is cut off.
    pub length: usize,
}

/// Whether it begins with a header whose checksum is right.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(..BLOCK).is_some_and(is_header)
}

/// The regular files, up to the end or to the first block that is no header.
pub(super) fn entries(bytes: &[u8]) -> impl Iterator<Item = TarEntry<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let (header, behind) = rest.split_at_checked(BLOCK).filter(|(header, _)| is_header(header))?;
            let length = octal(header.get(124..136)?)?;
            let bytes = behind.get(..length).unwrap_or(behind);
            rest = behind.get(length.checked_next_multiple_of(BLOCK)?..).unwrap_or_default();
            if matches!(header.get(156), Some(b'0' | 0)) {
                return Some(TarEntry { name: text(header.get(..100)?), bytes, length });
            }
        }
    })
}

fn is_header(block: &[u8]) -> bool {
    let sum = |block: &[u8]| block.iter().map(|byte| usize::from(*byte)).sum::<usize>();
    let (Some(before), Some(checksum), Some(behind)) = (block.get(..148), block.get(148..156), block.get(156..)) else {
        return false;
    };
    block.get(257..262) == Some(b"ustar") && octal(checksum) == Some(sum(before) + 8 * usize::from(b' ') + sum(behind))
}

fn octal(field: &[u8]) -> Option<usize> {
    usize::from_str_radix(text(field).trim(), 8).ok()
}

/// Up to the first zero.
fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `tar --format=ustar` makes it.
    fn file(name: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut header = vec![0; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: usize = header.iter().map(|byte| usize::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let padding = vec![0; bytes.len().next_multiple_of(BLOCK) - bytes.len()];
        [header, bytes.to_vec(), padding].concat()
    }

    fn names(tar: &[u8]) -> Vec<(String, usize, usize)> {
        entries(tar).map(|entry| (entry.name, entry.bytes.len(), entry.length)).collect()
    }

    #[test]
    fn files_come_out_up_to_the_first_block_that_is_no_header() {
        let folder = file("folder/", b'5', b"");
        let tar = [folder, file("a", b'0', &[b'a'; 600]), file("b", 0, b"bb"), vec![0; 2 * BLOCK]].concat();
        assert!(is_tar(&tar));
        assert_eq!(names(&tar), [("a".to_owned(), 600, 600), ("b".to_owned(), 2, 2)]);
        assert_eq!(names(&tar[..BLOCK * 2 + 500]), [("a".to_owned(), 500, 600)]);
        for at in [0, 130, 150, 156, 258] {
            let mut damaged = tar.clone();
            damaged[at] ^= 1;
            assert!(!is_tar(&damaged), "{at}");
        }
        assert!(!is_tar(&tar[..BLOCK - 1]) && !is_tar(&[0; BLOCK]));
    }

    #[test]
    fn a_length_without_an_end_is_no_entry_or_a_cut_one() {
        let mut header = vec![0; BLOCK];
        header[257..262].copy_from_slice(b"ustar");
        header[124..136].copy_from_slice(b"777777777777");
        header[148..156].copy_from_slice(b"        ");
        let sum: usize = header.iter().map(|byte| usize::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        assert_eq!(names(&header), [(String::new(), 0, (1 << 36) - 1)]);
    }
}
