// See window_option.h.
#include "cli/window_option.h"

#include <wick/error.h>

#include "cli/model_options.h"
#include "generate/text_windows.h"

namespace wick::cli {
namespace {

constexpr std::uint32_t kDefaultWindow = 512;

}  // namespace

std::uint32_t window_option(const Arguments& arguments) {
  const std::uint32_t window = device_options(arguments).context;
  if (window == 0) return kDefaultWindow;
  if (window < TextWindows::kLeast)
    fail(ErrorCode::kUsage, arguments.command(), ": --ctx: windows too short, got ", window,
         ", need at least ", TextWindows::kLeast);
  return window;
}

}  // namespace wick::cli
