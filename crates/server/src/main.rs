//! The binary: allocator, TLS provider, command line, exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use server::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // First thing: where two providers are linked, rustls cannot choose and the first connection panics.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::FAILURE,
    };
    let mut out = std::io::stdout();
    match runtime.block_on(cli.run(&mut out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody hears it if standard error is closed; the exit code still tells.
            let _ = writeln!(std::io::stderr(), "liberty: {failure}");
            failure.code()
        }
    }
}
