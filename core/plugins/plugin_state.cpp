// The names of the states, as `wick plugins` prints them.
#include "plugins/plugin_state.h"

namespace wick {

std::string_view state_name(PluginState state) {
  switch (state) {
    case PluginState::kAvailable:
      return "available";
    case PluginState::kLoaded:
      return "loaded";
    case PluginState::kDisabled:
      return "disabled";
    case PluginState::kShadowed:
      return "shadowed";
    case PluginState::kNotInstalled:
      return "not-installed";
    case PluginState::kMissingDependency:
      return "missing-dependency";
    case PluginState::kAbiMismatch:
      return "abi-mismatch";
    case PluginState::kInsecure:
      return "insecure";
    case PluginState::kProbeFailed:
      return "probe-failed";
    case PluginState::kCrashed:
      return "crashed";
    case PluginState::kNoDriver:
      return "no-driver";
    case PluginState::kNoDevice:
      return "no-device";
    case PluginState::kBuiltIn:
      return "built-in";
  }
  return "unknown";
}

std::optional<PluginState> state_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(PluginState::kBuiltIn); ++i)
    if (state_name(static_cast<PluginState>(i)) == name) return static_cast<PluginState>(i);
  return std::nullopt;
}

}  // namespace wick
