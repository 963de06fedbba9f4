//! A message as version 1 writes it: 19 keys, then each custom field once more by itself.

use std::collections::BTreeMap;

use domain::form::humanised;
use domain::{Account, Form, Message};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::Utc;

/// A message with what its body in version 1 is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LegacyMessage<'a> {
    pub(crate) message: &'a Message,
    pub(crate) account: Option<&'a Account>,
    pub(crate) form: Option<&'a Form>,
}

/// A message of version 1. Each pair of `content_with_additional_details_table` also stands by
/// itself as `content_with_additional_details_table__{label}`.
#[derive(Debug, ToSchema)]
#[schema(as = MessageV1)]
#[expect(dead_code, reason = "stands in the OpenAPI document; LegacyMessage writes it")]
pub(crate) struct LegacyBody {
    /// The account's number.
    account_number: String,
    /// Always `message`.
    resource: String,
    /// The message's id.
    message_id: i64,
    /// The message itself.
    content: String,
    /// The caller's name, or else the number.
    from: String,
    /// The caller's first name.
    first_name: String,
    /// The caller's last name.
    last_name: String,
    /// When it was taken, in the account's zone: `01/21/2025 05:08 PM`.
    #[schema(example = "01/21/2025 05:08 PM")]
    created_at: String,
    /// When it was taken: `2025-01-21 22:08:20 UTC`.
    #[schema(example = "2025-01-21 22:08:20 UTC")]
    utc_created_at: String,
    /// When it was taken.
    raw_created_at: Utc,
    /// Where it stands.
    status: String,
    /// As taken in the form.
    phone: String,
    /// The caller's number as the switch gave it.
    caller_id: String,
    /// As taken in the form.
    company_name: String,
    /// Whether it is an emergency.
    is_emergency: bool,
    /// Its last delivery.
    delivered_at: Option<Utc>,
    /// The address of its last delivery, `""` if none is known.
    delivered_to: String,
    /// The content, then a line `Label: value` for each custom field that is filled.
    content_with_additional_details: String,
    /// The custom fields: label to value.
    content_with_additional_details_table: BTreeMap<String, String>,
}

impl LegacyMessage<'_> {
    /// The custom fields by their labels, in the form's order.
    fn table(&self) -> Vec<(String, &str)> {
        let label = |name: &str| {
            self.form.and_then(|form| form.label(name)).unwrap_or_else(|| humanised(name))
        };
        self.message.answers.custom().map(|(name, text)| (label(name), text)).collect()
    }

    fn details(&self, table: &[(String, &str)]) -> String {
        let mut text = self.message.content.clone();
        for (label, value) in table.iter().filter(|(_, value)| !value.is_empty()) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(label);
            text.push_str(": ");
            text.push_str(value);
        }
        text
    }
}

/// Pairs as one object.
struct Table<'a>(&'a [(String, &'a str)]);

impl Serialize for Table<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(label, value)| (label, value)))
    }
}

impl Serialize for LegacyMessage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.message;
        let table = self.table();
        let zone = self.account.map(|account| &account.zone);
        let created_at = zone.map(|zone| zone.us_clock(message.created_at).to_string());
        let number = self.account.map_or("", |account| &account.number);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("account_number", number)?;
        map.serialize_entry("resource", "message")?;
        map.serialize_entry("message_id", &message.id.0)?;
        map.serialize_entry("content", &message.content)?;
        map.serialize_entry("from", &message.caller())?;
        map.serialize_entry("first_name", &message.first_name)?;
        map.serialize_entry("last_name", &message.last_name)?;
        map.serialize_entry("created_at", &created_at.unwrap_or_default())?;
        map.serialize_entry("utc_created_at", &message.created_at.utc_seconds().to_string())?;
        map.serialize_entry("raw_created_at", &Utc(message.created_at))?;
        map.serialize_entry("status", message.status.as_str())?;
        map.serialize_entry("phone", &message.phone)?;
        map.serialize_entry("caller_id", &message.caller_id)?;
        map.serialize_entry("company_name", &message.company_name)?;
        map.serialize_entry("is_emergency", &message.is_emergency)?;
        map.serialize_entry("delivered_at", &message.delivered_at.map(Utc))?;
        let delivered_to = message.delivered_to.as_deref().unwrap_or_default();
        map.serialize_entry("delivered_to", delivered_to)?;
        map.serialize_entry("content_with_additional_details", &self.details(&table))?;
        map.serialize_entry("content_with_additional_details_table", &Table(&table))?;
        for (label, value) in &table {
            let name = format!("content_with_additional_details_table__{label}");
            map.serialize_entry(&name, value)?;
        }
        map.end()
    }
}
