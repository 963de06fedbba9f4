//! The index of all pages: which passages speak of the words of a question, and how much.
//!
//! BM25 over fields: what stands in the passage itself counts most, then what it is said to be
//! about, then the headings above it, then its neighbours. A word of a question may be met by one
//! that means the same, or that it was a typing error for, which counts less.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::document::Document;
use crate::question::Question;
use crate::sections::{self, Kind, Passage, Section};
use crate::words::{Alternative, Lexicon, Term, distance, words};

/// How soon more of the same word counts no more.
const SATURATION: f32 = 1.0;
/// How much a long passage is held back.
const LENGTH_WEIGHT: f32 = 0.3;

// What a word counts by where it stands.
const IN_PASSAGE: f32 = 1.0;
const AGAIN_IN_PASSAGE: f32 = 0.3;
/// As a part of a name: `person` in `reached_person`.
const IN_NAME: f32 = 0.6;
const IN_SUBJECT: f32 = 0.8;
const IN_HEADING: f32 = 0.7;
const IN_OUTER_HEADING: f32 = 0.35;
const IN_TITLE: f32 = 0.45;
const IN_TABLE_HEAD: f32 = 0.3;
const IN_NEIGHBOUR: f32 = 0.35;
/// What a section that speaks of a word adds to each of its passages, and how far it covers it.
const BY_SECTION: f32 = 0.45;
const COVERED_BY_SECTION: f32 = 0.6;

/// What two words that stand together as in the question add.
const TOGETHER: f32 = 0.2;

/// What a word of everyday language counts, beside one of the trade.
const WEAK: f32 = 0.5;

/// What it adds to a passage that the heading above it asks the very question.
const ASKED: f32 = 0.6;

/// What it adds to a row that it is about just a word of the question.
const NAMED: f32 = 0.3;

/// A shorter sentence says little without the others of its paragraph.
const FRAGMENT_BYTES: usize = 40;

/// What a word that no page knows counts in a question: about as much as one of its own.
const RARITY_OF_UNKNOWN: f32 = 3.0;

/// How much a page counts that is about something beside the product's own matters.
const ASIDE: f32 = 0.75;

/// So many of the best passages are looked at closely.
const WEIGHED_MAX: usize = 400;

/// How many passages a usual section has.
const USUAL_SECTION: f32 = 6.0;

/// Where a passage stands, and what it is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) document: usize,
    pub(crate) section: usize,
    pub(crate) passage: usize,
    /// Its own words, without those that only hold it together, sorted.
    pub(crate) terms: Vec<Term>,
    /// Its section, counted through all pages.
    section_of_all: usize,
    /// The same in their order.
    sequence: Vec<Term>,
}

/// A passage that speaks of what was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// Among the index's places.
    pub(crate) place: usize,
    pub(crate) score: f32,
    /// How much of the question it speaks of, from 0 to 1.
    pub(crate) coverage: f32,
}

/// A word of a question, and what it may be met by.
#[derive(Debug)]
pub(crate) struct Concept {
    /// As it was asked.
    pub(crate) word: String,
    pub(crate) alternatives: Vec<Alternative>,
    /// How much it tells passages apart.
    pub(crate) rarity: f32,
    /// It is a word of everyday language.
    pub(crate) is_weak: bool,
}

/// A word of a passage.
struct Read {
    term: Term,
    /// It is a part of a name that is a word, too.
    is_part: bool,
}

fn terms_of(read: &[Read]) -> impl Iterator<Item = Term> {
    read.iter().map(|word| word.term.clone())
}

pub(crate) struct Index {
    pub(crate) lexicon: Lexicon,
    pub(crate) sections: Vec<Vec<Section>>,
    pub(crate) places: Vec<Place>,
    /// By word, the places that speak of it with how much.
    postings: HashMap<Term, Vec<(usize, f32)>>,
    /// By word, the sections that speak of it with how much: 1 is as much as one can.
    sections_of: HashMap<Term, Vec<(usize, f32)>>,
    /// By word, how many passages have it in themselves or above them.
    spread: HashMap<Term, usize>,
    /// Every word as it is written somewhere, with how often.
    written: HashMap<String, usize>,
    /// The subjects as they are written, without what they stand in.
    names: HashSet<String>,
    /// The words of each section's own heading, counted through all pages.
    headings: Vec<Vec<Term>>,
    /// Which documents are asides.
    asides: Vec<bool>,
}

