# Finds the LLVM and MLIR this project is written against.
#
# The version stands in LLVM_VERSION beside this file, and nowhere else in
# CMake. Where CMake is not told where to look (MLIR_DIR, LLVM_DIR), it looks in
# $MLIR_SYS_<version>0_PREFIX, which the Rust crates use as well, and in Debian's
# place.
#
# Sets MOCHI_LLVM_MAJOR, MOCHI_MLIR_TBLGEN and MOCHI_MLIR_INCLUDE_DIR and defines
# mochi_cxx_options(<target>).

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/LLVM_VERSION" MOCHI_LLVM_MAJOR LIMIT_COUNT 1)

set(_mochi_prefix "$ENV{MLIR_SYS_${MOCHI_LLVM_MAJOR}0_PREFIX}")
if(NOT _mochi_prefix)
  set(_mochi_prefix "/usr/lib/llvm-${MOCHI_LLVM_MAJOR}")
endif()

find_package(MLIR QUIET CONFIG HINTS "${_mochi_prefix}/lib/cmake/mlir")
if(NOT MLIR_FOUND)
  message(FATAL_ERROR
    "MLIR ${MOCHI_LLVM_MAJOR} was not found; looked in MLIR_DIR and in "
    "${_mochi_prefix}. On Debian:\n"
    "  apt-get install libmlir-${MOCHI_LLVM_MAJOR}-dev mlir-${MOCHI_LLVM_MAJOR}-tools "
    "llvm-${MOCHI_LLVM_MAJOR}-dev clang-${MOCHI_LLVM_MAJOR} libzstd-dev zlib1g-dev")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL MOCHI_LLVM_MAJOR)
  message(FATAL_ERROR
    "Mochi needs LLVM ${MOCHI_LLVM_MAJOR}, but ${LLVM_DIR} is LLVM ${LLVM_PACKAGE_VERSION}")
endif()

find_program(MOCHI_MLIR_TBLGEN
  NAMES mlir-tblgen mlir-tblgen-${MOCHI_LLVM_MAJOR}
  HINTS "${LLVM_TOOLS_BINARY_DIR}" "${_mochi_prefix}/bin"
  REQUIRED)

list(GET MLIR_INCLUDE_DIRS 0 MOCHI_MLIR_INCLUDE_DIR)

# How every library of ours is compiled. MLIR's type identities are spelled with
# compiler-dependent text, so our C++ must come from the compiler family that
# built MLIR: Clang.
function(mochi_cxx_options target)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "compile Mochi's C++ with clang++-${MOCHI_LLVM_MAJOR}, not ${CMAKE_CXX_COMPILER}")
  endif()
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_compile_options(${target} PRIVATE
    -fno-exceptions -Wall -Wextra -Wno-unused-parameter)
  target_include_directories(${target} SYSTEM PUBLIC
    ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
endfunction()
