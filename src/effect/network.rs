//! Which network interfaces of the machine are up, as its system tells it.

use std::fmt;

/// What is known of the interfaces, but the loopback one. That none is up does not say that the machine is on no network: radios and
/// modems can be out of the system's sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Whether the system could be asked at all.
    pub is_known: bool,
    /// Names, safe to show.
    pub up: Vec<String>,
    /// Those of which the system does not say whether they are up.
    pub unknown: Vec<String>,
}

/// So many names are told; the others are counted.
const TOLD: usize = 3;

impl Network {
    /// Whether somebody should look at it before phrases are typed.
    pub fn is_care(&self) -> bool {
        !self.is_known || !self.up.is_empty() || !self.unknown.is_empty()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_known {
            out.write_str("Which network interfaces are up is unknown.")?;
        } else if self.up.is_empty() {
            out.write_str("Network interfaces up: none found.")?;
        } else {
            write!(out, "Network interfaces up: {}.", listed(&self.up))?;
        }
        if !self.unknown.is_empty() {
            write!(out, " Unknown: {}.", listed(&self.unknown))?;
        }
        if self.is_care() {
            out.write_str(" Unplug the network before a real phrase is typed.")?;
        }
        Ok(())
    }
}

fn listed(names: &[String]) -> String {
    let first: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
    match names.len().saturating_sub(TOLD) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_never_called_down() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let said = |up: &[&str], unknown: &[&str]| {
            Network { is_known: true, up: names(up), unknown: names(unknown) }.to_string()
        };
        assert!(Network::default().to_string().starts_with("Which network interfaces are up is unknown. Unplug"));
        assert_eq!(said(&[], &[]), "Network interfaces up: none found.");
        assert!(said(&["eth0", "wlan0"], &[]).starts_with("Network interfaces up: eth0, wlan0. Unplug"));
        assert!(said(&[], &["tun0"]).starts_with("Network interfaces up: none found. Unknown: tun0. Unplug"));
        assert!(said(&["a", "b", "c", "d", "e", "f"], &[]).contains("a, b, c and 3 more."));
    }
}
