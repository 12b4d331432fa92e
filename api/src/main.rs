//! The server of the citizen app, and the commands of whoever runs it.

use std::process::ExitCode;

#[actix_web::main]
async fn main() -> ExitCode {
    api::cli::run().await
}
