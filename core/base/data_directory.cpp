// libwick asks the dynamic linker where it was loaded from.
#include "base/data_directory.h"

#include <dlfcn.h>
#include <wick/error.h>

#include <system_error>

namespace wick {

std::filesystem::path data_directory() {
  // Any address inside libwick will do; one of a variable is never that of a stub elsewhere.
  static const char inside = 0;
  Dl_info info = {};
  if (dladdr(&inside, &info) == 0 || info.dli_fname == nullptr)
    fail(ErrorCode::kInternal, "libwick: its own place cannot be found");
  std::error_code error;
  const std::filesystem::path library = std::filesystem::canonical(info.dli_fname, error);
  if (error) fail(ErrorCode::kInternal, "libwick: its own place cannot be read, ", error.message());
  return (library.parent_path() / WICK_DATA_FROM_LIB).lexically_normal();
}

}  // namespace wick
