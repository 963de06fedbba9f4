//! The console, accounts and people, through the real router: forms, roles, foreign ids, hostile
//! input.

mod accounts;
mod console;
mod console_kinds;
mod find;
mod forms;
mod forms_tried;
mod items;
mod live;
mod people;
mod roles;
mod support;
mod unsaved;
mod wishes;
mod wishes_forms;
