// See gguf_json.h.
#include "files/gguf_json.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <string>

namespace wick {
namespace {

namespace json = boost::json;

// One scalar, or one element of an array seen as a scalar.
json::value scalar_json(const GgufValue& value) {
  if (value.type == GgufType::kString) return json::string(value.as_string());
  if (value.type == GgufType::kBool) return value.as_bool();
  if (is_gguf_float(value.type)) {
    const double number = value.as_f64();
    // The shortest text of a float, not of the double that it widens to: 1e-05, not 9.99999974e-06.
    if (value.type == GgufType::kF32)
      return std::stod(fmt::format("{}", static_cast<float>(number)));
    return number;
  }
  if (value.type == GgufType::kU64) return value.as_u64();
  return value.as_i64();
}

json::array array_json(const GgufValue& value) {
  json::array result;
  result.reserve(static_cast<std::size_t>(value.count));
  if (value.element == GgufType::kString) {
    for (const std::string_view text : value.as_strings()) result.emplace_back(text);
    return result;
  }
  const std::size_t width = gguf_type_bytes(value.element);
  for (std::uint64_t i = 0; i < value.count; ++i) {
    GgufValue element;
    element.key = value.key;
    element.type = value.element;
    element.bytes = value.bytes.subspan(static_cast<std::size_t>(i) * width, width);
    result.push_back(scalar_json(element));
  }
  return result;
}

}  // namespace

boost::json::value gguf_json(const GgufValue& value) {
  if (value.type != GgufType::kArray) return scalar_json(value);
  return array_json(value);
}

}  // namespace wick
