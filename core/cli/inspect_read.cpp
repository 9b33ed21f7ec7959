// Fills the report of `wick inspect` from a file.
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "cli/inspect_report.h"
#include "cli/table.h"
#include "files/gguf.h"
#include "files/gguf_json.h"
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
    key.value = gguf_json(value);
    key.text = scalar_text(key.value);
    return key;
  }
  key.type = fmt::format("{}[{}]", gguf_type_name(value.element), value.count);
  json::array elements = gguf_json(value).as_array();
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
