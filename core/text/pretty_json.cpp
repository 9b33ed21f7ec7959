// Boost's own serializer writes 1.5 as 1.5E0 and everything on one line.
#include "text/pretty_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "text/utf8.h"

namespace wick {
namespace {

namespace json = boost::json;

void append_string(std::string& out, std::string_view text) {
  std::string storage;
  out += json::serialize(json::string(repaired_utf8(text, storage)));
}

void append_value(std::string& out, const json::value& value, std::size_t indent);

void append_array(std::string& out, const json::array& array, std::size_t indent) {
  const bool is_plain = std::all_of(array.begin(), array.end(), [](const json::value& item) {
    return !item.is_array() && !item.is_object();
  });
  const std::string gap = is_plain ? " " : "\n" + std::string(indent + 2, ' ');
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    if (i > 0 || !is_plain) out += gap;
    append_value(out, array[i], indent + 2);
  }
  if (!is_plain) out += "\n" + std::string(indent, ' ');
  out += ']';
}

void append_object(std::string& out, const json::object& object, std::size_t indent) {
  if (object.empty()) {
    out += "{}";
    return;
  }
  const char* separator = "{\n";
  for (const auto& [key, value] : object) {
    out += separator + std::string(indent + 2, ' ');
    append_string(out, key);
    out += ": ";
    append_value(out, value, indent + 2);
    separator = ",\n";
  }
  out += "\n" + std::string(indent, ' ') + "}";
}

void append_value(std::string& out, const json::value& value, std::size_t indent) {
  if (value.is_array()) return append_array(out, value.get_array(), indent);
  if (value.is_object()) return append_object(out, value.get_object(), indent);
  if (value.is_string()) return append_string(out, value.get_string());
  if (!value.is_double()) {
    out += json::serialize(value);
    return;
  }
  out += std::isfinite(value.get_double()) ? fmt::format("{}", value.get_double()) : "null";
}

}  // namespace

std::string pretty_json(const boost::json::value& value) {
  std::string out;
  append_value(out, value, 0);
  return out + "\n";
}

}  // namespace wick
