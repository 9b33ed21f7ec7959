// Looks up by name; there are a dozen at most.
#include "base/built_in.h"

namespace wick {

const BuiltInFile* find_built_in_file(std::string_view name) noexcept {
  for (const BuiltInFile& file : built_in().files)
    if (file.name == name) return &file;
  return nullptr;
}

}  // namespace wick
