//! stub

pub mod postgres;
