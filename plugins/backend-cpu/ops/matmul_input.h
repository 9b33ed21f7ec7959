// What the products share: their input in the form that kernels read, and the kernel for a weight.
#pragma once

#include "program.h"

namespace wick::cpu {

/// Rows of a product's input, in a value of the program.
struct MatmulInput {
  std::uint32_t value;
  std::uint64_t n_units;     ///< of 32 columns, in a part
  std::uint64_t stride;      ///< from part to part, in QuantUnit or float: of MatmulTask::x
  std::uint64_t part_bytes;  ///< the same in bytes
};

/// Each row of x as n_parts inputs side by side, in 8 bits or in f32 of whole units. Made once for
/// all products of x.
MatmulInput prepare_input(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          bool is_integer);

/// Whether products with the weight round their input to 8 bits.
bool takes_integers(const Program& program, const Layout& layout);

MatmulKernel matmul_kernel(const Program& program, const Layout& layout);

}  // namespace wick::cpu
