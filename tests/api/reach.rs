//! Who reaches what: every operation on the things of an agency, tried from everywhere in the tree.

use std::collections::HashMap;

use domain::identity::{
    Role,
    policy::{Reach, Right, Rule},
};
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::{
    businesses::{join, machine, registered},
    contract::{NOTHING, Operation, operations},
    every_store,
    feedback::{lamp, published, report},
    import::take_in,
    kept::{Kept, Thing, kept},
    units::{claimed, on_shift},
};

/// Where somebody works, seen from the agency that answers for a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Province,
    Above,
    Own,
    Below,
    Foreign,
}

/// Those who do not reach the thing come first: they find it untouched.
const PLACES: [Place; 5] =
    [Place::Foreign, Place::Below, Place::Own, Place::Above, Place::Province];

impl Place {
    fn reaches(self) -> bool {
        !matches!(self, Self::Below | Self::Foreign)
    }

    /// The agency at this place, seen from `own`.
    fn agency(self, own: &str) -> String {
        match self {
            Self::Province => "province".to_owned(),
            Self::Above => ABOVE.to_owned(),
            Self::Own => own.to_owned(),
            Self::Below => format!("{own}-below"),
            Self::Foreign => FOREIGN.to_owned(),
        }
    }
}

/// The agency that is put above those that answer for the things.
const ABOVE: &str = "region";
const FOREIGN: &str = "commune-01840";

/// Puts the agencies of the things below another one, and gives each one below it.
async fn grow_the_tree(service: &Service) {
    const AGENCIES: &str = "/v1/admin/agencies";
    let administrator = service.administrator().await;
    let region = json!({ "code": ABOVE, "name": "Liên cơ quan", "kind": "department" });
    administrator.post(AGENCIES, region).await.expect(201);
    for code in ["fire", "commune-05443"] {
        let seen = administrator.with("If-Match", "\"0\"");
        seen.patch(&format!("{AGENCIES}/{code}"), json!({ "parent": ABOVE })).await.expect(200);
        let below = Place::Below.agency(code);
        let below = json!({ "code": below, "parent": code, "name": "Tổ", "kind": "department",
            "communes": ["05443"] });
        administrator.post(AGENCIES, below).await.expect(201);
    }
}

/// One of each thing, by what finds it in an answer and in an address.
async fn things(service: &Service) -> HashMap<Thing, String> {
    let (an, somebody) = (service.citizen("an").await, service.anonymous());
    let business = registered(&an).await;
    let report = report(&somebody, lamp(0.0)).await;
    let emergency = somebody.post("/v1/emergencies", json!({ "kind": "fire" })).await.expect(201);
    let colleague = service.staff("colleague", Role::Officer, Thing::Colleague.agency()).await;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    // What the colleague does is in the audit log.
    colleague.get(&format!("/v1/desk/feedback/{}", id(&report))).await.expect(200);
    let colleague = service.administrator().await.get("/v1/admin/staff?agency=commune-05443").await;
    let colleague = id(&colleague.expect(200)["items"][0]);
    let post = json!({ "username": "invited", "role": "officer", "agency": "commune-05443" });
    let invited = service.administrator().await.post("/v1/admin/staff", post).await.expect(201);
    let notice = json!({ "kind": "other", "title": "Thử", "communes": ["05443"] });
    let clerk = service.staff("clerk", Role::Officer, Thing::Notice.agency()).await;
    let notice = clerk.post("/v1/desk/notices", notice).await.expect(201);
    let offices =
        "id,type,name,lat,lon,source,licence\npost-1,post,Bưu điện,21.594,105.848,x,CC0\n";
    take_in(service, "facilities", "offices.csv", offices).await.unwrap();
    let template = json!({ "name": "Thử", "text": "{{code}}" });
    let written = clerk.post("/v1/desk/templates", template.clone()).await.expect(201);
    // Nobody who comes later saw it as it is, and so nobody removes it for the others.
    let path = format!("/v1/desk/templates/{}", id(&written));
    let template = clerk.with("If-Match", "\"1\"").patch(&path, template).await.expect(200);
    let (unit, sent) = sent(service).await;
    let (shown, _) = published(service, lamp(100.0)).await;
    let comments = format!("/v1/feedback/{}/comments", id(&shown));
    let comment = an.post(&comments, json!({ "text": "Đúng vậy" })).await.expect(201);
    HashMap::from([
        (Thing::Agency, Thing::Agency.agency().to_owned()),
        (Thing::Business, business.rsplit('/').next().unwrap().to_owned()),
        (Thing::Comment, id(&comment)),
        (Thing::Deed, colleague.clone()),
        (Thing::Colleague, colleague),
        (Thing::Emergency, id(&emergency)),
        (Thing::Facility, "post-1".to_owned()),
        (Thing::Missed, missed(service).await),
        (Thing::Notice, id(&notice)),
        (Thing::Newcomer, id(&invited["staff"])),
        (Thing::Report, id(&report)),
        (Thing::Sent, sent),
        (Thing::Template, id(&template)),
        (Thing::Unit, unit),
    ])
}

