//! Importing open data while the service runs.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query,
    sql_types::BigInt,
};
use domain::event::{EventLog as _, Topic};
use infra::{
    database::{Database, DatabaseUrl},
    dataset::{Dataset, ImportError, Report, Source, active_versions, import},
    shipped,
};
use insta::{allow_duplicates, assert_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store, process::Build};

use crate::every_store;

/// Imports `content` as another process would, and lets the service look at once.
pub(crate) async fn take_in(
    service: &Service,
    subject: &str,
    name: &str,
    content: &str,
) -> Result<Report, ImportError> {
    take_in_bytes(service, subject, name, content.as_bytes()).await
}

/// The same with a file that is no text.
pub(crate) async fn take_in_bytes(
    service: &Service,
    subject: &str,
    name: &str,
    content: &[u8],
) -> Result<Report, ImportError> {
    let source = source(service, subject, name, content);
    let database = another_process(service).await;
    let report = import(&database, &|| service.app.now(), source, &mut |_, _| {}).await;
    service.app.refresh_snapshot().await.unwrap();
    report
}

pub(crate) fn source(service: &Service, subject: &str, name: &str, content: &[u8]) -> Source {
    let today = service.app.now().at.date_naive();
    Source::recognise(subject.parse().unwrap(), name, content, today).unwrap()
}

pub(crate) async fn another_process(service: &Service) -> Database {
    Database::open(&service.app.settings.database().unwrap()).await.unwrap()
}

const FACILITIES: &str = "id,type,name,lat,lon,source,licence
clinic-1,clinic,Phòng khám Một,21.5942,105.8482,thử,CC0
clinic-2,clinic,Phòng khám Hai,,,thử,CC0
clinic-3,clinic,,21.5,105.8,thử,CC0
clinic-1,clinic,Phòng khám Lặp,21.5,105.8,thử,CC0
";

