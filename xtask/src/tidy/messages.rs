//! Every text of the catalogue is shown somewhere.

use super::Finding;
use super::source::{File, has_word, numbered};

/// The catalogue: `area.name = text`; `src/i18n/build.rs` makes a function `area_name` of each.
const CATALOGUE: &str = "src/i18n/en.txt";

/// Whether a file is the catalogue, or the part of it that belongs to one key system.
fn is_catalogue(path: &str) -> bool {
    path == CATALOGUE || (path.starts_with("src/systems/") && path.ends_with("/en.txt"))
}

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let used = |function: &str| {
        files.iter().any(|it| it.is_rust() && it.inside("src").is_some() && has_word(it.code(), function))
    };
    let mut res = Vec::new();
    let lines = files
        .iter()
        .filter(|it| is_catalogue(&it.path))
        .flat_map(|it| numbered(&it.text).map(|(line, text)| (it.path.clone(), line, text)));
    for (path, line, text) in lines {
        let Some((name, _)) = text.split_once(" = ").filter(|_| !text.trim_start().starts_with('#')) else {
            continue;
        };
        // A plural's two texts are one function.
        let base = name
            .trim()
            .strip_suffix(".one")
            .or_else(|| name.trim().strip_suffix(".other"))
            .unwrap_or(name.trim());
        if !used(&base.replace('.', "_")) && !used(&name.trim().replace('.', "_")) {
            let reason = format!("`{name}` is used nowhere: whoever translates it wastes their time");
            res.push(Finding { path, line, reason });
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::*;

    #[test]
    fn a_text_that_nothing_shows_is_found() {
        let catalogue = "# A comment = no text.\napp.name = Latchkey\nkeys.count.one = {n} key\nkeys.count.other = {n} keys\nold.text = Gone\n";
        let code = "fn f() { t::app_name(); t::keys_count(3); } // old_text\n";
        assert_eq!(found(check, &[(CATALOGUE, catalogue), ("src/app.rs", code)]), [format!("{CATALOGUE}:5")]);
        let of_a_system = "src/systems/toy/en.txt";
        let files = [(of_a_system, "toy.name = Toy\n"), ("src/systems/toy/mod.rs", "fn f() {}")];
        assert_eq!(found(check, &files), [format!("{of_a_system}:1")]);
    }
}
