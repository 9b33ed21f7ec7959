// See checkpoint_config.h.
#include "quantize/checkpoint_config.h"

#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

#include "files/quoted.h"

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxKeys = 1 << 18;

/// Every element as a number of this kind; nothing where one is something else.
template <class T, class Read>
std::vector<T> all_of(const json::array& list, Read read) {
  std::vector<T> values;
  for (const json::value& item : list) {
    const auto value = read(item);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

std::optional<std::int64_t> integer_in(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? 1 : 0;
  return value.is_int64() ? std::optional(value.get_int64()) : std::nullopt;
}

std::optional<double> real_in(const json::value& value) {
  if (value.is_double()) return value.get_double();
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  return std::nullopt;
}

}  // namespace

CheckpointConfig::CheckpointConfig(const json::object& config, const SafetensorsFile& tensors,
                                   const std::string& subject)
    : tensors_(tensors), subject_(subject) {
  for (const auto& [key, value] : config) add(std::string(key), value);
}

void CheckpointConfig::add(const std::string& key, const json::value& value) {
  if (values_.size() >= kMaxKeys)
    fail(ErrorCode::kBadFile, subject_, ": has too many keys, need at most ", kMaxKeys);
  // "a.b" may stand beside {"a": {"b": ...}}: no config does so, and only one could be meant.
  if (values_.find(key))
    fail(ErrorCode::kBadFile, subject_, ": ", wick::quoted(key),
         " is there twice, need each name once");
  if (value.is_object())
    for (const auto& [name, inner] : value.get_object()) add(key + "." + std::string(name), inner);
  else if (value.is_array())
    add_list(key, value.get_array());
  else if (value.is_string())
    values_.add_string(key, std::string(value.get_string()));
  else if (value.is_bool())
    values_.add_bool(key, value.get_bool());
  else if (value.is_int64())
    values_.add_i64(key, value.get_int64());
  else if (value.is_uint64())
    values_.add_u64(key, value.get_uint64());
  else if (value.is_double())
    values_.add_f64(key, value.get_double());
}

void CheckpointConfig::add_list(const std::string& key, const json::array& list) {
  if (const auto integers = all_of<std::int64_t>(list, integer_in); !integers.empty())
    return values_.add_i64s(key, integers);
  if (const auto reals = all_of<double>(list, real_in); !reals.empty())
    return values_.add_f64s(key, reals);
  for (std::size_t i = 0; i < list.size(); ++i) add(key + "." + std::to_string(i), list[i]);
}

std::optional<std::vector<std::uint64_t>> CheckpointConfig::tensor(std::string_view name) const {
  const SafeTensor* tensor = tensors_.find_tensor(name);
  return tensor ? std::optional(tensor->shape) : std::nullopt;
}

}  // namespace wick
