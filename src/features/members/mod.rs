//! What a key has enrolled: a table, and what can be done with each row or with all of them.

pub mod dialog;
mod free;
mod list;
mod receipt;

pub use self::dialog::MembersDialog;
pub use self::receipt::{Fate, Line, Receipt, fate};

use crate::systems::Member;

/// What something enrolled is called in messages: its name, or what else there is.
#[must_use]
pub fn member_name(member: &Member) -> &str {
    let texts = [&member.name, &member.device, &member.place];
    texts.into_iter().map(|it| it.trim()).find(|it| !it.is_empty()).unwrap_or(&member.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_name_there_is() {
        let mut member = Member {
            id: "1".to_owned(),
            name: "Berlin".to_owned(),
            place: "10.0.0.1".to_owned(),
            device: "SN-1".to_owned(),
            since: None,
            seen: None,
        };
        assert_eq!(member_name(&member), "Berlin");
        member.name = " ".to_owned();
        assert_eq!(member_name(&member), "SN-1");
        member.device.clear();
        assert_eq!(member_name(&member), "10.0.0.1");
        member.place.clear();
        assert_eq!(member_name(&member), "1");
    }
}
