//! Licence codes: substitution, aliases and the order of replies.

use crate::switches::LicenceSubstitution;

/// The order in which all printed replies show the codes they share. Codes not named here follow, as sent.
const ORDER: [&str; 12] = ["PM", "VM", "FIM", "PA", "PC", "SCA", "EDR", "CAPS", "SwCA", "MTG", "ISL", "PAF"];

/// Codes as they are stored: substituted, each once, in the order of the printed replies. Unknown codes are kept.
pub(crate) fn stored(
    codes: impl IntoIterator<Item = String>,
    substitution: LicenceSubstitution,
) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for code in codes {
        let code = substituted(code, substitution);
        if !res.contains(&code) {
            res.push(code);
        }
    }
    // A stable sort keeps unknown codes in the order they came.
    res.sort_by_key(|code| ORDER.iter().position(|known| known == code).unwrap_or(ORDER.len()));
    res
}

/// Whether removing `wanted` removes the stored code: the same code, what it was substituted with, or PC for PA.
pub(super) fn removes(wanted: &str, code: &str, substitution: LicenceSubstitution) -> bool {
    let is_policy = |code: &str| matches!(code, "PC" | "PA");
    wanted == code
        || substituted(wanted.to_owned(), substitution) == code
        || (is_policy(wanted) && is_policy(code))
}

fn substituted(code: String, substitution: LicenceSubstitution) -> String {
    match (code.as_str(), substitution) {
        ("PC", LicenceSubstitution::PcToPa) => "PA".to_owned(),
        ("PC", LicenceSubstitution::PcToSca) => "SCA".to_owned(),
        _ => code,
    }
}
