// The key-value part of a model file as an architecture reads it: every number is bounded where it
// is read.
#pragma once

#include <wick/abi/arch.h>
#include <wick/sdk/guard.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

class Metadata {
 public:
  Metadata(const wick_metadata_api* api, const wick_metadata* metadata) noexcept
      : api_(api), metadata_(metadata) {}

  std::optional<std::int64_t> find_integer(const std::string& key) const {
    std::int64_t value = 0;
    return found(api_->get_i64(metadata_, to_str(key), &value), key, "an integer")
               ? std::optional(value)
               : std::nullopt;
  }
  std::optional<double> find_real(const std::string& key) const {
    double value = 0;
    return found(api_->get_f64(metadata_, to_str(key), &value), key, "a number")
               ? std::optional(value)
               : std::nullopt;
  }
  std::optional<std::string> find_string(const std::string& key) const {
    wick_str value{};
    if (!found(api_->get_str(metadata_, to_str(key), &value), key, "a string")) return std::nullopt;
    return std::string(to_view(value));
  }
  std::optional<bool> find_bool(const std::string& key) const {
    std::uint32_t value = 0;
    return found(api_->get_bool(metadata_, to_str(key), &value), key, "a boolean")
               ? std::optional(value != 0)
               : std::nullopt;
  }
  /// Whether the key is there and holds an array.
  bool is_array(const std::string& key) const noexcept {
    std::uint64_t n = 0;
    return api_->get_i64s(metadata_, to_str(key), nullptr, 0, &n) == WICK_OK;
  }
  /// At most max_count numbers.
  std::optional<std::vector<std::int64_t>> find_integers(const std::string& key,
                                                         std::uint64_t max_count) const {
    std::uint64_t n = 0;
    const char* want = "an array of integers";
    if (!found(api_->get_i64s(metadata_, to_str(key), nullptr, 0, &n), key, want))
      return std::nullopt;
    if (n > max_count)
      fail(ErrorCode::kBadFile, key, ": the array has ", n, " numbers, need at most ", max_count);
    std::vector<std::int64_t> values(static_cast<std::size_t>(n));
    if (!found(api_->get_i64s(metadata_, to_str(key), values.data(), n, &n), key, want))
      return std::nullopt;
    return values;
  }

  /// An integer in [low, high]; absent: the fallback, or an error that names the key.
  std::int64_t integer(const std::string& key, std::int64_t low, std::int64_t high,
                       std::optional<std::int64_t> fallback = std::nullopt) const {
    const auto value = find_integer(key);
    if (!value && fallback) return *fallback;
    if (!value)
      fail(ErrorCode::kBadFile, key, ": the key is missing, need an integer from ", low, " to ",
           high);
    if (*value < low || *value > high)
      fail(ErrorCode::kBadFile, key, ": the value is out of range, got ", *value, ", need ", low,
           " to ", high);
    return *value;
  }
  /// A finite number in [low, high].
  double real(const std::string& key, double low, double high,
              std::optional<double> fallback = std::nullopt) const {
    const auto value = find_real(key);
    if (!value && fallback) return *fallback;
    if (!value)
      fail(ErrorCode::kBadFile, key, ": the key is missing, need a number from ", low, " to ",
           high);
    if (!std::isfinite(*value) || *value < low || *value > high)
      fail(ErrorCode::kBadFile, key, ": the value is out of range, got ", *value, ", need ", low,
           " to ", high);
    return *value;
  }

  /// Dimensions of a tensor of the file, outermost first; nothing where it has none of that name.
  std::optional<std::vector<std::uint64_t>> tensor(const std::string& name) const {
    std::uint32_t n = 0;
    std::uint64_t dims[4] = {};
    if (api_->tensor(metadata_, to_str(name), &n, dims) != WICK_OK) return std::nullopt;
    return std::vector<std::uint64_t>(dims, dims + (n < 4 ? n : 4));
  }

 private:
  static bool found(wick_code code, const std::string& key, const char* want) {
    if (code == WICK_OK) return true;
    if (code != WICK_NOT_FOUND)
      fail(ErrorCode::kBadFile, key, ": the value has the wrong type or size, need ", want);
    return false;
  }

  const wick_metadata_api* api_;
  const wick_metadata* metadata_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick
