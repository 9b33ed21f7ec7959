// From a file to an initialised plugin, in the order of checks that never runs code too early.
#include "plugins/loaded_plugin.h"

#include "plugins/header_check.h"
#include "plugins/loader.h"

#include <wick/sdk/guard.h>

#include <algorithm>
#include <exception>

namespace wick {
namespace {

// Without noexcept in the type: init() must not throw, but a plugin that was not made with our
// headers may, and then the handler has to exist.
using Init = wick_code (*)(const wick_host_api*, void**, wick_error*);
using Shutdown = void (*)(void*);

const wick_plugin_header& checked_header(const Candidate& candidate) {
  const auto* manifest = candidate.manifest ? &*candidate.manifest : nullptr;
  if (manifest) check_manifest_abi(*manifest);
  const auto& header = candidate.built_in ? *candidate.built_in : open_plugin(candidate.library);
  check_header(header, manifest);
  return header;
}

PluginState state_of(wick_code code, const Candidate& candidate) {
  if (code == WICK_INCOMPATIBLE) return PluginState::kAbiMismatch;
  const bool has_backend =
      candidate.manifest &&
      std::any_of(candidate.manifest->provides.begin(), candidate.manifest->provides.end(),
                  [](const Promise& p) { return p.kind == "backend"; });
  return code == WICK_UNAVAILABLE && has_backend ? PluginState::kNoDriver
                                                 : PluginState::kProbeFailed;
}

std::string sentence_of(wick_error& error) {
  error.message[sizeof error.message - 1] = '\0';
  error.hint[sizeof error.hint - 1] = '\0';
  std::string text = error.message[0] ? error.message : "init() failed without saying why";
  if (error.hint[0]) text += std::string("; ") + error.hint;
  return text;
}

}  // namespace

LoadedPlugin::LoadedPlugin(const Candidate& candidate, const RuntimeOptions& options,
                           ThreadPool& pool)
    : header_(checked_header(candidate)), id_(header_.id), version_(header_.version) {
  host_ = std::make_unique<PluginHost>(id_, candidate.manifest ? &*candidate.manifest : nullptr,
                                       options, pool);
  auto error = sdk::make<wick_error>();
  wick_code code = WICK_INTERNAL;
  try {
    const Init init = header_.init;
    code = init(host_->api(), &context_, &error);
  } catch (const std::exception& e) {
    refuse_plugin(PluginState::kCrashed, "init() threw: ", e.what());
  } catch (...) {
    refuse_plugin(PluginState::kCrashed, "init() threw something that is no std::exception");
  }
  host_->close_registration();
  if (code != WICK_OK) throw PluginError(state_of(code, candidate), sentence_of(error));
}

LoadedPlugin::~LoadedPlugin() {
  host_->destroy_providers();
  const Shutdown shutdown = header_.shutdown;
  if (!shutdown) return;
  static_cast<void>(sdk::guard(nullptr, [&] { shutdown(context_); }));
}

}  // namespace wick
