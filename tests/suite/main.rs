//! All tests that go through more than one file of the program, in one binary: it is linked once, and its tests run side by side.
//!
//! A new file of tests is a module here, one for each thing that is claimed (`docs/assurance.md` names tests by module and name), and
//! what two of them need is in `support`. No test may change what the others see: the current folder, the environment, the panic hook
//! and limits of this process. A test that has to starts a process for it: the real program, or this binary with the name of an
//! ignored test (`console`, `ceremony`); what a file or a journey costs is measured on that process (`assurance::hostile`, `residue`).
//!
//! Not here: what needs no more than one file of `src/` (it stands in that file), and `tests/layers.rs`, which reads the source without
//! linking it.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod additions;
mod arrivals;
mod assurance;
mod attacks;
mod backup;
mod budgets;
mod ceremony;
mod cli;
mod codes;
mod codes_console;
mod codes_pages;
mod confirming;
mod console;
mod damaged;
mod derivation;
mod destinations;
mod device;
mod device_pages;
mod exports;
mod faults;
mod hostile_screens;
mod inventory;
mod journeys;
mod left;
mod making;
mod making_console;
mod notations;
mod phrase_desk;
mod phrases;
mod plain;
mod proven;
mod recovered;
mod recovery;
mod refresh;
mod requirements;
mod residue;
mod resume;
mod rotation;
mod stack;
mod support;
mod transcript;
mod tty_log;
mod uniformity;
mod vectors;
mod worked_example;
