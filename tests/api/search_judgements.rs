//! How good the search is: judged queries against the shipped data.

use std::collections::BTreeMap;

use domain::catalogue::{Answer, Behaviour, Kind, Kinds};
use tests::Store;

const JUDGEMENTS: &[u8] = include_bytes!("../data/search-judgements-dev.csv");

/// A judged query.
struct Judged {
    query: String,
    kind: Option<Kind>,
    expected: Vec<String>,
    acceptable: Vec<String>,
    behaviour: Behaviour,
}

/// How the rows of one kind were answered.
#[derive(Default)]
struct Score {
    rows: u32,
    first: u32,
    among_three: u32,
    reciprocal_ranks: f64,
    behaved: u32,
    sure: u32,
}

impl Judged {
    /// The place of the first hit of the right kind that `fits`.
    fn place(&self, answer: &Answer, fits: impl Fn(&String) -> bool) -> Option<usize> {
        let mut hits = answer.hits.iter().filter(|hit| Some(hit.kind) == self.kind);
        hits.position(|hit| fits(&hit.code))
    }

    /// The place of the first hit that is expected or at least acceptable.
    fn place_of_acceptable(&self, answer: &Answer) -> Option<usize> {
        self.place(answer, |code| self.expected.contains(code) || self.acceptable.contains(code))
    }

    /// Whether `answer` leaves nothing to be desired.
    fn is_met_by(&self, answer: &Answer) -> bool {
        let found = self.kind.is_none() || self.place_of_acceptable(answer) == Some(0);
        found && answer.behaviour == self.behaviour
    }
}

impl Score {
    fn count(&mut self, judged: &Judged, answer: &Answer) {
        let expected = judged.place(answer, |code| judged.expected.contains(code));
        let acceptable = judged.place_of_acceptable(answer);
        self.rows += 1;
        self.first += u32::from(acceptable == Some(0));
        self.among_three += u32::from(expected.is_some_and(|place| place < 3));
        self.reciprocal_ranks += acceptable
            .and_then(|place| u32::try_from(place + 1).ok())
            .map_or(0.0, |place| 1.0 / f64::from(place));
        self.behaved += u32::from(answer.behaviour == judged.behaviour);
        self.sure += u32::from(answer.behaviour == Behaviour::Answer);
    }

    fn mean(&self, sum: impl Into<f64>) -> f64 {
        sum.into() / f64::from(self.rows.max(1))
    }
}

fn judgements() -> Vec<Judged> {
    let mut file = csv::Reader::from_reader(JUDGEMENTS);
    let heading = file.headers().unwrap().clone();
    let column = |name: &str| heading.iter().position(|column| column == name).unwrap();
    let list = |codes: &str| codes.split_whitespace().map(str::to_owned).collect();
    file.records()
        .map(|row| {
            let row = row.unwrap();
            Judged {
                query: row[column("query")].to_owned(),
                kind: match &row[column("target_type")] {
                    "unit" => Some(Kind::Commune),
                    other => other.parse().ok(),
                },
                expected: list(&row[column("expected_codes")]),
                acceptable: list(&row[column("also_acceptable_codes")]),
                behaviour: row[column("behaviour")].parse().unwrap(),
            }
        })
        .collect()
}

#[actix_web::test]
async fn the_judged_queries_are_answered_well() {
    let service = Store::Sqlite.service().await;
    let snapshot = service.app.snapshot();
    let mut scores: BTreeMap<Option<Kind>, Score> = BTreeMap::new();
    for judged in judgements() {
        let answer = snapshot.index.search(&judged.query, Kinds::ALL, 10);
        scores.entry(judged.kind).or_default().count(&judged, &answer);
        if !judged.is_met_by(&answer) {
            let codes: Vec<_> = answer.hits.iter().take(3).map(|hit| &hit.code).collect();
            println!("{:?}: {:?} {codes:?}", judged.query, answer.behaviour);
        }
    }

    println!("kind        rows  top-1  recall@3    MRR  behaviour");
    for (kind, score) in &scores {
        println!(
            "{:<10} {:>5}  {:>5.3}  {:>8.3}  {:>5.3}  {:>9.3}",
            kind.map_or("none", Kind::as_str),
            score.rows,
            score.mean(score.first),
            score.mean(score.among_three),
            score.mean(score.reciprocal_ranks),
            score.mean(score.behaved),
        );
    }
    let procedures = &scores[&Some(Kind::Procedure)];
    assert!(procedures.mean(procedures.among_three) >= 0.93, "recall@3");
    assert!(procedures.mean(procedures.first) >= 0.85, "top-1");
    assert!(procedures.mean(procedures.reciprocal_ranks) >= 0.88, "MRR");
    assert_eq!(scores[&None].sure, 0, "what is not there was answered");
    for kind in [Kind::Commune, Kind::Hotline] {
        let named = &scores[&Some(kind)];
        assert_eq!((named.first, named.behaved), (named.rows, named.rows), "{kind:?}");
    }
}
