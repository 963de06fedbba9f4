//! The words of documentation and of questions: how text is cut into them, what each is looked up
//! by, and which mean the same.

use std::collections::{HashMap, HashSet};

use rust_stemmers::{Algorithm, Stemmer};

/// A word as it is looked up: the stem of an English word, a name or a number as it stands.
pub(crate) type Term = String;

/// Two or more words that are one, and the word that stands for them.
const JOINED: [(&[&str], &str); 48] = [
    (&["how", "much", "is"], "price"),
    (&["how", "much", "does"], "price"),
    (&["how", "much", "are"], "price"),
    (&["two", "times"], "twice"),
    (&["version", "1"], "v1"),
    (&["version", "2"], "v2"),
    (&["version", "one"], "v1"),
    (&["version", "two"], "v2"),
    (&["cada", "cuanto"], "cadacuanto"),
    (&["once", "a", "day"], "daily"),
    (&["stateful"], "stateless"),
    (&["more", "than", "one"], "several"),
    (&["daylight", "saving", "time"], "dst"),
    (&["daylight", "savings", "time"], "dst"),
    (&["daylight", "saving"], "dst"),
    (&["to", "do"], "todo"),
    (&["to", "dos"], "todo"),
    (&["todos"], "todo"),
    (&["on", "call"], "oncall"),
    (&["e", "mail"], "email"),
    (&["e", "mails"], "email"),
    (&["sign", "in"], "signin"),
    (&["signing", "in"], "signin"),
    (&["signed", "in"], "signin"),
    (&["log", "in"], "signin"),
    (&["logging", "in"], "signin"),
    (&["login"], "signin"),
    (&["web", "hook"], "webhook"),
    (&["web", "hooks"], "webhook"),
    (&["time", "zone"], "timezone"),
    (&["time", "zones"], "timezone"),
    (&["opt", "out"], "optout"),
    (&["at", "most"], "atmost"),
    (&["up", "to"], "atmost"),
    (&["picked", "up"], "pickup"),
    (&["pick", "up"], "pickup"),
    (&["hang", "up"], "hangup"),
    (&["hung", "up"], "hangup"),
    (&["set", "up"], "setup"),
    (&["follow", "up"], "followup"),
    (&["get", "rid"], "delete"),
    (&["throw", "away"], "delete"),
    (&["turn", "off"], "disable"),
    (&["read", "only"], "readonly"),
    (&["call", "back"], "callback"),
    (&["half", "hour"], "minutes"),
    (&["hand", "off"], "handoff"),
    (&["hand", "over"], "handover"),
];

/// Before these, `to do` is a verb: "what do I have to do".
const BEFORE_A_VERB: [&str; 8] = ["have", "has", "need", "needs", "want", "what", "how", "able"];

/// What a word may be meant by, and how much it counts: 1 is the word itself.
pub(crate) type Alternative = (Term, f32);

const SYNONYM: f32 = 0.65;
const TRANSLATION: f32 = 0.9;

/// All that is known of words before any page is read.
pub(crate) struct Lexicon {
    english: Stemmer,
    spanish: Stemmer,
    synonyms: HashMap<Term, Vec<Term>>,
    translations: HashMap<String, Vec<Term>>,
    /// The stems of Spanish words that no other word of the list has.
    translated_stems: HashMap<String, Vec<Term>>,
    stopped: HashSet<&'static str>,
    weak: HashSet<&'static str>,
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        let mut lexicon = Self {
            english: Stemmer::create(Algorithm::English),
            spanish: Stemmer::create(Algorithm::Spanish),
            synonyms: HashMap::new(),
            translations: HashMap::new(),
            translated_stems: HashMap::new(),
            weak: include_str!("words/weak.txt").split_whitespace().collect(),
            stopped: include_str!("words/stop.txt").split_whitespace().collect(),
        };
        for line in entries(include_str!("words/synonyms.txt")) {
            let (asked, looked_up) = line.split_once('>').unwrap_or((line, line));
            let (asked, looked_up) = (lexicon.terms(asked), lexicon.terms(looked_up));
            for word in asked {
                let known = lexicon.synonyms.entry(word.clone()).or_default();
                known.extend(looked_up.iter().filter(|it| **it != word).cloned());
            }
        }
        for line in entries(include_str!("words/spanish.txt")) {
            let Some((spanish, english)) = line.split_once(':') else { continue };
            let (stem, terms) =
                (lexicon.spanish.stem(spanish).into_owned(), lexicon.terms(english));
            lexicon.translated_stems.entry(stem).or_insert_with(|| terms.clone());
            lexicon.translations.insert(spanish.to_owned(), terms);
        }
        lexicon
    }

    /// What a word is looked up by.
    pub(crate) fn term(&self, word: &str) -> Term {
        if !word.chars().all(|c| c.is_ascii_alphabetic()) {
            return word.to_owned();
        }
        const BRITISH: [(&str, &str); 5] = [
            ("ise", "ize"),
            ("ised", "ized"),
            ("ises", "izes"),
            ("ising", "izing"),
            ("isation", "ization"),
        ];
        let british = BRITISH.iter().find_map(|(british, american)| {
            word.strip_suffix(british).map(|start| format!("{start}{american}"))
        });
        self.english.stem(british.as_deref().unwrap_or(word)).into_owned()
    }

    /// What the words of a text are looked up by.
    pub(crate) fn terms(&self, text: &str) -> Vec<Term> {
        words(text).iter().map(|word| self.term(word)).collect()
    }

    /// Whether a word only holds a question together.
    pub(crate) fn is_stopped(&self, word: &str) -> bool {
        self.stopped.contains(word)
    }

    /// Whether a word is one of everyday language, which tells little of what is asked.
    pub(crate) fn is_weak(&self, word: &str) -> bool {
        self.weak.contains(word)
    }

    /// Words that are not on any page, by which a typing error may be understood.
    pub(crate) fn asked_words(&self, is_spanish: bool) -> impl Iterator<Item = &str> {
        let spanish = self.translations.keys().filter(move |_| is_spanish).map(String::as_str);
        let lines = entries(include_str!("words/synonyms.txt"));
        let english = lines.flat_map(str::split_whitespace).filter(|word| *word != ">");
        spanish.chain(english.map(|word| -> &str { word }))
    }

    /// What else a word may be meant by, as an English one or as a Spanish one.
    pub(crate) fn alternatives(&self, word: &str, is_spanish: bool) -> Vec<Alternative> {
        let term = self.term(word);
        let synonyms = self.synonyms.get(&term).into_iter().flatten();
        let mut found: Vec<Alternative> =
            synonyms.map(|synonym| (synonym.clone(), SYNONYM)).collect();
        let translated = self.translations.get(word).or_else(|| {
            let stem = self.spanish.stem(word);
            self.translated_stems.get(stem.as_ref()).filter(|_| word.len() > 4)
        });
        for english in translated.into_iter().flatten().filter(|_| is_spanish) {
            found.push((english.clone(), TRANSLATION));
            let near = self.synonyms.get(english).into_iter().flatten();
            found.extend(near.map(|synonym| (synonym.clone(), SYNONYM * TRANSLATION)));
        }
        found
    }
}

fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// Whether a question is asked in Spanish.
pub(crate) fn is_spanish(question: &str) -> bool {
    const TELLING: [&str; 24] = [
        "como", "cual", "cuales", "cuanto", "cuanta", "cuantos", "cuantas", "que", "donde",
        "cuando", "quien", "del", "las", "los", "el", "una", "puedo", "para", "por", "hay", "la",
        "mi", "mis", "se",
    ];
    let (all, telling) = words(question).iter().fold((0, 0), |(all, telling), word| {
        (all + 1, telling + usize::from(TELLING.contains(&word.as_str())))
    });
    question.contains(['¿', 'ñ']) || telling * 4 >= all.max(1)
}

/// The words of a text in lower case and without accents. A name with underscores is a word, and
/// so is each of its parts; what is written in several ways is one word (`to-do`, `e-mail`).
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let text: String = text.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let word = word.trim_matches('_');
        if word.is_empty() {
            continue;
        }
        if word.contains('_') {
            found.extend(word.split('_').filter(|part| !part.is_empty()).map(str::to_owned));
        }
        found.push(word.to_owned());
    }
    joined(found)
}

fn joined(words: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let is_verb = found.last().is_some_and(|before| BEFORE_A_VERB.contains(&before.as_str()));
        let known = JOINED.iter().find(|(parts, one)| {
            words[at..].len() >= parts.len()
                && parts.iter().zip(&words[at..]).all(|(part, word)| part == word)
                && !(*one == "todo" && parts.len() > 1 && is_verb)
        });
        match known {
            Some((parts, one)) => {
                found.push((*one).to_owned());
                at += parts.len();
            }
            None => {
                found.push(words[at].clone());
                at += 1;
            }
        }
    }
    found
}

/// A letter without its accent; none for a mark that only stands on one.
fn plain(c: char) -> Option<char> {
    Some(match c {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        '\u{300}'..='\u{36f}' | '\'' | '’' => return None,
        c => c,
    })
}

/// How many letters were left out, added, taken for another or for the one beside them, to make
/// one word of the other; `None` where that is more than `max`.
pub(crate) fn distance(one: &str, other: &str, max: usize) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > max {
        return None;
    }
    let mut before_last = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i; other.len() + 1];
        for j in 1..=other.len() {
            let differs = usize::from(one[i - 1] != other[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + differs);
            let is_swapped =
                i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            if is_swapped {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    Some(last[other.len()]).filter(|distance| *distance <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_several_ways_is_one_word() {
        assert_eq!(words("To-Dos, to_do, TODO"), ["todo", "todo", "to_do", "todo"]);
        assert_eq!(words("what do I have to do on-call?")[4..], ["to", "do", "oncall"]);
        assert_eq!(words("¿Cuánto tiempo? don't"), ["cuanto", "tiempo", "dont"]);
        assert_eq!(words("`from_date` E-Mail"), ["from", "date", "from_date", "email"]);
    }

    #[test]
    fn typing_errors_are_counted() {
        assert_eq!(distance("recieve", "receive", 2), Some(1));
        assert_eq!(distance("recordngs", "recordings", 2), Some(1));
        assert_eq!(distance("refund", "recording", 2), None);
        assert_eq!(distance("same", "same", 0), Some(0));
    }

    #[test]
    fn spanish_is_known_by_its_small_words() {
        assert!(is_spanish("cuanto tiempo se guardan las grabaciones"));
        assert!(is_spanish("¿Hay límite?"));
        assert!(!is_spanish("how long are recordings kept"));
    }
}
