// Finds keys that a JSON object holds twice.
#include "files/json_keys.h"

#include <boost/json/basic_parser_impl.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace wick {
namespace {

// The events of Boost's parser; only objects and their keys matter. Returning false stops the
// parser.
struct KeyHandler {
  using Code = boost::json::error_code;
  using Text = boost::json::string_view;
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_string_part(Text, std::size_t, Code&) { return true; }
  bool on_string(Text, std::size_t, Code&) { return true; }
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code&) { return true; }
  bool on_uint64(std::uint64_t, Text, Code&) { return true; }
  bool on_double(double, Text, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  bool on_object_begin(Code&) {
    open_objects.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    open_objects.pop_back();
    return true;
  }
  bool on_key_part(Text part, std::size_t, Code&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(Text rest, std::size_t, Code& code) {
    key.append(rest.data(), rest.size());
    if (!open_objects.back().insert(key).second) {
      duplicate = key;
      code = boost::json::error::exception;
      return false;
    }
    key.clear();
    return true;
  }

  std::vector<std::set<std::string>> open_objects;
  std::string key;
  std::optional<std::string> duplicate;
};

}  // namespace

std::optional<std::string> find_duplicate_key(std::string_view json) {
  boost::json::basic_parser<KeyHandler> parser{boost::json::parse_options{}};
  boost::json::error_code code;
  parser.write_some(false, json.data(), json.size(), code);
  return parser.handler().duplicate;
}

}  // namespace wick
