//! What checking an access token costs: the same read with one and without.

use crate::{
    Outcome, cpu,
    drive::Load,
    measure::{Plan, median},
    subject::Subject,
};

/// How many clients read at once.
const CLIENTS: u32 = 16;

/// The part of a read's processor time that goes into checking the access token sent with it: the
/// median of the rounds. The read is of a report by its tracking token, so that it is answered
/// alike without an access token.
pub(crate) async fn share(subject: &Subject, plan: &Plan<'_>) -> Outcome<f64> {
    let paths = vec![subject.tracked_report().await?];
    let without = Load::Get { paths: paths.clone(), token: String::new() };
    let with = Load::Get { paths, token: subject.token("dispatcher").await? };
    cost(&with, subject, plan)?;
    let shares = (0..plan.rounds).map(|_| {
        let (with, without) = (cost(&with, subject, plan)?, cost(&without, subject, plan)?);
        Ok((with - without) / with)
    });
    Ok(median(shares.collect::<Outcome<Vec<f64>>>()?.into_iter()))
}

/// Processor time of the server for each request of `load`, in seconds.
fn cost(load: &Load, subject: &Subject, plan: &Plan<'_>) -> Outcome<f64> {
    let (server, before) = (&subject.server, cpu::spent(subject.server.pid()));
    let drive = load.drive(&server.url("/"), CLIENTS, plan.length, plan.folder)?;
    if drive.failed > 0.0 {
        return Err(format!("{} reads failed", drive.failed).into());
    }
    Ok(cpu::spent(server.pid()).saturating_sub(before).as_secs_f64() / drive.requests)
}