/// A call that its caller gave up: somebody should ring back.
async fn missed(service: &Service) -> String {
    let call = json!({ "kind": "fire", "phone": "0912345678" });
    let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let id = raised["id"].as_str().unwrap();
    mine.post(&format!("/v1/emergencies/{id}/cancellation"), json!({})).await.expect(200);
    id.to_owned()
}

/// A unit, and how it was sent to an emergency by somebody who holds it all the time.
async fn sent(service: &Service) -> (String, String) {
    let unit = on_shift(service, Thing::Unit.agency(), "Xe 01", &[]).await;
    let holder = service.staff("holder", Role::Dispatcher, Thing::Sent.agency()).await;
    let desk = claimed(service, &holder, json!({ "kind": "fire" })).await;
    let sent = holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await;
    (unit, sent.expect(201)["id"].as_str().unwrap().to_owned())
}

/// `body`, with the unit or the report where it names one.
fn naming(body: &Value, things: &HashMap<Thing, String>) -> Value {
    let mut body = body.clone();
    if !body["unit_id"].is_null() {
        body["unit_id"] = things[&Thing::Unit].as_str().into();
    }
    if body["report"] == "of the things" {
        body["report"] = things[&Thing::Report].as_str().into();
    }
    body
}

/// By what an item of a list is told from others.
fn name_of(item: &Value) -> &Value {
    let names = [
        &item["actor"]["id"],
        &item["id"],
        &item["emergency_id"],
        &item["code"],
        &item["emergency"]["id"],
    ];
    names.into_iter().find(|name| !name.is_null()).unwrap()
}

/// The staff, each signed in once.
struct Staff<'s> {
    service: &'s Service,
    signed_in: HashMap<(Role, String), Caller>,
}

impl Staff<'_> {
    async fn member(&mut self, role: Role, agency: String) -> Caller {
        let post = (role, agency);
        if !self.signed_in.contains_key(&post) {
            let username = format!("{}-{}", post.0, post.1);
            let caller = self.service.staff(&username, post.0, &post.1).await;
            self.signed_in.insert(post.clone(), caller);
        }
        self.signed_in[&post].with("If-Match", "\"1\"")
    }
}

