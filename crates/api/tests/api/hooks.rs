//! The ingest of calls: new, repeated and out of order (R13), cut off, no audio, no room (R6).

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::sound;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::support::{House, Reply, ask, golden, multipart};

/// The golden recording as a switch reports it: without the ids that we give.
fn report() -> Value {
    let mut call = golden("call_recordings.json")["data"][0].clone();
    let object = call.as_object_mut().expect("an object");
    for name in ["id", "call_id", "recording"] {
        object.shift_remove(name);
    }
    object["account_number"] = json!("W0411");
    object["started_at"] = json!("2025-01-21T22:00:00.000Z");
    object["cdr"].as_object_mut().expect("an object").shift_remove("id");
    call
}

async fn post(house: &House, parts: &[(&str, &[u8])]) -> Reply {
    let (kind, body) = multipart(parts);
    let request = ask(Method::POST, "one", "/hooks/v1/calls").token(&house.one.switch.1);
    house.send(request.header("content-type", &kind).body(body)).await
}

/// Every file below the folder of audio, but for those that are still being written.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(
            |entry| {
                if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] }
            },
        )
        .collect()
}

fn audio_files(house: &House) -> usize {
    files(&house.world.folder.path().join("audio")).len()
}

async fn stored(house: House) {
    let (call, wav) = (report().to_string(), sound::wav(300));
    let reply = post(&house, &[("call", call.as_bytes()), ("audio", &wav)]).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let data = reply.json()["data"].clone();
    let mut wanted = golden("call_recordings.json")["data"][0].clone();
    for (name, value) in report().as_object().expect("an object") {
        if name != "cdr" {
            wanted[name] = value.clone();
        }
    }
    for name in ["id", "call_id", "recording"] {
        wanted[name] = data[name].clone();
    }
    wanted["cdr"]["id"] = data["cdr"]["id"].clone();
    assert_eq!(data.to_string(), wanted.to_string(), "the figures are those of the switch");

    let path = format!("/v2/call-recordings/{}", data["id"]);
    assert_eq!(house.get(&path).await.json()["data"]["cdr"], data["cdr"]);
    let address = data["recording"].as_str().expect("an address");
    let path = address.split_once(".example").expect("our host").1;
    let audio = house.send(ask(Method::GET, "one", path).empty()).await;
    assert_eq!(
        (audio.status.as_u16(), audio.body.clone()),
        (200, wav),
        "what is served is what was sent"
    );
    assert_eq!(audio.header("content-type"), "audio/wav");
}

#[tokio::test]
async fn a_reported_call_is_stored_with_its_audio() {
    stored(House::new().await).await;
}

#[tokio::test]
async fn a_reported_call_is_stored_with_its_audio_on_postgresql() {
    stored(House::on_postgres().await).await;
}

async fn repeated(house: House) {
    let (call, mp3, wav) = (report().to_string(), sound::mp3(40), sound::wav(60));
    let bare = post(&house, &[("call", call.as_bytes())]).await;
    assert_eq!(bare.status, 201);
    let bare = bare.json()["data"].clone();
    assert_eq!((&bare["id"], &bare["recording"]), (&Value::Null, &Value::Null));
    assert_eq!(post(&house, &[("call", call.as_bytes())]).await.status, 200);
    assert_eq!(house.get("/v2/call-recordings").await.ids(), [0_i64; 0], "no audio, no recording");

    let later = post(&house, &[("audio", &mp3), ("call", call.as_bytes())]).await;
    assert_eq!(later.status, 201, "the audio came later, and first in its body");
    let later = later.json()["data"].clone();
    assert_eq!(later["call_id"], bare["call_id"]);
    for other in [&mp3, &wav, &mp3, &wav] {
        let mut changed = report();
        changed["from"] = json!("0000000000");
        let changed = changed.to_string();
        let again = post(&house, &[("call", changed.as_bytes()), ("audio", other)]).await;
        assert_eq!(again.status, 200);
        let again = again.json()["data"].clone();
        assert_eq!(
            (&again["id"], &again["from"]),
            (&later["id"], &later["from"]),
            "the first stays"
        );
    }
    assert_eq!(house.get("/v2/call-recordings").await.ids().len(), 1);
    assert_eq!(audio_files(&house), 1, "bytes that nothing names are gone");
    let path = later["recording"].as_str().and_then(|text| text.split_once(".example"));
    let audio = house.send(ask(Method::GET, "one", path.expect("our host").1).empty()).await;
    assert_eq!((audio.header("content-type"), &audio.body), ("audio/mpeg", &mp3));
}

#[tokio::test]
async fn a_report_may_come_any_number_of_times_and_out_of_order() {
    repeated(House::new().await).await;
}

#[tokio::test]
async fn a_report_may_come_any_number_of_times_and_out_of_order_on_postgresql() {
    repeated(House::on_postgres().await).await;
}

async fn at_once(house: House) {
    let (call, wav) = (report().to_string(), sound::wav(60));
    let parts: [(&str, &[u8]); 2] = [("call", call.as_bytes()), ("audio", &wav)];
    let all = [(); 5].map(|()| post(&house, &parts));
    let replies = futures_util::future::join_all(all).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 201]);
    assert_eq!(house.get("/v2/call-recordings").await.ids().len(), 1);
    assert_eq!(audio_files(&house), 1);
}

