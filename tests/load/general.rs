//! What is read, and what the whole costs: starts, memory, searches, tokens, a flood of logins.

use reqwest::Url;

use crate::{
    BUILD, Options, Outcome, cpu,
    drive::Load,
    flood,
    measure::{Goal, Operation, measure},
    multiplied, queries,
    report::Finding,
    say,
    store::Store,
    subject::Subject,
    token,
};

/// A procedure with its whole record.
const PROCEDURE: &str = "/v1/procedures/1.001193";

/// Measures all of it on `store`.
pub(crate) async fn measured(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    let binary = BUILD.server()?;
    let folder = tempfile::tempdir()?;
    let plan = options.plan(folder.path());
    let mut findings = Vec::new();

    say("starting for the first time")?;
    let subject = Subject::start(&binary, store, folder.path()).await?;
    let first = subject.server.start_took;
    findings.push(Finding::below("first start to ready", first.as_secs_f64(), 5.0, "s"));
    cpu::settled(subject.server.pid()).await;
    subject.server.stop()?;
    let subject = Subject::start(&binary, store, folder.path()).await?;
    let later = subject.server.start_took;
    findings.push(Finding::below("later start to ready", later.as_secs_f64(), 1.0, "s"));
    let memory = cpu::held_at_rest(&subject.server).await?;
    findings.push(Finding::below("memory when idle", memory, 150.0, "MiB"));

    subject.fill().await?;
    for operation in operations(&subject, options.clients).await? {
        say(operation.name)?;
        findings.push(match measure(&operation, &subject.server, store, &plan).await {
            Ok(figures) => Finding::of(&operation, figures),
            Err(error) => Finding::missing(&operation, &error.to_string()),
        });
    }
    say("checking tokens")?;
    let checking = token::share(&subject, &plan).await? * 100.0;
    findings.push(Finding::below("an access token's part of a read", checking, 15.0, "% of CPU"));
    say("logins beside emergencies")?;
    let slowed = flood::slowed(&subject.server, &plan).await?;
    let what = format!("p99 of emergencies beside {} logins a second", flood::LOGINS);
    findings.push(Finding::below(&what, slowed, 1.5, "times"));
    say("a hundred thousand procedures")?;
    let queries = queries::from_names(&subject.procedure_names().await?);
    let searches = Load::Get { paths: asking("/v1/search", &queries)?, token: String::new() };
    let (server, driven) = ((binary.as_path(), store), (options.clients, &plan));
    findings.extend(multiplied::measured(subject, server, &searches, driven).await?);
    Ok(findings)
}

/// The operations, in this order.
async fn operations(subject: &Subject, clients: u32) -> Outcome<Vec<Operation>> {
    let get = |name, path: &str, goal| {
        let load = Load::Get { paths: vec![path.to_owned()], token: String::new() };
        Operation { name, load, clients, goal }
    };
    let queries = queries::from_names(&subject.procedure_names().await?);
    if queries.len() < queries::DISTINCT {
        return Err(format!("only {} distinct search queries", queries.len()).into());
    }
    let inside = subject.answered(queries::positions()).await?;
    let compressed = Load::With { path: PROCEDURE, header: ("Accept-Encoding", "br, gzip") };
    let queue = Load::Get {
        paths: vec!["/v1/dispatch/emergencies?limit=20".to_owned()],
        token: subject.token("dispatcher").await?,
    };
    Ok(vec![
        get("GET /v1/procedures/{code}", PROCEDURE, Goal::OfFloor(0.6)),
        Operation {
            name: "the same, compressed",
            load: compressed,
            clients,
            goal: Goal::OfFloor(0.6),
        },
        get("GET /v1/hotlines", "/v1/hotlines", Goal::OfFloor(0.5)),
        Operation {
            name: "GET /v1/communes/locate",
            load: Load::Get { paths: inside, token: String::new() },
            clients,
            goal: Goal::OfFloor(0.4),
        },
        get("GET /v1/app/config", "/v1/app/config", Goal::OfFloor(0.5)),
        Operation {
            name: "GET /v1/search?q=",
            load: Load::Get { paths: asking("/v1/search", &queries)?, token: String::new() },
            clients,
            goal: Goal::OfFloorWithin(0.2, 8.0),
        },
        Operation {
            name: "GET /v1/search/suggest?q=",
            load: Load::Get {
                paths: asking("/v1/search/suggest", &queries::half_typed(&queries))?,
                token: String::new(),
            },
            clients,
            goal: Goal::OfFloor(0.35),
        },
        get("GET /v1/feedback, 20 rows", "/v1/feedback?limit=20", Goal::Cpu(0.6)),
        Operation {
            name: "GET /v1/dispatch/emergencies, 20 rows",
            load: queue,
            clients,
            goal: Goal::Cpu(0.6),
        },
    ])
}

/// The addresses that ask `path` for each of `queries`.
fn asking(path: &str, queries: &[String]) -> Outcome<Vec<String>> {
    let address = |query: &String| {
        let url = Url::parse_with_params(&format!("http://localhost{path}"), [("q", query)])?;
        Ok(url.as_str().trim_start_matches("http://localhost").to_owned())
    };
    queries.iter().map(address).collect()
}
