//! Words of the domain as the API writes them, each list as the domain has it.

use domain::{Channel, Delivery, Origin, Status, to_do};
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::bodies::{described, named, one_of, schema_of};
use crate::query::{ParameterKind, QueryReader};

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident: $of:ty;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name(pub(crate) $of);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_str())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                schema_of(one_of(concat!($($doc),+), &<$of>::ALL.map(<$of>::as_str)))
            }
        }

        impl ToSchema for $name {}

        impl ParameterKind for $name {
            type Value = Option<$of>;

            fn read(query: &mut QueryReader, name: &str) -> Option<$of> {
                let rule = rule_of(&<$of>::ALL.map(<$of>::as_str));
                let is = |word: &str| <$of>::ALL.into_iter().find(|known| known.as_str() == word);
                query.parsed(name, rule, is)
            }

            fn schema() -> Value {
                named(stringify!($name))
            }
        }
    )+};
}

words! {
    /// Where a message stands.
    MessageStatus: Status;
    /// By what way a message came in.
    MessageOrigin: Origin;
    /// How something is sent.
    DeliveryType: Channel;
    /// What became of an occurrence.
    RunState: to_do::RunState;
}

/// What is told about a word that is none of these: "must be sms, email or call".
pub(crate) fn rule_of(words: &[&str]) -> String {
    match words {
        [first @ .., last] => format!("must be {} or {last}", first.join(", ")),
        [] => String::new(),
    }
}

/// How far something that is sent has got.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct DeliveryStatus(pub(crate) &'static str);

described!(DeliveryStatus, "DeliveryStatus", {
    "type": "string", "enum": Delivery::RUNGS,
    "description": "How far something that is sent has got.",
});
