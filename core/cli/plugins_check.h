// `wick plugins check`: runs the SDK's check program on a plugin.
#pragma once

#include <string>
#include <vector>

namespace wick::cli {

/// Runs wick-plugin-check, found beside libwick, with our standard output, and returns its exit
/// code: kExitDone, or kExitFailed where a check failed. Errors: kMissingFile where `file` is not
/// there, kUnavailable without the program, kIo where it cannot be run to its end.
int check_plugin(const std::string& file, const std::vector<std::string>& options);

}  // namespace wick::cli
