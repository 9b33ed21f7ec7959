// matmul_experts@1: the kernels of matmul@1, for the rows that chose an expert together. Experts
// are not tiles: the tiles that cover one are multiplied into scratch, and its rows copied out.
#include <algorithm>
#include <cstring>
#include <utility>

#include "claims.h"
#include "ops/matmul_input.h"
#include "ops/rows_step.h"
#include "ops/table.h"
#include "profile.h"

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
  const std::uint64_t* all;
  std::uint64_t n;
};

/// The slots of a batch sorted by expert. Every thread sorts for itself: that is sooner done than a
/// barrier.
class SortedSlots {
 public:
  static std::uint64_t bytes(std::uint64_t n_experts, std::uint64_t n_slots) noexcept {
    return (2 * n_experts + n_slots) * sizeof(std::uint64_t);
  }
  /// expert_of(slot) < n_experts. `memory` has bytes(), aligned for 64 bits.
  template <class ExpertOf>
  SortedSlots(std::uint8_t* memory, std::uint64_t n_experts, std::uint64_t n_slots,
              ExpertOf expert_of) noexcept
      : ends_(reinterpret_cast<std::uint64_t*>(memory)),
        used_(ends_ + n_experts),
        slots_(used_ + n_experts) {
    std::fill_n(ends_, n_experts, std::uint64_t{0});
    for (std::uint64_t slot = 0; slot < n_slots; ++slot) ++ends_[expert_of(slot)];
    std::uint64_t begin = 0;
    for (std::uint64_t expert = 0; expert < n_experts; ++expert) {
      if (ends_[expert] > 0) used_[n_used_++] = expert;
      begin += std::exchange(ends_[expert], begin);
    }
    // What were begins become ends.
    for (std::uint64_t slot = 0; slot < n_slots; ++slot) slots_[ends_[expert_of(slot)]++] = slot;
  }
  std::uint64_t n_used() const noexcept { return n_used_; }
  std::uint64_t used(std::uint64_t i) const noexcept { return used_[i]; }
  Slots of(std::uint64_t expert) const noexcept {
    const std::uint64_t begin = expert == 0 ? 0 : ends_[expert - 1];
    return {slots_ + begin, ends_[expert] - begin};
  }

 private:
  std::uint64_t* ends_;
  std::uint64_t* used_;
  std::uint64_t* slots_;
  std::uint64_t n_used_ = 0;
};

class MatmulExpertsStep final : public Step {
 public:
  MatmulExpertsStep(const ProductKernel& kernel, const BoundWeight& w, const Experts& experts,
                    const MatmulInput& input, std::uint64_t max_rows)
      : kernel_(kernel),
        weight_(w.weight),
        experts_(experts),
        part_bytes_(input.part_bytes),
        sorted_bytes_((SortedSlots::bytes(experts.n_experts, max_rows * experts.n_used) + 63) / 64 *
                      64) {
    kernel_.set(task_, input);
    task_.tile_bytes = w.layout->tile_bytes;
    task_.y_stride = kResultStride;
    scratch_bytes = sorted_bytes_ + kMostParts * (part_bytes_ + kResultStride * sizeof(float));
    hands_out = true;
    weight = weight_text(*w.layout);
  }
  void set_values(const Program& program, std::uint32_t x, std::uint32_t routes, std::uint32_t y) {
    reads = {x, routes};
    writes = {y};
    outputs_ = program.rows_are_outputs(y);
  }
  Work work(const RunContext& run) const noexcept override {
    const std::uint64_t expert_bytes = experts_.n_out * task_.tile_bytes / kTileRows,
                        n_slots = count_slots(run);
    return {sorted(run, run.scratch).n_used() * expert_bytes,
            n_slots * experts_.n_out * task_.n_units * kUnitCols};
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    std::uint8_t* scratch = run.scratch + team.thread() * run.scratch_bytes;
    const SortedSlots slots = sorted(run, scratch);
    // Where experts begin within a tile, one may lie in a tile more than another.
    const std::uint64_t n_tiles = experts_.n_out % kTileRows == 0 ? experts_.n_out / kTileRows
                                                                  : experts_.n_out / kTileRows + 2;
    const std::uint64_t n = slots.n_used() * n_tiles;
    claim_share(run, *this, team, n, tiles_per_claim(n, task_.tile_bytes, team.n_threads()),
                [&](Range claimed) {
                  for (std::uint64_t at = claimed.begin, end = 0; at < claimed.end; at = end) {
                    const std::uint64_t expert = at / n_tiles;
                    end = std::min(claimed.end, (expert + 1) * n_tiles);
                    const Range tiles{at - expert * n_tiles, end - expert * n_tiles};
                    multiply_all(run, slots.used(expert), tiles, slots, scratch + sorted_bytes_);
                  }
                });
  }

 private:
  std::uint64_t count_slots(const RunContext& run) const noexcept {
    return n_rows(run, outputs_) * experts_.n_used;
  }
  SortedSlots sorted(const RunContext& run, std::uint8_t* memory) const noexcept {
    return {memory, experts_.n_experts, count_slots(run),
            [&](std::uint64_t slot) { return expert_of(run, slot); }};
  }
  /// `tiles` of those that cover the expert, with all rows that chose it.
  void multiply_all(const RunContext& run, std::uint64_t expert, Range tiles,
                    const SortedSlots& sorted, std::uint8_t* scratch) const noexcept {
    const std::uint64_t first = expert * experts_.n_out / kTileRows;
    const std::uint64_t end = ((expert + 1) * experts_.n_out + kTileRows - 1) / kTileRows;
    const Range covering{first + tiles.begin, std::min(first + tiles.end, end)};
    const Slots slots = sorted.of(expert);
    for (std::uint64_t i = 0; i < slots.n && covering.begin < covering.end; i += kMostParts)
      multiply(run, expert, covering, {slots.all + i, std::min(kMostParts, slots.n - i)}, scratch);
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
      std::memcpy(run.floats(writes[0]) + slots.all[i] * experts_.n_out + (begin - first),
                  results + i * kResultStride + (begin - tile_row), (end - begin) * sizeof(float));
  }

  ProductKernel kernel_;
  const Weight* weight_;
  Experts experts_;
  std::uint64_t part_bytes_, sorted_bytes_;
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
  auto step =
      std::make_unique<MatmulExpertsStep>(kernel, w, experts, input, program.max_rows(node.output));
  step->set_values(program, input.value, routes, node.output);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
