//! How much memory is free.

use std::fs;

/// Bytes that can be used without swapping: the least of what Linux says is available and what limits of the control group
/// leave. Elsewhere unknown: then no limit is known, and the reservation itself must fail.
pub fn available() -> u64 {
    let of_machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| meminfo(&text));
    let number = |path: &str| fs::read_to_string(path).ok().and_then(|text| text.trim().parse::<u64>().ok());
    let of_group = number("/sys/fs/cgroup/memory.max")
        .zip(number("/sys/fs/cgroup/memory.current"))
        .map(|(most, used)| most.saturating_sub(used));
    of_machine.into_iter().chain(of_group).min().unwrap_or(u64::MAX)
}

fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_available_memory_is_read() {
        assert_eq!(meminfo("MemTotal: 9 kB\nMemAvailable:    1024 kB\n"), Some(1 << 20));
        assert_eq!(meminfo("MemTotal: 9 kB\n"), None);
    }
}
