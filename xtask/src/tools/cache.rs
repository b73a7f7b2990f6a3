//! The per-user folder of tools: `$XDG_CACHE_HOME/latchkey/tools/NAME-VERSION`, or under `~/.cache`.
//!
//! A folder either is complete or does not exist: a tool is installed beside it and moved there in one step. A lock file
//! makes a second process wait rather than install the same tool again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::say;

/// The folder that holds one folder a tool and version.
pub(crate) struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// The cache of the user who runs us.
    ///
    /// # Errors
    /// If neither `XDG_CACHE_HOME` nor `HOME` is set.
    pub(crate) fn for_user() -> Result<Self> {
        let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let base = match (set("XDG_CACHE_HOME"), set("HOME")) {
            (Some(cache), _) => cache,
            (None, Some(home)) => home.join(".cache"),
            (None, None) => bail!("neither XDG_CACHE_HOME nor HOME is set: there is no place for the tools"),
        };
        Ok(Self { dir: base.join("latchkey/tools") })
    }

    /// The folder of a tool. If it is not there, `install` fills an empty folder, which then becomes it.
    ///
    /// # Errors
    /// If the folder cannot be written, or `install` fails: then nothing is left behind.
    pub(crate) fn tool(
        &self,
        name: &str,
        version: &str,
        install: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let key = format!("{name}-{version}");
        let done = self.dir.join(&key);
        if done.is_dir() {
            return Ok(done);
        }

        fs::create_dir_all(&self.dir).with_context(|| format!("cannot create {}", self.dir.display()))?;
        let lock = File::create(self.dir.join(format!(".{key}.lock")))?;
        if lock.try_lock().is_err() {
            say::line(&format!("  waiting for another process that installs {name} {version}"));
            lock.lock()?;
        }
        // Another process may have finished it in the meantime.
        if done.is_dir() {
            return Ok(done);
        }

        let unfinished = self.dir.join(format!(".{key}.unfinished"));
        // A process that was killed may have left its half.
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        fs::create_dir(&unfinished)?;
        let installed =
            say::step(&format!("Install {name} {version} into {}", done.display()), || install(&unfinished));
        if let Err(err) = installed {
            fs::remove_dir_all(&unfinished)?;
            return Err(err);
        }
        fs::rename(&unfinished, &done)?;
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn empty_cache(name: &str) -> Cache {
        let dir = std::env::temp_dir().join(format!("latchkey-cache-{name}-{}", std::process::id()));
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        Cache { dir }
    }

    #[test]
    fn a_tool_is_installed_once_also_when_many_ask_at_once() {
        let cache = Arc::new(empty_cache("once"));
        let installs = Arc::new(AtomicU32::new(0));
        let ask = || {
            let (cache, installs) = (Arc::clone(&cache), Arc::clone(&installs));
            std::thread::spawn(move || {
                let install = |dir: &Path| {
                    installs.fetch_add(1, Ordering::SeqCst);
                    Ok(fs::write(dir.join("tool"), "bytes")?)
                };
                cache.tool("hammer", "1.0.0", install).unwrap()
            })
        };
        let asked: Vec<_> = (0..8).map(|_| ask()).collect();
        for dir in asked.into_iter().map(|it| it.join().unwrap()) {
            assert_eq!(fs::read_to_string(dir.join("tool")).unwrap(), "bytes");
        }
        assert_eq!(installs.load(Ordering::SeqCst), 1);
        fs::remove_dir_all(&cache.dir).unwrap();
    }

    #[test]
    fn a_failed_or_killed_installation_leaves_no_folder() {
        let cache = empty_cache("failed");
        let failed = cache.tool("saw", "2.0.0", |_| bail!("planted"));
        assert!(failed.is_err());
        assert!(!cache.dir.join("saw-2.0.0").exists());

        let half = cache.dir.join(".saw-2.0.0.unfinished");
        fs::create_dir(&half).unwrap();
        fs::write(half.join("half"), "").unwrap();
        let dir = cache.tool("saw", "2.0.0", |_| Ok(())).unwrap();
        assert!(!dir.join("half").exists());
        fs::remove_dir_all(&cache.dir).unwrap();
    }
}
