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

/// What the OpenAPI document says about a day in a query. Days up to the 28th exist in every month;
/// the pattern leaves the others out, so that whatever fits it is a day.
pub(crate) fn day() -> RefOr<Schema> {
    const PATTERN: &str = "^((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])-2[0-9]{3}|\
        2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]))$";
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(PATTERN)).into()
}
