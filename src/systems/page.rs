//! The page about all systems, `docs/systems.md`, written from their manifests.
//!
//! It exists for tests alone, so none of it reaches the browser. `cargo xtask tidy` fails when the page and the
//! manifests disagree, and `cargo xtask systems` writes it anew.

use super::System;
use super::manifest::{
    ActionKind, FieldKind, FieldSpec, Manifest, Paging, Search, SecretPolicy, SignIn, Sort, Use,
};

/// Where the page is.
const PATH: &str = "docs/systems.md";

/// Set to write the page instead of comparing it.
const WRITE: &str = "LATCHKEY_WRITE_SYSTEMS";

/// The whole page.
fn page() -> String {
    let mut res = String::from(
        "# Key systems\n\nWritten from the manifests in `src/systems` by `cargo xtask systems`. Do not edit.\n",
    );
    let manifests: Vec<&Manifest> = System::all().map(System::manifest).collect();
    matrix(&mut res, &manifests);
    for manifest in manifests {
        system(&mut res, manifest);
    }
    res
}

/// Which system can do what.
fn matrix(res: &mut String, manifests: &[&Manifest]) {
    let names: Vec<&str> = manifests.iter().map(|it| (it.name)()).collect();
    res.push_str(&format!("\n## What each can do\n\n| Action | {} |\n", names.join(" | ")));
    res.push_str(&format!("| --- |{}\n", " --- |".repeat(names.len())));
    for kind in ActionKind::ALL {
        let can: Vec<&str> = manifests.iter().map(|it| if it.can(kind) { "yes" } else { "–" }).collect();
        if can.contains(&"yes") {
            res.push_str(&format!("| {} | {} |\n", kind.label(), can.join(" | ")));
        }
    }
}

fn system(res: &mut String, it: &Manifest) {
    let ways: Vec<String> = it.sign_in.iter().map(sign_in).collect();
    res.push_str(&format!("\n## {}\n\n", (it.name)()));
    res.push_str(&format!("- Name in `config.json`: `{}`\n- A key is called: {}\n", it.id, (it.noun)()));
    res.push_str(&format!("- Sign-in: {}\n- Value of a key: {}\n", ways.join(", or "), secret(it.secret)));
    res.push_str(&format!("- Lists: {}\n- Search: {}\n", paging(it.paging), logic(it.logic)));
    res.push_str(&format!("- Rate limits: {}\n- Sources: {}\n", (it.rates)(), it.sources));

    res.push_str("\n### Fields\n\n| Field | Holds | New key | Edit | In queries | Sorted by |\n| --- | --- | --- | --- | --- | --- |\n");
    for spec in it.fields {
        res.push_str(&field(spec));
    }
    res.push_str("\n### Actions\n\n| Action | Effect |\n| --- | --- |\n");
    for action in it.actions {
        res.push_str(&format!("| {} | {} |\n", action.kind.label(), (action.effect)()));
    }
    for lack in it.lacks {
        res.push_str(&format!("| {}: not possible | {} |\n", lack.kind.label(), (lack.why)()));
    }
    list(res, "Rules", it.rules.iter().map(|it| it().to_owned()));
    list(
        res,
        "Settings of the account",
        it.settings.iter().map(|it| format!("{}: {}", (it.field.label)(), (it.about)())),
    );
}

fn list(res: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|it| format!("- {it}\n")).collect();
    if !lines.is_empty() {
        res.push_str(&format!("\n### {title}\n\n{}", lines.concat()));
    }
}

fn field(it: &FieldSpec) -> String {
    let usage = |it: Use| match it {
        Use::No => "–",
        Use::Optional => "may",
        Use::Required => "must",
    };
    let search = match it.search {
        Search::No => "–".to_owned(),
        Search::Browser(name) => format!("`{name}`, in the browser"),
        Search::Server { token, .. } => format!("`{token}`, by the service"),
    };
    let sort = match it.sort {
        Sort::No => "–",
        Sort::Browser => "in the browser",
        Sort::Server => "by the service",
    };
    let (create, edit) = (usage(it.create), usage(it.edit));
    format!("| {} | {} | {create} | {edit} | {search} | {sort} |\n", (it.label)(), kind(it.kind))
}

