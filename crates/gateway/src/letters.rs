//! Dead letters: published again, as they were or corrected, or put aside.

mod event;
mod many;
mod one;
mod pages;
mod selection;
mod told;

pub(crate) use many::{LetterCommand, all_of};
pub(crate) use one::{Edit, Replayed, Settled, discard, edit, replay};
pub(crate) use selection::LettersBody;
