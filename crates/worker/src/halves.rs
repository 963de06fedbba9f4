//! Work in batches of which one item cannot be done: it must not keep the others from being done.

use tokio::task::JoinError;

use crate::WorkFault;

/// The outcome of a batch.
#[derive(Debug)]
pub(crate) struct Done<T> {
    /// What the parts that could be done have answered.
    pub(crate) made: Vec<T>,
    /// The parts that could not: how many items each has, and why.
    pub(crate) failed: Vec<(usize, WorkFault)>,
}

/// Does a batch at once. Where that fails, or panics, for a reason that lies in some of its items,
/// it is done in halves, down to single ones; so the item that cannot be done fails alone.
pub(crate) async fn in_halves<I, T, F>(items: Vec<I>, work: impl Fn(Vec<I>) -> F) -> Done<T>
where
    I: Clone,
    T: Send + 'static,
    F: Future<Output = Result<T, WorkFault>> + Send + 'static,
{
    let mut done = Done { made: Vec::new(), failed: Vec::new() };
    let mut parts = vec![items];
    while let Some(mut part) = parts.pop().filter(|part| !part.is_empty()) {
        let fault = match tokio::spawn(work(part.clone())).await.map_err(panicked) {
            Ok(Ok(made)) => {
                done.made.push(made);
                continue;
            }
            Ok(Err(fault)) | Err(fault) => fault,
        };
        if part.len() == 1 || !fault.lies_in_items() {
            done.failed.push((part.len(), fault));
            continue;
        }
        let second = part.split_off(part.len() / 2);
        parts.extend([second, part]);
    }
    done
}

fn panicked(error: JoinError) -> WorkFault {
    WorkFault::Panic(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does numbers, of which some cannot be done.
    async fn check(bad: &'static [i32], panics: bool, made: &[i32], failed: &[usize]) {
        let done = in_halves((0..10).collect(), |part: Vec<i32>| async move {
            match part.iter().any(|n| bad.contains(n)) {
                true if panics => panic!("a poisonous item"),
                true => Err(WorkFault::App(app::Error::NotFound)),
                false => Ok(part),
            }
        })
        .await;
        assert_eq!(done.made.concat(), made);
        let counts: Vec<usize> = done.failed.iter().map(|(count, _)| *count).collect();
        assert_eq!(counts, failed);
    }

    #[tokio::test]
    async fn a_poisonous_item_fails_alone() {
        check(&[], false, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[]).await;
        check(&[7], false, &[0, 1, 2, 3, 4, 5, 6, 8, 9], &[1]).await;
        check(&[0, 9], true, &[1, 2, 3, 4, 5, 6, 7, 8], &[1, 1]).await;
    }
}
