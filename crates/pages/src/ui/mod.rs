//! The look and feel: assets, the shells around every page, and the pieces that pages are made of.

pub(crate) mod assets;
mod field;
mod lost;
mod parts;
mod phone;
mod shell;
mod sms;
mod span;
mod time;
pub(crate) mod words;

pub(crate) use crate::sitemap::Place;
pub(crate) use assets::asset;
pub(crate) use field::{Choice, Field, FieldKind, blame};
pub(crate) use lost::Lost;
pub(crate) use parts::{Badge, Empty, Fact, Moment, State, Tone, icon};
pub(crate) use phone::{mailto, phone, tel};
pub(crate) use shell::{Flash, Shell};
pub(crate) use sms::sms_size;
pub(crate) use span::{read_span, spoken_span, typed_span};
pub(crate) use time::{clock, typed_time};
