//! The named limits of the way of a command, each with its reason.

/// Commands waiting on one lane: about a second of work; more are told to come back.
pub const QUEUE_LEN_MAX: usize = 4_096;
/// How long a command may be expected to wait for its turn, milliseconds; others are told to come back.
pub const QUEUE_MS_MAX: u64 = 5_000;
/// Acts in one batch; a larger command is a batch of its own.
pub const BATCH_ACTS_MAX: usize = 512;
/// Commands' bytes in one batch.
pub const BATCH_BYTES_MAX: usize = 1 << 20;
/// Plugin time of one batch, microseconds, estimated from what the last ones took: a member waits for one
/// batch before his and for his own.
pub const BATCH_PLUGIN_US_MAX: u64 = 20_000;
/// Jobs of one network waiting for a judge: its lane has one, the others are questions of its readers.
pub const POOL_QUEUE_MAX: usize = 64;
/// How long a lane keeps a judge before the next network has its turn, milliseconds.
pub const SLICE_MS: u64 = 5;
/// Records and answers about inverses that a lane keeps in mind, about two kilobytes each.
pub const KNOWN_MAX: usize = 8_192;
/// Rounds of reading for one batch: what an act names; what that points at; promises and their
/// parties; their things and agreements; those things' specifications; places.
pub const READ_ROUNDS_MAX: usize = 6;
/// Times a batch is decided again because another node wrote first.
pub const HEAD_LOST_MAX: usize = 8;
/// How long a node writes as if it were alone before another has its turn, milliseconds.
pub const TURN_MS: u64 = 50;
/// How long it waits within its turn for somebody to come, milliseconds: those who were answered ask again.
pub const TURN_REST_MS: u64 = 2;
/// Turns in a row in which nobody else wrote, after which a node asks for none any more.
pub const TURNS_ALONE_MAX: u32 = 8;
/// How deep duties may follow from duties.
pub const DUTY_DEPTH_MAX: usize = 4;
/// Duties that may follow from one cause.
pub const DUTIES_MAX: usize = 32;
/// Deadlines carried out before the lane looks at its queue again; while more are due, new commands are
/// told to come back.
pub const DEADLINES_MAX: usize = 512;
/// Answers of plugins kept to be used again.
pub const MEMO_LEN_MAX: usize = 20_000;
/// How long a quote holds.
pub const QUOTE_US: i64 = 15 * 60 * 1_000_000;
/// Refusals of one agent that are written down in a day; more are refused without an entry.
pub const REFUSALS_PER_DAY_MAX: u32 = 1_000;
/// Candidates shown to the matching plugin at once.
pub const CANDIDATES_MAX: usize = 1_000;
/// Rows that a list looks at before it gives up looking for visible ones.
pub const SCAN_ROWS_MAX: usize = 5_000;
/// Rows that a list fetches at once: a page, or as many as it takes to fill one.
pub const SCAN_CHUNK_ROWS: usize = 200;
/// Records that are put into one file; more is asked for in parts.
pub const WHOLE_RECORDS_MAX: usize = 200_000;
/// IRIs that are looked up at once: each is a question for each class.
pub const IRIS_AT_ONCE: usize = 500;
/// Entries that somebody who follows the journal is given in one go.
pub const FEED_ENTRIES: i64 = 64;
/// Entries verified in one go.
pub const VERIFY_BATCH: i64 = 128;
/// A dry run's question, bytes: what the door takes.
pub const DRY_RUN_BYTES_MAX: u64 = 4 << 20;
/// A dry run's answer, bytes: a hundred answers with their errors.
pub const DRY_RUN_ANSWER_BYTES_MAX: u64 = 4 << 20;
/// Processor time of a dry run, seconds: a file of the public corpus takes a hundredth of one.
pub const DRY_RUN_CPU_S_MAX: u64 = 5;
/// Wall clock of a dry run, seconds.
pub const DRY_RUN_WALL_S_MAX: u64 = 10;
/// Address space of a dry run, bytes.
pub const DRY_RUN_SPACE_BYTES_MAX: u64 = 1 << 30;
/// How long a lease holds, milliseconds: a leader that is gone is replaced within this and a third.
pub const LEASE_MS: u64 = 6_000;
/// How long a process waits between two hints to the others, milliseconds.
pub const HINT_MS: u64 = 20;
/// Entries in one member of a file that carries a journal, and in one transaction where it arrives.
pub const CARRIED_ENTRIES: i64 = 256;
/// A member of such a file, bytes: that many entries of the largest kind, escaped.
pub const MEMBER_BYTES_MAX: u64 = 4 << 30;
/// Members that are unpacked while those before them are written.
pub const MEMBERS_AHEAD: usize = 4;
/// How much of two lines that differ is shown, characters.
pub const DIFFERENCE_CHARS: usize = 400;
/// Deadlines that fall between two commands of a simulation: as many as a town has in a year.
pub const DEADLINES_AT_ONCE_MAX: usize = 100_000;
/// Entries that a simulation judges before the next network has its turn.
pub const SIMULATED_AT_ONCE: usize = 64;
/// Entries that a past is tried on at the most.
pub const WHAT_IF_MAX: u64 = 1_000_000;
/// Entries that a sandbox's past is lived through again with at the most: each is written down anew.
pub const TRIED_ENTRIES_MAX: u64 = 20_000;
/// Decisions that would have been others and are shown one by one; the rest are counted.
pub const FLIPS_SHOWN_MAX: usize = 200;
/// A rule set in one file, unpacked, bytes: two thousand policies and some dozen components.
pub const BUNDLE_BYTES_MAX: u64 = 256 << 20;
/// Most that one step of an erasure writes down again of others, bytes: half of what an entry holds.
pub const ERASE_KEPT_BYTES_MAX: usize = 4 << 20;
/// On how many of the newest entries a rule change is tried before it is voted on.
pub const TRIAL_ENTRIES: u64 = 1_000;
/// Trials that are kept until their commands are decided.
pub const TRIALS_KEPT: usize = 64;
/// Scenarios that a trial tells of by name; the others are counted.
pub const TRIAL_SHOWN_MAX: usize = 50;
/// Most steps of one erasure: a million entries, and whoever has more asks again.
pub const ERASE_STEPS_MAX: usize = 500;
/// Bytes of pictures and papers that a network may have if its operator says nothing: some thousand of them.
pub const PICTURES_BYTES_MAX: i64 = 256 << 20;
/// Networks of which the graph of track and trace is kept: each takes some tens of bytes for everything that was
/// recorded.
pub const FLOWS_KEPT: usize = 16;
/// Rows of it that are read at once.
pub const FLOW_ROWS: i64 = 4_000;
/// Steps of a walk that may be asked for, pages before counted in: beyond a million nobody reads.
pub const FLOW_STEPS_MAX: usize = 1_000_000;
/// Records of a class that are read at once where all of them are wanted.
pub const REPORT_ROWS: usize = 500;
/// Records of a class that a report, or a page, is made of at the most.
pub const REPORT_ROWS_MAX: usize = 200_000;
/// How much of the past a rule is tried on while it is being written.
pub const DRAFT_ENTRIES: u64 = 200;
