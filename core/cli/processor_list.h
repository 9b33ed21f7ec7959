// Lists of processors, as other tools take them. Not for whether they may be used: see
// base/affinity.h.
#pragma once

#include <string_view>
#include <vector>

namespace wick::cli {

/// The processors of a list such as "0-7,16", in its order. Errors: kUsage, `subject` first.
std::vector<int> parse_processors(std::string_view subject, std::string_view text);

}  // namespace wick::cli
