//! Signing in: e-mail and password, for clients, agents and owners alike.

use askama::Template;

use crate::ui::{Field, FieldKind};

/// `GET` and `POST /sign-in` (`email`, `password`, `next`).
#[derive(Debug, Clone, Template)]
#[template(path = "portal/sign_in.html")]
pub struct SignIn {
    /// The answering service.
    pub tenant_name: String,
    /// The token against forged requests.
    pub csrf: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// What is wrong with both fields together: wrong password, too many tries. Never which of them.
    pub error: Option<String>,
    /// `email`, with what was typed.
    pub email: Field,
    /// `password`, always empty.
    pub password: Field,
}

impl SignIn {
    /// The empty form.
    #[must_use]
    pub fn new(tenant_name: &str, csrf: &str, next: &str) -> Self {
        Self {
            tenant_name: tenant_name.to_owned(),
            csrf: csrf.to_owned(),
            next: next.to_owned(),
            error: None,
            email: Field::new(FieldKind::Email, "email", "E-mail")
                .autocomplete("username")
                .required()
                .focused(),
            password: Field::new(FieldKind::Password, "password", "Password")
                .autocomplete("current-password")
                .required(),
        }
    }

    /// Before signing in.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Harbor Answering", "sample", "/messages")
    }

    /// After a wrong password.
    #[must_use]
    pub fn sample_error() -> Self {
        let mut page = Self::sample();
        page.email.value = "jane@hartwell.example".to_owned();
        page.error = Some("E-mail or password is not right. Please try again.".to_owned());
        page
    }
}
