// JSON to metadata.
#include "metadata_file.h"

#include <wick/error.h>

#include <boost/json.hpp>

#include <fstream>
#include <iterator>

namespace wick::check {
namespace {

namespace json = boost::json;

MetadataValue list_of(const json::array& list, const std::string& where) {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  for (const json::value& value : list) {
    if (!value.is_number()) fail(ErrorCode::kBadFile, where, ": need numbers in a list");
    if (value.is_int64()) integers.push_back(value.get_int64());
    reals.push_back(value.to_number<double>());
  }
  if (integers.size() == reals.size()) return integers;
  return reals;
}

MetadataValue value_of(const json::value& value, const std::string& where) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) return value.get_double();
  if (value.is_bool()) return value.get_bool();
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_array()) return list_of(value.get_array(), where);
  fail(ErrorCode::kBadFile, where, ": need a number, a text, true, false or a list of numbers");
}

void add_tensors(const json::value& value, const std::string& file, SampleModel& model) {
  if (!value.is_object()) fail(ErrorCode::kBadFile, file, ": need an object \"tensors\"");
  for (const auto& entry : value.get_object()) {
    const std::string name(entry.key());
    auto& dims = model.tensors[name];
    dims.clear();
    if (!entry.value().is_array())
      fail(ErrorCode::kBadFile, file, ": ", name, ": need a list of dimensions");
    for (const json::value& dim : entry.value().get_array()) {
      if (!dim.is_int64() || dim.get_int64() < 1 || dims.size() == 4)
        fail(ErrorCode::kBadFile, file, ": ", name, ": need up to 4 dimensions above 0");
      dims.push_back(static_cast<std::uint64_t>(dim.get_int64()));
    }
  }
}

}  // namespace

void add_metadata(const std::string& file, SampleModel& model) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(ErrorCode::kMissingFile, file, ": cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object())
    fail(ErrorCode::kBadFile, file, ": need a JSON object of keys, ", error.message());
  for (const auto& entry : value.get_object()) {
    const std::string key(entry.key());
    if (key == "tensors")
      add_tensors(entry.value(), file, model);
    else
      model.keys[key] = value_of(entry.value(), file + ": " + key);
  }
}

}  // namespace wick::check
