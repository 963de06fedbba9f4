//! A page of the documentation: Markdown with an address, a title, and a place in the contents.

/// Where the pages stand.
pub const ROOT: &str = "/docs";

/// A shorter sentence says too little of a page.
const SUMMARY_MIN: usize = 24;

/// A page, written in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its address, without `.md`: `/docs/guides/delivery`.
    pub path: String,
    /// What its first heading says.
    pub title: String,
    /// What it is about, in one sentence.
    pub summary: String,
    /// The part of the contents that it stands in: "Messages", "Guides".
    pub part: String,
    /// All of it, its title included. Where it shows the reader's own address or key, it holds
    /// [`crate::reference::ANY_HOST`] or [`crate::reference::ANY_KEY`].
    pub markdown: String,
    /// It is about something beside the product's own matters, and is quoted where nothing else
    /// answers as well.
    pub is_aside: bool,
}

impl Document {
    /// A page of this text, whose title is its first heading and whose summary is its first
    /// sentence.
    #[must_use]
    pub fn new(path: &str, part: &str, markdown: &str) -> Self {
        let mut lines = markdown.lines();
        let title = lines.find_map(|line| line.strip_prefix("# ")).unwrap_or(path);
        let is_prose = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        let prose = lines.skip_while(|line| !is_prose(line)).take_while(is_prose);
        let prose = prose.collect::<Vec<_>>().join(" ");
        let summary = match prose.match_indices(". ").find(|(end, _)| *end >= SUMMARY_MIN) {
            Some((end, _)) => &prose[..=end],
            None => &prose,
        };
        Self {
            path: path.to_owned(),
            title: title.to_owned(),
            summary: without_links(summary),
            part: part.to_owned(),
            markdown: markdown.to_owned(),
            is_aside: false,
        }
    }

    /// The address of its Markdown.
    #[must_use]
    pub fn markdown_path(&self) -> String {
        format!("{}.md", self.path)
    }
}

/// The text of a sentence without what its links lead to.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let (start, label) = at_label(before);
        plain.push_str(start);
        plain.push_str(label);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// What stands before a link, parted where the link's words begin; they may hold brackets.
pub(crate) fn at_label(before: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, c) in before.char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => return (&before[..at], &before[at + 1..]),
            '[' => depth -= 1,
            _ => {}
        }
    }
    (before, "")
}

/// The anchor of a heading, as most programs that draw Markdown make it.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().trim().replace(' ', "-")
}

/// The anchors of a page: a heading that stands twice has a number the second time.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    given: Vec<String>,
}

impl Anchors {
    pub(crate) fn next(&mut self, heading: &str) -> String {
        let plain = anchor(heading);
        let others = self.given.iter().filter(|given| **given == plain).count();
        self.given.push(plain.clone());
        if others == 0 { plain } else { format!("{plain}-{others}") }
    }
}
