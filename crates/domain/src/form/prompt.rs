//! What an agent reads aloud: text with variables in braces.

/// Something that is known only when the agent reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// The agent's name.
    AgentName,
    /// Good morning, afternoon or evening, by the account's clock.
    Greeting,
    /// The caller's name as far as it is typed.
    CallerName,
    /// The account's name.
    CompanyName,
    /// The account's number.
    AccountNumber,
    /// The time of day, by the account's clock.
    Time,
}

impl Variable {
    /// All of them.
    pub const ALL: [Variable; 6] = [
        Variable::AgentName,
        Variable::Greeting,
        Variable::CallerName,
        Variable::CompanyName,
        Variable::AccountNumber,
        Variable::Time,
    ];

    /// How it is written between the braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Variable::AgentName => "AGENT_NAME",
            Variable::Greeting => "GREETING",
            Variable::CallerName => "CALLER_NAME",
            Variable::CompanyName => "COMPANY_NAME",
            Variable::AccountNumber => "ACCOUNT_NUMBER",
            Variable::Time => "TIME",
        }
    }
}

/// A piece of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'p> {
    /// Read as it is.
    Text(&'p str),
    /// Filled in.
    Variable(Variable),
    /// Looks like a variable, but there is none of that name.
    Unknown(&'p str),
}

/// A prompt taken apart. A brace that no name follows is text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest[from..].find('{').map(|at| from + at) {
        let name = rest[at + 1..].split('}').next().filter(|name| is_name(name));
        let end = name.map(|name| at + name.len() + 2).filter(|end| *end <= rest.len());
        let (Some(name), Some(end)) = (name, end) else {
            from = at + 1;
            continue;
        };
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        let known = Variable::ALL.into_iter().find(|variable| variable.as_str() == name);
        pieces.push(known.map_or(Piece::Unknown(name), Piece::Variable));
        (rest, from) = (&rest[end..], 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A prompt as plain text, each variable filled in by `value`.
pub fn spoken(text: &str, value: impl Fn(Variable) -> String) -> String {
    let said = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Variable(variable) => value(variable),
        Piece::Unknown(name) => format!("{{{name}}}"),
    });
    said.collect()
}

/// What `{GREETING}` stands for at a minute of the day.
pub fn day_greeting(minute_of_day: u16) -> &'static str {
    match minute_of_day / 60 {
        4..12 => "Good morning",
        12..17 => "Good afternoon",
        _ => "Good evening",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variables_are_found_and_filled() {
        let check = |text: &str, said: &str| {
            let value = |variable: Variable| format!("<{}>", variable.as_str());
            assert_eq!(spoken(text, value), said, "{text}");
        };
        check("", "");
        check("Hello", "Hello");
        check("{GREETING}, this is {AGENT_NAME}.", "<GREETING>, this is <AGENT_NAME>.");
        check("{{TIME}}", "{<TIME>}");
        check("{ TIME } {} {", "{ TIME } {} {");
        check("{agent} {TIME", "{agent} {TIME");
        check("{é{CALLER_NAME}", "{é<CALLER_NAME>");
    }

    #[test]
    fn unknown_ones_are_named() {
        let unknown = |text| {
            let pieces = pieces(text).into_iter();
            pieces.filter(|piece| matches!(piece, Piece::Unknown(_))).collect::<Vec<_>>()
        };
        assert_eq!(unknown("{CALLER} {time}"), [Piece::Unknown("CALLER"), Piece::Unknown("time")]);
        assert_eq!(unknown("{ x } {TIME}"), []);
    }

    #[test]
    fn the_day_is_greeted_by_its_hour() {
        let check = |hour: u16, said| assert_eq!(day_greeting(hour * 60 + 59), said, "{hour}");
        check(3, "Good evening");
        check(4, "Good morning");
        check(11, "Good morning");
        check(12, "Good afternoon");
        check(16, "Good afternoon");
        check(17, "Good evening");
        check(23, "Good evening");
    }

    proptest! {
        #[test]
        fn nothing_of_a_prompt_is_lost(text in "[{}A-Z_é ]{0,40}") {
            let whole = spoken(&text, |variable| format!("{{{}}}", variable.as_str()));
            prop_assert_eq!(whole, text);
        }
    }
}
