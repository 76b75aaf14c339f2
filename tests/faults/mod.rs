//! What goes wrong in the world, done on purpose: plugs pulled, disks full, databases gone, clocks turned
//! back, nodes side by side. What was acknowledged is there afterwards, once.

mod carry;
mod clock;
mod database;
mod kill;
mod migrations;
mod nodes;
mod sync;
