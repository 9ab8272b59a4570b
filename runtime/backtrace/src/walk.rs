//! From frame to frame of a stack.
//!
//! The program's code is left by the table, exactly, whatever registers it uses. The runtime's functions keep frame
//! pointers (`compiler/codegen/split/split.cpp` sees to it), and so are left without one. The C library has neither:
//! nothing of ours fails inside of it but by the end of the stack.
//!
//! Every address is checked to lie in the stack, above the last one, before it is read.

use crate::table::{Place, Table};

const WORD: usize = core::mem::size_of::<usize>();
/// A function without a frame of its own has pushed no more than this.
const PUSHED_WORDS: usize = 8;

/// The registers that a walk starts with.
#[derive(Clone, Copy, Debug)]
pub struct Registers {
    /// Where the code is.
    pub address: usize,
    pub stack_pointer: usize,
    pub frame_pointer: usize,
    /// The register with the return address, where the machine has one.
    pub link: usize,
}

impl Registers {
    /// Those of the function that calls, which must be the runtime's.
    #[inline(always)]
    pub fn here() -> Registers {
        let mut frame_pointer = 0usize;
        // Through memory: a use of the frame, so that the frame has been set up.
        // SAFETY: stores one word into the variable.
        #[cfg(all(target_arch = "x86_64", not(test)))]
        unsafe {
            core::arch::asm!("mov [{0}], rbp", in(reg) &raw mut frame_pointer);
        }
        // SAFETY: as above.
        #[cfg(all(target_arch = "aarch64", not(test)))]
        unsafe {
            core::arch::asm!("str x29, [{0}]", in(reg) &raw mut frame_pointer);
        }
        let stack_pointer = (&raw mut frame_pointer) as usize;
        Registers { address: 0, stack_pointer, frame_pointer, link: 0 }
    }
}

/// The memory in which frames may lie.
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    pub bottom: usize,
    /// Above the last word.
    pub top: usize,
}

/// A walk over the frames of the program, innermost first.
#[derive(Clone, Copy)]
pub struct Walk {
    pub table: Table,
    registers: Registers,
    /// The address is that of an instruction that has not run; otherwise one that is returned to, and so the call
    /// before it is meant.
    exact: bool,
    /// The memory of the stack.
    stack: Stack,
}

impl Walk {
    /// A walk from a call into the runtime.
    #[inline]
    pub fn new(table: Table, registers: Registers, stack: Stack) -> Walk {
        Walk { table, registers, exact: false, stack }
    }

    /// A walk from an instruction at which the stack ended.
    #[inline(never)]
    pub fn from_fault(table: Table, registers: Registers, stack: Stack) -> Walk {
        let mut walk = Walk { table, registers, exact: true, stack };
        if table.find(registers.address).is_inside() {
            return walk;
        }
        // The runtime or the C library. A function without a frame returns to a word close by; any other is left as
        // those of the runtime are.
        walk.exact = false;
        walk.registers.address = 0;
        for index in 0..PUSHED_WORDS {
            let at = registers.stack_pointer.wrapping_add(index * WORD);
            if walk.returns_to_program(at) {
                walk.leave(at, registers.frame_pointer);
                break;
            }
        }
        walk
    }

    fn returns_to_program(&self, at: usize) -> bool {
        self.table.find(self.read(at).wrapping_sub(1)).is_inside()
    }

    /// To the function that the address at this place returns to.
    fn leave(&mut self, at: usize, frame_pointer: usize) {
        let address = self.read(at);
        self.registers = Registers { address, stack_pointer: at + WORD, frame_pointer, link: 0 };
        self.exact = false;
    }

    /// A word of the stack that the walk has not left yet; elsewhere 0, which nothing returns to.
    #[inline(never)]
    fn read(&self, at: usize) -> usize {
        let low = at < self.registers.stack_pointer || at < self.stack.bottom;
        if low || !at.is_multiple_of(WORD) || at >= self.stack.top {
            return 0;
        }
        // SAFETY: within the stack, above the stack pointer, and aligned.
        unsafe { (at as *const usize).read() }
    }

    /// A word saved at a slot below the canonical frame address, or what is in the register.
    fn saved(&self, frame_address: usize, slot: usize, register: usize) -> usize {
        if slot == 0 { register } else { self.read(frame_address.wrapping_sub(slot * WORD)) }
    }

    /// The frame of a function of the program.
    fn leave_program(&mut self, place: Place) {
        let state = self.table.state(place);
        let registers = self.registers;
        let base = if state.from_frame_pointer { registers.frame_pointer } else { registers.stack_pointer };
        let frame_address = base.wrapping_add(state.offset);
        self.registers = Registers {
            address: self.saved(frame_address, state.return_address, registers.link),
            stack_pointer: if state.offset == 0 { 0 } else { frame_address },
            frame_pointer: self.saved(frame_address, state.frame_pointer, registers.frame_pointer),
            link: 0,
        };
        self.exact = false;
    }

