// The plugins that we make ourselves, so that one that is not installed can be named. A table from
// known_plugins.json; nothing else in the core knows these names.
#pragma once

#include "plugins/manifest.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

struct KnownPlugin {
  std::string id;
  std::vector<Promise> provides;
  std::map<std::string, std::string> package_hint;
};

const std::vector<KnownPlugin>& known_plugins();

/// "apt install NAME" in the words of this system, from a manifest's "package_hint"; empty where
/// it names no package for this system.
std::string install_hint(const std::map<std::string, std::string>& package_hint);
/// The same for the driver that a backend needs.
std::string driver_hint(const std::map<std::string, std::string>& package_hint);

}  // namespace wick
