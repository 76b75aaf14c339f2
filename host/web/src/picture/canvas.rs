//! A sheet to draw on: rectangles, bands and numbers in a few colours, without a word. What it says stands in words
//! beside it.

/// Colours: paper, lines, and those of what is told apart; dark enough to be seen beside each other on white.
const COLORS: [[u8; 3]; 11] = [
    [255, 255, 255],
    [214, 212, 204],
    [31, 107, 79],
    [180, 95, 6],
    [38, 84, 140],
    [140, 45, 90],
    [96, 96, 20],
    [110, 70, 160],
    [20, 120, 130],
    [150, 60, 40],
    [60, 60, 60],
];

/// Paper.
pub const PAPER: u8 = 0;
/// Lines.
pub const LINE: u8 = 1;
/// Numbers.
pub const INK: u8 = 10;
/// How many colours tell things apart.
pub const KINDS: usize = 8;

/// The colour of the nth that is told apart.
pub fn kind(n: usize) -> u8 {
    u8::try_from(2 + n % KINDS).unwrap_or(INK)
}

/// Digits, five rows of three points each.
const DIGITS: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 2, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];
/// Points of the sheet for one point of a digit.
const DIGIT_PX: usize = 3;

/// A sheet.
pub struct Canvas {
    width: usize,
    height: usize,
    points: Vec<u8>,
}

impl Canvas {
    /// An empty one.
    pub fn new(width: usize, height: usize) -> Canvas {
        Canvas { width, height, points: vec![PAPER; width * height] }
    }

    /// One point, if it is on the sheet.
    pub fn point(&mut self, x: usize, y: usize, color: u8) {
        if x < self.width
            && let Some(point) = self.points.get_mut(y * self.width + x).filter(|_| y < self.height)
        {
            *point = color;
        }
    }

    /// A rectangle.
    pub fn rectangle(&mut self, (x, y): (usize, usize), (width, height): (usize, usize), color: u8) {
        for row in y..y + height {
            for column in x..x + width {
                self.point(column, row, color);
            }
        }
    }

    /// A band from one side to the other, level at both ends.
    pub fn band(
        &mut self,
        (left, right): (usize, usize),
        (from, to): (usize, usize),
        thick: usize,
        color: u8,
    ) {
        let length = (right.saturating_sub(left)).max(1) as f64;
        for x in left..right {
            let t = (x - left) as f64 / length;
            let eased = t * t * (3.0 - 2.0 * t);
            let y = from as f64 + (to as f64 - from as f64) * eased;
            self.rectangle((x, y.round() as usize), (1, thick), color);
        }
    }

    /// A number, its upper left corner there.
    pub fn number(&mut self, (x, y): (usize, usize), number: usize) {
        for (place, digit) in number.to_string().bytes().enumerate() {
            let Some(rows) = DIGITS.get(usize::from(digit.saturating_sub(b'0'))) else { continue };
            for (down, row) in rows.iter().enumerate() {
                for across in (0..3).filter(|across| row >> (2 - across) & 1 == 1) {
                    let at = (x + (place * 4 + across) * DIGIT_PX, y + down * DIGIT_PX);
                    self.rectangle(at, (DIGIT_PX, DIGIT_PX), INK);
                }
            }
        }
    }

    /// As a file; none if it would be larger than a picture may be.
    pub fn png(&self) -> Option<Vec<u8>> {
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(COLORS.concat());
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.points).ok()?;
        writer.finish().ok()?;
        Some(file)
    }
}
