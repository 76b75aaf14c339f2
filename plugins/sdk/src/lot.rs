//! Drawing by lot, from the seed that nobody chose.

use crate::types::Context;

impl Context {
    /// The lot of a row: whoever has the lower one comes first. It is the same for whoever asks again, and does not depend on
    /// what else is asked. Without a seed it traps: nothing is drawn by lot where nobody has drawn one.
    pub fn lot(&self, row: u32) -> u64 {
        assert!(!self.seed.is_empty(), "nothing is drawn by lot here");
        let mut lot = u64::from(row);
        for bytes in self.seed.chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            // SplitMix64, a step for each word of the seed.
            lot = (lot ^ u64::from_le_bytes(word)).wrapping_add(0x9e37_79b9_7f4a_7c15);
            lot = (lot ^ (lot >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            lot = (lot ^ (lot >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            lot ^= lot >> 31;
        }
        lot
    }
}
