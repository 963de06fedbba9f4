//! The federal holidays of the United States, against the lists that were published.

use domain::on_call::federal_holidays;

/// As the Office of Personnel Management published them.
#[test]
fn they_are_those_that_were_published() {
    let check = |year: i16, days: &[&str]| {
        let computed: Vec<String> =
            federal_holidays(year).iter().map(|(date, name)| format!("{date} {name}")).collect();
        assert_eq!(computed, days, "{year}");
    };
    check(
        2025,
        &[
            "2025-01-01 New Year's Day",
            "2025-01-20 Martin Luther King Jr. Day",
            "2025-02-17 Washington's Birthday",
            "2025-05-26 Memorial Day",
            "2025-06-19 Juneteenth",
            "2025-07-04 Independence Day",
            "2025-09-01 Labor Day",
            "2025-10-13 Columbus Day",
            "2025-11-11 Veterans Day",
            "2025-11-27 Thanksgiving Day",
            "2025-12-25 Christmas Day",
        ],
    );
    // Juneteenth on a Sunday, Christmas and the next New Year's Day on Saturdays.
    let days = |year| -> Vec<String> {
        federal_holidays(year).iter().map(|(date, name)| format!("{date} {name}")).collect()
    };
    assert!(days(2022).contains(&"2022-06-20 Juneteenth (observed)".to_owned()));
    assert!(days(2021).contains(&"2021-12-24 Christmas Day (observed)".to_owned()));
    assert!(days(2021).contains(&"2021-12-31 New Year's Day (observed)".to_owned()));
    assert!(days(2026).contains(&"2026-07-03 Independence Day (observed)".to_owned()));
    assert!(days(2027).contains(&"2027-05-31 Memorial Day".to_owned()));
    assert_eq!(federal_holidays(9999).len(), days(9999).len());
}
