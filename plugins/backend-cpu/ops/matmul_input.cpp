// See matmul_input.h.
#include "ops/matmul_input.h"

#include <algorithm>
#include <cstring>

#include "ops/rows_step.h"

namespace wick::cpu {
namespace {

std::string key_of(std::string key, std::initializer_list<std::uint64_t> numbers) {
  for (const std::uint64_t number : numbers) key += ' ' + std::to_string(number);
  return key;
}

std::uint64_t units_of(std::uint64_t width) {
  return (width + kUnitCols - 1) / kUnitCols;
}

/// Units for portable kernels.
class UnitsWriter {
 public:
  UnitsWriter(const MatmulKernels& kernels, std::uint64_t width)
      : quantize_(kernels.quantize), n_units_(units_of(width)) {}
  std::uint64_t part_bytes() const noexcept { return n_units_ * sizeof(QuantUnit); }
  void operator()(const float* x, std::uint64_t n, std::uint64_t col,
                  std::uint8_t* part) const noexcept {
    quantize_(x, n, reinterpret_cast<QuantUnit*>(part) + col / kUnitCols);
  }

 private:
  void (*quantize_)(const float*, std::uint64_t, QuantUnit*);
  std::uint64_t n_units_;
};

/// Bytes for emitted kernels.
class BytesWriter {
 public:
  BytesWriter(const MatmulKernels& kernels, const jit::ActivationFormat& format,
              std::uint64_t n_units)
      : quantize_(kernels.quantize_bytes), format_(format), n_units_(n_units) {}
  std::uint64_t part_bytes() const noexcept {
    return format_.n_terms * jit::row_bytes(format_, n_units_);
  }
  void operator()(const float* x, std::uint64_t n, std::uint64_t col,
                  std::uint8_t* part) const noexcept {
    quantize_({x, n, col, format_, n_units_, part});
  }

 private:
  void (*quantize_)(const QuantizeTask&);
  jit::ActivationFormat format_;
  std::uint64_t n_units_;
};

/// x in 8 bits, split among threads as the step that made x was.
template <class Writer>
class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Program& program, std::uint32_t x, std::uint64_t n_parts, std::uint32_t y,
               const Writer& writer)
      : writer_(writer),
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
      writer_(run.floats(reads[0]) + from, to - from, first,
              run.values[writes[0]] + part * writer_.part_bytes());
    }
  }

 private:
  Writer writer_;
  std::uint64_t n_parts_, width_;
  bool outputs_;
};

template <class Writer>
std::uint32_t quantized(Program& program, std::uint32_t x, std::uint64_t n_parts,
                        const Writer& writer) {
  const std::uint32_t made =
      program.add_value(n_parts * writer.part_bytes(), program.rows_are_outputs(x));
  program.add_step(std::make_unique<QuantizeStep<Writer>>(program, x, n_parts, made, writer));
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

/// Activations of one format for every weight whose products want it.
MatmulInput prepare_bytes(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          const jit::MatmulCodes& codes) {
  const jit::ActivationFormat& f = codes.input;
  const BytesWriter writer(*program.kernels().matmul, f, codes.n_units);
  const std::string key =
      key_of("bytes", {x, n_parts, f.n_terms, f.sum_cols, static_cast<std::uint64_t>(f.sums),
                       static_cast<std::uint64_t>(f.zero_point)});
  const std::uint32_t made =
      program.shared(key, [&] { return quantized(program, x, n_parts, writer); });
  return {made, codes.n_units, writer.part_bytes(), writer.part_bytes()};
}

}  // namespace

MatmulInput prepare_input(Program& program, std::uint32_t x, std::uint64_t n_parts,
                          const ProductKernel& kernel) {
  if (kernel.codes && kernel.codes->product == jit::Product::kInteger)
    return prepare_bytes(program, x, n_parts, *kernel.codes);
  const std::uint64_t width = program.width(x) / n_parts, n_units = units_of(width);
  const MatmulKernels& kernels = *program.kernels().matmul;
  if (kernel.takes_units) {
    const std::uint32_t made = program.shared(key_of("units", {x, n_parts}), [&] {
      return quantized(program, x, n_parts, UnitsWriter(kernels, width));
    });
    return {made, n_units, n_units, n_units * sizeof(QuantUnit)};
  }
  const std::uint64_t wide = n_units * kUnitCols;
  // x itself where its parts are whole units.
  const std::uint32_t made =
      wide == width ? x : program.shared(key_of("padded", {x, n_parts}), [&] {
        return padded(program, x, n_parts);
      });
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