#[tokio::test]
async fn five_reports_at_once_make_one_call() {
    at_once(House::new().await).await;
}

#[tokio::test]
async fn five_reports_at_once_make_one_call_on_postgresql() {
    at_once(House::on_postgres().await).await;
}

#[tokio::test]
async fn the_account_is_found_by_number_or_by_line() {
    let house = House::new().await;
    let check = async |sid: &str, change: Value, wanted: Result<&str, &[&str]>| {
        let mut call = report();
        call["call_sid"] = json!(sid);
        for (name, value) in change.as_object().expect("an object") {
            call[name] = value.clone();
        }
        let reply = post(&house, &[("call", call.to_string().as_bytes())]).await;
        match wanted {
            Ok(number) => assert_eq!(reply.json()["data"]["account_number"], number, "{sid}"),
            Err(paths) => assert_eq!(reply.refused(422), paths, "{sid}"),
        }
    };
    check("number", json!({"account_number": "D2000"}), Ok("D2000")).await;
    check("line", json!({"account_number": null, "did_number": "+1 (561) 781-9977"}), Ok("W0411"))
        .await;
    check(
        "nobody's line",
        json!({"account_number": null, "did_number": "999"}),
        Err(&["did_number"]),
    )
    .await;
    check("nobody's number", json!({"account_number": "X"}), Err(&["account_number"])).await;
    check("neither", json!({"account_number": null, "did_number": null}), Err(&["account_number"]))
        .await;
    check("NUL", json!({"account_number": "a\u{0}b"}), Err(&["account_number"])).await;
}

#[tokio::test]
async fn a_bad_report_is_refused_with_its_fields_named() {
    let house = House::new().await;
    let check = async |call: Value, paths: &[&str]| {
        let text = call.to_string();
        let reply = post(&house, &[("call", text.as_bytes()), ("audio", &sound::wav(20))]).await;
        assert_eq!(reply.refused(422), paths, "{text}");
    };
    check(json!({}), &["call_sid", "started_at", "account_number"]).await;
    let mut call = report();
    call["call_sid"] = json!("");
    check(call, &["call_sid"]).await;
    let mut call = report();
    call["tenant"] = json!(2);
    call["started_at"] = json!("yesterday");
    call["from"] = json!(5);
    call["cdr"]["talk_sec"] = json!("6");
    call["cdr"]["id"] = json!(1);
    call["cdr"]["skill_id"] = json!(1);
    check(call, &["from", "started_at", "tenant", "cdr.skill_id", "cdr.talk_sec", "cdr.id"]).await;
    let mut call = report();
    call["cdr"]["wait_sec"] = json!(-1);
    check(call, &["cdr.wait_sec"]).await;
    let mut call = report();
    call["cdr"] = json!([]);
    check(call, &["cdr"]).await;

    let text = report().to_string();
    let wav = sound::wav(20);
    assert_eq!(post(&house, &[("audio", &wav)]).await.refused(422), ["call"]);
    let odd = post(&house, &[("call", text.as_bytes()), ("sound", &wav)]).await;
    assert_eq!(odd.refused(422), ["sound"]);
    let twice = post(&house, &[("call", text.as_bytes()), ("audio", &wav), ("audio", &wav)]).await;
    assert_eq!(twice.refused(422), ["audio"]);
    post(&house, &[("call", b"{")]).await.refused(400);
    post(&house, &[("call", b"[]")]).await.refused(400);
    let large = format!("{{\"call_sid\": \"{}\"}}", "x".repeat(1_000_001));
    post(&house, &[("call", large.as_bytes())]).await.refused(413);
    for key in [house.two.switch.1.as_str(), house.one.key.as_str(), "ls_x"] {
        let (kind, body) = multipart(&[("call", text.as_bytes())]);
        let request = ask(Method::POST, "one", "/hooks/v1/calls").token(key);
        house.send(request.header("content-type", &kind).body(body)).await.refused(401);
    }
    wait_for_no_audio(&house).await;
    assert_eq!(house.get("/v2/call-recordings").await.ids(), [0_i64; 0]);
}

/// Bytes of a refused report are removed after its answer.
async fn wait_for_no_audio(house: &House) {
    for _ in 0..1_000 {
        if audio_files(house) == 0 {
            return;
        }
        tokio::task::yield_now().await;
        tokio::task::spawn_blocking(|| ()).await.expect("a thread");
    }
    panic!("{:?}", files(house.world.folder.path()));
}

