// short_conv@1: a causal convolution over the last `width` tokens of every channel; threads take
// channels.
#include <algorithm>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

constexpr std::uint64_t kMaxWidth = 64;

class ShortConvStep final : public Step {
 public:
  ShortConvStep(const StatePlace& place, const float* kernel)
      : place_(place), width_(place.a), n_channels_(place.b), kernel_(kernel) {}

  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range channels = share(n_channels_, team, 16);
    for (std::uint32_t i = 0; i < run.batch->n_runs; ++i) {
      const wick_run& r = run.batch->runs[i];
      // The old state first: the block that holds it may be the one that is written.
      const float* old = r.first_position == 0 ? nullptr : state(run, r, r.first_position - 1);
      for (std::uint64_t c = channels.begin; c < channels.end; ++c) convolve(run, r, old, c);
    }
  }

 private:
  float* state(const RunContext& run, const wick_run& r, std::uint64_t position) const noexcept {
    std::uint8_t* block = run.state->block(r.blocks[position / WICK_BLOCK_TOKENS]);
    return reinterpret_cast<float*>(block + place_.at);
  }

  void convolve(const RunContext& run, const wick_run& r, const float* old,
                std::uint64_t c) const noexcept {
    float window[kMaxWidth] = {};
    for (std::uint64_t j = 0; old && j + 1 < width_; ++j) window[j] = old[j * n_channels_ + c];
    const float* x = run.floats(reads[0]) + r.first_token * n_channels_ + c;
    float* y = run.floats(writes) + r.first_token * n_channels_ + c;
    for (std::uint64_t t = 0; t < r.n_tokens; ++t) {
      window[width_ - 1] = x[t * n_channels_];
      float sum = 0;
      for (std::uint64_t j = 0; j < width_; ++j) sum += kernel_[c * width_ + j] * window[j];
      y[t * n_channels_] = sum;
      for (std::uint64_t j = 0; j + 1 < width_; ++j) window[j] = window[j + 1];
      const std::uint64_t position = r.first_position + t;
      if (position % WICK_BLOCK_TOKENS != WICK_BLOCK_TOKENS - 1 && t + 1 != r.n_tokens) continue;
      float* to = state(run, r, position);
      for (std::uint64_t j = 0; j + 1 < width_; ++j) to[j * n_channels_ + c] = window[j];
    }
  }

  StatePlace place_;
  std::uint64_t width_, n_channels_;
  const float* kernel_;
};

}  // namespace

void add_short_conv(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  need_same_shape(program, node, x, node.output);
  if (program.rows_are_outputs(x)) program.refuse(node, "needs rows of tokens");
  if (node.state == WICK_NONE || program.states().places[node.state].is_kv)
    program.refuse(node, "needs the state of a convolution");
  const StatePlace& place = program.states().places[node.state];
  if (place.b != program.width(x) || place.a > kMaxWidth)
    program.refuse(node, "has a state of another shape, or is too wide");
  const float* kernel = program.vector(node, 1, place.a * place.b);
  auto step = std::make_unique<ShortConvStep>(place, kernel);
  step->reads = {x};
  step->writes = node.output;
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