    /// The place in the next frame of the program; outside at the end.
    #[inline(never)]
    pub fn next_place(&mut self) -> Place {
        loop {
            let before = self.registers.stack_pointer;
            // SAFETY: one thread walks.
            let place = unsafe { cached(self.table, self.registers.address.wrapping_sub(usize::from(!self.exact))) };
            if place.is_inside() {
                self.leave_program(place);
            } else {
                // A function of the runtime: its caller's frame pointer, and above it the return address.
                let frame = self.registers.frame_pointer;
                self.leave(frame.wrapping_add(WORD), self.read(frame));
            }
            // Outwards always, or it would not end.
            let above = self.registers.stack_pointer;
            let ended = above <= before || above > self.stack.top;
            if ended {
                self.leave(usize::MAX - WORD, 0);
            }
            if ended || place.is_inside() {
                return place;
            }
        }
    }
}

/// Deep stacks hold few different addresses many times.
#[cfg(not(test))]
unsafe fn cached(table: Table, address: usize) -> Place {
    const CACHED: usize = 64;
    /// What is known of addresses: of 0, rightly, that it is outside.
    static mut CACHE: [(usize, Place); CACHED] = [(0, Place::OUTSIDE); CACHED];
    // SAFETY: inside of the array; one thread walks.
    unsafe {
        let entry = (&raw mut CACHE).cast::<(usize, Place)>().add((address >> 2 ^ address >> 8) % CACHED);
        if (*entry).0 != address {
            *entry = (address, table.find(address));
        }
        (*entry).1
    }
}

/// Tests have many tables, at the same time and one after the other at the same place.
#[cfg(test)]
unsafe fn cached(table: Table, address: usize) -> Place {
    table.find(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Written, code, stack, table};

    #[test]
    fn program_and_runtime_take_turns() {
        // A frame with the stack pointer as base that saves the frame pointer, and one found by the frame pointer.
        let written = Written {
            length: 100,
            scopes: std::vec![(0, 0, 1)],
            rows: std::vec![(0, 1, 1, 1), (50, 1, 2, 2)],
            states: std::vec![(0, 0, 0), (32 << 1, 2, 1), (16 << 1 | 1, 2, 1)],
        };
        let bytes = written.bytes();
        let (first, second) = (code(&bytes) + 10, code(&bytes) + 60);
        let mut words: Vec<usize> = std::vec![0; 16];
        let at = |words: &[usize], index: usize| words.as_ptr() as usize + index * WORD;
        // 1: the runtime's frame; 3..7: the first; 7..: the runtime's again, up to 11; 11..14: the second.
        words[1] = 77;
        words[2] = first;
        words[5] = at(&words, 9);
        words[6] = 5;
        words[9] = at(&words, 12);
        words[10] = second;
        words[12] = 0;
        words[13] = 5;
        let start = Registers { address: 0, stack_pointer: at(&words, 0), frame_pointer: at(&words, 1), link: 0 };
        let mut walk = Walk::new(table(&bytes), start, stack(&words));
        assert_eq!(walk.next_place(), table(&bytes).find(first));
        assert_eq!(walk.next_place(), table(&bytes).find(second));
        assert_eq!(walk.next_place(), Place::OUTSIDE);
        assert_eq!(walk.next_place(), Place::OUTSIDE);
    }

    #[test]
    fn nothing_outside_of_the_stack_is_read() {
        let bytes = Written::default().bytes();
        let mut words = [0usize; 8];
        let Stack { bottom, top } = stack(&words);
        let frames = [0, 1, bottom + 1, bottom - WORD, top - WORD, top, usize::MAX, usize::MAX - 7];
        for (frame_pointer, stack_pointer) in frames.iter().flat_map(|frame| frames.map(|stack| (*frame, stack))) {
            let registers = Registers { address: 0, stack_pointer, frame_pointer, link: 0 };
            assert_eq!(Walk::new(table(&bytes), registers, Stack { bottom, top }).next_place(), Place::OUTSIDE);
            assert_eq!(Walk::from_fault(table(&bytes), registers, Stack { bottom, top }).next_place(), Place::OUTSIDE);
        }
        // A frame that leads back to itself.
        words[3] = bottom + 3 * WORD;
        let start = Registers { address: 0, stack_pointer: bottom, frame_pointer: words[3], link: 0 };
        assert_eq!(Walk::new(table(&bytes), start, stack(&words)).next_place(), Place::OUTSIDE);
    }
}
