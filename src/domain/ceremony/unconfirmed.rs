//! Files that no ceremony has confirmed: their names say so, and in the files the quorum's mark. A ceremony that ended early leaves
//! its file where it is. The papers are void; but where a machine died at the last step, that file and those papers are all that
//! exist.

/// What the name of a file begins with that no ceremony has confirmed.
pub const UNCONFIRMED_PREFIX: &str = "UNCONFIRMED-";

/// What is said of such a file.
pub const NEVER_CONFIRMED: &str = "This file was never confirmed: its ceremony did not end, or ran without screens. Nobody has shown that the papers open it.";

/// Whether the name of a file, or its path, says that it was not confirmed. Names get lost: the file says it too.
pub fn has_unconfirmed_name(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(UNCONFIRMED_PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_not_confirmed_is_known_by_its_name() {
        for path in ["UNCONFIRMED-snapshot.json", "/a/b/UNCONFIRMED-snapshot.eml"] {
            assert!(has_unconfirmed_name(path), "{path}");
        }
        for path in
            ["snapshot.json", "/UNCONFIRMED-a/snapshot.json", "", "unconfirmed.json", "old-UNCONFIRMED-snapshot.json"]
        {
            assert!(!has_unconfirmed_name(path), "{path}");
        }
    }
}
