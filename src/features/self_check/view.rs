//! The page.

use std::sync::Arc;

use hosting::Server;
use leptos::prelude::*;

use super::finding::{Finding, Group, Verdict};
use super::judge::judge;
use super::look::observe;
use super::observed::Observed;
use super::report::{self, Circumstances};
use super::state::Checking;
use super::words::{self, Told};
use crate::domain::order;
use crate::features::frame::Frame;
use crate::i18n::t;
use crate::platform::{clock, deployment, dom, intl, location, task};
use crate::session::Config;
use crate::ui::{
    Announcer, Badge, Button, ButtonKind, Choice, CodeBlock, CopyButton, Icon, LiveRegion, Progress, Select,
    Tone, memo,
};

/// The id of the heading; the focus goes there when the page opens.
const TITLE_ID: &str = "check-title";

/// What a check found.
struct Checked {
    findings: Vec<Finding>,
    about: Circumstances,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Parts {
    config: StoredValue<Option<Config>>,
    result: RwSignal<Option<Arc<Checked>>>,
    /// Things that were looked at, and all of them, while a check is under way.
    under_way: RwSignal<Option<(usize, usize)>>,
    /// The server in use, by its name.
    server: RwSignal<String>,
    /// The answers said which.
    is_known: RwSignal<bool>,
    announcer: Announcer,
}

impl Parts {
    fn check(self) {
        if self.under_way.get_untracked().is_some() {
            return;
        }
        self.under_way.set(Some((0, 0)));
        task::spawn(async move {
            let config = self.config.get_value();
            let told = move |done, all| {
                self.under_way.try_set(Some((done, all)));
            };
            let seen = observe(config.as_ref(), told).await;
            self.under_way.try_set(None);
            self.show(&seen);
        });
    }

    fn show(self, seen: &Observed) {
        let findings = judge(seen);
        self.announcer.say(report::summary(&findings));
        let server = seen.page().and_then(|it| it.headers.get("Server")).unwrap_or_default();
        if let Some(known) = hosting::from_server_header(server)
            && !self.is_known.get_untracked()
        {
            self.server.set(known.name().to_owned());
            self.is_known.set(true);
        }
        let about = Circumstances {
            address: [location::origin(), location::base()].concat(),
            release: seen.release.clone(),
            at: intl::date_time(clock::now()),
            browser: deployment::browser(),
            server: server.chars().filter(|it| !it.is_control()).take(100).collect(),
        };
        self.result.try_set(Some(Arc::new(Checked { findings, about })));
    }

    /// The server whose lines are shown; tracks.
    fn server(self) -> Server {
        let chosen = self.server.get();
        Server::ALL.into_iter().find(|it| it.name() == chosen).unwrap_or(Server::Nginx)
    }

