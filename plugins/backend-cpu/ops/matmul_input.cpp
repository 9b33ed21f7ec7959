// See matmul_input.h.
#include "ops/matmul_input.h"

#include <algorithm>
#include <cstring>

#include "ops/rows_step.h"

namespace wick::cpu {
namespace {

std::uint64_t units_of(std::uint64_t width) {
  return (width + kUnitCols - 1) / kUnitCols;
}

/// x in 8 bits, split among threads as the step that made x was.
class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Program& program, std::uint32_t x, std::uint64_t n_parts, std::uint32_t y)
      : quantize_(program.kernels().matmul->quantize),
        n_parts_(n_parts),
        width_(program.width(x) / n_parts),
        outputs_(program.rows_are_outputs(x)) {
    reads = {x};
    writes = y;
    partition = program.partition_for(x, n_parts);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const std::uint64_t per_part = units_of(width_);
    const Range mine = share_columns(partition, n_rows(run, outputs_), n_parts_ * width_, team);
    auto* units = reinterpret_cast<QuantUnit*>(run.values[writes]);
    for (std::uint64_t from = mine.begin, to = 0; from < mine.end; from = to) {
      const std::uint64_t part = from / width_, first = from % width_;
      to = std::min(mine.end, (part + 1) * width_);
      quantize_(run.floats(reads[0]) + from, to - from,
                units + part * per_part + first / kUnitCols);
    }
  }

 private:
  void (*quantize_)(const float*, std::uint64_t, QuantUnit*);
  std::uint64_t n_parts_, width_;
  bool outputs_;
};

std::uint32_t quantized(Program& program, std::uint32_t x, std::uint64_t n_parts) {
  const std::uint64_t row_bytes =
      n_parts * units_of(program.width(x) / n_parts) * sizeof(QuantUnit);
  const std::uint32_t made = program.add_value(row_bytes, program.rows_are_outputs(x));
  program.add_step(std::make_unique<QuantizeStep>(program, x, n_parts, made));
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
                });
  return made;
}

}  // namespace

MatmulInput prepare_input(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          bool is_integer) {
  const std::uint64_t width = program.width(x) / n_parts, n_units = units_of(width);
  const std::string key = std::to_string(x) + " in " + std::to_string(n_parts);
  if (is_integer) {
    const std::uint32_t made =
        program.shared("quantized " + key, [&] { return quantized(program, x, n_parts); });
    return {made, n_units, n_units, n_units * sizeof(QuantUnit)};
  }
  const std::uint64_t wide = n_units * kUnitCols;
  // x itself where its parts are whole units.
  const std::uint32_t made =
      wide == width ? x
                    : program.shared("padded " + key, [&] { return padded(program, x, n_parts); });
  return {made, n_units, wide, wide * sizeof(float)};
}

bool takes_integers(const Program& program, const Layout& layout) {
  return !program.precise() && layout.is_integer;
}

MatmulKernel matmul_kernel(const Program& program, const Layout& layout) {
  const MatmulKernels& kernels = *program.kernels().matmul;
  switch (layout.element) {
    case Element::kF32:
      return kernels.f32;
    case Element::kF16:
      return kernels.f16;
    case Element::kBf16:
      return kernels.bf16;
    default:
      return takes_integers(program, layout) ? kernels.packed_integer : kernels.packed_exact;
  }
}

}  // namespace wick::cpu
