// The runtime of this program's tests: plugins of the build tree, and no others.
#pragma once

#include "graph/host_tables.h"
#include "plugins/runtime.h"

namespace wick {

inline RuntimeOptions test_runtime_options(std::uint32_t n_threads) {
  RuntimeOptions options;
  options.n_threads = n_threads;
  options.tables = host_tables();
  options.directories = std::vector<SearchDirectory>{{WICK_TEST_PLUGIN_DIR, true}};
  return options;
}

}  // namespace wick
