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
    fn new(status: u16, title: &str, text: &str) -> Self {
        let (title, text) = (title.to_owned(), text.to_owned());
        Self { status, title, text, request_id: String::new() }
    }

    /// 404, also for what belongs to somebody else.
    pub(crate) fn not_found() -> Self {
        let text = "The address may be mistyped, or what stood here belongs to an account that \
                    you cannot see.";
        Self::new(404, "This page is not here", text)
    }

    /// 404 for a link that we did not send, or that is not whole.
    pub(crate) fn no_link() -> Self {
        let text = "It may have been cut off on its way. Open it from the e-mail itself, or sign \
                    in to the portal.";
        Self::new(404, "This link leads nowhere", text)
    }

    /// 429 after too many of them.
    pub(crate) fn wait() -> Self {
        let text = "Wait a minute, then open the link from the e-mail itself.";
        Self::new(429, "Too many wrong links", text)
    }

    /// 403.
    pub(crate) fn forbidden() -> Self {
        let text = "Your role does not include this page. An owner or supervisor can change that.";
        Self::new(403, "You may not do this", text)
    }

    /// 403 for a form whose token is missing or old.
    pub(crate) fn stale_form() -> Self {
        let text = "Nothing was changed. Go back, reload the page and send it again; what you \
                    typed in a message is kept as a draft.";
        Self::new(403, "This form was open for too long", text)
    }

    /// 409: somebody else was faster.
    pub(crate) fn changed() -> Self {
        let text = "Nothing was changed. Go back, reload the page and look at what it says now.";
        Self::new(409, "Somebody changed this meanwhile", text)
    }

    /// 413.
    pub(crate) fn too_large() -> Self {
        let text = "Nothing was changed. Go back and send less at once; what you typed in a \
                    message is kept as a draft.";
        Self::new(413, "This is more than we can take", text)
    }

    /// 422 for what has no form that could show it: each fault in a sentence.
    pub(crate) fn invalid(faults: &domain::Invalid) -> Self {
        let sentences: Vec<String> =
            faults.faults().map(|(path, rule)| format!("“{path}” {rule}.")).collect();
        let text = format!("Nothing was changed. {}", sentences.join(" "));
        Self::new(422, "This cannot be done", &text)
    }

    /// 503: the database cannot be reached.
    pub(crate) fn unavailable() -> Self {
        let text = "The service cannot reach its database just now. Nothing that was already \
                    saved is lost. Go back and try again in a minute; what you typed in a message \
                    is kept as a draft.";
        Self::new(503, "We will be back in a moment", text)
    }

    /// 507: the disk is full.
    pub(crate) fn full() -> Self {
        let text = "The service's disk is full, so this was not saved. Everything saved before \
                    is still there. Tell your answering service; what you typed in a message is \
                    kept as a draft.";
        Self::new(507, "There is no room left", text)
    }

    /// 500, with the id under which the log knows more, where it is known.
    pub(crate) fn fault(request_id: &str) -> Self {
        let told = if request_id.is_empty() { "when it happened" } else { "this number" };
        let text = format!(
            "Nothing that was already saved is lost. Try again; if it happens twice, tell your \
             answering service {told}."
        );
        let lost = Self::new(500, "Something went wrong on our side", &text);
        Self { request_id: request_id.to_owned(), ..lost }
    }
}
