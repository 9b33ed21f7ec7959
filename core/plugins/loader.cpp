// Boost.DLL, with what it does not offer added: NODELETE, and the loader's own message.
#include "plugins/loader.h"

#include "plugins/c_library.h"
#include "plugins/plugin_state.h"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include <dlfcn.h>

#include <map>
#include <mutex>
#include <string_view>

namespace wick {
namespace {

using boost::dll::shared_library;

constexpr char kSymbol[] = "wick_plugin_v1";
constexpr std::string_view kNotThere = ": cannot open shared object file: No such file";

/// load() masks only two bits of its own, so that others reach dlopen.
constexpr auto kMode =
    static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

[[noreturn]] void refuse_library(const std::filesystem::path& library, std::string_view why) {
  const std::size_t not_there = why.find(kNotThere);
  if (not_there != std::string_view::npos && why.substr(0, not_there) != library.string())
    refuse_plugin(PluginState::kMissingDependency, "needs ", why.substr(0, not_there),
                  ", which is not installed");
  if (not_there != std::string_view::npos)
    refuse_plugin(PluginState::kMissingDependency, library.string(), " is not there");
  const bool needs_something = why.find("undefined symbol") != std::string_view::npos ||
                               (why.find("version `") != std::string_view::npos &&
                                why.find("not found") != std::string_view::npos);
  refuse_plugin(needs_something ? PluginState::kMissingDependency : PluginState::kAbiMismatch,
                "cannot be loaded: ", why);
}

shared_library load(const std::filesystem::path& library) {
  boost::dll::fs::error_code error;
  shared_library made;
  ::dlerror();
  made.load(library, kMode, error);
  if (error) {
    const char* why = ::dlerror();
    refuse_library(library, why ? why : error.message());
  }
  return made;
}

}  // namespace

const wick_plugin_header& open_plugin(const std::filesystem::path& library) {
  // Never destroyed: no order of destruction at exit is right for all plugins.
  static auto* const mutex = new std::mutex;
  static auto* const libraries = new std::map<std::filesystem::path, shared_library>;
  const std::lock_guard<std::mutex> lock(*mutex);
  auto found = libraries->find(library);
  if (found == libraries->end()) found = libraries->emplace(library, load(library)).first;
  if (!found->second.has(kSymbol))
    refuse_plugin(PluginState::kAbiMismatch, "exports no ", kSymbol, ": no Wick plugin for ABI ",
                  WICK_ABI_MAJOR);
  return found->second.get<const wick_plugin_header>(kSymbol);
}

std::vector<std::string> missing_libraries(const std::vector<std::string>& sonames) {
  std::vector<std::string> missing;
  if (foreign_c_library()) return missing;
  for (const auto& soname : sonames) {
    boost::dll::fs::error_code error;
    shared_library made;
    // A bare name, so that the system's folders are searched.
    made.load(soname,
              boost::dll::load_mode::rtld_lazy | boost::dll::load_mode::search_system_folders,
              error);
    if (error) missing.push_back(soname);
  }
  return missing;
}

}  // namespace wick
