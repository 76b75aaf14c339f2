//! Statements: one text for both engines, or one each, and the list of them all.

/// A statement.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// Its name, `thing.verb`, for logs and tests.
    pub name: &'static str,
    /// What SQLite is told.
    pub sqlite: &'static str,
    /// What PostgreSQL is told.
    pub postgres: &'static str,
}

impl Sql {
    /// The same text for both.
    pub const fn same(name: &'static str, text: &'static str) -> Sql {
        Sql { name, sqlite: text, postgres: text }
    }

    /// One text each, where a list comes in as JSON.
    pub const fn both(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Sql {
        Sql { name, sqlite, postgres }
    }
}

/// Every statement that this room ever sends, but for the schema's own.
pub static STATEMENTS: &[&[Sql]] = &[
    crate::accounts::SQL,
    crate::tokens::SQL,
    crate::turn::SQL,
    crate::batch::SQL,
    crate::carry::SQL,
    crate::changes::SQL,
    crate::commit::SQL,
    crate::components::SQL,
    crate::erase::SQL,
    crate::factors::SQL,
    crate::feeds::SQL,
    crate::flow::SQL,
    crate::invitations::SQL,
    crate::journal::SQL,
    crate::mails::SQL,
    crate::network::SQL,
    crate::passkeys::SQL,
    crate::blobs::SQL,
    crate::read::SQL,
    crate::schema::SQL,
    crate::secrets::SQL,
    crate::tables::SQL,
    crate::ties::SQL,
];
