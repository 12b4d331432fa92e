//! The register of personal data (`docs/PRIVACY.md`), held against the store, the archive and what
//! an erasure leaves.

use std::{collections::BTreeMap, fs, path::Path};

use chrono::TimeDelta;
use domain::identity::{CitizenId, OidcIdentity, OidcRepository as _, policy::Right};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, rows_naming};

use crate::{
    businesses::{key, registered, verify},
    contract::operations,
    dossier_sources::{CODE, one_stop, report as dossier, told},
    every_store,
    feedback::{lamp, published},
    me_erasure::{lived_in, settle, work},
    me_personal::decide,
    media::upload,
};

/// The columns of ids that name people with an account.
const PEOPLE: [&str; 7] =
    ["citizen", "guardian", "invited_by", "made_by", "recipient", "registered_by", "reporter"];
/// Those that name something else: things, staff, or whatever something happened to.
const OTHERS: [&str; 26] = [
    "actor",
    "assigned_by",
    "assignee",
    "business",
    "changed_by",
    "client_id",
    "done_up_to",
    "dossier",
    "edition",
    "emergency_id",
    "epoch",
    "holder",
    "id",
    "media",
    "merged_into",
    "other_id",
    "placed_by",
    "reached",
    "report",
    "session",
    "site",
    "staff",
    "subject",
    "taken_by",
    "unit",
    "version",
];

/// The tables whose numbers are those of offices.
const OFFICES: [&str; 1] = ["facility_correction"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// A column of the schema.
struct Column {
    table: String,
    name: String,
    kind: String,
}

impl Column {
    /// Whether it can name a person: by their id, or by their number.
    fn names_people(&self) -> bool {
        let by_number = self.name == "phone" && !OFFICES.contains(&self.table.as_str());
        PEOPLE.contains(&self.name.as_str()) || by_number
    }

    fn is_id(&self) -> bool {
        self.kind == "Id" || self.kind == "Nullable<Id>"
    }
}

fn schema() -> Vec<Column> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/src/schema");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut texts: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    texts.push(read("infra/src/schema.rs"));
    let mut columns = Vec::new();
    for table in texts.iter().flat_map(|text| text.split("diesel::table!").skip(1)) {
        let lines = || table.lines().map(str::trim);
        let heading = lines().find(|line| line.ends_with(") {")).unwrap();
        for (name, kind) in lines().filter_map(|line| line.split_once(" -> ")) {
            columns.push(Column {
                table: heading.split(' ').next().unwrap().to_owned(),
                name: name.to_owned(),
                kind: kind.trim_end_matches(',').to_owned(),
            });
        }
    }
    assert!(columns.len() > 200, "the schema was not found");
    columns
}

/// What the register says of a table.
#[derive(Clone)]
struct Entry {
    archive: Vec<String>,
    stays: bool,
}

fn register() -> BTreeMap<String, Entry> {
    let text = read("docs/PRIVACY.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let entries = rows.flat_map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let entry = Entry { archive: quoted(cells[4]), stays: cells[5].starts_with("stays") };
        quoted(cells[1]).into_iter().map(move |table| (table, entry.clone()))
    });
    entries.collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_table_that_names_people_is_in_the_register() {
    let register = register();
    for column in schema() {
        let Column { table, name, .. } = &column;
        assert!(
            !column.names_people() || register.contains_key(table),
            "{table} names people and is not in docs/PRIVACY.md"
        );
        let known = PEOPLE.contains(&name.as_str()) || OTHERS.contains(&name.as_str());
        assert!(!column.is_id() || known, "does {table}.{name} name a citizen? Say so here");
    }
}

