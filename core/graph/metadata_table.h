// Metadata as architecture plugins read it, whatever it comes from: a model file, a checkpoint's
// config, or keys that were made from one.
#pragma once

#include <wick/abi/arch.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "files/gguf.h"

namespace wick {

/// What the look-ups of the contract go to. Values live as long as it does.
class MetadataSource {
 public:
  virtual ~MetadataSource() = default;
  /// Null where there is no such key.
  virtual const GgufValue* find(std::string_view key) const = 0;
  /// Dimensions, outermost first; nothing where there is no such tensor.
  virtual std::optional<std::vector<std::uint64_t>> tensor(std::string_view name) const = 0;
};

/// A model file, which must outlive it.
class FileMetadata final : public MetadataSource {
 public:
  explicit FileMetadata(const GgufFile& file) noexcept : file_(file) {}
  const GgufValue* find(std::string_view key) const override { return file_.find(key); }
  std::optional<std::vector<std::uint64_t>> tensor(std::string_view name) const override;

 private:
  const GgufFile& file_;
};

const wick_metadata* to_abi(const MetadataSource& source) noexcept;
const wick_metadata_api& metadata_api() noexcept;

}  // namespace wick
