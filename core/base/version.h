// Which libwick this is.
#pragma once

#include <string_view>

namespace wick {

/// "0.1.0", of the library that was loaded, not of the headers.
std::string_view library_version() noexcept;

}  // namespace wick