async fn call(caller: &Caller, operation: &Operation, address: &str, body: &Value) -> Answer {
    let request = caller.request(operation.method.clone(), address);
    let reads = [Method::GET, Method::DELETE].contains(&operation.method);
    caller.send(if reads { request } else { request.json(body) }).await
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_reaches_beyond_their_agency_and_those_below_it(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    grow_the_tree(&service).await;
    let things = things(&service).await;
    let mut staff = Staff { service: &service, signed_in: HashMap::new() };
    for operation in operations() {
        let Some(Rule { reach: Reach::Agency, roles, .. }) = operation.rule else { continue };
        let kept = kept(&operation.name());
        let agency = match kept {
            Kept::Hidden(thing, _) | Kept::LeftOut(thing) | Kept::HandedDown(thing) => {
                thing.agency()
            }
            Kept::Refused(_) | Kept::Shared(_) => Thing::Colleague.agency(),
        };
        for place in PLACES {
            for role in roles {
                let caller = staff.member(*role, place.agency(agency)).await;
                let name = format!("{} by {role} at {place:?}", operation.name());
                // A crew reaches what its own unit is sent to, wherever that is, and nothing else.
                let reaches = place.reaches() && *role != Role::Responder;
                match &kept {
                    Kept::Hidden(thing, body) => {
                        let address = operation.address(&things[thing]);
                        let body = naming(body, &things);
                        let status = call(&caller, &operation, &address, &body).await.status();
                        let hidden = status == 404;
                        assert_eq!(hidden, !reaches, "{name}: {status}");
                        assert!(![401, 403, 422, 428].contains(&status), "{name}: {status}");
                    }
                    Kept::LeftOut(thing) | Kept::HandedDown(thing) => {
                        let handed_down = matches!(kept, Kept::HandedDown(_));
                        let reaches = reaches || (handed_down && place == Place::Below);
                        let list = caller.get(&format!("{}?limit=100", operation.path)).await;
                        let list = list.expect(200);
                        let mut names = list["items"].as_array().unwrap().iter().map(name_of);
                        let listed = names.any(|name| *name == things[thing]);
                        assert_eq!(listed, reaches, "{name}");
                    }
                    Kept::Refused(body) => {
                        let status =
                            call(&caller, &operation, &operation.path, body).await.status();
                        assert_eq!(status == 403, !reaches, "{name}: {status}");
                    }
                    Kept::Shared(body) => {
                        let status =
                            call(&caller, &operation, &operation.path, body).await.status();
                        assert!([200, 201].contains(&status), "{name}: {status}");
                    }
                }
            }
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_the_provinces_is_refused_to_every_other_agency(#[case] store: Store) {
    let service = store.service().await;
    let mut staff = Staff { service: &service, signed_in: HashMap::new() };
    let mut tried = 0;
    for operation in operations() {
        let Some(Rule { reach: Reach::Province, roles, .. }) = operation.rule else { continue };
        for role in roles {
            for agency in ["province", "commune-05443"] {
                let caller = staff.member(*role, agency.to_owned()).await;
                let address = operation.address(NOTHING);
                let status = call(&caller, &operation, &address, &json!({})).await.status();
                let name = format!("{} by {role} of {agency}: {status}", operation.name());
                assert_eq!(status == 403, agency != "province", "{name}");
                tried += 1;
            }
        }
    }
    assert!(tried > 10, "{tried}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_business_is_open_to_its_people_as_far_as_the_table_says(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let member = join(&service, &owner, &path, "binh", "member").await;
    let business = path.rsplit('/').next().unwrap();
    let stranger = service.citizen("chi").await;
    let shop = json!({ "tax_code": "019203004567", "name": "Hộ Chi", "commune_code": "05443" });
    stranger.post("/v1/businesses", shop).await.expect(201);
    let people =
        [(Role::BusinessOwner, owner), (Role::BusinessMember, member), (Role::Machine, machine)];
    let of_business =
        |rule: &Rule| [Right::ActForBusiness, Right::DecideOverBusiness].contains(&rule.right);
    for operation in operations() {
        let Some(rule) = operation.rule.filter(of_business) else { continue };
        let body = match operation.name().as_str() {
            "POST /v1/businesses/{id}/members" => {
                json!({ "phone": "0987654321", "role": "member" })
            }
            "POST /v1/businesses/{id}/sites" => json!({ "name": "Kho", "commune_code": "05443" }),
            "POST /v1/businesses/{id}/api-keys" => {
                json!({ "name": "Kho", "scopes": ["sites.write"] })
            }
            _ => json!({}),
        };
        let address = operation.address(business);
        call(&stranger, &operation, &address, &body).await.expect(404);
        for (role, caller) in &people {
            let status = call(caller, &operation, &address, &body).await.status();
            let name = format!("{} by {role}: {status}", operation.name());
            assert_eq!(status == 403, !rule.roles.contains(role), "{name}");
            assert!(![401, 422].contains(&status), "{name}");
        }
    }
}
