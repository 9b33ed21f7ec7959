// Everything is checked and placed before the parallel region; inside it nothing allocates or
// throws.
#include "plan.h"

#include <wick/error.h>
#include <wick/sdk/backend_of.h>
#include <wick/sdk/batch_check.h>

#include <algorithm>
#include <tuple>

namespace wick::cpu {
namespace {

void need(bool condition, const char* what) {
  if (!condition) fail(ErrorCode::kBadArgument, "cpu: the batch breaks the contract: ", what);
}

bool wants_profile(const sdk::Host& host) {
  const auto value = host.option("profile");
  if (value && *value != "1")
    fail(ErrorCode::kUnavailable, "cpu: the option profile is 1 or absent, got ", *value);
  return value.has_value();
}

}  // namespace

std::uint64_t Plan::activation_bytes(const Program& program, std::uint32_t n_threads) noexcept {
  return program.arena_bytes() + program.scratch_bytes() * n_threads;
}

Plan::Plan(const sdk::Host& host, const ProgramRequest& request)
    : host_(host),
      program_(request),
      max_tokens_(request.max_tokens),
      max_outputs_(request.max_outputs),
      n_threads_(std::max(1u, host.n_threads())),
      memory_(activation_bytes(program_, n_threads_)),
      claims_(count_claim_slots(program_.steps()), n_threads_) {
  const auto& values = program_.values();
  pointers_.resize(values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    pointers_[i] = memory_.data() + values[i].offset;
    if (!values[i].is_external) continue;
    pointers_[i] = nullptr;
    external_.push_back(i);
  }
  tiles_.reserve(max_tokens_);
  if (wants_profile(host)) profile_ = std::make_unique<Profile>(program_.steps());
}

Plan::~Plan() {
  if (!profile_) return;
  try {
    for (const std::string& line : profile_->lines()) host_.log(WICK_LOG_INFO, line);
  } catch (const std::exception& e) {
    host_.log(WICK_LOG_WARNING, e.what());
  }
}

void Plan::check_batch(const wick_batch& batch, const State* state) const {
  sdk::check_batch(batch, {"cpu", max_tokens_, max_outputs_, program_.vocab_size(),
                           state ? state->n_blocks() : 0, state != nullptr});
}

void Plan::bind(const wick_bindings& bindings) {
  for (const std::uint32_t value : external_) pointers_[value] = nullptr;
  for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
    const wick_buffer_binding& binding = bindings.buffers[i];
    need(binding.value < pointers_.size() && program_.values()[binding.value].is_external &&
             binding.buffer,
         "a buffer is bound to what is no input or output");
    const auto& buffer = *sdk::object_of<Buffer>(binding.buffer);
    const Value& value = program_.values()[binding.value];
    const std::uint64_t rows =
        value.rows_are_outputs ? bindings.batch->n_outputs : bindings.batch->n_tokens;
    need(buffer.n_bytes >= rows * value.row_bytes, "a buffer is too small");
    pointers_[binding.value] = buffer.data;
  }
  for (const std::uint32_t value : external_)
    need(pointers_[value], "an input or output has no buffer");
}

void Plan::make_tiles(const wick_batch& batch) {
  tiles_.clear();
  for (std::uint32_t i = 0; i < batch.n_runs; ++i) {
    const std::uint32_t n = batch.runs[i].n_tokens;
    for (std::uint32_t t = 0; t < n; t += kAttentionTokens)
      tiles_.push_back({i, t, std::min(n - t, kAttentionTokens)});
  }
  // What sees most comes first: whatever is claimed last is short.
  const auto n_seen = [&](const TokenTile& tile) {
    return std::uint64_t{batch.runs[tile.run].first_position} + tile.first + tile.n_tokens;
  };
  std::sort(tiles_.begin(), tiles_.end(), [&](const TokenTile& a, const TokenTile& b) {
    return std::make_tuple(n_seen(b), a.run) < std::make_tuple(n_seen(a), b.run);
  });
}

void Plan::run(const wick_bindings& bindings) {
  const wick_batch& batch = *bindings.batch;
  const auto* state = sdk::object_of<const State>(bindings.state);
  if (!program_.states().places.empty()) {
    need(state, "the graph has states, but none is bound");
    need(state->layout().block_bytes == program_.states().block_bytes &&
             state->layout().kv_type == program_.states().kv_type,
         "the state was made for another graph");
  }
  check_batch(batch, state);
  bind(bindings);
  make_tiles(batch);
  const RunContext context{&batch,
                           pointers_.data(),
                           state,
                           tiles_.data(),
                           static_cast<std::uint32_t>(tiles_.size()),
                           memory_.data() + program_.arena_bytes(),
                           program_.scratch_bytes(),
                           &claims_};
  claims_.start();
  auto body = [&](const sdk::Team& team) noexcept { run_steps(context, team); };
  host_.region(body);
  if (profile_) profile_->waited();
}

void Plan::run_steps(const RunContext& context, const sdk::Team& team) noexcept {
  Profile* profile = team.thread() == 0 ? profile_.get() : nullptr;
  if (profile) profile->begin(context.batch->n_tokens);
  std::uint32_t phase = 0;
  claims_.prepare_next(phase, team.thread());
  for (std::size_t i = 0; i < program_.steps().size(); ++i) {
    const Step& step = *program_.steps()[i];
    if (step.phase != phase) {
      team.barrier();
      if (profile) profile->waited();
      phase = step.phase;
      claims_.prepare_next(phase, team.thread());
    }
    step.run(context, team);
    if (profile) profile->ran(i, step.work(context));
  }
}

}  // namespace wick::cpu
