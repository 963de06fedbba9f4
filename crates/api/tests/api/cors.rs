//! Pages of other origins: those that a tenant allows are answered, all others refused.

use axum::http::Method;

use super::support::{House, Reply, ask};

const APP: &str = "https://app.example.com";

async fn asked_first(house: &House, tenant: &str, path: &str, origin: &str) -> Reply {
    let request = ask(Method::OPTIONS, tenant, path).header("origin", origin);
    let request = request.header("access-control-request-method", "PATCH");
    let request = request.header("access-control-request-headers", "authorization,if-match");
    house.send(request.empty()).await
}

async fn read(house: &House, origin: &str) -> Reply {
    let request = ask(Method::GET, "one", "/v2/me").token(&house.one.key);
    house.send(request.header("origin", origin).empty()).await
}

#[tokio::test]
async fn pages_of_an_origin_that_the_tenant_allows_may_ask() {
    let house = House::new().await;
    let app = &house.world.app;
    asked_first(&house, "one", "/v2/messages/1", APP).await.refused(403);
    assert_eq!(read(&house, APP).await.header("access-control-allow-origin"), "");

    let origins = [format!("{APP}/"), "http://localhost:3000".to_owned()];
    let kept = app::tenants::allow_origins(app, house.one.tenant.id, &origins).await;
    assert_eq!(kept.expect("allowed"), [APP, "http://localhost:3000"]);
    for path in ["/v2/messages/1", "/api/v2/to-dos", "/v1/messages", "/v2/messages.json"] {
        let may = asked_first(&house, "one", path, APP).await;
        assert_eq!(may.status, 204, "{path}");
        assert_eq!(may.header("access-control-allow-origin"), APP);
        assert!(may.header("access-control-allow-methods").contains("PATCH"));
        assert!(may.header("access-control-allow-headers").contains("If-Match"));
        assert_eq!(may.header("vary"), "Origin");
    }
    let reply = read(&house, APP).await;
    assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (200, APP));
    assert!(reply.header("access-control-expose-headers").contains("ETag"));
    let wrong = ask(Method::GET, "one", "/v2/me").token("lk_wrong").header("origin", APP).empty();
    let wrong = house.send(wrong).await;
    wrong.refused(401);
    assert_eq!(wrong.header("access-control-allow-origin"), APP, "the page reads the refusal");
}

#[tokio::test]
async fn what_is_not_allowed_is_refused_before_and_unreadable_after() {
    let house = House::new().await;
    let app = &house.world.app;
    let allowed = [APP.to_owned()];
    app::tenants::allow_origins(app, house.one.tenant.id, &allowed).await.expect("allowed");
    for origin in ["https://evil.example", "http://app.example.com", "null", ""] {
        let refused = asked_first(&house, "one", "/v2/messages/1", origin).await;
        refused.refused(403);
        assert_eq!(refused.header("access-control-allow-origin"), "");
        let reply = read(&house, origin).await;
        assert_eq!(reply.status, 200, "a program that is no browser may say what it likes");
        assert_eq!(reply.header("access-control-allow-origin"), "");
        assert_eq!(reply.header("vary"), "Origin");
    }
    asked_first(&house, "two", "/v2/messages/1", APP).await.refused(403);
    asked_first(&house, "nobody", "/v2/messages/1", APP).await.refused(404);
    let bare = house.send(ask(Method::OPTIONS, "one", "/v2/messages").empty()).await;
    bare.refused(405);
    for bad in ["app.example.com", "https://app.example.com/path"] {
        let kept = app::tenants::allow_origins(app, house.one.tenant.id, &[bad.to_owned()]).await;
        assert!(matches!(kept, Err(app::Error::Invalid(_))), "{bad}");
    }
    let any = ["*".to_owned()];
    app::tenants::allow_origins(app, house.one.tenant.id, &any).await.expect("allowed");
    assert_eq!(read(&house, APP).await.header("access-control-allow-origin"), APP);
    app::tenants::allow_origins(app, house.one.tenant.id, &[]).await.expect("none");
    asked_first(&house, "one", "/v2/messages/1", APP).await.refused(403);
}
