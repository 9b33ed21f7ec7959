// Whose code asks for memory. A driver that a plugin opens when it runs shares this process's
// operator new, and is not what is checked.
#pragma once

namespace wick::check {

/// Takes what is loaded now for the plugin and the libraries that it came with.
void note_libraries();
/// Whether a call that returns to `address` was made by the plugin, through the C++ library or
/// directly: not by a library that was opened behind note_libraries(). True before that.
bool is_call_of_plugin(const void* address) noexcept;

}  // namespace wick::check
