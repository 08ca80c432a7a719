//! Files that no ceremony has confirmed: their names say so. A ceremony that ended early leaves its file where it is. The papers
//! are void; but where a machine died at the last step, that file and those papers are all that exist.

/// What the name of a file begins with that no ceremony has confirmed.
pub const UNCONFIRMED_PREFIX: &str = "UNCONFIRMED-";

/// What is said of a file whose name, or path, says that it was not confirmed.
pub fn warning_of(path: &str) -> Option<&'static str> {
    path.rsplit('/').next().filter(|name| name.starts_with(UNCONFIRMED_PREFIX)).map(|_| {
        "This file was never confirmed: its ceremony did not end, or ran without screens. Nobody has shown that the papers open it."
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_not_confirmed_is_known_by_its_name() {
        for path in ["UNCONFIRMED-snapshot.json", "/a/b/UNCONFIRMED-snapshot.eml"] {
            assert!(warning_of(path).is_some(), "{path}");
        }
        for path in
            ["snapshot.json", "/UNCONFIRMED-a/snapshot.json", "", "unconfirmed.json", "old-UNCONFIRMED-snapshot.json"]
        {
            assert!(warning_of(path).is_none(), "{path}");
        }
    }
}
