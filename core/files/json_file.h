// Reads a JSON file of a checkpoint. Boost.JSON stays in sources that include this.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wick {

/// One object, no key in it twice, at any depth. Errors: kBadFile, which names `path`.
boost::json::object parse_json_object(std::string_view text, const std::string& path);

/// The same of a file of at most max_bytes. Errors: kMissingFile too.
boost::json::object read_json_object(const std::string& path, std::uint64_t max_bytes);

}  // namespace wick
