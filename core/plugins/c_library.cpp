// A library that a static program opens brings the system's C library with it. The two share the
// threads and the dynamic linker's tables, which glibc keeps the same within one build of it only.
// So the builds are compared, by the line that says which it is, before anything is opened.
#include "plugins/c_library.h"

#include "base/built_in.h"
#include "base/mapped_file.h"

#include <wick/error.h>

#include <algorithm>
#include <functional>

namespace wick {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLine = "GNU C Library (";

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

/// "GNU C Library (...) stable release version 2.36."; empty where it does not name itself.
std::string own_line(const fs::path& library) {
  const MappedFile file = MappedFile::open(library.string());
  const std::string_view text = text_of(file);
  const auto found = std::search(text.begin(), text.end(),
                                 std::boyer_moore_horspool_searcher(kLine.begin(), kLine.end()));
  const auto end = std::find_if(found, text.end(), [](char c) { return c == '\n' || c == '\0'; });
  return std::string(found, end);
}

std::string line_of_first(const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) {
    std::error_code error;
    const fs::path library = folder / "libc.so.6";
    if (!fs::is_regular_file(library, error)) continue;
    try {
      return own_line(library);
    } catch (const Error&) {
      return "";  // not readable: the dynamic linker could not open it either
    }
  }
  return "";
}

}  // namespace

std::optional<std::string> foreign_c_library(std::string_view linked,
                                             const std::vector<fs::path>& folders) {
  if (linked.empty()) return std::nullopt;
  const std::string found = line_of_first(folders);
  if (found == linked) return std::nullopt;
  return "this static program opens libraries only beside the C library that it is linked with, "
         "got " +
         (found.empty() ? "none" : found) + ", need " + std::string(linked);
}

const std::optional<std::string>& foreign_c_library() {
  // Where the same build of glibc would look, as Debian and others set it up.
  static const std::optional<std::string> found =
      foreign_c_library(built_in().c_library, {"/lib/" WICK_MULTIARCH, "/usr/lib/" WICK_MULTIARCH,
                                               "/lib64", "/usr/lib64", "/lib", "/usr/lib"});
  return found;
}

}  // namespace wick
