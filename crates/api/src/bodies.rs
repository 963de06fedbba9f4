//! Bodies are said once, and that is how they are read, written and documented: what comes in by
//! `body!`, what goes out by `answer!`.

use std::marker::PhantomData;

use domain::message::check_text;
use domain::user::check_line;
use domain::{Instant, limits};
use serde_json::{Value, json};
use utoipa::openapi::{Object, RefOr, Schema};

use crate::fields::Fields;

/// Schemas by their names, as utoipa gathers them.
pub(crate) type Schemas = Vec<(String, RefOr<Schema>)>;

/// What a field can hold.
pub(crate) trait FieldKind {
    /// What it is read as.
    type Value;

    /// Takes a field out; `None` if it is not there, or faulty.
    fn read(fields: &mut Fields, name: &str) -> Option<Self::Value>;

    /// Its JSON schema.
    fn schema() -> Value;

    /// Adds the schemas that it refers to.
    fn schemas(_: &mut Schemas) {}
}

/// Whether a field must be given, and what null means there.
pub(crate) trait Field {
    /// What it holds.
    type Holds: FieldKind;
    /// What it is read as.
    type Value;
    /// Whether it must be given.
    const IS_REQUIRED: bool = false;
    /// Whether it may be null.
    const IS_NULLABLE: bool = true;

    /// Takes it out; `None` if it is faulty, and nothing can stand in its place.
    fn take(fields: &mut Fields, name: &str) -> Option<Self::Value>;
}

/// What must be given, and not as null.
pub(crate) struct Required<K>(PhantomData<K>);
/// What need not be given, but then is not null.
pub(crate) struct Optional<K>(PhantomData<K>);
/// What stays where it is not given, and is cleared by null.
pub(crate) struct Clearable<K>(PhantomData<K>);

impl<K: FieldKind> Field for Required<K> {
    type Holds = K;
    type Value = K::Value;
    const IS_REQUIRED: bool = true;
    const IS_NULLABLE: bool = false;

    fn take(fields: &mut Fields, name: &str) -> Option<K::Value> {
        K::read(fields, name)
    }
}

impl<K: FieldKind> Field for Optional<K> {
    type Holds = K;
    type Value = Option<K::Value>;
    const IS_NULLABLE: bool = false;

    fn take(fields: &mut Fields, name: &str) -> Option<Option<K::Value>> {
        Some(K::read(fields, name))
    }
}

impl<K: FieldKind> Field for Clearable<K> {
    type Holds = K;
    type Value = Option<Option<K::Value>>;

    fn take(fields: &mut Fields, name: &str) -> Option<Self::Value> {
        let is_null = fields.null(name);
        Some(if is_null { Some(None) } else { K::read(fields, name).map(Some) })
    }
}

/// What may be missing or null.
impl<K: FieldKind> Field for Option<K> {
    type Holds = K;
    type Value = Option<K::Value>;

    fn take(fields: &mut Fields, name: &str) -> Option<Option<K::Value>> {
        fields.null(name);
        Some(K::read(fields, name))
    }
}

/// What may be missing or null, and then is what its type begins with: `""`, 0, false, nothing.
impl<K: FieldKind<Value: Default>> Field for K {
    type Holds = K;
    type Value = K::Value;

    fn take(fields: &mut Fields, name: &str) -> Option<K::Value> {
        fields.null(name);
        Some(K::read(fields, name).unwrap_or_default())
    }
}

/// Kinds: what each is read as, its schema, and how it is taken out.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $(<$(const $limit:ident),+>)? => $value:ty,
        $schema:tt, |$fields:ident, $key:ident| $take:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) struct $name $(<$(const $limit: usize),+>)?;

        impl $(<$(const $limit: usize),+>)? $crate::bodies::FieldKind for $name $(<$($limit),+>)? {
            type Value = $value;

            fn read($fields: &mut $crate::fields::Fields, $key: &str) -> Option<$value> {
                $take
            }

            fn schema() -> serde_json::Value {
                serde_json::json!($schema)
            }
        }
    )+};
}
pub(crate) use kinds;

