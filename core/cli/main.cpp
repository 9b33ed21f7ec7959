// Entry of the `wick` program; everything is in program.cpp.
#include <string>
#include <vector>

#include "cli/program.h"

int main(int argc, char** argv) {
  return wick::cli::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
