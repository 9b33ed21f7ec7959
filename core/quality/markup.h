// Text from files inside HTML and SVG. Not a parser.
#pragma once

#include <string>
#include <string_view>

namespace wick {

/// `text` such that it stands for itself in the content and in quoted attributes of HTML and of
/// XML: & < > " ' become references; bytes that are no UTF-8, and characters that XML cannot hold,
/// become U+FFFD, and so do those that turn the direction of the text around them.
std::string escape_markup(std::string_view text);

/// At most n characters of it, then an ellipsis in the middle. Of valid UTF-8.
std::string shortened(std::string_view text, std::size_t n_characters);

}  // namespace wick
