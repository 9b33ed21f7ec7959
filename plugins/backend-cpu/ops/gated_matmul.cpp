// A thread multiplies some tiles of both matrices with some tokens into its scratch, which stays in
// the cache, and passes on what comes of them: gate and up are never in memory as a whole.
#include "ops/gated_matmul.h"

#include <algorithm>

#include "claims.h"
#include "ops/made_forms.h"
#include "ops/product.h"
#include "ops/rows_step.h"

namespace wick::cpu {
namespace {

/// Of either product, at once: with the activations of as many tokens as go together, both stay in
/// a second-level cache of 1 MiB.
constexpr std::uint64_t kMostResults = 16 << 10;
/// Tiles that make a unit of quantization: work is handed out and cut in whole pairs.
constexpr std::uint64_t kPair = kUnitCols / kTileRows;
/// Rows of results are then shorter than 4 KiB, which would put them all in one set of the cache.
constexpr std::uint64_t kMostTiles = 60;

class GatedMatmulStep final : public Step {
 public:
  GatedMatmulStep(const Program& program, const Product& gate, const Product& up,
                  const MadeForms& made)
      : gate_(gate),
        up_(up),
        made_(made),
        swiglu_(program.kernels().elementwise->swiglu),
        n_tokens_(std::min(
            {gate.tokens_together(), up.tokens_together(), kMostResults / (kPair * kTileRows)})),
        outputs_(program.rows_are_outputs(made.value)) {
    reads = {gate_.input()};
    if (up_.input() != gate_.input()) reads.push_back(up_.input());
    writes = made_.all_values();
    n_results_ = std::min(kMostResults, std::min(n_tokens_, program.max_rows(made.value)) *
                                            std::min(kMostTiles, n_pairs() * kPair) * kTileRows);
    scratch_bytes = 2 * n_results_ * sizeof(float);
    hands_out = true;
    op = made_.name_of("matmul+swiglu");
    weight = gate_.text() + (up_.text() == gate_.text() ? " x2" : " + " + up_.text());
  }
  Work work(const RunContext& run) const noexcept override {
    const Work gate = gate_.work(n_rows(run, outputs_)), up = up_.work(n_rows(run, outputs_));
    return {gate.weight_bytes + up.weight_bytes, gate.multiply_adds + up.multiply_adds};
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    auto* scratch = reinterpret_cast<float*>(run.scratch + team.thread() * run.scratch_bytes);
    const std::uint64_t n_tokens = n_rows(run, outputs_), n_tiles = gate_.n_tiles();
    const std::uint64_t tile_bytes = gate_.tile_bytes() + up_.tile_bytes();
    const std::uint64_t n = tiles_per_claim(n_tiles, tile_bytes, team.n_threads()) / kPair;
    claim_share(run, *this, team, n_pairs(), std::max<std::uint64_t>(n, 1), [&](Range pairs) {
      const Range tiles{pairs.begin * kPair, std::min(pairs.end * kPair, n_tiles)};
      for (std::uint64_t first = 0; first < n_tokens; first += n_tokens_)
        multiply_all(run, {first, std::min(first + n_tokens_, n_tokens)}, tiles, scratch);
    });
  }

 private:
  std::uint64_t n_pairs() const noexcept { return (gate_.n_tiles() + kPair - 1) / kPair; }

  void multiply_all(const RunContext& run, Range tokens, Range tiles,
                    float* scratch) const noexcept {
    const std::uint64_t most = n_results_ / ((tokens.end - tokens.begin) * kTileRows);
    const std::uint64_t n = std::min(most, kMostTiles) / kPair * kPair;
    for (std::uint64_t tile = tiles.begin; tile < tiles.end; tile += n)
      multiply(run, tokens, {tile, std::min(tile + n, tiles.end)}, scratch);
  }
  void multiply(const RunContext& run, Range tokens, Range tiles, float* scratch) const noexcept {
    const std::uint64_t stride = (tiles.end - tiles.begin) * kTileRows;
    const std::uint64_t col = tiles.begin * kTileRows;
    const std::uint64_t n = std::min(col + stride, gate_.n_rows()) - col;
    float *gate = scratch, *up = scratch + n_results_;
    gate_.run(run, {tokens, tiles, gate, stride});
    up_.run(run, {tokens, tiles, up, stride});
    for (std::uint64_t row = tokens.begin; row < tokens.end; ++row, gate += stride, up += stride) {
      float* y = made_.has_floats ? run.floats(made_.value) + row * gate_.n_rows() + col : gate;
      swiglu_(gate, up, n, y);
      made_.write(run, row, {y, n, col});
    }
  }

  Product gate_, up_;
  MadeForms made_;
  void (*swiglu_)(const float*, const float*, std::uint64_t, float*);
  std::uint64_t n_tokens_;       // at once
  std::uint64_t n_results_ = 0;  // room for those of a product
  bool outputs_;
};

}  // namespace

void add_gated_matmul(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t gate = program.activation(node, 0), up = program.activation(node, 1);
  need_same_shape(program, node, gate, node.output);
  need_same_shape(program, node, gate, up);
  const Product of_gate(program, *program.uses().maker(gate));
  const Product of_up(program, *program.uses().maker(up));
  const MadeForms made = prepare_forms(program, node.output);
  program.add_step(std::make_unique<GatedMatmulStep>(program, of_gate, of_up, made));
}

}  // namespace wick::cpu
