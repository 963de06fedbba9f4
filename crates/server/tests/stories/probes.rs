//! What a supervisor is told.

use std::time::Duration;

use testkit::World;

use super::live::{Place, eventually, get, http};

#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_the_audio_folder() {
    let world = World::new().await;
    let server = Place::of(&world).serve();
    let ready = format!("{}/readyz", server.url);
    let live = format!("{}/healthz", server.url);
    let audio = world.folder.path().join("audio");
    let aside = world.folder.path().join("aside");

    std::fs::rename(&audio, &aside).expect("moved");
    std::fs::write(&audio, "in the way").expect("written");
    eventually("it is not ready", Duration::from_secs(5), || get(&ready) == Some(503));
    let body = http()
        .build()
        .expect("a client")
        .get(&ready)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a body");
    assert_eq!(body, r#"{"ready":false,"reason":"audio"}"#);
    assert_eq!(get(&live), Some(200), "it lives all the same");

    std::fs::remove_file(&audio).expect("removed");
    std::fs::rename(&aside, &audio).expect("moved back");
    eventually("it is ready again", Duration::from_secs(5), || get(&ready) == Some(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_another_version_are_told_by_the_probe_by_check_and_at_the_start() {
    let world = World::new().await;
    let place = Place::of(&world);
    let server = place.serve();
    let ready = format!("{}/readyz", server.url);
    let mark = |success: u8| {
        let sql = format!("UPDATE _sqlx_migrations SET success = {success} WHERE version = 1");
        let database = place.dir.join("liberty.db");
        let done = std::process::Command::new("sqlite3").arg(database).arg(sql).status();
        assert!(done.expect("sqlite3, which script/bootstrap installs").success());
    };

    mark(0);
    eventually("it is not ready", Duration::from_secs(5), || get(&ready) == Some(503));
    let answer = http().build().expect("a client").get(&ready).send().await.expect("an answer");
    assert_eq!(answer.text().await.expect("a body"), r#"{"ready":false,"reason":"tables"}"#);
    assert_eq!(get(&format!("{}/healthz", server.url)), Some(200), "it lives all the same");
    let printed = String::from_utf8(place.run(&["check"]).stdout).expect("text");
    assert!(printed.contains("wrong  tables"), "{printed}");
    let (code, sentence) = place.refused(&["tenant", "list"]);
    assert!(code == 1 && sentence.contains("liberty migrate"), "{sentence}");

    mark(1);
    eventually("it is ready again", Duration::from_secs(5), || get(&ready) == Some(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_or_for_a_token() {
    let world = World::new().await;
    let ask = async |url: &str, header: Option<(&str, &str)>| {
        let mut request = http().build().expect("a client").get(format!("{url}/metrics"));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    };
    let server = Place::of(&world).serve();
    get(&format!("{}/api/v2/messages", server.url));
    let (status, figures) = ask(&server.url, None).await;
    assert_eq!(status, 200);
    assert!(figures.contains("liberty_ready 1"), "{figures}");
    assert!(figures.contains("liberty_http_requests_total{"), "{figures}");
    // A proxy on this machine passes strangers on.
    assert_eq!(ask(&server.url, Some(("X-Forwarded-For", "203.0.113.9"))).await.0, 403);
    drop(server);

    let server = Place::of(&world).with("LIBERTY_METRICS_TOKEN", "let me see").serve();
    assert_eq!(ask(&server.url, None).await.0, 403);
    assert_eq!(ask(&server.url, Some(("Authorization", "Bearer let me"))).await.0, 403);
    assert_eq!(ask(&server.url, Some(("Authorization", "Bearer let me see"))).await.0, 200);
}
