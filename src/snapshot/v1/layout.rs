//! The file's own layout (`docs/format.md`, section 5): one section, envelope or box a line, each in its canonical form.

use std::io::{self, Write};

use serde::Serialize;

use super::model::Snapshot;
use crate::domain::canonical;

/// The line that says what this is, and which a salvage wants to see.
pub const FORMAT_LINE: &str = r#""format":"conclave-snapshot","version":1,"#;

/// The bytes of a snapshot's file.
pub fn to_bytes(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = write(snapshot, &mut bytes);
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    bytes
}

/// Whether `bytes` are exactly the layout of `snapshot`.
pub fn is_layout_of(snapshot: &Snapshot, bytes: &[u8]) -> bool {
    let mut comparison = Comparison { rest: bytes };
    write(snapshot, &mut comparison).is_ok() && comparison.rest.is_empty()
}

fn write(snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{{\n{FORMAT_LINE}")?;
    section("core", &snapshot.core, out)?;
    writeln!(out, "\"envelopes\":[")?;
    elements(&snapshot.envelopes, out)?;
    writeln!(out, "],")?;
    section("labels", &snapshot.labels, out)?;
    section("anchor", &snapshot.anchor, out)?;
    section("snapshot", &snapshot.section, out)?;
    writeln!(out, "\"boxes\":[")?;
    elements(&snapshot.boxes, out)?;
    writeln!(out, "]\n}}")
}

fn section(name: &str, value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\"{name}\":")?;
    canonical::write(value, out)?;
    writeln!(out, ",")
}

fn elements(list: &[impl Serialize], out: &mut impl Write) -> io::Result<()> {
    for (index, element) in list.iter().enumerate() {
        canonical::write(element, out)?;
        writeln!(out, "{}", if index + 1 < list.len() { "," } else { "" })?;
    }
    Ok(())
}

/// Fails at the first byte that differs.
struct Comparison<'a> {
    rest: &'a [u8],
}

impl Write for Comparison<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest = self.rest.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
