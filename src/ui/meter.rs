//! Use against a limit.

use leptos::prelude::*;

/// A labelled bar with its numbers beside it.
///
/// Without a limit there is no share to draw: the bar is a dashed line, neither empty nor full, and
/// the text says "unlimited".
#[component]
pub fn Meter(
    /// What is measured, for screen readers ("Agents of key Berlin").
    #[prop(into)]
    label: Signal<String>,
    /// How much is used.
    #[prop(into)]
    used: Signal<u64>,
    /// How much may be used; `None` is unlimited.
    #[prop(into)]
    limit: Signal<Option<u64>>,
    /// The numbers in words ("12 of 50").
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let bar = move || match limit.get() {
        Some(limit) => view! {
            <span
                class="meter"
                role="meter"
                aria-label=move || label.get()
                aria-valuemin="0"
                aria-valuemax=limit.max(1).to_string()
                aria-valuenow=move || used.get().min(limit.max(1)).to_string()
                aria-valuetext=move || text.get()
                data-level=move || level(used.get(), limit)
            >
                <span class="meter-fill" style:inline-size=move || share(used.get(), limit)></span>
            </span>
        }
        .into_any(),
        None => view! { <span class="meter meter-unlimited" aria-hidden="true"></span> }.into_any(),
    };
    view! {
        <span class="meter-box">
            <span class="meter-text">{move || text.get()}</span>
            {bar}
        </span>
    }
    .into_any()
}

/// The width of the fill. What is used at all shows at least a sliver.
fn share(used: u64, limit: u64) -> String {
    if limit == 0 || used >= limit {
        return "100%".to_owned();
    }
    let percent = used.saturating_mul(100) / limit;
    let least = u64::from(used > 0) * 3;
    [percent.max(least).to_string().as_str(), "%"].concat()
}

fn level(used: u64, limit: u64) -> &'static str {
    if used >= limit {
        return "full";
    }
    if used.saturating_mul(10) >= limit.saturating_mul(9) { "high" } else { "low" }
}

#[cfg(test)]
mod tests {
    use super::{level, share};

    #[test]
    fn the_fill_says_the_share() {
        assert_eq!(share(0, 10), "0%");
        assert_eq!(share(1, 1000), "3%");
        assert_eq!(share(5, 10), "50%");
        assert_eq!(share(12, 10), "100%");
        assert_eq!(share(0, 0), "100%");
    }

    #[test]
    fn the_level_warns_from_nine_tenths() {
        assert_eq!(level(0, 10), "low");
        assert_eq!(level(8, 10), "low");
        assert_eq!(level(9, 10), "high");
        assert_eq!(level(10, 10), "full");
    }
}
