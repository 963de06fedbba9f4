//! A page taken apart into what an answer may quote: sentences, table rows and lines of code, each
//! with the headings that it stands under.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::document::{Anchors, Document};

/// What stands under one heading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    /// The heading and those above it, outermost first, without the page's title.
    pub(crate) headings: Vec<String>,
    /// The anchor of its heading; empty for what stands right under the title.
    pub(crate) anchor: String,
    pub(crate) passages: Vec<Passage>,
}

/// The least that can be quoted and understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) kind: Kind,
    /// As Markdown. Of a row, its cells between bars.
    pub(crate) markdown: String,
    /// What it is about, where it says so: a row's first cell, the bold beginning of an entry.
    pub(crate) subject: String,
    /// The heads of a row's table.
    pub(crate) heads: Vec<String>,
    /// The paragraph, list entry, table or block of code that it stands in, counted in its page.
    pub(crate) block: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sentence,
    Row,
    /// What a table has rows of.
    Names,
    /// A whole block of code that is short, or one line of a longer one.
    Code,
    /// A line of a body: what it says stands in a table as well.
    Body,
    /// A program, which does what a command beside it does.
    Program,
}

/// Blocks of up to this many lines are one passage.
const WHOLE_CODE_LINES_MAX: usize = 8;

/// Lists of up to this many bytes are a passage of their own.
const WHOLE_LIST_MAX: usize = 400;

/// The sections of a page.
pub(crate) fn of(document: &Document) -> Vec<Section> {
    let mut reader = Reader { sections: vec![Section::default()], ..Reader::default() };
    for event in Parser::new_ext(&document.markdown, Options::ENABLE_TABLES) {
        reader.read(event);
    }
    reader.sections.retain(|section| !section.passages.is_empty());
    reader.sections
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    /// The headings that are open, each with its level.
    open: Vec<(HeadingLevel, String)>,
    heading: Option<HeadingLevel>,
    text: String,
    strong_from: Option<usize>,
    /// What the text that is being read begins with in bold.
    subject: String,
    code: Option<String>,
    /// Where the entries of the open lists begin, among the passages of the section.
    lists: Vec<usize>,
    table: Option<Table>,
    block: usize,
    anchors: Anchors,
}

#[derive(Default)]
struct Table {
    heads: Vec<String>,
    cells: Vec<String>,
    /// The first cell of each row.
    names: Vec<String>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code.is_some() || self.table.is_none() => match &self.code {
                Some(_) => self.text.push_str(&text),
                None => self.text.push_str(&text.replace('<', "&lt;")),
            },
            Event::Text(text) => {
                self.text.push_str(&text.replace('<', "&lt;").replace('|', "\\|"));
            }
            Event::Code(text) => self.text.push_str(&format!("`{text}`")),
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Html(text) | Event::InlineHtml(text) => {
                self.text.push_str(&text.replace('<', "&lt;"));
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_text();
                self.heading = Some(level);
            }
            // A loose or nested list: what was read of the entry so far stands by itself.
            Tag::Paragraph | Tag::Item => self.end_text(),
            Tag::List(_) => {
                self.end_text();
                self.lists.push(self.sections.last().map_or(0, |it| it.passages.len()));
            }
            Tag::CodeBlock(kind) => {
                self.end_text();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(language);
            }
            Tag::Table(_) => {
                self.end_text();
                self.table = Some(Table::default());
                self.block += 1;
            }
            Tag::Strong => {
                self.strong_from = Some(self.text.len());
                self.text.push_str("**");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Paragraph | TagEnd::Item => self.end_text(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => self.end_list(),
            TagEnd::Strong => {
                if self.strong_from.take() == Some(0) {
                    self.subject = self.text[2..].to_owned();
                }
                self.text.push_str("**");
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                self.subject.clear();
                if let Some(table) = &mut self.table {
                    table.cells.push(cell.trim().to_owned());
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.heads = std::mem::take(&mut table.cells);
                }
            }
            TagEnd::TableRow => self.end_row(),
            TagEnd::Table => self.end_table(),
            _ => {}
        }
    }

    fn end_heading(&mut self) {
        let text = std::mem::take(&mut self.text).replace(['`', '*'], "");
        self.subject.clear();
        let Some(level) = self.heading.take() else { return };
        if level == HeadingLevel::H1 {
            return;
        }
        self.open.retain(|(known, _)| *known < level);
        let name = self.anchors.next(&text);
        self.open.push((level, text));
        let headings = self.open.iter().map(|(_, text)| text.clone()).collect();
        self.sections.push(Section { headings, anchor: name, passages: Vec::new() });
    }

