//! An account's rules for what is sent in its name: quiet hours, and how much at most.

use app::{Error, accounts, sending};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::sending::{Quiet, QuietPolicy, Rules};
use domain::user::Right;
use domain::{Account, AccountId, Invalid, Time};
use web::Web;

use super::AccountForm;
use crate::session::{Fields, Id, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Fact, Field, FieldKind, Flash, Place, Shell};

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

/// `GET /accounts/{id}/sending`.
pub(crate) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(id): Id,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let account = accounts::find(&web.app, &visitor.actor, AccountId(id)).await?;
    let rules = sending::rules(&web.app, &visitor.actor, account.id).await?;
    let form = form(visitor.shell(&web, Place::Accounts).await?, &account, &rules);
    Ok(page(StatusCode::OK, &form))
}

/// `POST /accounts/{id}/sending`.
pub(crate) async fn change(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let id = AccountId(id);
    let account = accounts::find(&web.app, &visitor.actor, id).await?;
    let done = match read(&fields) {
        Ok(rules) => sending::set_rules(&web.app, &visitor.actor, id, rules).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => {
            let text = format!("The rules of {} hold from now on.", account.name);
            let path = format!("/accounts/{id}#sending");
            Ok(visitor.sent_to(&web, &path, &Flash::done(&text)))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            let form = form(shell, &account, &Rules::default());
            Ok(form.refused(&fields, &faults, str::to_owned))
        }
        Err(error) => Err(error.into()),
    }
}

fn form(shell: Shell, account: &Account, rules: &Rules) -> AccountForm {
    let quiet = rules.quiet;
    let time = |minute: Option<u16>| {
        let time = minute.and_then(Time::from_minute_of_day);
        time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute())).unwrap_or_default()
    };
    let policy = quiet.map_or(QuietPolicy::Defer, |quiet| quiet.policy);
    let policies = vec![
        Choice::new("defer", "It waits until they are over"),
        Choice::new("skip", "It is skipped"),
    ];
    let number = |name, label, value: i64| {
        Field::new(FieldKind::Number, name, label).required().value(&value.to_string())
    };
    AccountForm {
        title: format!("Sending for {}", account.name),
        action: format!("/accounts/{}/sending", account.id),
        back: format!("/accounts/{}#sending", account.id),
        fields: vec![
            Field::new(FieldKind::Time, "quiet_from", "Quiet from")
                .value(&time(quiet.map(|quiet| quiet.from_minute)))
                .hint("To Dos make no phone ring or buzz in these hours. Empty: at no time."),
            Field::new(FieldKind::Time, "quiet_until", "Quiet until")
                .value(&time(quiet.map(|quiet| quiet.until_minute)))
                .hint("Where the receiver lives. E-mail and messages go out all the same."),
            Field::new(FieldKind::Radio, "quiet_policy", "A To Do that is due meanwhile")
                .choices(policies)
                .value(policy.as_str())
                .wide(),
            number("per_minute", "At most in a minute", rules.per_minute)
                .hint("Sends by each channel. What is more waits."),
            number("per_day", "At most in a day", rules.per_day)
                .hint("Sends by each channel. What is more waits."),
        ],
        ..AccountForm::new(shell)
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
