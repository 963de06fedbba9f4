//! TwiML, the XML that tells the carrier what to say and to ask.
//!
//! Twilio's "TwiML for Programmable Voice" (`Say`, `Gather`, `Hangup`) and "… Messaging"
//! (`Message`). Nothing that somebody wrote can become an element: it is escaped, and characters
//! that XML cannot hold become spaces.

use crate::sms::plain_text;

/// How long somebody has to press a key, in seconds.
const PATIENCE_S: u8 = 10;

/// Speaks the text. With an address for the key it asks for 1 or 9, and then posts which it was to
/// that address; the answer to 9 is this again.
pub fn spoken(text: &str, gather: Option<&str>) -> String {
    let text = escaped(text);
    let Some(url) = gather else { return response(&format!("<Say>{text}</Say>")) };
    let url = escaped(url);
    response(&format!(
        "<Gather input=\"dtmf\" numDigits=\"1\" timeout=\"{PATIENCE_S}\" action=\"{url}\" \
         method=\"POST\"><Say>{text}</Say><Say>Press 1 to acknowledge, 9 to repeat.</Say></Gather>\
         <Say>Goodbye.</Say>"
    ))
}

/// The answer to the key 1.
pub fn thanks() -> String {
    response("<Say>Thank you. It is acknowledged. Goodbye.</Say><Hangup/>")
}

/// Answers a text with a text.
pub fn reply(text: &str) -> String {
    response(&format!("<Message>{}</Message>", escaped(text)))
}

/// The answer to a callback that wants none.
pub fn empty() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".to_owned()
}

fn response(elements: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{elements}</Response>")
}

/// Text as it may stand in an element or an attribute (XML 1.0, 2.2 and 2.4).
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len() + text.len() / 8);
    for c in plain_text(text).chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => xml.push(' '),
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These are what npm's twilio 6.2.0 writes for the same, but for `"` in a text, which it
    /// leaves as it is, and which means the same.
    #[test]
    fn it_is_what_the_carriers_own_library_writes() {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        assert_eq!(empty(), format!("{head}<Response/>"));
        let message = "<Response><Message>A &amp; B &lt;c&gt;</Message></Response>";
        assert_eq!(reply("A & B <c>"), format!("{head}{message}"));
        let said = "<Response><Say>Tom &amp; &quot;Jerry&quot; &lt;b&gt; it's</Say></Response>";
        assert_eq!(spoken("Tom & \"Jerry\" <b> it's", None), format!("{head}{said}"));
        let gather = "<Response><Gather input=\"dtmf\" numDigits=\"1\" timeout=\"10\" \
                      action=\"https://l.test/d?a=1&amp;b=&quot;2&quot;\" method=\"POST\">\
                      <Say>Hi</Say>";
        let asked = spoken("Hi", Some("https://l.test/d?a=1&b=\"2\""));
        assert!(asked.starts_with(&format!("{head}{gather}")), "{asked}");
        assert!(asked.ends_with("</Gather><Say>Goodbye.</Say></Response>"), "{asked}");
        assert!(thanks().contains("<Hangup/>"));
    }

    #[test]
    fn nothing_in_a_text_becomes_an_element() {
        let hostile = "</Say><Dial>+1900</Dial>\0\u{1b}\u{ffff}]]>\r\n<!--";
        let xml = spoken(hostile, Some("javascript:\"><Redirect/>"));
        assert!(!xml.contains("<Dial>") && !xml.contains("<Redirect/>"), "{xml}");
        assert_eq!(xml.matches('<').count(), 11, "{xml}");
        assert!(!xml.contains(|c: char| c.is_control() && c != '\n'));
    }
}
