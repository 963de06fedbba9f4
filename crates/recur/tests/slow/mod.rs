//! Schedules worked out the slow way: every minute of every day is looked at, and asked whether it fires.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use recur::{Frequency, Instant, Recurrence, Rule, RuleParts, Time, Zone};

/// Random numbers that are the same in every run (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number from 0 to below `sides`.
    pub(crate) fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 1) as i64 % sides
    }

    fn is_one_in(&mut self, sides: i64) -> bool {
        self.roll(sides) == 0
    }

    fn some(&mut self, from: i64, to: i64) -> Vec<i64> {
        (0..1 + self.roll(3)).map(|_| from + self.roll(to - from + 1)).collect()
    }
}

/// A rule of that frequency with a few random parts, and times of day.
fn schedule(frequency: Frequency, dice: &mut Dice) -> (RuleParts, Vec<Time>) {
    let interval = if dice.is_one_in(3) { 1 } else { 1 + dice.roll(5) };
    let mut parts = RuleParts::every(frequency, interval);
    parts.week_start = dice.roll(7);
    if dice.is_one_in(3) || frequency == Frequency::Weekly {
        parts.day = dice.some(0, 6);
    }
    match frequency {
        Frequency::Monthly | Frequency::Yearly => match dice.roll(5) {
            0 => parts.day_of_month = dice.some(1, 31),
            1 => parts.day_of_month = dice.some(-31, -1),
            2 => parts.day_of_week = vec![(dice.roll(7), 1 + dice.roll(5))],
            3 => parts.day_of_week = vec![(dice.roll(7), -1 - dice.roll(5))],
            _ => parts.day.clear(),
        },
        Frequency::Hourly | Frequency::Minutely => {
            if dice.is_one_in(2) {
                parts.hour_of_day = dice.some(0, 23);
            }
            if dice.is_one_in(2) {
                parts.minute_of_hour = dice.some(0, 59);
            }
        }
        Frequency::Daily | Frequency::Weekly => {}
    }
    if frequency == Frequency::Yearly {
        match dice.roll(4) {
            0 => parts.month_of_year = dice.some(1, 12),
            1 => parts.day_of_year = dice.some(1, 366),
            2 => parts.day_of_year = dice.some(-366, -1),
            _ => {}
        }
    }
    // Clocks are changed at night: half of the times lie there.
    let mut times = Vec::new();
    if !is_elapsed(frequency) {
        for _ in 0..dice.roll(4) {
            let minutes = if dice.is_one_in(2) { 240 } else { 1_440 };
            times.extend(Time::from_minute_of_day(dice.roll(minutes) as u16));
        }
    }
    (parts, times)
}

fn is_elapsed(frequency: Frequency) -> bool {
    matches!(frequency, Frequency::Hourly | Frequency::Minutely)
}

/// What the clocks on the wall of a zone show, minute by minute, in minutes since 1970.
pub(crate) struct Walls {
    first: i64,
    shown: Vec<i64>,
}

impl Walls {
    /// From that minute since 1970 UTC on, for so many days. `None` where clocks show seconds of
    /// their own, as before there were time zones.
    pub(crate) fn of(zone: &TimeZone, first: i64, days: i64) -> Option<Self> {
        let mut shown = Vec::new();
        for minute in first..first + days * 1_440 {
            let at = Timestamp::from_second(minute * 60).unwrap();
            let offset = i64::from(zone.to_offset(at).seconds());
            if offset % 60 != 0 {
                return None;
            }
            shown.push(minute + offset / 60);
        }
        Some(Self { first, shown })
    }

    /// Whether all clock changes are of whole hours.
    fn changes_whole_hours(&self) -> bool {
        self.shown.windows(2).all(|pair| (pair[1] - pair[0] - 1) % 60 == 0)
    }
}

