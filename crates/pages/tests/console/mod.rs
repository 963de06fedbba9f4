//! The console, accounts and people, through the real router: forms, roles, foreign ids, hostile
//! input.

mod accounts;
mod console_kinds;
mod find;
mod forms;
mod forms_tried;
mod items;
mod live;
mod people;
mod playbook;
mod playbook_forms;
mod roles;
mod support;
mod take_message;
mod unsaved;
