// Numbers of bytes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace wick {

/// "763.4 MiB"
std::string bytes_text(std::uint64_t bytes);

}  // namespace wick
