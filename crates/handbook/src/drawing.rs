//! Markdown as HTML, in pieces: whoever draws a page sets its code blocks as the page's own do.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::document::{Anchors, ROOT};

/// A piece of a page, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// HTML without scripts, whatever the text held.
    Html(String),
    /// A block of code.
    Code(Code),
    /// The same request in several languages.
    Languages(Vec<Code>),
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// "json", "bash", "python"; or empty.
    pub language: String,
    /// As it is to be copied.
    pub text: String,
}

/// The languages of a request's samples, as people call them.
const LANGUAGES: [(&str, &str); 4] =
    [("bash", "curl"), ("python", "Python"), ("javascript", "JavaScript"), ("ruby", "Ruby")];

impl Code {
    /// The language as people call it; empty for none of a request's.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let known = LANGUAGES.iter().find(|(language, _)| *language == self.language);
        known.map_or("", |(_, name)| name)
    }
}

/// Draws a page's Markdown, without its title. HTML in it is shown as text, and links to pages of
/// the documentation lead to their HTML.
#[must_use]
pub fn draw(markdown: &str) -> Vec<Piece> {
    let mut drawing = Drawing::default();
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    parser.for_each(|event| drawing.read(event));
    drawing.end_html();
    drawing.pieces
}

#[derive(Default)]
struct Drawing<'a> {
    pieces: Vec<Piece>,
    events: Vec<Event<'a>>,
    anchors: Anchors,
    /// Where an open heading begins among the events, and what it says.
    heading: Option<(usize, String)>,
    is_in_title: bool,
    /// The language of an open block of code that stands for itself, and its text.
    code: Option<Code>,
    depth: usize,
}

impl<'a> Drawing<'a> {
    fn read(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => self.is_in_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => self.is_in_title = false,
            _ if self.is_in_title => {}
            Event::Start(Tag::CodeBlock(kind)) if self.depth == 0 => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(Code { language, text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) if self.code.is_some() => self.end_code(),
            Event::Text(text) if self.code.is_some() => {
                self.code.iter_mut().for_each(|code| code.text.push_str(&text));
            }
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Html(text) | Event::InlineHtml(text) => self.events.push(Event::Text(text)),
            event => self.push_inline(event),
        }
    }

    fn push_inline(&mut self, event: Event<'a>) {
        if let (Some((_, said)), Event::Text(text) | Event::Code(text)) =
            (&mut self.heading, &event)
        {
            said.push_str(text);
        }
        self.events.push(event);
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Heading { .. } => {
                self.heading = Some((self.events.len(), String::new()));
                self.events.push(Event::Start(tag));
            }
            Tag::Table(_) => {
                self.events.push(Event::Html(r#"<div class="wide" tabindex="0">"#.into()));
                self.events.push(Event::Start(tag));
                self.depth += 1;
            }
            Tag::Link { link_type, dest_url, title, id } => {
                let dest_url = shown(&dest_url).into();
                self.events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            tag => {
                let nests = matches!(tag, Tag::List(_) | Tag::Item | Tag::BlockQuote(_));
                self.depth += usize::from(nests);
                self.events.push(Event::Start(tag));
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if let (TagEnd::Heading(_), Some((at, said))) = (&tag, self.heading.take())
            && let Some(Event::Start(Tag::Heading { id, .. })) = self.events.get_mut(at)
        {
            *id = Some(self.anchors.next(&said).into());
        }
        let nests =
            matches!(tag, TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::Table);
        self.depth -= usize::from(nests);
        self.events.push(Event::End(tag));
        if tag == TagEnd::Table {
            self.events.push(Event::Html("</div>".into()));
        }
    }

    fn end_html(&mut self) {
        let mut text = String::new();
        html::push_html(&mut text, self.events.drain(..));
        if !text.trim().is_empty() {
            self.pieces.push(Piece::Html(text));
        }
    }

    /// Ends a block of code. Samples that follow each other are one piece.
    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else { return };
        code.text.truncate(code.text.trim_end().len());
        let is_sample = !code.name().is_empty();
        let follows = is_sample && self.events.is_empty();
        self.end_html();
        let before = if follows { self.pieces.pop() } else { None };
        let piece = match before {
            Some(Piece::Code(other)) if !other.name().is_empty() => {
                Piece::Languages(vec![other, code])
            }
            Some(Piece::Languages(mut others)) => {
                others.push(code);
                Piece::Languages(others)
            }
            before => {
                self.pieces.extend(before);
                Piece::Code(code)
            }
        };
        self.pieces.push(piece);
    }
}

/// Where a link of a page leads somebody who reads it as HTML.
fn shown(target: &str) -> String {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(p, a)| (p, Some(a)));
    let path = match path.strip_suffix(".md") {
        Some(page) if page.starts_with(ROOT) => page,
        _ => path,
    };
    anchor.map_or_else(|| path.to_owned(), |anchor| format!("{path}#{anchor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_for_itself_and_samples_stand_together() {
        let text =
            "# T\n\n## A `b`\n\n[x](/docs/y.md#z)\n\n```bash\ncurl\n```\n\n```python\np\n```\n";
        let code =
            |language: &str, text: &str| Code { language: language.into(), text: text.into() };
        let wanted = [
            Piece::Html(
                "<h2 id=\"a-b\">A <code>b</code></h2>\n<p><a href=\"/docs/y#z\">x</a></p>\n".into(),
            ),
            Piece::Languages(vec![code("bash", "curl"), code("python", "p")]),
        ];
        assert_eq!(draw(text), wanted);
    }

    #[test]
    fn html_is_shown_as_text() {
        let drawn = draw("<script>alert(1)</script>\n\na <b onclick=x>c</b>");
        let Piece::Html(text) = &drawn[0] else { panic!("html") };
        assert!(!text.contains("<script") && !text.contains("<b"), "{text}");
    }
}
