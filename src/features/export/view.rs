//! The dialog.

use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::columns::{self, Columns};
use super::gather::{self, Found};
use super::{Export, Scope};
use crate::domain::FieldId;
use crate::features::error_view::ErrorView;
use crate::features::progress::progress;
use crate::features::unsaved::{self, Reason};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write;
use crate::files::{Kind, WriteError};
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::platform::{clock, download, intl, task};
use crate::systems::SecretPolicy;
use crate::systems::cells::Values;
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Checkbox, Choice, Dialog, DialogCancel, Icon, Latest, RadioGroup,
    Spinner, Toasts, Tone, latest,
};

/// "Export keys". Open while the workspace's overlay says so.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let (Some(workspace), Some(toasts)) = (use_context::<Workspace>(), use_context::<Toasts>()) else {
        return ().into_any();
    };
    let dialog = move || {
        let export = workspace.overlay.with(|it| match it {
            Some(Overlay::Export(export)) => Some(export.clone()),
            _ => None,
        })?;
        Some(dialog(&workspace, export, toasts))
    };
    dialog.into_any()
}

/// The id of what is said before a file is written that needs a second thought: the focus goes there.
const SURE_ID: &str = "export-sure";

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    toasts: Toasts,
    export: Export,
    scope: RwSignal<String>,
    kind: RwSignal<String>,
    columns: Columns,
    with_values: RwSignal<bool>,
    found: Latest<SendWrapper<Found>, ApiError>,
    /// The second step is shown.
    sure: RwSignal<bool>,
    writing: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
}

impl Parts {
    fn new(workspace: &Workspace, export: Export, toasts: Toasts) -> Self {
        let manifest = workspace.manifest();
        let scope = RwSignal::new(export.scope.name().to_owned());
        let client = workspace.client().clone();
        let selection = workspace.selection.get_untracked();
        let request = export.request.clone();
        let asked = Signal::derive(move || scope.with(|it| Scope::parse(it)).map(Scope::name));
        let found = latest(asked, Cancel::new, Cancel::cancel, move |scope: &'static str, cancel| {
            let scope = Scope::parse(scope).unwrap_or(Scope::All);
            let (client, request, selection) = (client.clone(), request.clone(), selection.clone());
            async move { gather::find(client, scope, request, selection, cancel).await.map(SendWrapper::new) }
        });
        Self {
            workspace: workspace.clone(),
            toasts,
            columns: Columns::new(manifest, &export.columns),
            export,
            scope,
            kind: RwSignal::new(Kind::Csv.extension().to_owned()),
            with_values: RwSignal::new(false),
            found,
            sure: RwSignal::new(false),
            writing: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// The keys of the choice as it is now; tracks.
    fn ready(&self) -> Option<Arc<SendWrapper<Found>>> {
        match self.found.get() {
            Answer::Ready(found) => Some(found),
            _ => None,
        }
    }

    /// How many; tracks.
    fn count(&self) -> Option<u64> {
        self.ready().map(|it| u64::try_from(it.len()).unwrap_or(u64::MAX))
    }

    /// Whether values are written in clear; tracks.
    fn values(&self) -> Values {
        let is_column = self.columns.chosen().contains(&FieldId::VALUE);
        if is_column && self.with_values.get() { Values::Told } else { Values::Masked }
    }

    /// Whether there is something to think about before the file is written; tracks.
    fn needs_thought(&self) -> bool {
        self.values() == Values::Told || self.ready().is_some_and(|it| it.is_short)
    }

    fn can_write(&self) -> bool {
        self.count().is_some_and(|it| it > 0) && !self.columns.chosen().is_empty()
    }

    fn next(&self) {
        if !untrack(|| self.can_write()) || self.writing.get_untracked() {
            return;
        }
        self.failed.set(None);
        if untrack(|| self.needs_thought()) && !self.sure.get_untracked() {
            self.sure.set(true);
            write::focus(SURE_ID);
            return;
        }
        self.write();
    }

    fn write(&self) {
        let Some(found) = untrack(|| self.ready()) else { return };
        let columns = untrack(|| self.columns.chosen());
        let values = untrack(|| self.values());
        let chosen = self.kind.get_untracked();
        let kind = Kind::ALL.into_iter().find(|it| it.extension() == chosen).unwrap_or(Kind::Csv);
        let parts = self.clone();
        self.writing.set(true);
        // Ends with the dialog: closing it calls the work off.
        task::spawn(async move {
            let manifest = parts.workspace.manifest();
            let written = gather::file(&found, manifest, &columns, values, kind).await;
            let name = &*parts.workspace.connection().name;
            let name = gather::file_name(name, clock::now(), found.is_short, values, kind.extension());
            let saved = written.map_err(|err| words(&err)).and_then(|bytes| {
                download::bytes(&name, kind.mime(), &bytes).map_err(|_| t::export_refused().to_owned())
            });
            parts.writing.try_set(false);
            match saved {
                Ok(()) => {
                    let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
                    parts.toasts.push(Tone::Success, t::export_done(count, &name), None);
                    parts.workspace.close();
                }
                Err(why) => {
                    parts.failed.try_set(Some(why));
                }
            }
        });
    }
}

fn words(err: &WriteError) -> String {
    match err {
        WriteError::TooManyRows => t::export_too_many().to_owned(),
        WriteError::LongCell(row, column) => t::export_long_cell(&column.to_string(), &row.to_string()),
        WriteError::NotLoaded => t::export_not_loaded().to_owned(),
        WriteError::Broken => t::export_broken().to_owned(),
    }
}

fn dialog(workspace: &Workspace, export: Export, toasts: Toasts) -> AnyView {
    let parts = Parts::new(workspace, export, toasts);
    let close = workspace.on_close();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.next())
    };
    let (sure, writing) = (parts.sure, parts.writing);
    unsaved::hold_while(move || writing.get().then_some(Reason::File));
    let title = Signal::derive(move || match sure.get() {
        true => t::export_sure_title().to_owned(),
        false => t::export_title().to_owned(),
    });
    let shared = StoredValue::new_local(parts);
    let footer = move || shared.with_value(footer);
    view! {
        <Dialog open=true on_close=close title on_submit=submit footer>
            {shared.with_value(body)}
        </Dialog>
    }
    .into_any()
}

