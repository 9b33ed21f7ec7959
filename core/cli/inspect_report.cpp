// The report of `wick inspect` as text and as JSON.
#include "cli/inspect_report.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>

#include "base/bytes_text.h"
#include "cli/table.h"

namespace wick::cli {
namespace {

namespace json = boost::json;

std::string type_text(const InspectedTensor& tensor) {
  if (!tensor.type.empty()) return escaped(tensor.type);
  return fmt::format("type {}", tensor.type_id.value_or(0));
}

std::string shape_text(const InspectedTensor& tensor) {
  return tensor.shape.empty() ? "scalar" : fmt::format("{}", fmt::join(tensor.shape, " x "));
}

struct TypeTotal {
  std::uint64_t n_tensors = 0, n_values = 0;
  std::optional<std::uint64_t> n_bytes = 0;  ///< nothing: of an unknown type
};

std::map<std::string, TypeTotal> totals_of(const InspectReport& report) {
  std::map<std::string, TypeTotal> totals;
  for (const InspectedTensor& tensor : report.tensors) {
    TypeTotal& total = totals[type_text(tensor)];
    ++total.n_tensors;
    total.n_values += tensor.n_values;
    if (!tensor.n_bytes) total.n_bytes.reset();
    if (total.n_bytes) *total.n_bytes += *tensor.n_bytes;
  }
  return totals;
}

std::string optional_bytes(const std::optional<std::uint64_t>& bytes) {
  return bytes ? bytes_text(*bytes) : "unknown";
}

json::value optional_number(const std::optional<std::uint64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

}  // namespace

std::string report_text(const InspectReport& report) {
  std::string text = fmt::format("{}: {}{}, {}, {} tensors\n", escaped(report.path), report.format,
                                 report.version ? fmt::format(" version {}", *report.version) : "",
                                 bytes_text(report.file_bytes), report.tensors.size());
  if (report.n_parts > 1) text += fmt::format("{} files\n", report.n_parts);
  std::vector<std::vector<std::string>> keys, tensors, totals;
  for (const InspectedKey& key : report.metadata)
    keys.push_back({escaped(key.key), key.type, key.text});
  for (const InspectedTensor& tensor : report.tensors)
    tensors.push_back({escaped(tensor.name), type_text(tensor), shape_text(tensor),
                       optional_bytes(tensor.n_bytes), fmt::format("{}", tensor.offset)});
  for (const auto& [type, total] : totals_of(report))
    totals.push_back({type, fmt::format("{}", total.n_tensors), fmt::format("{}", total.n_values),
                      optional_bytes(total.n_bytes)});
  text += "\n" + table_text({{"key"}, {"type"}, {"value"}}, keys);
  text += "\n" +
          table_text({{"tensor"}, {"type"}, {"shape"}, {"size", true}, {"offset", true}}, tensors);
  text +=
      "\n" + table_text({{"type"}, {"tensors", true}, {"values", true}, {"size", true}}, totals);
  return text;
}

json::value report_json(const InspectReport& report) {
  json::object metadata;
  for (const InspectedKey& key : report.metadata) metadata[key.key] = key.value;
  json::array tensors;
  for (const InspectedTensor& tensor : report.tensors) {
    json::object row;
    row["name"] = tensor.name;
    row["type"] = tensor.type.empty() ? json::value(nullptr) : json::value(tensor.type);
    if (tensor.type_id) row["type_id"] = *tensor.type_id;
    row["shape"] = json::array(tensor.shape.begin(), tensor.shape.end());
    row["n_values"] = tensor.n_values;
    row["n_bytes"] = optional_number(tensor.n_bytes);
    row["part"] = tensor.part;
    row["offset"] = tensor.offset;
    tensors.push_back(std::move(row));
  }
  json::object totals;
  for (const auto& [type, total] : totals_of(report))
    totals[type] = json::object{{"n_tensors", total.n_tensors},
                                {"n_values", total.n_values},
                                {"n_bytes", optional_number(total.n_bytes)}};
  json::object result;
  result["file"] = report.path;
  result["format"] = report.format;
  if (report.version) result["version"] = *report.version;
  result["n_parts"] = report.n_parts;
  result["file_bytes"] = report.file_bytes;
  result["metadata"] = std::move(metadata);
  result["tensors"] = std::move(tensors);
  result["types"] = std::move(totals);
  return result;
}

}  // namespace wick::cli
