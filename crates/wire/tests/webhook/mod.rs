//! Webhooks against a receiver on loopback: signed, answered, and never posted to where they must not.

mod accepted;
mod guarded;
mod refused;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use domain::webhook::Guard;
use testkit::webhooks::Receiver;
use wire::Secret;
use wire::webhook::{HookPost, HookSettings, Lookup, Poster};

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfqALPOWSw=";
const OLD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW_S: i64 = 1_737_497_300;
const BODY: &str = "{\"type\":\"message.created\",\"timestamp\":\"2025-01-21T22:08:20.671Z\",\
    \"data\":{\"status\":\"pending\",\"receiver_name\":\"Zoë\"}}";

/// A resolver in which every name has the addresses that a function gives.
fn names(addresses: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Lookup {
    Arc::new(move |name| {
        let found = addresses(&name);
        Box::pin(async move { Ok(found) })
    })
}

fn poster(guard: Guard, timeout_ms: u64, lookup: Lookup) -> Poster {
    let timeout = Duration::from_millis(timeout_ms);
    Poster::new(HookSettings { guard, timeout, extra_roots: None, lookup }).expect("sound settings")
}

/// Lets everything, as an operator may who keeps to a network of its own.
fn open() -> Poster {
    let guard = Guard { allow_http: true, allow_private: true, ..Guard::default() };
    poster(guard, 10_000, wire::webhook::system())
}

fn hasty() -> Poster {
    let guard = Guard { allow_http: true, allow_private: true, ..Guard::default() };
    poster(guard, 400, wire::webhook::system())
}

/// Lets public addresses and this one of loopback.
fn only(host: Ipv4Addr, lookup: Lookup) -> Poster {
    let allow_networks = vec![IpAddr::from(host).into()];
    poster(Guard { allow_http: true, allow_private: false, allow_networks }, 10_000, lookup)
}

fn post(url: &str) -> HookPost<'_> {
    let secrets = vec![Secret::new(SECRET)];
    HookPost { url, id: "evt_1", timestamp_s: NOW_S, body: BODY, secrets }
}

fn receiver(host: &str) -> Receiver {
    let receiver = Receiver::start(host);
    receiver.know(&[SECRET, OLD_SECRET], NOW_S * 1_000);
    receiver
}
