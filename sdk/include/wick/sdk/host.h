// The host as a plugin's C++ sees it: log, options, thread pool, registration.
#pragma once

#include <wick/abi/host.h>
#include <wick/sdk/guard.h>

#include <atomic>
#include <optional>
#include <string>

namespace wick {
inline namespace v1 {
namespace sdk {

/// Threads inside one parallel region.
class Team {
 public:
  Team(const wick_host_api* api, wick_team* team, std::uint32_t thread,
       std::uint32_t n_threads) noexcept
      : api_(api), team_(team), thread_(thread), n_threads_(n_threads) {}
  std::uint32_t thread() const noexcept { return thread_; }
  std::uint32_t n_threads() const noexcept { return n_threads_; }
  void barrier() const noexcept {
    if (n_threads_ > 1) api_->pool_barrier(api_->host, team_);
  }

 private:
  const wick_host_api* api_;
  wick_team* team_;
  std::uint32_t thread_, n_threads_;
};

class Host {
 public:
  explicit Host(const wick_host_api* api) noexcept : api_(api) {}
  const wick_host_api* api() const noexcept { return api_; }

  void log(std::uint32_t level, std::string_view text) const noexcept {
    api_->log(api_->host, level, to_str(text));
  }

  std::optional<std::string> option(std::string_view name) const {
    std::uint64_t size = 0;
    if (api_->option(api_->host, to_str(name), nullptr, 0, &size) != WICK_OK) return std::nullopt;
    std::string value(static_cast<std::size_t>(size), '\0');
    if (api_->option(api_->host, to_str(name), value.data(), value.size(), &size) != WICK_OK)
      return std::nullopt;
    return value;
  }

  std::uint32_t n_threads() const noexcept { return api_->pool_threads(api_->host); }

  /// Runs body(const Team&) on every thread of the pool. The body must not throw.
  template <class Body>
  void region(Body& body) const noexcept {
    struct Context {
      const wick_host_api* api;
      Body* body;
    } context{api_, &body};
    api_->pool_region(
        api_->host,
        +[](void* argument, wick_team* team, std::uint32_t thread,
            std::uint32_t n_threads) noexcept {
          auto& c = *static_cast<Context*>(argument);
          (*c.body)(Team(c.api, team, thread, n_threads));
        },
        &context);
  }

  /// body(i) for i in [0, n), each once, handed out as threads become free. The body must not
  /// throw.
  template <class Body>
  void parallel_for(std::uint64_t n, Body body) const noexcept {
    std::atomic<std::uint64_t> next{0};
    auto work = [&](const Team&) noexcept {
      for (std::uint64_t i = next++; i < n; i = next++) body(i);
    };
    region(work);
  }

  void register_provider(const wick_provider& provider) const {
    check([&](wick_error* e) { return api_->register_provider(api_->host, &provider, e); });
  }

 private:
  const wick_host_api* api_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick
