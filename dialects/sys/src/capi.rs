//! Declarations of the dialect's C API, `dialects/mochi/shim/MochiCAPI.h`.

use mlir_sys::*;

macro_rules! types {
    ($($get:ident $isa:ident;)*) => {
        unsafe extern "C" {
            $(pub fn $get(ctx: MlirContext) -> MlirType;
            pub fn $isa(ty: MlirType) -> bool;)*
        }
    };
}

types! {
    mochiStrTypeGet mochiTypeIsAStr;
    mochiAnyTypeGet mochiTypeIsAAny;
    mochiBigIntTypeGet mochiTypeIsABigInt;
    mochiBigRatTypeGet mochiTypeIsABigRat;
    mochiEnvTypeGet mochiTypeIsAEnv;
}

unsafe extern "C" {
    pub fn mlirGetDialectHandle__mochi__() -> MlirDialectHandle;

    pub fn mochiListTypeGet(element: MlirType) -> MlirType;
    pub fn mochiTypeIsAList(ty: MlirType) -> bool;
    pub fn mochiListTypeGetElement(ty: MlirType) -> MlirType;

    pub fn mochiOptionTypeGet(payload: MlirType) -> MlirType;
    pub fn mochiTypeIsAOption(ty: MlirType) -> bool;
    pub fn mochiOptionTypeGetPayload(ty: MlirType) -> MlirType;

    pub fn mochiCellTypeGet(content: MlirType) -> MlirType;
    pub fn mochiTypeIsACell(ty: MlirType) -> bool;
    pub fn mochiCellTypeGetContent(ty: MlirType) -> MlirType;

    pub fn mochiFnTypeGet(signature: MlirType) -> MlirType;
    pub fn mochiTypeIsAFn(ty: MlirType) -> bool;
    pub fn mochiFnTypeGetSignature(ty: MlirType) -> MlirType;

    pub fn mochiMapTypeGet(key: MlirType, value: MlirType) -> MlirType;
    pub fn mochiTypeIsAMap(ty: MlirType) -> bool;
    pub fn mochiMapTypeGetKey(ty: MlirType) -> MlirType;
    pub fn mochiMapTypeGetValue(ty: MlirType) -> MlirType;

    pub fn mochiRecordTypeGet(symbol: MlirAttribute) -> MlirType;
    pub fn mochiTypeIsARecord(ty: MlirType) -> bool;
    pub fn mochiRecordTypeGetSymbol(ty: MlirType) -> MlirAttribute;

    pub fn mochiUnionTypeGet(symbol: MlirAttribute) -> MlirType;
    pub fn mochiTypeIsAUnion(ty: MlirType) -> bool;
    pub fn mochiUnionTypeGetSymbol(ty: MlirType) -> MlirAttribute;
}
