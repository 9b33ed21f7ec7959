// Widths count characters, not bytes: names of models and pieces of text are not ASCII.
#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/utf8.h"

namespace wick::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::size_t n_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::size_t> widths_of(const std::vector<Column>& columns, const Rows& rows) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    widths.push_back(n_characters(columns[i].title));
    for (const auto& row : rows) widths[i] = std::max(widths[i], n_characters(row[i]));
  }
  return widths;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::string gap(width - std::min(width, n_characters(text)), ' ');
  return right ? gap + std::string(text) : std::string(text) + gap;
}

}  // namespace

std::string table_text(const std::vector<Column>& columns, const Rows& rows) {
  const std::vector<std::size_t> widths = widths_of(columns, rows);
  std::string text;
  const auto add_line = [&](const auto& cell) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i)
      line += (i > 0 ? "  " : "") + padded(cell(i), widths[i], columns[i].right);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add_line([&](std::size_t i) { return columns[i].title; });
  for (const auto& row : rows) add_line([&](std::size_t i) { return row[i]; });
  return text;
}

std::string markdown_text(const std::vector<Column>& columns, const Rows& rows) {
  const std::vector<std::size_t> widths = widths_of(columns, rows);
  std::string text;
  const auto add_line = [&](const auto& cell) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      text += "| " + padded(cell(i), widths[i], columns[i].right) + " ";
    text += "|\n";
  };
  add_line([&](std::size_t i) { return columns[i].title; });
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += "|" + std::string(widths[i] + 1, '-') + (columns[i].right ? ":" : "-");
  text += "|\n";
  for (const auto& row : rows) add_line([&](std::size_t i) { return row[i]; });
  return text;
}

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Front front = utf8_front(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (front.kind != Utf8Kind::kCharacter || byte < 0x20 || byte == 0x7F) {
      for (const char c : text.substr(0, front.n_bytes)) {
        if (c == '\n')
          out += "\\n";
        else if (c == '\r')
          out += "\\r";
        else if (c == '\t')
          out += "\\t";
        else
          out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    } else {
      if (byte == '\\') out += '\\';
      out += text.substr(0, front.n_bytes);
    }
    text.remove_prefix(front.n_bytes);
  }
  return out;
}

}  // namespace wick::cli
