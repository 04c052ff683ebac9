//! The book builder, tried on a small repository of its own, and the book of this repository.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what cannot be unwrapped is the finding"
)]

mod contrast;
mod faults;
mod fixture;
#[cfg(unix)]
mod live;
mod pages;
mod repository;
mod served;
