//! The documentation: its pages as Markdown, how they are drawn, and what they answer to a question.
//!
//! Everything is a function of the pages: nothing is read from anywhere, and nothing is kept.

pub mod reference;

mod answer;
mod document;
mod drawing;
mod guides;
mod index;
mod manual;
mod question;
mod sections;
mod words;

pub use answer::{Answer, Excerpt, QUESTION_MAX, Source};
pub use document::{Document, ROOT};
pub use drawing::{Code, Piece, draw};
pub use guides::guides;
pub use manual::START;

use std::fmt;

use crate::index::Index;
use crate::reference::Reference;

/// All pages, ready to be asked.
pub struct Handbook {
    documents: Vec<Document>,
    index: Index,
}

impl Handbook {
    /// A handbook of these pages, in the order of its contents. Reads each of them once.
    #[must_use]
    pub fn new(documents: Vec<Document>) -> Self {
        let index = Index::new(&documents);
        Self { documents, index }
    }

    /// The guides, and the pages about the API.
    #[must_use]
    pub fn of(reference: &Reference) -> Self {
        let mut documents = guides();
        documents.extend(reference.documents());
        Self::new(documents)
    }

    /// Its pages, in their order.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The page at an address, without `.md`.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.path == path)
    }
}

impl Default for Handbook {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl fmt::Debug for Handbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handbook").field("documents", &self.documents.len()).finish_non_exhaustive()
    }
}
