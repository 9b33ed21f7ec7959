// A file of packed weights, as `--packed-cache` keeps them: found again by name and layout, mapped
// read-only. Not for deciding when one is written (packed_cache.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "layout.h"

namespace wick::cpu {

/// Raised with every change of the packed layout that `signature` does not show.
inline constexpr std::uint32_t kPackedFileVersion = 1;

/// Everything that says how the bytes of a weight are to be read, but for the instruction set,
/// which changes nothing.
std::string signature(const Layout& layout);

struct PackedEntry {
  std::string name, signature;
  const std::uint8_t* data;
  std::uint64_t n_bytes;
};

/// From any thread. The bytes live as long as this.
class PackedFile {
 public:
  /// Null where there is no file. Every number in it is checked; one that is damaged, of another
  /// version or content, or that others may write to, is kBadFile. Its weights are not read.
  static std::shared_ptr<const PackedFile> open(const std::string& path,
                                                const std::string& content);
  ~PackedFile();
  PackedFile(const PackedFile&) = delete;
  PackedFile& operator=(const PackedFile&) = delete;

  /// n_bytes bytes, or null where the file has no weight of that name and signature.
  const std::uint8_t* find(const std::string& name, const std::string& signature,
                           std::uint64_t n_bytes) const noexcept;

 private:
  struct Place {
    std::string_view signature;
    std::uint64_t offset, n_bytes;
  };
  PackedFile() = default;
  void map(const std::string& path, int descriptor);
  void read(const std::string& path, const std::string& content);
  void read_index(const std::string& path, std::string_view index, std::uint64_t n_entries,
                  std::uint64_t data_end);

  const std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::map<std::string, Place, std::less<>> places_;
};

/// Writes beside `path`, then renames: a reader sees the whole file, the one before, or none.
/// Throws kIo; `path` is then as it was.
void write_packed_file(const std::string& path, const std::string& content,
                       const std::vector<PackedEntry>& entries);

}  // namespace wick::cpu
