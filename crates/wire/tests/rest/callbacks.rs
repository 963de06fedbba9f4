//! What the carrier posts to us, from its request to the report; the signature is its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use serde_json::json;
use testkit::sms_http::Command;
use wire::rest::{self, Callbacks, Pressed};
use wire::{Reach, Report};

use super::{call, carrier, peer, sms};

/// A web server for one callback: what was posted to it, and with which signature.
struct Ear {
    url: String,
    heard: JoinHandle<(Vec<(String, String)>, String)>,
}

fn ear() -> Ear {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a callback");
        let mut bytes = Vec::new();
        let (head, body) = loop {
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).expect("a request");
            bytes.extend_from_slice(&chunk[..read]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = header(head, "content-length").and_then(|length| length.parse().ok());
            if length.is_some_and(|length: usize| body.len() >= length) {
                break (head.to_owned(), body.to_owned());
            }
        };
        let answer = rest::twiml::empty();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
            .expect("an answer");
        let params = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        (params, header(&head, "x-twilio-signature").unwrap_or_default())
    });
    Ear { url: format!("http://127.0.0.1:{port}/hooks/7?a=1&b=2"), heard }
}

fn header(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
}

impl Ear {
    /// The parameters, once they are known to be signed.
    fn signed(self) -> Vec<(String, String)> {
        let (params, signature) = self.heard.join().expect("a callback");
        assert!(rest::is_signed("token", &self.url, &params, &signature));
        assert!(!rest::is_signed("another", &self.url, &params, &signature));
        params
    }
}

#[tokio::test]
async fn a_message_is_reported_on_under_its_reference() {
    for (status, fields, result) in [
        ("delivered", json!({}), Ok(Reach::Handset)),
        (
            "undelivered",
            json!({ "ErrorCode": "30006" }),
            Err("The number is a landline, or its carrier cannot be reached (undelivered, error \
                 30006)."
                .to_owned()),
        ),
    ] {
        let (peer, ear) = (peer(), ear());
        let accepted = carrier(&peer).text(&sms(), Some(&ear.url)).await.expect("taken");
        let reference = accepted.references[0].clone();
        let sid = reference.clone();
        let told = peer.tell(&Command::Status { sid, status, fields });
        assert_eq!(
            (told["status"].as_u64(), told["body"].as_str()),
            (Some(200), Some(rest::twiml::empty().as_str()))
        );
        assert_eq!(rest::report(&ear.signed()), Some(Report::Progress { reference, result }));
    }
}

#[tokio::test]
async fn a_call_is_reported_on_and_hears_a_key() {
    let peer = peer();
    let (status, gather) = (ear(), ear());
    let callbacks = Callbacks { status: Some(&status.url), gather: Some(&gather.url) };
    let accepted = carrier(&peer).call(&call(), callbacks).await.expect("taken");
    let reference = accepted.references[0].clone();
    peer.tell(&Command::Press { sid: reference.clone(), key: '1' });
    let params = gather.signed();
    assert_eq!(rest::pressed(&params), Some(Pressed { reference: reference.clone(), key: '1' }));
    let fields = json!({ "AnsweredBy": "human" });
    peer.tell(&Command::Status { sid: reference.clone(), status: "completed", fields });
    let params = status.signed();
    assert_eq!(
        rest::report(&params),
        Some(Report::Progress { reference, result: Ok(Reach::Person) })
    );
    assert_eq!(rest::pressed(&params), None);
}

#[tokio::test]
async fn a_text_from_somebody_arrives_as_it_was_written() {
    let peer = peer();
    let ear = ear();
    let [from, to, text] = ["+15550001111", "+15550009999", "STOP 🙏 & ü"].map(str::to_owned);
    let command = Command::Inbound {
        url: ear.url.clone(),
        from: from.clone(),
        to: to.clone(),
        text: text.clone(),
    };
    peer.tell(&command);
    match rest::report(&ear.signed()) {
        Some(Report::Inbound { reference, from: f, to: t, text: x }) => {
            assert!(reference.starts_with("SM"));
            assert_eq!((f, t, x), (from, to, text));
        }
        other => panic!("{other:?}"),
    }
}
