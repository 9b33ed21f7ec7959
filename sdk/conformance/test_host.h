// The smallest host that a backend can live in: log to standard error, options, a pool of threads
// and TestGraphs. It lets a plugin be tested without libwick; not for anything but tests.
#pragma once

#include "conformance/graph_fixture.h"

#include <wick/abi/host.h>
#include <wick/sdk/guard.h>

#include <dlfcn.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wick::conformance {

class TestHost {
 public:
  explicit TestHost(std::uint32_t n_threads, std::map<std::string, std::string> options = {})
      : n_threads_(n_threads), options_(std::move(options)), api_(sdk::make<wick_host_api>()) {
    api_.abi_major = WICK_ABI_MAJOR;
    api_.abi_minor = WICK_ABI_MINOR;
    api_.host = this;
    api_.log = &TestHost::log;
    api_.option = &TestHost::option;
    api_.register_provider = &TestHost::add;
    api_.pool_threads = +[](void* host) noexcept { return of(host).n_threads_; };
    api_.pool_region = &TestHost::region;
    api_.pool_barrier = &TestHost::barrier;
    api_.graph = graph_api();
  }
  ~TestHost() {
    for (auto p = providers_.rbegin(); p != providers_.rend(); ++p)
      if (p->destroy) p->destroy(p->self);
    if (header_ && header_->shutdown) header_->shutdown(plugin_);
  }
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  const wick_host_api* api() const { return &api_; }

  /// Loads one plugin; it is never unloaded.
  void load(const std::string& path) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) fail(ErrorCode::kUnavailable, path, ": cannot be loaded: ", dlerror());
    header_ = static_cast<const wick_plugin_header*>(dlsym(library, WICK_PLUGIN_SYMBOL));
    if (!header_ || header_->magic != WICK_PLUGIN_MAGIC)
      fail(ErrorCode::kIncompatible, path, ": exports no ", WICK_PLUGIN_SYMBOL);
    sdk::check([&](wick_error* e) { return header_->init(&api_, &plugin_, e); });
  }

  /// Fails where nothing of that kind and id was registered.
  const wick_provider& provider(const std::string& kind, const std::string& id) const {
    for (std::size_t i = 0; i < providers_.size(); ++i)
      if (names_[i] == kind + " " + id) return providers_[i];
    fail(ErrorCode::kUnavailable, "no provider ", kind, " ", id, " was registered");
  }

 private:
  struct Team {
    std::mutex mutex;
    std::condition_variable all_here;
    std::uint32_t n_threads = 1, n_waiting = 0, generation = 0;
  };

  static TestHost& of(void* host) { return *static_cast<TestHost*>(host); }
  static bool& inside_region() {
    static thread_local bool inside = false;
    return inside;
  }
  static void log(void*, std::uint32_t level, wick_str text) noexcept {
    if (level >= WICK_LOG_WARNING)
      dprintf(2, "%.*s\n", static_cast<int>(text.size), text.data);  // some tests have no stderr
  }
  static wick_code option(void* host, wick_str name, char* buffer, std::uint64_t capacity,
                          std::uint64_t* size) noexcept {
    const auto found = of(host).options_.find(std::string(sdk::to_view(name)));
    if (found == of(host).options_.end()) return WICK_NOT_FOUND;
    *size = found->second.size();
    if (capacity > 0)
      found->second.copy(buffer, static_cast<std::size_t>(std::min(capacity, *size)));
    return WICK_OK;
  }
  static wick_code add(void* host, const wick_provider* provider, wick_error* error) noexcept {
    return sdk::guard(error, [&] {
      of(host).providers_.push_back(*provider);
      of(host).names_.push_back(std::string(sdk::to_view(provider->kind)) + " " +
                                std::string(sdk::to_view(provider->id)));
    });
  }
  static void region(void* host, wick_region_body body, void* argument) noexcept {
    Team team;
    auto* handle = reinterpret_cast<wick_team*>(&team);
    if (inside_region()) return body(argument, handle, 0, 1);
    team.n_threads = of(host).n_threads_;
    const auto work = [&](std::uint32_t thread) {
      inside_region() = true;
      body(argument, handle, thread, team.n_threads);
      inside_region() = false;
    };
    std::vector<std::thread> threads;
    for (std::uint32_t i = 1; i < team.n_threads; ++i) threads.emplace_back(work, i);
    work(0);
    for (std::thread& thread : threads) thread.join();
  }
  static void barrier(void*, wick_team* handle) noexcept {
    Team& team = *reinterpret_cast<Team*>(handle);
    std::unique_lock<std::mutex> lock(team.mutex);
    const std::uint32_t generation = team.generation;
    if (++team.n_waiting == team.n_threads) {
      team.n_waiting = 0;
      ++team.generation;
      team.all_here.notify_all();
    } else {
      team.all_here.wait(lock, [&] { return team.generation != generation; });
    }
  }

  std::uint32_t n_threads_;
  std::map<std::string, std::string> options_;
  wick_host_api api_;
  const wick_plugin_header* header_ = nullptr;
  void* plugin_ = nullptr;
  std::vector<wick_provider> providers_;
  std::vector<std::string> names_;
};

}  // namespace wick::conformance
