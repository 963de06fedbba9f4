//! Floor 4: the doors. What a person or a program sees of Liberty over HTTP.

pub mod console;
pub mod portal;
pub mod reference;
pub mod ui;
