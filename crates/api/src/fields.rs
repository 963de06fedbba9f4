//! The fields of a JSON object: taken out one by one, and all that is wrong with them told at once.

use domain::{Invalid, limits};
use serde_json::{Map, Value};

/// What is said of a field that is none of a body's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownFields {
    /// It is a fault.
    Refused,
    /// It is a fault unless it is null.
    RefusedUnlessNull,
    /// Nothing.
    Ignored,
}

/// The fields of an object that are not taken out yet, and what is wrong with those that were.
#[derive(Debug)]
pub(crate) struct Fields {
    prefix: String,
    object: Map<String, Value>,
    unknown: UnknownFields,
    invalid: Invalid,
    /// What is wrong within objects of this one: said last.
    within: Invalid,
}

impl Fields {
    /// The fields of a body.
    pub(crate) fn of(object: Map<String, Value>, unknown: UnknownFields) -> Self {
        Self::at(String::new(), object, unknown)
    }

    fn at(prefix: String, object: Map<String, Value>, unknown: UnknownFields) -> Self {
        Fields { prefix, object, unknown, invalid: Invalid::new(), within: Invalid::new() }
    }

    /// The fields of a body, or of the object `name` in it where `is_wrapped`.
    pub(crate) fn unwrapped(
        mut object: Map<String, Value>,
        name: &str,
        is_wrapped: bool,
        unknown: UnknownFields,
    ) -> Result<Self, Invalid> {
        match is_wrapped.then(|| object.shift_remove(name)).flatten() {
            Some(Value::Object(inner)) => Ok(Self::at(format!("{name}."), inner, unknown)),
            Some(_) => Err(Invalid::field(name, "must be an object")),
            None => Ok(Self::of(object, unknown)),
        }
    }

    /// What leads to these fields in a path.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Adds a fault of a field.
    pub(crate) fn add(&mut self, name: &str, rule: &str) {
        self.invalid.add(format!("{}{name}", self.prefix), rule);
    }

    /// Adds what `check` finds wrong with the text of a field.
    pub(crate) fn check(&mut self, name: &str, text: &str, check: fn(&mut Invalid, &str, &str)) {
        check(&mut self.invalid, &format!("{}{name}", self.prefix), text);
    }

    /// Takes out a field that `read` can read; what it cannot is told `rule`.
    pub(crate) fn take<T>(
        &mut self,
        name: &str,
        rule: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Option<T> {
        let taken = read(self.object.shift_remove(name)?);
        if taken.is_none() {
            self.add(name, rule);
        }
        taken
    }

    /// Whether a field is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// Adds a fault unless a field is given, and not as null.
    pub(crate) fn require(&mut self, name: &str) {
        self.null(name);
        if !self.has(name) {
            self.add(name, "is required");
        }
    }

    /// Whether a field is given as null; if so, it is taken out.
    pub(crate) fn null(&mut self, name: &str) -> bool {
        let is_null = self.object.get(name).is_some_and(Value::is_null);
        if is_null {
            self.object.shift_remove(name);
        }
        is_null
    }

    /// A list of what `read` can read, not empty; what it cannot is named by its place.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        rule: &str,
        read: impl Fn(Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values = self.take(name, "must be a list", |value| match value {
            Value::Array(values) => Some(values),
            _ => None,
        })?;
        let length = values.len();
        if !(1..=limits::LIST_ENTRIES).contains(&length) {
            self.add(name, &format!("must have 1 to {} entries", limits::LIST_ENTRIES));
            return None;
        }
        let mut read_ones = Vec::with_capacity(length);
        for (i, value) in values.into_iter().enumerate() {
            match read(value) {
                Some(value) => read_ones.push(value),
                None => self.add(&format!("{name}[{i}]"), rule),
            }
        }
        (read_ones.len() == length).then_some(read_ones)
    }

    /// An object that is not read as fields.
    pub(crate) fn map(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.take(name, "must be an object", |value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        })
    }

    /// What `read` makes of the fields of an object within.
    pub(crate) fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Fields) -> Option<T>,
    ) -> Option<T> {
        let object = self.map(name)?;
        let mut fields = Self::at(format!("{}{name}.", self.prefix), object, self.unknown);
        let value = read(&mut fields);
        fields.finish().faults().for_each(|(path, rule)| self.within.add(path, rule));
        value
    }

    /// Everything that is wrong: the faults found, then fields that were not taken out, then what
    /// is wrong within.
    pub(crate) fn finish(mut self) -> Invalid {
        for (name, value) in std::mem::take(&mut self.object) {
            let passes = match self.unknown {
                UnknownFields::Refused => false,
                UnknownFields::RefusedUnlessNull => value.is_null(),
                UnknownFields::Ignored => true,
            };
            if !passes {
                self.add(&name, "is not a field that can be given here");
            }
        }
        self.within.faults().for_each(|(path, rule)| self.invalid.add(path, rule));
        self.invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::{DateTime, FieldKind, Flag, Text, Whole};
    use crate::parse_object;

    #[test]
    fn all_faults_are_told_at_once() {
        let text = br#"{"read": "yes", "note": "a\u0000b", "id": 9, "n": 1.5, "at": "now"}"#;
        let mut fields = Fields::of(parse_object(text).expect("an object"), UnknownFields::Refused);
        Flag::read(&mut fields, "read");
        Text::read(&mut fields, "note");
        Whole::read(&mut fields, "n");
        DateTime::read(&mut fields, "at");
        let invalid = fields.finish();
        let paths: Vec<&str> = invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, ["read", "note", "n", "at", "id"]);
    }
}
