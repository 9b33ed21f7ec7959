// The host that the checks play: the kit's, with tables of the length of another version, and with
// the metadata and the builder that architectures need.
#pragma once

#include "skew.h"

#include "conformance/test_host.h"

#include <wick/abi/arch.h>

#include <memory>
#include <string>
#include <vector>

namespace wick::check {

/// What a plugin registered; its kind and id copied.
struct Registered {
  std::string kind, id;
  wick_provider provider;
};

class CheckHost {
 public:
  explicit CheckHost(std::uint32_t n_threads);
  /// Destroys the providers, last one first, then calls shutdown().
  ~CheckHost();
  CheckHost(const CheckHost&) = delete;
  CheckHost& operator=(const CheckHost&) = delete;

  /// Opens the library, once in a process. Errors: kUnavailable, kIncompatible.
  static const wick_plugin_header& open(const std::string& path);
  /// Calls init(). Errors: what it reports.
  void init(const wick_plugin_header& header);

  const std::vector<Registered>& registered() const noexcept { return registered_; }
  const conformance::TestHost& kit() const noexcept { return kit_; }

 private:
  static CheckHost& of(void* host) { return *static_cast<CheckHost*>(host); }
  void fill(wick_host_api& api);

  conformance::TestHost kit_;
  Skewed<wick_graph_api> graph_;
  Skewed<wick_builder_api> builder_;
  Skewed<wick_metadata_api> metadata_;
  Skewed<wick_host_api> api_;
  const wick_plugin_header* header_ = nullptr;
  void* plugin_ = nullptr;
  std::vector<Registered> registered_;
};

/// Runs code = call(error) as the host does: with an error of the played version, and with
/// allocations that may fail. Errors: what the plugin reports; kInternal for a failure without a
/// sentence.
template <class Call>
void call_plugin(Call&& call);

}  // namespace wick::check

#include "allocation.h"

namespace wick::check {

template <class Call>
void call_plugin(Call&& call) {
  Skewed<wick_error> error("wick_error");
  wick_code code = WICK_OK;
  {
    const PluginRuns counted;
    code = call(error.get());
  }
  if (code == WICK_OK) return;
  error->message[sizeof error->message - 1] = '\0';
  error->hint[sizeof error->hint - 1] = '\0';
  if (!error->message[0] && breach().empty())
    breach() = "a call failed with code " + std::to_string(code) + " and without a sentence";
  throw Error(static_cast<ErrorCode>(code), error->message, error->hint);
}

}  // namespace wick::check
