//! A question: what it asks for, and the words by which its answer is looked up.

use crate::index::{Concept, Index};
use crate::sections::{Kind, Passage};
use crate::words::{self, words};

/// How much better a passage is that has what is wanted.
const WANTED: f32 = 0.35;

/// What an answer must have besides the words of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// How long: a number with a unit of time.
    Duration,
    /// How many, how large: a number.
    Number,
    /// How something is written.
    Format,
    /// The status of an answer.
    StatusCode,
    /// Where a request goes.
    Endpoint,
    /// Which there are.
    Names,
    /// What something is good for.
    Purpose,
    /// A single one, not a list.
    One,
}

#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) concepts: Vec<Concept>,
    wanted: Vec<Wanted>,
    /// The languages that it names.
    languages: Vec<&'static str>,
}

/// What a word that no page knows counts against those that are known.
const UNKNOWN: f32 = 6.0;

/// What people ask of a house and its documentation never says: no other word makes up for it.
const BESIDE: [&str; 16] = [
    "price",
    "prices",
    "pricing",
    "cost",
    "costs",
    "cuesta",
    "precio",
    "pay",
    "payment",
    "pago",
    "invoice",
    "invoices",
    "factura",
    "refund",
    "discount",
    "subscription",
];

/// Words beside which even a word like `from` is a name.
const NAMING: [&str; 13] = [
    "object",
    "field",
    "fields",
    "parameter",
    "key",
    "header",
    "column",
    "property",
    "attribute",
    "campo",
    "parametro",
    "value",
    "called",
];

/// The languages of samples.
const LANGUAGES: [&str; 3] = ["python", "javascript", "ruby"];

const MEASURES: [&str; 9] =
    ["long", "many", "much", "often", "big", "large", "fast", "soon", "late"];

impl Question {
    pub(crate) fn new(text: &str, index: &Index) -> Self {
        let is_spanish = words::is_spanish(text);
        let lower = text.to_lowercase();
        // In Spanish these are "all", not To Dos.
        let text = match is_spanish {
            true => lower.replace("todos los", " ").replace("todas las", " "),
            false => lower,
        };
        let asked = words(&text);
        let mut seen = Vec::new();
        let mut concepts = Vec::new();
        for (at, word) in asked.iter().enumerate() {
            let around = asked[at.saturating_sub(1)..].iter().take(3);
            let is_named = around.clone().any(|it| NAMING.contains(&it.as_str()));
            let is_name = is_named && index.is_name(word) && !NAMING.contains(&word.as_str());
            // "How long" is what is wanted, not a word that must be met.
            let is_measure = MEASURES.contains(&word.as_str()) && at > 0 && asked[at - 1] == "how";
            // Beside a name, "field" says only that it is one.
            let is_naming = NAMING.contains(&word.as_str())
                && around.clone().any(|it| it != word && index.is_name(it));
            let is_stopped = index.lexicon.is_stopped(word) || is_measure || is_naming;
            if (is_stopped && !is_name) || seen.contains(&word) {
                continue;
            }
            seen.push(word);
            let concept = index.concept(word, is_spanish);
            // A number or a time of day that no page has is an example of whoever asks.
            let is_example = word.starts_with(|c: char| c.is_ascii_digit());
            if !(is_example && concept.alternatives.is_empty()) {
                concepts.push(concept);
            }
        }
        let names = |language: &&str| asked.iter().any(|word| word == language);
        let languages = LANGUAGES.into_iter().filter(names).collect();
        Self { concepts, wanted: wanted(&text, &asked), languages }
    }

    /// How much better than any other a passage suits what is asked for.
    pub(crate) fn wants(&self, passage: &Passage) -> f32 {
        let fitting = self.wanted.iter().filter(|wanted| wanted.is_in(passage)).count();
        1.0 + WANTED * fitting as f32
    }

    /// Whether it asks which there are.
    pub(crate) fn wants_names(&self) -> bool {
        self.wanted.contains(&Wanted::Names)
    }

    /// What a program in a language counts: much where that is asked for.
    pub(crate) fn wants_program(&self, language: &str) -> f32 {
        if self.languages.contains(&language) { 2.0 } else { 0.3 }
    }

    /// How far a heading asks the same, from 0 to 1. One of a single word never does.
    pub(crate) fn is_asked_by(&self, heading: &[String]) -> f32 {
        if heading.len() < 2 {
            return 0.0;
        }
        let (mut met, mut all) = (0.0, 0.1);
        let mut found = 0.0_f32;
        for Concept { alternatives, rarity, .. } in &self.concepts {
            let known = alternatives.iter().filter(|(term, _)| heading.contains(term));
            let best = known.map(|(_, weight)| *weight).fold(0.0, f32::max);
            met += rarity * best;
            found += best;
            all += rarity;
        }
        (met / all) * (found / heading.len() as f32).min(1.0)
    }

