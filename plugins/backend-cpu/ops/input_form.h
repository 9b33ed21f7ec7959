// Activations in the 8-bit form that a product reads. Not for who brings them there
// (matmul_input.h, made_forms.h).
#pragma once

#include <optional>
#include <string>

#include "jit/matmul.h"
#include "program.h"

namespace wick::cpu {

struct ProductKernel;

/// Columns next to one another; first_col is a multiple of 32, and so is n, but for the last.
struct Columns {
  const float* x;  ///< at first_col
  std::uint64_t n, first_col;
};

class InputForm {
 public:
  /// QuantUnit, for portable kernels.
  static InputForm units(const MatmulKernels& kernels, std::uint64_t n_units);
  /// For emitted kernels.
  static InputForm bytes(const MatmulKernels& kernels, const jit::MatmulCodes& codes);

  std::uint64_t n_units() const noexcept { return n_units_; }
  std::uint64_t part_bytes() const noexcept;
  /// Names the value that holds x in this form, as n_parts inputs side by side: see
  /// Program::shared.
  std::string key(std::uint32_t x, std::uint64_t n_parts) const;
  void write(const Columns& columns, std::uint8_t* part) const noexcept;

 private:
  InputForm(const MatmulKernels& kernels, bool is_units, std::uint64_t n_units)
      : kernels_(&kernels), is_units_(is_units), n_units_(n_units) {}

  const MatmulKernels* kernels_;
  bool is_units_;
  std::uint64_t n_units_;
  jit::ActivationFormat format_;  // unless they are units
};

/// What the kernel reads, of so many columns; nothing where that is f32.
std::optional<InputForm> input_form(const Program& program, const ProductKernel& kernel,
                                    std::uint64_t width);

inline std::uint64_t units_of(std::uint64_t width) noexcept {
  return (width + kUnitCols - 1) / kUnitCols;
}

}  // namespace wick::cpu
