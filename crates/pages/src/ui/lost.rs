//! The page for what is not there, not allowed, or went wrong: what happened and the way on.

use askama::Template;

/// An error page without a frame; it needs no session.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/lost.html")]
pub(crate) struct Lost {
    /// The HTTP status.
    pub(crate) status: u16,
    /// "This page is not here".
    pub(crate) title: String,
    /// One or two sentences for a person.
    pub(crate) text: String,
    /// The request's id, to be told to the operator, or empty.
    pub(crate) request_id: String,
}

impl Lost {
    /// 404, also for what belongs to somebody else.
    pub(crate) fn not_found() -> Self {
        Self {
            status: 404,
            title: "This page is not here".to_owned(),
            text: "The address may be mistyped, or what stood here belongs to an account that \
                   you cannot see."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 404 for a link that we did not send, or that is not whole.
    pub(crate) fn no_link() -> Self {
        Self {
            status: 404,
            title: "This link leads nowhere".to_owned(),
            text: "It may have been cut off on its way. Open it from the e-mail itself, or sign \
                   in to the portal."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 429 after too many of them.
    pub(crate) fn wait() -> Self {
        Self {
            status: 429,
            title: "Too many wrong links".to_owned(),
            text: "Wait a minute, then open the link from the e-mail itself.".to_owned(),
            request_id: String::new(),
        }
    }

    /// 403.
    pub(crate) fn forbidden() -> Self {
        Self {
            status: 403,
            title: "You may not do this".to_owned(),
            text: "Your role does not include this page. An owner or supervisor can change that."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 403 for a form whose token is missing or old.
    pub(crate) fn stale_form() -> Self {
        Self {
            status: 403,
            title: "This form was open for too long".to_owned(),
            text: "Nothing was changed. Go back, reload the page and send it again; what you \
                   typed in a message is kept as a draft."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 409: somebody else was faster.
    pub(crate) fn changed() -> Self {
        Self {
            status: 409,
            title: "Somebody changed this meanwhile".to_owned(),
            text: "Nothing was changed. Go back, reload the page and look at what it says now."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 413.
    pub(crate) fn too_large() -> Self {
        Self {
            status: 413,
            title: "This is more than we can take".to_owned(),
            text: "Nothing was changed. Go back and send less at once; what you typed in a \
                   message is kept as a draft."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 422 for what has no form that could show it: each fault in a sentence.
    pub(crate) fn invalid(faults: &domain::Invalid) -> Self {
        let sentences: Vec<String> =
            faults.faults().map(|(path, rule)| format!("“{path}” {rule}.")).collect();
        Self {
            status: 422,
            title: "This cannot be done".to_owned(),
            text: format!("Nothing was changed. {}", sentences.join(" ")),
            request_id: String::new(),
        }
    }

    /// 503: the database cannot be reached.
    pub(crate) fn unavailable() -> Self {
        Self {
            status: 503,
            title: "We will be back in a moment".to_owned(),
            text: "The service cannot reach its database just now. Nothing that was already \
                   saved is lost. Go back and try again in a minute; what you typed in a message \
                   is kept as a draft."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 507: the disk is full.
    pub(crate) fn full() -> Self {
        Self {
            status: 507,
            title: "There is no room left".to_owned(),
            text: "The service's disk is full, so this was not saved. Everything saved before \
                   is still there. Tell your answering service; what you typed in a message is \
                   kept as a draft."
                .to_owned(),
            request_id: String::new(),
        }
    }

    /// 500, with the id under which the log knows more, where it is known.
    pub(crate) fn fault(request_id: &str) -> Self {
        let told = if request_id.is_empty() { "when it happened" } else { "this number" };
        Self {
            status: 500,
            title: "Something went wrong on our side".to_owned(),
            text: format!(
                "Nothing that was already saved is lost. Try again; if it happens twice, tell \
                 your answering service {told}."
            ),
            request_id: request_id.to_owned(),
        }
    }

    /// Not found.
    pub(crate) fn sample() -> Self {
        Self::not_found()
    }

    /// A fault.
    pub(crate) fn sample_error() -> Self {
        Self::fault("01JHX4Z8W2T7")
    }
}
