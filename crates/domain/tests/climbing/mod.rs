//! Reliability R16 and R11 for escalation: seeded histories, with what must hold after each step.
//! `cargo run --release -p domain --example climbing -- 1000000` lives through more of them.

mod live;
mod model;

use live::{Told, live};

/// Histories of a normal run of the tests.
const HISTORIES: u64 = 40_000;

#[test]
fn what_must_hold_holds_in_every_history() {
    let told = (0..HISTORIES).map(live).fold(Told::default(), Told::plus);
    // The histories are not empty: all that can happen happens often.
    let least = HISTORIES / 20;
    let counts = [told.ups, told.exhausted, told.in_hand, told.again, told.edited];
    assert!(counts.iter().all(|count| *count > least), "{told:?}");
}

#[test]
fn a_history_follows_from_its_seed() {
    assert_eq!(live(42), live(42));
}
