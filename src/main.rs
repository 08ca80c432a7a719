//! Arguments in, exit code out.

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use conclave::cli::{Arguments, DEFECT, Streams, room, run};
use conclave::machine::media::media_roots;
use conclave::machine::output::OutputFolders;
use zeroizing_alloc::ZeroAlloc;

/// Memory is overwritten when it is given back: also what libraries copied of a secret and forgot, as the scratch of JSON and the
/// XML of a `KeePass` file. Without it `residue` of the tests fails.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    // While screens are up nothing else may be written; what is to be said is said when they are gone.
    std::panic::set_hook(Box::new(|_| {
        if !room::is_showing() {
            eprintln!("{DEFECT}");
        }
    }));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    // Before any thread starts: where this run may write.
    let folders = OutputFolders::resolve(&arguments.outputs(&media_roots()));
    let mut streams = Streams::of_process();
    run(&arguments, &folders, &mut streams).into()
}
