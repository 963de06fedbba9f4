//! The pages about the API, written from its reference: what operations take and answer stands in
//! tables, so that pages and document cannot differ.

use std::fmt::Write as _;

use crate::document::{Document, ROOT, anchor};
use crate::reference::{Chapter, DocumentedAnswer, Group, Operation, Reference, Row};

/// The address of the first page about the API.
pub const START: &str = "/docs/api-reference/user-portal-apis/api-reference";

impl Reference {
    /// Its pages: the first one, and one for each resource and each operation.
    #[must_use]
    pub fn documents(&self) -> Vec<Document> {
        let mut documents = vec![Document::new(START, "API reference", &self.first_page())];
        for group in &self.groups {
            let page = |address: &str, text: &str| {
                let is_aside = group.is_aside;
                Document { is_aside, ..Document::new(address, &group.title, text) }
            };
            documents.push(page(&group.address(), &group.page()));
            let operations = group.operations.iter();
            documents.extend(operations.map(|it| page(&it.address(group), &it.page())));
        }
        documents
    }

    fn first_page(&self) -> String {
        let mut text = format!("# API reference\n\n{}\n", self.introduction.trim());
        text.push_str("\n## Endpoints at a glance\n");
        for group in self.groups.iter().filter(|group| !group.operations.is_empty()) {
            let _ = write!(text, "\n### {}\n\n{}", group.title, group.contents());
        }
        self.chapters.iter().for_each(|chapter| text.push_str(&chapter.markdown()));
        text
    }
}

impl Chapter {
    /// The chapter as Markdown, under its title.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("\n## {}\n", self.title);
        for paragraph in &self.paragraphs {
            let _ = write!(text, "\n{paragraph}\n");
        }
        if !self.rows.is_empty() {
            let _ = write!(text, "\n| {} | | meaning |\n| --- | --- | --- |\n", self.of);
        }
        for Row { name, kind, description, .. } in &self.rows {
            let _ = writeln!(text, "| {} | {} | {} |", cell(name), cell(kind), cell(description));
        }
        text + &fenced("", &self.example)
    }
}

impl Group {
    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{ROOT}/api-reference/{}/{}", self.folder, anchor(&self.title))
    }

    fn page(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for paragraph in [&self.description, &self.prose] {
            if !paragraph.is_empty() {
                let _ = write!(text, "\n{}\n", paragraph.trim());
            }
        }
        if !self.operations.is_empty() {
            let _ = write!(text, "\n## Operations\n\n{}", self.contents());
        }
        text
    }

    /// Its operations, each with the page that tells of it.
    fn contents(&self) -> String {
        let mut text = "| endpoint | what it does |\n| --- | --- |\n".to_owned();
        for operation in &self.operations {
            let (summary, address) = (&operation.summary, operation.address(self));
            let _ =
                writeln!(text, "| `{}` | [{summary}]({address}.md) |", operation.request_line());
        }
        text
    }
}

impl Operation {
    /// The address of its page.
    #[must_use]
    pub fn address(&self, group: &Group) -> String {
        format!("{}/{}", group.address(), anchor(&self.summary))
    }

    fn request_line(&self) -> String {
        match self.also.as_str() {
            "" => format!("{} {}", self.method, self.path),
            also => format!("{} or {also} {}", self.method, self.path),
        }
    }

    fn page(&self) -> String {
        let mut text = format!("# {}\n", self.summary);
        for paragraph in [&self.description, &fenced("http", &self.request_lines()), &self.prose] {
            if !paragraph.is_empty() {
                let _ = write!(text, "\n{}\n", paragraph.trim());
            }
        }
        if !self.parameters.is_empty() {
            text.push_str("\n## Parameters\n\n| parameter | in | type | required | meaning |\n");
            text.push_str("| --- | --- | --- | --- | --- |\n");
        }
        for row in &self.parameters {
            let (name, kind) = (code(&row.name), cell(&row.kind));
            let (place, needed, means) = (&row.place, required(row), cell(&row.description));
            let _ = writeln!(text, "| {name} | {place} | {kind} | {needed} | {means} |");
        }
        if let Some(body) = &self.request {
            let _ = write!(text, "\n## Request body\n\n`Content-Type: {}`\n", body.content_type);
            let needed = body.rows.iter().filter(|row| row.required && !row.name.contains('.'));
            let needed: Vec<String> = needed.map(|row| code(&row.name)).collect();
            if !needed.is_empty() {
                let _ = write!(
                    text,
                    "\nRequired fields: {}. The others are optional.\n",
                    needed.join(", ")
                );
            }
            text.push_str(&fields(&body.rows, true));
            text.push_str(&fenced("json", &body.example));
        }
        text.push_str("\n## Example request\n");
        for sample in &self.samples {
            text.push_str(&fenced(sample.language, &sample.code));
        }
        let is_success = |it: &&DocumentedAnswer| it.status.starts_with('2');
        self.responses.iter().filter(is_success).for_each(|it| text.push_str(&it.section()));
        text.push_str("\n## Errors\n\n| status code | when |\n| --- | --- |\n");
        for answer in self.responses.iter().filter(|it| !is_success(it)) {
            let _ = writeln!(text, "| `{}` | {} |", answer.status, cell(&answer.description));
        }
        text
    }

    fn request_lines(&self) -> String {
        let methods = [&self.method, &self.also].into_iter().filter(|method| !method.is_empty());
        methods.map(|method| format!("{method} {}\n", self.path)).collect()
    }
}

impl DocumentedAnswer {
    fn section(&self) -> String {
        let mut text = format!("\n## Response {}\n\n{}\n", self.status, self.description);
        if !self.rows.is_empty() {
            text.push_str(&fields(&self.rows, false));
        }
        text + &fenced("json", &self.example)
    }
}

fn fields(rows: &[Row], are_sent: bool) -> String {
    let mut text = match are_sent {
        true => "\n| field | type | required | meaning |\n| --- | --- | --- | --- |\n".to_owned(),
        false => "\n| field | type | meaning |\n| --- | --- | --- |\n".to_owned(),
    };
    for row in rows {
        let (name, kind, means) = (code(&row.name), cell(&row.kind), cell(&row.description));
        let _ = match are_sent {
            true => writeln!(text, "| {name} | {kind} | {} | {means} |", required(row)),
            false => writeln!(text, "| {name} | {kind} | {means} |"),
        };
    }
    text
}

fn required(row: &Row) -> &'static str {
    if row.required { "required" } else { "optional" }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// Text that may stand in a cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// A block of code; nothing where there is none.
fn fenced(language: &str, text: &str) -> String {
    match text.trim_end() {
        "" => String::new(),
        text => format!("\n```{language}\n{text}\n```\n"),
    }
}
