//! Random edits of random queries, compared with what a plain model of the query says.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common {
    #[expect(dead_code, reason = "one file for several tests")]
    pub(crate) mod outline;
}

use common::outline::{applied, check_outline};
use proptest::prelude::*;
use qql::{Edit, Expr, ItemId, ItemKind, Join, NewClause, NewValue, Op, Outline, outline};

/// What stands between two parentheses. Between its terms stand `joints`, of which there is one less.
#[derive(Debug, Clone, PartialEq)]
struct Level {
    terms: Vec<Term>,
    joints: Vec<Join>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    n_nots: usize,
    is_muted: bool,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Clause(String),
    Group(Level),
    Nested(String, Level),
}

use Kind::{Clause, Group, Nested};

impl Term {
    fn clause(text: &str) -> Self {
        Self { n_nots: 0, is_muted: false, kind: Clause(text.to_owned()) }
    }

    fn inner(&self) -> Option<&Level> {
        match &self.kind {
            Clause(_) => None,
            Group(level) | Nested(_, level) => Some(level),
        }
    }

    fn inner_mut(&mut self) -> Option<&mut Level> {
        match &mut self.kind {
            Clause(_) => None,
            Group(level) | Nested(_, level) => Some(level),
        }
    }

    /// The same with every mute forgotten that a mute around it hides.
    fn shown(&self, is_muted: bool) -> Self {
        let mut term = self.clone();
        term.is_muted |= is_muted;
        let is_muted = term.is_muted;
        if let Some(level) = term.inner_mut() {
            *level = level.shown(is_muted);
        }
        term
    }
}

impl Level {
    fn of(term: Term) -> Self {
        Self { terms: vec![term], joints: Vec::new() }
    }

    fn shown(&self, is_muted: bool) -> Self {
        let terms = self.terms.iter().map(|term| term.shown(is_muted)).collect();
        Self { terms, joints: self.joints.clone() }
    }

    fn join(&self) -> Option<Join> {
        let is_or = self.joints.contains(&Join::Or);
        (!self.joints.is_empty()).then_some(if is_or { Join::Or } else { Join::And })
    }

    /// Whether it is a chain of alternatives, so that runs of `AND` in it are groups of their own.
    fn is_mixed(&self) -> bool {
        self.joints.contains(&Join::Or)
    }

    /// The terms that the children of the level are: one, or those of a chain.
    fn children(&self) -> Vec<std::ops::Range<usize>> {
        let mut res = Vec::new();
        let mut start = 0;
        for index in 0..self.terms.len() {
            let goes_on = self.is_mixed() && self.joints.get(index) == Some(&Join::And);
            if !goes_on {
                res.push(start..index + 1);
                start = index + 1;
            }
        }
        res
    }

    fn remove(&mut self, range: std::ops::Range<usize>) {
        let last = self.terms.len();
        let joints: Vec<Join> = self.joints[range.start.saturating_sub(1)..range.end.min(last - 1)].to_vec();
        let is_inside = 0 < range.start && range.end < last;
        let ends = [joints.first(), joints.last()];
        let is_or = ends.contains(&Some(&Join::Or));
        self.joints.drain(range.start.saturating_sub(1)..range.end.min(last - 1));
        if is_inside {
            self.joints.insert(range.start - 1, if is_or { Join::Or } else { Join::And });
        }
        self.terms.drain(range);
    }

    /// Puts terms in front of the one at `place`. `is_first` is whether they are the first of their group.
    fn insert(&mut self, place: usize, level: Self, join: Join, is_first: bool) {
        let n_terms = self.terms.len();
        if n_terms > 0 {
            if place == 0 {
                self.joints.insert(0, join);
            } else if place == n_terms {
                self.joints.push(join);
            } else {
                self.joints.insert(if is_first { place } else { place - 1 }, join);
            }
        }
        let at = place;
        self.joints.splice(at..at, level.joints);
        self.terms.splice(place..place, level.terms);
    }

