// Commands are recorded for each number of tokens and outputs when it first comes, and submitted
// again from then on: the batch, which changes, is memory that they read.
#include "plan.h"

#include <wick/sdk/backend_of.h>

#include <algorithm>

namespace wick::vulkan {
namespace {

constexpr std::size_t kMostRecorded = 16;

void need(bool condition, const char* what) {
  if (!condition) fail(ErrorCode::kBadArgument, "vulkan: run: ", what);
}

std::uint32_t n_positions_of(const wick_batch& batch) {
  std::uint32_t n = 0;
  for (std::uint32_t r = 0; r < batch.n_runs; ++r)
    n = std::max(n, batch.runs[r].first_position + batch.runs[r].n_tokens);
  return n;
}

Memory zeroed(Device& device, std::uint32_t n_words) {
  Memory memory(device, n_words * std::uint64_t{4}, Place::kDevice);
  device.run_once([&](VkCommandBuffer commands) {
    device.api().CmdFillBuffer(commands, memory.buffer(), 0, VK_WHOLE_SIZE, 0);
    full_barrier(device.api(), commands);
  });
  return memory;
}

}  // namespace

Plan::Plan(const sdk::Host& host, Device& device, Pipelines& pipelines,
           const ProgramRequest& request)
    : host_(host),
      device_(device),
      pipelines_(pipelines),
      program_(request),
      batch_(device, request.max_tokens, request.max_outputs),
      arena_(device, program_.values().arena_bytes(), Place::kDevice),
      counters_(zeroed(device, program_.n_counters())) {
  const auto& values = program_.values().all();
  places_.resize(values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    places_[i] = {arena_.address() + values[i].offset, program_.max_rows(i) * values[i].row_bytes};
    if (program_.values().is_state(i)) places_[i] = {i + 1u, 1};  // of no memory, but told apart
    if (!values[i].is_external || values[i].row_bytes == 0) continue;
    external_.push_back(i);
    is_input_.push_back(request.graph->values()[i].kind == WICK_VALUE_INPUT);
  }
  places_.push_back({counters_.address(), counters_.size()});
  buffers_.resize(external_.size());
  if (host_.option("profile")) profile_ = std::make_unique<Profile>(device_, program_);
}

Plan::~Plan() {
  if (!profile_) return;
  try {
    for (const std::string& line : profile_->lines()) host_.log(WICK_LOG_INFO, line);
  } catch (const std::exception& e) {
    host_.log(WICK_LOG_WARNING, e.what());
  }
}

std::uint64_t Plan::activation_bytes(Program& program, const ProgramRequest& request,
                                     std::uint32_t n_positions) {
  std::uint64_t bytes = program.values().arena_bytes() + program.n_counters() * std::uint64_t{4} +
                        Batch::bytes_for(request.max_tokens, request.max_outputs);
  for (const RopeTable& table : program.rope_tables()) bytes += table.bytes_for(n_positions);
  return bytes;
}

void Plan::bind(const wick_bindings& bindings) {
  std::fill(buffers_.begin(), buffers_.end(), nullptr);
  for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
    const auto at = std::find(external_.begin(), external_.end(), bindings.buffers[i].value);
    need(at != external_.end(), "a buffer is bound to a value that is no input and no output");
    need(bindings.buffers[i].buffer != nullptr, "a bound buffer is null");
    auto* buffer = sdk::object_of<Buffer>(bindings.buffers[i].buffer);
    const sdk::SegmentValue& value = program_.values().all()[*at];
    const std::uint32_t rows =
        value.rows_are_outputs ? bindings.batch->n_outputs : bindings.batch->n_tokens;
    need(value.row_bytes * rows <= buffer->n_bytes, "a bound buffer is too small");
    buffers_[static_cast<std::size_t>(at - external_.begin())] = buffer;
    places_[*at] = {buffer->memory.address(), buffer->n_bytes};
  }
  need(std::find(buffers_.begin(), buffers_.end(), nullptr) == buffers_.end(),
       "an input or output is not bound");
}

void Plan::copy_external(VkCommandBuffer commands, bool inputs, std::uint32_t n_tokens,
                         std::uint32_t n_outputs) {
  bool any = false;
  const auto copy = [&](std::size_t i, VkBuffer from, VkBuffer to) {
    const sdk::SegmentValue& value = program_.values().all()[external_[i]];
    const VkBufferCopy region{0, 0,
                              value.row_bytes * (value.rows_are_outputs ? n_outputs : n_tokens)};
    if (region.size == 0) return;
    if (!inputs && !any) full_barrier(device_.api(), commands);
    device_.api().CmdCopyBuffer(commands, from, to, 1, &region);
    any = true;
  };
  for (std::size_t i = 0; i < external_.size(); ++i) {
    if (is_input_[i] != inputs || !buffers_[i]->has_mirror()) continue;
    if (inputs)
      copy(i, buffers_[i]->mirror.buffer(), buffers_[i]->memory.buffer());
    else
      copy(i, buffers_[i]->memory.buffer(), buffers_[i]->mirror.buffer());
  }
}

void Plan::record(Commands& commands, const wick_batch& batch) {
  VkCommandBuffer buffer = commands.begin();
  copy_external(buffer, true, batch.n_tokens, batch.n_outputs);
  full_barrier(device_.api(), buffer);
  Recorder recorder(device_, pipelines_.layout(), buffer, batch_, places_, program_, batch.n_tokens,
                    batch.n_outputs);
  if (profile_) profile_->start(buffer);
  for (std::size_t i = 0; i < program_.steps().size(); ++i) {
    recorder.begin(program_.steps()[i]);
    program_.steps()[i].record(recorder);
    if (profile_) profile_->mark(buffer, i);
  }
  copy_external(buffer, false, batch.n_tokens, batch.n_outputs);
  full_barrier(device_.api(), buffer);
  commands.end();
}

Commands& Plan::recorded(const wick_batch& batch) {
  Key key{batch.n_tokens, batch.n_outputs};
  for (const Buffer* buffer : buffers_) {
    key.push_back(buffer->memory.address());
    key.push_back(reinterpret_cast<std::uintptr_t>(buffer->mirror.buffer()));
  }
  const auto found = recorded_.find(key);
  if (found != recorded_.end()) return *found->second;
  if (recorded_.size() >= kMostRecorded) recorded_.clear();
  auto commands = std::make_unique<Commands>(device_);
  record(*commands, batch);
  return *(recorded_[std::move(key)] = std::move(commands));
}

void Plan::run(const wick_bindings& bindings) {
  need(bindings.batch != nullptr, "there is no batch");
  need(program_.states().places.empty() || bindings.state, "a state is missing");
  const auto* state = sdk::object_of<const State>(bindings.state);
  const wick_batch& batch = *bindings.batch;
  batch_.check(batch, state, program_.vocab_size());
  bind(bindings);
  bool moved = batch_.write(batch, state);
  for (RopeTable& table : program_.rope_tables())
    moved = table.reserve(device_, n_positions_of(batch)) || moved;
  if (moved) recorded_.clear();
  Commands& commands = recorded(batch);
  commands.submit();
  commands.wait();
  if (profile_) profile_->collect(batch.n_tokens);
}

}  // namespace wick::vulkan
