// Reads the dynamic section by the program headers, as the loader does. The file may be damaged:
// every offset is checked against its size.
#include "plugins/elf_needs.h"

#include "base/mapped_file.h"

#include <elf.h>

#include <cstring>
#include <optional>
#include <span>

namespace wick {
namespace {

class ElfFile {
 public:
  explicit ElfFile(std::span<const std::byte> bytes) : bytes_(bytes) {
    const auto header = read<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != kOurData ||
        header->e_phentsize != sizeof(Elf64_Phdr))
      return;
    for (std::uint32_t i = 0; i < header->e_phnum; ++i)
      if (const auto segment = read<Elf64_Phdr>(header->e_phoff, i)) segments_.push_back(*segment);
  }

  std::vector<std::string> needed() const {
    std::vector<std::string> names;
    const auto strings = dynamic(DT_STRTAB);
    if (strings.empty()) return names;
    const auto table = file_offset(strings[0]);
    if (!table) return names;
    for (const auto name : dynamic(DT_NEEDED))
      if (auto text = text_at(*table, name)) names.push_back(std::move(*text));
    return names;
  }

 private:
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  static constexpr unsigned char kOurData = ELFDATA2LSB;
#else
  static constexpr unsigned char kOurData = ELFDATA2MSB;
#endif

  /// Element `index` of an array at `offset`.
  template <class T>
  std::optional<T> read(std::uint64_t offset, std::uint64_t index = 0) const {
    if (offset > bytes_.size() || index > (bytes_.size() - offset) / sizeof(T)) return std::nullopt;
    const std::uint64_t begin = offset + index * sizeof(T);
    if (bytes_.size() - begin < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + begin, sizeof(T));
    return value;
  }

  /// Values of a tag in the dynamic section.
  std::vector<std::uint64_t> dynamic(std::int64_t tag) const {
    std::vector<std::uint64_t> values;
    for (const auto& segment : segments_) {
      if (segment.p_type != PT_DYNAMIC) continue;
      for (std::uint64_t i = 0; i < segment.p_filesz / sizeof(Elf64_Dyn); ++i) {
        const auto entry = read<Elf64_Dyn>(segment.p_offset, i);
        if (!entry || entry->d_tag == DT_NULL) break;
        if (entry->d_tag == tag) values.push_back(entry->d_un.d_val);
      }
    }
    return values;
  }

  std::optional<std::uint64_t> file_offset(std::uint64_t address) const {
    for (const auto& segment : segments_)
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
          address - segment.p_vaddr < segment.p_filesz)
        return segment.p_offset + (address - segment.p_vaddr);
    return std::nullopt;
  }

  std::optional<std::string> text_at(std::uint64_t table, std::uint64_t offset) const {
    constexpr std::size_t kMaxName = 256;
    std::string text;
    for (std::uint64_t i = 0; i < kMaxName; ++i) {
      const auto c = offset > bytes_.size() ? std::nullopt : read<char>(table, offset + i);
      if (!c) return std::nullopt;
      if (*c == '\0') return text;
      text.push_back(*c);
    }
    return std::nullopt;
  }

  std::span<const std::byte> bytes_;
  std::vector<Elf64_Phdr> segments_;
};

}  // namespace

std::vector<std::string> needed_libraries(const std::string& path) {
  const auto file = MappedFile::open(path);
  return ElfFile(file.bytes()).needed();
}

}  // namespace wick