/// Every minute since 1970 UTC at which the schedule fires, over the walls; it starts with them.
fn enumerate(parts: &RuleParts, times: &[Time], walls: &Walls) -> Vec<i64> {
    let fires = if is_elapsed(parts.frequency) {
        by_elapsed_minutes(parts, walls)
    } else {
        by_readings(parts, times, walls)
    };
    fires.into_iter().collect()
}

/// Hourly and minutely rules: units that have passed since the start's.
fn by_elapsed_minutes(parts: &RuleParts, walls: &Walls) -> BTreeSet<i64> {
    let start = walls.shown[0];
    let unit = if parts.frequency == Frequency::Hourly { 60 } else { 1 };
    let mut fires = BTreeSet::new();
    for (elapsed, &wall) in (0..).zip(&walls.shown) {
        let units = (elapsed + start.rem_euclid(unit)) / unit;
        let (hour, minute) = (wall.rem_euclid(1_440) / 60, wall.rem_euclid(60));
        let is_hour = parts.hour_of_day.is_empty() || parts.hour_of_day.contains(&hour);
        let is_minute = match &parts.minute_of_hour[..] {
            [] => unit == 1 || minute == start.rem_euclid(60),
            minutes => minutes.contains(&minute),
        };
        if units % parts.interval == 0
            && is_hour
            && is_minute
            && is_date(parts, date(start), date(wall))
        {
            fires.insert(walls.first + elapsed);
        }
    }
    fires
}

/// The other rules: every reading of the clock in its turn, at the minute that shows it first.
///
/// What clocks set back show again has had its turn. What clocks set forward skip has its turn
/// after the jump, each reading as many minutes later as it comes after the first one skipped.
fn by_readings(parts: &RuleParts, times: &[Time], walls: &Walls) -> BTreeSet<i64> {
    let start = walls.shown[0];
    let minute_of_day = |reading: i64| reading.rem_euclid(1_440) as usize;
    let mut is_wanted = vec![false; 1_440];
    for time in times {
        is_wanted[usize::from(time.minute_of_day())] = true;
    }
    if times.is_empty() {
        is_wanted[minute_of_day(start)] = true;
    }
    let days: BTreeSet<i64> = walls.shown.iter().map(|wall| wall.div_euclid(1_440)).collect();
    let mut fires = BTreeSet::new();
    let mut shown_until = start - 1;
    for (minute, &wall) in (walls.first..).zip(&walls.shown) {
        for reading in shown_until + 1..=wall {
            if is_wanted[minute_of_day(reading)]
                && days.contains(&reading.div_euclid(1_440))
                && is_date(parts, date(start), date(reading))
            {
                let skipped = if reading < wall { reading - (shown_until + 1) } else { 0 };
                fires.insert(minute + skipped);
            }
        }
        shown_until = shown_until.max(wall);
    }
    fires
}

fn date(wall: i64) -> Date {
    jiff::civil::date(1970, 1, 1) + wall.div_euclid(1_440).days()
}