    /// How much of the question is in words that some page knows, from 0 to 1.
    pub(crate) fn known(&self) -> f32 {
        let is_beside = |concept: &Concept| {
            concept.alternatives.is_empty() && BESIDE.contains(&concept.word.as_str())
        };
        if self.concepts.iter().any(is_beside) || self.concepts.iter().all(|it| it.is_weak) {
            return 0.0;
        }
        let (mut known, mut all) = (0.0, 0.1);
        for Concept { alternatives, rarity, .. } in &self.concepts {
            known += if alternatives.is_empty() { 0.0 } else { *rarity };
            all += if alternatives.is_empty() { UNKNOWN } else { *rarity };
        }
        known / all
    }
}

fn wanted(text: &str, asked: &[String]) -> Vec<Wanted> {
    let has = |words: &[&str]| asked.iter().any(|word| words.contains(&word.as_str()));
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let mut wanted = Vec::new();
    if says(&[
        "how long",
        "how soon",
        "how late",
        "how fast",
        "how often",
        "cuanto tiempo",
        "cuánto tiempo",
    ]) || has(&["dura", "duran", "caduca", "vence", "expire", "expires", "cadacuanto"])
    {
        wanted.push(Wanted::Duration);
    }
    if says(&["how many", "how much", "how big", "how large", "how often", "what size"])
        || has(&["limit", "maximum", "max", "atmost", "minimum", "largest", "limite", "maximo"])
        || has(&["cuantos", "cuantas", "biggest", "longest", "most", "size"])
    {
        wanted.push(Wanted::Number);
    }
    if has(&["format", "formatted", "formato", "written", "syntax", "spelled"])
        || says(&["look like", "how do i write", "how to write"])
    {
        wanted.push(Wanted::Format);
    }
    if says(&["status code", "error code", "http code", "response code", "código", "codigo"])
        || has(&["code", "status"]) && has(&["error", "http", "return", "returned", "returns"])
    {
        wanted.push(Wanted::StatusCode);
    }
    if has(&["endpoint", "url", "address", "path", "route", "direccion", "uri"])
        || says(&["how do i ", "how to ", "how can i ", "cómo ", "como "])
    {
        wanted.push(Wanted::Endpoint);
    }
    if says(&["used for", "use for", "purpose", "what for", "good for", "para que", "para qué"]) {
        wanted.push(Wanted::Purpose);
    }
    if has(&["single", "one", "specific", "particular", "uno", "una"]) {
        wanted.push(Wanted::One);
    }
    let asks = |at: usize| matches!(asked[at].as_str(), "which" | "what" | "que" | "cuales");
    let is_plural = |word: &str| word.ends_with('s') && !word.ends_with("us");
    if (1..asked.len()).any(|at| asks(at - 1) && is_plural(&asked[at])) {
        wanted.push(Wanted::Names);
    }
    wanted
}

impl Wanted {
    fn is_in(self, passage: &Passage) -> bool {
        let (kind, passage) = (passage.kind, passage.markdown.as_str());
        let mut words = passage.split([' ', '`', '|', '(', ')']);
        match self {
            Self::Duration => {
                const UNITS: [&str; 8] =
                    ["second", "minute", "hour", "day", "week", "month", "year", "min"];
                let is_unit = |word: &str| UNITS.iter().any(|unit| word.starts_with(unit));
                let is_number = |word: &str| {
                    const SPELLED: [&str; 7] =
                        ["one", "two", "four", "five", "ten", "eight", "each"];
                    word.starts_with(|c: char| c.is_ascii_digit()) || SPELLED.contains(&word)
                };
                let words: Vec<&str> = words.collect();
                words.windows(2).any(|two| is_number(two[0]) && is_unit(two[1]))
            }
            Self::Number => passage.contains(|c: char| c.is_ascii_digit()),
            Self::Format => ["MM-DD", "ISO 8601", "RFC", "`"].iter().any(|it| passage.contains(it)),
            Self::StatusCode => words.any(|word| {
                let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                word.len() == 3
                    && word.starts_with(['2', '3', '4', '5'])
                    && word.bytes().all(|b| b.is_ascii_digit())
            }),
            Self::Names => kind == Kind::Names,
            Self::Purpose => {
                const TOLD: [&str; 6] =
                    ["Use this", "Use the", "Use To", "purpose", "meant for", "serves"];
                TOLD.iter().any(|it| passage.contains(it))
            }
            Self::One => passage.contains("{id}") || passage.contains("`id`"),
            Self::Endpoint => ["GET /", "POST /", "PATCH /", "PUT /", "DELETE /", "https://"]
                .iter()
                .any(|it| passage.contains(it)),
        }
    }
}
