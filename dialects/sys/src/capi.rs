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
    mlirMochiStrTypeGet mlirTypeIsAMochiStr;
    mlirMochiAnyTypeGet mlirTypeIsAMochiAny;
    mlirMochiBigIntTypeGet mlirTypeIsAMochiBigInt;
    mlirMochiBigRatTypeGet mlirTypeIsAMochiBigRat;
    mlirMochiEnvTypeGet mlirTypeIsAMochiEnv;
}

unsafe extern "C" {
    pub fn mlirGetDialectHandle__mochi__() -> MlirDialectHandle;

    pub fn mlirMochiListTypeGet(element: MlirType) -> MlirType;
    pub fn mlirTypeIsAMochiList(ty: MlirType) -> bool;
    pub fn mlirMochiListTypeGetElement(ty: MlirType) -> MlirType;

    pub fn mlirMochiOptionTypeGet(payload: MlirType) -> MlirType;
    pub fn mlirTypeIsAMochiOption(ty: MlirType) -> bool;
    pub fn mlirMochiOptionTypeGetPayload(ty: MlirType) -> MlirType;

    pub fn mlirMochiCellTypeGet(content: MlirType) -> MlirType;
    pub fn mlirTypeIsAMochiCell(ty: MlirType) -> bool;
    pub fn mlirMochiCellTypeGetContent(ty: MlirType) -> MlirType;

    pub fn mlirMochiFnTypeGet(signature: MlirType) -> MlirType;
    pub fn mlirTypeIsAMochiFn(ty: MlirType) -> bool;
    pub fn mlirMochiFnTypeGetSignature(ty: MlirType) -> MlirType;

    pub fn mlirMochiMapTypeGet(key: MlirType, value: MlirType) -> MlirType;
    pub fn mlirTypeIsAMochiMap(ty: MlirType) -> bool;
    pub fn mlirMochiMapTypeGetKey(ty: MlirType) -> MlirType;
    pub fn mlirMochiMapTypeGetValue(ty: MlirType) -> MlirType;

    pub fn mlirMochiRecordTypeGet(symbol: MlirAttribute) -> MlirType;
    pub fn mlirTypeIsAMochiRecord(ty: MlirType) -> bool;
    pub fn mlirMochiRecordTypeGetSymbol(ty: MlirType) -> MlirAttribute;

    pub fn mlirMochiUnionTypeGet(symbol: MlirAttribute) -> MlirType;
    pub fn mlirTypeIsAMochiUnion(ty: MlirType) -> bool;
    pub fn mlirMochiUnionTypeGetSymbol(ty: MlirType) -> MlirAttribute;
}
