// Reading: everything is checked before anything is used. Codes and scales may hold any bits: none
// of them makes a kernel leave its memory.
#include "packed_file.h"

#include <wick/error.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "packed_file_format.h"

namespace wick::cpu {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

template <class... Parts>
[[noreturn]] void refuse(const std::string& path, const Parts&... parts) {
  fail(ErrorCode::kBadFile, path, ": ", parts...);
}

/// Reads in order, never behind the end.
struct Cursor {
  const std::string& path;
  std::string_view bytes;

  std::string_view take(std::uint64_t n) {
    if (n > bytes.size()) refuse(path, "its index is cut");
    const std::string_view taken = bytes.substr(0, n);
    bytes.remove_prefix(n);
    return taken;
  }
  PackedRecord record() {
    PackedRecord record;
    std::memcpy(&record, take(sizeof record).data(), sizeof record);
    return record;
  }
};

bool holds(const char* field, std::size_t capacity, std::string_view text) {
  return std::string_view(field, strnlen(field, capacity)) == text;
}

}  // namespace

std::string signature(const Layout& layout) {
  std::string text;
  const auto add = [&](auto... numbers) {
    for (const std::int64_t n : {static_cast<std::int64_t>(numbers)...})
      text.append(reinterpret_cast<const char*>(&n), sizeof n);
  };
  const wick_storage_class& c = layout.storage;
  const Packed& p = layout.packed;
  add(static_cast<int>(layout.element), layout.n_rows, layout.n_cols, layout.padded_cols,
      layout.tile_bytes, layout.total_bytes, layout.plain_type, layout.has_class, layout.has_table);
  add(c.code_bits, c.group_values, c.super_values, c.scale_type, c.has_min, c.sub_scale_bits,
      c.sub_scale_low, c.sub_min_bits, c.sub_min_low, c.zero_point);
  add(p.plane_bits, p.high_bits, p.units_per_chunk, p.shares_byte, p.mins_at, p.sub_scales_at,
      p.sub_mins_at, p.codes_at, p.unit_bytes, p.chunk_bytes);
  if (layout.has_table)
    text.append(reinterpret_cast<const char*>(layout.table.data()),
                (std::size_t{1} << c.code_bits) * sizeof(float));
  return text;
}

std::shared_ptr<const PackedFile> PackedFile::open(const std::string& path,
                                                   const std::string& content) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.number < 0) {
    if (errno == ENOENT) return nullptr;
    refuse(path, "cannot be opened: ", std::strerror(errno));
  }
  std::shared_ptr<PackedFile> made(new PackedFile);
  made->map(path, file.number);
  made->read(path, content);
  return made;
}

PackedFile::~PackedFile() {
  if (data_) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

void PackedFile::map(const std::string& path, int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) refuse(path, "cannot be examined");
  if (!S_ISREG(status.st_mode)) refuse(path, "is no regular file");
  const bool is_ours = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (!is_ours || (status.st_mode & (S_IWGRP | S_IWOTH)))
    refuse(path, "others could have written to it");
  if (status.st_size < static_cast<off_t>(sizeof(PackedHeader))) refuse(path, "it is cut");
  size_ = static_cast<std::uint64_t>(status.st_size);
  void* data = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
  if (data == MAP_FAILED) refuse(path, "cannot be mapped: ", std::strerror(errno));
  data_ = static_cast<const std::uint8_t*>(data);
}

void PackedFile::read(const std::string& path, const std::string& content) {
  PackedHeader header;
  std::memcpy(&header, data_, sizeof header);
  if (std::memcmp(header.magic, kPackedMagic, sizeof kPackedMagic) != 0)
    refuse(path, "is no file of packed weights");
  if (header.version != kPackedFileVersion ||
      !holds(header.wick, sizeof header.wick, WICK_PLUGIN_VERSION))
    refuse(path, "was written by another version");
  if (header.file_bytes != size_ || header.index_at < sizeof header || header.index_at > size_ ||
      header.index_bytes != size_ - header.index_at)
    refuse(path, "it is cut, or its sizes are wrong");
  const std::string_view index(reinterpret_cast<const char*>(data_) + header.index_at,
                               header.index_bytes);
  if (header.check != packed_check(header, index)) refuse(path, "its check sum is wrong");
  if (!holds(header.content, sizeof header.content, content)) refuse(path, "is of another model");
  read_index(path, index, header.n_entries, header.index_at);
  // Only a hint: reading begins before the first weight is asked for.
  static_cast<void>(::madvise(const_cast<std::uint8_t*>(data_), size_, MADV_WILLNEED));
}

void PackedFile::read_index(const std::string& path, std::string_view index,
                            std::uint64_t n_entries, std::uint64_t data_end) {
  Cursor cursor{path, index};
  for (std::uint64_t i = 0; i < n_entries; ++i) {
    const PackedRecord record = cursor.record();
    const std::string_view name = cursor.take(record.name_bytes);
    const std::string_view signature = cursor.take(record.signature_bytes);
    if (record.offset % kPackedAlignment != 0 || record.offset > data_end ||
        record.n_bytes > data_end - record.offset)
      refuse(path, "a weight of it lies outside");
    if (!places_.emplace(name, Place{signature, record.offset, record.n_bytes}).second)
      refuse(path, "it has a weight twice");
  }
  if (!cursor.bytes.empty()) refuse(path, "its index is too long");
}

const std::uint8_t* PackedFile::find(const std::string& name, const std::string& signature,
                                     std::uint64_t n_bytes) const noexcept {
  const auto at = places_.find(name);
  if (at == places_.end() || at->second.signature != signature || at->second.n_bytes != n_bytes)
    return nullptr;
  return data_ + at->second.offset;
}

}  // namespace wick::cpu
