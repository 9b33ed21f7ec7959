// Where an architecture writes the GGUF keys that it makes of a checkpoint's config.json.
#pragma once

#include <wick/abi/arch.h>
#include <wick/sdk/guard.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// Lives for one convert(). A key or name that is given twice, or that a file cannot have, is the
/// host's error.
class ConfigSink {
 public:
  explicit ConfigSink(const wick_config_sink* sink) noexcept : sink_(*sink) {}

  void put_integer(const std::string& key, std::int64_t value) const {
    if (value < 0 || value > UINT32_MAX)
      fail(ErrorCode::kBadFile, key, ": the value does not fit, got ", value, ", need 0 to ",
           UINT32_MAX);
    check(sink_.put_u32(sink_.context, to_str(key), static_cast<std::uint32_t>(value)), key);
  }
  void put_real(const std::string& key, double value) const {
    check(sink_.put_f32(sink_.context, to_str(key), static_cast<float>(value)), key);
  }
  void put_bool(const std::string& key, bool value) const {
    check(sink_.put_bool(sink_.context, to_str(key), value ? 1 : 0), key);
  }
  void put_string(const std::string& key, std::string_view value) const {
    check(sink_.put_str(sink_.context, to_str(key), to_str(value)), key);
  }
  void put_integers(const std::string& key, const std::vector<std::int32_t>& values) const {
    check(sink_.put_i32s(sink_.context, to_str(key), values.data(), values.size()), key);
  }
  /// A tensor of one dimension that is not in the checkpoint.
  void put_vector(const std::string& name, const std::vector<float>& values) const {
    check(sink_.put_vector(sink_.context, to_str(name), values.data(), values.size()), name);
  }
  /// Dimensions of a tensor that open() asks for, outermost first.
  void put_shape(const std::string& name, const std::vector<std::uint64_t>& dims) const {
    check(sink_.put_shape(sink_.context, to_str(name), static_cast<std::uint32_t>(dims.size()),
                          dims.data()),
          name);
  }
  /// An optional tensor that the file must not have, though the checkpoint may.
  void leave_out(const std::string& name) const {
    check(sink_.leave_out(sink_.context, to_str(name)), name);
  }

 private:
  static void check(wick_code code, const std::string& what) {
    if (code != WICK_OK) fail(ErrorCode::kCancelled, what, ": the host did not take it");
  }

  const wick_config_sink& sink_;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick
