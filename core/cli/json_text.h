// JSON as the program prints it. Not a parser.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace wick::cli {

/// Two spaces an indent; lists of plain values stay on one line. Numbers are the shortest that read
/// back the same; NaN and infinities become null; bytes that are no UTF-8 become U+FFFD. Ends with
/// a newline.
std::string json_text(const boost::json::value& value);

}  // namespace wick::cli
