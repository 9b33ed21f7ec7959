// See general_keys.h.
#include "quantize/general_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "files/metadata_list.h"

namespace wick {

namespace {

// Of the block layouts that all formats of today have.
constexpr std::uint32_t kQuantizationVersion = 2;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string titled(std::string word) {
  const bool has_capital =
      std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool is_number =
      is_digit(word[0]) || (word[0] == 'v' && word.size() > 1 && is_digit(word[1]));
  if (!has_capital && !is_number && word[0] >= 'a' && word[0] <= 'z')
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

}  // namespace

std::string title_of(std::string_view folder_name) {
  std::string title, word;
  for (const char c : std::string(folder_name) + "-") {
    if (c != '-' && c != ' ') {
      word += c;
      continue;
    }
    if (!word.empty()) title += (title.empty() ? "" : " ") + titled(word);
    word.clear();
  }
  return title;
}

std::string size_label(std::uint64_t n_values) {
  const auto n = static_cast<double>(n_values);
  const auto [unit, suffix] = n > 1e12  ? std::pair(1e12, 'T')
                              : n > 1e9 ? std::pair(1e9, 'B')
                              : n > 1e6 ? std::pair(1e6, 'M')
                                        : std::pair(1e3, 'K');
  return fmt::format("{:.{}f}{}", n / unit, n / unit < 9.5 ? 1 : 0, suffix);
}

void add_general_keys(MetadataList& out, const std::string& architecture, const std::string& name,
                      std::uint64_t n_values) {
  out.add_string("general.architecture", architecture);
  out.add_string("general.type", "model");
  out.add_string("general.name", name);
  out.add_string("general.size_label", size_label(n_values));
}

void add_type_keys(MetadataList& out, std::optional<std::uint32_t> file_type) {
  if (file_type) out.add_u32("general.file_type", *file_type);
  out.add_u32("general.quantization_version", kQuantizationVersion);
}

}  // namespace wick
