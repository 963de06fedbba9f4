//! One table of the pages that people go to: address, name, icon, right, key, words.
//!
//! Routes, both navigations, the list of shortcuts, Ctrl+K and the walks of the tests are made from
//! it. What stands below such a page (one message, a form) is not in it.

use axum::handler::Handler;
use domain::Role;
use domain::user::Right;
use web::{Routes, Web};

/// A page that people go to by itself.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) place: Place,
    pub(crate) path: &'static str,
    /// What navigation, finds and the list of shortcuts call it.
    pub(crate) name: &'static str,
    pub(crate) icon: &'static str,
    /// What only some may do, where it is not for everybody.
    pub(crate) right: Option<Right>,
    /// The key that leads to it after `g`; empty for none.
    pub(crate) key: &'static str,
    /// The words besides its name by which it is found, in lower case.
    pub(crate) words: &'static str,
    /// The navigations that show it.
    pub(crate) shown: &'static [Navigation],
}

/// A page of the table; what stands below it (one message, a form) is at the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Console,
    Floor,
    Messages,
    Recordings,
    ToDos,
    NewToDo,
    OnCall,
    Outbox,
    OptOuts,
    Accounts,
    People,
    Profile,
    Docs,
    /// None of the pages of the table.
    Elsewhere,
}

/// A part of a navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Navigation {
    Portal,
    /// The portal's second part: what the answering service looks after.
    Service,
    Console,
    Foot,
}

use Navigation::{Console, Foot, Portal, Service};

/// Every page, in the order of the navigation.
pub(crate) static PAGES: [Page; 13] = [
    Page {
        right: Some(Right::TakeMessages),
        key: "t",
        words: "console queue calls agent answer desk dispatch",
        shown: &[Portal, Console],
        ..page(Place::Console, "/console", "Take a message", "headset")
    },
    Page {
        right: Some(Right::ManageAccounts),
        key: "f",
        words: "agents live supervisor wallboard",
        shown: &[Console],
        ..page(Place::Floor, "/console/floor", "The floor", "users")
    },
    Page {
        key: "m",
        words: "inbox calls",
        shown: &[Portal, Console],
        ..page(Place::Messages, "/messages", "Messages", "inbox")
    },
    Page {
        key: "r",
        words: "calls audio listen",
        shown: &[Portal],
        ..page(Place::Recordings, "/recordings", "Recordings", "audio-lines")
    },
    Page {
        key: "d",
        words: "todo reminders schedule recurring",
        shown: &[Portal],
        ..page(Place::ToDos, "/to-dos", "To Dos", "calendar")
    },
    Page {
        words: "new add reminder todo schedule",
        ..page(Place::NewToDo, "/to-dos/new", "Make a To Do", "plus")
    },
    Page {
        key: "c",
        words: "rotation rota shift schedule override holidays duty",
        shown: &[Portal],
        ..page(Place::OnCall, "/on-call", "On-call", "phone-call")
    },
    Page {
        right: Some(Right::SeeOutbox),
        key: "o",
        words: "captured sent deliveries mail sms",
        shown: &[Service],
        ..page(Place::Outbox, "/outbox", "Outbox", "archive")
    },
    Page {
        right: Some(Right::ManageAccounts),
        key: "x",
        words: "stop unsubscribe texts sms",
        shown: &[Service],
        ..page(Place::OptOuts, "/opt-outs", "Opt-outs", "hand")
    },
    Page {
        right: Some(Right::TakeMessages),
        key: "a",
        words: "clients customers lines",
        shown: &[Service],
        ..page(Place::Accounts, "/accounts", "Accounts", "building-2")
    },
    Page {
        right: Some(Right::ManageUsers),
        key: "p",
        words: "users agents sign-in passwords roles",
        shown: &[Service],
        ..page(Place::People, "/people", "People", "users")
    },
    Page {
        key: "s",
        words: "settings keys token password account me",
        ..page(Place::Profile, "/profile", "Profile and Application Keys", "key-round")
    },
    Page {
        words: "help guides questions api reference developers openapi programs",
        shown: &[Foot],
        ..page(Place::Docs, "/docs", "Documentation", "book-open")
    },
];

