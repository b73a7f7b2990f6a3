//! The dialog around what a key has enrolled: reading, the table, and the way to each change and back.

use leptos::prelude::*;

use super::free::{self, Run};
use super::list::{self, RowActions};
use super::member_name;
use super::receipt::Receipt;
use crate::domain::{Key, KeyId, Timestamp};
use crate::features::error_view::ErrorView;
use crate::features::key_text;
use crate::features::leave::{Leave, LeaveQuestion};
use crate::features::outcome_text::Action;
use crate::features::outcome_view::{OutcomeView, Steps};
use crate::features::workspace::{Overlay, Workspace};
use crate::features::write::{self, Write};
use crate::http::{ApiError, Cancel};
use crate::i18n::t;
use crate::journal::Outcome;
use crate::platform::{clock, intl};
use crate::systems::manifest::MembersSpec;
use crate::systems::{Act, ActionKind, Manifest, Member};
use crate::ui::{
    Answer, Banner, Button, ButtonKind, Dialog, DialogCancel, DialogSize, Icon, Latest, StateKind,
    StateScreen, TextField, Tone, latest, memo,
};

/// What a key has enrolled. Open while the workspace's overlay says so.
#[component]
pub fn MembersDialog() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        let key = workspace.overlay.with(|it| match it {
            Some(Overlay::Members(key)) => Some(Key::clone(key)),
            _ => None,
        })?;
        let spec = workspace.manifest().members?;
        Some(dialog(&workspace, spec, &key))
    }
}

/// The id of the table's place: the focus goes there from the other screens.
const LIST_ID: &str = "members-list";

/// What was enrolled at a moment.
struct Listed {
    members: Vec<Member>,
    at: Timestamp,
}

/// What the body shows.
#[derive(Clone, PartialEq)]
enum Screen {
    List,
    Rename(Member),
    Remove(Member),
    All,
}

/// What the parts of the dialog share.
#[derive(Clone)]
struct Parts {
    workspace: Workspace,
    spec: MembersSpec,
    id: KeyId,
    /// What the key is called.
    title: String,
    write: Write,
    screen: RwSignal<Screen>,
    reading: Latest<Listed, ApiError>,
    /// The new name, or the number typed before all are taken off.
    answer: RwSignal<String>,
    /// What the last change was, and about what.
    acted: RwSignal<(Action, String)>,
    run: Run,
    /// All are being taken off, or were.
    started: RwSignal<bool>,
}

impl Parts {
    fn manifest(&self) -> &'static Manifest {
        self.workspace.manifest()
    }

    fn show(&self, screen: Screen) {
        self.write.clear();
        self.started.set(false);
        let text = match &screen {
            Screen::Rename(member) => member.name.clone(),
            _ => String::new(),
        };
        self.answer.set(text);
        self.screen.set(screen);
    }

    fn back(&self) {
        self.show(Screen::List);
        write::focus(LIST_ID);
    }

    fn listed(&self) -> Vec<Member> {
        self.reading.signal().with(|it| it.value().map(|it| it.members.clone()).unwrap_or_default())
    }

    /// What has to be typed before all are taken off: how many they are, where they are several.
    fn wanted(&self) -> Option<String> {
        let count = self.listed().len();
        (count > 1).then(|| count.to_string())
    }

    fn is_refused(&self) -> bool {
        let typed = self.answer.with(|it| it.trim().to_owned());
        match self.screen.get() {
            Screen::List => true,
            Screen::Rename(member) => typed.is_empty() || typed == member.name,
            Screen::Remove(_) => false,
            Screen::All => self.wanted().is_some_and(|it| it != typed),
        }
    }

    fn submit(&self) {
        if self.write.pending().get_untracked() || untrack(|| self.is_refused()) {
            return;
        }
        let key = self.id.clone();
        match self.screen.get_untracked() {
            Screen::List => {}
            Screen::Rename(member) => {
                let name = self.answer.with_untracked(|it| it.trim().to_owned());
                self.act(
                    Action::RenameMember,
                    &member,
                    Act::RenameMember { key, member: member.id.clone(), name },
                );
            }
            Screen::Remove(member) => {
                self.act(Action::RemoveMember, &member, Act::RemoveMember { key, member: member.id.clone() });
            }
            Screen::All if self.started.get_untracked() => {}
            Screen::All => self.free(Receipt::of(&untrack(|| self.listed()))),
        }
    }

    fn act(&self, action: Action, member: &Member, act: Act) {
        let name = member_name(member).to_owned();
        self.acted.set((action, name.clone()));
        let parts = self.clone();
        self.write.start(
            &self.workspace,
            action,
            name,
            move |journal, steps| async move { journal.act(&act, |step| steps.at(step)).await },
            move |outcome| {
                if matches!(&**outcome, Outcome::Done { .. }) {
                    parts.screen.set(Screen::List);
                }
                parts.reading.reload();
            },
        );
    }

    /// Takes off all that wait in `receipt`.
    fn free(&self, receipt: Receipt) {
        let run = self.run;
        self.started.set(true);
        run.stop.set(false);
        run.receipt.set(receipt.clone());
        let (workspace, key, parts) = (self.workspace.clone(), self.id.clone(), self.clone());
        self.write.start(
            &self.workspace,
            Action::RemoveMembers,
            self.title.clone(),
            move |journal, steps| run.go(workspace, journal, steps, key, receipt),
            move |_| parts.reading.reload(),
        );
    }

    fn free_again(&self) {
        let mut receipt = self.run.receipt.get_untracked();
        receipt.retry();
        self.free(receipt);
    }
}

