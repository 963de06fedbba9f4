//! Compares all zones over three years with schedules that are worked out minute by minute.

#![expect(clippy::print_stdout, reason = "it prints what it compared")]
#![expect(clippy::unwrap_used, reason = "a comparison that cannot find its zones must fail")]

use jiff::tz::TimeZone;
use recur::Frequency;
use slow::{Dice, Walls, compare, some_minute, zone_names};

#[path = "../tests/slow/mod.rs"]
mod slow;

const DAYS: i64 = 3 * 366;
const RULES_OF_A_KIND: usize = 2;

fn main() {
    let mut dice = Dice(1);
    let (mut zones, mut rules, mut occurrences) = (0, 0, 0);
    for name in zone_names() {
        let zone = TimeZone::get(&name).unwrap();
        let Some(walls) = Walls::of(&zone, some_minute(&mut dice), DAYS) else { continue };
        for frequency in Frequency::ALL {
            for _ in 0..RULES_OF_A_KIND {
                occurrences += compare(&name, &walls, frequency, &mut dice);
                rules += 1;
            }
        }
        zones += 1;
    }
    println!(
        "{zones} zones, {rules} rules over three years, {occurrences} occurrences: all equal."
    );
}
