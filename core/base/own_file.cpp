// The dynamic linker knows where it found a library; of a static program the kernel knows.
#include "base/own_file.h"

#include <dlfcn.h>
#include <sys/auxv.h>
#include <wick/error.h>

#include <system_error>

#include "base/built_in.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

fs::path program_file() {
  std::error_code error;
  const fs::path link = fs::read_symlink("/proc/self/exe", error);
  if (!error) return link;
  // Without /proc, as in a chroot: what the program was started by.
  const auto* const name = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  return name == nullptr ? fs::path() : fs::path(name);
}

fs::path library_file() {
  // Any address inside libwick will do; one of a variable is never that of a stub elsewhere.
  static const char inside = 0;
  Dl_info info = {};
  const bool is_found = ::dladdr(&inside, &info) != 0 && info.dli_fname != nullptr;
  return is_found ? fs::path(info.dli_fname) : fs::path();
}

}  // namespace

fs::path own_file() {
  const fs::path file = built_in().c_library.empty() ? library_file() : program_file();
  if (file.empty()) fail(ErrorCode::kInternal, "libwick: its own place cannot be found");
  std::error_code error;
  fs::path real = fs::canonical(file, error);
  if (error) fail(ErrorCode::kInternal, "libwick: its own place cannot be read, ", error.message());
  return real;
}

}  // namespace wick
