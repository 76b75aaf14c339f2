//! The Merkle log over entry hashes: RFC 6962 hashing, an appendable frontier, and proofs.

use crate::digest::Digest;

/// The hash of a leaf: its bytes behind a nought.
pub fn leaf(bytes: &[u8]) -> Digest {
    Digest::of(&[&[0], bytes])
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[1], &left.0, &right.0])
}

/// The right edge of the tree: enough to append and to know the root, in O(log n) hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the full subtrees, largest first: one for each set bit of `size`.
    peaks: Vec<Digest>,
}

impl Frontier {
    /// From stored bytes: `size` and its peaks, 32 bytes each.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let peaks: Vec<Digest> = bytes.chunks(32).map(Digest::from_slice).collect::<Option<_>>()?;
        (peaks.len() == size.count_ones() as usize).then_some(Frontier { size, peaks })
    }

    /// The peaks, 32 bytes each, largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| peak.0).collect()
    }

    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut top = leaf;
        let mut merges = self.size.trailing_ones();
        while merges > 0 {
            if let Some(left) = self.peaks.pop() {
                top = node(&left, &top);
            }
            merges -= 1;
        }
        self.peaks.push(top);
        self.size += 1;
    }

    /// The root over all leaves; the digest of nothing for an empty log.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Digest::of(&[]),
            Some(last) => peaks.fold(*last, |right, left| node(left, &right)),
        }
    }
}

/// The root over a slice of leaf hashes (RFC 6962, section 2.1).
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The largest power of two below `n`, for `n` of two or more.
fn split(n: usize) -> usize {
    1 << (usize::BITS - 1 - (n - 1).leading_zeros())
}

/// The path from leaf `index` to the root, leaf side first (RFC 6962, 2.1.1).
pub fn inclusion(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    match leaves {
        [] => None,
        [_] => (index == 0).then(Vec::new),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            let (mut path, other) = match index.checked_sub(left.len()) {
                None => (inclusion(left, index)?, root(right)),
                Some(rest) => (inclusion(right, rest)?, root(left)),
            };
            path.push(other);
            Some(path)
        }
    }
}

/// Whether `path` leads from the leaf at `index` to the root over `size` leaves (RFC 9162, 2.1.3.2).
pub fn includes(root: &Digest, size: u64, index: u64, leaf: &Digest, path: &[Digest]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The proof that the tree over the first `old` leaves is a prefix of the tree over all
/// (RFC 6962, 2.1.2).
pub fn consistency(leaves: &[Digest], old: usize) -> Option<Vec<Digest>> {
    (old > 0 && old <= leaves.len()).then(|| subproof(leaves, old, true))
}

fn subproof(leaves: &[Digest], old: usize, whole: bool) -> Vec<Digest> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, other) = if old <= k {
        (subproof(left, old, whole), root(right))
    } else {
        (subproof(right, old - k, false), root(left))
    };
    path.push(other);
    path
}
