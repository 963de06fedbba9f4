//! Finding pages, accounts, people and messages: a page of its own, and what Ctrl+K shows.

use std::collections::HashMap;

use app::{accounts, messages, users};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::user::Right;
use domain::{Message, MessageId};
use web::{Routes, Web};

use crate::people::fits;
use crate::session::{PageError, PageResult, SignedIn, if_found, page};
use crate::sitemap::PAGES;
use crate::ui::{Moment, Place, Shell};

/// Finds of one kind that are shown at most.
const HITS: usize = 6;

/// Days back that messages are looked for while somebody types; the list of messages looks
/// through all of them.
const DAYS: i64 = 90;

/// `GET /find?q=`.
#[derive(Debug, Clone, Template)]
#[template(path = "find.html")]
pub(crate) struct Find {
    pub(crate) shell: Shell,
    pub(crate) query: String,
    /// What was found, by kind ("Accounts"); what holds nothing is left out.
    pub(crate) groups: Vec<(&'static str, Vec<FindHit>)>,
}

/// One find.
#[derive(Debug, Clone)]
pub(crate) struct FindHit {
    pub(crate) icon: &'static str,
    pub(crate) href: String,
    pub(crate) label: String,
    /// What tells it from its likes: an account number, an age.
    pub(crate) detail: String,
}

impl FindHit {
    pub(crate) fn new(icon: &'static str, href: &str, label: &str, detail: &str) -> Self {
        Self { icon, href: href.into(), label: label.into(), detail: detail.into() }
    }
}

/// The address of the search.
pub(crate) fn routes() -> Routes {
    Routes::new().get("/find", find)
}

async fn find(
    visitor: SignedIn,
    State(web): State<Web>,
    Query(asked): Query<HashMap<String, String>>,
) -> PageResult {
    let query = asked.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let mut groups = vec![("Pages", pages(&visitor, &query))];
    if !query.is_empty() {
        groups.push(("Accounts", found_accounts(&web, &visitor, &query).await?));
        groups.push(("People", people(&web, &visitor, &query).await?));
        groups.push(("Messages", found_messages(&web, &visitor, &query).await?));
    }
    groups.retain(|(_, hits)| !hits.is_empty());
    let shell = visitor.shell(&web, Place::Elsewhere).await?;
    Ok(page(StatusCode::OK, &Find { shell, query, groups }))
}

/// The pages that somebody may open; all of them where nothing is looked for.
fn pages(visitor: &SignedIn, query: &str) -> Vec<FindHit> {
    let role = visitor.actor.role;
    let fitting = PAGES.iter().filter(|page| page.is_for(role) && page.fits(query));
    fitting.map(|page| FindHit::new(page.icon, page.path, page.name, &page.keys())).collect()
}

/// For those who take messages the account's desk; a client narrows the list to it.
async fn found_accounts(
    web: &Web,
    visitor: &SignedIn,
    query: &str,
) -> Result<Vec<FindHit>, PageError> {
    let actor = &visitor.actor;
    if actor.role.may(Right::TakeMessages) {
        let room = match actor.role.may(Right::ManageAccounts) {
            true => "/accounts",
            false => "/console/accounts",
        };
        let found = accounts::search(&web.app, actor, query).await?;
        let found: Vec<domain::Account> = found.into_iter().take(HITS).collect();
        let hit = |account: &domain::Account| {
            let href = format!("{room}/{}", account.id);
            FindHit::new("building-2", &href, &account.name, &account.number)
        };
        let mut hits: Vec<FindHit> = found.iter().map(hit).collect();
        // One account alone: its pages, too.
        if let [only] = &found[..] {
            hits.extend(pages_of(only));
        }
        return Ok(hits);
    }
    let (list, query) = (accounts::list(&web.app, actor).await?, query.to_lowercase());
    let fits = |account: &domain::Account| {
        account.name.to_lowercase().contains(&query) || account.number.to_lowercase() == query
    };
    let hit = |account: domain::Account| {
        let mut href = form_urlencoded::Serializer::for_suffix(String::from("/messages?"), 10);
        let href = href.append_pair("account_number", &account.number).finish();
        FindHit::new("building-2", &href, &account.name, &account.number)
    };
    Ok(list.into_iter().filter(fits).take(HITS).map(hit).collect())
}

/// The pages of one account.
fn pages_of(account: &domain::Account) -> [FindHit; 2] {
    let page = |icon, path, label| {
        let (href, label) = (format!("/accounts/{}/{path}", account.id), format!("{label} of "));
        FindHit::new(icon, &href, &format!("{label}{}", account.name), &account.number)
    };
    [page("send", "delivery", "Delivery"), page("play", "simulator", "Simulator")]
}

async fn people(web: &Web, visitor: &SignedIn, query: &str) -> Result<Vec<FindHit>, PageError> {
    if !visitor.actor.role.may(Right::ManageUsers) {
        return Ok(Vec::new());
    }
    let members = users::list(&web.app, &visitor.actor).await?;
    let fitting = members.iter().filter(|member| fits(member, query)).take(HITS);
    let hit = |member: &users::Member| {
        let href = format!("/people/{}", member.user.id);
        FindHit::new("user", &href, &member.user.name, &member.user.email)
    };
    Ok(fitting.map(hit).collect())
}

/// The message with that number, then the newest that hold the text, then the way to all others.
async fn found_messages(
    web: &Web,
    visitor: &SignedIn,
    query: &str,
) -> Result<Vec<FindHit>, PageError> {
    let (actor, zone, now) = (&visitor.actor, &visitor.tenant.zone, web.app.now());
    let hit = |message: &Message| {
        let who = message.caller();
        let who = if who.is_empty() { "Unknown caller" } else { &who };
        let line = message.content.lines().next().unwrap_or_default();
        let label: String = format!("{who}: {line}").chars().take(160).collect();
        let age = Moment::at(message.created_at, now, zone).relative;
        FindHit::new("message-square", &format!("/messages/{}", message.id), &label, &age)
    };
    let mut hits = Vec::new();
    if let Ok(id) = query.trim_start_matches('#').parse() {
        let found = if_found(messages::find(&web.app, actor, MessageId(id)).await)?;
        hits.extend(found.as_ref().map(hit));
    }
    let from = zone.date(now).plus_days(-DAYS);
    let text = query.to_owned();
    let filter = messages::MessageQuery { from, text, ..messages::MessageQuery::default() };
    let filter = messages::filter(&web.app, actor, filter).await?;
    let found = messages::page(&web.app, actor, &filter, None, HITS).await?;
    hits.extend(found.iter().map(hit));
    let mut all = form_urlencoded::Serializer::for_suffix(String::from("/messages?"), 10);
    let all = all.append_pair("q", query).finish();
    hits.push(FindHit::new("search", &all, &format!("All messages with “{query}”"), ""));
    Ok(hits)
}
