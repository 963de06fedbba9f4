//! Four weeks of shifts as a picture: a row for each week, a bar for each shift.

use domain::on_call::Shift;
use domain::{ContactId, Date, Instant, Zone};

/// Weeks that are shown.
pub(crate) const WEEKS: usize = 4;
/// The width of a day, in units of the picture.
const DAY: f64 = 120.0;
/// The height of a week.
const WEEK: f64 = 64.0;
/// How wide a letter of a bar is, about.
const LETTER: f64 = 7.4;
/// People told apart by their colour; beyond, colours come again, and names tell them apart.
const COLOURS: usize = 6;

/// Four weeks, Monday to Sunday. The table beneath says the same for those who read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Calendar {
    pub(crate) weeks: Vec<CalendarWeek>,
    pub(crate) height: f64,
}

/// A week of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CalendarWeek {
    pub(crate) y: f64,
    pub(crate) days: Vec<CalendarDay>,
    pub(crate) bars: Vec<ShiftBar>,
    /// Where now is, in this week.
    pub(crate) now: Option<f64>,
}

/// A day of a week.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CalendarDay {
    pub(crate) x: f64,
    /// `Mon, Jan 6`.
    pub(crate) label: String,
    pub(crate) is_today: bool,
}

/// A shift, or the part of one that lies in a week.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShiftBar {
    pub(crate) x: f64,
    pub(crate) width: f64,
    /// The name, as much of it as fits.
    pub(crate) label: String,
    /// All of it: name, times.
    pub(crate) title: String,
    /// `p0` to `p5`, `gap`, `off`.
    pub(crate) class: String,
}

/// The Monday of the week of an instant.
pub(crate) fn monday(at: Instant, zone: &Zone) -> Date {
    let date = zone.date(at);
    // 1970-01-05 was a Monday.
    let ahead = (date.days_since_1970() + 3).rem_euclid(7);
    date.plus_days(-ahead).unwrap_or(date)
}

/// The first instant of the four weeks, and the one after their last.
pub(crate) fn bounds(now: Instant, zone: &Zone) -> (Instant, Instant) {
    let first = monday(now, zone);
    let end = first.plus_days(7 * WEEKS as i64).unwrap_or(Date::MAX);
    (zone.day_start(first), zone.day_start(end))
}

impl Calendar {
    /// The picture of shifts, given the name of each person.
    pub(crate) fn of<'n>(
        shifts: &[Shift],
        now: Instant,
        zone: &Zone,
        name: impl Fn(Option<ContactId>) -> &'n str,
    ) -> Self {
        let mut people: Vec<ContactId> = Vec::new();
        for id in shifts.iter().filter_map(|shift| shift.contact_id) {
            if !people.contains(&id) {
                people.push(id);
            }
        }
        let class = |shift: &Shift| match shift.contact_id {
            Some(id) => {
                let place = people.iter().position(|other| *other == id).unwrap_or_default();
                format!("p{}", place % COLOURS)
            }
            None if shift.is_gap() => "gap".to_owned(),
            None => "off".to_owned(),
        };
        let first = monday(now, zone);
        let mut weeks = Vec::new();
        for number in 0..WEEKS {
            let dates: Vec<Date> =
                (0..7).filter_map(|day| first.plus_days(7 * number as i64 + day)).collect();
            let starts: Vec<Instant> = dates.iter().map(|date| zone.day_start(*date)).collect();
            let Some(last) = dates.last() else { break };
            let ends = [&starts[1..], &[zone.day_end(*last)]].concat();
            let place = |at: Instant| place(at, &starts, &ends);
            let (begin, end) = (starts[0], ends[ends.len() - 1]);
            let bars = shifts.iter().filter(|it| it.from < end && it.until > begin).map(|shift| {
                let (x, right) = (place(shift.from), place(shift.until));
                let name = name(shift.contact_id);
                ShiftBar {
                    x: x + 1.0,
                    width: (right - x - 2.0).max(1.0),
                    label: fitting(name, right - x),
                    title: format!("{name}: {}", super::words::span(shift.from, shift.until, zone)),
                    class: class(shift),
                }
            });
            let today = zone.date(now);
            let day = |(at, date): (usize, &Date)| CalendarDay {
                x: at as f64 * DAY,
                label: format!("{}, {}", date.weekday(), short(*date)),
                is_today: *date == today,
            };
            weeks.push(CalendarWeek {
                y: number as f64 * WEEK,
                bars: bars.collect(),
                days: dates.iter().enumerate().map(day).collect(),
                now: (begin <= now && now < end).then(|| place(now)),
            });
        }
        let height = weeks.len() as f64 * WEEK;
        Calendar { weeks, height }
    }
}

/// Where an instant lies in a week.
fn place(at: Instant, starts: &[Instant], ends: &[Instant]) -> f64 {
    let days = starts.iter().zip(ends).enumerate();
    let mut x = 0.0;
    for (day, (start, end)) in days {
        let length = end.ms_since(*start).max(1) as f64;
        let part = (at.ms_since(*start) as f64 / length).clamp(0.0, 1.0);
        if at >= *start {
            x = (day as f64 + part) * DAY;
        }
    }
    (x * 10.0).round() / 10.0
}

/// As much of a name as a bar has room for.
fn fitting(name: &str, width: f64) -> String {
    let room = ((width - 12.0) / LETTER).max(0.0) as usize;
    let length = name.chars().count();
    match room {
        room if length <= room => name.to_owned(),
        0..=2 => String::new(),
        room => name.chars().take(room - 1).chain(['…']).collect(),
    }
}

/// `Jan 6`.
fn short(date: Date) -> String {
    let words = date.in_words().to_string();
    words.split(',').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use domain::on_call::Why;

    use super::*;

    #[test]
    fn bars_lie_where_their_shifts_do_also_in_a_week_whose_clocks_change() {
        let zone = Zone::named("America/New_York").unwrap();
        let at = |text: &str| Instant::parse(text).unwrap();
        // Monday, 3 March 2025; the clocks go forward on Sunday, the 9th.
        let now = at("2025-03-05T17:00:00Z");
        let (from, until) = bounds(now, &zone);
        assert_eq!((from, until), (at("2025-03-03T05:00:00Z"), at("2025-03-31T04:00:00Z")));
        let shift = |from, until, id: Option<i64>| Shift {
            contact_id: id.map(ContactId),
            from,
            until,
            why: Why::Nobody,
        };
        let noon = at("2025-03-09T16:00:00Z");
        let shifts = [shift(from, noon, Some(7)), shift(noon, until, None)];
        let drawn = Calendar::of(&shifts, now, &zone, |_| "Somebody with a long name");
        let first = &drawn.weeks[0];
        assert_eq!(first.bars.len(), 2);
        // Sunday has 23 hours: noon is 11 of them in.
        assert_eq!(
            first.bars[0].width,
            6.0 * DAY + (DAY * 11.0 / 23.0 * 10.0).round() / 10.0 - 2.0
        );
        assert_eq!((first.bars[0].class.as_str(), first.bars[1].class.as_str()), ("p0", "gap"));
        assert_eq!(first.now, Some(2.5 * DAY));
        assert_eq!(first.days[2].label, "Wed, Mar 5");
        assert_eq!(drawn.weeks[3].bars.len(), 1);
        assert_eq!(first.bars[1].label, "Someb…");
    }
}
