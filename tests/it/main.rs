//! One binary for all tests that drive the node from outside.

#[path = "../walks/rest_loan.rs"]
mod rest_loan;
#[path = "../walks/tool_library.rs"]
mod tool_library;

mod console;
mod deadlines;
mod dry_run;
mod founded;
mod hostile_connections;
mod hostile_input;
mod hostile_rules;
mod kill9;
mod old_databases;
mod outages;
mod pages;
mod rest;
mod rules_change;
mod tampering;
mod tidy;