fn dialog(workspace: &Workspace, spec: MembersSpec, key: &Key) -> AnyView {
    let client = workspace.client().clone();
    let question = Signal::stored(Some(key.id.clone()));
    let reading = latest(question, Cancel::new, Cancel::cancel, move |id: KeyId, cancel| {
        let client = client.clone();
        async move { Ok(Listed { members: client.members(&id, &cancel).await?, at: clock::now() }) }
    });
    let write = Write::new();
    let title = key_text::title_or_placeholder(key);
    let heading = t::members_title((spec.title)(), &title);
    let parts = Parts {
        workspace: workspace.clone(),
        spec,
        id: key.id.clone(),
        title,
        write,
        screen: RwSignal::new(Screen::List),
        reading,
        answer: RwSignal::new(String::new()),
        acted: RwSignal::new((Action::RemoveMember, String::new())),
        run: Run::new(),
        started: RwSignal::new(false),
    };
    let (screen, answer) = (parts.screen, parts.answer);
    let dirty = Signal::derive(move || match screen.get() {
        Screen::Rename(member) => answer.with(|it| *it != member.name),
        _ => false,
    });
    let leave = Leave::new(write, dirty);
    let close = workspace.on_close();
    let submit = {
        let parts = parts.clone();
        UnsyncCallback::from(move || parts.submit())
    };
    let content = {
        let parts = parts.clone();
        StoredValue::new_local(move || body(&parts, screen.get()))
    };
    let footer = StoredValue::new_local(move || buttons(&parts, screen.get()));
    view! {
        <Dialog
            open=true
            on_close=close
            title=heading
            guard=leave.guard()
            on_submit=submit
            size=DialogSize::Large
            footer=move || view! { {move || footer.with_value(|it| it())} }
        >
            {move || content.with_value(|it| it())}
        </Dialog>
        <LeaveQuestion leave on_leave=close />
    }
    .into_any()
}

fn effect(manifest: &Manifest, kind: ActionKind) -> AnyView {
    let text = manifest.action(kind).map_or("", |it| (it.effect)());
    view! { <p>{text}</p> }.into_any()
}

fn body(parts: &Parts, screen: Screen) -> AnyView {
    let write = parts.write;
    let (acted, started) = (parts.acted, parts.started);
    let outcome = move || {
        let outcome = write.outcome().filter(|_| !started.get())?;
        let (action, title) = acted.get_untracked();
        Some(view! { <OutcomeView outcome action title /> })
    };
    let manifest = parts.manifest();
    let main = match screen {
        Screen::List => list_screen(parts),
        Screen::Rename(member) => {
            let label = t::members_new_name(member_name(&member));
            view! {
                {effect(manifest, ActionKind::RenameMember)}
                <TextField label value=parts.answer autofocus=true id="member-name" />
            }
            .into_any()
        }
        Screen::Remove(member) => {
            let question = t::members_remove_question(member_name(&member), &parts.title);
            view! {
                <p class="form-title">{question}</p>
                {effect(manifest, ActionKind::RemoveMember)}
            }
            .into_any()
        }
        Screen::All => all_screen(parts),
    };
    view! {
        <div class="form">{outcome} {main}</div>
        <Steps write />
    }
    .into_any()
}

