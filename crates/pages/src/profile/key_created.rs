//! A new Application Key: the only time its secret is seen.

use askama::Template;

use crate::ui::Shell;

/// The answer to `POST /profile/keys`. Must be sent with `Cache-Control: no-store`.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/key_created.html")]
pub(crate) struct KeyCreated {
    pub(crate) shell: Shell,
    pub(crate) name: String,
    pub(crate) token: String,
    /// "Never" or a day.
    pub(crate) expires: String,
    /// A command that works: `curl -H 'Authorization: Bearer …' https://…/api/v2/messages?limit=1`.
    pub(crate) curl: String,
}
