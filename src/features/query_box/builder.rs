use leptos::prelude::*;
use qql::{FieldType, Join, Op, Simple, SimpleClause};

use super::language::{QueryField, starting_field};
use crate::i18n::t;
use crate::ui::{Button, Checkbox, Choice, Icon, IconButton, NumberField, Select, TextField};

/// Rows of field, operator and value over the query's text.
///
/// The text is the truth: rows are read from it, and each edit of a row writes it anew. A text that rows
/// cannot hold without loss is left alone, and the builder says so.
#[component]
pub(super) fn Builder(
    fields: StoredValue<Vec<QueryField>>,
    /// The query's text.
    text: RwSignal<String>,
    /// Whether the text has errors.
    problems: Signal<bool>,
) -> impl IntoView {
    // What the rows last wrote: while the text is still that, the rows stay as they are, half-filled or not.
    let written = StoredValue::new(None::<String>);
    let rows = RwSignal::new(None::<Rows>);
    // Rows that were replaced live on until they are replaced too: what their clauses began to do is still queued.
    let before = StoredValue::new(None::<Rows>);
    let parent = StoredValue::new(Owner::current().unwrap_or_default());
    // A text that is written again as it is changes nothing.
    let said = Memo::new(move |_| text.get());
    Effect::new(move |_| {
        let text = said.get();
        if written.with_value(|it| it.as_deref() == Some(text.as_str())) {
            return;
        }
        before.set_value(rows.get_untracked());
        rows.set(qql::to_simple(&qql::parse(&text)).map(|it| Rows::of(it, &parent.get_value())));
    });
    let write = move || {
        let simple = rows.with_untracked(|it| it.as_ref().map(Rows::simple));
        let Some(simple) = simple else { return };
        let new = qql::from_simple(&simple);
        written.set_value(Some(new.clone()));
        text.set(new);
    };
    let body = move || match rows.get() {
        None => {
            let why = if problems.get() { t::query_has_errors() } else { t::query_too_rich() };
            view! { <p class="field-hint">{why}</p> }.into_any()
        }
        Some(current) => row_views(fields, &current, rows, UnsyncCallback::new(move |()| write())),
    };
    view! { <div class="query-builder">{body}</div> }.into_any()
}

/// Signals of the rows, so that typing in one leaves the others as they are.
#[derive(Clone)]
struct Rows {
    /// Owns the signals, which live as long as the rows: longer than one run of the effect that reads the text.
    owner: Owner,
    join: RwSignal<String>,
    clauses: Vec<Row>,
}

#[derive(Clone, Copy)]
struct Row {
    negated: RwSignal<bool>,
    field: RwSignal<String>,
    op: RwSignal<String>,
    value: RwSignal<String>,
}

const AND: &str = "and";
const OR: &str = "or";

impl Rows {
    fn of(simple: Simple, parent: &Owner) -> Self {
        let owner = parent.child();
        let join = if simple.join == Join::Or { OR } else { AND };
        let (join, clauses) = owner.with(|| {
            let clauses = simple.clauses.into_iter().map(Row::of).collect();
            (RwSignal::new(join.to_owned()), clauses)
        });
        Self { owner, join, clauses }
    }

    fn push(&mut self, clause: SimpleClause) {
        let row = self.owner.with(|| Row::of(clause));
        self.clauses.push(row);
    }

    fn simple(&self) -> Simple {
        let is_or = self.clauses.len() > 1 && self.join.with_untracked(|it| it == OR);
        let clauses = self.clauses.iter().map(|it| it.clause()).collect();
        Simple { join: if is_or { Join::Or } else { Join::And }, clauses }
    }
}

impl Row {
    fn of(clause: SimpleClause) -> Self {
        Self {
            negated: RwSignal::new(clause.negated),
            field: RwSignal::new(clause.field),
            op: RwSignal::new(clause.op.symbol().to_owned()),
            value: RwSignal::new(clause.value),
        }
    }

    fn clause(self) -> SimpleClause {
        SimpleClause {
            negated: self.negated.get_untracked(),
            field: self.field.get_untracked(),
            op: self.op.with_untracked(|it| read_op(it)),
            value: self.value.get_untracked(),
        }
    }
}

/// A word from the catalogue.
type Word = fn() -> &'static str;

const OPS: [(Op, Word); 5] = [
    (Op::Match, t::query_op_is),
    (Op::Gt, t::query_op_above),
    (Op::Ge, t::query_op_at_least),
    (Op::Lt, t::query_op_below),
    (Op::Le, t::query_op_at_most),
];

fn read_op(symbol: &str) -> Op {
    [Op::Eq]
        .into_iter()
        .chain(OPS.iter().map(|(op, _)| *op))
        .find(|it| it.symbol() == symbol)
        .unwrap_or(Op::Match)
}

/// Operators that a type of value takes; the one in use is always among them.
fn op_choices(kind: Option<FieldType>, current: &str) -> Vec<Choice> {
    let ordered = matches!(kind, Some(FieldType::Integer | FieldType::Date));
    let offered = OPS.iter().filter(|(op, _)| *op == Op::Match || ordered);
    let mut res: Vec<Choice> = offered.map(|(op, name)| choice(op.symbol(), name())).collect();
    if !res.iter().any(|it| it.value == current) {
        res.push(choice(current, current));
    }
    res
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), ..Choice::default() }
}

