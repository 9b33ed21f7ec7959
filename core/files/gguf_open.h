// Builds a GgufFile from its parts, checking as it goes. Private to GgufFile::open.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "files/gguf.h"
#include "files/gguf_part.h"
#include "files/gguf_split.h"

namespace wick {

/// Used once: `GgufOpener(layouts).open(path)`. Errors as GgufFile::open.
class GgufOpener {
 public:
  explicit GgufOpener(const TypeLayouts& layouts) : layouts_(layouts) {}
  GgufFile open(const std::string& path);

 private:
  void keep(MappedFile mapping, GgufPart part);
  void open_part(const std::string& path, std::uint32_t number, const GgufSplit& wanted);
  /// Null where nothing known has the type.
  const TypeLayout* layout_of(const std::string& path, const GgufTensorEntry& entry);
  void add_tensors(std::uint32_t part_index);
  void place(GgufTensor& tensor, std::uint64_t offset, const GgufPart& part) const;
  void check_overlap(std::span<const GgufTensor> tensors) const;
  void sort_names();

  const TypeLayouts& layouts_;
  std::map<std::uint32_t, std::optional<TypeLayout>> layouts_by_id_;
  std::vector<GgufPart> parts_;
  GgufFile file_;
};

}  // namespace wick
