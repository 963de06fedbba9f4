//! What the documentation answers: the sentences, rows and lines that say it, what stands around
//! them, and where.

use std::fmt;

use crate::Handbook;
use crate::index::{Hit, Index, Place};
use crate::question::Question;
use crate::sections::{Kind, Passage};

/// The longest question, in characters.
pub const QUESTION_MAX: usize = 500;

/// How much of a question must be in words that the pages know, and how much of it the best
/// passage must speak of, for it to be an answer.
const KNOWN_MIN: f32 = 0.5;
const COVERAGE_MIN: f32 = 0.41;
const COVERAGE_MIN_OF_FEW: f32 = 0.55;

/// What is quoted first: this many passages, in about this many bytes, if they are nearly as good
/// as the best.
const DIRECT_MAX: usize = 4;
const DIRECT_BYTES: usize = 560;
const DIRECT_SHARE: f32 = 0.5;

const EXCERPTS_MAX: usize = 5;
const EXCERPT_BYTES: usize = 260;
const EXCERPT_PASSAGES: usize = 2;
const EXCERPT_SHARE: f32 = 0.3;

/// A short sentence is quoted with those after it, up to this many bytes.
const TOGETHER_BYTES: usize = 220;

/// Passages with this share of their words in common say the same.
const SAME_SHARE: f32 = 0.7;

/// An answer in Markdown's parts. It shows as Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the documentation answers the question.
    pub is_answered: bool,
    /// What says it, as Markdown.
    pub direct: String,
    /// What stands around it, best first.
    pub excerpts: Vec<Excerpt>,
    /// The pages that it is taken from, or that are nearest.
    pub sources: Vec<Source>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The page's title and the heading: "Call recordings: How long audio is kept".
    pub title: String,
    /// As Markdown.
    pub markdown: String,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The page's title and the heading.
    pub title: String,
    /// The page's address without `.md`.
    pub path: String,
    /// The heading's anchor; empty for the beginning of the page.
    pub anchor: String,
}

impl Handbook {
    /// What the documentation says to a question, asked at a page (`path`, without `.md`) or at
    /// none. A question in words that no page knows is answered by saying so.
    #[must_use]
    pub fn answer(&self, question: &str, path: Option<&str>) -> Answer {
        let index = &self.index;
        let question = Question::new(question, index);
        let asked_at = self.documents.iter().position(|known| Some(known.path.as_str()) == path);
        let hits = index.search(&question, asked_at);
        let coverage = hits.first().map_or(0.0, |best| best.coverage);
        let least = if question.concepts.len() <= 2 { COVERAGE_MIN_OF_FEW } else { COVERAGE_MIN };
        if question.concepts.is_empty() || question.known() < KNOWN_MIN || coverage < least {
            let sources = self.sources(hits.iter().take(40), 3);
            return Answer { sources, ..Answer::default() };
        }
        let mut quotes = Quotes { index, shown: Vec::new() };
        let direct = quotes.direct(&hits);
        let excerpts = self.excerpts(&mut quotes, &hits);
        let mut used: Vec<Hit> = hits.clone();
        used.retain(|hit| quotes.shown.contains(&hit.place));
        let sources = self.sources(used.iter(), EXCERPTS_MAX);
        Answer { is_answered: true, direct, excerpts, sources }
    }

    fn excerpts(&self, quotes: &mut Quotes<'_>, hits: &[Hit]) -> Vec<Excerpt> {
        let index = &self.index;
        let least = hits.first().map_or(0.0, |best| best.score * EXCERPT_SHARE);
        let mut excerpts: Vec<Excerpt> = Vec::new();
        let good = hits.iter().take_while(|hit| hit.score >= least);
        let mut seen = Vec::new();
        for hit in good {
            let place = &index.places[hit.place];
            let at = (place.document, place.section);
            if excerpts.len() == EXCERPTS_MAX || seen.contains(&at) {
                continue;
            }
            seen.push(at);
            let is_here = |hit: &&Hit| {
                let place = &index.places[hit.place];
                (place.document, place.section) == at && hit.score >= least
            };
            let here: Vec<Hit> = hits.iter().filter(is_here).copied().collect();
            let mut picked = quotes.pick(&here, EXCERPT_PASSAGES, EXCERPT_BYTES, 0.0);
            if picked.is_empty() {
                continue;
            }
            picked.sort_unstable();
            let title = self.title_of(picked[0]);
            excerpts.push(Excerpt { title, markdown: quotes.markdown(&picked) });
        }
        excerpts
    }

    fn title_of(&self, place: usize) -> String {
        let (section, _) = self.index.passage(place);
        let title = &self.documents[self.index.places[place].document].title;
        let title = title.split(':').next().unwrap_or(title).to_owned();
        match section.headings.last() {
            Some(heading) => format!("{title}: {heading}"),
            None => title,
        }
    }

