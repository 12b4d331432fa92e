//! The server of the citizen app, and the commands of whoever runs it.

use std::{io, process::ExitCode, time::Duration};

use actix_web::rt::System;
use mimalloc::MiMalloc;
use tokio::runtime::Builder;

/// Gives back to the system what loading data or hashing a password took for a moment. The C
/// library's allocator keeps it: an idle server was twice as large.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How long a thread for blocking work waits for more. For as long it keeps the memory of its last
/// work, and that of a start is much.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> io::Result<ExitCode> {
    let runtime = Builder::new_current_thread().enable_all().thread_keep_alive(PATIENCE).build()?;
    Ok(System::with_tokio_rt(|| runtime).block_on(api::cli::run()))
}
