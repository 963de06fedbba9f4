//! What a use case can answer instead of what was asked: refusals for people, faults for operators.

use domain::Invalid;
use domain::user::Right;

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for whoever asks: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// The role of whoever asks lacks a right.
    #[error("the role lacks the right to {0:?}")]
    Forbidden(Right),
    /// The input breaks rules; which, by field.
    #[error("invalid input: {0}")]
    Invalid(Invalid),
    /// It has changed since whoever asks last saw it.
    #[error("changed in the meantime")]
    Changed,
    /// The database or its disk has no room left.
    #[error("no room left")]
    Full(#[source] store::Error),
    /// The database cannot be reached just now.
    #[error("the database cannot be reached")]
    Unavailable(#[source] store::Error),
    /// Something that should not happen.
    #[error("fault")]
    Fault(#[source] store::Error),
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Error::Invalid(invalid)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Full(_) => Error::Full(error),
            store::Error::Unavailable(_) => Error::Unavailable(error),
            _ => Error::Fault(error),
        }
    }
}

/// Turns a key that is taken into the refusal of a field.
pub(crate) fn taken(path: &'static str) -> impl FnOnce(store::Error) -> Error {
    move |error| match error {
        store::Error::Taken(_) => Error::Invalid(Invalid::field(path, "is taken already")),
        other => other.into(),
    }
}
