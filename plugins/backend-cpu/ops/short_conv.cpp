// short_conv@1: a causal convolution over the last `width` tokens of every channel. Threads take
// channels; the one token of a decode step is left to the thread that has it in the steps around.
#include <algorithm>
#include <cstring>
#include <vector>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

constexpr std::uint64_t kMaxWidth = 64;
constexpr std::uint64_t kChannelGrain = 16;

class ShortConvStep final : public Step {
 public:
  /// `kernel`: [n_channels][width]; null in an estimate.
  ShortConvStep(const StatePlace& place, const float* kernel, bool one_token)
      : place_(place), width_(place.a), n_channels_(place.b), taps_(width_ * n_channels_) {
    for (std::uint64_t i = 0; kernel && i < taps_.size(); ++i)
      taps_[i % width_ * n_channels_ + i / width_] = kernel[i];
    if (one_token) partition = Partition::rows(false);
    scratch_bytes = (width_ - 1) * n_channels_ * sizeof(float);
  }

  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const bool is_one_row = partition.kind == Partition::Kind::kRows;
    const Range channels = share(n_channels_, team, is_one_row ? n_channels_ : kChannelGrain);
    if (channels.begin == channels.end) return;
    auto* old = reinterpret_cast<float*>(run.scratch + team.thread() * run.scratch_bytes);
    for (std::uint32_t i = 0; i < run.batch->n_runs; ++i)
      convolve(run, run.batch->runs[i], channels, old);
  }

 private:
  float* state(const RunContext& run, const wick_run& r, std::uint64_t position) const noexcept {
    std::uint8_t* block = run.state->block(r.blocks[position / WICK_BLOCK_TOKENS]);
    return reinterpret_cast<float*>(block + place_.at);
  }

  /// The inputs before the run, copied: the block that holds them may be the one that is written.
  void read_old(const RunContext& run, const wick_run& r, Range channels,
                float* old) const noexcept {
    const float* from = r.first_position == 0 ? nullptr : state(run, r, r.first_position - 1);
    const std::uint64_t n = channels.end - channels.begin;
    for (std::uint64_t j = 0; j + 1 < width_; ++j) {
      float* to = old + j * n_channels_ + channels.begin;
      if (from)
        std::memcpy(to, from + j * n_channels_ + channels.begin, n * sizeof(float));
      else
        std::fill_n(to, n, 0.0f);
    }
  }

  void convolve(const RunContext& run, const wick_run& r, Range channels,
                float* old) const noexcept {
    read_old(run, r, channels, old);
    const float* x = run.floats(reads[0]) + r.first_token * n_channels_;
    float* y = run.floats(writes[0]) + r.first_token * n_channels_;
    // The input `i` tokens after the first that the run's first token sees.
    const auto input = [&](std::uint64_t i) {
      return i + 1 < width_ ? old + i * n_channels_ : x + (i + 1 - width_) * n_channels_;
    };
    for (std::uint64_t t = 0; t < r.n_tokens; ++t) {
      const float* rows[kMaxWidth];
      for (std::uint64_t j = 0; j < width_; ++j) rows[j] = input(t + j);
      add_taps(rows, channels, y + t * n_channels_);
      const std::uint64_t position = r.first_position + t;
      if (position % WICK_BLOCK_TOKENS != WICK_BLOCK_TOKENS - 1 && t + 1 != r.n_tokens) continue;
      float* to = state(run, r, position) + channels.begin;
      for (std::uint64_t j = 0; j + 1 < width_; ++j)
        std::memcpy(to + j * n_channels_, rows[j + 1] + channels.begin,
                    (channels.end - channels.begin) * sizeof(float));
    }
  }

  /// y = sum over j, in order, of taps[j] * rows[j].
  void add_taps(const float* const* rows, Range channels, float* y) const noexcept {
    std::fill(y + channels.begin, y + channels.end, 0.0f);
    for (std::uint64_t j = 0; j < width_; ++j) {
      const float* tap = taps_.data() + j * n_channels_;
      const float* row = rows[j];
      for (std::uint64_t c = channels.begin; c < channels.end; ++c) y[c] += tap[c] * row[c];
    }
  }

  StatePlace place_;
  std::uint64_t width_, n_channels_;
  std::vector<float> taps_;  // [width][n_channels]
};

}  // namespace

void add_short_conv(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  need_same_shape(program, node, x, node.output);
  if (program.rows_are_outputs(x)) program.refuse(node, "needs rows of tokens");
  if (node.state == WICK_NONE || program.states().places[node.state].is_kv)
    program.refuse(node, "needs the state of a convolution");
  const StatePlace& place = program.states().places[node.state];
  if (place.a == 0 || place.b != program.width(x) || place.a > kMaxWidth)
    program.refuse(node, "has a state of another shape, or is too wide");
  const float* kernel = program.vector(node, 1, place.a * place.b);
  auto step = std::make_unique<ShortConvStep>(place, kernel, program.max_tokens() == 1);
  step->reads = {x};
  step->writes = {node.output};
  step->changes = program.state_value(node.state);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