    fn write(&self, text: &mut String) {
        for (index, term) in self.terms.iter().enumerate() {
            term.write(text);
            if let Some(join) = self.joints.get(index) {
                text.push_str(if *join == Join::And { " AND " } else { " or  " });
            }
        }
    }
}

impl Term {
    fn write(&self, text: &mut String) {
        text.push_str(&"NOT ".repeat(self.n_nots));
        match &self.kind {
            Clause(clause) => text.push_str(clause),
            Group(level) => {
                text.push('(');
                level.write(text);
                text.push(')');
            }
            Nested(field, level) => {
                text.push_str(&[field, ": ("].concat());
                level.write(text);
                text.push_str(" )");
            }
        }
    }
}

/// The ids of the terms of a level and of its chains, in the same shape as the model.
struct Ids {
    /// The group whose children these are.
    owner: ItemId,
    terms: Vec<(ItemId, Option<Box<Self>>)>,
    chains: Vec<(std::ops::Range<usize>, ItemId)>,
}

/// Reads the outline as a model.
fn read(view: &Outline, text: &str, owner: ItemId) -> (Level, Ids) {
    let item = view.item(owner).unwrap();
    let mut level = Level { terms: Vec::new(), joints: Vec::new() };
    let mut ids = Ids { owner, terms: Vec::new(), chains: Vec::new() };
    for child in &item.children {
        let it = view.item(*child).unwrap();
        let is_chain = matches!(it.kind, ItemKind::Group { parens: false, .. }) && !it.negated;
        let terms = if is_chain { it.children.clone() } else { vec![*child] };
        if is_chain {
            ids.chains.push((level.terms.len()..level.terms.len() + terms.len(), *child));
        }
        for (index, term) in terms.into_iter().enumerate() {
            if !level.terms.is_empty() {
                level.joints.push(if index > 0 { Join::And } else { item.join().unwrap() });
            }
            let (model, inner) = read_term(view, text, term);
            level.terms.push(model);
            ids.terms.push((term, inner));
        }
    }
    (level, ids)
}

fn read_term(view: &Outline, text: &str, id: ItemId) -> (Term, Option<Box<Ids>>) {
    let item = view.item(id).unwrap();
    let n_nots = usize::from(item.negated);
    let term = |kind| Term { n_nots, is_muted: item.muted, kind };
    match &item.kind {
        ItemKind::Clause(clause) => (term(Clause(text[clause.range.clone()].to_owned())), None),
        ItemKind::Group { parens: true, .. } => {
            let (level, ids) = read(view, text, id);
            (term(Group(level)), Some(Box::new(ids)))
        }
        ItemKind::Nested { field, .. } => {
            let (level, ids) = read(view, text, id);
            (term(Nested(field.text.clone(), level)), Some(Box::new(ids)))
        }
        ItemKind::Group { .. } => {
            let (inner, ids) = read_term(view, text, item.children[0]);
            (Term { n_nots: inner.n_nots + 1, is_muted: item.muted, ..inner }, ids)
        }
        ItemKind::Opaque => panic!("nothing of {text:?} is opaque"),
    }
}

/// What runs of a level, as the parser should read it.
fn running(level: &Level) -> Option<String> {
    let mut alternatives: Vec<Vec<String>> = vec![Vec::new()];
    let mut is_or = false;
    for (index, term) in level.terms.iter().enumerate() {
        if let Some(text) = running_term(term) {
            if is_or {
                alternatives.push(Vec::new());
            }
            is_or = false;
            alternatives.last_mut().unwrap().push(text);
        }
        is_or |= level.joints.get(index) == Some(&Join::Or);
    }
    alternatives.retain(|it| !it.is_empty());
    let join = |texts: Vec<String>, name: &str| match texts.as_slice() {
        [only] => only.clone(),
        _ => format!("{name}({})", texts.join(" ")),
    };
    let all: Vec<String> = alternatives.into_iter().map(|it| join(it, "and")).collect();
    (!all.is_empty()).then(|| join(all, "or"))
}

fn running_term(term: &Term) -> Option<String> {
    if term.is_muted {
        return None;
    }
    let text = match &term.kind {
        Clause(text) => text.clone(),
        Group(level) => running(level)?,
        Nested(field, level) => format!("{field}[{}]", running(level)?),
    };
    Some(["not ".repeat(term.n_nots), text].concat())
}