fn list_screen(parts: &Parts) -> AnyView {
    let reading = parts.reading;
    let actions = {
        let (a, b) = (parts.clone(), parts.clone());
        RowActions {
            rename: UnsyncCallback::new(move |it| a.show(Screen::Rename(it))),
            remove: UnsyncCallback::new(move |it| b.show(Screen::Remove(it))),
        }
    };
    let (spec, workspace, title) = (parts.spec, parts.workspace.clone(), parts.title.clone());
    let shown = move || match (reading.get().value().cloned(), reading.get().error().cloned()) {
        (_, Some(error)) => {
            let error = ApiError::clone(&error);
            view! { <ErrorView error on_retry=move || reading.reload() /> }.into_any()
        }
        (None, None) => {
            view! { <StateScreen kind=StateKind::Loading title=t::members_reading() /> }.into_any()
        }
        (Some(listed), None) if listed.members.is_empty() => {
            view! { <StateScreen kind=StateKind::Empty title=(spec.none)() /> }.into_any()
        }
        (Some(listed), None) => {
            let caption = t::members_title((spec.title)(), &title);
            let at = t::members_counted(listed_count(&listed), &intl::date_time(listed.at));
            let table = list::table(&workspace, caption, reading.loading(), &listed.members, actions);
            view! { <p class="form-note">{at}</p> {table} }.into_any()
        }
    };
    view! { <div class="form" id=LIST_ID tabindex="-1">{shown}</div> }.into_any()
}

fn listed_count(listed: &Listed) -> u64 {
    u64::try_from(listed.members.len()).unwrap_or(u64::MAX)
}

fn all_screen(parts: &Parts) -> AnyView {
    let parts = parts.clone();
    let shown = move || {
        if parts.started.get() {
            return free::view(parts.run, parts.write.pending());
        }
        let members = untrack(|| parts.listed());
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let names: Vec<AnyView> =
            members.iter().map(|it| view! { <li>{member_name(it).to_owned()}</li> }.into_any()).collect();
        let field = untrack(|| parts.wanted()).map(|it| {
            view! { <TextField label=t::ui_type_to_confirm(&it) value=parts.answer autofocus=true id="members-count" /> }
        });
        view! {
            <p class="form-title">{t::members_free_question(count, &parts.title)}</p>
            {effect(parts.manifest(), ActionKind::RemoveMember)}
            <Banner tone=Tone::Info>{t::members_free_how()}</Banner>
            <ul class="change-list">{names}</ul>
            {field}
        }
        .into_any()
    };
    view! { {shown} }.into_any()
}

fn buttons(parts: &Parts, screen: Screen) -> AnyView {
    let write = parts.write;
    let pending = write.pending();
    let refused = {
        let parts = parts.clone();
        memo(move |_| parts.is_refused())
    };
    let back = {
        let parts = parts.clone();
        let on_click = move || parts.back();
        move || view! { <Button disabled=pending on_click=on_click.clone()>{t::edit_back()}</Button> }
    };
    let again = move |word: &'static str| if write.outcome().is_some() { t::create_again() } else { word };
    match screen {
        Screen::List => {
            let parts = parts.clone();
            let reading = parts.reading;
            let refresh = move || reading.reload();
            let all = move || {
                let is_ready = matches!(parts.reading.get(), Answer::Ready(it) if !it.members.is_empty());
                (is_ready && parts.workspace.may(ActionKind::RemoveMember)).then(|| {
                    let parts = parts.clone();
                    let on_click = move || parts.show(Screen::All);
                    view! { <Button kind=ButtonKind::Danger icon=Icon::Trash on_click>{t::members_free()}</Button> }
                })
            };
            view! {
                {all}
                <Button icon=Icon::Refresh pending=reading.loading() on_click=refresh>{t::members_refresh()}</Button>
                <DialogCancel label=t::ui_close() />
            }
            .into_any()
        }
        Screen::Rename(_) => view! {
            {back()}
            <Button kind=ButtonKind::Primary submit=true pending disabled=refused>
                {move || again(t::members_rename())}
            </Button>
        }
        .into_any(),
        Screen::Remove(_) => view! {
            {back()}
            <Button kind=ButtonKind::Danger icon=Icon::Trash submit=true pending disabled=refused>
                {move || again(t::members_remove())}
            </Button>
        }
        .into_any(),
        Screen::All => {
            let parts = parts.clone();
            let row = move || all_buttons(&parts, pending.get(), refused, back());
            view! { {row} }.into_any()
        }
    }
}

/// Stop while it runs; afterwards another try for what is left.
fn all_buttons(parts: &Parts, running: bool, refused: Memo<bool>, back: impl IntoView + 'static) -> AnyView {
    if running {
        let stop = parts.run.stop;
        return view! {
            <Button icon=Icon::Ban disabled=stop on_click=move || stop.set(true)>{t::members_stop()}</Button>
        }
        .into_any();
    }
    if !parts.started.get() {
        return view! {
            {back}
            <Button kind=ButtonKind::Danger icon=Icon::Trash submit=true disabled=refused>{t::members_free()}</Button>
        }
        .into_any();
    }
    let left = parts.run.receipt.with(|it| it.failed() + it.waiting());
    let again = (left > 0).then(|| {
        let parts = parts.clone();
        let on_click = move || parts.free_again();
        view! { <Button kind=ButtonKind::Danger on_click>{t::members_free_again(left)}</Button> }
    });
    view! { {again} {back} }.into_any()
}
