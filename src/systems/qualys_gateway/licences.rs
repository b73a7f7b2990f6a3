//! The applications a Qualys key can switch on (reference `qualys.md`, section 7).

use crate::i18n::t;

/// A licence the documents name.
#[derive(Clone, Copy)]
pub struct Licence {
    /// The code that is sent.
    pub code: &'static str,
    /// Its name, from the catalogue.
    pub name: fn() -> &'static str,
}

/// Licences offered in forms. The documents end their list with "and so on", so a code that is not
/// here is kept and shown as it is.
pub const LICENCES: [Licence; 11] = [
    Licence { code: "VM", name: t::licence_vm },
    Licence { code: "PC", name: t::licence_pc },
    Licence { code: "SCA", name: t::licence_sca },
    Licence { code: "PM", name: t::licence_pm },
    Licence { code: "FIM", name: t::licence_fim },
    Licence { code: "EDR", name: t::licence_edr },
    Licence { code: "CAPS", name: t::licence_caps },
    Licence { code: "SwCA", name: t::licence_swca },
    Licence { code: "MTG", name: t::licence_mtg },
    Licence { code: "ISL", name: t::licence_isl },
    Licence { code: "PAF", name: t::licence_paf },
];

/// The one spelling of a code: PA is the newer name of PC (section 7), and letter case is no
/// difference.
#[must_use]
pub fn canonical(code: &str) -> &str {
    if code.eq_ignore_ascii_case("PA") {
        return "PC";
    }
    LICENCES.iter().find(|it| it.code.eq_ignore_ascii_case(code)).map_or(code, |it| it.code)
}

/// The name of a code; `None` where the documents do not name it.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    let code = canonical(code);
    LICENCES.iter().find(|it| it.code == code).map(|it| (it.name)())
}

/// Rules of section 7 that a choice breaks. They are warnings: whether the service enforces them is not
/// documented, and the create sample suggests that it substitutes instead.
#[must_use]
pub fn warnings(codes: &[String]) -> Vec<&'static str> {
    let has = |code: &str| codes.iter().any(|it| canonical(it) == code);
    let mut res = Vec::new();
    if has("SCA") && has("PC") {
        res.push(t::licence_warn_sca_with_pc());
    }
    if has("SwCA") && !has("VM") {
        res.push(t::licence_warn_swca_needs_vm());
    }
    if has("PAF") && !has("PC") && !has("SCA") {
        res.push(t::licence_warn_paf_needs_pc());
    }
    if has("CAPS") {
        res.push(t::licence_warn_caps());
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn pa_and_pc_are_one_and_unknown_codes_stay() {
        assert_eq!(canonical("PA"), canonical("PC"));
        assert_eq!(canonical("swca"), "SwCA");
        assert_eq!(canonical("GAV"), "GAV");
        assert_eq!(name("GAV"), None);
        assert!(name("PA").is_some());
    }

    #[test]
    fn each_rule_of_section_7_warns() {
        for (chosen, count) in [
            ("VM PC", 0),
            ("SCA PA", 1),
            ("SwCA", 1),
            ("SwCA VM", 0),
            ("PAF", 1),
            ("PAF SCA", 0),
            ("CAPS", 1),
            ("SCA PC SwCA PAF", 2),
        ] {
            assert_eq!(warnings(&codes(chosen)).len(), count, "{chosen}");
        }
    }
}