/// Whether a rule that started on `start` means this date.
fn is_date(parts: &RuleParts, start: Date, date: Date) -> bool {
    let weekday = |date: Date| i64::from(date.weekday().to_sunday_zero_offset());
    let said = |list: &[i64], holds: &dyn Fn(i64) -> bool| {
        list.is_empty() || list.iter().any(|&number| holds(number))
    };
    let (year, month, day) =
        (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let month_length = i64::from(date.days_in_month());
    let day_of_year = i64::from(date.day_of_year());
    let from_end = day_of_year - i64::from(date.days_in_year()) - 1;
    if !said(&parts.day, &|n| n == weekday(date))
        || !said(&parts.day_of_month, &|n| n == day || n == day - month_length - 1)
        || !said(&parts.day_of_year, &|n| n == day_of_year || n == from_end)
        || !said(&parts.month_of_year, &|n| n == month)
    {
        return false;
    }
    // Counting the weeks of the month, from either end.
    let nth = (1..=day).filter(|d| (day - d) % 7 == 0).count() as i64;
    let last_nth = (day..=month_length).filter(|d| (d - day) % 7 == 0).count() as i64;
    let is_nth = |&(w, n): &(i64, i64)| w == weekday(date) && (n == nth || -n == last_nth);
    if !parts.day_of_week.is_empty() && !parts.day_of_week.iter().any(is_nth) {
        return false;
    }
    let names_no_day = parts.day.is_empty()
        && parts.day_of_month.is_empty()
        && parts.day_of_week.is_empty()
        && parts.day_of_year.is_empty();
    let is_days_kept = day == i64::from(start.day()).min(month_length);
    let days = |from: Date, to: Date| i64::from((to - from).get_days());
    match parts.frequency {
        Frequency::Minutely | Frequency::Hourly => true,
        Frequency::Daily => days(start, date) % parts.interval == 0,
        Frequency::Weekly => {
            let week_of = |mut date: Date| {
                while weekday(date) != parts.week_start {
                    date -= 1.day();
                }
                date
            };
            let weeks = days(week_of(start), week_of(date)) / 7;
            weeks % parts.interval == 0 && (!names_no_day || weekday(date) == weekday(start))
        }
        Frequency::Monthly => {
            let months = (year - i64::from(start.year())) * 12 + month - i64::from(start.month());
            months % parts.interval == 0 && (!names_no_day || is_days_kept)
        }
        Frequency::Yearly => {
            let is_month_kept = month == i64::from(start.month())
                || !parts.month_of_year.is_empty()
                || !parts.day_of_year.is_empty();
            (year - i64::from(start.year())) % parts.interval == 0
                && is_month_kept
                && (!names_no_day || is_days_kept)
        }
    }
}

/// Compares the engine with the enumeration, and says how many occurrences were compared.
pub(crate) fn compare(name: &str, walls: &Walls, frequency: Frequency, dice: &mut Dice) -> usize {
    if is_elapsed(frequency) && !walls.changes_whole_hours() {
        return 0;
    }
    let (parts, times) = schedule(frequency, dice);
    let instant = |minute: i64| Instant::from_ms(minute * 60_000);
    let rule = Rule::new(parts.clone()).unwrap();
    let recurrence =
        Recurrence::new(rule, times.clone(), Zone::named(name).unwrap(), instant(walls.first));
    // What a gap at the very end moves is not seen by the enumeration.
    let end = walls.first + walls.shown.len() as i64 - 2 * 1_440;
    let slow = enumerate(&parts, &times, walls);
    let slow: Vec<Instant> = slow.into_iter().filter(|&at| at < end).map(instant).collect();
    let fast: Vec<Instant> =
        recurrence.occurrences(Instant::MIN).take_while(|&at| at < instant(end)).collect();
    if slow != fast {
        let differs = slow.iter().zip(&fast).position(|(slow, fast)| slow != fast);
        let at = differs.unwrap_or(slow.len().min(fast.len()));
        panic!(
            "{name} from {}: {parts:?} at {times:?}\n  slow {:?}\n  fast {:?}",
            instant(walls.first),
            &slow[at..slow.len().min(at + 3)],
            &fast[at..fast.len().min(at + 3)],
        );
    }
    // Asked from anywhere, the engine gives the same.
    for _ in 0..20 {
        let after = instant(walls.first + dice.roll(end - walls.first)).plus_ms(dice.roll(60_000));
        let next = slow.get(slow.partition_point(|&at| at <= after)).copied();
        let found = recurrence.next(after).filter(|&at| at < instant(end));
        assert_eq!(found, next, "{name}: {parts:?} at {times:?} after {after}");
    }
    slow.len()
}

/// Every zone of the database, but for the stand-in for no zone.
pub(crate) fn zone_names() -> Vec<String> {
    let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    names.filter(|name| name != "Etc/Unknown").collect()
}

/// A random minute since 1970, in the years 1973 to 2034.
pub(crate) fn some_minute(dice: &mut Dice) -> i64 {
    3 * 525_960 + dice.roll(62 * 525_960)
}
