//! The server of the citizen app, and the commands of whoever runs it.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives back to the system what loading data or hashing a password took for a moment. The C
/// library's allocator keeps it: an idle server was twice as large.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[actix_web::main]
async fn main() -> ExitCode {
    api::cli::run().await
}
