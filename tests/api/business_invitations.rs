//! Invitations to act for a business: whom they outlive, and how many there can be.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    businesses::{INVITATIONS, join, registered, verify},
    every_store,
};

#[apply(every_store)]
#[actix_web::test]
async fn whoever_is_removed_comes_back_by_no_invitation(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let binh = join(&service, &an, &path, "binh", "owner").await;
    let (members, invitations) = (format!("{path}/members"), format!("{path}/invitations"));
    let phone = binh.get("/v1/me").await.expect(200)["phone"].clone();
    let to = |phone: Value| json!({ "phone": phone, "role": "owner" });
    binh.post(&members, to(phone)).await.expect(201);
    let chi = service.citizen("chi").await;
    let phone = chi.get("/v1/me").await.expect(200)["phone"].clone();
    binh.post(&members, to(phone)).await.expect(201);
    let kept = an.post(&members, to(json!("0987654321"))).await.expect(201);
    let open = an.get(&invitations).await.expect(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 3);
    assert_eq!(chi.get(INVITATIONS).await.expect(200)["items"].as_array().unwrap().len(), 1);

    let acting = an.get(&members).await.expect(200);
    let who = acting["items"].as_array().unwrap().iter();
    let me = an.get("/v1/me").await.expect(200)["id"].clone();
    let other = who.map(|member| &member["citizen_id"]).find(|id| **id != me).unwrap();
    an.delete(&format!("{members}/{}", other.as_str().unwrap())).await.expect(204);
    let told = binh.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"][0]["kind"], "business.removed");
    for person in [&binh, &chi] {
        assert_eq!(person.get(INVITATIONS).await.expect(200)["items"], json!([]));
    }
    binh.get(&invitations).await.expect(404);
    let open = an.get(&invitations).await.expect(200);
    assert_eq!(open["items"], json!([kept]));
    let one = format!("{invitations}/{}", kept["id"].as_str().unwrap());
    binh.delete(&one).await.expect(404);
    an.delete(&one).await.expect(204);
    an.delete(&one).await.expect(404);
    assert_eq!(an.get(&invitations).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_is_invited_again_is_told_once_and_nobody_invites_without_end(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    let binh = service.citizen("binh").await;
    let phone = binh.get("/v1/me").await.expect(200)["phone"].clone();
    let invitation = json!({ "phone": phone, "role": "member" });
    for _ in 0..20 {
        an.post(&format!("{path}/members"), invitation.clone()).await.expect(201);
    }
    let more = an.post(&format!("{path}/members"), invitation).await;
    assert_eq!((more.status(), more.header("retry-after")), (429, "1800"));
    let told = binh.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    assert_eq!(binh.get(INVITATIONS).await.expect(200)["items"].as_array().unwrap().len(), 1);
}