fn footer(parts: &Parts) -> AnyView {
    let (sure, writing) = (parts.sure, parts.writing);
    let first = move || match sure.get() {
        true => view! { <Button on_click=move || sure.set(false)>{t::export_back()}</Button> }.into_any(),
        false => view! { <DialogCancel /> }.into_any(),
    };
    let main = {
        let parts = parts.clone();
        move || {
            let count = parts.count().unwrap_or(0);
            match (parts.sure.get(), parts.needs_thought(), parts.values()) {
                (true, _, Values::Told) => t::export_do_values(count),
                (true, ..) => t::export_do_short(count),
                (false, true, _) => t::export_next().to_owned(),
                (false, false, _) if count == 0 => t::export_open().to_owned(),
                (false, false, _) => t::export_do(count),
            }
        }
    };
    let disabled = {
        let parts = SendWrapper::new(parts.clone());
        Signal::derive(move || !parts.can_write())
    };
    view! {
        {first}
        <Button kind=ButtonKind::Primary icon=Icon::Download submit=true pending=writing disabled>
            {main}
        </Button>
    }
    .into_any()
}

fn body(parts: &Parts) -> AnyView {
    let (first, second) = (choices(parts), {
        let parts = parts.clone();
        move || parts.sure.get().then(|| thought(&parts))
    });
    let sure = parts.sure;
    let failed = parts.failed;
    let failure = move || {
        failed.get().map(|why| {
            view! { <Banner tone=Tone::Danger title=t::export_failed()>{why}</Banner> }
        })
    };
    view! {
        <div class="form" hidden=move || sure.get()>{first}</div>
        {second}
        {failure}
    }
    .into_any()
}

fn choices(parts: &Parts) -> AnyView {
    let has_values = parts.workspace.manifest().secret == SecretPolicy::Always;
    let kinds = vec![
        kind_choice(Kind::Csv, t::export_csv(), t::export_csv_about()),
        kind_choice(Kind::Json, t::export_json(), t::export_json_about()),
        kind_choice(Kind::Xlsx, t::export_xlsx(), t::export_xlsx_about()),
    ];
    let values = {
        let parts = parts.clone();
        move || {
            let is_column = parts.columns.chosen().contains(&FieldId::VALUE);
            (has_values && is_column).then(|| {
                view! {
                    <Checkbox label=t::export_values() checked=parts.with_values hint=t::export_values_about() />
                }
            })
        }
    };
    let found = {
        let parts = parts.clone();
        move || found_view(&parts)
    };
    let untold = {
        let parts = parts.clone();
        move || untold_view(&parts)
    };
    view! {
        <RadioGroup label=t::export_which() value=parts.scope options=scopes(parts) />
        <div role="status" class="export-found">{found}</div>
        <RadioGroup label=t::export_kind() value=parts.kind options=kinds />
        {columns::view(parts.columns)}
        <div role="status">{untold}</div>
        {values}
    }
    .into_any()
}

