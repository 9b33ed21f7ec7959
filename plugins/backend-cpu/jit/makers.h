// The table from key to maker. To add a kernel: its file, and a row.
#pragma once

#include <cstdint>
#include <vector>

#include "jit/matmul_key.h"

namespace wick::cpu::jit {

struct MatmulMaker {
  Isa isa;
  Product product;
  std::vector<std::uint8_t> (*make)(const MatmulKey& key);
};

const std::vector<MatmulMaker>& matmul_makers();

}  // namespace wick::cpu::jit