async fn names(service: &Service) -> Vec<String> {
    let page = service.anonymous().get("/v1/facilities?limit=100").await.expect(200);
    let name = |item: &Value| item["name"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(name).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_version_replaces_the_old_one_at_once(#[case] store: Store) {
    let service = store.service().await;
    assert_eq!(names(&service).await.len(), 11);
    let report = take_in(&service, "facilities", "clinics.csv", FACILITIES).await.unwrap();
    assert_eq!((report.dataset, report.switched, report.records), (Dataset::Facilities, true, 2));
    let lines: Vec<_> = report.doubts.iter().map(|d| (d.line, d.message.as_str())).collect();
    assert_eq!(lines, [(4, "name is empty"), (5, "clinic-1 stands there already")]);
    assert_eq!(names(&service).await, ["Phòng khám Hai", "Phòng khám Một"]);
    let one = service.anonymous().get("/v1/facilities/clinic-1").await.expect(200);
    assert_eq!(one["commune"], "05443", "the map says where it lies");
    let found = service.anonymous().get("/v1/search?q=phong+kham+mot").await.expect(200);
    assert_eq!(found["items"][0]["code"], "clinic-1");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_same_file_again_changes_nothing(#[case] store: Store) {
    let service = store.service().await;
    take_in(&service, "facilities", "clinics.csv", FACILITIES).await.unwrap();
    let before = versions(&service).await;
    let report = take_in(&service, "facilities", "again.csv", FACILITIES).await.unwrap();
    assert_eq!((report.switched, report.records), (false, 2));
    assert_eq!(versions(&service).await, before);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_file_that_would_leave_nothing_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let before = versions(&service).await;
    let wrong = [
        ("facilities", "a.csv", "id,type\n1,2\n"),
        ("facilities", "a.csv", ""),
        ("communes", "a.geojson", "{\"features\": []}"),
        ("communes", "a.csv", "\u{0}\u{1}\u{2}"),
        ("procedures", "a.json", "[{\"code\": 7}]"),
        ("procedures", "a.csv", "code,name,field,issuing_agency,level\nx,y,z,,\n"),
        ("holidays", "a.csv", "date,name_vi\n2026-02-30,Tết\n"),
    ];
    for (subject, name, content) in wrong {
        let refused = take_in(&service, subject, name, content).await;
        assert!(matches!(refused, Err(ImportError::NothingValid { .. })), "{content}");
    }
    assert_eq!(versions(&service).await, before);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_replaced_is_swept(#[case] store: Store) {
    let service = store.service().await;
    take_in(&service, "facilities", "clinics.csv", FACILITIES).await.unwrap();
    let versions = service.app.database.read(active_versions).await.unwrap();
    let facilities = versions.into_iter().find(|v| v.dataset == Dataset::Facilities).unwrap();
    take_in(&service, "facilities", "one.csv", &FACILITIES[..110]).await.unwrap();
    let left: Vec<Value> =
        service.app.database.read(move |tx| tx.records(&facilities)).await.unwrap();
    assert_eq!(left, Vec::<Value>::new());
}

#[apply(every_store)]
#[actix_web::test]
async fn everyday_words_can_be_taught(#[case] store: Store) {
    let service = store.service().await;
    let found = async || service.anonymous().get("/v1/search?q=blimblam&limit=1").await.expect(200);
    assert_eq!(found().await["behaviour"], "none");
    let known = std::str::from_utf8(shipped::SYNONYMS).unwrap();
    let words = format!("{known}blimblam,đăng ký kết hôn,,\n");
    take_in(&service, "procedures", "words.csv", &words).await.unwrap();
    assert_eq!(found().await["items"][0]["type"], "procedure");
}

#[apply(every_store)]
#[actix_web::test]
async fn half_a_list_of_words_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let before = versions(&service).await;
    let lists = [
        ("procedures", shipped::SYNONYMS),
        ("procedures", shipped::BEST_BETS),
        ("procedures", shipped::OUT_OF_SCOPE),
        ("procedures", shipped::MOST_ASKED),
        ("holidays", shipped::HOLIDAYS),
    ];
    for (subject, list) in lists {
        let list = std::str::from_utf8(list).unwrap();
        let cut: String = list.split_inclusive('\n').take(6).collect();
        let refused = take_in(&service, subject, "cut.csv", &cut).await;
        assert!(matches!(refused, Err(ImportError::Shrinks { .. })), "{cut}: {refused:?}");
    }
    assert_eq!(versions(&service).await, before);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_list_of_procedures_is_not_taken_for_the_other(#[case] store: Store) {
    let service = store.service().await;
    let before = versions(&service).await;
    let list = shipped::unpacked(shipped::NATIONAL_PROCEDURES).unwrap();
    let list = String::from_utf8(list).unwrap().replacen("decision_no", "decision", 1);
    let refused = take_in(&service, "procedures", "list.csv", &list).await;
    let other = Dataset::NationalProcedures;
    let is_told = |error: &ImportError| matches!(error, ImportError::OtherList { other: told, .. } if *told == other);
    assert!(refused.as_ref().is_err_and(is_told), "{refused:?}");
    assert_eq!(versions(&service).await, before);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_doubtful_where_lists_meet_is_reported(#[case] store: Store) {
    let service = store.service().await;
    let list = std::str::from_utf8(shipped::COMMUNE_PROCEDURES).unwrap();
    let list = format!("{list}1.001193,Đăng ký khai sinh,Hộ tịch,Bộ Tư pháp,Cấp xã,yes\n");
    let report = take_in(&service, "procedures", "list.csv", &list).await.unwrap();
    let says = |report: &Report, message: &str| {
        report.doubts.iter().any(|doubt| doubt.refused && doubt.message == message)
    };
    assert!(says(&report, "1.001193 stands in more than one list"), "{:?}", report.doubts);

    let stray =
        br#"[{"code": "1.001193", "steps_text": "a"}, {"code": "9.999999", "steps_text": "b"}]"#;
    let stray = Source { may_shrink: true, ..source(&service, "procedures", "a.json", stray) };
    let database = another_process(&service).await;
    let report = import(&database, &|| service.app.now(), stray, &mut |_, _| {}).await.unwrap();
    assert!(says(&report, "details of 9.999999, which no list has"), "{:?}", report.doubts);
}

#[apply(every_store)]
#[actix_web::test]
async fn records_that_have_lost_their_parts_leave_those_in_force(#[case] store: Store) {
    let service = store.service().await;
    let before = versions(&service).await;
    let records = service.app.snapshot();
    let codes = records.procedures.iter().filter(|procedure| procedure.details.is_some());
    let renamed: Vec<_> = codes.map(|it| json!({ "code": it.code, "methodes": [1] })).collect();
    let file = serde_json::to_string(&renamed).unwrap();
    let refused = take_in(&service, "procedures", "all.json", &file).await;
    assert!(matches!(refused, Err(ImportError::NothingValid { .. })), "{refused:?}");
    assert_eq!(versions(&service).await, before);
    let list = shipped::unpacked(shipped::NATIONAL_PROCEDURES).unwrap();
    let list = String::from_utf8(list).unwrap();
    let cut = list.len() * 19 / 20;
    let cut = (cut..list.len()).find(|&at| list.is_char_boundary(at)).unwrap();
    let refused = take_in(&service, "procedures", "cut.csv", &list[..cut]).await;
    assert!(matches!(refused, Err(ImportError::Shrinks { .. })), "{refused:?}");
    assert_eq!(versions(&service).await, before, "a twentieth is missing");
}

#[apply(every_store)]
#[actix_web::test]
async fn hotlines_show_once_they_are_confirmed(#[case] store: Store) {
    let service = store.service().await;
    let hotlines = "number,name,kind,scope,confirmed\n1022,Tổng đài tỉnh,public_service,tỉnh,yes\n\
                    113,Nhà hàng,other,tỉnh,yes\n19006769,Điện lực,utility,miền Bắc,no\n";
    take_in(&service, "hotlines", "hotlines.csv", hotlines).await.unwrap();
    let page = service.anonymous().get("/v1/hotlines").await.expect(200);
    let shown = page["items"].as_array().unwrap();
    let numbers: Vec<_> = shown.iter().map(|item| item["number"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["113", "114", "115", "112", "111", "1022"]);
    assert_eq!(shown[0]["name"], "Công an (an ninh, trật tự)");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_switch_is_an_event(#[case] store: Store) {
    let service = store.service().await;
    take_in(&service, "facilities", "clinics.csv", FACILITIES).await.unwrap();
    let versions = service.app.database.read(active_versions).await.unwrap();
    let subject = versions.iter().find(|v| v.dataset == Dataset::Facilities).unwrap().id.uuid();
    let told = service.app.database.read(move |tx| tx.history(Topic::System, subject)).await;
    let told = told.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, "dataset.switched");
    assert_eq!(told[0].data, serde_json::json!({ "dataset": "facilities" }));
}

#[apply(every_store)]
#[actix_web::test]
async fn words_that_lead_nowhere_are_reported(#[case] store: Store) {
    let service = store.service().await;
    let with = |list: &[u8], row: &str| format!("{}{row}\n", std::str::from_utf8(list).unwrap());
    let bets = "blimblam,procedure,1.001193.H55 9.999991,clarify,";
    let events = "life_event,name,name_en,fields,procedures\n\
                  birth,Sinh con,A birth,,1.001193 9.999992\n";
    let lists = [
        (with(shipped::BEST_BETS, bets), "9.999991"),
        (events.to_owned(), "9.999992"),
        (with(shipped::MOST_ASKED, "999,9.999993,x,"), "9.999993"),
    ];
    for (list, code) in lists {
        let report = take_in(&service, "procedures", "list.csv", &list).await.unwrap();
        let [doubt] = &report.doubts[..] else { panic!("{:?}", report.doubts) };
        assert_eq!((doubt.about.as_deref(), doubt.refused), (Some(code), false));
        assert_eq!(doubt.message, "no procedure has this code");
    }
    let found = service.anonymous().get("/v1/search?q=blimblam&limit=1").await.expect(200);
    assert_eq!(found["items"][0]["code"], "1.001193", "a local form names the national one");

    let words = with(shipped::SYNONYMS, "blimblum,|,,");
    let report = take_in(&service, "procedures", "words.csv", &words).await.unwrap();
    let said: Vec<_> = report.doubts.iter().map(|doubt| doubt.message.as_str()).collect();
    assert_eq!(said, ["expansion is empty"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn outlines_for_drawing_do_not_replace_surveyed_ones(#[case] store: Store) {
    let service = store.service().await;
    let before = versions(&service).await;
    let drawn = shipped::unpacked(shipped::SIMPLIFIED_OUTLINES).unwrap();
    let refused = take_in_bytes(&service, "communes", "outlines.geojson", &drawn).await;
    assert!(matches!(refused, Err(ImportError::Coarse { .. })), "{refused:?}");
    assert_eq!(versions(&service).await, before);
    let full = shipped::unpacked(shipped::FULL_OUTLINES).unwrap();
    take_in_bytes(&service, "communes", "outlines.geojson", &full).await.unwrap();
}

/// The versions in force, by content.
async fn versions(service: &Service) -> Vec<(Dataset, String, i64)> {
    let versions = service.app.database.read(active_versions).await.unwrap();
    versions.into_iter().map(|v| (v.dataset, v.digest, v.records)).collect()
}

/// How many versions the store holds, whatever their state.
fn versions_kept(service: &Service) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let counting = sql_query("SELECT count(*) AS count FROM dataset_version");
    let counted = match service.app.database.url() {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            counting.get_result::<Count>(&mut conn)
        }
        DatabaseUrl::Postgres(url) => {
            counting.get_result::<Count>(&mut PgConnection::establish(url).unwrap())
        }
    };
    counted.unwrap().count
}

#[apply(every_store)]
#[actix_web::test]
async fn a_load_that_died_was_never_seen_and_is_swept(#[case] store: Store) {
    let service = store.service().await;
    let kept = versions_kept(&service);
    let dying = {
        let app = service.app.clone();
        let source = source(&service, "facilities", "clinics.csv", FACILITIES.as_bytes());
        let database = another_process(&service).await;
        async move {
            let killed = &mut |_, _| panic!("the process is killed here");
            import(&database, &|| app.now(), source, killed).await.map(|_| ())
        }
    };
    assert!(tokio::task::spawn_local(dying).await.unwrap_err().is_panic());
    assert_eq!((names(&service).await.len(), versions_kept(&service)), (11, kept + 1));

    service.clock.advance(TimeDelta::from_std(Duration::from_mins(2)).unwrap());
    take_in(&service, "facilities", "clinics.csv", FACILITIES).await.unwrap();
    assert_eq!((names(&service).await.len(), versions_kept(&service)), (2, kept));
}

/// Runs the real `import` command on the service's store: whether it succeeded, and what it said.
pub(crate) fn command(service: &Service, subject: &str, content: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data.csv");
    std::fs::write(&file, content).unwrap();
    run(service, &["import", subject, file.to_str().unwrap()])
}

/// Runs the command with `arguments` on the store of `service`, as an operator would.
pub(crate) fn run(service: &Service, arguments: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = match service.app.database.url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let run = std::process::Command::new(Build::Dev.server().unwrap())
        .args(arguments)
        .current_dir(folder.path())
        .env("DATABASE_URL", url)
        .env("CTN_VAR", &service.app.settings.var)
        .envs(service.app.settings.master_key_file.iter().map(|file| ("CTN_MASTER_KEY_FILE", file)))
        .output()
        .unwrap();
    let said = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8(said).unwrap())
}

#[apply(every_store)]
#[actix_web::test]
async fn the_command_reports_every_bad_row(#[case] store: Store) {
    let service = store.service().await;
    let (succeeded, said) = command(&service, "facilities", FACILITIES);
    allow_duplicates! {
        assert_snapshot!(said, @r#"
            line  row       why
               4  left out  name is empty
               5  left out  clinic-1 stands there already
        facilities: 2 records are in force; 2 rows were left out
        "#);
    }
    assert!(succeeded);
    service.app.refresh_snapshot().await.unwrap();
    assert_eq!(names(&service).await, ["Phòng khám Hai", "Phòng khám Một"]);

    let list = "code,name,field,issuing_agency,level\n\
                1.000001,THỦ TỤC MỘT LẦN,,Bộ Nội vụ,\"Cấp xã, Cấp huyện\"\n\
                1.000002,Thủ tục hai.,,Bộ Nội vụ,Cấp xã\nx,Thủ tục ba,,,\n";
    let (succeeded, said) = command(&service, "procedures", list);
    assert!(!succeeded);
    allow_duplicates! {
        assert_snapshot!(said, @r#"
            line  row       why
               2  taken     1.000001: its name was in capitals
               2  taken     1.000001: its field is not said
               2  taken     1.000001: not all of its levels are known
               3  taken     1.000002: its name had stray punctuation at an end
               3  taken     1.000002: its field is not said
               4  left out  code is "x": a procedure code looks like 1.001193, or like its local form 1.001193.000.00.00.H55
            rows  what is odd about them
               2  its field is not said
               1  its name had stray punctuation at an end
               1  its name was in capitals
               1  not all of its levels are known
        cthainguyen: commune_procedures: only 2 rows could be taken, and 115 are in force; nothing has changed. If the others are to be withdrawn, import it with --shrink
        "#);
    }

    let (succeeded, said) = command(&service, "facilities", "id,type\n1,2\n");
    assert!(!succeeded);
    allow_duplicates! {
        assert_snapshot!(said, @r#"
            line  row       why
               1  left out  the column name is missing
               1  left out  the column lat is missing
               1  left out  the column lon is missing
               1  left out  the column source is missing
               1  left out  the column licence is missing
        cthainguyen: facilities: no row of the file could be taken; nothing has changed
        "#);
    }
}
