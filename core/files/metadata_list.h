// Metadata values that were made rather than read from a GGUF file: they own their bytes. Not for
// writing: GgufWriter takes them as they are.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "files/gguf_value.h"

namespace wick {

/// In the order of adding. A key given twice is kBadArgument. Values stay where they are.
class MetadataList {
 public:
  MetadataList() = default;
  MetadataList(const MetadataList&) = delete;
  MetadataList& operator=(const MetadataList&) = delete;

  void add_u32(std::string_view key, std::uint32_t value);
  void add_i64(std::string_view key, std::int64_t value);
  void add_u64(std::string_view key, std::uint64_t value);
  void add_f32(std::string_view key, float value);
  void add_f64(std::string_view key, double value);
  void add_bool(std::string_view key, bool value);
  void add_string(std::string_view key, std::string_view value);
  void add_i32s(std::string_view key, std::span<const std::int32_t> values);
  void add_i64s(std::string_view key, std::span<const std::int64_t> values);
  void add_f32s(std::string_view key, std::span<const float> values);
  void add_f64s(std::string_view key, std::span<const double> values);
  void add_strings(std::string_view key, std::span<const std::string> values);

  /// Null where there is no such key.
  const GgufValue* find(std::string_view key) const noexcept;
  std::size_t size() const noexcept { return entries_.size(); }
  /// visit(const GgufValue&) for each.
  template <class Visit>
  void each(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.value);
  }

 private:
  struct Entry {
    std::string key, bytes;
    GgufValue value;  ///< refers to the two
  };
  void add(std::string_view key, GgufType type, std::string bytes, GgufType element = GgufType::kU8,
           std::uint64_t count = 1);

  std::deque<Entry> entries_;
  std::map<std::string_view, const GgufValue*> by_key_;
};

}  // namespace wick
