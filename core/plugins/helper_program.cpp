// libwick's own place leads there, as it does to plugins.
#include "plugins/helper_program.h"

#include "base/built_in.h"
#include "base/own_file.h"

namespace wick {

HelperProgram helper_program(std::string_view name) {
  std::filesystem::path own = own_file();
  if (!built_in().c_library.empty()) return {std::move(own), {std::string(name)}};
  return {own.parent_path() / "wick" / name};
}

}  // namespace wick
