//! The words by which people stop, resume and ask about text messages, and what they are answered.
//!
//! The list is what carriers in the United States and Canada act on by themselves: the CTIA's
//! "Messaging Principles and Best Practices" (STOP, UNSUBSCRIBE, CANCEL, END, QUIT, HELP, INFO), the
//! words that 47 CFR 64.1200(a)(10) names (stop, quit, end, revoke, opt out, cancel, unsubscribe),
//! and the default lists of Twilio (STOPALL, OPTOUT, REVOKE, START, YES, UNSTOP, and ARRET for
//! Canada) and AWS (REMOVE). The Spanish words are those that senders to Spanish speakers register
//! beside them: PARAR, ALTO, CANCELAR, SALIR, AYUDA.
//!
//! A word counts only when it is the whole message, as it does for the carriers: "please don't stop"
//! stops nothing.

/// What somebody asks for by one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// No more messages.
    Stop,
    /// Messages again. It has a meaning only from a number that had stopped them: to others, "yes"
    /// is an answer like any other.
    Start,
    /// Who this is, and how to stop it.
    Help,
}

/// The words as they are compared: letters only, capitals, without accents.
const WORDS: [(&str, Word); 27] = [
    ("STOP", Word::Stop),
    ("STOPALL", Word::Stop),
    ("UNSUBSCRIBE", Word::Stop),
    ("UNSUBSCRIBEALL", Word::Stop),
    ("CANCEL", Word::Stop),
    ("END", Word::Stop),
    ("QUIT", Word::Stop),
    ("REVOKE", Word::Stop),
    ("OPTOUT", Word::Stop),
    ("REMOVE", Word::Stop),
    ("ARRET", Word::Stop),
    ("ARRETE", Word::Stop),
    ("PARAR", Word::Stop),
    ("ALTO", Word::Stop),
    ("CANCELAR", Word::Stop),
    ("SALIR", Word::Stop),
    ("START", Word::Start),
    ("YES", Word::Start),
    ("UNSTOP", Word::Start),
    ("SUBSCRIBE", Word::Start),
    ("RESUBSCRIBE", Word::Start),
    ("OPTIN", Word::Start),
    ("RESUME", Word::Start),
    ("HELP", Word::Help),
    ("INFO", Word::Help),
    ("AYUDA", Word::Help),
    ("AIDE", Word::Help),
];

/// Letters of the longest word, and one more.
const LETTERS_MAX: usize = 15;
/// Longest name of a service in a confirmation, in characters; the rest is left out.
const NAME_CHARS: usize = 35;

/// What the message asks for, where all of it is one of the words: in any letter case, with
/// anything around and between its letters that is neither letter nor digit (quotes, full stops,
/// spaces, hyphens, emoji, invisible characters).
pub fn word(text: &str) -> Option<Word> {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    let folded: String = letters.map(fold).take(LETTERS_MAX).collect();
    WORDS.into_iter().find(|(word, _)| *word == folded).map(|(_, meaning)| meaning)
}

/// Capitals, without the accents that the words have and the widths that telephones add.
fn fold(c: char) -> char {
    match c {
        'ê' | 'Ê' | 'é' | 'É' | 'è' | 'È' => 'E',
        '\u{ff01}'..='\u{ff5e}' => narrow(c).to_ascii_uppercase(),
        _ => c.to_ascii_uppercase(),
    }
}

/// The ASCII character that this full-width one shows (U+FF01 to U+FF5E).
fn narrow(c: char) -> char {
    char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
}

/// The one answer to a word: ASCII, at most 160 characters, and therefore one part of a text.
pub fn confirmation(word: Word, service_name: &str) -> String {
    let name = plain(service_name);
    match word {
        Word::Stop => format!(
            "{name}: You will get no more text messages from this number. Reply START to get them \
             again, HELP for help."
        ),
        Word::Start => format!(
            "{name}: You will get text messages from this number again. Reply STOP to end them, \
             HELP for help."
        ),
        Word::Help => format!(
            "{name}: We send messages of our answering service. Reply STOP to end them, START to \
             get them again. Msg & data rates may apply."
        ),
    }
}

