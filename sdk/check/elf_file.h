// What the dynamic linker would read of a library, without loading it. Not a linker.
#pragma once

#include <string>
#include <vector>

namespace wick::check {

struct ElfFacts {
  std::vector<std::string> defined;    ///< dynamic symbols that it exports
  std::vector<std::string> undefined;  ///< that it imports, weak ones left out
  std::vector<std::string> unique;     ///< exported or imported as GNU_UNIQUE
  std::vector<std::string> needed;     ///< sonames
  std::vector<std::string> run_paths;  ///< parts of RUNPATH and RPATH
  bool no_delete = false;
  bool text_relocations = false;
};

/// Errors: kMissingFile; kBadFile for what is no 64-bit ELF library of this machine's byte order,
/// or is damaged.
ElfFacts read_elf(const std::string& path);

}  // namespace wick::check
