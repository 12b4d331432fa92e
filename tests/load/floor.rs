//! The floor: what a bare actix-web does with the same answer. It runs as a process of its own, so
//! that both sides pay the same.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web::{self, Bytes, Data},
};
use serde::{Deserialize, Serialize};

use tests::process::{Process, free_address};

use crate::Outcome;

/// An answer of the real server, for the floor to give again and again.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The same, ready to be sent.
struct Constant {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

/// Starts a floor server that gives `answer`, with its files in `folder`.
pub(crate) async fn start(answer: &Answer, folder: &Path) -> Outcome<Process> {
    let file = folder.join("answer.json");
    fs::write(&file, serde_json::to_vec(answer)?)?;
    let address = free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("floor").arg(address.to_string()).arg(file);
    Ok(Process::start(command, address, "/", &folder.join("floor.log")).await?)
}

/// Is the floor server: answers everything with what `file` holds, a POST after taking its body.
pub(crate) async fn serve(address: SocketAddr, file: PathBuf) -> Outcome<()> {
    let answer: Answer = serde_json::from_slice(&fs::read(file)?)?;
    let parsed = answer.headers.iter().map(|(name, value)| Ok((name.parse()?, value.parse()?)));
    let constant = Data::new(Constant {
        status: StatusCode::from_u16(answer.status)?,
        headers: parsed.collect::<Outcome<_>>()?,
        body: answer.body.into(),
    });
    let factory = move || {
        let get = web::get().to(constant_answer);
        let post = web::post().to(|constant, _: Bytes| constant_answer(constant));
        let every_path = web::resource("/{any}*").route(get).route(post);
        App::new().app_data(constant.clone()).service(every_path)
    };
    Ok(HttpServer::new(factory).bind(address)?.run().await?)
}

async fn constant_answer(constant: Data<Constant>) -> HttpResponse {
    let mut response = HttpResponse::build(constant.status);
    for header in &constant.headers {
        response.append_header(header.clone());
    }
    response.body(constant.body.clone())
}
