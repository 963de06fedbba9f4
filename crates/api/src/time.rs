//! Instants as the API writes them: UTC, three digits, `Z`.

use domain::Instant;
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An instant as the API writes it: `2025-01-21T22:08:20.671Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Utc(pub(crate) Instant);

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.with_rfc3339_ms(|text| serializer.serialize_str(text))
    }
}

impl PartialSchema for Utc {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("UTC with milliseconds."))
            .examples([serde_json::json!("2025-01-21T22:08:20.671Z")])
            .into()
    }
}

impl ToSchema for Utc {}
