// The tensor types that a file binds itself.
#include "files/gguf_local_types.h"

#include <wick/error.h>

#include <algorithm>
#include <string>

#include "files/quoted.h"

namespace wick {
namespace {

// Far above any block in use, and small enough that no product of a few of them overflows.
constexpr std::uint64_t kMaxBlockValues = 1 << 16;
constexpr std::uint64_t kMaxBlockBytes = 1 << 20;
constexpr std::size_t kMaxNameBytes = 255;

void check_type(const GgufFile& file, const GgufLocalType& type) {
  const auto bad = [&](const char* what, auto got, const auto&... need) {
    fail(ErrorCode::kBadFile, file.path(), ": tensor type ", type.id, ": ", what, ", got ", got,
         ", need ", need...);
  };
  if (type.id < kFirstLocalTypeId)
    bad("its id belongs to the format's own list", type.id, kFirstLocalTypeId, " or more");
  if (type.layout.name.empty() || type.layout.name.size() > kMaxNameBytes)
    bad("its name has a wrong length", type.layout.name.size(), "1 to ", kMaxNameBytes, " bytes");
  if (type.layout.block_values == 0 || type.layout.block_values > kMaxBlockValues)
    bad("its block has a wrong number of values", type.layout.block_values, "1 to ",
        kMaxBlockValues);
  if (type.layout.block_bytes == 0 || type.layout.block_bytes > kMaxBlockBytes)
    bad("its block has a wrong number of bytes", type.layout.block_bytes, "1 to ", kMaxBlockBytes);
}

void check_unique(const GgufFile& file, const std::vector<GgufLocalType>& types) {
  for (std::size_t i = 1; i < types.size(); ++i)
    if (types[i].id == types[i - 1].id)
      fail(ErrorCode::kBadFile, file.path(), ": tensor type ", types[i].id, " is there twice in '",
           kLocalTypeIds, "', need each id once");
  std::vector<std::string_view> names;
  for (const GgufLocalType& type : types) names.push_back(type.layout.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    fail(ErrorCode::kBadFile, file.path(), ": tensor type ", quoted(*twice), " is there twice in '",
         kLocalTypeNames, "', need each name once");
}

}  // namespace

std::vector<GgufLocalType> read_local_types(const GgufFile& file) {
  std::vector<GgufLocalType> types;
  bool has_any = false;
  for (const char* key :
       {kLocalTypeIds, kLocalTypeNames, kLocalTypeBlockValues, kLocalTypeBlockBytes})
    has_any = has_any || file.find(key) != nullptr;
  if (!has_any) return types;
  const auto ids = file.need_numbers<std::uint32_t>(kLocalTypeIds);
  const GgufStrings names = file.need_strings(kLocalTypeNames);
  const auto values = file.need_numbers<std::uint64_t>(kLocalTypeBlockValues);
  const auto bytes = file.need_numbers<std::uint64_t>(kLocalTypeBlockBytes);
  if (names.size() != ids.size() || values.size() != ids.size() || bytes.size() != ids.size())
    fail(ErrorCode::kBadFile, file.path(),
         ": the arrays 'wick.tensor_type.*' have different lengths, got ", ids.size(), " ids, ",
         names.size(), " names, ", values.size(), " block_values and ", bytes.size(),
         " block_bytes, need the same number of each");
  auto name = names.begin();
  for (std::size_t i = 0; i < ids.size(); ++i, ++name) {
    types.push_back({ids[i], {std::string(*name), values[i], bytes[i]}});
    check_type(file, types.back());
  }
  std::sort(types.begin(), types.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  check_unique(file, types);
  return types;
}

}  // namespace wick
