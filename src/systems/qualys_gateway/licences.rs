//! The applications a Qualys key can switch on (reference `qualys.md`, section 7).

use crate::i18n::t;
use crate::systems::manifest::{Choice, Codes};

/// Licences offered in forms. The documents end their list with "and so on", so a code that is not
/// here is kept and shown as it is.
const LICENCES: [Choice; 11] = [
    Choice { code: "VM", label: t::licence_vm },
    Choice { code: "PC", label: t::licence_pc },
    Choice { code: "SCA", label: t::licence_sca },
    Choice { code: "PM", label: t::licence_pm },
    Choice { code: "FIM", label: t::licence_fim },
    Choice { code: "EDR", label: t::licence_edr },
    Choice { code: "CAPS", label: t::licence_caps },
    Choice { code: "SwCA", label: t::licence_swca },
    Choice { code: "MTG", label: t::licence_mtg },
    Choice { code: "ISL", label: t::licence_isl },
    Choice { code: "PAF", label: t::licence_paf },
];

/// The licences of a key, as both Qualys APIs mean them.
pub static CODES: Codes = Codes { known: &LICENCES, open: true, canonical, warnings };

/// The one spelling of a code: PA is the newer name of PC (section 7), and letter case is no
/// difference.
#[must_use]
pub fn canonical(code: &str) -> &str {
    if code.eq_ignore_ascii_case("PA") {
        return "PC";
    }
    LICENCES.iter().find(|it| it.code.eq_ignore_ascii_case(code)).map_or(code, |it| it.code)
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
        assert_eq!(CODES.name("GAV"), None);
        assert!(CODES.name("PA").is_some());
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
