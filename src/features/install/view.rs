//! The commands on the screen.

use leptos::prelude::*;

use super::{Settings, Target, command};
use crate::domain::Secret;
use crate::i18n::t;
use crate::session::{Session, SessionState, presets};
use crate::ui::{Choice, CodeBlock, Disclosure, Select, Tab, Tabs, TextField, memo};

/// The choice for an agent host that is typed.
const OTHER: &str = "other";

/// The install commands, one tab a platform. On the screen the key is masked; the copy button fills it in.
#[component]
pub fn InstallCommands(
    /// The key's value.
    value: Secret,
    /// Shown at once, not folded away.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let known = customer_id();
    let asks_customer = known.is_none();
    let customer_id = RwSignal::new(known.unwrap_or_default());
    let platform = RwSignal::new(String::new());
    let host = RwSignal::new(String::new());
    let settings = Signal::derive(move || {
        let preset = presets::PLATFORMS.iter().find(|it| platform.with(|id| id == it.id));
        let agent_host = match preset.and_then(|it| it.agent_host) {
            Some(agent_host) => agent_host.to_owned(),
            None => host.get(),
        };
        Settings { customer_id: customer_id.get(), agent_host }
    });
    let is_other = memo(move |_| platform.with(|it| it == OTHER));
    let choices: Vec<Choice> = [Choice::new("", t::install_platform_none())]
        .into_iter()
        .chain(
            presets::PLATFORMS
                .iter()
                .filter(|it| it.agent_host.is_some())
                .map(|it| Choice::new(it.id, it.id)),
        )
        .chain([Choice::new(OTHER, t::install_platform_other())])
        .collect();
    let customer = asks_customer.then(|| {
        view! {
            <TextField label=t::install_customer() value=customer_id hint=t::install_customer_hint() code=true />
        }
    });
    let typed_host = move || {
        is_other.get().then(|| {
            view! { <TextField label=t::install_host() value=host hint=t::install_host_hint() code=true /> }
        })
    };
    let value = StoredValue::new(value);
    let tab =
        |name: &'static str, target: Target| Tab::new(name, move || block(target, name, value, settings));
    let tabs = vec![
        tab(t::install_windows(), Target::Windows),
        tab(t::install_rpm(), Target::Rpm),
        tab(t::install_deb(), Target::Deb),
        tab(t::install_mac(), Target::Mac),
    ];
    let selected = RwSignal::new(0);
    view! {
        <Disclosure summary=t::install_title() open>
            <div class="form">
                <div class="form-columns">
                    {customer}
                    <Select
                        label=t::install_platform()
                        value=platform
                        options=Signal::stored(choices)
                        hint=t::install_platform_hint()
                    />
                    {typed_host}
                </div>
                <Tabs label=t::install_tabs() tabs selected />
                <p class="form-note">{t::install_note()}</p>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn block(
    target: Target,
    name: &'static str,
    value: StoredValue<Secret>,
    settings: Signal<Settings>,
) -> AnyView {
    let shown = Signal::derive(move || {
        let masked = value.with_value(Secret::masked);
        settings.with(|it| command(target, &masked, it)).unwrap_or_else(|| t::install_unsafe().to_owned())
    });
    let copied = move || {
        let line =
            value.with_value(|value| settings.with_untracked(|it| command(target, value.expose(), it)));
        line.unwrap_or_default()
    };
    view! { <CodeBlock name=t::install_commands(name) code=shown copied /> }.into_any()
}

/// The installers' `CustomerId`, where the token tells it (reference `qualys.md`, section 10).
fn customer_id() -> Option<String> {
    match use_context::<Session>()?.current() {
        SessionState::Active(info) | SessionState::Expired(info) => info.customer_id,
        SessionState::SignedOut => None,
    }
}
