// wick-plugin-check FILE.so [--json] [--metadata FILE] [--without PART]: the conformance kit as a
// program; `wick plugins check` runs it, and tells it by --recipes TEXT or --recipes-fault TEXT
// what libwick's reader says of the plugin's recipes. Exit code 0: passed; 1: something failed; 2:
// usage; 4: no such file.
#include "parts.h"

#include <wick/error.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

namespace {

constexpr char kUsage[] =
    "Usage: wick-plugin-check FILE.so [--json] [--metadata FILE] [--without PART]\n";

int run(int n_arguments, char** arguments) {
  wick::check::Settings settings;
  std::string library;
  bool as_json = false, good = true;
  for (int i = 1; i < n_arguments; ++i) {
    const std::string word = arguments[i];
    if (word == "--json")
      as_json = true;
    else if (word == "--metadata" && i + 1 < n_arguments)
      settings.metadata = arguments[++i];
    else if (word == "--without" && i + 1 < n_arguments)
      settings.without = arguments[++i];
    else if (word == "--recipes" && i + 1 < n_arguments)
      settings.recipes = arguments[++i];
    else if (word == "--recipes-fault" && i + 1 < n_arguments)
      settings.recipes_fault = arguments[++i];
    else if (library.empty() && word.rfind('-', 0) != 0)
      library = std::filesystem::absolute(word).string();
    else
      good = false;
  }
  if (!good || library.empty()) return std::fputs(kUsage, stderr), 2;
  const auto report = wick::check::check_plugin(library, settings);
  std::fputs((as_json ? json_of(report) : text_of(report)).c_str(), stdout);
  return report.passed() ? 0 : 1;
}

}  // namespace

int main(int n_arguments, char** arguments) {
  try {
    return run(n_arguments, arguments);
  } catch (const wick::Error& e) {
    std::fprintf(stderr, "wick-plugin-check: %s\n", e.what());
    const bool no_file =
        e.code() == wick::ErrorCode::kMissingFile || e.code() == wick::ErrorCode::kBadFile;
    return no_file ? 4 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "wick-plugin-check: %s\n", e.what());
    return 1;
  }
}
