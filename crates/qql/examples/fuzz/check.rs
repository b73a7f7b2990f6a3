//! What has to hold for any text. Panics where it does not.

use qql::{
    Clock, Edit, FieldSpec, FieldType, Filter, Item, ItemId, ItemKind, Join, Kind, Logic, NewClause,
    NewValue, Op, Ops, Outline, Parse, Phrase, Phrases, Place, Record, Schema, ValueRef, outline,
};

/// `choice` decides about everything that is not tried in all ways.
pub(crate) fn check(text: &str, choice: u64) {
    let parse = qql::parse(text);
    assert_eq!(parse.text(), text, "printing the tree gives the text back");
    let mut end = 0;
    for leaf in parse.leaves() {
        assert_eq!(leaf.range().start, end, "leaves tile the text");
        end = leaf.range().end;
    }
    assert_eq!(end, text.len(), "leaves reach the end");
    assert!(parse.steps() <= 17 * text.len() + 16, "the work is linear");
    for error in parse.errors() {
        assert!(
            !error.range.is_empty() && text.get(error.range.clone()).is_some(),
            "{error:?} lies in the text"
        );
        let Some(fix) = &error.fix else { continue };
        assert!(text.get(fix.range.clone()).is_some(), "{fix:?} can be made");
        assert_ne!(fix.apply(text), text, "{fix:?} changes something");
    }
    let view = outline(&parse);
    check_outline(&parse, text, &view);
    check_edit(&parse, text, &view, choice);
    ask(&parse, choice);
}

fn check_outline(parse: &Parse, text: &str, view: &Outline) {
    let mut items = 0;
    for (id, item) in view.items() {
        items += 1;
        assert!(text.get(item.range.clone()).is_some(), "{item:?} lies in the text");
        let mut end = item.range.start;
        for child in &item.children {
            let child = view.item(*child).filter(|child| child.parent == Some(id));
            let child = child.unwrap_or_else(|| panic!("the children of {item:?} are its own"));
            assert!(
                end <= child.range.start && child.range.end <= item.range.end,
                "{child:?} lies in {item:?}"
            );
            end = child.range.end;
        }
        assert_eq!(item.join().is_some(), item.children.len() > 1, "{item:?} has a keyword");
    }
    // Every token is part of a row, or a keyword, parenthesis or name of a group.
    if items > 64 {
        return;
    }
    for leaf in parse.leaves() {
        let inner = view.at(&leaf.range()).and_then(|id| view.item(id));
        let inner = inner.unwrap_or_else(|| panic!("the root holds {leaf:?}"));
        let is_word =
            matches!(leaf.kind(), Kind::Word | Kind::Colon | Kind::Comment | Kind::Space | Kind::Unknown);
        let is_mark =
            matches!(leaf.kind(), Kind::And | Kind::Or | Kind::Not | Kind::LeftParen | Kind::RightParen);
        let belongs = match inner.kind {
            ItemKind::Clause(_) | ItemKind::Opaque => true,
            ItemKind::Nested { .. } => is_word || is_mark,
            ItemKind::Group { .. } => {
                is_mark
                    || matches!(leaf.kind(), Kind::Space | Kind::Unknown)
                    || (leaf.kind() == Kind::Comment && (inner.muted || inner.negated))
            }
        };
        assert!(belongs, "{:?} belongs to an item", leaf.text());
    }
}

/// Makes one edit of one item, and a few that change nothing.
fn check_edit(parse: &Parse, text: &str, view: &Outline, choice: u64) {
    let n_items = view.items().count();
    let number =
        |shift: u32, below: usize| usize::try_from((choice >> shift) & 0xffff).unwrap_or(0) % below.max(1);
    let id = ItemId(number(0, n_items));
    let Some(item) = view.item(id) else { return };
    let group = ItemId(number(16, n_items));
    let index = number(32, 4);
    let join = if choice & 1 << 60 == 0 { Join::And } else { Join::Or };
    let new = NewClause {
        negated: choice & 1 << 59 == 0,
        field: "new.field".to_owned(),
        op: Op::Match,
        value: NewValue::One("new \"value\" */".to_owned()),
    };
    let (edit, may_fail) = match number(48, 17) {
        0 => (view.mute(parse, id), true),
        1 => (view.remove(parse, id), true),
        2 => (view.negate(parse, id), true),
        3 => (view.wrap(parse, id), true),
        4 => (view.unwrap(parse, id), true),
        5 => (view.duplicate(parse, id), true),
        6 => (view.move_to(parse, id, group, index), true),
        7 => (view.place_before(id).and_then(|(group, index)| view.move_to(parse, id, group, index)), true),
        8 => (view.place_after(id).and_then(|(group, index)| view.move_to(parse, id, group, index)), true),
        9 => (view.set_join(parse, id, join), true),
        10 => (view.add(parse, group, index, &new, join), true),
        11 => (view.add_group(parse, group, index, &new, join), true),
        12 => (view.set_clause(parse, id, &new), true),
        13 => (view.set_text(parse, id, "a: (1 OR b: \"x"), true),
        14 => (view.set_field(parse, id, "other"), !is_clause(item)),
        15 => (view.set_op(parse, id, Op::Ge), !is_clause(item)),
        _ => (view.set_value(parse, id, &NewValue::List(vec!["x".to_owned(), "*/ y".to_owned()])), true),
    };
    match edit {
        Some(edit) => check_changes(parse, text, &edit),
        None => assert!(may_fail, "{item:?} can be changed"),
    }
}

