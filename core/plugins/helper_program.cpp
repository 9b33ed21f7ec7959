// libwick's own place leads there, as it does to plugins.
#include "plugins/helper_program.h"

#include <dlfcn.h>
#include <wick/error.h>

#include <system_error>

namespace wick {

std::filesystem::path helper_program(std::string_view name) {
  static const char inside = 0;
  Dl_info info = {};
  std::error_code error;
  if (::dladdr(&inside, &info) == 0 || info.dli_fname == nullptr)
    fail(ErrorCode::kInternal, "libwick: its own place cannot be found");
  const std::filesystem::path library = std::filesystem::canonical(info.dli_fname, error);
  if (error) fail(ErrorCode::kInternal, "libwick: its own place cannot be read, ", error.message());
  return library.parent_path() / "wick" / name;
}

}  // namespace wick
