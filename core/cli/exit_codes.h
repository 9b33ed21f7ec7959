// What the program returns to the shell. The table is in docs/user-guide.md.
#pragma once

#include <wick/error.h>

namespace wick::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnavailable = 3;
inline constexpr int kExitBadFile = 4;
inline constexpr int kExitInterrupted = 130;

int exit_code_of(ErrorCode code) noexcept;

}  // namespace wick::cli