/// An has something in every table that can hold anything of them.
async fn lived_everywhere(service: &Service) -> (Caller, CitizenId) {
    let (an, emergency) = lived_in(service).await;
    settle(service, &emergency).await;
    decide(&an, "children", true).await;
    upload(&an, &tests::picture::jpeg(64, 48)).await.expect(201);
    told(&one_stop(service).await, &[dossier("07:30:00", "2")]).await;
    let followed = json!({ "code": CODE, "proof": { "phone_last4": "5678" } });
    an.post("/v1/me/dossiers", followed).await.expect(201);
    let child = json!({ "name": "Bé Na", "born_on": "2020-01-01" });
    an.post("/v1/me/children", child).await.expect(201);
    let asked = json!({ "kind": "access", "text": "Ai đã xem dữ liệu của tôi?" });
    an.post("/v1/me/requests", asked).await.expect(201);
    voice(service, &an).await;
    let path = registered(&an).await;
    verify(service, &path).await;
    key(&an, &path, &["business.read"]).await;
    let invitation = json!({ "phone": "0987654321", "role": "member" });
    an.post(&format!("{path}/members"), invitation).await.expect(201);
    let me = an.get("/v1/me").await.expect(200);
    let binh = service.citizen("binh").await;
    let invitation = json!({ "phone": me["phone"], "role": "member" });
    let other = json!({ "tax_code": "019203004567", "name": "Hộ Bình", "commune_code": "05443" });
    let other = binh.post("/v1/businesses", other).await.expect(201);
    let other = format!("/v1/businesses/{}", other["id"].as_str().unwrap());
    verify(service, &other).await;
    binh.post(&format!("{other}/members"), invitation).await.expect(201);
    let id: CitizenId = me["id"].as_str().unwrap().parse().unwrap();
    let identity = OidcIdentity {
        issuer: "https://vneid.example".to_owned(),
        subject: "an".to_owned(),
        national_id: None,
        full_name: None,
    };
    let now = service.app.now();
    service.app.database.write(move |tx| tx.link(&now, &identity, id)).await.unwrap();
    (an, id)
}

/// An supports, follows and comments what somebody else reported.
async fn voice(service: &Service, an: &Caller) {
    let (report, _) = published(service, lamp(0.0)).await;
    let path = format!("/v1/feedback/{}", report["id"].as_str().unwrap());
    an.post(&format!("{path}/support"), json!({})).await.expect(200);
    an.post(&format!("{path}/follow"), json!({})).await.expect(200);
    let words = json!({ "text": "Đúng vậy" });
    an.post(&format!("{path}/comments"), words).await.expect(201);
}

fn says_something(value: &Value) -> bool {
    value.as_array().map_or(value.is_object(), |items| !items.is_empty())
}

#[apply(every_store)]
#[actix_web::test]
async fn what_names_somebody_is_in_their_archive_and_goes_with_them(#[case] store: Store) {
    let service = store.service().await;
    let (an, id) = lived_everywhere(&service).await;
    let url = service.app.settings.database().unwrap().url;
    let rows = |column: &Column| rows_naming(&url, (&column.table, &column.name), id.uuid());
    let (schema, register) = (schema(), register());
    let archive = an.get("/v1/me/export").await.expect(200);
    for column in schema.iter().filter(|column| column.is_id()) {
        let Column { table, name, .. } = column;
        let Some(entry) = register.get(table) else {
            assert_eq!(rows(column), 0, "{table}.{name} names somebody outside the register");
            continue;
        };
        let of_people = PEOPLE.contains(&name.as_str()) && table != "erasure";
        assert!(!of_people || rows(column) > 0, "let An live in {table}.{name}, too");
        assert!(!of_people || !entry.archive.is_empty(), "{table} is not in the archive");
        for field in &entry.archive {
            assert!(says_something(&archive[field]), "{table}: {field} is empty in the archive");
        }
    }
    assert_eq!(archive["businesses"][0]["registered"], true);
    assert_eq!(archive["business_invitations"][0]["business"], "Hộ Bình");
    assert_eq!(archive["api_keys"][0]["business_id"], archive["businesses"][0]["id"]);
    assert_eq!(archive["api_keys"][0]["secret"], Value::Null, "no secret leaves the house");
    assert!(!archive.to_string().contains("ctn_k_"));

    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    for column in schema.iter().filter(|column| column.is_id()) {
        let stays = register.get(&column.table).is_some_and(|entry| entry.stays);
        let (table, name) = (&column.table, &column.name);
        assert!(stays || rows(column) == 0, "{table}.{name} still names who was erased");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_somebodys_own_is_hidden_from_everybody_else(#[case] store: Store) {
    let service = store.service().await;
    let (an, _) = lived_everywhere(&service).await;
    let stranger = service.citizen("chi").await;
    let mut tried = 0;
    for operation in operations() {
        let own = operation.rule.as_ref().is_some_and(|rule| rule.right == Right::UseAccount);
        // What was published is everybody's to follow and to comment.
        let own = own && !operation.path.starts_with("/v1/feedback/");
        let Some((list, _)) = operation.path.split_once("/{").filter(|_| own) else { continue };
        let items = an.get(list).await.expect(200)["items"].clone();
        let name = operation.name();
        let id = items[0]["id"].as_str().unwrap_or_else(|| panic!("{name}: An has none"));
        let request = stranger.request(operation.method.clone(), &operation.address(id));
        assert_eq!(stranger.send(request).await.status(), 404, "{name}");
        assert_eq!(an.get(list).await.expect(200)["items"], items, "{name}");
        tried += 1;
    }
    assert!(tried > 5, "{tried}");
}