    fn sources<'h>(&self, hits: impl Iterator<Item = &'h Hit>, max: usize) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for hit in hits {
            let document = &self.documents[self.index.places[hit.place].document];
            let source = Source {
                title: self.title_of(hit.place),
                path: document.path.clone(),
                anchor: self.index.passage(hit.place).0.anchor.clone(),
            };
            if sources.len() < max && !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }
}

/// What was quoted so far, so that nothing is said twice.
struct Quotes<'a> {
    index: &'a Index,
    shown: Vec<usize>,
}

impl Quotes<'_> {
    fn direct(&mut self, hits: &[Hit]) -> String {
        let picked = self.pick(hits, DIRECT_MAX, DIRECT_BYTES, DIRECT_SHARE);
        self.markdown(&picked)
    }

    /// The best passages that nobody has seen, as long as they are nearly as good as the first.
    fn pick(&mut self, hits: &[Hit], max: usize, bytes: usize, share: f32) -> Vec<usize> {
        let mut picked: Vec<usize> = Vec::new();
        let mut used = 0;
        let Some(best) = hits.first() else { return picked };
        for hit in hits.iter().take_while(|hit| hit.score >= best.score * share) {
            let length = self.index.passage(hit.place).1.markdown.len();
            let fits = picked.is_empty() || used + length <= bytes;
            if picked.len() == max || !fits || self.is_told(hit.place) {
                continue;
            }
            let from = picked.len();
            picked.push(hit.place);
            picked.extend(self.following(hit.place));
            self.shown.extend(&picked[from..]);
            let lengths = picked[from..].iter().map(|at| self.index.passage(*at).1.markdown.len());
            used += lengths.sum::<usize>();
        }
        picked
    }

    /// The sentences after a short one in its paragraph, which go on with what it says.
    fn following(&self, place: usize) -> Vec<usize> {
        let of = |at: usize| {
            let Place { document, section, .. } = self.index.places[at];
            let passage = self.index.passage(at).1;
            (document, section, passage.block, passage.kind)
        };
        let mut length = self.index.passage(place).1.markdown.len();
        let after = (place + 1..self.index.places.len()).take_while(|at| {
            length += self.index.passage(*at).1.markdown.len();
            let leads_on = self.index.passage(*at).1.markdown.ends_with(':');
            of(*at) == of(place)
                && !leads_on
                && length <= TOGETHER_BYTES
                && !self.shown.contains(at)
        });
        if of(place).3 == Kind::Sentence { after.collect() } else { Vec::new() }
    }

    fn is_told(&self, place: usize) -> bool {
        let own = &self.index.places[place].terms;
        self.shown.iter().any(|shown| {
            let other = &self.index.places[*shown].terms;
            let common = own.iter().filter(|term| other.binary_search(term).is_ok()).count();
            let least = own.len().min(other.len());
            let is_same = match least {
                // Few words are about something, and may say very different things of it.
                0..3 => own == other,
                _ => common as f32 > SAME_SHARE * least as f32,
            };
            *shown == place || is_same
        })
    }

    /// The code that a sentence leads to.
    fn led(&self, place: usize) -> Option<&str> {
        let Place { document, section, passage, .. } = self.index.places[place];
        let next = self.index.sections[document][section].passages.get(passage + 1)?;
        (next.kind == Kind::Code).then_some(next.markdown.as_str())
    }

    /// Passages as Markdown: sentences of one paragraph and rows of one table together.
    fn markdown(&self, places: &[usize]) -> String {
        let mut text = String::new();
        let mut before: Option<(usize, &Passage)> = None;
        for place in places {
            let passage = self.index.passage(*place).1;
            let document = self.index.places[*place].document;
            let goes_on = before.is_some_and(|(known, other)| {
                known == document && other.block == passage.block && other.kind == passage.kind
            });
            match (passage.kind, goes_on) {
                (Kind::Sentence, true) => text.push(' '),
                (Kind::Code | Kind::Body | Kind::Program, true) => {
                    text.truncate(text.len() - "```".len());
                }
                (_, true) => text.push('\n'),
                (_, false) if text.is_empty() => {}
                (_, false) => text.push_str("\n\n"),
            }
            match passage.kind {
                Kind::Sentence | Kind::Names => text.push_str(&passage.markdown),
                Kind::Row => {
                    if !goes_on {
                        let line = vec!["---"; passage.heads.len()].join(" | ");
                        text.push_str(&format!("| {} |\n| {line} |\n", passage.heads.join(" | ")));
                    }
                    text.push_str(&passage.markdown);
                }
                Kind::Code | Kind::Body | Kind::Program => {
                    let open = if goes_on { "" } else { "```\n" };
                    text.push_str(&format!("{open}{}\n```", passage.markdown));
                }
            }
            if passage.markdown.ends_with(':')
                && let Some(led) = self.led(*place)
            {
                text.push_str(&format!("\n\n```\n{led}\n```"));
            }
            before = Some((document, passage));
        }
        text
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_answered {
            writeln!(f, "{}", self.direct)?;
        } else {
            writeln!(f, "The documentation does not answer this question.")?;
        }
        for excerpt in &self.excerpts {
            writeln!(f, "\n### {}\n\n{}", excerpt.title, excerpt.markdown)?;
        }
        if !self.sources.is_empty() {
            writeln!(f, "\n## {}\n", if self.is_answered { "Sources" } else { "Nearest pages" })?;
        }
        for Source { title, path, anchor } in &self.sources {
            let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            writeln!(f, "* [{title}]({path}.md{anchor})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn handbook() -> Handbook {
        let keys = "# Keys\n\nA token is made in the profile.\n\n## Revoking\n\nRevoke a token that \
            nobody needs. It stops with the next request.\n";
        let audio = "# Recordings\n\nRecordings are kept for up to 31 days.\n\n| field | meaning |\n\
            | --- | --- |\n| `talk_sec` | Seconds that they talked |\n| `from` | Who called |\n";
        Handbook::new(vec![
            Document::new("/docs/keys", "Guides", keys),
            Document::new("/docs/audio", "Guides", audio),
        ])
    }

    #[test]
    fn what_says_it_comes_first_whatever_words_were_used() {
        let handbook = handbook();
        for (question, begin) in [
            ("How long are recordings kept?", "Recordings are kept for up to 31 days."),
            ("how long do you store the audoi", "Recordings are kept for up to 31 days."),
            (
                "¿Cuánto tiempo se guardan las grabaciones?",
                "Recordings are kept for up to 31 days.",
            ),
            ("get rid of a tokne", "Revoke a token that nobody needs."),
            ("what is talk_sec", "| field | meaning |\n| --- | --- |\n| `talk_sec` |"),
            ("what does the from field hold", "| field | meaning |\n| --- | --- |\n| `from` |"),
        ] {
            let answer = handbook.answer(question, None);
            assert!(answer.is_answered && answer.direct.starts_with(begin), "{question}: {answer}");
        }
    }

    #[test]
    fn sources_lead_to_the_heading() {
        let answer = handbook().answer("revoke a token", None);
        let at =
            answer.sources.first().map(|source| (source.path.as_str(), source.anchor.as_str()));
        assert_eq!(at, Some(("/docs/keys", "revoking")));
        assert!(answer.to_string().contains("* [Keys: Revoking](/docs/keys.md#revoking)"));
    }

    #[test]
    fn what_no_page_says_is_not_answered() {
        let handbook = handbook();
        for question in ["", "?", "who won the cup", "what does a token cost", "the of and"] {
            let answer = handbook.answer(question, Some("/docs/keys"));
            assert!(!answer.is_answered && answer.direct.is_empty(), "{question}: {answer}");
            assert!(answer.to_string().starts_with("The documentation does not answer"));
        }
    }

    #[test]
    fn the_page_that_is_asked_weighs_more() {
        let keys = "# Keys\n\nThere are at most 10 of them for each person.\n";
        let hooks = "# Webhooks\n\nThere are at most 20 of them for each account.\n";
        let handbook = Handbook::new(vec![
            Document::new("/docs/keys", "Guides", keys),
            Document::new("/docs/webhooks", "Guides", hooks),
        ]);
        for (page, said) in [("/docs/keys", "at most 10"), ("/docs/webhooks", "at most 20")] {
            let answer = handbook.answer("how many are there at most", Some(page));
            assert!(answer.direct.contains(said), "{page}: {answer}");
            assert_eq!(answer.sources.first().map(|source| source.path.as_str()), Some(page));
        }
    }

    #[test]
    fn what_was_asked_cannot_become_markup() {
        let handbook = handbook();
        for question in ["<script>alert(1)</script> tokens", "revoke ](javascript:alert(1)) token"]
        {
            let shown = handbook.answer(question, None).to_string();
            assert!(!shown.contains("<script") && !shown.contains("javascript:"), "{shown}");
        }
    }

    #[test]
    fn the_same_is_not_said_twice() {
        let text = "# Audio\n\nRecordings are kept for up to 31 days.\n\n## Again\n\nRecordings are \
            kept for up to 31 days.\n";
        let handbook = Handbook::new(vec![Document::new("/docs/audio", "Guides", text)]);
        let answer = handbook.answer("how long are recordings kept", None);
        assert_eq!(answer.direct.matches("31 days").count(), 1, "{answer}");
    }
}
