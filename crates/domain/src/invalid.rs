//! What is wrong with an input: every field at once, each with its rule in a sentence.

use std::fmt;

/// The faults found in one input. An empty list means that it is sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    faults: Vec<(String, String)>,
}

impl Invalid {
    /// No fault found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One fault: the path of the field (`schedule.interval`) and the rule that it breaks.
    pub fn field(path: impl Into<String>, rule: impl Into<String>) -> Self {
        let mut invalid = Self::new();
        invalid.add(path, rule);
        invalid
    }

    /// Adds a fault.
    pub fn add(&mut self, path: impl Into<String>, rule: impl Into<String>) {
        self.faults.push((path.into(), rule.into()));
    }

    /// Adds a fault unless `holds`.
    pub fn require(&mut self, holds: bool, path: &str, rule: &str) {
        if !holds {
            self.add(path, rule);
        }
    }

    /// `Ok(value)` if nothing was found, else the faults.
    pub fn or<T>(self, value: T) -> Result<T, Invalid> {
        if self.faults.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// The faults in the order in which they were found: field path, sentence.
    pub fn faults(&self) -> impl Iterator<Item = (&str, &str)> {
        self.faults.iter().map(|(path, rule)| (path.as_str(), rule.as_str()))
    }

    /// The first sentence about a field, for a form that shows one beside each input.
    pub fn about(&self, path: &str) -> Option<&str> {
        self.faults().find(|(at, _)| *at == path).map(|(_, rule)| rule)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (path, rule)) in self.faults().enumerate() {
            let gap = if i == 0 { "" } else { "; " };
            write!(f, "{gap}{path} {rule}")?;
        }
        Ok(())
    }
}
