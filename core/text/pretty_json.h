// JSON as people read it too. Not a parser.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace wick {

/// Two spaces an indent; lists of plain values stay on one line. Numbers are the shortest that read
/// back the same; NaN and infinities become null; bytes that are no UTF-8 become U+FFFD. Ends with
/// a newline.
std::string pretty_json(const boost::json::value& value);

}  // namespace wick