/// A name in those ASCII characters that take one place in a text (GSM 03.38), never empty.
fn plain(name: &str) -> String {
    let known = name.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let kept: String = known
        .filter(|c| *c == ' ' || (c.is_ascii_graphic() && !r"[]{}\^~|`".contains(*c)))
        .take(NAME_CHARS)
        .collect();
    let kept = kept.trim();
    if kept.is_empty() { "Answering service".to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(texts: &[&str], expected: Option<Word>) {
        for text in texts {
            assert_eq!(word(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_word_in_any_shape_is_understood() {
        use Word::{Help, Start, Stop};
        check(
            &["STOP", "stop", "Stop.", " sToP \r\n", "\"STOP\"", "'stop'!", "STOP\u{200b}"],
            Some(Stop),
        );
        check(
            &["\u{feff}stop", "“Stop”", "*stop*", "(stop)", "s-t-o-p", "STOP 🙏", "STOP"],
            Some(Stop),
        );
        check(
            &["STOPALL", "stop all", "Stop-All", "UNSUBSCRIBE", "cancel", "End", "QUIT"],
            Some(Stop),
        );
        check(&["revoke", "OPTOUT", "opt out", "Opt-Out", "ARRET", "arrêt", "remove"], Some(Stop));
        check(&["PARAR", "alto", "¡ALTO!", "Cancelar", "salir"], Some(Stop));
        check(&["START", "yes", "Unstop", "subscribe", "OPT IN", "opt-in", "optin"], Some(Start));
        check(&["HELP", "help?", "info", "¿AYUDA?", "aide"], Some(Help));
    }

    #[test]
    fn a_sentence_with_a_word_in_it_is_an_answer() {
        check(
            &["please don't stop", "stop please", "STOP calling Ada", "non-stop", "STOP 2"],
            None,
        );
        check(&["the end", "Cancel my 3 pm", "help me", "yes, tell them", "start at 9"], None);
        check(&["", " ", "!!!", "\0", "stopp", "stopallx", "СТОП", "0", "🙏"], None);
        assert_eq!(word(&"STOP".repeat(300_000)), None);
    }

    #[test]
    fn each_word_is_listed_once_as_it_is_compared() {
        for (at, (listed, meaning)) in WORDS.into_iter().enumerate() {
            assert!(listed.bytes().all(|b| b.is_ascii_uppercase()) && listed.len() < LETTERS_MAX);
            assert!(WORDS[at + 1..].iter().all(|(other, _)| *other != listed), "{listed}");
            assert_eq!(word(&listed.to_lowercase()), Some(meaning));
        }
    }

    #[test]
    fn a_confirmation_is_one_plain_part() {
        for name in ["Liberty", "", "\u{1f64f}", &"Añswer & Sons ".repeat(50), "a\r\nb\0"] {
            for word in [Word::Stop, Word::Start, Word::Help] {
                let text = confirmation(word, name);
                assert!(text.len() <= 160, "{} {text}", text.len());
                assert!(text.bytes().all(|b| b == b' ' || b.is_ascii_graphic()), "{text}");
                assert!(super::word(&text).is_none(), "no loop with another robot");
            }
        }
        assert!(confirmation(Word::Stop, "Archer").starts_with("Archer: You will get no more"));
    }

    /// Anything without a letter or a digit.
    fn around() -> impl Strategy<Value = String> {
        let any = prop::collection::vec(any::<char>(), 0..20);
        any.prop_map(|chars| chars.into_iter().filter(|c| !c.is_alphanumeric()).collect())
    }

    proptest! {
        #[test]
        fn nothing_around_a_word_hides_it(
            at in 0..WORDS.len(),
            before in around(),
            after in around(),
        ) {
            let (listed, meaning) = WORDS[at];
            prop_assert_eq!(word(&format!("{before}{}{after}", listed.to_lowercase())), Some(meaning));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*", name in ".*") {
            let _ = word(&text);
            prop_assert!(confirmation(Word::Help, &name).len() <= 160);
        }
    }
}
