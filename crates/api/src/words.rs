//! Words of the domain as the API writes them, each list as the domain has it.

use domain::{Channel, Delivery, Status, to_do};
use serde::{Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::bodies::{described, one_of, schema_of};

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
    )+};
}

words! {
    /// Where a message stands.
    MessageStatus: Status;
    /// How something is sent.
    DeliveryType: Channel;
    /// What became of an occurrence.
    RunState: to_do::RunState;
}

/// How far something that is sent has got.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct DeliveryStatus(pub(crate) &'static str);

described!(DeliveryStatus, "DeliveryStatus", {
    "type": "string", "enum": Delivery::RUNGS,
    "description": "How far something that is sent has got.",
});
