//! Work on all cores.

use std::num::NonZero;
use std::thread;

/// How many cores this process may use.
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `work` for every item at the same time, one thread each, and waits for all. The answers come in the order of the items.
/// `None` for one whose work ended by a defect.
pub fn for_each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Option<R>> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = items.iter().map(|item| scope.spawn(move || work(item))).collect();
        threads.into_iter().map(|thread| thread.join().ok()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn the_items_are_worked_on_at_the_same_time() {
        // Each waits for the other: one after the other it would never end.
        let both = Barrier::new(2);
        let done = for_each(&[1, 2], |item| {
            both.wait();
            item * 10
        });
        assert_eq!(done, [Some(10), Some(20)]);
        assert_eq!(for_each(&[0_u8; 0], |item| *item), []);
        assert!(count() >= 1);
    }
}
