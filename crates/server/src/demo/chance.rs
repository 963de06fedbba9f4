//! Chance that is the same each time: the demo looks alike on every machine.

/// A small generator of numbers (splitmix64, public domain).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` up to but not including `high`, which is greater.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).max(1);
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// True in that many of a hundred cases.
    pub(crate) fn percent(&mut self, cases: i64) -> bool {
        self.between(0, 100) < cases
    }

    /// One of these; there is at least one.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let count = i64::try_from(of.len()).unwrap_or(1);
        &of[usize::try_from(self.between(0, count)).unwrap_or(0)]
    }

    /// One of these words.
    pub(crate) fn word(&mut self, of: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(of)
    }

    /// One of the parts of `a|b|c`.
    pub(crate) fn part<'a>(&mut self, text: &'a str) -> &'a str {
        let parts: Vec<&str> = text.split('|').collect();
        self.pick::<&str>(&parts)
    }
}
