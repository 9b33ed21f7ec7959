// What must hold before anything of a plugin is called.
#pragma once

#include "plugins/manifest.h"

#include <wick/abi/base.h>

namespace wick {

/// Errors: PluginError with kAbiMismatch; the sentence has the library as its subject already left
/// out ("needs host ABI 1.4, this is 1.0").
void check_manifest_abi(const Manifest& manifest);

/// `manifest` is null for an explicit library. Errors: as above.
void check_header(const wick_plugin_header& header, const Manifest* manifest);

}  // namespace wick
