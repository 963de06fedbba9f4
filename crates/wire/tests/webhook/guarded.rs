//! Reliability S6: listeners on inner addresses count who comes, and nobody may.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::webhook::Guard;
use testkit::webhooks::Instead;
use wire::webhook::Poster;

use super::{names, only, open, post, poster, receiver};

const NOT_ALLOWED: &str = "It leads to an address that is not allowed.";

/// A listener that counts who comes, and hangs up.
struct Trap {
    came: Arc<AtomicUsize>,
    port: u16,
}

impl Trap {
    /// On an address, or on all of them for `::`.
    fn set(host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("a port of loopback");
        let port = listener.local_addr().expect("its address").port();
        let came = Arc::new(AtomicUsize::new(0));
        let counter = came.clone();
        std::thread::spawn(move || {
            while listener.accept().is_ok() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Trap { came, port }
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

/// Public addresses only, over HTTP too so that nothing but the address can be the reason.
fn strict(lookup: wire::webhook::Lookup) -> Poster {
    poster(Guard { allow_http: true, ..Guard::default() }, 2_000, lookup)
}

#[tokio::test]
async fn the_trap_counts_whoever_is_let_in() {
    let trap = Trap::set("127.0.0.1");
    let url = format!("http://127.0.0.1:{}/", trap.port);
    open().post(&post(&url)).await;
    assert_eq!(trap.came(), 1);
}

#[tokio::test]
async fn no_spelling_of_an_inner_address_is_connected_to() {
    let trap = Trap::set("::");
    let poster = strict(wire::webhook::system());
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7F.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.1.2.3",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "１２７.０.０.１",
        "localhost",
        "LocalHost.",
        "x.localhost",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "172.16.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
    ] {
        let url = format!("http://{host}:{}/", trap.port);
        let answer = poster.post(&post(&url)).await;
        assert_eq!(answer.status, None, "{host}");
        assert_eq!(
            answer.detail, "Its URL must not lead to an address that is not allowed.",
            "{host}"
        );
    }
    for url in [
        format!("http://example.com@127.0.0.1:{}/", trap.port),
        format!("http://example.com:80\\@127.0.0.1:{}/", trap.port),
        format!("gopher://127.0.0.1:{}/", trap.port),
        format!("file://127.0.0.1:{}/etc/passwd", trap.port),
        format!("http://127.0.0.1:{}#@example.com/", trap.port),
    ] {
        assert_eq!(poster.post(&post(&url)).await.status, None, "{url}");
    }
    assert_eq!(trap.came(), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let trap = Trap::set("::");
    for inside in [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "::",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "fd00::1",
        "fe80::1",
        "64:ff9b::7f00:1",
    ] {
        let address: IpAddr = inside.parse().expect(inside);
        let poster = strict(names(move |_| vec![address]));
        let url = format!("http://hooks.example:{}/", trap.port);
        let answer = poster.post(&post(&url)).await;
        assert_eq!((answer.status, answer.detail.as_str()), (None, NOT_ALLOWED), "{inside}");
    }
    let nowhere = strict(names(|_| Vec::new())).post(&post("http://hooks.example/")).await;
    assert_eq!(nowhere.detail, "Its name leads nowhere.");
    assert_eq!(trap.came(), 0);
}

#[tokio::test]
async fn a_name_that_changes_between_a_look_and_its_use_gains_nothing() {
    // Where 127.0.0.9 stands for the public address of a receiver, and 127.0.0.1 for what is inside.
    let receiver = receiver("127.0.0.9");
    let trap = Trap::set("127.0.0.1");
    assert_eq!(trap.came(), 0);
    let (public, inner) = (Ipv4Addr::new(127, 0, 0, 9), Ipv4Addr::LOCALHOST);
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let port = trap.port;
    // The first answer is the one that looks good, each later one is the attack.
    let rebinding = names(move |_| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => vec![public.into()],
        _ => vec![inner.into()],
    });
    let found = rebinding("hooks.example".to_owned()).await.expect("a look");
    assert_eq!(found, [IpAddr::from(public)], "whoever looks first sees nothing wrong");
    let poster = only(public, rebinding);
    let url = format!("http://hooks.example:{port}/");
    for _ in 0..5 {
        assert_eq!(poster.post(&post(&url)).await.detail, NOT_ALLOWED);
    }
    assert_eq!((trap.came(), asked.load(Ordering::SeqCst)), (0, 6), "one look for each post");

    // Both at once: only the one that is let is connected to, whichever comes first.
    for addresses in [[public, inner], [inner, public]] {
        let both = names(move |_| addresses.map(IpAddr::from).to_vec());
        let url = format!("http://hooks.example:{}/", receiver.port());
        assert!(only(public, both).post(&post(&url)).await.is_taken());
    }
    assert_eq!((trap.came(), receiver.seen().len()), (0, 2));
}

#[tokio::test]
async fn a_redirect_inside_is_not_followed() {
    let receiver = receiver("127.0.0.9");
    let trap = Trap::set("::");
    let public = Ipv4Addr::new(127, 0, 0, 9);
    let inside = names(|_| vec![Ipv4Addr::LOCALHOST.into()]);
    let poster = only(public, inside);
    let port = trap.port;
    for to in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://169.254.169.254:{port}/latest/meta-data/"),
        format!("http://hooks.example:{port}/"),
        format!("http://ann:pw@127.0.0.9:{port}/"),
        "http://127.0.0.9:22/".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("gopher://127.0.0.1:{port}/"),
        "http://".to_owned(),
    ] {
        for status in [307, 308] {
            receiver.behave();
            let there = Instead::Answer(status, vec![("location", to.clone())], String::new());
            receiver.rule("", &there, None);
            let url = receiver.url("/");
            let answer = poster.post(&post(&url)).await;
            assert!(!answer.is_taken(), "{to}");
            assert!(!answer.detail.contains("127.0.0"), "{to}: {}", answer.detail);
        }
    }
    assert_eq!(trap.came(), 0);
    assert_eq!(receiver.seen().len(), 26);
}

#[tokio::test]
async fn a_redirect_to_plain_http_is_not_followed_where_https_is_the_rule() {
    let guard = Guard { allow_private: true, ..Guard::default() };
    let poster = poster(guard, 2_000, wire::webhook::system());
    let answer = poster.post(&post("http://127.0.0.1:9999/")).await;
    assert_eq!(answer.detail, "Its URL must begin with https://.");
}
