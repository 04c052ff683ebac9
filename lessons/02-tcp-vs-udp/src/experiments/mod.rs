//! Twelve experiments. Each is a function from a [`Lab`](crate::net::Lab) to a struct that says
//! what was observed in this run. None of them prints, and none assumes a result.
//!
//! [`loss`], [`order`] and [`duplicates`] send the same numbered messages through the same
//! weather, each turning up one kind of it: [`crossing`] is what they share.

pub mod backpressure;
pub mod boundaries;
pub mod cost;
pub mod crossing;
pub mod duplicates;
pub mod full_duplex;
#[cfg(target_os = "linux")]
pub mod kernel_loss;
pub mod loss;
pub mod nobody_home;
pub mod one_to_many;
pub mod order;
pub mod overrun;
pub mod small_writes;
pub mod truncation;

/// A thread of an experiment panicked: so does the experiment, with the same message.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
