//! Layouts as text, and back.
//!
//! Another tab, an older or newer console, or anybody else may have written it, so nothing in it is believed.

use serde_json::{Map, Value as Json, json};

use super::model::{Column, Density, Layout, Mode, group_name, grouping};
use crate::systems::Manifest;

/// The version of this form.
const VERSION: u64 = 1;

/// Characters that are read at most: far more than all layouts of a configuration need.
const LONGEST: usize = 100_000;

/// Connections whose layouts are kept; the configuration of a portal has a handful.
const MOST: usize = 64;

/// What is kept, by the id of the connection.
pub(super) type Lists = Map<String, Json>;

/// Reads what was kept. Damaged text counts as nothing; `None` for that of another version, which alone knows what it
/// means.
pub(super) fn read(text: &str) -> Option<Lists> {
    if text.len() > LONGEST {
        return Some(Lists::new());
    }
    let Ok(Json::Object(mut root)) = serde_json::from_str::<Json>(text) else { return Some(Lists::new()) };
    match root.get("version") {
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(_) => return None,
        None => return Some(Lists::new()),
    }
    match root.remove("lists") {
        Some(Json::Object(lists)) => Some(lists),
        _ => Some(Lists::new()),
    }
}

/// Everything as text; blank when there is nothing to keep.
pub(super) fn write(lists: &Lists) -> String {
    if lists.is_empty() {
        return String::new();
    }
    json!({ "version": VERSION, "lists": lists }).to_string()
}

/// The layout of a connection, as far as it makes sense for its system.
pub(super) fn layout(lists: &Lists, connection: &str, manifest: &'static Manifest) -> Layout {
    let mut res = Layout::of(manifest);
    let is_of = |it: &&Json| it.get("system").and_then(Json::as_str) == Some(manifest.id);
    let Some(json) = lists.get(connection).filter(is_of) else { return res };
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    if let Some(columns) = json.get("columns").and_then(Json::as_array) {
        res.columns = columns.iter().filter_map(|it| column(it, manifest)).collect();
    }
    res.density = text("density").and_then(Density::parse).unwrap_or_default();
    res.mode = text("mode").and_then(Mode::parse).unwrap_or_default();
    res.size = json.get("size").and_then(Json::as_u64);
    res.group = text("group").and_then(|it| grouping(manifest, it));
    res.complete(manifest);
    res
}

fn column(json: &Json, manifest: &'static Manifest) -> Option<Column> {
    let name = json.get("field")?.as_str()?;
    let field = manifest.fields.iter().find(|it| it.id.0 == name)?.id;
    let shown = json.get("shown")?.as_bool()?;
    let width = json.get("width").and_then(Json::as_u64).and_then(|it| u32::try_from(it).ok());
    Some(Column { field, shown, width })
}

/// Keeps the layout of a connection; one as the system's manifest has it leaves nothing behind.
pub(super) fn keep(lists: &mut Lists, connection: &str, manifest: &'static Manifest, layout: &Layout) {
    let standard = Layout::of(manifest);
    if *layout == standard {
        lists.remove(connection);
        return;
    }
    if !lists.contains_key(connection) && lists.len() >= MOST {
        // Connections come and go with configurations: one of them makes room.
        let first = lists.keys().next().cloned();
        first.and_then(|it| lists.remove(&it));
    }
    let Layout { columns, density, mode, size, group } = layout;
    let mut json = json!({ "system": manifest.id, "density": density.name(), "mode": mode.name() });
    let mut add = |name: &str, value: Json| {
        if let Some(it) = json.as_object_mut() {
            it.insert(name.to_owned(), value);
        }
    };
    // Columns that nobody touched follow the manifest of a later console.
    if *columns != standard.columns {
        add("columns", columns.iter().map(column_json).collect());
    }
    if let Some(size) = size {
        add("size", json!(size));
    }
    if let Some(group) = group {
        add("group", json!(group_name(*group)));
    }
    lists.insert(connection.to_owned(), json);
}

