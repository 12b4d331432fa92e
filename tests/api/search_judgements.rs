//! How good the search is: judged queries against the shipped data.

use std::collections::BTreeMap;

use domain::{
    catalogue::{Answer, Behaviour, Kind, Kinds},
    directory::{shipped_agencies, shown},
};
use infra::{
    catalogue::{
        index::{Corpus, Entry, EntryName, SearchIndex},
        reading,
        wording::Wording,
    },
    shipped,
    territory::{read_communes, read_legacy_communes},
};

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

impl Score {
    fn count(&mut self, judged: &Judged, answer: &Answer) {
        let codes: Vec<_> = answer
            .hits
            .iter()
            .filter(|hit| Some(hit.kind) == judged.kind)
            .map(|hit| &hit.code)
            .collect();
        let expected = codes.iter().position(|code| judged.expected.contains(code));
        let acceptable = codes
            .iter()
            .position(|code| judged.expected.contains(code) || judged.acceptable.contains(code));
        self.rows += 1;
        self.first += u32::from(acceptable == Some(0));
        self.among_three += u32::from(expected.is_some_and(|place| place < 3));
        self.reciprocal_ranks += acceptable
            .and_then(|place| u32::try_from(place + 1).ok())
            .map_or(0.0, |place| 1.0 / f64::from(place));
        self.behaved += u32::from(answer.behaviour == judged.behaviour);
        self.sure += u32::from(answer.behaviour == Behaviour::Answer);
    }

    fn of(&self, count: impl Into<f64>) -> f64 {
        count.into() / f64::from(self.rows.max(1))
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

#[test]
fn the_judged_queries_are_answered_well() {
    let index = index();
    let mut scores: BTreeMap<Option<Kind>, Score> = BTreeMap::new();
    for judged in judgements() {
        let answer = index.search(&judged.query, Kinds::ALL, 10);
        let score = scores.entry(judged.kind).or_default();
        let before = (score.first, score.among_three, score.behaved);
        score.count(&judged, &answer);
        if (score.first, score.among_three, score.behaved)
            != (before.0 + 1, before.1 + 1, before.2 + 1)
        {
            let hits: Vec<_> =
                answer.hits.iter().take(3).map(|hit| (&hit.code, hit.score)).collect();
            println!("{:?} {:?}: {hits:.2?}", judged.query, answer.behaviour);
        }
    }

    println!("kind        rows  top-1  recall@3  MRR    behaviour");
    for (kind, score) in &scores {
        println!(
            "{:<10} {:>5}  {:.3}  {:.3}     {:.3}  {:.3}",
            kind.map_or("none", Kind::as_str),
            score.rows,
            score.of(score.first),
            score.of(score.among_three),
            score.of(score.reciprocal_ranks),
            score.of(score.behaved),
        );
    }
    let procedures = &scores[&Some(Kind::Procedure)];
    assert!(procedures.of(procedures.among_three) >= 0.93, "recall@3");
    assert!(procedures.of(procedures.first) >= 0.85, "top-1");
    assert!(procedures.of(procedures.reciprocal_ranks) >= 0.88, "MRR");
    assert_eq!(scores[&None].sure, 0, "what is not there was answered");
    for kind in [Kind::Commune, Kind::Hotline] {
        let named = &scores[&Some(kind)];
        assert_eq!((named.first, named.behaved), (named.rows, named.rows), "{kind:?}");
    }
}
fn index() -> SearchIndex {
    let procedures = reading::shipped().unwrap().records;
    let communes = read_communes(shipped::COMMUNES).records;
    let legacy = read_legacy_communes(shipped::LEGACY_COMMUNES).records;
    let mut entries = Vec::new();
    for commune in &communes {
        let mut names = vec![EntryName {
            text: commune.full_name.clone(),
            around: commune.old_districts.join(", "),
        }];
        names.extend(legacy.iter().filter(|former| former.new_code == commune.code).map(
            |former| EntryName {
                text: former.old_name.clone(),
                around: format!("{}, {}, cũ", former.old_district, former.old_province),
            },
        ));
        entries.push(Entry {
            kind: Kind::Commune,
            code: commune.code.to_string(),
            title: commune.full_name.clone(),
            snippet: String::new(),
            names,
        });
    }
    for hotline in shown(&[]) {
        let name = |text: &str| EntryName {
            text: text.to_owned(),
            around: "số điện thoại".to_owned(),
        };
        entries.push(Entry {
            kind: Kind::Hotline,
            code: hotline.number.clone(),
            title: hotline.name.clone(),
            snippet: String::new(),
            names: vec![name(&hotline.name), name(&hotline.number)],
        });
    }
    for agency in shipped_agencies(&communes) {
        entries.push(Entry {
            kind: Kind::Agency,
            code: agency.code.to_string(),
            title: agency.name.clone(),
            snippet: String::new(),
            names: vec![EntryName { text: agency.name.clone(), around: String::new() }],
        });
    }
    let start = std::time::Instant::now();
    let index = SearchIndex::build(&Corpus {
        procedures: &procedures,
        entries: &entries,
        wording: &Wording::shipped(),
    })
    .unwrap();
    println!("build {:?}", start.elapsed());
    let start = std::time::Instant::now();
    for judged in judgements() {
        index.search(&judged.query, Kinds::ALL, 10);
    }
    println!("126 queries {:?}", start.elapsed());
    index
}
