//! The migrations of both databases, embedded in their order. What was released never changes: a
//! database that has run another text of the same number is refused.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A number, the name of its file, and its text for SQLite and for PostgreSQL.
type Step = (i64, &'static str, [&'static str; 2]);

macro_rules! steps {
    ($($number:literal $file:literal,)*) => {
        [$(($number, $file, [
            include_str!(concat!("../migrations/sqlite/", $file, ".sql")),
            include_str!(concat!("../migrations/postgres/", $file, ".sql")),
        ]),)*]
    };
}

const STEPS: &[Step] = &steps![
    1 "0001_foundation",
    2 "0002_to_dos",
    3 "0003_idempotency",
    4 "0004_message_desk",
    5 "0005_forms",
    6 "0006_desk",
    7 "0007_on_call",
    8 "0008_webhooks",
    9 "0009_messages_by_call",
    10 "0010_unsaved_calls",
    11 "0011_work_items",
    12 "0012_api_origins",
    13 "0013_key_limits",
    14 "0014_fields_of_calls",
    15 "0015_corrections",
];

/// How many there are.
pub(crate) const COUNT: usize = STEPS.len();

/// Those of SQLite.
pub(crate) fn sqlite() -> Migrator {
    of(0)
}

/// Those of PostgreSQL.
pub(crate) fn postgres() -> Migrator {
    of(1)
}

fn of(database: usize) -> Migrator {
    let step = |(number, file, texts): &Step| {
        let description = file[5..].replace('_', " ");
        let sql = texts[database].into_sql_str();
        Migration::new(*number, description.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(STEPS.iter().map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::STEPS;

    #[test]
    fn every_file_is_a_step_in_its_place() {
        for database in ["sqlite", "postgres"] {
            let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
            let files = std::fs::read_dir(folder).expect("a folder");
            let mut files: Vec<String> = files
                .map(|file| file.expect("a file").file_name().into_string().expect("a name"))
                .collect();
            files.sort();
            let steps = STEPS.iter().map(|(_, file, _)| format!("{file}.sql"));
            assert_eq!(files, steps.collect::<Vec<_>>(), "{database}");
        }
        for (place, (number, file, _)) in (1..).zip(STEPS) {
            assert_eq!((*number, file[..4].parse()), (place, Ok(place)), "{file}");
        }
    }
}
