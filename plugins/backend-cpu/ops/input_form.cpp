// See input_form.h.
#include "ops/input_form.h"

#include <initializer_list>

#include "ops/matmul_input.h"

namespace wick::cpu {

InputForm InputForm::units(const MatmulKernels& kernels, std::uint64_t n_units) {
  return InputForm(kernels, true, n_units);
}

InputForm InputForm::bytes(const MatmulKernels& kernels, const jit::MatmulCodes& codes) {
  InputForm form(kernels, false, codes.n_units);
  form.format_ = codes.input;
  return form;
}

std::uint64_t InputForm::part_bytes() const noexcept {
  return is_units_ ? n_units_ * sizeof(QuantUnit)
                   : format_.n_terms * jit::row_bytes(format_, n_units_);
}

std::string InputForm::key(std::uint32_t x, std::uint64_t n_parts) const {
  std::string key = is_units_ ? "units" : "bytes";
  for (const std::uint64_t number :
       {std::uint64_t{x}, n_parts, std::uint64_t{format_.n_terms}, std::uint64_t{format_.sum_cols},
        static_cast<std::uint64_t>(format_.sums), static_cast<std::uint64_t>(format_.zero_point)})
    key += ' ' + std::to_string(number);
  return key;
}

void InputForm::write(const Columns& columns, std::uint8_t* part) const noexcept {
  const auto [x, n, col] = columns;
  if (is_units_)
    return kernels_->quantize(x, n, reinterpret_cast<QuantUnit*>(part) + col / kUnitCols);
  kernels_->quantize_bytes({x, n, col, format_, n_units_, part});
}

std::optional<InputForm> input_form(const Program& program, const ProductKernel& kernel,
                                    std::uint64_t width) {
  const MatmulKernels& kernels = *program.kernels().matmul;
  if (kernel.codes && kernel.codes->product == jit::Product::kInteger)
    return InputForm::bytes(kernels, *kernel.codes);
  if (kernel.takes_units) return InputForm::units(kernels, units_of(width));
  return std::nullopt;
}

}  // namespace wick::cpu
