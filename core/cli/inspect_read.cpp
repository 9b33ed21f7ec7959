// Fills the report of `wick inspect` from a file.
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "cli/inspect_report.h"
#include "cli/table.h"
#include "files/gguf.h"
#include "files/safetensors.h"

namespace wick::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShownCharacters = 96;
constexpr std::uint64_t kMostShownElements = 6;

std::string shortened(std::string_view text) {
  // Cut before escaping, so that no escape is cut in two; a character cut in two shows as bytes.
  const bool is_long = text.size() > kMostShownCharacters;
  return escaped(text.substr(0, kMostShownCharacters)) + (is_long ? "..." : "");
}

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

std::string scalar_text(const json::value& value) {
  if (value.is_string()) return shortened(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_double()) return fmt::format("{}", value.get_double());
  if (value.is_uint64()) return fmt::format("{}", value.get_uint64());
  return fmt::format("{}", value.get_int64());
}

InspectedKey inspected(const GgufValue& value) {
  InspectedKey key{std::string(value.key), std::string(gguf_type_name(value.type)), {}, {}};
  if (value.type != GgufType::kArray) {
    key.value = scalar_json(value);
    key.text = scalar_text(key.value);
    return key;
  }
  key.type = fmt::format("{}[{}]", gguf_type_name(value.element), value.count);
  json::array elements = array_json(value);
  for (std::size_t i = 0; i < elements.size() && i < kMostShownElements; ++i)
    key.text += (i > 0 ? ", " : "") + scalar_text(elements[i]);
  if (elements.size() > kMostShownElements) key.text += ", ...";
  key.value = std::move(elements);
  return key;
}

}  // namespace

InspectReport report_of(const GgufFile& file) {
  InspectReport report{file.path(), "gguf", file.version(), file.parts().size(), file.file_bytes(),
                       {},          {}};
  for (const GgufValue& value : file.metadata()) report.metadata.push_back(inspected(value));
  for (const GgufTensor& tensor : file.tensors()) {
    InspectedTensor row;
    row.name = tensor.name;
    row.type = tensor.type_name;
    row.type_id = tensor.type_id;
    row.shape.assign(tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims);
    row.n_values = tensor.n_values;
    row.n_bytes = tensor.n_bytes;
    row.part = tensor.part;
    row.offset = tensor.offset;
    report.tensors.push_back(std::move(row));
  }
  return report;
}

InspectReport report_of(const SafetensorsFile& file) {
  InspectReport report{file.path(), "safetensors", {}, file.parts().size(), 0, {}, {}};
  for (const MappedFile& part : file.parts()) report.file_bytes += part.size();
  for (const auto& [key, text] : file.metadata())
    report.metadata.push_back({key, "string", shortened(text), json::string(text)});
  for (const SafeTensor& tensor : file.tensors())
    report.tensors.push_back({tensor.name,
                              tensor.dtype,
                              {},
                              tensor.shape,
                              tensor.n_values,
                              tensor.data.size(),
                              tensor.part,
                              tensor.offset});
  return report;
}

}  // namespace wick::cli
