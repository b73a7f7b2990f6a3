use serde_json::Value as Json;

use super::value_text::{change, fields, object};
use super::{Counts, ItemState, Job, Kind, Skip, Wanted, record};
use crate::domain::{KeyId, Timestamp, Value};
use crate::systems::{Asked, Change, Delta, FieldSpec, Manifest, System, comparable};

/// What came of a job: who, when, what was asked, and what became of each key. It holds no value of a key.
#[derive(Clone)]
pub struct Receipt {
    /// The id of its plan.
    pub id: String,
    /// What it was for.
    pub kind: Kind,
    /// Who, as far as the session told.
    pub who: String,
    /// The connection, by its id.
    pub connection: String,
    /// The key system, by its id.
    pub system: &'static str,
    /// When it was started.
    pub began: Timestamp,
    /// When the last item had its end; `None` while one has none.
    pub ended: Option<Timestamp>,
    /// How many stand where.
    pub counts: Counts,
    /// Key by key, in the order of the plan.
    pub items: Vec<ReceiptItem>,
}

/// What became of one key.
#[derive(Clone)]
pub struct ReceiptItem {
    /// The key: of a new one, its id, where it came about.
    pub key: Option<KeyId>,
    /// Its title.
    pub title: String,
    /// What was asked.
    pub wanted: Wanted,
    /// What came of it.
    pub state: ItemState,
}

impl Receipt {
    pub(super) fn of(job: &Job) -> Self {
        let plan = job.plan();
        let items = job.with_states(|states| {
            let one = |(item, state): (&super::Item, &ItemState)| {
                let made = if let ItemState::Done { key, .. } = state { key.clone() } else { None };
                let key = made.or_else(|| item.key().cloned());
                let (title, wanted) = (item.title.clone(), item.wanted.clone());
                ReceiptItem { key, title, wanted, state: state.clone() }
            };
            plan.items.iter().zip(states).map(one).collect()
        });
        Self {
            id: plan.id.clone(),
            kind: plan.kind,
            who: plan.by.clone(),
            connection: plan.connection.clone(),
            system: plan.system,
            began: job.began(),
            ended: job.ended(),
            counts: job.counts(),
            items,
        }
    }

    /// The receipt as a JSON document.
    #[must_use]
    pub fn json(&self) -> String {
        let Some(manifest) = System::parse(self.system).map(System::manifest) else { return String::new() };
        let counts = object(vec![
            ("all", self.counts.all.into()),
            ("done", self.counts.done.into()),
            ("failed", self.counts.failed.into()),
            ("unknown", self.counts.unknown.into()),
            ("skipped", self.counts.skipped.into()),
            ("waiting", self.counts.waiting.into()),
            ("sent", self.counts.sent.into()),
        ]);
        let items = self.items.iter().map(|it| item(manifest, it)).collect::<Vec<_>>();
        let res = object(vec![
            ("latchkey", "receipt".into()),
            ("version", 1.into()),
            ("id", self.id.clone().into()),
            ("kind", self.kind.word().into()),
            ("who", self.who.clone().into()),
            ("connection", self.connection.clone().into()),
            ("system", self.system.into()),
            ("began", self.began.to_string().into()),
            ("ended", self.ended.map(|it| it.to_string()).into()),
            ("counts", counts),
            ("items", items.into()),
        ]);
        // Serialising plain values cannot fail.
        serde_json::to_string_pretty(&res).unwrap_or_default()
    }

    /// The receipt as a table: one line a key, with the plan's own facts on each, so that lines of several receipts
    /// can be put together. No cell is taken for a formula by a spreadsheet.
    #[must_use]
    pub fn csv(&self) -> String {
        let manifest = System::parse(self.system).map(System::manifest);
        let head = [
            "receipt",
            "kind",
            "who",
            "connection",
            "system",
            "began",
            "ended",
            "key",
            "title",
            "asked",
            "result",
            "code",
            "status",
            "message",
            "differs",
        ];
        let mut res = head.join(",");
        res.push_str("\r\n");
        for it in &self.items {
            let (code, status, message) = reason(&it.state);
            let differs = if let ItemState::Done { asked, .. } = &it.state { asked.as_slice() } else { &[] };
            let differs: Vec<_> = differs.iter().map(|it| difference(manifest, it)).collect();
            let cells = [
                self.id.clone(),
                self.kind.word().to_owned(),
                self.who.clone(),
                self.connection.clone(),
                self.system.to_owned(),
                self.began.to_string(),
                self.ended.map(|it| it.to_string()).unwrap_or_default(),
                it.key.as_ref().map(|it| it.0.clone()).unwrap_or_default(),
                it.title.clone(),
                asked(manifest, &it.wanted),
                record::word(&it.state).to_owned(),
                code,
                status,
                message,
                differs.join("; "),
            ];
            let cells: Vec<_> = cells.iter().map(|it| cell(it)).collect();
            res.push_str(&cells.join(","));
            res.push_str("\r\n");
        }
        res
    }
}

