// What the products share: their input in the form that kernels read, and the kernel for a weight.
#pragma once

#include <memory>

#include "ops/input_form.h"

namespace wick::cpu {

/// Rows of a product's input, in a value of the program.
struct MatmulInput {
  std::uint32_t value;
  std::uint64_t n_units;     ///< of 32 columns, in a part
  std::uint64_t stride;      ///< from part to part, in QuantUnit, float or bytes: MatmulTask::x
  std::uint64_t part_bytes;  ///< the same in bytes
};

/// What multiplies with a weight, and what it reads.
struct ProductKernel {
  MatmulKernel run;
  std::shared_ptr<const jit::MatmulCodes> codes;  ///< of an emitted kernel
  bool takes_units;                               ///< QuantUnit; else bytes by `codes`, or f32

  /// Sets what `run` needs besides the shapes of a weight.
  void set(MatmulTask& task, const MatmulInput& input) const noexcept {
    task.code = codes.get();
    task.n_units = input.n_units;
    task.x_stride = input.stride;
  }
};

/// makes_logits: rows are few, and activations are kept in 16 bits.
ProductKernel product_kernel(const Program& program, const Layout& layout,
                             bool makes_logits = false);

/// Each row of x as n_parts inputs side by side, in 8 bits or in f32 of whole units, as the kernel
/// wants it. Made once for all products of x that want the same.
MatmulInput prepare_input(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          const ProductKernel& kernel);

}  // namespace wick::cpu
