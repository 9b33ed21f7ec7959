// The parts of a check, in order. Each runs in a child of its own, but for the first, which loads
// nothing.
#pragma once

#include "provider_checks.h"
#include "report.h"

#include <string>

namespace wick::check {

/// Puts the plugin through every part. Errors: kMissingFile, kBadFile, where there is no library to
/// check.
Report check_plugin(const std::string& library, const Settings& settings);

}  // namespace wick::check
