//! What holds for the outline of any text, and for every edit of it.

use qql::{
    Clause, Edit, ErrorKind, Item, ItemId, ItemKind, Kind, NewClause, NewValue, Outline, Parse, Value,
    ValueKind, outline,
};

/// The outline is a tree in reading order that holds every byte that means something.
#[track_caller]
pub(crate) fn check_outline(parse: &Parse, view: &Outline) {
    let text = parse.text();
    let root = view.item(view.root()).unwrap();
    assert_eq!((root.range.clone(), root.parent, root.depth), (0..text.len(), None, 0));
    assert!(matches!(root.kind, ItemKind::Group { parens: false, .. }));
    let mut n_items = 0;
    for (id, item) in view.items() {
        n_items += 1;
        assert!(text.get(item.range.clone()).is_some(), "{item:?} lies on character boundaries");
        assert!(!item.range.is_empty() || id == view.root());
        let mut end = item.range.start;
        for child_id in &item.children {
            let child = view.item(*child_id).unwrap();
            assert_eq!((child.parent, child.depth), (Some(id), item.depth + 1));
            assert!(id < *child_id, "a child comes behind its parent");
            assert!(end <= child.range.start && child.range.end <= item.range.end, "{text:?}: {child:?}");
            assert!(!item.muted || child.muted, "all of a muted group is muted: {text:?}");
            end = child.range.end;
        }
        assert_eq!(item.join().is_some(), item.children.len() > 1, "{text:?}: {item:?}");
        assert_eq!(item.is_group(), !item.children.is_empty() || id == view.root(), "{text:?}: {item:?}");
        // The only child of the root may have the same bytes.
        let at = view.at(&item.range).unwrap();
        assert!(at == id || (id == view.root() && view.item(at).unwrap().range == item.range));
    }
    assert_eq!(n_items, view.items().count());
    for leaf in parse.leaves() {
        let inner = view.item(view.at(&leaf.range()).unwrap()).unwrap();
        let belongs = match (leaf.kind(), &inner.kind) {
            (Kind::Space | Kind::Unknown, _) => true,
            (_, ItemKind::Clause(_) | ItemKind::Opaque) => true,
            (Kind::Comment, _) => {
                inner.muted || inner.negated || matches!(inner.kind, ItemKind::Nested { .. })
            }
            (Kind::And | Kind::Or | Kind::Not | Kind::LeftParen | Kind::RightParen, _) => true,
            (Kind::Word | Kind::Colon, ItemKind::Nested { field, .. }) => {
                leaf.kind() == Kind::Colon || leaf.range() == field.range
            }
            _ => false,
        };
        assert!(belongs, "{:?} of {text:?} belongs to no item", leaf.text());
    }
}

/// The value that a clause has, as one to be written.
pub(crate) fn as_new(value: &Value) -> NewValue {
    let text = |value: &Value| value.text().unwrap().to_owned();
    match &value.kind {
        ValueKind::Words(text) | ValueKind::Quoted(text) => NewValue::One(text.clone()),
        ValueKind::Exact(text) => NewValue::Exact(text.clone()),
        ValueKind::List(items) => NewValue::List(items.iter().map(text).collect()),
        ValueKind::Range { low, high, inclusive } => {
            NewValue::Range { low: text(low), high: text(high), inclusive: *inclusive }
        }
    }
}

/// A clause as it is.
pub(crate) fn same(item: &Item, clause: &Clause) -> NewClause {
    let (field, op) = (clause.field.text.clone(), clause.op);
    NewClause { negated: item.negated, field, op, value: as_new(&clause.value) }
}

/// Makes an edit and checks what holds for each: the changes are in order, and what is outside stays.
#[track_caller]
pub(crate) fn applied(parse: &Parse, edit: &Edit) -> String {
    let text = parse.text();
    let after = edit.apply(&text);
    let (mut old, mut new) = (0, 0);
    for change in &edit.changes {
        assert!(old <= change.range.start && change.range.start <= change.range.end, "changes are in order");
        let kept = &text[old..change.range.start];
        assert_eq!(&after[new..new + kept.len()], kept, "what is outside of the changes stays");
        new += kept.len() + change.replacement.len();
        old = change.range.end;
    }
    assert_eq!(&after[new..], &text[old..], "what is outside of the changes stays");
    assert!(after.get(edit.focus.clone()).is_some(), "the focus lies on character boundaries");
    after
}

