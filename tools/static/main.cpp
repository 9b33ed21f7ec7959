// Entry of wick-static: the `wick` program, and the probe, which it starts of itself.
#include <wick/error.h>

#include <cstdio>
#include <string_view>
#include <vector>

#include "cli/exit_codes.h"
#include "cli/program.h"
#include "plugins/probe.h"

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == wick::kProbeProgram) return wick::answer_probe({argv + 2, argv + argc});
  if (first == "wick-plugin-check") {
    std::fputs("wick: plugins check: is not part of wick-static; take the wick of a package\n",
               stderr);
    return wick::cli::kExitUnavailable;
  }
  return wick::cli::run_program({argv + (argc > 0 ? 1 : 0), argv + argc});
}
