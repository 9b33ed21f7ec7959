# Toolchain file: Debian's cross compiler for aarch64, with the libraries of a folder that tools/sysroot-aarch64 fills
# (-DWICK_SYSROOT=FOLDER). The C and C++ libraries are the compiler's own.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc-12)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++-12)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

if(NOT WICK_SYSROOT)
  message(FATAL_ERROR "WICK_SYSROOT is not set: configure by tools/build-aarch64 or tools/packages")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WICK_SYSROOT)
set(CMAKE_FIND_ROOT_PATH ${WICK_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} ${WICK_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${WICK_SYSROOT})
# CMake and pybind11 ask the Python of this machine, which is of the same version.
file(GLOB Python3_INCLUDE_DIR ${WICK_SYSROOT}/usr/include/python3.*)
# The program writes its manual pages when it is built.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${WICK_SYSROOT})
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
