//! One unit of work: the closure, its outcome, and who waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::StoreError;
use tokio::sync::oneshot;

use super::Transaction;

/// A unit of work whose types are forgotten, so that a queue can hold many kinds of them.
pub(super) trait Unit: Send {
    /// Does the work and keeps the outcome, in place of that of an attempt before. Says whether its effects shall stay.
    fn run(&mut self, tx: &mut Transaction<'_>) -> bool;

    /// Whether the work can be done anew after it was taken back.
    fn repeats(&self) -> bool;

    /// Answers whoever waits: the outcome, unless `committed` says it never became true.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A unit of work with its types.
pub(super) struct Work<F, T, E> {
    todo: F,
    repeats: bool,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work<F, T, E> {
    fn new(todo: F, repeats: bool) -> Awaited<F, T, E> {
        let (reply, answer) = oneshot::channel();
        (Self { todo, repeats, outcome: None, reply }, answer)
    }

    /// The unit of work that can be done anew.
    pub(super) fn repeatable(todo: F) -> Awaited<F, T, E> {
        Self::new(todo, true)
    }
}

/// A unit of work, and where its answer will come.
type Awaited<F, T, E> = (Work<F, T, E>, oneshot::Receiver<Result<T, E>>);

/// The unit of `work` that can be done but once.
pub(super) fn once<T, E, F>(
    work: F,
) -> Awaited<impl FnMut(&mut Transaction<'_>) -> Result<T, E>, T, E>
where
    F: FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    E: From<StoreError>,
{
    let mut work = Some(work);
    let todo = move |tx: &mut Transaction<'_>| match work.take() {
        Some(work) => work(tx),
        None => Err(StoreError::Failed("a unit of work was done before".to_owned()).into()),
    };
    Work::new(todo, false)
}

impl<F, T, E> Unit for Work<F, T, E>
where
    F: FnMut(&mut Transaction<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Transaction<'_>) -> bool {
        let outcome = guarded(&mut self.todo, tx);
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn repeats(&self) -> bool {
        self.repeats
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(refused)), _) => Err(refused),
            (Some(Ok(done)), Ok(())) => Ok(done),
            (_, Err(lost)) => Err(lost.into()),
            (None, Ok(())) => Err(StoreError::Failed("the work was not done".to_owned()).into()),
        };
        // Whoever asked may have gone away: the work stands all the same.
        drop(self.reply.send(outcome));
    }
}

/// Runs `work`; a panic in it fails that work alone.
pub(super) fn guarded<T, E: From<StoreError>>(
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    tx: &mut Transaction<'_>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| {
        tracing::error!("a unit of work panicked; it was rolled back");
        Err(StoreError::Failed("a unit of work panicked".to_owned()).into())
    })
}
