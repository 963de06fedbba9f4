//! The look and feel: assets, the shells around every page, and the pieces that pages are made of.

pub mod assets;
mod field;
mod find;
mod lost;
mod parts;
mod phone;
mod samples;
mod shell;
mod sms;
mod span;
mod time;

pub use assets::asset;
pub(crate) use field::retype;
pub use field::{Choice, Field, FieldKind, Toggles, blame};
pub use find::{Find, FindGroup, FindHit, find_routes};
pub use lost::Lost;
pub use parts::{Empty, Fact, Icon, Moment, State, Tone, icon};
pub use phone::{mailto, phone, tel};
pub use samples::{moment, page_samples};
pub use shell::{Flash, Place, Role, Shell};
pub use sms::sms_size;
pub use span::{read_span, spoken_span, typed_span};
pub use time::clock;
