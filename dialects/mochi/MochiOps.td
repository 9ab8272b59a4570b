//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// All operations of the `mochi` dialect. Each family has a file of its own.
//
#ifndef MOCHI_OPS_TD
#define MOCHI_OPS_TD

include "MochiModuleOps.td"
include "MochiControlOps.td"
include "MochiNumberOps.td"
include "MochiGenericOps.td"
include "MochiStringOps.td"
include "MochiListOps.td"
include "MochiMapOps.td"
include "MochiDataOps.td"
include "MochiAnyOps.td"
include "MochiFunctionOps.td"
include "MochiCheckOps.td"

#endif // MOCHI_OPS_TD
