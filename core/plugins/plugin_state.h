// The one state that every plugin ends in.
#pragma once

#include <wick/error.h>

#include <optional>
#include <sstream>
#include <string_view>

namespace wick {

enum class PluginState {
  kAvailable,          ///< its manifest is good; nothing asked for it yet
  kLoaded,             ///< its init passed
  kDisabled,           ///< left out: safe mode, or a manifest that cannot be read
  kShadowed,           ///< a folder that comes before has the same id
  kNotInstalled,       ///< known to us, found nowhere
  kMissingDependency,  ///< its library, or one that it needs, is not there
  kAbiMismatch,        ///< needs another host, or is not the library of its manifest
  kInsecure,           ///< others may write its file or a folder above it
  kProbeFailed,        ///< its init, or a question to its device, failed
  kCrashed,            ///< it crashed when it was tried, or let an exception out
  kNoDriver,           ///< a backend that cannot reach its driver
  kNoDevice,           ///< a backend that found no device
  kBuiltIn,            ///< part of the program, and fine; only in rows for people
};

/// "missing-dependency"
std::string_view state_name(PluginState state);
/// The inverse; nothing for a word that is no state.
std::optional<PluginState> state_named(std::string_view name);

/// Why one plugin cannot be used. Caught by the registry, which keeps the state and the sentence.
class PluginError : public Error {
 public:
  PluginError(PluginState state, const std::string& sentence)
      : Error(ErrorCode::kUnavailable, sentence), state_(state) {}
  PluginState state() const noexcept { return state_; }

 private:
  PluginState state_;
};

/// As fail(), with a state.
template <class... Parts>
[[noreturn]] void refuse_plugin(PluginState state, const Parts&... parts) {
  std::ostringstream sentence;
  (sentence << ... << parts);
  throw PluginError(state, sentence.str());
}

}  // namespace wick
