//! Licence codes in the spelling of this API (reference `qualys.md`, section 7). Names and rules are those of the
//! gateway's codes.

use crate::i18n::t;
use crate::systems::manifest::{Choice, Codes};
use crate::systems::qualys_gateway::licences as gateway;

/// Licences offered in forms. For ISL and PAF no document has the spelling here; it is taken to be the gateway's, as
/// with most codes.
const LICENCES: [Choice; 11] = [
    Choice { code: "VM_LICENSE", label: t::licence_vm },
    Choice { code: "PC_LICENSE", label: t::licence_pc },
    Choice { code: "SCA", label: t::licence_sca },
    Choice { code: "PM", label: t::licence_pm },
    Choice { code: "FIM", label: t::licence_fim },
    Choice { code: "EDR", label: t::licence_edr },
    Choice { code: "CAPS", label: t::licence_caps },
    Choice { code: "SWCA", label: t::licence_swca },
    Choice { code: "MTG", label: t::licence_mtg },
    Choice { code: "ISL", label: t::licence_isl },
    Choice { code: "PAF", label: t::licence_paf },
];

/// The licences of a key.
pub(super) static CODES: Codes = Codes { known: &LICENCES, open: true, canonical, warnings };

/// The one spelling of a code: those of the gateway are read too, and letter case is no difference.
fn canonical(code: &str) -> &str {
    let code = match gateway::canonical(code) {
        "VM" => "VM_LICENSE",
        "PC" => "PC_LICENSE",
        _ if code.eq_ignore_ascii_case("PA_LICENSE") => "PC_LICENSE",
        _ => code,
    };
    LICENCES.iter().find(|it| it.code.eq_ignore_ascii_case(code)).map_or(code, |it| it.code)
}

/// The gateway's code for the same licence.
fn of_gateway(code: &str) -> &str {
    match canonical(code) {
        "VM_LICENSE" => "VM",
        "PC_LICENSE" => "PC",
        other => other,
    }
}

fn warnings(codes: &[String]) -> Vec<&'static str> {
    let codes: Vec<String> = codes.iter().map(|it| of_gateway(it).to_owned()).collect();
    gateway::warnings(&codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of section 7, both columns.
    #[test]
    fn every_licence_has_its_spelling_here() {
        for (here, there) in [
            ("VM_LICENSE", "VM"),
            ("PC_LICENSE", "PC"),
            ("PC_LICENSE", "PA"),
            ("SCA", "SCA"),
            ("PM", "PM"),
            ("FIM", "FIM"),
            ("EDR", "EDR"),
            ("CAPS", "CAPS"),
            ("SWCA", "SwCA"),
            ("MTG", "MTG"),
            ("ISL", "ISL"),
            ("PAF", "PAF"),
        ] {
            assert_eq!(canonical(there), here);
            assert_eq!(canonical(&here.to_lowercase()), here);
            assert_eq!(gateway::canonical(of_gateway(here)), gateway::canonical(there));
            assert_eq!(CODES.name(here), gateway::CODES.name(there), "{here}");
        }
        assert_eq!((canonical("GAV"), CODES.name("SA")), ("GAV", None));
    }

    #[test]
    fn the_rules_hold_in_this_spelling_too() {
        for (chosen, count) in [
            ("VM_LICENSE PC_LICENSE", 0),
            ("SCA PC_LICENSE", 1),
            ("SWCA", 1),
            ("SWCA VM_LICENSE", 0),
            ("PAF PC_LICENSE", 0),
        ] {
            let codes: Vec<String> = chosen.split(' ').map(str::to_owned).collect();
            assert_eq!(warnings(&codes).len(), count, "{chosen}");
        }
    }
}
