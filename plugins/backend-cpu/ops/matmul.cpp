// matmul@1: a step that prepares the activations (shared by all products of one value), then the
// product, whose tiles of rows threads claim.
#include "claims.h"
#include "ops/product.h"
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

class MatmulStep final : public Step {
 public:
  MatmulStep(const Program& program, const Product& product, std::uint32_t y)
      : product_(product), outputs_(program.rows_are_outputs(y)) {
    reads = {product_.input()};
    writes = {y};
    hands_out = true;
    weight = product_.text();
  }
  Work work(const RunContext& run) const noexcept override {
    return product_.work(n_rows(run, outputs_));
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const std::uint64_t n_tokens = n_rows(run, outputs_), stride = product_.n_rows();
    const std::uint64_t n_tiles = product_.n_tiles();
    const std::uint64_t n = tiles_per_claim(n_tiles, product_.tile_bytes(), team.n_threads());
    claim_share(run, *this, team, n_tiles, n, [&](Range tiles) {
      float* y = run.floats(writes[0]) + tiles.begin * kTileRows;
      product_.run(run, {{0, n_tokens}, tiles, y, stride});
    });
  }

 private:
  Product product_;
  bool outputs_;
};

}  // namespace

void add_matmul(Program& program, const sdk::GraphNode& node) {
  const Product product(program, node);
  program.add_step(std::make_unique<MatmulStep>(program, product, node.output));
}

}  // namespace wick::cpu
