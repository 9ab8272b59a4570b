//! MD5, for programs that print checksums; nothing relies on its strength.

use crate::format::quote::push_hex;
use crate::string;
use crate::text::Text;
use mochi_runtime_abi::String;

const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

const SINES: [u32; 64] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
    0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
    0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
    0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
    0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
    0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
    0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
    0xeb86d391,
];

fn compress(state: &mut [u32; 4], block: &[u8; 64]) {
    let mut words = [0u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let [mut a, mut b, mut c, mut d] = *state;
    for index in 0..64 {
        let (mixed, word) = match index / 16 {
            0 => ((b & c) | (!b & d), index),
            1 => ((d & b) | (!d & c), 5 * index + 1),
            2 => (b ^ c ^ d, 3 * index + 5),
            _ => (c ^ (b | !d), 7 * index),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(SINES[index]).wrapping_add(words[word % 16]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(SHIFTS[index / 16][index % 4])));
    }
    for (total, part) in state.iter_mut().zip([a, b, c, d]) {
        *total = total.wrapping_add(part);
    }
}

/// The digest of bytes, as words whose bytes are the digest in little-endian order.
fn digest(bytes: &[u8]) -> [u32; 4] {
    let mut state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
    let (blocks, rest) = bytes.as_chunks::<64>();
    for block in blocks {
        compress(&mut state, block);
    }
    let mut last = [0u8; 64];
    for (to, from) in last.iter_mut().zip(rest.iter().chain(&[0x80])) {
        *to = *from;
    }
    if rest.len() >= 56 {
        compress(&mut state, &last);
        last = [0; 64];
    }
    let bits = (bytes.len() as u64).wrapping_mul(8).to_le_bytes();
    for (to, from) in last.iter_mut().skip(56).zip(bits) {
        *to = from;
    }
    compress(&mut state, &last);
    state
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_md5(source: *const String) -> *mut String {
    let mut text = Text::with_capacity(32);
    for word in digest(string::bytes(source)) {
        push_hex(&mut text, word.swap_bytes(), 8);
    }
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, str, text};

    #[test]
    fn known_digests() {
        leak_free(|| unsafe {
            for (source, expected) in [
                ("", "d41d8cd98f00b204e9800998ecf8427e"),
                ("abc", "900150983cd24fb0d6963f7d28e17f72"),
                (
                    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                    "57edf4a22be3c955ac49da2e2107b67a",
                ),
            ] {
                let source = str(source);
                assert_eq!(text(mochi_rt_string_md5(source)), expected);
                string::release(source);
            }
        });
    }
}
