//! How much of something is done, as a bar of signs that every terminal has.

/// `[####------]`: `done` of `all`, in so many signs. It is full only when all is done.
pub fn gauge(done: u64, all: u64, signs: usize) -> String {
    let filled = done.saturating_mul(signs as u64).checked_div(all).unwrap_or(signs as u64);
    let filled = usize::try_from(filled).unwrap_or(signs).min(signs);
    format!("[{}{}]", "#".repeat(filled), "-".repeat(signs - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_only_when_all_is_done() {
        assert_eq!(
            (gauge(0, 8, 4).as_str(), gauge(3, 8, 4).as_str(), gauge(7, 8, 4).as_str()),
            ("[----]", "[#---]", "[###-]")
        );
        assert_eq!(
            (gauge(8, 8, 4).as_str(), gauge(9, 8, 4).as_str(), gauge(0, 0, 2).as_str()),
            ("[####]", "[####]", "[##]")
        );
        assert_eq!(gauge(u64::MAX, u64::MAX, 1), "[#]");
    }
}
