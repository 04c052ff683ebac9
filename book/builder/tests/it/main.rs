//! The book builder, tried on a small repository of its own, and the book of this repository.

mod contrast;
mod faults;
mod fixture;
mod pages;
mod repository;
