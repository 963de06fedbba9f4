//! Lives through as many histories of escalation as it is told: `climbing [N [SEED]]`.

#![expect(clippy::print_stdout, reason = "its figures are its answer")]
#![expect(clippy::disallowed_methods, reason = "its command line says how many")]

#[path = "../tests/climbing/live.rs"]
mod live;
#[path = "../tests/climbing/model.rs"]
mod model;

use live::{Told, live};

fn main() {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>().expect("a number"));
    let count = words.next().unwrap_or(1_000_000);
    let first = words.next().unwrap_or(0);
    let told = (first..first + count).map(live).fold(Told::default(), Told::plus);
    let Told { ups, exhausted, in_hand, again, edited } = told;
    println!(
        "{count} histories from seed {first}: {ups} levels up, {exhausted} to the agents, {in_hand} \
         acknowledged or closed, {again} told again, {edited} with an edited policy; 0 lost, 0 told \
         after somebody had it in hand"
    );
}
