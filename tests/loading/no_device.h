// Whether a backend has a device here: what needs one is skipped without. Not for what it can do.
#pragma once

#include <string>

#include "plugins/registry.h"

namespace wick {

/// "no vulkan device: " and why; empty where one can be used.
std::string no_device(Registry& registry, const std::string& backend);

}  // namespace wick
