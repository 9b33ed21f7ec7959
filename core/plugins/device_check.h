// What a backend says of its devices when it is asked. Not a test of what they compute.
#pragma once

#include "plugins/plugin_state.h"
#include "plugins/provider.h"

#include <string>
#include <vector>

namespace wick {

struct DeviceReport {
  PluginState state = PluginState::kLoaded;
  std::string sentence;              ///< the devices, or why there is none
  std::string hint;                  ///< what to do; may be empty
  std::vector<std::string> names{};  ///< of the devices, in the order of their numbers
};

/// Never throws for a bad plugin: its failure is kNoDriver or kProbeFailed.
DeviceReport check_devices(const Provider& backend);

}  // namespace wick