fn kind_choice(kind: Kind, label: &str, about: &str) -> Choice {
    Choice { description: about.to_owned(), ..Choice::new(kind.extension(), label) }
}

fn scopes(parts: &Parts) -> Vec<Choice> {
    let mut res = Vec::new();
    let selected = parts.workspace.selection.with_untracked(|it| u64::try_from(it.len()).unwrap_or(u64::MAX));
    if let Some(request) = &parts.export.request {
        let label = match request.query.trim().is_empty() {
            true => t::export_all(),
            false => t::export_all_query(),
        };
        res.push(Choice::new(Scope::All.name(), label));
    }
    if selected > 0 || parts.export.request.is_none() {
        res.push(Choice::new(Scope::Selected.name(), t::export_selected(selected)));
    }
    if parts.export.request.is_some() {
        res.push(Choice::new(Scope::Page.name(), t::export_page()));
    }
    res
}

/// How many keys it is about, as soon as that is known.
fn found_view(parts: &Parts) -> AnyView {
    let found = parts.found;
    match found.get() {
        Answer::Idle | Answer::Loading { .. } => {
            let so_far = progress(parts.workspace.client().clone(), found.loading());
            let text = move || match so_far.get() {
                Some(count) => t::export_finding_count(count),
                None => t::export_finding().to_owned(),
            };
            view! { <p class="row"><Spinner /> <span>{text}</span></p> }.into_any()
        }
        Answer::Failed { error, .. } => {
            let error = ApiError::clone(&error);
            let again = Callback::new(move |()| found.reload());
            view! { <ErrorView error on_retry=again /> }.into_any()
        }
        Answer::Ready(found) => {
            let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
            let gone = u64::try_from(found.n_gone).unwrap_or(u64::MAX);
            let gone =
                (gone > 0).then(|| view! { <Banner tone=Tone::Warning>{t::export_gone(gone)}</Banner> });
            let short = found.is_short.then(|| {
                view! { <Banner tone=Tone::Warning title=t::export_short_title()>{t::export_short()}</Banner> }
            });
            let text = match count {
                0 => t::export_none().to_owned(),
                _ => t::export_count(count),
            };
            let as_of = t::export_as_of(&intl::date_time(found.at));
            view! {
                <p><strong class="number">{text}</strong> " " <span class="muted">{as_of}</span></p>
                {gone}
                {short}
            }
            .into_any()
        }
    }
}

/// Chosen columns that no key tells: empty cells are never a surprise.
fn untold_view(parts: &Parts) -> AnyView {
    let manifest = parts.workspace.manifest();
    let chosen = parts.columns.chosen();
    if chosen.is_empty() {
        return view! { <p class="field-error">{t::export_columns_none()}</p> }.into_any();
    }
    let Some(found) = parts.ready() else { return ().into_any() };
    let untold: Vec<&str> =
        chosen.iter().filter(|it| found.is_untold(**it)).map(|it| manifest.label(*it)).collect();
    if untold.is_empty() {
        return ().into_any();
    }
    view! { <Banner tone=Tone::Info>{t::export_untold(&untold.join("”, “"))}</Banner> }.into_any()
}

/// What the file would mean, before it is written.
fn thought(parts: &Parts) -> AnyView {
    let count = parts.count().unwrap_or(0);
    let values = (parts.values() == Values::Told).then(|| {
        view! { <Banner tone=Tone::Danger title=t::export_sure_values_title(count)>{t::export_sure_values()}</Banner> }
    });
    let short = parts.ready().is_some_and(|it| it.is_short).then(|| {
        view! { <Banner tone=Tone::Warning title=t::export_short_title()>{t::export_short()}</Banner> }
    });
    view! {
        <div class="form" id=SURE_ID tabindex="-1">
            {values}
            {short}
        </div>
    }
    .into_any()
}
