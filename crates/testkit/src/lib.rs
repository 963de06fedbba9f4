//! stub

pub mod smtp;
