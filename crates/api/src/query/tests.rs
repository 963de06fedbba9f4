//! What the query of an address is read as, and what is refused of it.

use super::*;
use crate::v2::MessageParameters;

#[test]
fn percent_encoding_is_undone() {
    let check = |text: &str, out: Option<&str>| {
        assert_eq!(decoded(text).as_deref(), out, "{text}");
    };
    check("a+b%20c%2B", Some("a b c+"));
    check("%C3%BC", Some("ü"));
    check("%", Some("%"));
    check("%2", Some("%2"));
    check("%zz", Some("%zz"));
    check("%ff", None);
    check("%c0%af", None);
    check("%00", Some("\0"));
}

#[test]
fn what_is_known_is_checked_all_at_once() {
    let mut query = QueryReader::of(
        "from_date=02-30-2025&read=maybe&limit=0&updated_since=yesterday&q=a%00b&other=%ff&x",
    );
    MessageParameters::read(&mut query);
    Paging::read(&mut query);
    let paths: Vec<&str> = query.invalid.faults().map(|(path, _)| path).collect();
    assert_eq!(paths, ["from_date", "read", "updated_since", "q", "limit"]);
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    let check = |query: &str, is_one: bool| {
        let mut query = QueryReader::of(query);
        MessageParameters::read(&mut query);
        let faults: Vec<_> = query.invalid.faults().collect();
        let fault = ("from_date", "must not be after to_date");
        assert_eq!(faults, if is_one { vec![] } else { vec![fault] });
    };
    check("from_date=01-21-2025&to_date=01-21-2025", true);
    check("from_date=01-22-2025&to_date=2025-01-21", false);
    check("to_date=2025-01-21", true);
}

#[test]
fn an_offset_may_come_unencoded() {
    let mut query = QueryReader::of("since=2025-01-22T03:38:20.671+05:30");
    let golden = Instant::parse("2025-01-21T22:08:20.671Z").ok();
    assert_eq!(<DateTime as ParameterKind>::read(&mut query, "since"), golden);
}

#[test]
fn accounts_may_be_named_in_a_list() {
    let check = |query: &str, numbers: &[&str], fault: Option<&str>| {
        let mut query = QueryReader::of(query);
        let read = <AccountNumbers as ParameterKind>::read(&mut query, "account_number");
        assert_eq!(read, numbers);
        assert_eq!(query.invalid.faults().next().map(|(_, rule)| rule), fault);
    };
    check("", &[], None);
    check("account_number=A&account_number=B", &["B"], None);
    check("account_number[]=A&account_number%5B%5D=B", &["A", "B"], None);
    check("account_number[0]=A&account_number[1]=B&account_number=C", &["A", "B", "C"], None);
    check("account_number[]=", &[""], Some("must not be empty"));
    let rule = "must be one value, or a list of them as name[]";
    check("account_number[not]=A", &["A"], Some(rule));
    let many = "account_number[]=A&".repeat(limits::ACCOUNTS_NAMED + 1);
    let mut query = QueryReader::of(&many);
    <AccountNumbers as ParameterKind>::read(&mut query, "account_number");
    assert_eq!(query.invalid.faults().count(), 1);
}

#[test]
fn what_is_one_value_is_not_taken_as_a_list() {
    let mut query = QueryReader::of("status[]=held&read[]=true&read=true&other[]=1");
    MessageParameters::read(&mut query);
    let paths: Vec<&str> = query.invalid.faults().map(|(path, _)| path).collect();
    assert_eq!(paths, ["status", "read"]);
}

#[test]
fn pages_may_be_counted() {
    let check = |query: &str, rows: Option<usize>, skip: usize, faults: &[&str]| {
        let mut reader = QueryReader::of(query);
        let paging = Paging::read(&mut reader);
        paging.check(&mut reader.invalid);
        assert_eq!((paging.rows(), paging.skip()), (rows, skip), "{query}");
        let paths: Vec<&str> = reader.invalid.faults().map(|(path, _)| path).collect();
        assert_eq!(paths, faults, "{query}");
    };
    check("", None, 0, &[]);
    check("page=1", Some(100), 0, &[]);
    check("page=3&per_page=20", Some(20), 40, &[]);
    check("page[number]=3&page[size]=20", Some(20), 40, &[]);
    check("page=2&limit=7", Some(7), 7, &[]);
    check("per_page=7", Some(7), 0, &[]);
    check("limit=7&offset=9", Some(7), 9, &[]);
    check("offset=0", None, 0, &[]);
    check("page=0", None, 0, &["page"]);
    check("page[]=2", None, 0, &["page"]);
    check("per_page=1001", None, 0, &["per_page"]);
    check("limit=1&per_page=2", Some(1), 0, &["per_page"]);
    check("page=2&cursor=x", Some(100), 100, &["page"]);
    check("page=2&offset=1", Some(100), 1, &["offset"]);
}

#[test]
fn of_several_the_last_counts() {
    let mut query = QueryReader::of("read=true&read=false");
    assert_eq!(<Flag as ParameterKind>::read(&mut query, "read"), Some(false));
}
