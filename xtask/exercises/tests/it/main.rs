//! The tools for authors and teachers, over courses made for the test.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what cannot be unwrapped is the finding"
)]

mod course;
mod gate;
mod handout;
mod scaffold;
