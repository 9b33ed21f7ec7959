// Part 1: what a library looks like from outside. Loads nothing.
#pragma once

#include "elf_file.h"
#include "report.h"

#include <vector>

namespace wick::check {

std::vector<Row> static_checks(const ElfFacts& facts);

}  // namespace wick::check
