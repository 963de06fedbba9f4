//! Routes that keep a list of themselves, so that a test can walk every one of them.

use axum::handler::Handler;
use axum::routing::{get, post};
use axum::{Extension, Router};
use domain::user::Right;

use crate::Web;

/// A router and the list of what it answers.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<Web>,
    list: Vec<Route>,
}

/// One thing that is answered: `POST /messages/{id}/close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET` (which answers `HEAD` too) or `POST`.
    pub method: &'static str,
    /// The path, with what varies in braces.
    pub path: &'static str,
    /// The right without which it is refused (403), whatever stands behind the path.
    pub needs: Option<Right>,
}

/// The right that a route needs, for whatever finds out who asks.
#[derive(Clone, Copy, Debug)]
pub struct Needs(pub Right);

impl Routes {
    /// No route yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.router = self.router.route(path, get(handler));
        self.list.push(Route { method: "GET", path, needs: None });
        self
    }

    /// Adds what a form sends to.
    #[must_use]
    pub fn post<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.router = self.router.route(path, post(handler));
        self.list.push(Route { method: "POST", path, needs: None });
        self
    }

    /// The same routes, for those only who have a right. Whoever finds out who asks (the session of
    /// `pages`) refuses the others; a route that needed another right already keeps that.
    #[must_use]
    pub fn needing(mut self, right: Right) -> Self {
        self.router = self.router.layer(Extension(Needs(right)));
        for route in &mut self.list {
            route.needs.get_or_insert(right);
        }
        self
    }

    /// Adds all routes of another room.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// What it answers, in the order in which it was added.
    #[must_use]
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router.
    pub fn into_router(self) -> Router<Web> {
        self.router
    }
}
