//! The API held to its contract, through the real router, on real databases.

mod carriers;
mod contract_errors;
mod contract_messages;
mod contract_recordings;
mod contract_to_dos;
mod contract_tokens;
mod contract_v1;
mod events;
mod hooks;
mod isolation;
mod key_limits;
mod on_call;
mod openapi;
mod other_programs;
mod poisonous;
mod poisonous_to_dos;
mod runs;
mod support;
