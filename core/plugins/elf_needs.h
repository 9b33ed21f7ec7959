// The libraries that an ELF file asks for, read without loading it. Not a linker.
#pragma once

#include <string>
#include <vector>

namespace wick {

/// DT_NEEDED names in the file's order; empty where the file is no 64-bit ELF library of this byte
/// order, or is damaged. Errors: kMissingFile, kIo.
std::vector<std::string> needed_libraries(const std::string& path);

}  // namespace wick
