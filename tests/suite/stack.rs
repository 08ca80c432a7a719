//! How deep the stack is that work on secrets needs: at most half of what `without_trace` overwrites after it.
#![allow(clippy::large_stack_arrays)]

use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::thread;

use conclave::crypto::kdf::Argon2id;
use conclave::domain::export_form::{ExportForm, Selection};
use conclave::domain::inventory::Collection;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::{SecretText, TRACE, without_trace};
use conclave::effect::ExportOrder;
use conclave::session::proving::Proving;
use conclave::snapshot::opening::Opened;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::ui::app::App;
use conclave::ui::console::Console;
use conclave::ui::screens::home::Home;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::support::*;

/// What is looked at of the stack: more than anything may need.
const LOOKED_AT: usize = 2 << 20;
const PAINT: u8 = 0xA5;

/// How many bytes of the stack below the caller's frame `work` wrote to.
fn depth<T: Send>(work: impl FnOnce() -> T + Send) -> usize {
    #[inline(never)]
    fn paint() {
        let mut stack = [PAINT; LOOKED_AT + 4096];
        black_box(&mut stack);
    }
    #[inline(never)]
    fn run<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    let painted = || {
        let here = 0_u8;
        let here = (&raw const here).addr();
        paint();
        black_box(run(work));
        let mut stack = vec![0; LOOKED_AT];
        let mut memory = File::open("/proc/self/mem").unwrap();
        memory.seek(SeekFrom::Start((here - LOOKED_AT) as u64)).unwrap();
        memory.read_exact(&mut stack).unwrap();
        LOOKED_AT - stack.iter().position(|byte| *byte != PAINT).unwrap_or(LOOKED_AT)
    };
    thread::scope(|scope| {
        thread::Builder::new().stack_size(4 * LOOKED_AT).spawn_scoped(scope, painted).unwrap().join().unwrap()
    })
}

#[test]
fn the_depth_is_measured_and_what_is_overwritten_is_as_deep_as_it_says() {
    let of_nothing = depth(|| ());
    assert!(of_nothing < 16 << 10, "{of_nothing}");
    let of_much = depth(|| black_box([1_u8; 100 << 10])[9]);
    assert!((100 << 10..150 << 10).contains(&of_much), "{of_much}");
    let of_overwriting = depth(|| without_trace(|| ()));
    assert!((TRACE..TRACE + (16 << 10)).contains(&of_overwriting), "{of_overwriting}");
}

#[test]
fn no_work_on_secrets_needs_more_than_half_of_what_is_overwritten() {
    let mut entropy = Seeded::new("stack");
    let (snapshot, phrases) = found(plan(2, 3), small_records(), &CheapKdf, &mut entropy);
    let issue = Issue { created: time("2026-02-03T04:05:06Z"), issuer: None, entropy: &mut entropy };
    let snapshot = append_public(&snapshot, vec![put_vault("v3", "Cellar")], issue).unwrap();
    let backup = backup(&[&snapshot]);
    let opened = || -> Opened { open_with(&backup, &phrases, &[3, 1], &CheapKdf).unwrap() };
    let proving = Proving::of(Arc::new(opened().inventory));
    let order = |form| ExportOrder {
        form,
        selection: Selection::default(),
        path: "/out".into(),
        passphrase: Some(SecretText::copy_of("a passphrase of the test")),
    };
    let words = phrases[0].reveal_words().join(" ");
    let draw = || {
        let area = Rect::new(0, 0, 200, 60);
        let app = App::new(Console::default(), Box::new(Home::default()));
        app.draw(area, &mut Buffer::empty(area)).is_some()
    };
    let mut depths = vec![
        (
            "to judge a phrase",
            depth(|| backup.recognise(&phrases[0], &Argon2id { available_memory: u64::MAX }).is_ok()),
        ),
        ("to open a backup", depth(opened)),
        ("to seal a backup", depth(|| found(plan(3, 5), small_records(), &CheapKdf, &mut Seeded::new("other")))),
        ("to compare", depth(|| proving.compare_all().is_ok())),
        ("to rebuild a key", depth(|| proving.derive(Collection::Keys, "k", 0).is_some())),
        ("to rebuild the key of a vault", depth(|| proving.derive(Collection::Vaults, "v1", 0).is_some())),
        ("to read words", depth(|| Phrase::parse(&words, ENGLISH).unwrap().reveal_words().len())),
        ("to draw", depth(draw)),
    ];
    for form in ExportForm::ALL {
        depths.push((form.rules().name, depth(|| proving.documents(&order(form), true, (&[], &[])).unwrap().len())));
    }
    for (what, depth) in &depths {
        eprintln!("{depth:>7} bytes {what}");
    }
    let too_deep: Vec<_> = depths.iter().filter(|(_, depth)| *depth > TRACE / 2).collect();
    assert!(too_deep.is_empty(), "{too_deep:?}");
}
