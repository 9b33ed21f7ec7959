// Whether devices compute what they should, in the child of a probe. A few milliseconds of work,
// for drivers that crash, hang or are plainly wrong: not the conformance kit, which has it all.
#pragma once

#include "plugins/plugin_state.h"
#include "plugins/provider.h"

#include <functional>
#include <string>

namespace wick {

struct DeviceTestReport {
  PluginState state = PluginState::kAvailable;
  std::string sentence;  ///< which device, and what differs
  bool keep = true;      ///< false: another start may well go otherwise
};

/// A product, and attention over a state that is read, written and copied in between, on each
/// device that can run them. `announce` gets every step before it is taken. The plugin must have
/// conformance::graph_api() for its graphs. Errors: what device_info() and supports() report.
DeviceTestReport test_devices(const Provider& backend,
                              const std::function<void(const std::string&)>& announce);

}  // namespace wick