const fn page(place: Place, path: &'static str, name: &'static str, icon: &'static str) -> Page {
    Page { place, path, name, icon, right: None, key: "", words: "", shown: &[] }
}

impl Page {
    /// Whether somebody of a role may open it.
    pub(crate) fn is_for(&self, role: Role) -> bool {
        self.right.is_none_or(|right| role.may(right))
    }

    /// The keys that lead to it, as a person reads them: `g m`; empty for none.
    pub(crate) fn keys(&self) -> String {
        if self.key.is_empty() { String::new() } else { format!("g {}", self.key) }
    }

    /// Whether each word of a query begins a word of its name or its other words.
    pub(crate) fn fits(&self, query: &str) -> bool {
        let known = format!("{} {}", self.name, self.words).to_lowercase();
        let apart = |text: &str| text.to_lowercase().replace('-', " ");
        let known = format!("{known} {}", apart(&known));
        let is_known = |word: &str| known.split_whitespace().any(|at| at.starts_with(word));
        apart(query).split_whitespace().all(is_known)
    }
}

impl Place {
    /// The route of the page, for those who may open it.
    ///
    /// # Panics
    /// For [`Place::Elsewhere`], which is no page: as the server starts, or in any test.
    pub(crate) fn route<H, T>(self, handler: H) -> Routes
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        let page = PAGES.iter().find(|page| page.place == self);
        let page = page.unwrap_or_else(|| panic!("{self:?} stands in the table of pages"));
        let routes = Routes::new().get(page.path, handler);
        match page.right {
            Some(right) => routes.needing(right),
            None => routes,
        }
    }
}

/// What part of a navigation shows somebody.
pub(crate) fn shown(navigation: Navigation, role: Role) -> impl Iterator<Item = &'static Page> {
    PAGES.iter().filter(move |page| page.shown.contains(&navigation) && page.is_for(role))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_pages_share_an_address_a_place_or_a_key() {
        let mut seen = HashSet::new();
        for page in &PAGES {
            assert!(seen.insert(page.path.to_owned()), "{}", page.path);
            assert!(seen.insert(format!("{:?}", page.place)), "{:?}", page.place);
            assert!(page.key.is_empty() || seen.insert(page.keys()), "{}", page.key);
        }
    }

    #[test]
    fn a_page_is_found_by_its_name_and_by_other_words() {
        let found = |query: &str| {
            let fitting = PAGES.iter().filter(|page| page.fits(query));
            fitting.map(|page| page.path).collect::<Vec<_>>()
        };
        assert_eq!(found("on call"), ["/on-call"]);
        assert_eq!(found("On-Call"), ["/on-call"]);
        assert_eq!(found("floor"), ["/console/floor"]);
        assert_eq!(found("application keys"), ["/profile"]);
        assert_eq!(found("nothing of ours"), [""; 0]);
        for page in &PAGES {
            for word in page.words.split(' ').filter(|word| !word.is_empty()) {
                assert!(found(word).contains(&page.path), "{word}");
            }
        }
    }

    /// A page that a reader can open without an id, and that is no file, stands in the table, or
    /// here with the reason.
    #[test]
    fn every_page_stands_in_the_table() {
        const OTHERS: [&str; 11] = [
            "/",        // leads on to one's own first page
            "/sign-in", // for those who are not signed in
            "/find",    // Ctrl+K itself
            "/api",     // where the documentation's reference stood before
            "/api/reference",
            "/llms.txt", // the documentation's pages, for programs
            "/sitemap.xml",
            "/console/events", // the stream of the console's pages
            "/accounts/new",   // forms below their list
            "/people/new",
            "/on-call/new",
        ];
        for route in crate::routes().list().iter().filter(|route| route.method == "GET") {
            let is_page = !route.path.contains('{') && !route.path.ends_with(".csv");
            let is_told = PAGES.iter().any(|page| page.path == route.path);
            assert!(
                !is_page || is_told || OTHERS.contains(&route.path),
                "{} is a page that nobody finds: give it a place in the table",
                route.path
            );
        }
        for page in &PAGES {
            let routes = crate::routes();
            let route = routes.list().iter().find(|route| route.path == page.path);
            assert_eq!(route.expect("a route").needs, page.right, "{}", page.path);
        }
    }
}
