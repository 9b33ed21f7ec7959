// A runtime with the plugins of this build, one thread, for benchmarks.
#pragma once

#include "graph/host_tables.h"
#include "plugins/runtime.h"

namespace wick {

inline RuntimeOptions bench_options(std::uint32_t n_threads = 1) {
  RuntimeOptions options;
  options.n_threads = n_threads;
  options.tables = host_tables();
  options.directories = std::vector<SearchDirectory>{{WICK_PLUGIN_DIR, true}};
  return options;
}

}  // namespace wick
