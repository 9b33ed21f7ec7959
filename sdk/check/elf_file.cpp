// Goes by the section headers, which plugins keep even when they are stripped. The file may be
// anything: every offset is checked.
#include "elf_file.h"

#include <wick/error.h>

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

namespace wick::check {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(ErrorCode::kMissingFile, path, ": cannot be opened");
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }

  template <class T>
  T at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) damaged();
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  std::string text(const Elf64_Shdr& table, std::uint64_t offset) const {
    if (table.sh_offset > bytes_.size() || table.sh_size > bytes_.size() - table.sh_offset ||
        offset >= table.sh_size)
      damaged();
    const char* begin = bytes_.data() + table.sh_offset + offset;
    return {begin, ::strnlen(begin, static_cast<std::size_t>(table.sh_size - offset))};
  }
  [[noreturn]] void damaged() const {
    fail(ErrorCode::kBadFile, path_, ": is no 64-bit ELF library, or is damaged");
  }

 private:
  std::string path_;
  std::vector<char> bytes_;
};

std::vector<Elf64_Shdr> sections_of(const Reader& file) {
  const auto header = file.at<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_shentsize != sizeof(Elf64_Shdr) || header.e_type != ET_DYN)
    file.damaged();
  std::vector<Elf64_Shdr> sections;
  for (std::uint64_t i = 0; i < header.e_shnum; ++i)
    sections.push_back(file.at<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr)));
  return sections;
}

void read_symbols(const Reader& file, const Elf64_Shdr& table, const Elf64_Shdr& names,
                  ElfFacts& facts) {
  for (std::uint64_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = file.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    const unsigned bind = ELF64_ST_BIND(symbol.st_info);
    const std::string name = file.text(names, symbol.st_name);
    if (bind == STB_LOCAL || name.empty()) continue;
    if (bind == STB_GNU_UNIQUE) facts.unique.push_back(name);
    if (symbol.st_shndx != SHN_UNDEF)
      facts.defined.push_back(name);
    else if (bind != STB_WEAK)
      facts.undefined.push_back(name);
  }
}

void add_paths(const std::string& list, ElfFacts& facts) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    facts.run_paths.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
}

void read_dynamic(const Reader& file, const Elf64_Shdr& table, const Elf64_Shdr& names,
                  ElfFacts& facts) {
  for (std::uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Dyn); ++i) {
    const auto entry = file.at<Elf64_Dyn>(table.sh_offset + i * sizeof(Elf64_Dyn));
    if (entry.d_tag == DT_NEEDED) facts.needed.push_back(file.text(names, entry.d_un.d_val));
    if (entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH)
      add_paths(file.text(names, entry.d_un.d_val), facts);
    if (entry.d_tag == DT_FLAGS_1) facts.no_delete = (entry.d_un.d_val & DF_1_NODELETE) != 0;
    if (entry.d_tag == DT_TEXTREL ||
        (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_TEXTREL) != 0))
      facts.text_relocations = true;
  }
}

}  // namespace

ElfFacts read_elf(const std::string& path) {
  const Reader file(path);
  ElfFacts facts;
  const auto sections = sections_of(file);
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM && section.sh_type != SHT_DYNAMIC) continue;
    if (section.sh_link >= sections.size()) file.damaged();
    const Elf64_Shdr& names = sections[section.sh_link];
    section.sh_type == SHT_DYNSYM ? read_symbols(file, section, names, facts)
                                  : read_dynamic(file, section, names, facts);
  }
  return facts;
}

}  // namespace wick::check
