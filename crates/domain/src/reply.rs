//! What somebody on call answers by text: an acknowledgement, a pass to the next, or words.

/// What a text from somebody who was told of a message means. Codes are the digits that stood in
/// what we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is in hand.
    Acknowledge(Option<String>),
    /// The next one is to be told now.
    PassOn(Option<String>),
    /// Words: a question, or something else for people.
    Words {
        /// The message that it is about, where it says so.
        code: Option<String>,
        /// The words.
        text: String,
    },
}

const YES: [&str; 11] = [
    "ack",
    "acknowledge",
    "acknowledged",
    "a",
    "ok",
    "okay",
    "y",
    "yes",
    "got it",
    "on it",
    "done",
];
const NO: [&str; 8] = ["n", "no", "pass", "next", "escalate", "esc", "e", "cannot"];

/// Reads a text. Case, spaces and a full stop at the end do not matter; the code may come before or
/// after the word, or alone.
pub fn read(text: &str) -> Reply {
    let said = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    let words: Vec<&str> = said.split_whitespace().collect();
    let is_code = |word: &str| {
        let word = word.trim_start_matches('#');
        (2..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
    };
    let own = |word: &str| word.trim_start_matches('#').to_owned();
    let (code, rest) = match words.as_slice() {
        [first, rest @ ..] if is_code(first) => (Some(own(first)), rest.join(" ")),
        [rest @ .., last] if is_code(last) => (Some(own(last)), rest.join(" ")),
        all => (None, all.join(" ")),
    };
    match rest.as_str() {
        "" if code.is_some() => Reply::Acknowledge(code),
        word if YES.contains(&word) => Reply::Acknowledge(code),
        word if NO.contains(&word) => Reply::PassOn(code),
        _ => Reply::Words { code, text: text.trim().to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_answer_in_their_own_ways() {
        let yes = |code: &str| Reply::Acknowledge((!code.is_empty()).then(|| code.to_owned()));
        let no = |code: &str| Reply::PassOn((!code.is_empty()).then(|| code.to_owned()));
        let check = |text, expected| assert_eq!(read(text), expected, "{text:?}");
        check("482", yes("482"));
        check(" #482. ", yes("482"));
        check("Ack 482", yes("482"));
        check("482 ok", yes("482"));
        check("OK!", yes(""));
        check("Got it", yes(""));
        check("no 482", no("482"));
        check("PASS", no(""));
        let words = |code: Option<&str>, text: &str| Reply::Words {
            code: code.map(str::to_owned),
            text: text.to_owned(),
        };
        check("What is her number?", words(None, "What is her number?"));
        check("482 what is her number?", words(Some("482"), "482 what is her number?"));
        check("", words(None, ""));
        check("no way", words(None, "no way"));
        check("12345678", words(None, "12345678"));
    }
}
