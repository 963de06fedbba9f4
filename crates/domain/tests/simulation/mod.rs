//! Reliability R16: seeded histories of scheduler and delivery, with what must hold after each step.
//! `cargo run --release -p domain --example simulation -- 1000000` lives through more of them.

mod invariants;
mod model;

use invariants::{Told, live};

/// Histories of a normal run of the tests.
const HISTORIES: u64 = 100_000;

#[test]
fn what_must_hold_holds_in_every_history() {
    check(0..HISTORIES / 2);
}

#[test]
fn what_must_hold_holds_in_as_many_more() {
    check(HISTORIES / 2..HISTORIES);
}

fn check(seeds: std::ops::Range<u64>) {
    let told = seeds.map(live).fold(Told::default(), Told::plus);
    // The histories are not empty: much is sent, tried again, and doubled with a flag.
    assert!(told.sends > 50_000 && told.attempts > told.sends && told.doubled > 100, "{told:?}");
}

#[test]
fn a_history_follows_from_its_seed() {
    assert_eq!(live(42), live(42));
}