fn is_clause(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Clause(_))
}

/// What is outside of the changes stays, and nothing that was right became wrong.
fn check_changes(parse: &Parse, text: &str, edit: &Edit) {
    let after = edit.apply(text);
    let (mut old, mut new) = (0, 0);
    for change in &edit.changes {
        let kept = text.get(old..change.range.start);
        let kept = kept.unwrap_or_else(|| panic!("{change:?} comes in order"));
        assert_eq!(after.get(new..new + kept.len()), Some(kept), "what is outside stays");
        new += kept.len() + change.replacement.len();
        old = change.range.end;
    }
    assert_eq!(after.get(new..), text.get(old..), "what is outside stays");
    assert!(after.get(edit.focus.clone()).is_some(), "the focus lies in the new text");
    let errors = qql::parse(&after);
    let is_beside =
        |error: &&qql::SyntaxError| error.range.start < edit.focus.start || edit.focus.end < error.range.end;
    let n_beside = errors.errors().iter().filter(is_beside).count();
    assert!(n_beside <= parse.errors().len(), "{after:?} has new errors beside {:?}", edit.focus);
}

/// Asks everything else of the query. Nothing panics, and the parts of a split are queries without comments.
fn ask(parse: &Parse, choice: u64) {
    let fields = [
        FieldSpec::new(0, "a", FieldType::Integer).on_server(Ops::NUMBER).single(),
        FieldSpec::new(1, "title", FieldType::Text).on_server(Ops::CONTAINS),
        FieldSpec::new(2, "activationKey", FieldType::Guid).on_server(Ops::TEXT),
        FieldSpec::new(3, "activationKey.isDisabled", FieldType::Boolean)
            .on_server(Ops::MATCH.and(Ops::NOT))
            .single(),
        FieldSpec::new(4, "expires", FieldType::Date).on_server(Ops::NUMBER),
        FieldSpec::new(5, "licenses", FieldType::Keyword).one_of(&["VM", "PM"]),
        FieldSpec::new(6, "tags", FieldType::Object),
        FieldSpec::new(7, "tags.name", FieldType::Text),
        FieldSpec::new(8, "b", FieldType::Id),
    ];
    let unknown = if choice & 1 << 58 == 0 { Place::Nowhere } else { Place::Server };
    let schema = Schema { fields: &fields, prefixes: &["qualys.agent."], unknown };
    let said = qql::explain(parse, &schema, &Plain);
    assert!(!said.is_empty());
    for logic in [Logic::Full, Logic::Criteria, Logic::OnePerField, Logic::Nothing] {
        let Some(split) = qql::split(parse, &schema, logic) else { continue };
        for part in [split.server, split.rest].into_iter().flatten() {
            let part = qql::parse(&part);
            assert!(part.expr().is_some(), "{:?} is a query", part.text());
            let is_comment = |leaf: qql::Node<'_>| leaf.kind() == Kind::Comment;
            assert!(!part.leaves().any(is_comment), "{:?} holds no comment", part.text());
        }
    }
    let Some(expr) = parse.expr() else { return };
    let clock = Clock { now_ms: 1_790_000_000_000, offset_minutes: 0 };
    let n_problems = qql::check(&expr, &schema, clock).len();
    match Filter::new(&expr, &schema, clock) {
        Ok(filter) => {
            filter.matches(&Row);
        }
        Err(problems) => assert!(!problems.is_empty() && problems.len() <= n_problems),
    }
}

/// A record with one value a field.
struct Row;

impl Record for Row {
    fn values(&self, field: u16, visit: &mut dyn FnMut(ValueRef<'_>)) {
        visit(match field {
            0 => ValueRef::Integer(5),
            3 => ValueRef::Boolean(true),
            4 => ValueRef::Day(20_000),
            _ => ValueRef::Text("web server-1 7781808c-0a1b-4c2d-9e3f-112233445566"),
        });
    }

    fn parts(&self, _: u16, visit: &mut dyn FnMut(&dyn Record)) {
        visit(&Self);
    }
}

/// An explanation without grammar.
struct Plain;

impl Phrases for Plain {
    fn field(&self, field: &FieldSpec<'_>) -> String {
        field.name.to_owned()
    }

    fn value(&self, _: &FieldSpec<'_>, value: &str) -> String {
        value.to_owned()
    }

    fn say(&self, phrase: Phrase<'_>) -> String {
        match phrase {
            Phrase::Joined { left, right, .. } | Phrase::Listed { left, right } => {
                [left, " ", right].concat()
            }
            Phrase::Keys(it) | Phrase::Muted(it) | Phrase::NotUnderstood(it) | Phrase::Group(it) => {
                it.to_owned()
            }
            _ => "x".to_owned(),
        }
    }
}
