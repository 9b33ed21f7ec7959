// Opens plugin libraries. The only place that knows Boost.DLL.
#pragma once

#include <wick/abi/base.h>

#include <filesystem>
#include <string>
#include <vector>

namespace wick {

/// Opens `library`, an absolute path, and returns its header, unchecked. A library stays loaded
/// until the process ends. Errors: PluginError with kMissingDependency (a library or symbol that it
/// needs is not there) or kAbiMismatch (no library of this machine, or no plugin).
const wick_plugin_header& open_plugin(const std::filesystem::path& library);

/// Those of `sonames` that this system does not have. Loads the others. Empty in a program that
/// cannot open libraries, see c_library.h.
std::vector<std::string> missing_libraries(const std::vector<std::string>& sonames);

}  // namespace wick