type Change = fn(&Outline, &Parse, ItemId) -> Option<Edit>;

/// Makes an edit and then `back` at the place that is in focus, and compares with the text before.
/// `is_sure` is whether both have to be possible.
#[track_caller]
pub(crate) fn check_back(parse: &Parse, id: ItemId, is_sure: bool, there: Change, back: Change) {
    let text = parse.text();
    let view = outline(parse);
    let Some(edit) = there(&view, parse, id) else {
        assert!(!is_sure, "the edit of {:?} of {text:?} can be made", view.item(id));
        return;
    };
    let middle = qql::parse(&applied(parse, &edit));
    let view = outline(&middle);
    let id = view.at(&edit.focus).unwrap();
    let Some(edit) = back(&view, &middle, id) else {
        assert!(!is_sure, "the edit of {:?} of {:?} can be taken back", view.item(id), middle.text());
        return;
    };
    assert_eq!(applied(&middle, &edit), text, "by way of {:?}", middle.text());
}

/// Every edit that changes nothing gives the text back.
#[track_caller]
pub(crate) fn check_idle_edits(text: &str) {
    let parse = qql::parse(text);
    let view = outline(&parse);
    check_outline(&parse, &view);
    let is_good = parse.errors().is_empty();
    for (id, item) in view.items() {
        if let ItemKind::Clause(clause) = &item.kind {
            let edit = view.set_clause(&parse, id, &same(item, clause));
            let edits = [
                // A value with all quotes cannot be written, and is not.
                edit,
                view.set_field(&parse, id, &clause.field.text),
                view.set_op(&parse, id, clause.op),
                view.set_value(&parse, id, &as_new(&clause.value)),
            ];
            for edit in edits {
                let edit = edit.unwrap_or_else(|| panic!("{clause:?} of {text:?} can be set"));
                assert_eq!((edit.changes.as_slice(), &edit.focus), (&[][..], &item.range));
            }
        }
        let Some(parent) = item.parent else { continue };
        let siblings = &view.item(parent).unwrap().children;
        let index = siblings.iter().position(|it| *it == id).unwrap();
        let edit = view.move_to(&parse, id, parent, index).unwrap();
        assert_eq!((edit.changes.as_slice(), &edit.focus), (&[][..], &item.range));

        let is_chain = matches!(item.kind, ItemKind::Group { parens: false, .. });
        let is_opaque = item.kind == ItemKind::Opaque;
        let is_sure = is_good && !is_opaque;
        let has_marks = text.contains("/*") || text.contains("*/");
        // A blank that `NOT` needs stays.
        let is_apart = !text[..item.range.start].ends_with(|c: char| c.is_alphabetic() || c == ')');
        if !item.negated && !is_chain && is_apart {
            check_back(&parse, id, is_sure, Outline::negate, Outline::negate);
        }
        // What is muted can be written in many ways, of which one is ours; a keyword that is missing is put there.
        let unjoined = [ErrorKind::MissingJoin, ErrorKind::UnexpectedText, ErrorKind::UnopenedParen];
        let is_joined = !parse.errors().iter().any(|error| unjoined.contains(&error.kind));
        if !item.muted && is_joined && (!is_chain || !has_marks) {
            check_back(&parse, id, is_sure && !has_marks, Outline::mute, Outline::mute);
        }
        check_back(&parse, id, is_sure && !has_marks, Outline::wrap, Outline::unwrap);
        let is_in_not = view
            .item(parent)
            .is_some_and(|it| it.negated && matches!(it.kind, ItemKind::Group { parens: false, .. }));
        if is_joined {
            check_back(&parse, id, is_sure && !is_in_not && !has_marks, Outline::duplicate, Outline::remove);
        }
    }
}
