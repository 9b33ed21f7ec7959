// Whether the tile registers of AMX may be used here. Not for the instructions (jit/x86/).
#pragma once

namespace wick::cpu {

/// Asks the CPU for AMX with 8-bit integers, then the operating system, which grants the registers
/// to all threads of the process or to none. From any thread; asks once.
bool may_use_tiles() noexcept;

}  // namespace wick::cpu