fn parsed(expr: &Expr, text: &str) -> String {
    let all = |terms: &[Expr], name: &str| {
        format!("{name}({})", terms.iter().map(|it| parsed(it, text)).collect::<Vec<_>>().join(" "))
    };
    match expr {
        Expr::Clause(clause) => text[clause.range.clone()].to_owned(),
        Expr::And(terms) => all(terms, "and"),
        Expr::Or(terms) => all(terms, "or"),
        Expr::Not(inner) => format!("not {}", parsed(inner, text)),
        Expr::Nested { field, inner, .. } => format!("{}[{}]", field.text, parsed(inner, text)),
    }
}

/// Where a term is: its index in the root, then in the group there, and so on.
type Path = Vec<usize>;

fn level_at<'a>(root: &'a mut Level, path: &[usize]) -> &'a mut Level {
    path.iter().fold(root, |level, index| level.terms[*index].inner_mut().unwrap())
}

fn ids_at<'a>(root: &'a Ids, path: &[usize]) -> &'a Ids {
    path.iter().fold(root, |ids, index| ids.terms[*index].1.as_deref().unwrap())
}

fn paths(level: &Level, at: &Path, terms: &mut Vec<Path>, levels: &mut Vec<Path>) {
    levels.push(at.clone());
    for (index, term) in level.terms.iter().enumerate() {
        let path = [at.as_slice(), &[index]].concat();
        terms.push(path.clone());
        if let Some(inner) = term.inner() {
            paths(inner, &path, terms, levels);
        }
    }
}

/// The children of a group and the terms they are. A place in it.
struct Spot {
    path: Path,
    group: ItemId,
    index: usize,
    /// Before which term of the level.
    place: usize,
    join: Join,
    n_children: usize,
}

fn spots(root: &Level, ids: &Ids) -> Vec<Spot> {
    let (mut terms, mut levels, mut spots) = (Vec::new(), Vec::new(), Vec::new());
    paths(root, &Vec::new(), &mut terms, &mut levels);
    for path in levels {
        let level = level_at(&mut root.clone(), &path).clone();
        let at = ids_at(ids, &path);
        let mut groups = vec![(at.owner, level.children(), level.join().unwrap_or(Join::Or))];
        for (range, id) in &at.chains {
            groups.push((*id, range.clone().map(|index| index..index + 1).collect(), Join::And));
        }
        for (group, children, join) in groups {
            let n_children = children.len();
            for index in 0..=n_children {
                let place = match children.get(index) {
                    Some(child) => child.start,
                    None => children.last().map_or(0, |child| child.end),
                };
                spots.push(Spot { path: path.clone(), group, index, place, join, n_children });
            }
        }
    }
    spots
}

fn remove(root: &mut Level, path: &[usize]) {
    let (last, around) = path.split_last().unwrap();
    let level = level_at(root, around);
    if level.terms.len() == 1 && !around.is_empty() {
        return remove(root, around);
    }
    level.remove(*last..last + 1);
    if !around.is_empty() && level.terms.iter().all(|term| term.is_muted) {
        level.terms.iter_mut().for_each(|term| term.is_muted = false);
        mute(root, around);
    }
}

fn mute(root: &mut Level, path: &[usize]) {
    // What is muted comes back with whatever is muted around it.
    let mut was_muted = false;
    for end in 1..=path.len() {
        let term = &mut level_at(root, &path[..end - 1]).terms[path[end - 1]];
        was_muted |= core::mem::take(&mut term.is_muted);
    }
    if was_muted {
        return;
    }
    for end in (1..=path.len()).rev() {
        let level = level_at(root, &path[..end - 1]);
        let has_other =
            level.terms.iter().enumerate().any(|(index, it)| index != path[end - 1] && !it.is_muted);
        if has_other || end == 1 {
            level.terms[path[end - 1]].is_muted = true;
            return;
        }
    }
}

