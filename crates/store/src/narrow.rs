//! Pieces of a `WHERE` that statements with a varying filter share.

/// Narrows a statement to rows whose column is one of these ids: ` AND column IN (…)`. No id at
/// all leaves no row, on both databases (`IN ()` is an error on PostgreSQL).
macro_rules! among {
    ($sql:ident, $column:literal, $ids:expr) => {
        match $ids {
            [] => {
                $sql.push(" AND 1 = 0");
            }
            [only] => {
                $sql.push(concat!(" AND ", $column, " = ")).push_bind(only.0);
            }
            several => {
                $sql.push(concat!(" AND ", $column, " IN ("));
                let mut list = $sql.separated(", ");
                for id in several {
                    list.push_bind(id.0);
                }
                $sql.push(")");
            }
        }
    };
}
pub(crate) use among;

/// A `LIKE` pattern for texts that contain this one; its escape character is `\`.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}
