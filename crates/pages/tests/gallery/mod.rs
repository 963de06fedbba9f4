//! The gallery: every page as the sample house has it, looked at by tests and, in pictures, by people.

mod console;
mod delivery;
mod editors;
mod forms;
mod grounds;
mod lists;
mod rooms;
mod split;

use std::path::Path;
use std::{fs, io};

use askama::Template;

use super::sample::SamplePage;
use crate::list::OpenCard;
use crate::ui::assets::{AssetFiles, asset};

/// Each page's name and HTML.
fn all() -> Vec<SamplePage> {
    let rooms =
        [rooms::all(), split::all(), lists::all(), delivery::all(), forms::all(), console::all()];
    let mut pages: Vec<SamplePage> = rooms.into_iter().flatten().collect();
    pages.extend(editors::all().into_iter().map(|page| (page.name, page.html)));
    pages
}

/// Each asset's address and bytes.
fn assets() -> impl Iterator<Item = (String, Vec<u8>)> {
    let file = |name: &str| Some((asset(name), AssetFiles::get(name)?.data.into_owned()));
    AssetFiles::iter().filter_map(move |name| file(&name))
}

/// Writes every page with its assets into `target/gallery`, to be opened in a browser.
#[test]
#[ignore = "for people: cargo nextest run -p pages --run-ignored only gallery"]
fn is_written_to_be_looked_at() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    let pages = all().into_iter().map(|(name, html)| (format!("{name}.html"), html.into_bytes()));
    for (name, bytes) in assets().chain(pages) {
        let path = folder.join(name.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

#[test]
fn every_page_renders_whole_with_one_heading_and_a_main_landmark() {
    for (name, html) in all() {
        assert!(html.trim_end().ends_with("</html>"), "{name} breaks off");
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
        assert_eq!(html.matches("<main").count(), 1, "{name}: one main");
    }
}

#[test]
fn no_page_needs_inline_script_or_style() {
    for (name, html) in all() {
        assert!(!html.contains(" style=") && !html.contains("<style"), "{name}: style");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src="), "{name}: inline script");
        }
        assert!(!html.contains("javascript:") && !html.contains(" onclick="), "{name}: handler");
    }
}

#[test]
fn every_form_that_posts_carries_the_token() {
    // The acknowledging link is opened without a session: its address is the secret.
    let pages = all().into_iter().filter(|(name, _)| *name != "acknowledge");
    for (name, html) in pages {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            if form.contains("method=\"post\"") {
                assert!(form.contains("name=\"csrf\""), "{name}: a form without csrf: {form}");
            }
        }
    }
}

#[test]
fn every_icon_and_asset_that_a_page_names_exists() {
    let files: std::collections::HashMap<_, _> = assets().collect();
    let sprite = files.get(&asset("vendor/icons.svg")).unwrap();
    let sprite = String::from_utf8(sprite.clone()).unwrap();
    for (name, html) in all() {
        for named in html.split("icons.svg#").skip(1) {
            let icon = named.split('"').next().unwrap();
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{name}: no icon {icon}");
        }
        for named in html.split("\"/assets/").skip(1) {
            let href = named.split(['"', '#']).next().unwrap();
            assert!(files.contains_key(&format!("/assets/{href}")), "{name}: no asset {href}");
        }
    }
}

#[test]
fn what_a_caller_said_is_escaped() {
    let mut page = split::open_message();
    page.rows[1].name = "\"><img src=y>".to_owned();
    let Some(OpenCard::Message(open)) = page.open.as_mut() else { panic!("it is open") };
    let message = &mut open.known.detail.message;
    message.content = "<script>alert(1)</script>".to_owned();
    message.first_name = "\"><img src=x>".to_owned();
    let html = page.render().unwrap();
    assert!(!html.contains("<script>alert") && !html.contains("<img"));
}

#[test]
fn ids_are_unique_on_each_page() {
    for (name, html) in all() {
        let mut seen = std::collections::HashSet::new();
        for named in html.split(" id=\"").skip(1) {
            let id = named.split('"').next().unwrap();
            assert!(seen.insert(id), "{name}: two elements with id {id}");
        }
    }
}
