// What a provider must have to be registered: a known kind, a vtable of at least the first size,
// and every function that is not optional.
#pragma once

#include "plugins/provider.h"

#include <wick/abi/host.h>

#include <string>

namespace wick {

/// The names are copied. Errors: kIncompatible (a kind that this host does not know), kBadArgument.
Provider check_provider(const wick_provider& provider, const std::string& plugin);

}  // namespace wick
