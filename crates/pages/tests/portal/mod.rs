//! The portal as people use it: through the real router, with cookies and forms.

mod acknowledge;
mod browser;
mod docs;
mod escalation;
mod escaping;
mod escaping_playbook;
mod isolation;
mod keys;
mod lists;
mod messages;
mod on_call;
mod opt_outs;
mod recordings;
mod sign_in;
mod to_dos;
mod webhooks;
