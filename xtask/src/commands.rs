//! The table of commands, and the few options they take.

use std::fmt;

use anyhow::Result;

/// One word after `cargo xtask`.
pub(crate) struct Command {
    /// The word.
    pub(crate) name: &'static str,
    /// Its options, as the usage text shows them.
    pub(crate) options: &'static str,
    /// What it does, one line.
    pub(crate) about: &'static str,
    /// Does it; gets the words after the name.
    pub(crate) run: fn(&[String]) -> Result<()>,
}

/// Every command there is. `tidy` compares the documents with this table.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        options: "[--port N] [--keys N]",
        about: "install what is missing, build, and serve the console with demo keys",
        run: crate::run::command,
    },
    Command {
        name: "test",
        options: "[unit|browser|journeys|hosting] [FILTER]",
        about: "run every test there is, or one part, or those whose name contains FILTER",
        run: crate::test::command,
    },
    Command {
        name: "check",
        options: "",
        about: "format, clippy for host and browser, documentation, tidy",
        run: crate::check::command,
    },
    Command {
        name: "tidy",
        options: "",
        about: "the rules of the house over all files, and docs/systems.md against the manifests",
        run: crate::tidy::command,
    },
    Command {
        name: "systems",
        options: "",
        about: "write docs/systems.md from the manifests",
        run: crate::systems::write,
    },
    Command {
        name: "dist",
        options: "[DIR] [--keep-days N] [--verify]",
        about: "build the static folder, ready to upload (DIR: dist; --verify builds twice and compares)",
        run: crate::dist::command,
    },
    Command {
        name: "hosting",
        options: "DIR [--file hosting.json]",
        about: "write configurations for nginx, Caddy, Apache, IIS and services (DIR or --print-headers)",
        run: crate::hosting::command,
    },
    Command {
        name: "bench",
        options: "",
        about: "bytes and time up to the first row",
        run: crate::bench::command,
    },
    Command {
        name: "styles",
        options: "",
        about: "join style/*.css into one file (Trunk calls this before a build)",
        run: crate::app::styles::command,
    },
    Command {
        name: "seal",
        options: "",
        about: "finish Trunk's output (Trunk calls this after a build)",
        run: crate::app::seal::command,
    },
];

/// The command named by the first word, and the words after it.
pub(crate) fn find(args: &[String]) -> Option<(&'static Command, &[String])> {
    let (name, rest) = args.split_first()?;
    COMMANDS.iter().find(|it| it.name == name).map(|it| (it, rest))
}

/// The text shown when the command line was not understood.
pub(crate) fn usage() -> String {
    let mut res = String::from("usage: cargo xtask COMMAND\n");
    for Command { name, options, about, .. } in COMMANDS {
        res.push_str(&format!("\n  {:<42} {about}", format!("{name} {options}")));
    }
    res
}

/// The command line asks for something that does not exist.
#[derive(Debug)]
pub(crate) struct Misused(String);

impl Misused {
    /// With what is wrong, in words.
    pub(crate) fn new(words: &str) -> Self {
        Self(words.to_owned())
    }
}

impl fmt::Display for Misused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.0, usage())
    }
}

impl std::error::Error for Misused {}

/// Reads `--name VALUE` pairs. `known` lists the names, each with the place its value goes to.
///
/// # Errors
/// [`Misused`] for an unknown name, a missing value or a value that is no number.
pub(crate) fn read_numbers(args: &[String], known: &mut [(&str, &mut u32)]) -> Result<()> {
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let Some((_, place)) = known.iter_mut().find(|(name, _)| name == word) else {
            return Err(Misused(format!("`{word}` is not an option of this command")).into());
        };
        let value = words.next().and_then(|it| it.parse().ok());
        **place = value.ok_or_else(|| Misused(format!("`{word}` needs a number")))?;
    }
    Ok(())
}

/// Refuses any word: the command takes none.
///
/// # Errors
/// [`Misused`] if there is one.
pub(crate) fn no_arguments(args: &[String]) -> Result<()> {
    match args.first() {
        None => Ok(()),
        Some(word) => Err(Misused(format!("`{word}`: this command takes no arguments")).into()),
    }
}

/// At most one word.
///
/// # Errors
/// [`Misused`] if there are more.
pub(crate) fn one_argument(args: &[String]) -> Result<Option<&str>> {
    match args {
        [] => Ok(None),
        [word] => Ok(Some(word)),
        [_, extra, ..] => Err(Misused(format!("`{extra}`: one argument is enough")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn check(line: &str) -> Option<(u32, u32)> {
        let (mut port, mut keys) = (1, 2);
        read_numbers(&words(line), &mut [("--port", &mut port), ("--keys", &mut keys)]).ok()?;
        Some((port, keys))
    }

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        assert_eq!(check(""), Some((1, 2)));
        assert_eq!(check("--keys 9 --port 8"), Some((8, 9)));
        assert_eq!(check("--keys"), None);
        assert_eq!(check("--keys many"), None);
        assert_eq!(check("--color 1"), None);
    }

    #[test]
    fn commands_are_found_by_their_first_word() {
        let args = words("dist out");
        let (command, rest) = find(&args).map(|(it, rest)| (it.name, rest.len())).unwrap_or_default();
        assert_eq!((command, rest), ("dist", 1));
        assert!(find(&words("deploy")).is_none());
        assert!(find(&[]).is_none());
    }
}
