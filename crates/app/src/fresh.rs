//! Values that were read a moment ago, so that not every request reads them anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Instant;

/// How long a value may be used without being read again, in milliseconds: a change made on
/// another node (a revoked key, say) is seen here within this time.
const FRESH_MS: i64 = 1_000;

/// Values that are remembered at once; beyond, the stale ones are forgotten.
const REMEMBERED: usize = 10_000;

/// Remembers values by key for a second.
#[derive(Debug)]
pub(crate) struct Fresh<V> {
    values: Mutex<HashMap<String, (Instant, V)>>,
}

impl<V> Default for Fresh<V> {
    fn default() -> Self {
        Fresh { values: Mutex::default() }
    }
}

impl<V: Clone> Fresh<V> {
    /// The value of a key, unless it was read too long ago or never. A clock that was set back
    /// makes it stale too.
    pub(crate) fn at(&self, key: &str, now: Instant) -> Option<V> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = values.get(key)?;
        (0..FRESH_MS).contains(&now.ms_since(*read_at)).then(|| value.clone())
    }

    /// Remembers what was read just now.
    pub(crate) fn keep(&self, key: String, value: V, now: Instant) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if values.len() >= REMEMBERED {
            values.retain(|_, (read_at, _)| (0..FRESH_MS).contains(&now.ms_since(*read_at)));
        }
        if values.len() < REMEMBERED {
            values.insert(key, (now, value));
        }
    }

    /// Forgets all values that `gone` picks.
    pub(crate) fn forget(&self, gone: impl Fn(&V) -> bool) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|_, (_, value)| !gone(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_used_for_a_second_only() {
        let fresh = Fresh::default();
        fresh.keep("a".to_owned(), 1, Instant::from_ms(5_000));
        let at = |ms| fresh.at("a", Instant::from_ms(ms));
        assert_eq!((at(4_999), at(5_000), at(5_999), at(6_000)), (None, Some(1), Some(1), None));
        fresh.forget(|value| *value == 1);
        assert_eq!(at(5_000), None);
    }

    #[test]
    fn it_never_remembers_more_than_its_limit() {
        let fresh = Fresh::default();
        for i in 0..REMEMBERED + 10 {
            fresh.keep(i.to_string(), i, Instant::from_ms(0));
        }
        assert_eq!(fresh.at(&REMEMBERED.to_string(), Instant::from_ms(0)), None);
        fresh.keep("later".to_owned(), 7, Instant::from_ms(10_000));
        assert_eq!(fresh.at("later", Instant::from_ms(10_000)), Some(7));
    }
}