impl Index {
    pub(crate) fn new(documents: &[Document]) -> Self {
        let mut index = Self {
            lexicon: Lexicon::new(),
            sections: documents.iter().map(sections::of).collect(),
            places: Vec::new(),
            postings: HashMap::new(),
            sections_of: HashMap::new(),
            headings: Vec::new(),
            spread: HashMap::new(),
            written: HashMap::new(),
            names: HashSet::new(),
            asides: Vec::new(),
        };
        let sections = std::mem::take(&mut index.sections);
        let passages = sections.iter().flatten().flat_map(|section| &section.passages);
        let (count, length) = passages.fold((0, 0), |(count, length), passage| {
            (count + 1, length + words(&passage.markdown).len())
        });
        let usual_length = length as f32 / count.max(1) as f32;
        for (at, document) in documents.iter().enumerate() {
            index.asides.push(document.is_aside);
            for (section_at, section) in sections[at].iter().enumerate() {
                index.add(document, (at, section_at), section, usual_length);
            }
        }
        index.sections = sections;
        index
    }

    fn add(
        &mut self,
        document: &Document,
        (document_at, section_at): (usize, usize),
        section: &Section,
        usual_length: f32,
    ) {
        let bodies: Vec<Vec<Read>> =
            section.passages.iter().map(|passage| self.read(&passage.markdown)).collect();
        let title = self.lexicon.terms(&document.title);
        let headings: Vec<Vec<Term>> =
            section.headings.iter().rev().map(|heading| self.lexicon.terms(heading)).collect();
        self.add_section(&bodies, usual_length);
        let heading = section.headings.last().map(String::as_str).unwrap_or_default();
        let heading = words(heading).into_iter().filter(|word| !self.lexicon.is_stopped(word));
        let heading = heading.map(|word| self.lexicon.term(&word)).collect();
        self.headings.push(heading);
        for (at, passage) in section.passages.iter().enumerate() {
            let mut counts: HashMap<Term, f32> = HashMap::new();
            for Read { term, is_part } in &bodies[at] {
                let count = counts.entry(term.clone()).or_default();
                let most = if *is_part { IN_NAME } else { IN_PASSAGE };
                *count = match *count < most {
                    true => most,
                    false => (*count + AGAIN_IN_PASSAGE).min(IN_PASSAGE + AGAIN_IN_PASSAGE),
                };
            }
            let subject = self.lexicon.terms(&passage.subject);
            self.names.extend(passage.subject.rsplit('.').next().map(str::to_owned));
            let heads: Vec<Term> =
                passage.heads.iter().flat_map(|head| self.lexicon.terms(head)).collect();
            let near: Vec<Term> =
                neighbours(section, at).flat_map(|n| terms_of(&bodies[n])).collect();
            let outer = headings.iter().skip(1).flatten().cloned().collect();
            let heading = headings.first().cloned().unwrap_or_default();
            for (terms, weight) in [
                (subject, IN_SUBJECT),
                (heading, IN_HEADING),
                (outer, IN_OUTER_HEADING),
                (title.clone(), IN_TITLE),
                (heads, IN_TABLE_HEAD),
                (near, IN_NEIGHBOUR),
            ] {
                let terms: HashSet<Term> = terms.into_iter().collect();
                terms.into_iter().for_each(|term| *counts.entry(term).or_default() += weight);
            }
            let length = match passage.kind {
                Kind::Names => 1.0,
                _ => bodies[at].len() as f32 / usual_length.max(1.0),
            };
            self.post(counts, length);
            let mut sequence: Vec<Term> = terms_of(&bodies[at]).collect();
            sequence.retain(|term| !self.lexicon.is_stopped(term));
            let mut terms = sequence.clone();
            terms.sort_unstable();
            terms.dedup();
            let place = Place {
                document: document_at,
                section: section_at,
                passage: at,
                terms,
                section_of_all: self.headings.len() - 1,
                sequence,
            };
            self.places.push(place);
        }
    }

    /// Counts the words of a whole section; in a long one each says less.
    fn add_section(&mut self, bodies: &[Vec<Read>], usual_length: f32) {
        let mut counts: HashMap<Term, f32> = HashMap::new();
        for Read { term, is_part } in bodies.iter().flatten() {
            *counts.entry(term.clone()).or_default() += if *is_part { IN_NAME } else { 1.0 };
        }
        let length = bodies.iter().map(Vec::len).sum::<usize>() as f32;
        let held_back = 0.5 + 0.5 * length / (USUAL_SECTION * usual_length.max(1.0));
        for (term, count) in counts {
            let value = count / (count + held_back);
            self.sections_of.entry(term).or_default().push((self.headings.len(), value));
        }
    }

