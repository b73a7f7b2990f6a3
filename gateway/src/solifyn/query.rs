//! The parameters behind the question mark.

/// The parameters of a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn new(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// A parameter; a blank one is as good as none.
    pub(super) fn get(&self, wanted: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str, problems: &mut Vec<String>) -> Option<bool> {
        match self.get(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                problems.push(format!("{name} must be a boolean value"));
                None
            }
        }
    }

    /// A number from 1. `10.0` is one: generated clients send numbers so.
    pub(super) fn whole(&self, name: &str, default: usize, problems: &mut Vec<String>) -> usize {
        let Some(text) = self.get(name) else { return default };
        let text = text.strip_suffix(".0").unwrap_or(text);
        match text.parse() {
            Ok(number @ 1..) => number,
            Ok(0) | Err(_) => {
                problems.push(format!("{name} must be an integer number not less than 1"));
                default
            }
        }
    }
}
