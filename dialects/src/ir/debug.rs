//! Debug information attributes of the LLVM dialect.
//!
//! Their textual form cannot name one distinct object twice, so they are built through the C API.

use super::{Attribute, Ctx, Location};
use mochi_dialects_sys as sys;

/// `DW_LANG_C99`: debuggers print values in C's way, which suits ours best.
const LANGUAGE: u32 = 0x000c;
const TAG_BASE_TYPE: u32 = 0x24;
const TAG_POINTER_TYPE: u32 = 0x0f;
const TAG_STRUCTURE_TYPE: u32 = 0x13;
const TAG_MEMBER: u32 = 0x0d;
/// `LocalToUnit | Definition`.
const SUBPROGRAM_FLAGS: u64 = 4 | 8;
const POINTER_BITS: u64 = 64;

/// How a debugger reads a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Signed,
    Float,
    Boolean,
}

/// A compile unit with its main file.
#[derive(Clone, Copy)]
pub struct DebugUnit<'c> {
    ctx: Ctx<'c>,
    unit: Attribute<'c>,
    file: Attribute<'c>,
}

/// A file; joined again, directory and name are the path.
fn file<'c>(ctx: Ctx<'c>, path: &str) -> Attribute<'c> {
    let (directory, name) = match path.rsplit_once('/') {
        Some((directory, name)) if !directory.is_empty() => (directory, name),
        _ => ("", path),
    };
    let text = |s: &str| Attribute::string(ctx, s).raw();
    // SAFETY: live handles.
    Attribute::wrap(unsafe { sys::mlirLLVMDIFileAttrGet(ctx.raw(), text(name), text(directory)) })
}

fn null() -> sys::MlirAttribute {
    sys::MlirAttribute { ptr: std::ptr::null_mut() }
}

impl<'c> DebugUnit<'c> {
    /// A unit for a source file.
    pub fn new(c: impl Into<Ctx<'c>>, path: &str) -> Self {
        let ctx = c.into();
        let file = file(ctx, path);
        // SAFETY: live handles throughout.
        unsafe {
            let id = sys::mlirDisctinctAttrCreate(Attribute::unit(ctx).raw());
            let unit = sys::mlirLLVMDICompileUnitAttrGet(
                ctx.raw(),
                id,
                LANGUAGE,
                file.raw(),
                Attribute::string(ctx, "mochi").raw(),
                false,
                sys::MlirLLVMDIEmissionKind_MlirLLVMDIEmissionKindFull,
                sys::MlirLLVMDINameTableKind_MlirLLVMDINameTableKindDefault,
                null(),
            );
            DebugUnit { ctx, unit: Attribute::wrap(unit), file }
        }
    }

    /// The subprogram of a function that is defined in the unit, in one of its files.
    pub fn subprogram(&self, path: &str, name: &str, symbol: &str, line: u32) -> Attribute<'c> {
        let ctx = self.ctx;
        let file = file(ctx, path);
        // SAFETY: live handles.
        Attribute::wrap(unsafe {
            let id = sys::mlirDisctinctAttrCreate(Attribute::unit(ctx).raw());
            let ty = sys::mlirLLVMDISubroutineTypeAttrGet(ctx.raw(), 0, 0, std::ptr::null());
            sys::mlirLLVMDISubprogramAttrGet(
                ctx.raw(),
                null(),
                false,
                id,
                self.unit.raw(),
                file.raw(),
                Attribute::string(ctx, name).raw(),
                Attribute::string(ctx, symbol).raw(),
                file.raw(),
                line,
                line,
                SUBPROGRAM_FLAGS,
                ty,
                0,
                std::ptr::null(),
                0,
                std::ptr::null(),
            )
        })
    }

    /// A number or truth value.
    pub fn basic_type(&self, name: &str, bits: u64, encoding: Encoding) -> Attribute<'c> {
        let encoding = match encoding {
            Encoding::Signed => sys::MlirLLVMTypeEncoding_MlirLLVMTypeEncodingSigned,
            Encoding::Float => sys::MlirLLVMTypeEncoding_MlirLLVMTypeEncodingFloatT,
            Encoding::Boolean => sys::MlirLLVMTypeEncoding_MlirLLVMTypeEncodingBoolean,
        };
        let name = Attribute::string(self.ctx, name).raw();
        // SAFETY: live handles.
        Attribute::wrap(unsafe { sys::mlirLLVMDIBasicTypeAttrGet(self.ctx.raw(), TAG_BASE_TYPE, name, bits, encoding) })
    }

    /// A structure with members (name, type, offset in bytes).
    pub fn structure(&self, name: &str, members: &[(&str, Attribute<'c>, u64, u64)], bytes: u64) -> Attribute<'c> {
        let ctx = self.ctx;
        let list: Vec<_> = members
            .iter()
            .map(|(name, ty, offset, size)| self.derived(TAG_MEMBER, name, *ty, size * 8, offset * 8).raw())
            .collect();
        // SAFETY: live handles; the array is copied.
        Attribute::wrap(unsafe {
            sys::mlirLLVMDICompositeTypeAttrGet(
                ctx.raw(),
                null(),
                false,
                TAG_STRUCTURE_TYPE,
                Attribute::string(ctx, name).raw(),
                self.file.raw(),
                0,
                self.file.raw(),
                null(),
                0,
                bytes * 8,
                0,
                list.len() as isize,
                list.as_ptr(),
                null(),
                null(),
                null(),
                null(),
            )
        })
    }

    /// A pointer to a type.
    pub fn pointer(&self, base: Attribute<'c>) -> Attribute<'c> {
        self.derived(TAG_POINTER_TYPE, "", base, POINTER_BITS, 0)
    }

    fn derived(&self, tag: u32, name: &str, base: Attribute<'c>, bits: u64, offset: u64) -> Attribute<'c> {
        let name = if name.is_empty() { null() } else { Attribute::string(self.ctx, name).raw() };
        // SAFETY: live handles; -1 is "no address space".
        Attribute::wrap(unsafe {
            sys::mlirLLVMDIDerivedTypeAttrGet(self.ctx.raw(), tag, name, base.raw(), bits, 0, offset, -1, null())
        })
    }

    /// A variable of a subprogram.
    pub fn variable(&self, scope: Attribute<'c>, name: &str, line: u32, ty: Attribute<'c>) -> Attribute<'c> {
        let name = Attribute::string(self.ctx, name).raw();
        // SAFETY: live handles.
        Attribute::wrap(unsafe {
            sys::mlirLLVMDILocalVariableAttrGet(
                self.ctx.raw(),
                scope.raw(),
                name,
                self.file.raw(),
                line,
                0,
                0,
                ty.raw(),
                0,
            )
        })
    }

    /// The empty expression.
    pub fn expression(&self) -> Attribute<'c> {
        // SAFETY: live handles.
        Attribute::wrap(unsafe { sys::mlirLLVMDIExpressionAttrGet(self.ctx.raw(), 0, std::ptr::null()) })
    }

    /// A location inside a subprogram.
    pub fn scoped(&self, loc: Location<'c>, subprogram: Attribute<'c>) -> Location<'c> {
        Location::fused(self.ctx, &[loc], Some(subprogram))
    }
}
