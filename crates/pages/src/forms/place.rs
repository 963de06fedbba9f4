//! Whose form a page is about: the account's, or that of one of its lines; and what is in use.

use app::forms::{self, Bench};
use app::playbooks;
use domain::{AccountId, Contact, Did, DidId, Instant};
use web::Web;

use crate::messages::Clock;
use crate::session::{PageError, SignedIn};
use crate::ui::phone;

/// The form of an account or of one of its lines, as the head of its pages tells of it.
#[derive(Debug, Clone)]
pub(crate) struct FormPlace {
    pub(crate) bench: Bench,
    pub(crate) clock: Clock,
}

impl FormPlace {
    /// What the handlers of a form begin with: its place, and the account's directory.
    pub(crate) async fn load(
        web: &Web,
        visitor: &SignedIn,
        account: i64,
        line: &str,
    ) -> Result<(Self, Vec<Contact>), PageError> {
        // What is no id is one that nobody has.
        let line = (!line.is_empty()).then(|| DidId(line.parse().unwrap_or(0)));
        let account = AccountId(account);
        let bench = forms::bench(&web.app, &visitor.actor, account, line).await?;
        let book = playbooks::find(&web.app, &visitor.actor, account).await?;
        Ok((Self::of(bench, web.app.now()), book.contacts.clone()))
    }

    pub(crate) fn of(bench: Bench, now: Instant) -> Self {
        FormPlace { clock: Clock::of(&bench.account, now), bench }
    }

    /// The line, where it is a line's form.
    pub(crate) fn line_id(&self) -> Option<DidId> {
        self.bench.line.as_ref().map(|did| did.id)
    }

    /// The same, as it is posted.
    pub(crate) fn line(&self) -> String {
        self.line_id().map(|id| id.to_string()).unwrap_or_default()
    }

    /// "every line", or "(954) 555-0120, Night".
    pub(crate) fn whose(&self) -> String {
        self.bench.line.as_ref().map_or_else(|| "every line".to_owned(), label)
    }

    /// The forms that the account may have: address, label, whether it is this one.
    pub(crate) fn tabs(&self) -> Vec<(String, String, bool)> {
        let (bench, form) = (&self.bench, format!("/accounts/{}/form", self.bench.account.id));
        let of_line = |did: &Did| {
            let own = if bench.lines_with_own.contains(&did.id) { " (its own)" } else { "" };
            let label = format!("{}{own}", label(did));
            (format!("{form}?line={}", did.id), label, self.line_id() == Some(did.id))
        };
        let own = (form.clone(), "The account's".to_owned(), bench.line.is_none());
        std::iter::once(own).chain(bench.lines.iter().map(of_line)).collect()
    }

    /// An address of this form: `/accounts/2/form/try?line=5`.
    pub(crate) fn href(&self, under: &str) -> String {
        let line = self.line_id().map(|id| format!("?line={id}")).unwrap_or_default();
        format!("/accounts/{}/form{under}{line}", self.bench.account.id)
    }

    /// The same with one more parameter.
    pub(crate) fn href_with(&self, under: &str, parameter: &str) -> String {
        let mark = if self.bench.line.is_some() { '&' } else { '?' };
        format!("{}{mark}{parameter}", self.href(under))
    }

    pub(crate) fn in_use(&self) -> String {
        match &self.bench {
            bench if bench.has_own => format!("Version {} is in use.", bench.form.version),
            Bench { line: Some(_), .. } => {
                "This line uses the account's form until you publish one.".to_owned()
            }
            _ => "The standard form is in use until you publish one.".to_owned(),
        }
    }
}

fn label(did: &Did) -> String {
    match did.label.as_str() {
        "" => phone(&did.number),
        label => format!("{}, {label}", phone(&did.number)),
    }
}
