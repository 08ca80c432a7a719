//! What looks like a code and is none (addresses, links, dates, times), and the shape of what may be one.

/// Links, addresses, dates, times, telephone numbers with their country.
pub(super) fn is_reference(raw: &str) -> bool {
    let raw = raw.trim_end_matches(['.', ':', '!', '?']);
    let is_name = |text: &str| {
        text.split('.').count() > 1
            && text
                .split('.')
                .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
            && text
                .rsplit('.')
                .next()
                .is_some_and(|last| last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()))
            && text.bytes().all(|b| !b.is_ascii_uppercase())
    };
    let host = raw.split(['/', ':']).next().unwrap_or_default();
    let is_link = host.len() < raw.len() && is_name(host);
    raw.contains("://")
        || raw.contains('@')
        || raw.starts_with("www.")
        || is_link
        || (is_name(raw) && raw.bytes().all(|b| !b.is_ascii_digit()))
        || (raw.starts_with('+') && raw.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
        || is_time(raw)
        || is_date(raw)
}

/// `12:30`, and whatever holds it (`2026-11-28T12:30:00Z`).
pub(super) fn is_time(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    bytes.windows(3).enumerate().any(|(at, window)| {
        let is_minutes = matches!(window, [b':', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit());
        let is_hour = at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
        is_minutes && is_hour && !bytes.get(at + 3).is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// Day, month and year in any order, or two of them with a full stop behind; also what follows a date without a space.
pub(super) fn is_date(raw: &str) -> bool {
    let date = raw.split(['T', 'Z']).next().unwrap_or_default();
    ['-', '.', '/'].into_iter().any(|sign| {
        let fields = || date.split(sign);
        let of = |field: &str| Some((field.len(), field.parse::<u32>().ok()?));
        let is_year = |field: &str| of(field).is_some_and(|(length, year)| length == 4 && (1970..2200).contains(&year));
        let is_day = |field: &str| of(field).is_some_and(|(length, day)| length <= 2 && (1..=31).contains(&day));
        let is_short = |field: &str| is_year(field) || (is_day(field) || field.len() == 2 && of(field).is_some());
        match fields().collect::<Vec<_>>().as_slice() {
            [year, month, day] if is_year(year) => is_day(month) && is_day(day),
            [day, month, year] => is_day(day) && is_day(month) && is_short(year),
            [day, month] => sign != '-' && is_day(day) && is_day(month),
            _ => false,
        }
    })
}

/// Lengths of the groups that signs join: `5-5`.
pub(super) fn shape_of(text: &str) -> String {
    let lengths: Vec<String> = text.split(['-', '_', '.']).map(|group| group.len().to_string()).collect();
    lengths.join(if text.contains('-') { "-" } else { "." })
}

/// Whether hyphens part it into three or more groups of one length.
pub(super) fn is_even(text: &str) -> bool {
    let groups = || text.split('-').map(str::len);
    groups().count() > 2 && groups().all(|length| Some(length) == groups().next() && length > 2)
}
