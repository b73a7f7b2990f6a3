//! `cargo xtask hosting`: configurations of servers.

mod config;
mod file;
mod read;

use std::fs;
use std::path::{Path, PathBuf};

use ::hosting::generate::{self, Deployment};
use ::hosting::{Part, Site};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::commands::Misused;
use crate::{project, say};

pub(crate) use config::portals;

/// `cargo xtask hosting DIR [--file FILE]`, or `--print-headers` instead of a folder.
///
/// # Errors
/// If the file or the `config.json` it names says something that cannot be served, by its field.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let mut target = None;
    let mut file = "hosting.json";
    let mut prints = false;
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--file" => {
                file = words.next().ok_or_else(|| Misused::new("`--file` needs a file"))?;
            }
            "--print-headers" => prints = true,
            other if target.is_none() && !other.starts_with('-') => target = Some(other),
            other => return Err(Misused::new(&format!("`{other}` is not an option of this command")).into()),
        }
    }
    let deployment = read(&project::from_caller(file))?;
    if prints {
        say::line(&serde_json::to_string_pretty(&headers_as_json(&deployment.site))?);
        return Ok(());
    }
    let target = target.ok_or_else(|| Misused::new("`hosting` needs a folder to write to"))?;
    let dir = project::from_caller(target);
    write(&deployment, &dir)?;
    say::line(&format!(
        "{} holds a configuration for each server; docs/hosting.md says where it goes",
        dir.display()
    ));
    Ok(())
}

/// Reads a `hosting.json` and the `config.json` it names.
fn read(path: &Path) -> Result<Deployment> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; deploy/hosting.json is an example", path.display()))?;
    let file = file::read(&text).with_context(|| path.display().to_string())?;
    let config = path.parent().unwrap_or(Path::new("")).join(&file.config);
    let text = fs::read_to_string(&config)
        .with_context(|| format!("cannot read {}, which `config` names", config.display()))?;
    let config = config::read(&text).with_context(|| config.display().to_string())?;
    file.with(&config).with_context(|| path.display().to_string())
}

fn write(deployment: &Deployment, dir: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let mut res = Vec::new();
    for file in generate::all(deployment) {
        let path = dir.join(file.name);
        fs::write(&path, file.text).with_context(|| format!("cannot write {}", path.display()))?;
        res.push(path);
    }
    Ok(res)
}

/// The headers of every part as tests in other languages read them.
fn headers_as_json(site: &Site) -> Value {
    let of = |part: Part| {
        let all = ::hosting::headers(part, site);
        let all = all.into_iter().map(|it| (it.name.to_owned(), Value::from(it.value.into_owned())));
        (part.name().to_owned(), Value::Object(all.collect()))
    };
    json!({ "parts": Value::Object(Part::ALL.into_iter().map(of).collect()) })
}

#[cfg(test)]
mod tests;
