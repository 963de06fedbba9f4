//! Contract, call recordings: list, get, signed links, ranges (S8), paths (S7), 31 days.

use axum::http::Method;
use domain::limits::{DAY_MS, LINK_LIFE_MS, RECORDING_DAYS};
use serde_json::{Value, json};
use testkit::sound;

use super::support::{House, Reply, ask, golden};

/// The path and query of an address of ours.
fn path_of(address: &Value) -> String {
    let address = address.as_str().expect("an address");
    address.split_once(".example").expect("our host").1.to_owned()
}

async fn golden_recording(house: House) {
    let gold = house.world.golden(&house.one).await;
    let mut wanted = golden("call_recordings.json");
    let get =
        async |path: &str| house.send(ask(Method::GET, "one", path).token(&gold.key).empty()).await;
    for path in ["/api/v2/call-recordings", "/v2/call-recordings"] {
        let reply = get(path).await;
        let address = reply.json()["data"][0]["recording"].clone();
        let text = address.as_str().expect("an address");
        assert!(text.starts_with("https://one.liberty.example/recordings/36/audio?"), "{text}");
        wanted["data"][0]["recording"] = address.clone();
        assert_eq!(reply.text(), wanted.to_string(), "{path}");
        let audio = house.send(ask(Method::GET, "one", &path_of(&address)).empty()).await;
        assert_eq!(
            (audio.status.as_u16(), audio.body),
            (200, sound::wav(1_000)),
            "it plays as it is"
        );
    }
    let one = get("/api/v2/call-recordings/36").await;
    assert_eq!(one.text(), json!({"data": wanted["data"][0]}).to_string());
}

#[tokio::test]
async fn the_golden_recording_comes_out_byte_for_byte() {
    golden_recording(House::single(false).await).await;
}

#[tokio::test]
async fn the_golden_recording_comes_out_byte_for_byte_on_postgresql() {
    golden_recording(House::single(true).await).await;
}

#[tokio::test]
async fn the_list_has_pages_and_filters() {
    let house = House::new().await;
    for i in 0..5 {
        let number = if i == 2 { "D2000" } else { "W0411" };
        house.world.add_recording(&house.one, number, &format!("sid {i}"), sound::wav(20)).await;
        house.world.clock.advance(DAY_MS);
    }
    let all = house.get("/v2/call-recordings").await.ids();
    assert_eq!(all, [5, 4, 2, 1], "not the dental practice's");
    let first = house.get("/v2/call-recordings?limit=3").await;
    let cursor = first.json()["meta"]["next_cursor"].as_str().expect("a cursor").to_owned();
    house.world.clock.advance(1_000);
    let rest = house.get(&format!("/v2/call-recordings?limit=3&cursor={cursor}")).await;
    assert_eq!([first.ids(), rest.ids()].concat(), all, "a cursor outlives the second");
    let check = async |query: &str, wanted: &[i64]| {
        let reply = house.get(&format!("/v2/call-recordings?{query}")).await;
        assert_eq!(reply.ids(), wanted, "{query}");
    };
    check("from_date=01-22-2025&to_date=01-24-2025", &[4, 2]).await;
    check("account_number=W0411&to_date=2025-01-21", &[1]).await;
    check("account_number=D2000", &[]).await;
    let bad = house.get("/v2/call-recordings?from_date=13-01-2025&to_date=&limit=0").await;
    assert_eq!(bad.refused(422), ["from_date", "to_date", "limit"]);
}

