//! Programs that are not made for us: Rails and PHP clients, old HTTP, what stands on the way.

use std::sync::Arc;

use axum::http::{Method, Request};
use serde_json::Value;

use super::support::{DOMAIN, House, ask};

#[tokio::test]
async fn a_program_made_for_rails_finds_its_addresses() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 3).await;
    let all = house.get("/api/v2/messages").await;
    for path in ["/api/v2/messages.json", "/v2/messages/", "/v2/messages.json/", "//v2//messages"] {
        assert_eq!(house.get(path).await.text(), all.text(), "{path}");
    }
    let id = all.ids()[0];
    let one = house.get(&format!("/v2/messages/{id}.json")).await;
    assert_eq!(one.json()["data"]["id"], id);
    let path = format!("/v2/messages/{id}.json");
    let read = house.json(Method::PATCH, &path, r#"{"read": true}"#).await;
    assert_eq!(read.json()["data"]["read"], true);
    let page = house.get("/v2/messages.json?limit=1").await;
    assert!(page.header("link").contains("/v2/messages.json?limit=1&cursor="), "as it was asked");
    let legacy = ask(Method::GET, "one", "/v1/messages.json");
    let legacy = legacy.legacy(&house.one.client.email, &house.one.key);
    assert_eq!(house.send(legacy.empty()).await.ids(), all.ids());
    house.get("/v2/messages.xml").await.refused(404);
    house.get(&format!("/v2/messages/{id}/x.json")).await.refused(404);
    let form = ask(Method::POST, "one", "/v2/to_dos.json").token(&house.one.key);
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    house.send(form.body("account_number=W0411")).await.refused(415);
}

async fn counted(house: House) {
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 7).await;
    let all = house.get("/v2/messages").await.ids();
    let link = |page: usize, rel: &str| {
        let path = format!("/v2/messages?read=false&per_page=3&page={page}");
        format!("<https://one.{DOMAIN}{path}>; rel=\"{rel}\"")
    };
    let mut seen = Vec::new();
    for page in 1.. {
        let path = format!("/v2/messages?read=false&page={page}&per_page=3");
        let reply = house.get(&path).await;
        let wanted = match page {
            1 => vec![link(2, "next"), link(1, "first")],
            2 => vec![link(3, "next"), link(1, "prev"), link(1, "first")],
            _ => vec![link(page - 1, "prev"), link(1, "first")],
        };
        assert_eq!(reply.header("link"), wanted.join(", "));
        if reply.ids().is_empty() {
            assert_eq!(page, 4, "a program that counts pages ends");
            break;
        }
        seen.extend(reply.ids());
    }
    assert_eq!(seen, all);
    assert_eq!(house.get("/v2/messages?limit=2&offset=3").await.ids(), all[3..5]);
    assert_eq!(house.get("/v2/messages?offset=3").await.ids(), all[3..], "all that is left");
    assert_eq!(house.get("/v2/messages?page[number]=2&page[size]=5").await.ids(), all[5..]);
    assert_eq!(house.get("/v2/messages?page=2").await.ids(), [0; 0]);
    let next = house.get("/v2/messages?limit=2&offset=1").await;
    let cursor = next.json()["meta"]["next_cursor"].clone();
    let path = format!("/v2/messages?limit=2&cursor={}", cursor.as_str().expect("a cursor"));
    assert_eq!(next.header("link"), format!("<https://one.{DOMAIN}{path}>; rel=\"next\""));
    assert_eq!(house.get(&path).await.ids(), all[3..5]);
    assert_eq!(house.get("/v2/messages?page=1&cursor=x").await.refused(422), ["page"]);
    for path in ["/v2/call-recordings?page=2", "/v2/to-dos?page=2", "/v2/to-dos?offset=9"] {
        assert_eq!(house.get(path).await.json()["data"], Value::Array(Vec::new()), "{path}");
    }
}

#[tokio::test]
async fn a_program_that_counts_pages_gets_each_row_once_and_ends() {
    counted(House::new().await).await;
}

#[tokio::test]
async fn a_program_that_counts_pages_ends_on_postgresql() {
    counted(House::on_postgres().await).await;
}