    fn report(self) -> String {
        let server = untrack(|| self.server());
        self.result.with_untracked(|it| {
            it.as_ref().map(|it| report::text(&it.about, server, &it.findings)).unwrap_or_default()
        })
    }
}

/// Looks at how this address serves the console as soon as it opens.
#[component]
pub fn SelfCheckPage(
    /// The settings, where they could be read: without them no connection is tried.
    config: Option<Config>,
) -> impl IntoView {
    let parts = Parts {
        config: StoredValue::new(config),
        result: RwSignal::new(None),
        under_way: RwSignal::new(None),
        server: RwSignal::new(Server::Nginx.name().to_owned()),
        is_known: RwSignal::new(false),
        announcer: Announcer::new(),
    };
    dom::set_title(&[t::check_title(), " · ", t::app_name()].concat());
    request_animation_frame(|| {
        dom::focus_by_id(TITLE_ID);
    });
    parts.check();
    view! {
        <Frame>
            {head(parts)}
            {progress(parts)}
            {move || parts.result.get().map(|it| shown(parts, it))}
        </Frame>
        <LiveRegion announcer=parts.announcer />
    }
    .into_any()
}

fn head(parts: Parts) -> AnyView {
    let checking = use_context::<Checking>();
    let pending = Signal::derive(move || parts.under_way.with(Option::is_some));
    let none = Signal::derive(move || parts.result.with(Option::is_none));
    let back = move || {
        if let Some(it) = checking {
            it.leave();
        }
    };
    let copy = move || {
        (!none.get()).then(|| {
            view! { <CopyButton value=move || parts.report() name=t::check_copy() text=t::check_copy() /> }
        })
    };
    view! {
        <div class="page-head">
            <h1 id=TITLE_ID tabindex="-1">{t::check_title()}</h1>
            <p class="page-sub">{t::check_sub()}</p>
            <div class="page-actions">
                <Button icon=Icon::ChevronStart on_click=back>{t::check_back()}</Button>
                {copy}
                <Button kind=ButtonKind::Primary icon=Icon::Refresh pending on_click=move || parts.check()>
                    {t::check_again()}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

fn progress(parts: Parts) -> AnyView {
    let is_first = memo(move |_| parts.under_way.with(Option::is_some) && parts.result.with(Option::is_none));
    let done = Signal::derive(move || parts.under_way.get().map_or(0, |(done, _)| done as u64));
    let total = Signal::derive(move || parts.under_way.get().map(|(_, all)| all as u64).filter(|it| *it > 0));
    let bar = move || is_first.get().then(|| view! { <Progress label=t::check_looking() done total /> });
    bar.into_any()
}

fn shown(parts: Parts, result: Arc<Checked>) -> AnyView {
    let of = |verdict: Verdict| -> Vec<Finding> {
        let mut res: Vec<Finding> =
            result.findings.iter().filter(|it| it.verdict == verdict).cloned().collect();
        order::sort_by_key(&mut res, |it| it.subject.group());
        res
    };
    let (wrong, unknown, right) = (of(Verdict::Wrong), of(Verdict::Unknown), of(Verdict::Right));
    let tone = if wrong.is_empty() { Tone::Success } else { Tone::Warning };
    let summary = report::summary(&result.findings);
    let about = [result.about.at.as_str(), " · ", &result.about.address].concat();
    let has_lines = wrong.iter().any(|it| !it.faults.is_empty());
    let server = has_lines.then(|| server(parts));
    view! {
        // No status of its own: the live region says it once.
        <div class="banner" data-tone=tone.name()>
            <span class="message-icon">{crate::ui::icon(tone.icon())}</span>
            <div class="banner-text">
                <p class="banner-title">{summary}</p>
                <p class="muted">{about}</p>
            </div>
        </div>
        {server}
        {section(parts, t::check_section_wrong(), wrong)}
        {section(parts, t::check_section_unknown(), unknown)}
        {section(parts, t::check_section_right(), right)}
    }
    .into_any()
}

fn server(parts: Parts) -> AnyView {
    let options: Vec<Choice> = Server::ALL.iter().map(|it| Choice::new(it.name(), it.name())).collect();
    let hint =
        if parts.is_known.get_untracked() { t::check_server_known() } else { t::check_server_unknown() };
    let inherit = move || {
        (parts.server() == Server::Nginx).then(|| view! { <p class="form-note">{t::check_inherit()}</p> })
    };
    view! {
        <div class="check-server">
            <Select label=t::check_server() value=parts.server options=options hint />
            {inherit}
        </div>
    }
    .into_any()
}

fn section(parts: Parts, title: &'static str, findings: Vec<Finding>) -> AnyView {
    if findings.is_empty() {
        return ().into_any();
    }
    let mut rows: Vec<AnyView> = Vec::new();
    let mut last: Option<Group> = None;
    for finding in findings {
        let group = finding.subject.group();
        if last != Some(group) {
            last = Some(group);
            rows.push(view! { <h3 class="check-group">{words::group(group)}</h3> }.into_any());
        }
        rows.push(row(parts, &finding));
    }
    view! {
        <section class="check-section panel" aria-label=title>
            <h2>{title}</h2>
            <div class="check-rows">{rows}</div>
        </section>
    }
    .into_any()
}

fn row(parts: Parts, finding: &Finding) -> AnyView {
    let tone = match finding.verdict {
        Verdict::Wrong => Tone::Danger,
        Verdict::Unknown => Tone::Neutral,
        Verdict::Right => Tone::Success,
    };
    let title = words::title(&finding.subject);
    let state = words::state(finding);
    let state = (!state.is_empty()).then(|| view! { <p class="check-state">{state}</p> });
    let faults = faults(parts, finding);
    let name = title.clone();
    view! {
        <article class="check-row" data-verdict=tone.name() aria-label=name>
            <div class="check-verdict"><Badge tone text=words::verdict(finding.verdict) /></div>
            <div class="check-text">
                <h4>{title}</h4>
                <p class="muted">{words::purpose(&finding.subject)}</p>
                {state}
                {faults}
            </div>
        </article>
    }
    .into_any()
}

/// What is wrong where, for the server that is chosen.
fn faults(parts: Parts, finding: &Finding) -> AnyView {
    if finding.faults.is_empty() {
        return ().into_any();
    }
    let finding = finding.clone();
    let all = move || {
        let server = parts.server();
        let told = words::told(server, &finding);
        told.into_iter().map(|it| fault(server, it)).collect::<Vec<AnyView>>()
    };
    view! { {all} }.into_any()
}

fn fault(server: Server, told: Told) -> AnyView {
    let Told { said, name, remedy, is_of_site } = told;
    let where_to = if is_of_site { t::check_line_of_site } else { t::check_line };
    let remedy = match remedy {
        Ok(lines) => view! {
            <p class="check-file">{where_to(server.file())}</p>
            <CodeBlock name code=Signal::stored(lines) />
        }
        .into_any(),
        Err(words) => view! { <p>{words}</p> }.into_any(),
    };
    view! {
        <div class="check-fault">
            <p>{said}</p>
            {remedy}
        </div>
    }
    .into_any()
}