#[tokio::test]
async fn audio_that_is_none_is_refused_and_removed() {
    let house = House::new().await;
    let call = report().to_string();
    for none in [
        b"".to_vec(),
        b"This is no audio.".to_vec(),
        b"<!doctype html><script>alert(1)</script>".repeat(50),
        b"RIFF\0\0\0\0WAVE".to_vec(),
        [b"ID3\x04\0\0\0\0\0\0".to_vec(), b"text".repeat(1_000)].concat(),
        vec![0xff; 3_000_000],
    ] {
        let reply = post(&house, &[("call", call.as_bytes()), ("audio", &none)]).await;
        assert_eq!(reply.refused(422), ["audio"], "{:?}", &none[..none.len().min(20)]);
    }
    wait_for_no_audio(&house).await;
    let whole = post(&house, &[("call", call.as_bytes()), ("audio", &sound::wav(20))]).await;
    assert_eq!(whole.status, 201, "the call itself was not stored either");
}

#[tokio::test]
async fn a_body_that_is_malformed_or_broken_off_is_400() {
    let house = House::new().await;
    let call = report().to_string();
    let wav = sound::wav(200_000);
    let (kind, body) = multipart(&[("call", call.as_bytes()), ("audio", &wav)]);
    for length in [0, 10, 100, body.len() / 2, body.len() - 5] {
        let request = ask(Method::POST, "one", "/hooks/v1/calls").token(&house.one.switch.1);
        let request = request.header("content-type", &kind).body(body[..length].to_vec());
        house.send(request).await.refused(400);
    }
    wait_for_no_audio(&house).await;
}

/// A switch that hangs up in the middle, over a real connection.
#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing_behind() {
    let house = House::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = house.router().into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });

    let call = report().to_string();
    let (kind, body) = multipart(&[("call", call.as_bytes()), ("audio", &sound::wav(200_000))]);
    let head = |length: usize| {
        format!(
            "POST /hooks/v1/calls HTTP/1.1\r\nHost: one.liberty.example\r\n\
             Authorization: Bearer {}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n",
            house.one.switch.1,
        )
    };
    for part in [1_000, body.len() / 3, body.len() / 2, body.len() - 10] {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(head(body.len()).as_bytes()).await.expect("a head");
        stream.write_all(&body[..part]).await.expect("a part");
        stream.shutdown().await.expect("hung up");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an end");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(house.get("/v2/call-recordings").await.ids(), [0_i64; 0]);
    }
    wait_for_no_audio(&house).await;

    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(head(body.len()).as_bytes()).await.expect("a head");
    stream.write_all(&body).await.expect("all of it");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an end");
    assert!(answer.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(house.get("/v2/call-recordings").await.ids().len(), 1);
}

/// Where the child process finds the small disk: in its working directory.
const SMALL: &str = "small";
/// The room there: enough for small recordings, not for the large one.
const ROOM_BYTES: u64 = 16 * 1024 * 1024;
const SMALL_MS: u32 = 10_000;
const LARGE_MS: u32 = 1_100_000;

/// A full disk, for real: a small file system in a namespace of its own where the kernel allows one
/// to this user. Elsewhere no file of the process may be larger than the room; that holds for the
/// database too, whose files are far smaller.
#[test]
fn a_full_disk_is_507_and_room_again_is_enough() {
    if Path::new(SMALL).is_dir() {
        return on_the_small_disk();
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join(SMALL)).expect("a folder");
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(folder.path()).args(arguments).output().expect("a program")
    };
    let myself = std::env::current_exe().expect("a test");
    let name = "contract::hooks::a_full_disk_is_507_and_room_again_is_enough";
    let test = format!("exec '{}' --exact {name}", myself.display());
    let mount = format!("mount -t tmpfs -o size={ROOM_BYTES} none {SMALL}");
    let limit = format!("trap '' XFSZ; prlimit --pid $$ --fsize={ROOM_BYTES} && {test}");
    let can_mount = run("unshare", &["-rm", "sh", "-c", &mount]).status.success();
    let ran = match can_mount {
        true => run("unshare", &["-rm", "sh", "-c", &format!("{mount} && {test}")]),
        false => run("sh", &["-c", &limit]),
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{ran:?}");
}

#[tokio::main(flavor = "current_thread")]
async fn on_the_small_disk() {
    let house = House::new().await.with_audio_in(Path::new(SMALL));
    let report = |sid: &str| {
        let mut call = report();
        call["call_sid"] = json!(sid);
        call.to_string()
    };
    let send = async |sid: &str, ms: u32| {
        let call = report(sid);
        post(&house, &[("call", call.as_bytes()), ("audio", &sound::wav(ms))]).await
    };
    assert_eq!(send("first", SMALL_MS).await.status, StatusCode::CREATED);
    for _ in 0..3 {
        send("large", LARGE_MS).await.refused(507);
        assert_eq!(house.get("/v2/call-recordings").await.ids().len(), 1, "reads keep working");
        assert_eq!(files(Path::new(SMALL)).len(), 1, "nothing of it stays");
    }
    assert_eq!(send("next", SMALL_MS).await.status, StatusCode::CREATED, "without a restart");
    assert_eq!(
        send("large", SMALL_MS).await.status,
        StatusCode::CREATED,
        "it was not stored before"
    );
    for file in files(house.world.folder.path()) {
        let bytes = std::fs::metadata(&file).expect("a file").len();
        assert!(bytes < ROOM_BYTES / 2, "{} has {bytes} bytes, near the limit", file.display());
    }
}