#[tokio::test]
async fn several_accounts_are_named_in_a_list_and_never_become_all() {
    let house = House::new().await;
    let (tenant, law, dental) = (house.one.tenant.id, house.one.law.id, house.one.dental.id);
    house.world.add_messages(tenant, law, 2).await;
    house.world.add_messages(tenant, dental, 1).await;
    let owner = app::keys::create(&house.world.app, &house.one.owner, "all", None).await;
    let owner = owner.expect("a key").token;
    let count = async |query: &str| {
        let request = ask(Method::GET, "one", &format!("/v2/messages?{query}")).token(&owner);
        house.send(request.empty()).await.ids().len()
    };
    assert_eq!(count("").await, 3);
    assert_eq!(count("account_number[]=W0411").await, 2);
    assert_eq!(count("account_number%5B%5D=W0411&account_number%5B%5D=D2000").await, 3);
    assert_eq!(count("account_number[0]=D2000&account_number[1]=none").await, 1);
    assert_eq!(count("account_number[]=none").await, 0);
    for query in ["account_number[]=", "account_number[x]=W0411", "status[]=held"] {
        let path = format!("/v2/messages?{query}");
        let name = query.split('[').next().unwrap_or_default();
        assert_eq!(house.get(&path).await.refused(422), [name], "{query}");
    }
    let foreign = house.get("/v2/messages?account_number[]=D2000&account_number[]=W0411").await;
    assert_eq!(foreign.ids().len(), 2, "what the key does not see is not added");
}

#[tokio::test]
async fn a_tag_that_was_made_weak_on_the_way_is_taken() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 1).await;
    let id = house.get("/v2/messages").await.ids()[0];
    let path = format!("/v2/messages/{id}");
    let tag = house.get(&path).await.header("etag").to_owned();
    let weak = format!("W/{tag}");
    let known = ask(Method::GET, "one", &path).token(&house.one.key);
    assert_eq!(house.send(known.header("if-none-match", &weak).empty()).await.status, 304);
    let change = async |tag: &str, status: u16| {
        let request = ask(Method::PATCH, "one", &path).token(&house.one.key);
        let reply = house.send(request.header("if-match", tag).body(r#"{"read": true}"#)).await;
        assert_eq!(reply.status, status, "{tag}");
    };
    change(&weak, 200).await;
    change(&weak, 412).await;
}

#[tokio::test]
async fn a_body_is_taken_as_it_is_or_refused_truly() {
    let house = House::new().await;
    house.world.add_messages(house.one.tenant.id, house.one.law.id, 1).await;
    let path = format!("/v2/messages/{}", house.get("/v2/messages").await.ids()[0]);
    let marked = house.json(Method::PATCH, &path, "\u{feff}{\"read\": true}").await;
    assert_eq!(marked.json()["data"]["read"], true, "a byte order mark is no fault");
    for path in [&path, "/v2/to-dos", "/hooks/v1/calls", "/hooks/v1/calls/events"] {
        let gzip = ask(Method::POST, "one", path).token(&house.one.key);
        let gzip = gzip.header("content-encoding", "gzip").body(&[0x1f, 0x8b, 8][..]);
        let reply = house.send(gzip).await;
        reply.refused(415);
        assert_eq!(reply.header("accept-encoding"), "identity");
        assert!(reply.text().contains("Content-Encoding"), "{}", reply.text());
    }
    let identity = ask(Method::PATCH, "one", &path).token(&house.one.key);
    let identity = identity.header("content-encoding", "identity").body("{}");
    assert_eq!(house.send(identity).await.status, 200);
}

#[tokio::test]
async fn a_program_that_names_no_host_is_answered_by_the_default_tenant() {
    let house = House::single(false).await;
    let house = house.with(|web| {
        let default_tenant = Some("one".to_owned());
        web.settings = Arc::new(web::Settings { default_tenant, ..(*web.settings).clone() });
    });
    let ask = Request::get("/api/v2/me").version(axum::http::Version::HTTP_10);
    let ask = ask.header("authorization", format!("Bearer {}", house.one.key));
    assert_eq!(
        house.send(ask.body(axum::body::Body::empty()).expect("a request")).await.status,
        200
    );
}