fn column_json(column: &Column) -> Json {
    match column.width {
        Some(width) => json!({ "field": column.field.0, "shown": column.shown, "width": width }),
        None => json!({ "field": column.field.0, "shown": column.shown }),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::domain::FieldId;
    use crate::features::key_list::layout::model::{MAX_WIDTH, MIN_WIDTH};
    use crate::systems::qualys_gateway::MANIFEST;
    use crate::systems::qualys_gateway::fields::TAGS;
    use crate::systems::{GroupBy, solifyn};

    fn arranged() -> Layout {
        let mut res = Layout::of(&MANIFEST);
        res.show(TAGS, true);
        res.show(FieldId::VALUE, false);
        res.step(FieldId::STATE, false).unwrap();
        res.set_width(FieldId::TITLE, Some(300));
        Layout {
            density: Density::Compact,
            mode: Mode::Continuous,
            size: Some(100),
            group: Some(GroupBy::ExpiryMonth),
            ..res
        }
    }

    fn lists(json: &Json) -> Lists {
        read(&json!({ "version": 1, "lists": { "eu": json } }).to_string()).unwrap()
    }

    fn read_eu(json: &Json) -> Layout {
        layout(&lists(json), "eu", &MANIFEST)
    }

    #[test]
    fn a_layout_comes_back() {
        let mut kept = Lists::new();
        keep(&mut kept, "eu", &MANIFEST, &arranged());
        let kept = read(&write(&kept)).unwrap();
        assert_eq!(layout(&kept, "eu", &MANIFEST), arranged());
        assert_eq!(layout(&kept, "us", &MANIFEST), Layout::of(&MANIFEST));
        // The same name may stand for another system after a change of the configuration.
        assert_eq!(layout(&kept, "eu", &solifyn::MANIFEST), Layout::of(&solifyn::MANIFEST));
    }

    #[test]
    fn what_is_as_it_came_leaves_nothing_behind() {
        let mut kept = Lists::new();
        keep(&mut kept, "eu", &MANIFEST, &arranged());
        keep(&mut kept, "us", &MANIFEST, &arranged());
        keep(&mut kept, "eu", &MANIFEST, &Layout::of(&MANIFEST));
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["us"]);
        keep(&mut kept, "us", &MANIFEST, &Layout::of(&MANIFEST));
        assert_eq!(write(&kept), "");
        let dense = Layout { density: Density::Compact, ..Layout::of(&MANIFEST) };
        keep(&mut kept, "eu", &MANIFEST, &dense);
        assert!(!write(&kept).contains("columns"), "columns that nobody touched are not kept");
    }

    #[test]
    fn unknown_columns_go_and_new_ones_come() {
        let layout = read_eu(&json!({
            "system": "qualys-gateway",
            "columns": [
                { "field": "created", "shown": true },
                { "field": "colour", "shown": true },
                { "field": "title", "shown": false, "width": 1 },
                { "field": "created", "shown": false },
                { "field": "state", "shown": false, "width": 99_999 },
                { "field": "applyToExistingAgents", "shown": true },
                { "field": "key" },
                7,
            ],
        }));
        let shown: Vec<&str> = layout.shown().map(|it| it.field.0).collect();
        let standard = Layout::of(&MANIFEST);
        // The row is named first, whatever was kept; what the text does not know is where the manifest has it.
        assert_eq!(shown.get(..3), Some(&["title", "created", "key"][..]));
        assert!(!shown.contains(&"state") && shown.contains(&"creator"));
        assert_eq!(layout.columns.len(), standard.columns.len());
        let width = |field| layout.columns.iter().find(|it| it.field == field).unwrap().width;
        assert_eq!((width(FieldId::TITLE), width(FieldId::STATE)), (Some(MIN_WIDTH), Some(MAX_WIDTH)));
    }

    #[test]
    fn nonsense_is_left_as_it_comes() {
        for json in [
            json!(7),
            json!({ "density": "compact" }),
            json!({ "system": "qualys-gateway", "columns": {}, "density": 3, "mode": "x", "size": 7, "group": "title" }),
            json!({ "system": "qualys-gateway", "size": -5, "group": [] }),
        ] {
            assert_eq!(read_eu(&json), Layout::of(&MANIFEST), "{json}");
        }
        for text in
            ["", "{", "[]", "{}", r#"{"lists":{}}"#, r#"{"version":1,"lists":[]}"#, &"x".repeat(LONGEST + 1)]
        {
            assert_eq!(read(text), Some(Lists::new()), "{text:.40}");
        }
        assert_eq!(read(r#"{"version":2,"lists":{}}"#), None);
        assert_eq!(read(r#"{"version":"1"}"#), None);
    }

    #[test]
    fn connections_that_are_gone_make_room() {
        let mut kept = Lists::new();
        for n in 0..=MOST {
            keep(&mut kept, &format!("c{n:03}"), &MANIFEST, &arranged());
        }
        assert_eq!(kept.len(), MOST);
        assert!(kept.contains_key(&format!("c{MOST:03}")));
    }
}
