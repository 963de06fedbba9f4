//! Reads the floor table out of Markdown, so that the document is what is enforced.

use std::collections::BTreeSet;

/// One row of the floor table. `floor` is `None` for a dev crate.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) floor: Option<u8>,
    pub(crate) name: String,
    pub(crate) may_use: BTreeSet<String>,
    pub(crate) heavy: BTreeSet<String>,
}

/// Reads the one table whose header begins with `| floor | crate | may use`.
pub(crate) fn parse_table(markdown: &str) -> Result<Vec<Row>, String> {
    let mut lines =
        markdown.lines().skip_while(|line| !line.starts_with("| floor | crate | may use"));
    lines.next().ok_or("no table that begins with `| floor | crate | may use`")?;
    lines.skip(1).take_while(|line| line.starts_with('|')).map(parse_row).collect()
}

fn parse_row(line: &str) -> Result<Row, String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [floor, name, may_use, heavy, ..] = cells[..] else {
        return Err(format!("too few cells: {line}"));
    };
    let floor = match floor {
        "dev" => None,
        number => Some(number.parse().map_err(|_| format!("no floor: {line}"))?),
    };
    let name = code_words(name).pop_first().ok_or_else(|| format!("no crate: {line}"))?;
    Ok(Row { floor, name, may_use: code_words(may_use), heavy: code_words(heavy) })
}

/// The words between backticks; the rest of a cell is prose.
fn code_words(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
