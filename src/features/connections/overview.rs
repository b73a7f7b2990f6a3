//! Every connection with who is signed in where.

use leptos::prelude::*;

use super::here::Here;
use super::standing::{Seat, Standing};
use super::switcher::{sign_out, system_name};
use crate::i18n::t;
use crate::session::{Connection, Session, SessionState, Sessions};
use crate::ui::{Button, ButtonKind, TableFrame, memo};

/// A table of the connections, each with what can be done next.
#[component]
pub fn Overview(
    /// Renews the ended session of a connection.
    #[prop(into)]
    on_renew: UnsyncCallback<Connection>,
) -> impl IntoView {
    let sessions = expect_context::<Sessions>();
    let head = || {
        let names = [
            t::connections_connection(),
            t::connections_system(),
            t::connections_reader(),
            t::connections_ends(),
            t::connections_actions(),
        ];
        names.map(|it| view! { <th role="columnheader" scope="col">{it}</th> }).collect_view().into_any()
    };
    let rows = sessions.all().into_iter().map(|it| row(it, on_renew)).collect_view();
    view! { <TableFrame caption=t::connections_title() head>{rows}</TableFrame> }.into_any()
}

fn row(session: Session, on_renew: UnsyncCallback<Connection>) -> AnyView {
    let connection = session.connection().clone();
    let state = session.state();
    let seat = memo(move |_| Seat::of(&session, &state.get()));
    let system = system_name(&connection);
    let name = connection.name.clone();
    let connection = StoredValue::new(connection);
    let ready = move || state.with(|it| matches!(it, SessionState::Active(_)));
    let actions = move || {
        let standing = seat.with(|it| it.standing);
        connection.with_value(|it| actions(standing, ready(), it, on_renew))
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" data-label=t::connections_connection()>{name}</th>
            <td role="cell" data-label=t::connections_system()>{system}</td>
            <td role="cell" data-label=t::connections_reader()>{move || seat.with(Seat::words)}</td>
            <td role="cell" data-label=t::connections_ends()>{move || seat.with(|it| it.ends.clone())}</td>
            <td role="cell" class="cell-actions"><span class="row">{actions}</span></td>
        </tr>
    }
    .into_any()
}

/// Signing in, or going there and leaving. One who has left has his place kept until he says otherwise.
fn actions(
    standing: Standing,
    ready: bool,
    connection: &Connection,
    on_renew: UnsyncCallback<Connection>,
) -> AnyView {
    let here = expect_context::<Here>();
    let sessions = expect_context::<Sessions>();
    let name = &connection.name;
    let go = {
        let target = here.place_of(connection);
        move || here.go(target.clone())
    };
    if standing == Standing::Out {
        let label = t::connections_sign_in(name);
        return view! { <Button kind=ButtonKind::Primary on_click=go>{label}</Button> }.into_any();
    }
    let renew = {
        let connection = connection.clone();
        move || on_renew.run(connection.clone())
    };
    let leave = {
        let connection = connection.clone();
        move || sign_out(&sessions, here, &connection)
    };
    let first = match ready {
        true => {
            let label = t::connections_open(name);
            view! { <Button on_click=go>{label}</Button> }.into_any()
        }
        false => {
            let label = t::connections_renew(name);
            view! { <Button kind=ButtonKind::Primary on_click=renew>{label}</Button> }.into_any()
        }
    };
    let last = t::connections_sign_out(name);
    view! {
        {first}
        <Button kind=ButtonKind::Quiet on_click=leave>{last}</Button>
    }
    .into_any()
}
