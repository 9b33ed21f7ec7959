// The bytes of a file of packed weights, in the machine's order:
//
//   header   PackedHeader
//   weights  each at a multiple of 4096, as it lies in memory
//   index    for each: its numbers (PackedRecord), its name, its signature
#pragma once

#include <cstdint>
#include <string_view>

namespace wick::cpu {

inline constexpr char kPackedMagic[8] = {'W', 'I', 'C', 'K', 'P', 'A', 'C', 'K'};
inline constexpr std::uint64_t kPackedAlignment = 4096;

struct PackedHeader {
  char magic[8];
  std::uint32_t version;  ///< kPackedFileVersion
  std::uint32_t n_entries;
  std::uint64_t file_bytes;
  std::uint64_t index_at, index_bytes;  ///< to the end of the file
  std::uint64_t check;                  ///< packed_check of the header with 0 here, and the index
  char wick[32];                        ///< the version of Wick, padded with zeros
  char content[128];                    ///< of which file the weights are; the same
};
static_assert(sizeof(PackedHeader) == 208);

struct PackedRecord {
  std::uint32_t name_bytes, signature_bytes;
  std::uint64_t offset, n_bytes;  ///< of the weight, from the start of the file
};
static_assert(sizeof(PackedRecord) == 24);

/// A check against damage, not against malice.
inline std::uint64_t packed_check(std::string_view bytes, std::uint64_t start) noexcept {
  for (const char c : bytes) start = (start ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return start ^ start >> 32;
}
inline std::uint64_t packed_check(PackedHeader header, std::string_view index) noexcept {
  header.check = 0;
  const std::string_view bytes(reinterpret_cast<const char*>(&header), sizeof header);
  return packed_check(index, packed_check(bytes, 0xcbf29ce484222325u));
}

}  // namespace wick::cpu