#[tokio::test]
async fn audio_is_given_for_31_days_and_the_link_then_answers_410() {
    let house = House::new().await;
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let path = format!("/v2/call-recordings/{}", recording.id);
    house.world.clock.advance(RECORDING_DAYS * DAY_MS - 1);
    let link = path_of(&house.get(&path).await.json()["data"]["recording"]);
    assert_eq!(house.send(ask(Method::GET, "one", &link).empty()).await.status, 200);
    house.world.clock.advance(1);
    house.get(&path).await.refused(404);
    assert_eq!(house.get("/v2/call-recordings").await.text(), r#"{"data":[]}"#);
    house.send(ask(Method::GET, "one", &link).empty()).await.refused(410);
}

#[tokio::test]
async fn a_link_works_for_ten_minutes() {
    let house = House::new().await;
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let path = format!("/v2/call-recordings/{}", recording.id);
    let link = path_of(&house.get(&path).await.json()["data"]["recording"]);
    house.world.clock.advance(LINK_LIFE_MS - 1_000);
    let reply = house.send(ask(Method::GET, "one", &link).empty()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "audio/wav");
    assert_eq!(
        reply.header("content-disposition"),
        format!("inline; filename=\"recording-{}.wav\"", recording.id)
    );
    assert_eq!(reply.header("accept-ranges"), "bytes");
    assert_eq!(reply.header("cache-control"), "private, no-cache");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    house.world.clock.advance(1_000);
    house.send(ask(Method::GET, "one", &link).empty()).await.refused(410);
}

#[tokio::test]
async fn a_link_opens_nothing_but_what_was_signed() {
    let house = House::new().await;
    let world = &house.world;
    let one = world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let two = world.add_recording(&house.one, "W0411", "sid 2", sound::wav(50)).await;
    let link = path_of(
        &house.get(&format!("/v2/call-recordings/{}", one.id)).await.json()["data"]["recording"],
    );
    let (path, query) = link.split_once('?').expect("a query");
    let (expires, signature) = query.split_once('&').expect("two parameters");
    let flipped = signature.replace(['a', 'b', 'c'], "d");
    let other_path = format!("/recordings/{}/audio", two.id);
    let missing = "/recordings/424242/audio".to_owned();
    for bad in [
        path.to_owned(),
        format!("{path}?{expires}"),
        format!("{path}?{signature}"),
        format!("{path}?{expires}&{flipped}"),
        format!("{path}?{expires}&{}", &signature[..signature.len() - 2]),
        format!("{path}?{expires}&{signature}00"),
        format!("{path}?{expires}9&{signature}"),
        format!("{path}?expires=99999999999&{signature}"),
        format!("{path}?expires=x&{signature}"),
        format!("{path}?expires=-1&{signature}"),
        format!("{path}?{expires}&signature=%00"),
        format!("{path}?{expires}&signature="),
        format!("{other_path}?{query}"),
        format!("{missing}?{query}"),
    ] {
        let reply = house.send(ask(Method::GET, "one", &bad).empty()).await;
        reply.refused(404);
        assert_eq!(reply.text(), r#"{"success":false,"info":"Not found","data":{}}"#, "{bad}");
    }
    let foreign = house.send(ask(Method::GET, "two", &link).empty()).await;
    foreign.refused(404);
    assert_eq!(house.send(ask(Method::GET, "one", &link).empty()).await.status, 200);
}

/// S7: files are found by id from our own table; nothing in an address is ever part of a path.
#[tokio::test]
async fn no_path_leads_out_of_the_audio() {
    let house = House::new().await;
    std::fs::write(house.world.folder.path().join("secret.txt"), "secret").expect("a file");
    let recording = house.world.add_recording(&house.one, "W0411", "sid", sound::wav(50)).await;
    let link = path_of(
        &house.get(&format!("/v2/call-recordings/{}", recording.id)).await.json()["data"]["recording"],
    );
    let query = link.split_once('?').expect("a query").1;
    for id in [
        "..",
        "../..",
        "..%2f..%2fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "%252e%252e%252fsecret.txt",
        "..%5c..%5csecret.txt",
        "%c0%ae%c0%ae%c0%afsecret.txt",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "1%00",
        "1%00.wav",
        "C:%5cwindows",
        "CON",
        "aux.wav",
        "1/../1",
        "t_1%2frecordings",
        "1;ls",
        "~root",
        "file:%2f%2f%2fetc%2fpasswd",
        "%EF%BC%8E%EF%BC%8E",
    ] {
        for path in [format!("/recordings/{id}/audio?{query}"), format!("/v2/call-recordings/{id}")]
        {
            let reply = house.get(&path).await;
            reply.refused(404);
            assert!(!reply.text().contains("secret"), "{path}");
        }
        // The portal's page of a recording: first the sign-in, or nothing at all.
        let reply = house.get(&format!("/recordings/{id}?{query}")).await;
        assert!([303, 404].contains(&reply.status.as_u16()), "{id}: {}", reply.status);
        assert!(!reply.text().contains("secret"), "{id}");
    }
}

/// Asks for a part of 100 bytes of known content.
async fn ranged(house: &House, path: &str, headers: &[(&str, &str)], method: Method) -> Reply {
    let request = headers
        .iter()
        .fold(ask(method, "one", path), |request, (name, value)| request.header(name, value));
    house.send(request.empty()).await
}

#[tokio::test]
async fn ranges_are_those_of_rfc_9110() {
    let house = House::new().await;
    let bytes = sound::wav(100);
    let length = bytes.len();
    let recording = house.world.add_recording(&house.one, "W0411", "sid", bytes.clone()).await;
    let path = path_of(
        &house.get(&format!("/v2/call-recordings/{}", recording.id)).await.json()["data"]["recording"],
    );
    let check = async |range: &str, part: std::ops::Range<usize>| {
        let reply = ranged(&house, &path, &[("range", range)], Method::GET).await;
        assert_eq!(reply.status, 206, "{range}");
        assert_eq!(reply.body, bytes[part.clone()], "{range}");
        let wanted = format!("bytes {}-{}/{length}", part.start, part.end - 1);
        assert_eq!(reply.header("content-range"), wanted);
        assert_eq!(reply.header("content-length"), part.len().to_string());
    };
    check("bytes=0-", 0..length).await;
    check("bytes=0-0", 0..1).await;
    check("bytes=5-9", 5..10).await;
    check("bytes=-1", length - 1..length).await;
    check("bytes=-99999", 0..length).await;
    check("bytes=0-18446744073709551616", 0..length).await;
    for whole in ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=", "x", "bytes=0-1, 0-1"] {
        let reply = ranged(&house, &path, &[("range", whole)], Method::GET).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, length), "{whole}");
        assert_eq!(reply.header("content-length"), length.to_string());
    }
    let many = format!("bytes={}", vec!["0-"; 500].join(","));
    let reply = ranged(&house, &path, &[("range", &many)], Method::GET).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (200, length), "never amplified");
    for none in ["bytes=18446744073709551616-", &format!("bytes={length}-"), "bytes=-0"] {
        let reply = ranged(&house, &path, &[("range", none)], Method::GET).await;
        reply.refused(416);
        assert_eq!(reply.header("content-range"), format!("bytes */{length}"));
    }
    let etag = ranged(&house, &path, &[], Method::GET).await.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", recording.sha256));
    for (if_range, status) in [
        (etag.as_str(), 206),
        ("\"another\"", 200),
        (&format!("W/{etag}"), 200),
        ("Tue, 21 Jan 2025 22:08:20 GMT", 200),
    ] {
        let headers = [("range", "bytes=0-1"), ("if-range", if_range)];
        let reply = ranged(&house, &path, &headers, Method::GET).await;
        assert_eq!(reply.status, status, "{if_range}");
    }
    let known = ranged(&house, &path, &[("if-none-match", &etag)], Method::GET).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let head = ranged(&house, &path, &[("range", "bytes=0-1")], Method::HEAD).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "a range is for GET");
    assert_eq!(head.header("content-length"), length.to_string());
}