fn new_clause(number: usize) -> NewClause {
    let field = ["x", "title", "a.b"][number % 3].to_owned();
    NewClause { negated: false, field, op: Op::Gt, value: NewValue::One("new value".to_owned()) }
}

/// One edit of both. `None` where there is nothing to compare.
fn step(root: &mut Level, text: &str, ids: &Ids, (op, one, other): (usize, usize, usize)) -> Option<Edit> {
    let parse = qql::parse(text);
    let view = outline(&parse);
    let (mut terms, mut levels) = (Vec::new(), Vec::new());
    paths(root, &Vec::new(), &mut terms, &mut levels);
    let path = terms[one % terms.len()].clone();
    let (last, around) = path.split_last().unwrap();
    let id = ids_at(ids, around).terms[*last].0;
    let all = spots(root, ids);
    let spot = &all[other % all.len()];
    match op {
        0 => {
            remove(root, &path);
            view.remove(&parse, id)
        }
        1 => {
            mute(root, &path);
            view.mute(&parse, id)
        }
        2 => {
            let term = &mut level_at(root, around).terms[*last];
            term.n_nots = term.n_nots.checked_sub(1).unwrap_or(1);
            view.negate(&parse, id)
        }
        3 => {
            let level = level_at(root, around);
            let old = level.terms[*last].clone();
            let inner = Term { is_muted: false, ..old.clone() };
            level.terms[*last] = Term { n_nots: 0, is_muted: old.is_muted, kind: Group(Level::of(inner)) };
            view.wrap(&parse, id)
        }
        4 => {
            let level = level_at(root, around);
            let join =
                level.children().iter().find(|it| it.len() > 1 && it.contains(last)).map(|_| Join::And);
            let join = join.or(level.join()).unwrap_or(Join::And);
            let copy = Level::of(level.terms[*last].clone());
            level.insert(last + 1, copy, join, false);
            view.duplicate(&parse, id)
        }
        5 => {
            let clause = new_clause(one);
            let term = Term::clause(&clause.text().unwrap());
            let level = level_at(root, &spot.path);
            level.insert(spot.place, Level::of(term), spot.join, spot.index == 0);
            view.add(&parse, spot.group, spot.index, &clause, Join::Or)
        }
        6 => {
            let is_inside = spot.path.starts_with(&path);
            let is_own = spot.path == around && (spot.place == *last || spot.place == last + 1);
            // Places beside the term itself have tests of their own; joining needs two terms.
            if is_inside || is_own || spot.n_children < 2 {
                return None;
            }
            let level = level_at(root, around);
            let mut moved = level.terms[*last].clone();
            let is_muted = moved.is_muted;
            moved.is_muted = false;
            let mark = Term { n_nots: 77, ..Term::clause("moved") };
            level.terms[*last].kind = Clause("old".to_owned());
            level.terms[*last].n_nots = 78;
            let target = level_at(root, &spot.path);
            target.insert(spot.place, Level::of(mark), spot.join, spot.index == 0);
            let find = |root: &Level, n_nots: usize| {
                let (mut terms, mut levels) = (Vec::new(), Vec::new());
                paths(root, &Vec::new(), &mut terms, &mut levels);
                let is_it = |path: &&Path| {
                    let (last, around) = path.split_last().unwrap();
                    level_at(&mut root.clone(), around).terms[*last].n_nots == n_nots
                };
                terms.iter().find(is_it).cloned()
            };
            let new = find(root, 77).unwrap();
            let (new_last, new_around) = new.split_last().unwrap();
            level_at(root, new_around).terms[*new_last].is_muted = is_muted;
            let old = find(root, 78).unwrap();
            remove(root, &old);
            let new = find(root, 77).unwrap();
            let (new_last, new_around) = new.split_last().unwrap();
            let term = &mut level_at(root, new_around).terms[*new_last];
            (term.n_nots, term.kind) = (moved.n_nots, moved.kind);
            let own = view.item(spot.group).unwrap().children.iter().position(|child| *child == id);
            let index = spot.index - usize::from(own.is_some_and(|own| own < spot.index));
            view.move_to(&parse, id, spot.group, index)
        }
        _ => {
            let level = level_at(root, around);
            let term = level.terms[*last].clone();
            // The first of several `NOT`s stands in front of the others.
            let Some(inner) = term.inner().filter(|_| term.n_nots < 2 && matches!(term.kind, Group(_)))
            else {
                assert_eq!(view.unwrap(&parse, id), None);
                return None;
            };
            let inner = inner.clone();
            if inner.terms.len() > 1 {
                let mut joints =
                    level.joints.iter().skip(last.saturating_sub(1)).take(if *last > 0 { 2 } else { 1 });
                let is_beside_and = level.terms.len() > 1 && joints.any(|it| *it == Join::And);
                if term.n_nots > 0 || (inner.is_mixed() && is_beside_and) || term.is_muted {
                    if !term.is_muted {
                        assert_eq!(view.unwrap(&parse, id), None);
                    }
                    return None;
                }
            } else if term.is_muted || inner.terms[0].is_muted {
                return None;
            }
            let mut inner = inner;
            inner.terms[0].n_nots += term.n_nots;
            level.terms.remove(*last);
            level.terms.splice(*last..*last, inner.terms);
            level.joints.splice(*last..*last, inner.joints);
            view.unwrap(&parse, id)
        }
    }
}

