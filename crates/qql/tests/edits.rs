//! Runs the cases in `tests/edits/*.txt`.
//!
//! A case is a `--- name ---` line, `|` lines with a query, and a line with an edit: its name, the number of the item
//! it is about and what else it needs. The items are numbered in reading order, the root is 0. What follows is
//! written by the test: the new query between `>` marks, with `«` and `»` around the item in focus, and its outline.
//!
//! With `QQL_WRITE_SUITE=1` in the environment the files are written anew from the queries and edits: read the
//! difference before you keep it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use qql::{Edit, Item, ItemId, ItemKind, Join, NewClause, NewValue, Op, Outline, Parse, outline};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn edits() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are files of cases");
    for path in paths {
        let expected = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = expected.lines().collect();
        let cases = lines.chunk_by(|_, line| !line.starts_with("--- ")).map(render).collect::<Vec<_>>();
        let actual = cases.join("\n") + "\n";
        if std::env::var_os("QQL_WRITE_SUITE").is_some() {
            fs::write(path, actual).unwrap();
            continue;
        }
        for (case, case_expected) in actual.split("\n--- ").zip(expected.split("\n--- ")) {
            assert_eq!(
                case,
                case_expected,
                "\nin {}\nis:\n{case}\nshould be:\n{case_expected}",
                path.display()
            );
        }
        assert_eq!(actual, expected, "{}", path.display());
    }
}

/// The lines of one case with everything but its header, its comments, its query and its edit written anew.
fn render(lines: &[&str]) -> String {
    let mut text = String::new();
    let (mut query, mut command) = (Vec::new(), None);
    for line in lines {
        if line.starts_with("--- ") || line.starts_with('#') {
            text.push_str(&[line, "\n"].concat());
        } else if let Some(line) = line.strip_prefix('|') {
            query.push(line.strip_prefix(' ').unwrap_or(line));
        } else if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            command = Some(*line);
        }
    }
    if !lines[0].starts_with("--- ") {
        return text;
    }
    for line in &query {
        text.push_str(&[["| ", line].concat().trim_end(), "\n"].concat());
    }
    let parse = qql::parse(&query.join("\n"));
    let view = outline(&parse);
    let Some(command) = command else {
        text.push_str(&dump(&parse, &view));
        return text;
    };
    text.push_str(&[command, "\n"].concat());
    let Some(edit) = run(&parse, &view, command) else { return text + "> none\n" };
    let after = edit.apply(&parse.text());
    let (start, end) = (edit.focus.start, edit.focus.end);
    let marked = [&after[..start], "«", &after[start..end], "»", &after[end..]].concat();
    for line in marked.split('\n') {
        text.push_str(&[["> ", line].concat().trim_end(), "\n"].concat());
    }
    let after = qql::parse(&after);
    text + &dump(&after, &outline(&after))
}

fn dump(parse: &Parse, view: &Outline) -> String {
    let line = |(id, item): (ItemId, &Item)| {
        let indent = "  ".repeat(item.depth);
        let flags = [if item.negated { " not" } else { "" }, if item.muted { " muted" } else { "" }].concat();
        let join = item.join().map_or("-", Join::keyword);
        let source = parse.text()[item.range.clone()].replace('\n', "⏎");
        let what = match &item.kind {
            ItemKind::Group { parens, .. } => format!("group {join}{}", if *parens { " ()" } else { "" }),
            ItemKind::Nested { field, .. } => format!("nested {} {join}", field.text),
            ItemKind::Clause(clause) => format!("clause {}", clause.field.text),
            ItemKind::Opaque => "opaque".to_owned(),
        };
        let source = if item.is_group() { String::new() } else { format!(" <{source}>") };
        format!("= {indent}{} {what}{flags}{source}\n", id.0)
    };
    view.items().map(line).collect()
}

fn run(parse: &Parse, view: &Outline, command: &str) -> Option<Edit> {
    let mut words = command.splitn(3, ' ');
    let name = words.next().unwrap();
    let id = ItemId(words.next().unwrap().parse().unwrap());
    let rest = words.next().unwrap_or("");
    let place = || {
        let (group, index) = rest.split_once(' ').unwrap();
        (ItemId(group.parse().unwrap()), index.parse::<usize>().unwrap())
    };
    let join = || if rest.ends_with("OR") { Join::Or } else { Join::And };
    let clause = |text: &str| {
        let mut words = text.splitn(3, ' ');
        let field = words.next().unwrap();
        let op = words.next().unwrap();
        NewClause {
            negated: field.starts_with('!'),
            field: field.trim_start_matches('!').to_owned(),
            op: Op::ALL.into_iter().find(|it| it.symbol() == op).unwrap(),
            value: NewValue::One(words.next().unwrap_or("").to_owned()),
        }
    };
    let new = || NewClause {
        negated: false,
        field: "new".to_owned(),
        op: Op::Match,
        value: NewValue::One(String::new()),
    };
    match name {
        "mute" => view.mute(parse, id),
        "remove" => view.remove(parse, id),
        "negate" => view.negate(parse, id),
        "wrap" => view.wrap(parse, id),
        "unwrap" => view.unwrap(parse, id),
        "duplicate" => view.duplicate(parse, id),
        "move" => view.move_to(parse, id, place().0, place().1),
        "up" => view.place_before(id).and_then(|(group, index)| view.move_to(parse, id, group, index)),
        "down" => view.place_after(id).and_then(|(group, index)| view.move_to(parse, id, group, index)),
        "join" => view.set_join(parse, id, join()),
        "field" => view.set_field(parse, id, rest),
        "op" => view.set_op(parse, id, Op::ALL.into_iter().find(|it| it.symbol() == rest).unwrap()),
        "value" => view.set_value(parse, id, &NewValue::One(rest.to_owned())),
        "typed" => view.set_value(parse, id, &NewValue::AsTyped(rest.to_owned())),
        "list" => view.set_value(parse, id, &NewValue::List(rest.split(' ').map(str::to_owned).collect())),
        "text" => view.set_text(parse, id, rest),
        "clause" => view.set_clause(parse, id, &clause(rest)),
        "add" => view.add(parse, id, rest.split(' ').next().unwrap().parse().unwrap(), &new(), join()),
        "group" => {
            view.add_group(parse, id, rest.split(' ').next().unwrap().parse().unwrap(), &new(), join())
        }
        other => panic!("no edit is called {other}"),
    }
}