    fn post(&mut self, counts: HashMap<Term, f32>, length: f32) {
        for (term, _) in counts.iter().filter(|(_, count)| **count >= IN_NAME) {
            *self.spread.entry(term.clone()).or_default() += 1;
        }
        let held_back = SATURATION * (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length.clamp(0.8, 3.0));
        for (term, count) in counts {
            let value = count * (SATURATION + 1.0) / (count + held_back);
            self.postings.entry(term).or_default().push((self.places.len(), value));
        }
    }

    fn read(&mut self, text: &str) -> Vec<Read> {
        let words = words(text);
        // A name stands behind its parts.
        let is_part = |at: usize| {
            let mut behind = words[at + 1..].iter().take(5);
            behind.any(|name| name.contains('_') && name.split('_').any(|part| part == words[at]))
        };
        let read = words.iter().enumerate().map(|(at, word)| {
            *self.written.entry(word.clone()).or_default() += 1;
            Read { term: self.lexicon.term(word), is_part: is_part(at) }
        });
        read.collect()
    }

    pub(crate) fn passage(&self, place: usize) -> (&Section, &Passage) {
        let place = &self.places[place];
        let section = &self.sections[place.document][place.section];
        (section, &section.passages[place.passage])
    }

    /// Whether a word is written as a name is: just as the subject of some row.
    pub(crate) fn is_name(&self, word: &str) -> bool {
        self.names.contains(word)
    }

    /// What a word of a question may be met by. One that no page and no list of words knows is
    /// taken for the known word that it is a typing error for, if there is one.
    pub(crate) fn concept(&self, word: &str, is_spanish: bool) -> Concept {
        let is_read = self.postings.contains_key(&self.lexicon.term(word));
        // Somebody who asks in English may still call a thing by its Spanish name.
        let as_spanish = is_spanish || !is_read;
        let is_known = is_read || !self.lexicon.alternatives(word, as_spanish).is_empty();
        let meant = if is_known { None } else { self.mistyped(word, is_spanish) };
        let (meant, certainty) = meant.unwrap_or((word, 1.0));
        let own = self.lexicon.term(meant);
        let mut alternatives = self.lexicon.alternatives(meant, as_spanish);
        alternatives.push((own.clone(), 1.0));
        alternatives.retain(|(term, _)| self.postings.contains_key(term));
        alternatives.iter_mut().for_each(|(_, weight)| *weight *= certainty);
        let spread = |term: &Term| self.spread.get(term).copied().unwrap_or_default();
        let rarity_at = |count: usize| {
            let (all, count) = (self.places.len() as f32, count as f32);
            (1.0 + (all - count).max(0.0) / (count + 0.5)).ln().max(0.2)
        };
        let rarity = match spread(&own) {
            0 if alternatives.is_empty() => RARITY_OF_UNKNOWN,
            0 => rarity_at(alternatives.iter().map(|(term, _)| spread(term)).sum()),
            count => {
                // That a common word is there says little of a rare one that means about the same.
                let rarity = rarity_at(count);
                for (term, weight) in &mut alternatives {
                    *weight *= (rarity_at(spread(term)) / rarity).min(1.0);
                }
                rarity
            }
        };
        let is_weak = self.lexicon.is_weak(word) && !self.is_name(word);
        let rarity = if is_weak { rarity * WEAK } else { rarity };
        Concept { word: word.to_owned(), alternatives, rarity, is_weak }
    }

    /// The known word that an unknown one is nearest to, and how sure that is.
    fn mistyped(&self, word: &str, is_spanish: bool) -> Option<(&str, f32)> {
        let max = match word.chars().count() {
            0..4 => return None,
            4..7 => 1,
            _ => 2,
        };
        // A short Spanish word is like too many English ones.
        let is_read = !is_spanish || word.len() > 6;
        let written = self.written.iter().map(|(word, count)| (word.as_str(), *count));
        let written = written.filter(|_| is_read);
        let asked = self.lexicon.asked_words(is_spanish).map(|word| (word, 1));
        let near = written.chain(asked).filter_map(|(known, count)| {
            let is_like = known.chars().count() >= 4
                && known.chars().next() == word.chars().next()
                && !self.lexicon.is_stopped(known);
            let ends_alike = word.len() > 7 || known.chars().last() == word.chars().last();
            let distance = distance(word, known, max).filter(|_| is_like)?;
            if distance > 1 && !ends_alike {
                return None;
            }
            Some((distance, Reverse(count), known))
        });
        let (distance, _, meant) = near.min()?;
        Some((meant, if distance == 1 { 0.9 } else { 0.75 }))
    }

