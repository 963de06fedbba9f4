//! Lives through as many histories of scheduler and delivery as it is told: `simulation [N [SEED]]`.

#![expect(clippy::print_stdout, reason = "its figures are its answer")]
#![expect(clippy::disallowed_methods, reason = "its command line says how many")]

#[path = "../tests/simulation/invariants.rs"]
mod invariants;
#[path = "../tests/simulation/model.rs"]
mod model;

use invariants::{Told, live};

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>().expect("a number"));
    let count = words.next().unwrap_or(1_000_000);
    let first = words.next().unwrap_or(0);
    let told = (first..first + count).map(live).fold(Told::default(), Told::plus);
    let Told { occurrences, sends, attempts, doubled } = told;
    println!(
        "{count} histories from seed {first}: {occurrences} occurrences, {sends} deliveries, \
         {attempts} attempts, 0 lost, {doubled} doubled and flagged"
    );
}
