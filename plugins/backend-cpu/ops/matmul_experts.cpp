// matmul_experts@1: the kernels of matmul@1, for the rows that chose an expert together. Experts
// are not tiles: the tiles that cover one are multiplied into scratch, and its rows copied out.
#include <algorithm>
#include <cstring>

#include "ops/matmul_input.h"
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

// So many inputs at once that taking the weights apart costs little, and few enough that inputs
// and results stay in the second-level cache.
constexpr std::uint64_t kMostParts = 64;
constexpr std::uint64_t kMostTiles = 16;
constexpr std::uint64_t kResultStride = kMostTiles * kTileRows;

struct Experts {
  std::uint64_t n_experts, n_used, n_out, n_parts;
};

/// Inputs of one expert: slots of the batch, counted through all rows.
struct Slots {
  std::uint64_t all[kMostParts];
  std::uint64_t n = 0;
};

class MatmulExpertsStep final : public Step {
 public:
  MatmulExpertsStep(const ProductKernel& kernel, const BoundWeight& w, const Experts& experts,
                    const MatmulInput& input)
      : kernel_(kernel),
        weight_(w.weight),
        experts_(experts),
        part_bytes_(input.part_bytes) {
    kernel_.set(task_, input);
    task_.tile_bytes = w.layout->tile_bytes;
    task_.y_stride = kResultStride;
    scratch_bytes = kMostParts * (part_bytes_ + kResultStride * sizeof(float));
  }
  void set_values(const Program& program, std::uint32_t x, std::uint32_t routes, std::uint32_t y) {
    reads = {x, routes};
    writes = y;
    outputs_ = program.rows_are_outputs(y);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const std::uint64_t n_slots = n_rows(run, outputs_) * experts_.n_used;
    for (std::uint64_t expert = 0; expert < experts_.n_experts; ++expert) {
      const Range tiles = tiles_of(expert, team);
      if (tiles.begin == tiles.end) continue;
      Slots chosen;
      for (std::uint64_t slot = 0; slot < n_slots; ++slot) {
        if (expert_of(run, slot) != expert) continue;
        chosen.all[chosen.n++] = slot;
        if (chosen.n < kMostParts) continue;
        multiply(run, expert, tiles, chosen, scratch_of(run, team));
        chosen.n = 0;
      }
      if (chosen.n > 0) multiply(run, expert, tiles, chosen, scratch_of(run, team));
    }
  }

 private:
  std::uint8_t* scratch_of(const RunContext& run, const sdk::Team& team) const noexcept {
    return run.scratch + team.thread() * run.scratch_bytes;
  }
  /// This thread's share of the tiles that cover an expert.
  Range tiles_of(std::uint64_t expert, const sdk::Team& team) const noexcept {
    const std::uint64_t first = expert * experts_.n_out / kTileRows;
    const std::uint64_t end = ((expert + 1) * experts_.n_out + kTileRows - 1) / kTileRows;
    const Range mine = share(end - first, team);
    return {first + mine.begin, first + mine.end};
  }
  /// Routes are whatever an activation holds: what is no expert counts as the first.
  std::uint64_t expert_of(const RunContext& run, std::uint64_t slot) const noexcept {
    const float index =
        run.floats(reads[1])[slot / experts_.n_used * 2 * experts_.n_used + slot % experts_.n_used];
    const bool is_one = index >= 0.0f && index < static_cast<float>(experts_.n_experts);
    return is_one ? static_cast<std::uint64_t>(index) : 0;
  }
  const std::uint8_t* part_of(const RunContext& run, std::uint64_t slot) const noexcept {
    return run.values[reads[0]] +
           (experts_.n_parts == 1 ? slot / experts_.n_used : slot) * part_bytes_;
  }
  void multiply(const RunContext& run, std::uint64_t expert, Range tiles, const Slots& slots,
                std::uint8_t* scratch) const noexcept {
    MatmulTask task = task_;
    auto* results = reinterpret_cast<float*>(scratch);
    std::uint8_t* inputs = scratch + kMostParts * kResultStride * sizeof(float);
    for (std::uint64_t i = 0; i < slots.n && slots.n > 1; ++i)
      std::memcpy(inputs + i * part_bytes_, part_of(run, slots.all[i]), part_bytes_);
    task.packed = &weight_->packed();
    task.x = slots.n > 1 ? inputs : part_of(run, slots.all[0]);
    task.n_tokens = slots.n;
    task.y = results;
    for (std::uint64_t tile = tiles.begin; tile < tiles.end; tile += kMostTiles) {
      const Range some{tile, std::min(tile + kMostTiles, tiles.end)};
      task.weights = weight_->data() + tile * task.tile_bytes;
      task.end_tile = some.end - some.begin;
      task.n_rows = task.end_tile * kTileRows;
      kernel_.run(task);
      copy_out(run, expert, some, slots, results);
    }
  }
  void copy_out(const RunContext& run, std::uint64_t expert, Range tiles, const Slots& slots,
                const float* results) const noexcept {
    const std::uint64_t first = expert * experts_.n_out, tile_row = tiles.begin * kTileRows;
    const std::uint64_t begin = std::max(first, tile_row);
    const std::uint64_t end = std::min(first + experts_.n_out, tiles.end * kTileRows);
    for (std::uint64_t i = 0; i < slots.n; ++i)
      std::memcpy(run.floats(writes) + slots.all[i] * experts_.n_out + (begin - first),
                  results + i * kResultStride + (begin - tile_row), (end - begin) * sizeof(float));
  }

  ProductKernel kernel_;
  const Weight* weight_;
  Experts experts_;
  std::uint64_t part_bytes_;
  MatmulTask task_{};
  bool outputs_ = false;
};

Experts read_experts(const Program& program, const sdk::GraphNode& node, const Layout& w) {
  const std::uint64_t x = program.width(program.activation(node, 0)),
                      n_used = program.width(program.activation(node, 1)) / 2,
                      y = program.width(node.output);
  const std::vector<std::int64_t>& dims = program.graph().values()[node.inputs[2]].dims;
  Experts e{};
  if (n_used == 0 || y % n_used != 0 || dims.size() != 3 || dims[0] <= 0)
    program.refuse(node, "needs the matrices of experts, and routes that divide its output");
  e.n_used = n_used;
  e.n_out = y / n_used;
  e.n_experts = static_cast<std::uint64_t>(dims[0]);
  e.n_parts = x == w.n_cols ? 1 : n_used;
  if (w.n_rows % e.n_experts != 0 || w.n_rows / e.n_experts != e.n_out || x != e.n_parts * w.n_cols)
    program.refuse(node, "multiplies shapes that do not go together: " + std::to_string(x) +
                             " columns by " + std::to_string(e.n_experts) + " experts in [" +
                             std::to_string(w.n_rows) + ", " + std::to_string(w.n_cols) + "]");
  return e;
}

}  // namespace

void add_matmul_experts(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), routes = program.activation(node, 1);
  const BoundWeight w = program.weight(node, 2, false);
  const Experts experts = read_experts(program, node, *w.layout);
  if (program.rows_are_outputs(x) != program.rows_are_outputs(node.output) ||
      program.rows_are_outputs(routes) != program.rows_are_outputs(node.output))
    program.refuse(node, "joins values of different shapes");
  const ProductKernel kernel = product_kernel(program, *w.layout);
  const MatmulInput input = prepare_input(program, x, experts.n_parts, kernel);
  auto step = std::make_unique<MatmulExpertsStep>(kernel, w, experts, input);
  step->set_values(program, input.value, routes, node.output);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