kinds! {
    /// True or false.
    Flag => bool, {"type": "boolean"}, |fields, name| {
        fields.take(name, "must be true or false", |value| value.as_bool())
    };
    /// A whole number of at most 64 bits.
    Whole => i64, {"type": "integer", "format": "int64"}, |fields, name| {
        fields.take(name, "must be a whole number", |value| value.as_i64())
    };
    /// A whole number, not negative.
    Count => i64, {"type": "integer", "format": "int64", "minimum": 0}, |fields, name| {
        let count = Whole::read(fields, name)?;
        if count < 0 {
            fields.add(name, "must not be negative");
        }
        Some(count)
    };
    /// A whole number whose bounds are held to elsewhere.
    WholeBetween<const LEAST, const MOST> => i64,
        {"type": "integer", "format": "int64", "minimum": LEAST, "maximum": MOST},
        |fields, name| Whole::read(fields, name);
    /// A text whose rules are held to elsewhere.
    AnyText => String, {"type": "string"}, |fields, name| {
        fields.take(name, "must be a text", text)
    };
    /// A text of one line.
    Line => String,
        {"type": "string", "maxLength": limits::LINE_BYTES, "pattern": LINE_PATTERN},
        |fields, name| {
            let line = AnyText::read(fields, name)?;
            fields.check(name, &line, check_line);
            Some(line)
        };
    /// A text of one line, not empty.
    FilledLine => String,
        {"type": "string", "minLength": 1, "maxLength": limits::LINE_BYTES,
            "pattern": LINE_PATTERN},
        |fields, name| {
            let line = Line::read(fields, name)?;
            if line.is_empty() {
                fields.add(name, "must not be empty");
            }
            Some(line)
        };
    /// A text of several lines.
    Text => String,
        {"type": "string", "maxLength": limits::TEXT_BYTES, "pattern": "^[^\\u0000]*$"},
        |fields, name| {
            let text = AnyText::read(fields, name)?;
            fields.check(name, &text, check_text);
            Some(text)
        };
    /// Texts whose rules are held to elsewhere.
    Texts<const MOST> => Vec<String>,
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST},
        |fields, name| fields.list(name, "must be a text", text);
    /// Whole numbers whose rules are held to elsewhere.
    Wholes => Vec<i64>, {"type": "array", "items": {"type": "integer", "format": "int64"},
        "minItems": 1, "maxItems": limits::LIST_ENTRIES}, |fields, name| {
        fields.list(name, "must be a whole number", |value| value.as_i64())
    };
    /// An instant.
    DateTime => Instant, {"type": "string", "format": "date-time"}, |fields, name| {
        let rule = "must be an ISO 8601 date and time with Z or an offset";
        fields.take(name, rule, |value| Instant::parse(value.as_str()?).ok())
    };
}

const LINE_PATTERN: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A reference to a schema of the document.
pub(crate) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// The schema of one of several words.
pub(crate) fn one_of(text: &str, words: &[&str]) -> Value {
    json!({"type": "string", "enum": words, "description": text.trim()})
}

/// The schema of an object, without its fields.
pub(crate) fn object(text: &str) -> Value {
    json!({"type": "object", "description": text.trim(), "properties": {}, "required": []})
}

/// Adds a field to the schema of an object.
pub(crate) fn add_field<F: Field>(object: &mut Value, name: &str, text: &str) {
    let mut schema = F::Holds::schema();
    if F::IS_NULLABLE {
        match schema.get("type").cloned() {
            Some(kind) => schema["type"] = json!([kind, "null"]),
            None => schema = json!({"oneOf": [{"type": "null"}, schema]}),
        }
    }
    if !text.is_empty() {
        schema["description"] = text.trim().into();
    }
    object["properties"][name] = schema;
    if let (true, Value::Array(required)) = (F::IS_REQUIRED, &mut object["required"]) {
        required.push(name.into());
    }
}

