// Runtimes whose backends a test knows: the CPU, alone or beside another. Not a test.
#pragma once

#include <string>

#include "test_runtime.h"

namespace wick {

/// The CPU, LLaMA models and formats, and no other plugin of the build tree.
inline RuntimeOptions cpu_options() {
  RuntimeOptions options = test_runtime_options(2);
  options.directories = std::vector<SearchDirectory>{};
  for (const char* name : {"backend-cpu", "arch-llama", "quant"})
    options.plugin_files.push_back(std::string(WICK_TEST_PLUGIN_DIR "/libwick-") + name + ".so");
  return options;
}

/// And a module of the tests.
inline RuntimeOptions beside_cpu(const std::string& module) {
  RuntimeOptions options = cpu_options();
  options.plugin_files.push_back(WICK_TEST_BINARY_DIR "/tests/modules/" + module + ".so");
  return options;
}

/// The backend with several devices; `ids`: see twin_plugin.cpp.
inline RuntimeOptions twin_options(const std::string& ids = "twin-a twin-b") {
  RuntimeOptions options = beside_cpu("twin");
  options.options["twin.ids"] = ids;
  return options;
}

}  // namespace wick
