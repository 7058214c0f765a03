//! What goes wrong around the store: sessions that are lost, servers that go and come back or stand still, several
//! processes at once.

mod claims;
mod encryption;
mod exhausted;
mod journal;
mod lost;
mod messages;
mod odd_text;
mod starting;
mod support;
mod two_stores;