fn item(manifest: &Manifest, it: &ReceiptItem) -> Json {
    let mut pairs = vec![
        ("key", it.key.as_ref().map(|it| it.0.clone()).into()),
        ("title", it.title.clone().into()),
        ("asked", verb(&it.wanted).into()),
    ];
    match &it.wanted {
        Wanted::Changed(it) => pairs.push(("change", change(it))),
        Wanted::Created(it) => pairs.push(("fields", fields(manifest, it))),
        Wanted::Enabled(_) | Wanted::Removed => {}
    }
    pairs.push(("result", record::word(&it.state).into()));
    let (code, status, message) = reason(&it.state);
    for (name, text) in [("code", code), ("status", status), ("message", message)] {
        if !text.is_empty() {
            pairs.push((name, text.into()));
        }
    }
    if let ItemState::Done { asked, notices, .. } = &it.state {
        pairs.push(("differs", asked.iter().map(record::asked_json).collect::<Vec<_>>().into()));
        pairs.push(("notices", notices.iter().map(|it| record::notice(*it)).collect::<Vec<_>>().into()));
    }
    object(pairs)
}

/// Code, status and words of what is not done.
fn reason(state: &ItemState) -> (String, String, String) {
    match state {
        ItemState::Failed(why) | ItemState::Unknown(why) => {
            (why.code.clone(), why.status.map(|it| it.to_string()).unwrap_or_default(), why.message.clone())
        }
        ItemState::Skipped(skip) => {
            let fields = if let Skip::Moved(fields) = skip { fields.as_slice() } else { &[] };
            let fields: Vec<_> = fields.iter().map(|it| it.0).collect();
            (record::skip_word(skip).to_owned(), String::new(), fields.join(", "))
        }
        _ => (String::new(), String::new(), String::new()),
    }
}

fn verb(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Enabled(true) => "enable",
        Wanted::Enabled(false) => "disable",
        Wanted::Removed => "remove",
        Wanted::Changed(_) => "change",
        Wanted::Created(_) => "create",
    }
}

/// What was asked, in one line.
fn asked(manifest: Option<&Manifest>, wanted: &Wanted) -> String {
    let mut res = verb(wanted).to_owned();
    if let Wanted::Changed(Change(changes)) = wanted {
        for (at, (field, delta)) in changes.iter().enumerate() {
            res.push_str(if at == 0 { ": " } else { "; " });
            res.push_str(field.0);
            let text = match delta {
                Delta::Set(value) => [" = ", &line(manifest.and_then(|it| it.field(*field)), value)].concat(),
                Delta::List { add, remove } => {
                    [" +[", &add.join(" "), "] -[", &remove.join(" "), "]"].concat()
                }
            };
            res.push_str(&text);
        }
    }
    res
}

fn difference(manifest: Option<&Manifest>, it: &Asked) -> String {
    let spec = manifest.and_then(|manifest| manifest.field(it.field));
    [it.field.0, ": asked ", &line(spec, &it.asked), ", got ", &line(spec, &it.got)].concat()
}

fn line(spec: Option<&FieldSpec>, value: &Value) -> String {
    let text = spec.map(|spec| comparable(spec, value)).unwrap_or_default();
    if text.is_empty() { "(none)".to_owned() } else { text }
}

/// A cell of a CSV file (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it, as
/// spreadsheets themselves write a text that begins so.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { ["'", text].concat() } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n', ';', '\t']) || is_formula {
        return ["\"", &text.replace('"', "\"\""), "\""].concat();
    }
    text
}
