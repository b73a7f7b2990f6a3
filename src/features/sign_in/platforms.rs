//! Help for whoever points a proxy at a platform.

use leptos::prelude::*;

use crate::i18n::t;
use crate::session::presets::{PLATFORMS, Platform};
use crate::ui::Disclosure;

/// The gateways of the known platforms, folded away.
pub(super) fn platforms() -> AnyView {
    let rows = PLATFORMS.iter().map(row).collect_view();
    view! {
        <Disclosure summary=t::sign_in_platforms()>
            <div class="platforms">
                <p class="field-hint">{t::sign_in_platforms_text()}</p>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t::sign_in_platform()}</th>
                            <th scope="col">{t::sign_in_platform_gateway()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn row(platform: &Platform) -> AnyView {
    view! {
        <tr>
            <th scope="row">{platform.id}</th>
            <td><code>{platform.gateway_host}</code></td>
        </tr>
    }
    .into_any()
}
