//! Pieces of a `WHERE` that statements with a varying filter share.

use domain::limits;

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

/// Narrows a statement to rows of any tenant, each by its tenant and id, so that the primary key
/// finds them: ` AND (tenant_id, column) IN (VALUES …)`. No key at all leaves no row.
macro_rules! among_keys {
    ($sql:ident, $tenant:literal, $column:literal, $keys:expr) => {
        if $keys.is_empty() {
            $sql.push(" AND 1 = 0");
        } else {
            $sql.push(concat!(" AND (", $tenant, ", ", $column, ") IN ("));
            $sql.push_values($keys, |mut row, (tenant, id)| {
                row.push_bind(tenant.0).push_bind(id.0);
            });
            $sql.push(")");
        }
    };
}
pub(crate) use among_keys;

/// Whether a statement over that many rows is worth keeping prepared: one row, and full batches.
/// The sizes between are too many to keep.
pub(crate) fn recurs(rows: usize) -> bool {
    [1, limits::FIRED_AT_ONCE, limits::SENT_AT_ONCE].contains(&rows)
}

/// A `LIKE` pattern for texts that contain this one; its escape character is `\`.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}
