// libwick's own place leads there.
#include "base/data_directory.h"

#include "base/built_in.h"
#include "base/own_file.h"

namespace wick {

std::filesystem::path data_directory() {
  if (!built_in().files.empty()) return kBuiltInFolder;
  return (own_file().parent_path() / WICK_DATA_FROM_LIB).lexically_normal();
}

}  // namespace wick
