//! The page for what is not there, not allowed, or went wrong: what happened and the way on.

use askama::Template;

/// An error page without a frame; it needs no session.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/lost.html")]
pub struct Lost {
    /// The HTTP status.
    pub status: u16,
    /// "This page is not here".
    pub title: String,
    /// One or two sentences for a person.
    pub text: String,
    /// The request's id, to be told to the operator, or empty.
    pub request_id: String,
}

impl Lost {
    /// 404, also for what belongs to somebody else.
    #[must_use]
    pub fn not_found() -> Self {
        Self {
            status: 404,
            title: "This page is not here".to_owned(),
            text: "The address may be mistyped, or what stood here belongs to an account that \
                   you cannot see."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 403.
    #[must_use]
    pub fn forbidden() -> Self {
        Self {
            status: 403,
            title: "You may not do this".to_owned(),
            text: "Your role does not include this page. An owner or supervisor can change that."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 403 for a form whose token is missing or old.
    #[must_use]
    pub fn stale_form() -> Self {
        Self {
            status: 403,
            title: "This form was open for too long".to_owned(),
            text: "Nothing was changed. Go back, reload the page and send it again; what you \
                   typed in a message is kept as a draft."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 500, with the id under which the log knows more.
    #[must_use]
    pub fn fault(request_id: &str) -> Self {
        Self {
            status: 500,
            title: "Something went wrong on our side".to_owned(),
            text: "Nothing that was already saved is lost. Try again; if it happens twice, tell \
                   your answering service this number."
                .to_owned(),
            request_id: request_id.to_owned(),
        }
    }

    /// Not found.
    #[must_use]
    pub fn sample() -> Self {
        Self::not_found()
    }

    /// A fault.
    #[must_use]
    pub fn sample_error() -> Self {
        Self::fault("01JHX4Z8W2T7")
    }
}
