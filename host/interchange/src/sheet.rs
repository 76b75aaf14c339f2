//! Tables out: comma-separated values, as spreadsheets read them.

/// A table with its heading. A text that somebody wrote and a spreadsheet would take for a formula begins with an
/// apostrophe, as spreadsheets themselves write such a text.
pub fn csv(columns: &[&str], rows: &[Vec<(String, bool)>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let safe = |(text, written): &(String, bool)| match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if *written => format!("'{text}"),
        _ => text.clone(),
    };
    // Into memory nothing fails, and every row has as many cells as there are columns.
    let _ = writer.write_record(columns);
    for row in rows {
        let _ = writer.write_record(row.iter().map(safe));
    }
    writer.into_inner().unwrap_or_default()
}
