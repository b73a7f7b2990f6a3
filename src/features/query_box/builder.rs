use leptos::prelude::*;
use qql::{Join, Op, Simple, SimpleClause};

use crate::i18n::t;
use crate::systems::{FieldType, QueryField};
use crate::ui::{Button, Checkbox, Choice, Icon, IconButton, NumberField, Select, TextField};

/// Rows of field, operator and value over the query's text.
///
/// The text is the truth: rows are read from it, and each edit of a row writes it anew. A text that rows
/// cannot hold without loss is left alone, and the builder says so.
#[component]
pub(super) fn Builder(
    fields: &'static [QueryField],
    /// The query's text.
    text: RwSignal<String>,
    /// Whether the text has errors.
    problems: Signal<bool>,
) -> impl IntoView {
    // What the rows last wrote: while the text is still that, the rows stay as they are, half-filled or not.
    let written = StoredValue::new(None::<String>);
    let rows = RwSignal::new(None::<Rows>);
    let parent = StoredValue::new(Owner::current().unwrap_or_default());
    Effect::new(move |_| {
        let text = text.get();
        if written.with_value(|it| it.as_deref() == Some(text.as_str())) {
            return;
        }
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
    let offered = OPS.iter().filter(|(op, _)| *op == Op::Match || kind == Some(FieldType::Integer));
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
    fields: &'static [QueryField],
    current: &Rows,
    rows: RwSignal<Option<Rows>>,
    write: UnsyncCallback<()>,
) -> AnyView {
    let add = move || {
        let Some(field) = fields.first() else { return };
        let clause = SimpleClause {
            negated: false,
            field: field.name.to_owned(),
            op: Op::Match,
            value: default_value(field.kind).to_owned(),
        };
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

fn default_value(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Boolean => "true",
        FieldType::Integer | FieldType::Secret => "",
    }
}

fn row_view(
    fields: &'static [QueryField],
    idx: usize,
    row: Row,
    rows: RwSignal<Option<Rows>>,
    write: UnsyncCallback<()>,
) -> AnyView {
    let number = (idx + 1).to_string();
    let kind_of = move |name: &str| fields.iter().find(|it| it.name == name).map(|it| it.kind);
    let kind = Memo::new(move |_| row.field.with(|it| kind_of(it)));
    // Another type of field has other values and operators.
    Effect::new(move |before: Option<Option<FieldType>>| {
        let now = kind.get();
        if before.is_some_and(|it| it != now) {
            row.value.set(now.map_or("", default_value).to_owned());
            row.op.set(Op::Match.symbol().to_owned());
        }
        now
    });
    for signal in [row.field, row.op, row.value] {
        watch_text(signal, write);
    }
    Effect::new(move |before: Option<bool>| {
        let now = row.negated.get();
        if before.is_some_and(|it| it != now) {
            write.run(());
        }
        now
    });
    let mut names: Vec<Choice> = fields.iter().map(|it| choice(it.name, (it.label)())).collect();
    row.field.with_untracked(|it| {
        if kind_of(it).is_none() {
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
        let choices = op_choices(kind.get(), &row.op.get_untracked());
        view! { <Select label=t::query_operator() value=row.op options=Signal::stored(choices) /> }
    };
    let value = move || match kind.get() {
        Some(FieldType::Boolean) => {
            let choices = vec![choice("true", t::query_true()), choice("false", t::query_false())];
            view! { <Select label=t::query_value() value=row.value options=Signal::stored(choices) /> }
                .into_any()
        }
        Some(FieldType::Integer) => {
            view! { <NumberField label=t::query_value() value=row.value /> }.into_any()
        }
        Some(FieldType::Secret) | None => {
            view! { <TextField label=t::query_value() value=row.value code=true /> }.into_any()
        }
    };
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

/// Writes the query whenever the signal changes, not for its first value.
fn watch_text(signal: RwSignal<String>, write: UnsyncCallback<()>) {
    Effect::new(move |before: Option<String>| {
        let now = signal.get();
        if before.is_some_and(|it| it != now) {
            write.run(());
        }
        now
    });
}
