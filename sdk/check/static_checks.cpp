// The rules of the plugin contract that hold before anything is loaded.
#include "static_checks.h"

#include <wick/abi/base.h>

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace wick::check {
namespace {

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (i == 0 ? "" : " ") + names[i];
  return names.size() > kMost ? text + " and " + std::to_string(names.size() - kMost) + " more"
                              : text;
}

Row row(const char* subject, bool good, const std::string& found, const std::string& wrong) {
  return {"static", subject, good ? Verdict::kPassed : Verdict::kFailed, good ? found : wrong};
}

/// What every system with a C++ program has, and what a plugin may take from there.
constexpr const char* kSystemLibraries[] = {"libc.so.6",     "libm.so.6",       "libstdc++.so.6",
                                            "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2",
                                            "librt.so.1"};
/// Calls that end or change the whole process.
constexpr const char* kForbidden[] = {"exit",          "_exit",  "abort",  "quick_exit",
                                      "__assert_fail", "getenv", "atexit", "setenv",
                                      "putenv",        "fork",   "signal", "sigaction"};

struct CloseLibrary {
  void operator()(void* library) const { ::dlclose(library); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

bool is_of_host(const std::string& name) {
  return name.find("4wick") != std::string::npos || name.rfind("wick_", 0) == 0;
}

/// Imports that none of the system's and of its own libraries has.
std::vector<std::string> unknown_imports(const ElfFacts& facts) {
  std::vector<Library> libraries;
  const auto open = [&](const char* name) {
    if (void* library = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL)) libraries.emplace_back(library);
  };
  for (const char* name : kSystemLibraries) open(name);
  for (const auto& name : facts.needed)
    if (name.rfind("libwick", 0) != 0) open(name.c_str());
  std::vector<std::string> unknown;
  for (const auto& symbol : facts.undefined) {
    const bool found = std::any_of(libraries.begin(), libraries.end(), [&](const Library& l) {
      return ::dlsym(l.get(), symbol.c_str()) != nullptr;
    });
    if (is_of_host(symbol) || (!found && symbol != "__tls_get_addr")) unknown.push_back(symbol);
  }
  return unknown;
}

std::vector<std::string> relative_parts(const ElfFacts& facts) {
  std::vector<std::string> relative;
  for (const auto& part : facts.run_paths)
    if (part.rfind('/', 0) != 0 && part.rfind("$ORIGIN", 0) != 0)
      relative.push_back("\"" + part + "\"");
  return relative;
}

Row forbidden_calls(const ElfFacts& facts) {
  std::vector<std::string> found;
  for (const auto& symbol : facts.undefined)
    if (std::find(std::begin(kForbidden), std::end(kForbidden), symbol) != std::end(kForbidden))
      found.push_back(symbol);
  // Compilers and static libraries bring abort() in; whether it is reached is seen when it runs.
  Row made = row("calls", found.empty(), "none that ends or changes the process", "");
  if (found.empty()) return made;
  made.verdict = Verdict::kSkipped;
  made.text = "imports " + joined(found) +
              ": a plugin must not call what ends or changes the "
              "process";
  return made;
}

}  // namespace

std::vector<Row> static_checks(const ElfFacts& facts) {
  const auto unknown = unknown_imports(facts);
  const auto relative = relative_parts(facts);
  const bool one = facts.defined.size() == 1 && facts.defined[0] == WICK_PLUGIN_SYMBOL;
  return {
      row("exports", one, WICK_PLUGIN_SYMBOL,
          "exports " + (facts.defined.empty() ? "nothing" : joined(facts.defined)) + ", need " +
              WICK_PLUGIN_SYMBOL + " alone; build with wick_add_plugin()"),
      row("imports", unknown.empty(),
          std::to_string(facts.undefined.size()) + " symbols of " + joined(facts.needed),
          "needs " + joined(unknown) +
              ", which neither the system nor a library that it names has; nothing comes from the "
              "host but wick_host_api"),
      forbidden_calls(facts),
      row("unloading", facts.no_delete, "NODELETE", "may be unloaded; link with -Wl,-z,nodelete"),
      row("unique symbols", facts.unique.empty(), "none",
          "has GNU_UNIQUE symbols, " + joined(facts.unique) + "; build with -fno-gnu-unique"),
      row("text relocations", !facts.text_relocations, "none", "has some; build with -fPIC"),
      row("run path", relative.empty(), "no relative part",
          "has relative parts: " + joined(relative))};
}

}  // namespace wick::check
