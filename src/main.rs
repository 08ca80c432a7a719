//! Arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use conclave::cli::{Arguments, Console, run};
use conclave::machine::output::OutputFolders;

fn main() -> ExitCode {
    // A panic's own message may quote a value; this one cannot.
    std::panic::set_hook(Box::new(|_| {
        eprintln!("Conclave stopped because of a defect in it. Files that were read are unchanged.");
    }));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    // Before any thread starts: where this run may write.
    let folders = OutputFolders::resolve(&arguments.outputs());
    let mut console = Console::of_process();
    run(&arguments, &folders, &mut console).into()
}