/// A JSON schema as utoipa has it.
pub(crate) fn schema_of(value: Value) -> RefOr<Schema> {
    serde_json::from_value(value).unwrap_or_else(|_| Schema::Object(Object::new()).into())
}

/// The schema of a type that is written or read by itself.
macro_rules! described {
    ($of:ty, $name:literal, $schema:tt) => {
        impl utoipa::PartialSchema for $of {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::bodies::schema_of(serde_json::json!($schema))
            }
        }

        impl utoipa::ToSchema for $of {
            fn name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
        }
    };
}
pub(crate) use described;

/// A body that is read: what each field is called and holds, and the value of `domain` or `app`
/// that they become. It is read by `require` and then `take`, and is a schema of the document.
macro_rules! body {
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (
        $(#[doc = $doc:literal])+
        $name:ident => $into:ident, unknown: $unknown:ident
        $(, with $($extra:ident: $value:expr),+)?;
        $($(#[doc = $text:literal])* $field:ident $(as $key:literal)?: $kind:ty,)+
    ) => {
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl $name {
            /// What is said of a field that is none of these.
            pub(crate) const UNKNOWN: $crate::fields::UnknownFields =
                $crate::fields::UnknownFields::$unknown;

            /// Adds a fault for each field that is needed and not given.
            pub(crate) fn require(fields: &mut $crate::fields::Fields) {
                $(if <$kind as $crate::bodies::Field>::IS_REQUIRED {
                    fields.require($crate::bodies::body!(@key $field $($key)?));
                })+
            }

            /// Takes the fields out; what is wrong with them stays there. `None` only if something
            /// is.
            pub(crate) fn take(fields: &mut $crate::fields::Fields) -> Option<$into> {
                $(let $field = <$kind as $crate::bodies::Field>::take(
                    fields,
                    $crate::bodies::body!(@key $field $($key)?),
                );)+
                Some($into { $($field: $field?,)+ $($($extra: $value,)+)? })
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let mut object = $crate::bodies::object(concat!($($doc),+));
                $($crate::bodies::add_field::<$kind>(
                    &mut object,
                    $crate::bodies::body!(@key $field $($key)?),
                    concat!($($text),*),
                );)+
                if Self::UNKNOWN != $crate::fields::UnknownFields::Ignored {
                    object["additionalProperties"] = false.into();
                }
                $crate::bodies::schema_of(object)
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut $crate::bodies::Schemas) {
                $(<<$kind as $crate::bodies::Field>::Holds as $crate::bodies::FieldKind>::schemas(
                    schemas,
                );)+
            }
        }

        impl $crate::bodies::FieldKind for $name {
            type Value = $into;

            fn read(fields: &mut $crate::fields::Fields, name: &str) -> Option<$into> {
                fields.object(name, |fields| {
                    $name::require(fields);
                    $name::take(fields)
                })
            }

            fn schema() -> serde_json::Value {
                $crate::bodies::named(stringify!($name))
            }

            fn schemas(schemas: &mut $crate::bodies::Schemas) {
                let schema = <$name as utoipa::PartialSchema>::schema();
                schemas.push((stringify!($name).to_owned(), schema));
                <$name as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}
pub(crate) use body;

/// A body that is written: each key, its type, and where it comes from. All keys are always there.
macro_rules! answer {
    (
        $(#[$about:meta])+
        $vis:vis struct $name:ident $(<$life:lifetime>)? ($($from:ident: $of:ty),+) {
            $($(#[$key_about:meta])* $key:ident: $type:ty = $value:expr,)+
        }
    ) => {
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        $(#[$about])+
        $vis struct $name $(<$life>)? {
            $($(#[$key_about])* #[schema(required)] $key: $type,)+
        }

        impl $(<$life>)? $name $(<$life>)? {
            /// The body for these.
            $vis fn new($($from: $of),+) -> Self {
                $name { $($key: $value,)+ }
            }
        }
    };
}
pub(crate) use answer;
