//! The file's own layout (`docs/format.md`, section 5): one section, envelope or box a line, each in its canonical form.

use std::io::{self, Write};

use serde::Serialize;

use super::model::{Anchor, Core, Envelope, Labels, SealedBox, Section, Snapshot};
use crate::domain::canonical;

/// The line that says what this is, and which a salvage wants to see.
pub const FORMAT_LINE: &str = r#""format":"conclave-snapshot","version":1,"#;

/// What stands in a file, borrowed.
pub struct Sections<'a> {
    pub core: &'a Core,
    pub envelopes: &'a [Envelope],
    pub labels: &'a Labels,
    pub anchor: &'a Anchor,
    pub section: &'a Section,
    pub boxes: Vec<&'a SealedBox>,
}

impl<'a> Sections<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let Snapshot { core, envelopes, labels, anchor, section, boxes } = snapshot;
        Self { core, envelopes, labels, anchor, section, boxes: boxes.iter().map(AsRef::as_ref).collect() }
    }

    /// Whether `bytes` are exactly the layout of these.
    pub fn are_laid_out_as(&self, bytes: &[u8]) -> bool {
        let mut comparison = SameBytes { rest: bytes };
        self.write(&mut comparison).is_ok() && comparison.rest.is_empty()
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{{\n{FORMAT_LINE}")?;
        section("core", self.core, out)?;
        writeln!(out, "\"envelopes\":[")?;
        elements(self.envelopes, out)?;
        writeln!(out, "],")?;
        section("labels", self.labels, out)?;
        section("anchor", self.anchor, out)?;
        section("snapshot", self.section, out)?;
        writeln!(out, "\"boxes\":[")?;
        elements(&self.boxes, out)?;
        writeln!(out, "]\n}}")
    }
}

/// The bytes of a snapshot's file.
pub fn to_bytes(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = Sections::of(snapshot).write(&mut bytes);
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    bytes
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
struct SameBytes<'a> {
    rest: &'a [u8],
}

impl Write for SameBytes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest = self.rest.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
