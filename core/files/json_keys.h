// Finds keys that a JSON object holds twice, which Boost.JSON resolves silently. Not a parser for
// anything else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wick {

/// The first key that is twice in one object, at any depth; nothing where all are unique, or where
/// `json` is malformed.
std::optional<std::string> find_duplicate_key(std::string_view json);

}  // namespace wick
