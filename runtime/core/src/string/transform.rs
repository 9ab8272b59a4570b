//! Strings made from strings and lists.

use super::search::find;
use super::{append_bytes, bytes, char_string, data, each_char, empty, is_ascii, new, retain, trimmed, with_capacity};
use crate::copy::copy;
use crate::panic::{self, Position};
use crate::text::Text;
use crate::{cast, list};
use mochi_runtime_abi::{List, String};

/// Offset of the first occurrence, or the length.
unsafe fn find_or_end(text: &[u8], wanted: &[u8]) -> usize {
    find(text, wanted).unwrap_or(text.len())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_chars(source: *const String) -> *mut List {
    let mut result = list::with_room((*source).chars as usize, 8);
    each_char(bytes(source), |char| {
        result = list::push_object(result, char_string(char).cast());
    });
    result
}

/// Pieces between separators; an empty separator gives the characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_split(source: *const String, separator: *const String) -> *mut List {
    let separator = bytes(separator);
    if separator.is_empty() {
        return mochi_rt_string_chars(source);
    }
    let mut result = list::with_room(0, 8);
    let mut rest = bytes(source);
    loop {
        let end = find_or_end(rest, separator);
        let piece = rest.get_unchecked(..end);
        let piece = if piece.is_empty() { empty() } else { new(piece) };
        result = list::push_object(result, piece.cast());
        if end == rest.len() {
            return result;
        }
        rest = rest.get_unchecked(end + separator.len()..);
        if rest.is_empty() {
            return list::push_object(result, empty().cast());
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_join(items: *const List, separator: *const String) -> *mut String {
    let len = (*items).len as usize;
    let strings = (*items).data.cast::<*const String>();
    let mut size = (*separator).len as usize * len.saturating_sub(1);
    for index in 0..len {
        size += (*strings.add(index).read()).len as usize;
    }
    let result = with_capacity(size);
    let mut chars = (*separator).chars * (len.max(1) as i64 - 1);
    let mut end = data(result);
    for index in 0..len {
        if index > 0 {
            copy(data(separator), end, (*separator).len as usize);
            end = end.add((*separator).len as usize);
        }
        let item = strings.add(index).read();
        copy(data(item), end, (*item).len as usize);
        end = end.add((*item).len as usize);
        chars += (*item).chars;
    }
    (*result).len = size as i64;
    (*result).chars = chars;
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_trim(source: *const String) -> *mut String {
    let all = bytes(source);
    let part = trimmed(all);
    if part.len() == all.len() { retain(source) } else { new(part) }
}

/// Bytes of so many copies; a size that no machine has is out of memory.
unsafe fn total_size(size: usize, count: usize) -> usize {
    match size.checked_mul(count).filter(|total| *total < 1 << 46) {
        Some(total) => total,
        None => panic::mochi_rt_panic_out_of_memory(),
    }
}

/// Nothing for a negative count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_repeat(source: *const String, count: i64) -> *mut String {
    let size = (*source).len as usize;
    if count <= 0 || size == 0 {
        return empty();
    }
    let total = total_size(size, count as usize);
    let result = with_capacity(total);
    let start = data(result);
    copy(data(source), start, size);
    // Doubling: each copy is of what is there already.
    let mut done = size;
    while done < total {
        let step = done.min(total - done);
        copy(start, start.add(done), step);
        done += step;
    }
    (*result).len = total as i64;
    (*result).chars = (*source).chars * count;
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_reverse(source: *const String) -> *mut String {
    let all = bytes(source);
    let result = with_capacity(all.len());
    let start = data(result);
    if is_ascii(source) {
        for (index, byte) in all.iter().enumerate() {
            start.add(all.len() - 1 - index).write(*byte);
        }
    } else {
        let mut end = all.len();
        each_char(all, |char| {
            end -= char.len();
            copy(char.as_ptr(), start.add(end), char.len());
        });
        // Malformed leading bytes belong to no character; they stay in front.
        copy(all.as_ptr(), start, end);
    }
    (*result).len = all.len() as i64;
    (*result).chars = (*source).chars;
    result
}

/// Repeats the pad on the left, cut off so that the result has `width` code points.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_pad_start(
    source: *const String,
    width: i64,
    pad: *const String,
) -> *mut String {
    let mut missing = width.saturating_sub((*source).chars);
    if missing <= 0 || (*pad).chars == 0 {
        return retain(source);
    }
    let copies = missing / (*pad).chars;
    let size = total_size((*pad).len as usize, copies as usize + 1) + (*source).len as usize;
    let mut text = Text::with_capacity(size);
    for _ in 0..copies {
        text.push(bytes(pad));
    }
    missing -= copies * (*pad).chars;
    each_char(bytes(pad), |char| {
        if missing > 0 {
            text.push(char);
            missing -= 1;
        }
    });
    text.push(bytes(source));
    text.finish()
}

/// Replaces every occurrence; an empty pattern replaces nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_replace(
    source: *const String,
    from: *const String,
    to: *const String,
) -> *mut String {
    let pattern = bytes(from);
    let mut rest = bytes(source);
    if pattern.is_empty() || find_or_end(rest, pattern) == rest.len() {
        return retain(source);
    }
    let mut result = with_capacity(rest.len());
    loop {
        let end = find_or_end(rest, pattern);
        result = append_bytes(result, rest.as_ptr(), end);
        if end == rest.len() {
            return result;
        }
        result = append_bytes(result, data(to), (*to).len as usize);
        rest = rest.get_unchecked(end + pattern.len()..);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_parse_int(
    source: *const String,
    base: i64,
    file: *const u8,
    line_column: i64,
) -> i64 {
    let position = Position::new(file, line_column);
    if !(2..=36).contains(&base) {
        panic::fail(b"parseIntStr expects a base from 2 to 36", position);
    }
    match cast::parse_radix(bytes(source), base) {
        Some(value) => value,
        None => panic::fail_parts(&[b"cannot cast \"", bytes(source), b"\" to int"], position),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::string::release;
    use crate::testing::{leak_free, str, text};
    use std::string::String as Std;
    use std::vec::Vec;

    unsafe fn texts(items: *mut List) -> Vec<Std> {
        let strings = (*items).data.cast::<*mut String>();
        let result = (0..(*items).len as usize).map(|index| text(retain(strings.add(index).read()))).collect();
        list::release(items, &raw const crate::value::descriptors::mochi_rt_desc_string);
        result
    }

    #[test]
    fn splitting_and_joining() {
        leak_free(|| unsafe {
            for (source, separator, pieces) in [
                ("a,b,,c", ",", &["a", "b", "", "c"][..]),
                ("a,b,", ",", &["a", "b", ""]),
                ("", ",", &[""]),
                ("aé→", "", &["a", "é", "→"]),
                ("x--y", "--", &["x", "y"]),
            ] {
                let (s, by) = (str(source), str(separator));
                assert_eq!(texts(mochi_rt_string_split(s, by)), pieces);
                let list = mochi_rt_string_split(s, by);
                assert_eq!(text(mochi_rt_string_join(list, by)), source);
                list::release(list, &raw const crate::value::descriptors::mochi_rt_desc_string);
                release(s);
                release(by);
            }
        });
    }

    #[test]
    fn transformations() {
        leak_free(|| unsafe {
            let (s, pad, bc, long) = (str("abcé"), str("-→"), str("bc"), str("XYZ"));
            assert_eq!(text(mochi_rt_string_reverse(s)), "écba");
            assert_eq!(text(mochi_rt_string_repeat(s, 3)), "abcéabcéabcé");
            assert_eq!(text(mochi_rt_string_repeat(s, -1)), "");
            assert_eq!(text(mochi_rt_string_pad_start(s, 7, pad)), "-→-abcé");
            assert_eq!(text(mochi_rt_string_pad_start(s, 2, pad)), "abcé");
            assert_eq!(text(mochi_rt_string_pad_start(s, i64::MIN, pad)), "abcé");
            assert_eq!(text(mochi_rt_string_replace(s, bc, long)), "aXYZé");
            assert_eq!(text(mochi_rt_string_replace(s, long, bc)), "abcé");
            for string in [s, pad, bc, long] {
                release(string);
            }
        });
    }
}
