//! `cargo xtask dist`: the static folder.

mod bom;
mod day;
mod kept;
mod place;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::app::release::{self, Release};
use crate::commands::Misused;
use crate::process::Call;
use crate::{app, hosting, project, say};

/// What belongs to whoever hosts the console. Written once, and never again.
const CONFIG: &str = "config.json";

/// How long files of a release stay after the next one came, in days.
const KEPT_DAYS: u32 = 7;

/// The command line.
struct Options {
    dir: String,
    keep_days: u32,
    verify: bool,
}

/// `cargo xtask dist [DIR] [--keep-days N] [--verify]`.
///
/// # Errors
/// If the app does not build, or `DIR` holds something that is no earlier result of this command.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let options = options(args)?;
    let dir = project::from_caller(&options.dir);
    place::check(&dir)?;
    let app = app::ensure()?;
    let release = release::of_sealed(&app)?;
    let removed = put(&app, &release, &dir, options.keep_days)?;
    for name in removed {
        say::line(&format!("· {name} is no longer needed: removed"));
    }
    say::line(&format!(
        "{} holds release {}: upload it to any static host, under any path (docs/hosting.md)",
        dir.display(),
        release.id
    ));
    if options.verify {
        verify::against_another_build(&dir)?;
    }
    Ok(())
}

/// The folder as this command writes it, below the target folder, for tests that serve it.
///
/// # Errors
/// If the app does not build.
pub(crate) fn ensure() -> Result<PathBuf> {
    let dir = project::target_dir()?.join("dist");
    let app = app::ensure()?;
    put(&app, &release::of_sealed(&app)?, &dir, 0)?;
    Ok(dir)
}

fn options(args: &[String]) -> Result<Options> {
    let mut res = Options { dir: "dist".to_owned(), keep_days: KEPT_DAYS, verify: false };
    let mut dir = None;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--verify" => res.verify = true,
            "--keep-days" => {
                let number = words.next().and_then(|it| it.parse().ok());
                res.keep_days = number.ok_or_else(|| Misused::new("`--keep-days` needs a number"))?;
            }
            other if other.starts_with('-') || dir.is_some() => {
                return Err(Misused::new(&format!("`{other}` is not an option of this command")).into());
            }
            other => dir = Some(other.to_owned()),
        }
    }
    if let Some(dir) = dir {
        res.dir = dir;
    }
    Ok(res)
}

/// Puts a built app into a folder that may be served meanwhile, and returns the names of old files that were removed.
///
/// First comes what nothing names yet, then the page that names it, then the file that tells open consoles of it. Whoever
/// has an older page finds its files there for some days more.
fn put(app: &Path, release: &Release, dir: &Path, keep_days: u32) -> Result<Vec<String>> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let now = day::now();
    let mut history = kept::read(dir, release)?;
    let files = place::files_of(app)?;
    for name in files.iter().filter(|it| place::base(it) != "index.html" && place::base(it) != release::FILE)
    {
        if name == CONFIG && dir.join(CONFIG).exists() {
            continue;
        }
        place::copy(&app.join(name), &dir.join(name))?;
    }
    // An older version of this command packed it; what is packed would hide what is edited.
    for extension in ["br", "gz"] {
        place::remove(&dir.join(format!("{CONFIG}.{extension}")))?;
    }
    for extension in ["br", "gz", ""] {
        let name = ["index.html", ".", extension].concat();
        let name = name.trim_end_matches('.');
        place::copy(&app.join(name), &dir.join(name))?;
    }

    let config = fs::read_to_string(dir.join(CONFIG)).with_context(|| format!("cannot read {CONFIG}"))?;
    let portals = hosting::portals(&config).with_context(|| dir.join(CONFIG).display().to_string())?;
    let site = ::hosting::Site { portals, hsts: true, reports: None };
    place::write(&dir.join("_headers"), ::hosting::generate::headers_file("/", &site).as_bytes())?;
    place::write(&dir.join(bom::FILE), release::text(&bom::of_browser_program(release)?).as_bytes())?;
    let text = release::text(&described(release)?);
    for (ending, bytes) in app::compress::forms(text.as_bytes())? {
        place::write(&dir.join(format!("{}{ending}", release::FILE)), &bytes)?;
    }
    place::write(&dir.join(release::FILE), text.as_bytes())?;

    let removable = history.replaced(release, now, keep_days);
    let current: Vec<&str> = release.files.keys().map(String::as_str).collect();
    let mut removed = Vec::new();
    for name in removable.iter().filter(|it| !current.contains(&it.as_str())) {
        for extension in ["", ".br", ".gz"] {
            place::remove(&dir.join(format!("{name}{extension}")))?;
        }
        removed.push(name.clone());
    }
    place::write(&dir.join(kept::FILE), history.text().as_bytes())?;
    place::write(&dir.join(place::SUMS), place::sums(dir, &files)?.as_bytes())?;
    Ok(removed)
}

/// `release.json` as it is published.
fn described(release: &Release) -> Result<Value> {
    let commit = Call::new("git", &["rev-parse", "HEAD"]).output()?;
    let changed = Call::new("git", &["status", "--porcelain", "--untracked-files=no"]).output()?;
    let mut value = json!({
        "release": release.id,
        "version": env!("CARGO_PKG_VERSION"),
        "commit": commit.trim(),
        "files": release.files,
    });
    // Two builds that say the same commit are the same; one of a changed checkout must not say so.
    if let Some(object) = value.as_object_mut().filter(|_| !changed.trim().is_empty()) {
        object.insert("commit".to_owned(), format!("{} and changes", commit.trim()).into());
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
