// Runtimes with the test's backend of several devices beside the CPU. Not a test.
#pragma once

#include "test_runtime.h"

namespace wick {

/// `ids`: see twin_plugin.cpp. Without directories the backend is alone.
inline RuntimeOptions twin_options(const std::string& ids = "twin-a twin-b") {
  RuntimeOptions options = test_runtime_options(2);
  options.plugin_files = {WICK_TEST_BINARY_DIR "/tests/modules/twin.so"};
  options.options["twin.ids"] = ids;
  return options;
}

}  // namespace wick
