//! The course's servers in a laboratory: started, attacked, watched, ended.

pub mod cell;
pub mod chat;
mod echo;
mod honest;
pub mod limits;
pub mod matrix;
mod place;
mod program;
mod server;
pub mod soak;
pub mod stop;
pub mod verdict;
mod vitals;
mod watch;

pub use server::Course;