    /// The passages that speak of what was asked, best first. `asked_at` is the page where it was
    /// asked, which gets some weight.
    pub(crate) fn search(&self, question: &Question, asked_at: Option<usize>) -> Vec<Hit> {
        let all: f32 = question.concepts.iter().map(|concept| concept.rarity).sum();
        let mut scores = vec![(0.0_f32, 0.0_f32); self.places.len()];
        for Concept { alternatives, rarity, .. } in &question.concepts {
            let best = |postings: &HashMap<Term, Vec<(usize, f32)>>, count: usize| {
                let mut best = vec![0.0_f32; count];
                for (term, weight) in alternatives {
                    for (at, value) in postings.get(term).into_iter().flatten() {
                        best[*at] = best[*at].max(value * weight);
                    }
                }
                best
            };
            let by_section = best(&self.sections_of, self.headings.len());
            let by_passage = best(&self.postings, self.places.len());
            for (at, value) in by_passage.into_iter().enumerate() {
                let around = by_section[self.places[at].section_of_all];
                scores[at].0 += rarity * (value + BY_SECTION * around);
                scores[at].1 += rarity * value.min(1.0).max(COVERED_BY_SECTION * around);
            }
        }
        let mut hits: Vec<Hit> = scores
            .into_iter()
            .enumerate()
            .filter(|(_, (score, _))| *score > 0.0)
            .map(|(place, (score, covered))| {
                let coverage = covered / all.max(0.1);
                Hit { place, score: score * (0.1 + 0.9 * coverage), coverage }
            })
            .collect();
        let best_first = |one: &Hit, other: &Hit| {
            other.score.total_cmp(&one.score).then(one.place.cmp(&other.place))
        };
        hits.sort_by(best_first);
        hits.truncate(WEIGHED_MAX);
        for Hit { place, score, .. } in &mut hits {
            *score *= self.fitness(*place, question, asked_at);
            *score *= self.togetherness(*place, question);
        }
        hits.sort_by(best_first);
        // What several pages say alike is found once, on the page where it counts most.
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert(&self.passage(hit.place).1.markdown));
        hits
    }

    /// How much better a passage is in which words stand together that the question has together.
    fn togetherness(&self, place: usize, question: &Question) -> f32 {
        let sequence = &self.places[place].sequence;
        let meets = |concept: &Concept, term: &Term| {
            concept.alternatives.iter().any(|(known, weight)| *weight > 0.8 && known == term)
        };
        let pairs = question.concepts.windows(2).filter(|pair| {
            sequence.windows(2).any(|two| meets(&pair[0], &two[0]) && meets(&pair[1], &two[1]))
        });
        let subject = self.passage(place).1.subject.rsplit('.').next().unwrap_or_default();
        let is_named = question.concepts.iter().any(|concept| concept.word == subject);
        let named = if is_named { NAMED } else { 0.0 };
        let heading = &self.headings[self.places[place].section_of_all];
        let asked = ASKED * question.is_asked_by(heading);
        1.0 + TOGETHER * pairs.count() as f32 + named + asked
    }

    /// How well a passage suits the kind of question, whatever its words.
    fn fitness(&self, place: usize, question: &Question, asked_at: Option<usize>) -> f32 {
        let (_, passage) = self.passage(place);
        let kind = match passage.kind {
            Kind::Sentence | Kind::Row => 1.0,
            Kind::Names if question.wants_names() => 0.95,
            Kind::Names => 0.5,
            Kind::Code => 0.85,
            Kind::Body => 0.35,
            Kind::Program => question.wants_program(&passage.subject),
        };
        let fragment = passage.kind == Kind::Sentence && passage.markdown.len() < FRAGMENT_BYTES;
        let kind = if fragment { kind * 0.8 } else { kind };
        let page = if asked_at == Some(self.places[place].document) { 1.12 } else { 1.0 };
        let aside = if self.asides[self.places[place].document] { ASIDE } else { 1.0 };
        let begins = if self.places[place].passage == 0 { 1.04 } else { 1.0 };
        kind * page * aside * begins * question.wants(passage)
    }
}

/// The passages beside one in its paragraph or block.
fn neighbours(section: &Section, at: usize) -> impl Iterator<Item = usize> {
    let block = section.passages[at].block;
    let is_row = section.passages[at].kind == Kind::Row;
    let range = at.saturating_sub(1)..(at + 2).min(section.passages.len());
    range.filter(move |n| *n != at && section.passages[*n].block == block && !is_row)
}
