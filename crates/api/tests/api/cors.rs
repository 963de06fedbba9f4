//! Pages of other origins call the API from a browser, where the tenant lets them.

use axum::http::Method;

use super::support::{Ask, House, Reply, ask};

const APP: &str = "https://app.example";
const ALLOWED: &str = "access-control-allow-origin";

/// What a browser asks before a page of an origin calls.
fn preflight(tenant: &str, path: &str, origin: &str) -> Ask {
    ask(Method::OPTIONS, tenant, path)
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "authorization, content-type, if-match")
}

async fn house(origins: &[&str]) -> House {
    let house = House::new().await;
    let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
    let tenant = house.one.tenant.id;
    app::tenants::allow_origins(&house.world.app, tenant, &origins).await.expect("set");
    house
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_asks_and_calls() {
    let house = house(&["https://other.example:8443", APP]).await;
    let asked = house.send(preflight("one", "/api/v2/messages/1", APP).empty()).await;
    assert_eq!((asked.status.as_u16(), asked.header(ALLOWED)), (200, APP));
    let (methods, headers) = ("access-control-allow-methods", "access-control-allow-headers");
    assert!(asked.header(methods).contains("PATCH"), "{}", asked.header(methods));
    for name in ["authorization", "content-type", "if-match", "idempotency-key"] {
        assert!(asked.header(headers).contains(name), "{name}: {}", asked.header(headers));
    }
    assert_eq!(asked.header("access-control-max-age"), "7200");

    let call = |path: &str| ask(Method::GET, "one", path).header("origin", APP);
    let right = house.send(call("/v2/me").token(&house.one.key).empty()).await;
    assert_eq!((right.status.as_u16(), right.header(ALLOWED)), (200, APP));
    assert!(right.header("access-control-expose-headers").contains("etag"));
    assert_eq!(right.header("vary"), "origin");
    // What went wrong may be read too, also where the address leads nowhere.
    for path in ["/v2/me", "/v2/nothing", "/api/v2/messages/1"] {
        let wrong = house.send(call(path).empty()).await;
        assert_eq!(wrong.header(ALLOWED), APP, "{path} {}", wrong.status);
    }
    assert_eq!(right.header("access-control-allow-credentials"), "", "cookies open nothing");
}

#[tokio::test]
async fn no_other_origin_and_no_other_tenant_is_let_in() {
    let house = house(&[APP]).await;
    let silent = |reply: &Reply| assert_eq!(reply.header(ALLOWED), "");
    for origin in ["https://evil.example", "http://app.example", "https://app.example.evil", "null"]
    {
        silent(&house.send(preflight("one", "/v2/messages", origin).empty()).await);
        let call = ask(Method::GET, "one", "/v2/me").header("origin", origin);
        silent(&house.send(call.token(&house.one.key).empty()).await);
    }
    silent(&house.send(preflight("two", "/v2/messages", APP).empty()).await);
    silent(&house.send(preflight("nobody", "/v2/messages", APP).empty()).await);
}

#[tokio::test]
async fn a_star_lets_any_origin_in_and_nothing_none() {
    let house = house(&["*"]).await;
    let asked = house.send(preflight("one", "/v1/messages", "http://localhost:5173").empty()).await;
    assert_eq!(asked.header(ALLOWED), "http://localhost:5173");
    let (app, tenant) = (&house.world.app, house.one.tenant.id);
    app::tenants::allow_origins(app, tenant, &[]).await.expect("set");
    let asked = house.send(preflight("one", "/v1/messages", APP).empty()).await;
    assert_eq!(asked.header(ALLOWED), "");
    let path = ["https://a.example/path".to_owned()];
    let wrong = app::tenants::allow_origins(app, tenant, &path).await;
    assert!(wrong.unwrap_err().to_string().contains("origins must be"));
}
