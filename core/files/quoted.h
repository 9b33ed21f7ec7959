// Text from a file, made fit for an error message: short, printable, in quotes.
#pragma once

#include <string>
#include <string_view>

namespace wick {

/// 'text', cut after 64 bytes (with `...`), everything but printable ASCII as \xNN.
std::string quoted(std::string_view text);

}  // namespace wick