    /// Ends a paragraph or an entry of a list: its sentences.
    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        let subject = std::mem::take(&mut self.subject);
        if text.trim().is_empty() {
            return;
        }
        self.block += 1;
        for sentence in sentences(text.trim()) {
            self.push(Kind::Sentence, sentence, &subject, &[]);
        }
    }

    /// A short list is one passage with the sentence that leads to it, which says little alone.
    fn end_list(&mut self) {
        let from = self.lists.pop().unwrap_or_default();
        let Some(section) = self.sections.last() else { return };
        let Some(lead) = from.checked_sub(1).and_then(|at| section.passages.get(at)) else {
            return;
        };
        let entries: Vec<&str> = section.passages[from..]
            .iter()
            .map(|entry| entry.markdown.trim_end_matches(';'))
            .collect();
        let whole = format!("{} {}", lead.markdown, entries.join("; "));
        if lead.markdown.ends_with(':') && whole.len() <= WHOLE_LIST_MAX {
            self.push(Kind::Sentence, &whole, "", &[]);
        }
    }

    fn end_code(&mut self) {
        let text = std::mem::take(&mut self.text);
        let language = self.code.take().unwrap_or_default();
        let kind = match language.as_str() {
            "json" => Kind::Body,
            "python" | "javascript" | "ruby" => Kind::Program,
            _ => Kind::Code,
        };
        self.block += 1;
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if lines.len() <= WHOLE_CODE_LINES_MAX && kind == Kind::Code || kind == Kind::Program {
            return self.push(kind, text.trim_end(), &language, &[]);
        }
        for line in lines.iter().filter(|line| line.contains(char::is_alphanumeric)) {
            self.push(kind, line.trim(), "", &[]);
        }
    }

    fn end_row(&mut self) {
        let Some(table) = &mut self.table else { return };
        let (heads, cells) = (table.heads.clone(), std::mem::take(&mut table.cells));
        let subject = cells.first().cloned().unwrap_or_default();
        table.names.push(subject.clone());
        self.push(Kind::Row, &format!("| {} |", cells.join(" | ")), &subject, &heads);
    }

    /// What a table has rows of is a passage of its own, for those who ask which there are.
    fn end_table(&mut self) {
        let Some(Table { heads, mut names, .. }) = self.table.take() else { return };
        let of = heads.first().filter(|head| !head.is_empty()).cloned();
        let of = of.or_else(|| self.open.last().map(|(_, heading)| heading.clone()));
        let mut length = 0;
        names.retain(|name| {
            length += name.len() + 2;
            length <= WHOLE_LIST_MAX
        });
        self.block += 1;
        let text = format!("All of *{}*: {}.", of.unwrap_or_default(), names.join(", "));
        self.push(Kind::Names, &text, "", &[]);
    }

    fn push(&mut self, kind: Kind, markdown: &str, subject: &str, heads: &[String]) {
        let (markdown, subject) = (markdown.to_owned(), subject.replace(['`', '*'], ""));
        let passage = Passage { kind, markdown, subject, heads: heads.to_vec(), block: self.block };
        if let Some(section) = self.sections.last_mut() {
            section.passages.push(passage);
        }
    }
}

/// The sentences of a paragraph: each ends with a mark, a space, and what may begin another.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut in_code) = (0, false);
    let ends = |c| matches!(c, '.' | '!' | '?');
    for (at, c) in text.char_indices() {
        in_code ^= c == '`';
        let rest = text[at..].trim_start_matches(['.', '!', '?', '*', ')', '"']);
        let is_end = !in_code && ends(c) && rest.starts_with(' ');
        let begins = |c: char| c.is_uppercase() || matches!(c, '`' | '*' | '"' | '[' | '/' | '{');
        let end = text.len() - rest.len();
        // What is bold at the beginning belongs to the sentence that it names.
        let is_name = end > from && text[from..end].trim().strip_prefix("**").is_some_and(bold);
        if is_end
            && !is_name
            && at >= from
            && rest.trim_start().starts_with(begins)
            && !abbreviated(&text[..at])
        {
            found.push(text[from..end].trim());
            from = end;
        }
    }
    found.push(text[from..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Whether what follows the first mark is bold to its end, and no further.
fn bold(text: &str) -> bool {
    text.strip_suffix("**").is_some_and(|inner| !inner.contains("**"))
}

fn abbreviated(before: &str) -> bool {
    let last = before.rsplit([' ', '(']).next().unwrap_or_default();
    matches!(last, "e.g" | "i.e" | "etc" | "vs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart_under_its_headings() {
        let text = "# Lists\n\nOne. Two `a. B` more.\n\n## Pages\n\n* **Order.** First <b>.\n\n\
            | key | means |\n| --- | --- |\n| `limit` | 1 to 9 |\n\n```http\nGET /a\n```\n";
        let sections = of(&Document::new("/docs/lists", "Guides", text));
        let told: Vec<_> = sections
            .iter()
            .flat_map(|s| s.passages.iter().map(|p| (s.anchor.as_str(), p.markdown.as_str())))
            .collect();
        let wanted = [
            ("", "One."),
            ("", "Two `a. B` more."),
            ("pages", "**Order.** First &lt;b>."),
            ("pages", "| `limit` | 1 to 9 |"),
            ("pages", "All of *key*: `limit`."),
            ("pages", "GET /a"),
        ];
        assert_eq!(told, wanted);
        let row = &sections[1].passages[1];
        assert_eq!((row.subject.as_str(), row.heads.join(",")), ("limit", "key,means".to_owned()));
    }
}
