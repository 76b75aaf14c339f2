//! What goes wrong in the world, done on purpose: plugs pulled, disks full, databases gone, clocks turned
//! back, nodes side by side. What was acknowledged is there afterwards, once.
#![allow(clippy::disallowed_methods, reason = "some of what goes wrong goes wrong for so long")]

mod carry;
mod clock;
mod database;
mod kill;
mod migrations;
mod nodes;
mod power;
mod sync;
