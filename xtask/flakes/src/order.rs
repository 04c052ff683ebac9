//! In which order tests run.

use fastrand::Rng;

/// All of them, in random order, and then all again in another one, so many times.
pub struct Order<'a, T> {
    all: Vec<&'a T>,
    times: u32,
    random: Rng,
    /// What is left of this round, the next one last.
    left: Vec<&'a T>,
}

impl<'a, T> Order<'a, T> {
    /// The same seed gives the same order.
    pub fn new(all: Vec<&'a T>, times: u32, seed: u64) -> Self {
        Self {
            all,
            times,
            random: Rng::with_seed(seed),
            left: Vec::new(),
        }
    }
}

impl<'a, T> Iterator for Order<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if self.left.is_empty() {
            self.times = self.times.checked_sub(1)?;
            self.random.shuffle(&mut self.all);
            self.left.clone_from(&self.all);
        }
        self.left.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn each_comes_once_in_every_round_and_the_rounds_differ() {
        let all: Vec<u8> = (0..50).collect();
        let order =
            |seed| -> Vec<u8> { Order::new(all.iter().collect(), 3, seed).copied().collect() };
        let rounds = order(7);
        assert_eq!(rounds.len(), 150);
        for round in rounds.chunks(50) {
            let mut sorted = round.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, all);
        }
        assert!(rounds[..50] != rounds[50..100] && rounds[50..100] != rounds[100..]);
        assert_eq!(order(7), rounds);
        assert_ne!(order(8), rounds);
    }

    #[test]
    fn of_nothing_there_is_no_end_of_rounds_to_wait_for() {
        assert_eq!(Order::<u8>::new(Vec::new(), 3, 0).count(), 0);
    }
}
