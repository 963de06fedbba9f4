//! An account's rules for what is sent in its name: quiet hours, and how much at most.

use app::{accounts, sending};
use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::{Account, AccountId, Invalid, Time};

use crate::form::{Answer, Ask, Editor, Form, FormPage};
use crate::session::{Fields, PageError};
use crate::ui::{Fact, Field, FieldKind, Place, Shell};

/// What the rules say, for the account's page.
pub(crate) fn facts(rules: &Rules) -> Vec<Fact> {
    let quiet = match rules.quiet {
        None => "None: texts and calls go out at any hour.".to_owned(),
        Some(Quiet { from_minute, until_minute, policy }) => {
            let then = match policy {
                QuietPolicy::Defer => "What is due meanwhile waits until they are over.",
                QuietPolicy::Skip => "What is due meanwhile is skipped.",
            };
            let (from, until) = (shown(from_minute), shown(until_minute));
            format!("{from} to {until}, where the receiver lives. {then}")
        }
    };
    vec![
        Fact::new("Quiet hours", &quiet),
        Fact::new("At most in a minute", &format!("{} by each channel", rules.per_minute)),
        Fact::new("At most in a day", &format!("{} by each channel", rules.per_day)),
    ]
}

fn shown(minute: u16) -> String {
    Time::from_minute_of_day(minute).map(|time| time.to_string()).unwrap_or_default()
}

/// `GET /accounts/{id}/sending` → `POST` there.
#[derive(Debug)]
pub(crate) struct SendingEditor;

impl Editor for SendingEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = (Account, Rules);
    type Page = FormPage;

    async fn ground(ask: Ask<'_>) -> Result<(Account, Rules), PageError> {
        let (app, actor) = (&ask.web.app, &ask.visitor.actor);
        let account = accounts::find(app, actor, AccountId(ask.id(0))).await?;
        let rules = sending::rules(app, actor, account.id).await?;
        Ok((account, rules))
    }

    fn opened((_, rules): &(Account, Rules)) -> Option<Fields> {
        let time = |minute: Option<u16>| {
            let time = minute.and_then(Time::from_minute_of_day);
            time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute())).unwrap_or_default()
        };
        let policy = rules.quiet.map_or(QuietPolicy::Defer, |quiet| quiet.policy);
        Some(Fields::of([
            ("quiet_from", time(rules.quiet.map(|quiet| quiet.from_minute))),
            ("quiet_until", time(rules.quiet.map(|quiet| quiet.until_minute))),
            ("quiet_policy", policy.as_str().to_owned()),
            ("per_minute", rules.per_minute.to_string()),
            ("per_day", rules.per_day.to_string()),
        ]))
    }

    fn form(_: &(Account, Rules), typed: Option<&Fields>) -> Form {
        let policies = [("defer", "It waits until they are over"), ("skip", "It is skipped")];
        let number = |name, label| {
            Field::new(FieldKind::Number, name, label)
                .required()
                .hint("Sends by each channel. What is more waits.")
        };
        Form::new([
            Field::new(FieldKind::Time, "quiet_from", "Quiet from")
                .hint("To Dos make no phone ring or buzz in these hours. Empty: at no time."),
            Field::new(FieldKind::Time, "quiet_until", "Quiet until")
                .hint("Where the receiver lives. E-mail and messages go out all the same."),
            Field::radio("quiet_policy", "A To Do that is due meanwhile", &policies).wide(),
            number("per_minute", "At most in a minute"),
            number("per_day", "At most in a day"),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, (account, _): &(Account, Rules), form: Form) -> FormPage {
        let page = format!("/accounts/{}", account.id);
        let (action, back) = (format!("{page}/sending"), format!("{page}#sending"));
        FormPage { shell, title: format!("Sending for {}", account.name), action, back, form }
    }

    async fn save(ask: Ask<'_>, (account, _): &(Account, Rules), typed: &Fields) -> Answer {
        let rules = read(typed)?;
        sending::set_rules(&ask.web.app, &ask.visitor.actor, account.id, rules).await?;
        let text = format!("The rules of {} hold from now on.", account.name);
        ask.done(&format!("/accounts/{}#sending", account.id), &text)
    }
}

fn read(posted: &Fields) -> Result<Rules, Invalid> {
    let mut invalid = Invalid::new();
    let mut minute = |name: &str| {
        let text = posted.text(name).trim();
        let time = Time::parse(text);
        let is_fit = text.is_empty() || time.is_some();
        invalid.require(is_fit, name, "must be a time of day such as 9:00 PM");
        time.map(Time::minute_of_day)
    };
    let (from, until) = (minute("quiet_from"), minute("quiet_until"));
    let has = |name: &str| !posted.text(name).trim().is_empty();
    if has("quiet_from") != has("quiet_until") {
        let name = if from.is_some() { "quiet_until" } else { "quiet_from" };
        invalid.add(name, "must be given too, or neither of the two");
    }
    let mut number = |name: &str| {
        let number = posted.text(name).trim().parse().ok();
        invalid.require(number.is_some(), name, "must be a whole number");
        number.unwrap_or_default()
    };
    let (per_minute, per_day) = (number("per_minute"), number("per_day"));
    let policy = QuietPolicy::parse(posted.text("quiet_policy"));
    invalid.require(policy.is_some(), "quiet_policy", "must be chosen");
    let quiet = from.zip(until).zip(policy).map(|((from_minute, until_minute), policy)| Quiet {
        from_minute,
        until_minute,
        policy,
    });
    invalid.or(Rules { quiet, per_minute, per_day })
}
