//! Files of the folder that is served.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use super::{CONFIG, kept};
use crate::app::release;

/// The file with the hashes of all others, in the form of `sha256sum`.
pub(super) const SUMS: &str = "SHA256SUMS";

/// Refuses a folder with anything but an earlier result: it is somebody's.
///
/// # Errors
/// If it is.
pub(super) fn check(dir: &Path) -> Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    let is_empty =
        fs::read_dir(dir).with_context(|| format!("{} is no folder", dir.display()))?.next().is_none();
    let is_ours = ["index.html", CONFIG].iter().all(|it| dir.join(it).is_file());
    if !is_empty && !is_ours {
        bail!("{} is not empty and holds no built console: it is left alone", dir.display());
    }
    Ok(())
}

/// The names of the files of the built app, in their order.
///
/// # Errors
/// If the folder cannot be read, or holds a folder: no part of the console has one.
pub(super) fn files_of(app: &Path) -> Result<Vec<String>> {
    let mut res = Vec::new();
    for entry in fs::read_dir(app).with_context(|| format!("cannot read {}", app.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.path().is_file() {
            bail!("{name} in the built app is no file: nothing here knows how it is served");
        }
        res.push(name);
    }
    res.sort();
    Ok(res)
}

/// The name of a file without the ending of its packed form.
pub(super) fn base(name: &str) -> &str {
    [".br", ".gz"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name)
}

/// Copies a file, unless the same bytes are there: a server tells versions apart by the time of the last change.
///
/// # Errors
/// If a file cannot be read or written.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, &fs::read(from).with_context(|| format!("cannot read {}", from.display()))?)
}

/// Writes a file in one step: whoever reads it meanwhile gets the old one or the new one.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|it| it == bytes) {
        return Ok(());
    }
    let mut next = OsString::from(".");
    next.push(path.file_name().unwrap_or_default());
    next.push(".next");
    let next = path.with_file_name(next);
    fs::write(&next, bytes).with_context(|| format!("cannot write {}", next.display()))?;
    fs::rename(&next, path).with_context(|| format!("cannot write {}", path.display()))
}

/// Removes a file, if it is there.
///
/// # Errors
/// If it is and cannot be removed.
pub(super) fn remove(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// The text of [`SUMS`]: every file of this release, with what was made for it; not what is the host's own, and not what
/// is kept of older releases.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn sums(dir: &Path, files: &[String]) -> Result<String> {
    let mut names: Vec<String> = files.to_vec();
    let made = ["_headers", super::bom::FILE, release::FILE].map(str::to_owned);
    names.extend(made);
    names.extend(["br", "gz"].map(|it| format!("{}.{it}", release::FILE)));
    names.sort();
    names.dedup();
    let mut res = String::new();
    // `_headers` names the portals of config.json, and so is the host's as well.
    for name in names.iter().filter(|it| base(it) != CONFIG && *it != "_headers" && *it != kept::FILE) {
        let bytes = fs::read(dir.join(name)).with_context(|| format!("cannot read {name}"))?;
        res.push_str(&format!("{}  {name}\n", release::hex(&Sha256::digest(bytes))));
    }
    Ok(res)
}
