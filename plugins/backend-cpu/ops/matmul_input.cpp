// See matmul_input.h.
#include "ops/matmul_input.h"

#include <algorithm>
#include <cstring>

#include "ops/rows_step.h"

namespace wick::cpu {
namespace {

/// x in 8 bits, split among threads as the step that made x was.
class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Program& program, std::uint32_t x, std::uint64_t n_parts, std::uint32_t y,
               const InputForm& form)
      : form_(form),
        n_parts_(n_parts),
        width_(program.width(x) / n_parts),
        outputs_(program.rows_are_outputs(x)) {
    reads = {x};
    writes = {y};
    partition = program.partition_for(x, n_parts);
    op = "quantize";
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range mine = share_columns(partition, n_rows(run, outputs_), n_parts_ * width_, team);
    for (std::uint64_t from = mine.begin, to = 0; from < mine.end; from = to) {
      const std::uint64_t part = from / width_, first = from % width_;
      to = std::min(mine.end, (part + 1) * width_);
      form_.write({run.floats(reads[0]) + from, to - from, first},
                  run.values[writes[0]] + part * form_.part_bytes());
    }
  }

 private:
  InputForm form_;
  std::uint64_t n_parts_, width_;
  bool outputs_;
};

std::uint32_t quantized(Program& program, std::uint32_t x, std::uint64_t n_parts,
                        const InputForm& form) {
  const std::uint32_t made =
      program.add_value(n_parts * form.part_bytes(), program.rows_are_outputs(x));
  program.add_step(std::make_unique<QuantizeStep>(program, x, n_parts, made, form));
  return made;
}

std::uint32_t padded(Program& program, std::uint32_t x, std::uint64_t n_parts) {
  const std::uint64_t width = program.width(x) / n_parts, wide = units_of(width) * kUnitCols;
  const std::uint32_t made =
      program.add_value(n_parts * wide * sizeof(float), program.rows_are_outputs(x));
  add_rows_step(program, {x}, made,
                [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
                  const float* from = run.floats(x) + row * n_parts * width;
                  auto* y = reinterpret_cast<float*>(to);
                  for (std::uint64_t p = 0; p < n_parts; ++p, from += width, y += wide) {
                    std::memcpy(y, from, width * sizeof(float));
                    std::memset(y + width, 0, (wide - width) * sizeof(float));
                  }
                })
      .op = "pad";
  return made;
}

}  // namespace

MatmulInput prepare_input(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          const ProductKernel& kernel) {
  const std::uint64_t width = program.width(x) / n_parts, n_units = units_of(width);
  if (const auto form = input_form(program, kernel, width)) {
    const std::uint32_t made = program.shared(
        form->key(x, n_parts), [&] { return quantized(program, x, n_parts, *form); });
    const std::uint64_t bytes = form->part_bytes();
    return {made, form->n_units(), kernel.takes_units ? n_units : bytes, bytes};
  }
  const std::uint64_t wide = n_units * kUnitCols;
  // x itself where its parts are whole units.
  const std::string key = "padded " + std::to_string(x) + ' ' + std::to_string(n_parts);
  const std::uint32_t made =
      wide == width ? x : program.shared(key, [&] { return padded(program, x, n_parts); });
  return {made, n_units, wide, wide * sizeof(float)};
}

ProductKernel product_kernel(const Program& program, const Layout& layout, bool makes_logits) {
  const MatmulKernels& kernels = *program.kernels().matmul;
  const bool is_exact =
      layout.element == Element::kPacked && (program.precise() || !layout.is_integer);
  if (program.kernels().jit && !is_exact)
    if (auto codes = jit::make_matmul(*program.kernels().jit, layout, makes_logits ? 2 : 1))
      return {jit::run_matmul, std::move(codes), false};
  switch (layout.element) {
    case Element::kF32:
      return {kernels.f32, nullptr, false};
    case Element::kF16:
      return {kernels.f16, nullptr, false};
    case Element::kBf16:
      return {kernels.bf16, nullptr, false};
    default:
      break;
  }
  if (is_exact) return {kernels.packed_exact, nullptr, false};
  return {kernels.packed_integer, nullptr, true};
}

}  // namespace wick::cpu
