//! E-mail addresses: the one place where they are read and checked, whoever typed or wrote them.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use super::text::{TEXT_LIMIT, Text, is_hazardous, is_text};
use super::typed::visible;

/// What begins an address that was copied from a link (RFC 6068) or from a directory of Exchange.
const PREFIXES: [&str; 2] = ["mailto:", "smtp:"];

/// Whether `text` is an e-mail address: NAME@DOMAIN, with nothing that could end a line of an e-mail, begin another address, or hide,
/// and a domain that names can have (RFC 1123, section 2.1; with other letters RFC 5890).
pub fn is_address(text: &str) -> bool {
    is_text(text, TEXT_LIMIT)
        && text.split_once('@').is_some_and(|(name, domain)| is_local(name) && ascii_domain(domain).is_some())
}

/// The part before the `@`: dots stand between other characters (RFC 5322, section 3.4.1). Quotation marks are not taken.
fn is_local(name: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !is_hazardous(c) && !"@<>,;:\"()[]\\".contains(c);
    name.split('.').all(|part| !part.is_empty() && part.chars().all(is_plain))
}

/// The domain as the network knows it, in ASCII (UTS 46; Punycode, RFC 3492): `exämple.org` is `xn--exmple-cua.org`.
fn ascii_domain(domain: &str) -> Option<String> {
    let is_plain = !domain.ends_with('.') && !domain.chars().any(is_hazardous);
    let ascii =
        Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    ascii.ok().filter(|_| is_plain).map(std::borrow::Cow::into_owned)
}

/// An address as every mail program can send to it: with the domain in ASCII. `None` where that is not enough: other letters stand
/// before the `@`.
pub fn sendable(address: &str) -> Option<String> {
    let (name, domain) = address.split_once('@').filter(|(name, _)| name.is_ascii() && is_address(address))?;
    if domain.is_ascii() { Some(address.to_owned()) } else { Some(format!("{name}@{}", ascii_domain(domain)?)) }
}

/// The e-mail address in what somebody typed or pasted for one: alone, or behind a name as address books write it
/// (`Jane Doe <jane@example.org>`). `None` where there is none.
pub fn address_in(typed: &str) -> Option<Text> {
    let typed = visible(typed);
    let typed = typed.trim();
    let bracketed = typed.strip_suffix('>').and_then(|open| open.split_once('<')).map(|(_, address)| address.trim());
    let address = bracketed.unwrap_or(typed);
    let behind = |prefix: &str| {
        let (start, rest) = address.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(rest)
    };
    let address = PREFIXES.into_iter().find_map(behind).unwrap_or(address);
    is_address(address).then(|| Text::new(address))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address() {
        for address in ["a@b", "backup@example.org", "o'neil+x@sub.example.org", "z\u{f6}e@ex\u{e4}mple.org"] {
            assert!(is_address(address), "{address}");
            for typed in [address.to_owned(), format!(" Jane Doe <{address}> "), format!("<{address}>")] {
                assert_eq!(address_in(&typed).as_ref().map(Text::raw), Some(address), "{typed}");
            }
        }
        let long = format!("{}@b", "a".repeat(255));
        let long_label = format!("a@{}.org", "b".repeat(64));
        let wrong = ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\nBcc: c@d", "a@b,c@d", "<a@b>", "a@b\u{1b}[2J", &long];
        let domains =
            ["a@b..c", "a@.b", "a@b.", "a@-b.c", "a@b-.c", "a@b_c", "a@b/c", "a@exa\u{308}\u{378}", &long_label];
        let names = [".a@b", "a.@b", "a..b@c"];
        for other in wrong.into_iter().chain(domains).chain(names) {
            assert!(!is_address(other), "{other}");
            let is_bracketed = other.ends_with('>');
            assert!(is_bracketed || address_in(other).is_none(), "{other}");
            assert!(address_in(&format!("Jane <{other}>")).is_none(), "{other}");
        }
        // What nobody sees is no part of one that is typed or pasted.
        for copied in ["\u{200b}a@b\u{202e}", "a\u{ad}@\u{feff}b", "Jane <a@b\u{2060}>"] {
            assert!(!is_address(copied), "{copied:?}");
            assert_eq!(address_in(copied).as_ref().map(Text::raw), Some("a@b"), "{copied:?}");
        }
    }

    #[test]
    fn every_mail_program_can_send_to_a_domain_with_other_letters() {
        // RFC 3492, section 7.1 (L), and the example of RFC 5891's predecessors that most programs test.
        for (address, ascii) in [
            ("a@b\u{fc}cher.example", Some("a@xn--bcher-kva.example")),
            ("a@B\u{dc}CHER.example", Some("a@xn--bcher-kva.example")),
            (
                "a@3\u{5e74}b\u{7d44}\u{91d1}\u{516b}\u{5148}\u{751f}.example",
                Some("a@xn--3b-ww4c5e180e575a65lsy2b.example"),
            ),
            ("a@example.org", Some("a@example.org")),
            ("A@Example.org", Some("A@Example.org")),
            ("z\u{f6}e@example.org", None),
            ("a@b\u{fc}cher..example", None),
        ] {
            assert_eq!(sendable(address).as_deref(), ascii, "{address}");
        }
        for typed in ["mailto:a@b", "SMTP:a@b"] {
            assert_eq!(address_in(typed).as_ref().map(Text::raw), Some("a@b"));
        }
    }
}
