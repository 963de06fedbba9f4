//! A sample of zones, years and rules, compared with a schedule that is worked out minute by minute.
//!
//! `cargo run --release -p recur --example zones` compares all zones over three years.

use super::slow::{Dice, Walls, compare, some_minute, zone_names};
use jiff::tz::TimeZone;
use recur::Frequency;

const SAMPLES: usize = 25;
const DAYS: i64 = 60;

#[test]
fn the_engine_fires_exactly_when_a_look_at_every_minute_says_so() {
    let mut dice = Dice(2_026);
    let names = zone_names();
    assert!(names.len() > 400);
    let mut compared = 0;
    for _ in 0..SAMPLES {
        let name = &names[dice.roll(names.len() as i64) as usize];
        let zone = TimeZone::get(name).unwrap();
        // Half of the samples begin shortly before the clocks are set, where there is such a day.
        let mut first = some_minute(&mut dice);
        if let Some(change) =
            zone.following(jiff::Timestamp::from_second(first * 60).unwrap()).next()
        {
            first = change.timestamp().as_second() / 60 - dice.roll(15 * 1_440);
        }
        let Some(walls) = Walls::of(&zone, first, DAYS) else { continue };
        for frequency in Frequency::ALL {
            compared += compare(name, &walls, frequency, &mut dice);
        }
    }
    assert!(compared > 10_000, "{compared}");
}
