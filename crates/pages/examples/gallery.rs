//! Writes every sample page with its assets to a folder: `cargo run -p pages --example gallery -- DIR`.

use std::path::Path;
use std::{env, fs, io};

#[expect(clippy::disallowed_methods, reason = "a program of its own: its argument is its input")]
fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("which folder?"))?;
    let folder = Path::new(&folder);
    for (href, bytes) in pages::assets() {
        write(&folder.join(href.trim_start_matches('/')), &bytes)?;
    }
    for (name, html) in pages::page_samples() {
        write(&folder.join(format!("{name}.html")), html.as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
