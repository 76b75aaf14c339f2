//! The named limits of this door, each with its reason.

/// Longest body, bytes: a command of 1,000 acts, each with a long note, has about half.
pub const BODY_BYTES_MAX: usize = 4 << 20;
/// Connections at once: each costs about 20 KB idle; more members than this do not read at one moment.
pub const CONNECTIONS_MAX: usize = 4_096;
/// How long a head may take, also on a connection that was used before, milliseconds.
pub const HEAD_MS_MAX: u64 = 10_000;
/// Largest head, bytes; also the buffer of a connection.
pub const HEAD_BYTES_MAX: usize = 32 << 10;
/// How long a body may pause, milliseconds.
pub const BODY_STALL_MS_MAX: u64 = 10_000;
/// How long the other side may read nothing of an answer, milliseconds.
pub const WRITE_STALL_MS_MAX: u64 = 15_000;
/// How long an answer may take to begin, milliseconds: a full lane needs a second or two.
pub const ANSWER_MS_MAX: u64 = 30_000;
/// How long requests under way may take to finish once the node is told to stop, milliseconds.
pub const DRAIN_MS_MAX: u64 = 10_000;
/// Most records in one page: a screen or two for people, a round trip for programs.
pub const PAGE_LEN_MAX: usize = 100;
/// Records in a page that does not say how many: a screen.
pub const PAGE_LEN_DEFAULT: usize = 50;
/// Steps in one page of a walk, which is sent as it is read.
pub const FLOW_STEPS_MAX: usize = 10_000;
/// Steps in a page of a walk that does not say how many.
pub const FLOW_STEPS_DEFAULT: usize = 1_000;
/// Steps that are read and sent at once.
pub const FLOW_PART: usize = 1_000;
/// Records that are counted for a total; what has more is not counted.
pub const SCAN_LEN_MAX: usize = 5_000;
/// Longest GraphQL question, bytes; what tools ask about a schema has three thousand.
pub const QUESTION_BYTES_MAX: usize = 64 << 10;
/// Longest body of a question with its variables, bytes: a command of 1,000 acts goes to REST.
pub const QUESTION_BODY_BYTES_MAX: usize = 1 << 20;
/// How deep brackets nest in a question: its parser takes some native stack for each.
pub const BRACKETS_MAX: usize = 64;
/// How many fields deep a question goes: edges and nodes take two each, so five records.
pub const DEPTH_MAX: usize = 14;
/// Fields in a question, fragments followed.
pub const FIELDS_MAX: usize = 1_000;
/// Fields that a question may come to when its pages are full; what they really come to is counted as they
/// are handed out.
pub const COST_MAX: usize = 200_000;
/// Records in one answer, however they were reached.
pub const NODES_MAX: usize = 10_000;
/// Aliases in a question: each executes the same field again.
pub const ALIASES_MAX: usize = 64;
/// Directives in a question.
pub const DIRECTIVES_MAX: usize = 64;
/// Fragments in a body.
pub const FRAGMENTS_MAX: usize = 64;
/// Operations in a body: one is executed.
pub const OPERATIONS_MAX: usize = 8;
/// Mutations in a body: each is a command of its own; one command holds up to a thousand acts.
pub const MUTATIONS_MAX: usize = 10;
/// How long a question may take to answer, milliseconds.
pub const QUESTION_MS_MAX: u64 = 10_000;
/// Streams that one account or token keeps open at once: a few windows.
pub const STREAMS_OF_ONE_MAX: usize = 8;
/// Streams open at once: each holds a connection and looks whenever something happens.
pub const STREAMS_MAX: usize = 512;
/// How often a stream looks even if nobody called, milliseconds: another process may have written.
pub const STREAM_LOOK_MS: u64 = 2_000;
/// How often a stream that has nothing to say shows that it is there, milliseconds.
pub const STREAM_ALIVE_MS: u64 = 15_000;
/// Exports at once: each reads a whole journal.
pub const EXPORTS_MAX: usize = 2;
