// Columns of text for people. Not for machines: they get JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wick::cli {

struct Column {
  std::string title;
  bool right = false;  ///< numbers stand at the right
};

/// Rows of as many cells as there are columns, two spaces between; each line ends with a newline.
/// Cells hold one line; bytes that are no UTF-8 must not be in them.
std::string table_text(const std::vector<Column>& columns,
                       const std::vector<std::vector<std::string>>& rows);
/// The same as Markdown, padded so that it reads well as it is.
std::string markdown_text(const std::vector<Column>& columns,
                          const std::vector<std::vector<std::string>>& rows);

/// Text from a file on one line: control characters, `\` and bytes that are no UTF-8 escaped.
std::string escaped(std::string_view text);

}  // namespace wick::cli
