// What a program makes once: the thread pool and the plugins.
#pragma once

#include "base/thread_pool.h"
#include "plugins/registry.h"

namespace wick {

/// Plugins are shut down when it ends, before the threads are.
class Runtime {
 public:
  explicit Runtime(const RuntimeOptions& options)
      : pool_(options.n_threads, options.processors), registry_(options, pool_) {}

  ThreadPool& pool() noexcept { return pool_; }
  Registry& registry() noexcept { return registry_; }

 private:
  ThreadPool pool_;
  Registry registry_;
};

}  // namespace wick
