//! Where headings and rows stand in a list that is grouped.

/// Headings with their rows below each other. Places count from 0, over headings and rows alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Places {
    /// The place of each heading, and at the end how many places there are.
    starts: Vec<usize>,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// The heading of a group, by its number.
    Heading(usize),
    /// A row of a group, by both numbers.
    Row(usize, usize),
}

impl Places {
    /// Groups of so many rows, in their order; those of a closed one are not shown.
    pub(in super::super) fn new(groups: impl Iterator<Item = (usize, bool)>) -> Self {
        let (mut starts, mut next) = (Vec::new(), 0);
        for (count, is_open) in groups {
            starts.push(next);
            next += 1 + if is_open { count } else { 0 };
        }
        starts.push(next);
        Self { starts }
    }

    /// Headings and rows that are shown.
    pub(in super::super) fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// What stands at a place.
    pub(in super::super) fn at(&self, place: usize) -> Option<Place> {
        if place >= self.len() {
            return None;
        }
        let group = self.starts.partition_point(|it| *it <= place).checked_sub(1)?;
        let start = self.starts.get(group)?;
        Some(match place.checked_sub(*start + 1) {
            None => Place::Heading(group),
            Some(row) => Place::Row(group, row),
        })
    }

    /// The place of a heading.
    pub(in super::super) fn heading(&self, group: usize) -> Option<usize> {
        self.starts.get(group).copied().filter(|it| *it < self.len())
    }

    /// The place of a row, unless its group is closed.
    pub(in super::super) fn row(&self, group: usize, row: usize) -> Option<usize> {
        let place = self.heading(group)? + 1 + row;
        (place < *self.starts.get(group + 1)?).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_a_heading_or_a_row_and_leads_back() {
        let groups = [(2, true), (3, false), (0, true), (1, true)];
        let places = Places::new(groups.into_iter());
        let seen: Vec<Place> = (0..places.len()).filter_map(|it| places.at(it)).collect();
        assert_eq!(
            seen,
            [
                Place::Heading(0),
                Place::Row(0, 0),
                Place::Row(0, 1),
                Place::Heading(1),
                Place::Heading(2),
                Place::Heading(3),
                Place::Row(3, 0),
            ]
        );
        for (place, it) in seen.into_iter().enumerate() {
            let back = match it {
                Place::Heading(group) => places.heading(group),
                Place::Row(group, row) => places.row(group, row),
            };
            assert_eq!(back, Some(place));
        }
        assert_eq!(
            (places.at(7), places.heading(4), places.row(1, 0), places.row(3, 1)),
            (None, None, None, None)
        );
        assert_eq!((Places::default().len(), Places::default().at(0)), (0, None));
    }
}