fn row_views(
    fields: StoredValue<Vec<QueryField>>,
    current: &Rows,
    rows: RwSignal<Option<Rows>>,
    write: UnsyncCallback<()>,
) -> AnyView {
    let add = move || {
        let clause = |field: &QueryField| SimpleClause {
            negated: false,
            field: field.name.to_owned(),
            op: Op::Match,
            value: field.first_value(),
        };
        let Some(clause) = fields.with_value(|it| starting_field(it).map(clause)) else { return };
        rows.update(|it| {
            if let Some(rows) = it {
                rows.push(clause);
            }
        });
        write.run(());
    };
    let join = (current.clauses.len() > 1).then(|| {
        watch_text(current.join, write);
        let choices = vec![choice(AND, t::query_join_and()), choice(OR, t::query_join_or())];
        view! { <Select label=t::query_join() value=current.join options=Signal::stored(choices) /> }
    });
    let empty =
        current.clauses.is_empty().then(|| view! { <p class="field-hint">{t::query_start_fresh()}</p> });
    let rows_view: Vec<AnyView> = current
        .clauses
        .iter()
        .enumerate()
        .map(|(idx, row)| row_view(fields, idx, *row, rows, write))
        .collect();
    view! {
        {join}
        {empty}
        {rows_view}
        <div><Button icon=Icon::Plus on_click=add>{t::query_add()}</Button></div>
    }
    .into_any()
}

fn row_view(
    fields: StoredValue<Vec<QueryField>>,
    idx: usize,
    row: Row,
    rows: RwSignal<Option<Rows>>,
    write: UnsyncCallback<()>,
) -> AnyView {
    let number = (idx + 1).to_string();
    let known = Memo::new(move |_| row.field.try_with(|name| named(fields, name)).flatten());
    // Effects run a moment later, and the row may be gone by then.
    // Another kind of field has other values and operators.
    Effect::new(move |before: Option<Option<QueryField>>| {
        let now = known.try_get().flatten();
        if let Some(before) = before {
            let kind = |it: &Option<QueryField>| it.as_ref().map(|it| (it.kind, it.values.clone()));
            if kind(&before) != kind(&now) {
                row.value.try_set(now.as_ref().map_or_else(String::new, QueryField::first_value));
                row.op.try_set(Op::Match.symbol().to_owned());
            }
        }
        now
    });
    for signal in [row.field, row.op, row.value] {
        watch_text(signal, write);
    }
    Effect::new(move |before: Option<bool>| {
        let Some(now) = row.negated.try_get() else { return before.unwrap_or_default() };
        if before.is_some_and(|it| it != now) {
            write.run(());
        }
        now
    });
    let mut names: Vec<Choice> =
        fields.with_value(|it| it.iter().map(|it| choice(it.name, it.label)).collect());
    row.field.with_untracked(|it| {
        if named(fields, it).is_none_or(|field| field.name != it) {
            names.push(choice(it, it));
        }
    });
    let remove = move || {
        rows.update(|it| {
            if let Some(rows) = it
                && idx < rows.clauses.len()
            {
                rows.clauses.remove(idx);
            }
        });
        write.run(());
    };
    let ops = move || {
        let kind = known.with(|it| it.as_ref().map(|it| it.kind));
        let choices = op_choices(kind, &row.op.get_untracked());
        view! { <Select label=t::query_operator() value=row.op options=Signal::stored(choices) /> }
    };
    let value = move || value_view(known.get(), row.value);
    view! {
        <fieldset class="clause">
            <legend class="visually-hidden">{t::query_clause(&number)}</legend>
            <Checkbox label=t::query_not() checked=row.negated />
            <Select label=t::query_field() value=row.field options=Signal::stored(names) />
            {ops}
            {value}
            <IconButton name=t::query_remove(&number) icon=Icon::Trash on_click=remove />
        </fieldset>
    }
    .into_any()
}

/// The field of that name.
fn named(fields: StoredValue<Vec<QueryField>>, name: &str) -> Option<QueryField> {
    fields.try_with_value(|it| it.iter().find(|it| it.name == name).cloned()).flatten()
}

/// The value: chosen where all values are known, else entered.
fn value_view(field: Option<QueryField>, value: RwSignal<String>) -> AnyView {
    let label = t::query_value();
    let choices = match field.as_ref().map(|it| (it.kind, it.values.is_empty())) {
        Some((FieldType::Boolean, true)) => {
            vec![choice("true", t::query_true()), choice("false", t::query_false())]
        }
        _ => field.as_ref().map(|it| it.values.clone()).unwrap_or_default(),
    };
    if !choices.is_empty() {
        return view! { <Select label value options=Signal::stored(with_current(choices, value)) /> }
            .into_any();
    }
    match field.map(|it| it.kind) {
        Some(FieldType::Integer) => view! { <NumberField label value /> }.into_any(),
        Some(FieldType::Date) => {
            view! { <TextField label value code=true hint=t::query_date_hint() /> }.into_any()
        }
        _ => view! { <TextField label value code=true /> }.into_any(),
    }
}

/// What stands in the text is among the choices, known or not.
fn with_current(mut choices: Vec<Choice>, value: RwSignal<String>) -> Vec<Choice> {
    let current = value.get_untracked();
    if !choices.iter().any(|it| it.value == current) {
        choices.push(choice(&current, &current));
    }
    choices
}

/// Writes the query whenever the signal changes, not for its first value.
fn watch_text(signal: RwSignal<String>, write: UnsyncCallback<()>) {
    Effect::new(move |before: Option<String>| {
        // The row may be gone before what follows it.
        let Some(now) = signal.try_get() else { return before.unwrap_or_default() };
        if before.is_some_and(|it| it != now) {
            write.run(());
        }
        now
    });
}