fn term() -> impl Strategy<Value = Term> {
    let clause = prop::sample::select(vec![
        "a: 1",
        "title: two words",
        "b>5",
        "c: \"q v\"",
        "d:[1, 2]",
        "e: (1 .. 5)",
        "f: `x`",
    ]);
    let clause = (clause, 0..3_usize).prop_map(|(text, n)| Term { n_nots: n / 2, ..Term::clause(text) });
    clause.prop_recursive(4, 24, 4, |inner| {
        let level = level(inner);
        prop_oneof![
            (level.clone(), 0..5_usize).prop_map(|(level, n)| Term {
                n_nots: n.saturating_sub(2),
                is_muted: false,
                kind: Group(level)
            }),
            level.prop_map(|level| Term {
                n_nots: 0,
                is_muted: false,
                kind: Nested("tags".to_owned(), level)
            }),
        ]
    })
}

fn level(term: impl Strategy<Value = Term> + Clone + 'static) -> impl Strategy<Value = Level> + Clone {
    let join = prop::sample::select(vec![Join::And, Join::Or]);
    prop::collection::vec((term, join), 1..5).prop_map(|parts| {
        let (terms, mut joints): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        joints.pop();
        Level { terms, joints }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_do_what_the_model_does(
        root in level(term().boxed()),
        steps in prop::collection::vec((0..8_usize, any::<u16>(), any::<u16>()), 1..10),
    ) {
        let (mut root, mut text) = (root, String::new());
        root.write(&mut text);
        for (op, one, other) in steps {
            let parse = qql::parse(&text);
            let view = outline(&parse);
            check_outline(&parse, &view);
            prop_assert_eq!(parse.errors(), &[], "{}", text);
            let (shown, ids) = read(&view, &text, view.root());
            prop_assert_eq!(&shown, &root.shown(false), "{}", text);
            prop_assert_eq!(parse.expr().map(|it| parsed(&it, &text)), running(&root), "{}", text);
            if root.terms.is_empty() {
                break;
            }
            let before = root.clone();
            let Some(edit) = step(&mut root, &text, &ids, (op, one.into(), other.into())) else {
                prop_assert_eq!(&root, &before, "edit {} of {} is possible", op, text);
                continue;
            };
            let new = applied(&parse, &edit);
            let parse = qql::parse(&new);
            let view = outline(&parse);
            let (shown, _) = read(&view, &new, view.root());
            prop_assert_eq!(shown, root.shown(false), "edit {} of {} at {} {}: {}", op, text, one, other, new);
            let focus = view.item(view.at(&edit.focus).unwrap()).unwrap();
            prop_assert!(focus.range == edit.focus || op == 7 || new.trim().is_empty(), "{:?} in {}", edit.focus, new);
            text = new;
        }
    }
}