fn kind(it: FieldKind) -> String {
    let text = match it {
        FieldKind::State => "state, worked out",
        FieldKind::Secret => "the key's value",
        FieldKind::Text { max: Some(max) } => return format!("text, at most {max} characters"),
        FieldKind::Text { max: None } => "text",
        FieldKind::Number { min, max } if max < i64::MAX => return format!("whole number, {min} to {max}"),
        FieldKind::Number { min, .. } => return format!("whole number from {min}"),
        FieldKind::Limit { min, max, .. } => return format!("{min} to {max}, or no limit"),
        FieldKind::Usage => "so many of the limit",
        FieldKind::Flag => "yes or no",
        FieldKind::Push => "push to what is enrolled already",
        FieldKind::Day { .. } => "last day, in UTC",
        FieldKind::Moment { .. } => "moment",
        FieldKind::Hours { .. } => "hours to live",
        FieldKind::Duration { .. } => "time to live, as an ISO 8601 duration",
        FieldKind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|it| it.code).collect();
            return format!("one of {}", codes.join(", "));
        }
        FieldKind::Codes(codes) => {
            let known: Vec<&str> = codes.known.iter().map(|it| it.code).collect();
            let open = if codes.open { " and others" } else { "" };
            return format!("any of {}{open}", known.join(", "));
        }
        FieldKind::Refs => "numbers of what it points at",
        FieldKind::Pick(_) => "one of what the service offers",
        FieldKind::Person => "person or account",
        FieldKind::Id => "id in calls",
    };
    text.to_owned()
}

fn sign_in(it: &SignIn) -> String {
    match it {
        SignIn::Exchange { .. } => "user and password, for a token".to_owned(),
        SignIn::Basic => "user and password with every call".to_owned(),
        SignIn::Token { label, .. } => format!("pasted: {}", label()),
    }
}

fn secret(it: SecretPolicy) -> &'static str {
    match it {
        SecretPolicy::Always => "can be read any time",
        SecretPolicy::Once => "shown once, when the key is made",
        SecretPolicy::Never => "never shown",
    }
}

fn paging(it: Paging) -> &'static str {
    match it {
        Paging::Pages => "numbered pages, sorted by the service",
        Paging::LastId => "in rising ids, each part after the last id of the one before",
        Paging::Cursor => "by a cursor of the service",
        Paging::Whole => "all in one answer",
    }
}

fn logic(it: qql::Logic) -> &'static str {
    match it {
        qql::Logic::Full => "AND, OR, NOT and groups by the service; other fields in the browser",
        qql::Logic::Criteria => "criteria that all hold by the service; the rest in the browser",
        qql::Logic::OnePerField => "one value a field by the service; the rest in the browser",
        qql::Logic::Nothing => "in the browser",
    }
}

#[test]
fn the_page_about_the_systems_says_what_the_manifests_say() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    if std::env::var_os(WRITE).is_some() {
        return std::fs::write(path, page()).unwrap_or_else(|err| panic!("{err}"));
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    assert!(text == page(), "{PATH} is out of date: `cargo xtask systems` writes it");
}

#[test]
fn every_manifest_agrees_with_itself() {
    for manifest in System::all().map(System::manifest) {
        let id = manifest.id;
        let known = |field| manifest.field(field).is_some();
        assert!(manifest.columns.iter().all(|it| known(*it)), "{id}: a column without a field");
        let order = manifest.field(manifest.order);
        assert!(order.is_some_and(|it| it.sort != Sort::No), "{id}: the first order is no order");
        for (at, spec) in manifest.fields.iter().enumerate() {
            let twice = manifest.fields.iter().skip(at + 1).any(|it| it.id == spec.id);
            assert!(!twice, "{id}: {} stands twice", spec.id.0);
            let tokens = |it: &FieldSpec| super::token(it);
            let same = |it: &&FieldSpec| tokens(it).is_some() && tokens(it) == tokens(spec);
            assert_eq!(
                manifest.fields.iter().filter(same).count(),
                usize::from(tokens(spec).is_some()),
                "{id}"
            );
            assert!(
                spec.edit == Use::No || spec.create != Use::No || !spec.identifies,
                "{id}: {}",
                spec.id.0
            );
        }
        for kind in ActionKind::ALL {
            assert!(!(manifest.can(kind) && manifest.lack(kind).is_some()), "{id}: {kind:?} both ways");
        }
        assert_eq!(manifest.can(ActionKind::Members), manifest.members.is_some(), "{id}");
        assert_eq!(manifest.can(ActionKind::Verify), manifest.verify.is_some(), "{id}");
        assert_eq!(manifest.can(ActionKind::Settings), !manifest.settings.is_empty(), "{id}");
        assert_eq!(manifest.can(ActionKind::AddOffer), !manifest.offers.is_empty(), "{id}");
        assert!(!manifest.sign_in.is_empty(), "{id}: no way in");
    }
}
