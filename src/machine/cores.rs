//! Work on all cores.

use std::num::NonZero;
use std::thread;

use crate::domain::secret::without_trace;

/// How many cores this process may use.
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `work` for every item at the same time, one thread each, and waits for all. The answers come in the order of the items.
/// `None` for one whose work ended by a defect. Each leaves no trace on its stack: the system keeps the stacks of threads that ended.
pub fn for_each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Option<R>> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = items.iter().map(|item| scope.spawn(move || without_trace(|| work(item)))).collect();
        threads.into_iter().map(|thread| thread.join().ok()).collect()
    })
}

/// Does `work` for every item, each core a part of them, and waits for all. The answers come in the order of the items; `None`
/// when one of them ended by a defect.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Option<Vec<R>> {
    let parts: Vec<&[T]> = items.chunks(items.len().div_ceil(count()).max(1)).collect();
    let done = for_each(&parts, |part| part.iter().map(&work).collect::<Vec<R>>());
    let done = done.into_iter().collect::<Option<Vec<_>>>()?;
    Some(done.into_iter().flatten().collect())
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

    #[test]
    fn many_items_are_shared_out_and_a_defect_in_one_is_told() {
        let items: Vec<u32> = (0..1_001).collect();
        assert_eq!(map(&items, |item| item + 1), Some((1..1_002).collect()));
        assert_eq!(map(&[0_u8; 0], |item| *item), Some(Vec::new()));
        assert_eq!(map(&items, |item| assert_ne!(*item, 500)), None);
    }
}
