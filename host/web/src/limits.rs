//! The named limits of the pages, each with its reason.

/// Longest form, bytes: the longest has a reason of 500 letters.
pub const FORM_BYTES_MAX: usize = 16 << 10;
/// Offers on the board: a screen or two, not a catalogue.
pub const BOARD_LEN: usize = 60;
/// Rows of a list page.
pub const PAGE_LEN: usize = 100;
/// Entries on a journal page.
pub const JOURNAL_LEN: usize = 40;
/// Days that the borrow form starts with.
pub const DAYS_DEFAULT: i64 = 7;
/// Lines of what needs somebody: more than a screen of them helps nobody.
pub const HOME_NEEDS_MAX: usize = 20;
/// Offers at home: what is nearest, not the board.
pub const HOME_OFFERS_LEN: usize = 6;
/// Entries at home.
pub const JOURNAL_HOME_LEN: usize = 8;
/// Kinds of things to choose from in a form.
pub const KINDS_MAX: usize = 200;
/// Things of one's own that are looked through.
pub const OWN_THINGS_MAX: usize = 200;
/// Things that are held against one need: each is judged for whoever looks.
pub const MATCHES_MAX: usize = 12;
/// Needs of one's own that are held against what there is, at home.
pub const HOME_MATCHED_MAX: usize = 3;
/// Longest table that is taken in on a page, bytes: thousands of rows. Longer ones go in by the command line.
pub const TABLE_BYTES_MAX: usize = 1 << 20;
/// Stewards that a network is founded with on a page.
pub const STEWARDS_MAX: usize = 20;
/// Entries that are looked through for one page of those that were asked for.
pub const JOURNAL_SCANNED_MAX: usize = 200;
/// Entries in the table that is kept: more of them come by the command line and for programs.
pub const JOURNAL_TABLE_MAX: usize = 5_000;
/// Entries of a journal that is judged again from a page: some seconds of work. More of them are by the command line.
pub const AUDIT_ENTRIES_MAX: u64 = 5_000;
/// For how many days the desk lends if nobody says otherwise.
pub const DESK_DAYS: i64 = 7;
/// People and things that are offered where a scan fits several.
pub const CHOICES_MAX: usize = 12;
/// Codes of a stock-take.
pub const STOCK_MAX: usize = 2_000;
/// A photograph as it is sent, bytes.
pub const PHOTO_BYTES_MAX: usize = 12 << 20;
/// Its longer side, points.
pub const PHOTO_SIDE_MAX: u32 = 12_000;
/// What unpacking it may take, bytes: fifty million points and a little.
pub const PHOTO_ALLOC_MAX: u64 = 256 << 20;
/// Papers of one thing.
pub const PAPERS_MAX: usize = 8;
/// Longest name of a paper, letters.
pub const PAPER_NAME_LEN: usize = 100;
/// A picture on a page, bytes.
pub const PICTURE_BYTES_MAX: usize = 190 << 10;
/// Most letters that wait to be sent; whoever wants another comes back.
pub const LETTERS_WAITING_MAX: usize = 256;
/// How many of those who are written to are read at once.
pub const LETTERS_AT_ONCE: i64 = 100;
/// How long after a letter the next one is written at the earliest: six hours.
pub const LETTER_GAP_US: i64 = 6 * 3_600 * 1_000_000;
/// Most whose hands are shown in a row of their own, and most steps of a thing's story in the picture: the newest.
pub const HANDS_MAX: usize = 12;
pub const HANDS_STEPS_MAX: usize = 60;
/// Most events that are looked through for what moved of late, and most pairs between whom it is shown.
pub const FLOWS_EVENTS_MAX: usize = 500;
pub const FLOWS_MAX: usize = 16;
/// How many memberships are looked through for a page of notices to print.
pub const PRINTED_LEN: usize = 100;
/// Most that is taken and thrown away of what is larger than a door lets through: an album of photographs.
pub const THROWN_AWAY_BYTES_MAX: usize = 64 << 20;
/// Longest wait for more of it, seconds.
pub const THROWN_AWAY_WAIT_S: u64 = 2;
/// Of how many rule books it is remembered what becomes of their stories.
pub const STORIES_KEPT_MAX: usize = 16;
/// Most rows of a sum on a page; the rest is in the file. Most bars of its picture, and most periods.
pub const SUMS_ROWS_MAX: usize = 40;
pub const SUMS_BARS_MAX: usize = 12;
pub const SUMS_PERIODS_MAX: usize = 36;
/// Most people whose sums a page lets one choose; the file is there for everybody.
pub const SUMS_CHOICES_MAX: usize = 200;
