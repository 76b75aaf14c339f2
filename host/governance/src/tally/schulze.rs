//! The Schulze method: an option wins that nobody beats along the strongest path of duels.
//!
//! The strength of a duel is the number of ballots that put the winner before the loser (winning votes), that
//! of a path its weakest duel. Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
//! Condorcet-consistent single-winner election method", 2011.

/// How many ballots put one option before another, for each two.
pub(super) struct Duels {
    before: Vec<Vec<u64>>,
    counted: u64,
}

impl Duels {
    pub fn of(options: usize) -> Duels {
        Duels { before: vec![vec![0; options]; options], counted: 0 }
    }

    /// Whether anybody said anything.
    pub fn is_empty(&self) -> bool {
        self.counted == 0
    }

    /// Counts a ballot, unless it names an option that is none, or one twice.
    pub fn count(&mut self, places: &[Vec<usize>]) -> bool {
        let mut place_of: Vec<Option<usize>> = vec![None; self.before.len()];
        for (place, options) in places.iter().enumerate() {
            for option in options {
                match place_of.get_mut(*option) {
                    Some(known @ None) => *known = Some(place),
                    _ => return false,
                }
            }
        }
        // Those that are not named share the last place.
        let place = |option: usize| place_of.get(option).copied().flatten().unwrap_or(places.len());
        for (one, row) in self.before.iter_mut().enumerate() {
            for (other, ballots) in row.iter_mut().enumerate() {
                *ballots += u64::from(place(one) < place(other));
            }
        }
        self.counted += 1;
        true
    }

    fn at(table: &[Vec<u64>], one: usize, other: usize) -> u64 {
        table.get(one).and_then(|row| row.get(other)).copied().unwrap_or_default()
    }

    /// The strongest path from each option to each other.
    fn paths(&self) -> Vec<Vec<u64>> {
        let count = self.before.len();
        let duel = |one, other| {
            let (won, lost) = (Duels::at(&self.before, one, other), Duels::at(&self.before, other, one));
            if won > lost { won } else { 0 }
        };
        let mut paths: Vec<Vec<u64>> =
            (0..count).map(|one| (0..count).map(|other| duel(one, other)).collect()).collect();
        for by in 0..count {
            for one in 0..count {
                let first = Duels::at(&paths, one, by);
                for other in 0..count {
                    let detour = first.min(Duels::at(&paths, by, other));
                    if let Some(path) = paths.get_mut(one).and_then(|row| row.get_mut(other)) {
                        *path = (*path).max(detour);
                    }
                }
            }
        }
        paths
    }

    fn beats(paths: &[Vec<u64>], one: usize, other: usize) -> bool {
        Duels::at(paths, one, other) > Duels::at(paths, other, one)
    }

    /// The options that no other beats; one at least, if there is any.
    pub fn winners(&self) -> Vec<usize> {
        let (paths, count) = (self.paths(), self.before.len());
        (0..count).filter(|one| !(0..count).any(|other| Duels::beats(&paths, other, *one))).collect()
    }

    /// How many others each option beats.
    pub fn wins(&self) -> Vec<u64> {
        let (paths, count) = (self.paths(), self.before.len());
        let wins = |one| (0..count).filter(|other| Duels::beats(&paths, one, *other)).count() as u64;
        (0..count).map(wins).collect()
    }
}
