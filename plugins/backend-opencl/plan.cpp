// Kernels are enqueued anew for each run, with the arguments that are not as last time. Values are
// parts of one buffer, so that kernels get their own pointers.
#include "plan.h"

#include <wick/sdk/backend_of.h>

#include <algorithm>

namespace wick::opencl {
namespace {

void need(bool condition, const char* what) {
  if (!condition) fail(ErrorCode::kBadArgument, "opencl: run: ", what);
}

}  // namespace

Plan::Plan(const sdk::Host& host, Device& device, const ProgramRequest& request)
    : host_(host),
      device_(device),
      program_(request),
      batch_(device, request.max_tokens, request.max_outputs),
      arena_(device, program_.values().arena_bytes()) {
  try {
    cut_arena();
  } catch (...) {
    release_parts();
    throw;
  }
  if (device_.profiles()) profile_ = std::make_unique<Profile>(device_, program_);
  const auto& values = program_.values().all();
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (values[i].is_external && values[i].row_bytes > 0)
      bound_.push_back({i, request.graph->values()[i].kind == WICK_VALUE_INPUT, nullptr});
}

Plan::~Plan() {
  if (profile_)
    for (const std::string& line : profile_->lines()) host_.log(WICK_LOG_INFO, line);
  release_parts();
}

/// The last first: a driver (NVIDIA's 580.159.04) crashes in clReleaseMemObject otherwise.
void Plan::release_parts() noexcept {
  for (; !parts_.empty(); parts_.pop_back()) api().ReleaseMemObject(parts_.back());
}

void Plan::cut_arena() {
  const auto& values = program_.values().all();
  memory_.resize(values.size());
  std::vector<bool> is_made(values.size(), false);
  for (const Step& step : program_.steps())
    for (const std::uint32_t value : step.writes) is_made[value] = true;
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    if (!is_made[i] || values[i].is_external || program_.values().is_state(i)) continue;
    const cl_buffer_region region{values[i].offset,
                                  program_.values().max_rows(i) * values[i].row_bytes};
    cl_int result = CL_SUCCESS;
    memory_[i] = api().CreateSubBuffer(arena_.handle(), CL_MEM_READ_WRITE,
                                       CL_BUFFER_CREATE_TYPE_REGION, &region, &result);
    device_.check(result, "clCreateSubBuffer");
    parts_.push_back(memory_[i]);
  }
}

std::uint64_t Plan::activation_bytes(Program& program, const ProgramRequest& request,
                                     std::uint32_t n_positions) {
  std::uint64_t bytes =
      program.values().arena_bytes() + Batch::bytes_for(request.max_tokens, request.max_outputs);
  for (const RopeTable& table : program.rope_tables()) bytes += table.bytes_for(n_positions);
  return bytes;
}

std::uint64_t Plan::bytes_of(const Bound& bound, const wick_batch& batch) const {
  const sdk::SegmentValue& value = program_.values().all()[bound.value];
  return value.row_bytes * (value.rows_are_outputs ? batch.n_outputs : batch.n_tokens);
}

void Plan::bind(const wick_bindings& bindings) {
  for (Bound& bound : bound_) bound.buffer = nullptr;
  for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
    const auto at = std::find_if(bound_.begin(), bound_.end(), [&](const Bound& bound) {
      return bound.value == bindings.buffers[i].value;
    });
    need(at != bound_.end(), "a buffer is bound to a value that is no input and no output");
    need(bindings.buffers[i].buffer != nullptr, "a bound buffer is null");
    at->buffer = sdk::object_of<Buffer>(bindings.buffers[i].buffer);
    need(bytes_of(*at, *bindings.batch) <= at->buffer->n_bytes, "a bound buffer is too small");
    memory_[at->value] = at->buffer->memory.handle();
  }
  need(
      std::all_of(bound_.begin(), bound_.end(), [](const Bound& b) { return b.buffer != nullptr; }),
      "an input or output is not bound");
}

void Plan::hand_over(const wick_batch& batch) {
  for (const Bound& bound : bound_) {
    Buffer& buffer = *bound.buffer;
    buffer.memory.unmap();
    const std::uint64_t n_bytes = bytes_of(bound, batch);
    if (!buffer.has_mirror() || !bound.is_input || n_bytes == 0) continue;
    device_.check(api().EnqueueWriteBuffer(device_.queue(), buffer.memory.handle(), CL_FALSE, 0,
                                           n_bytes, buffer.mirror.mapped(), 0, nullptr, nullptr),
                  "clEnqueueWriteBuffer");
  }
}

void Plan::take_back(const wick_batch& batch) {
  for (const Bound& bound : bound_) {
    Buffer& buffer = *bound.buffer;
    const std::uint64_t n_bytes = bytes_of(bound, batch);
    if (!buffer.has_mirror() || bound.is_input || n_bytes == 0) continue;
    device_.check(api().EnqueueReadBuffer(device_.queue(), buffer.memory.handle(), CL_FALSE, 0,
                                          n_bytes, buffer.mirror.mapped(), 0, nullptr, nullptr),
                  "clEnqueueReadBuffer");
  }
  device_.finish();
  for (const Bound& bound : bound_)
    if (!bound.buffer->has_mirror()) bound.buffer->memory.map();
}

void Plan::note_memory(const State* state) {
  std::vector<std::uint64_t> serials{batch_.memory().serial()};
  for (std::size_t i = 0; i < program_.states().places.size(); ++i) {
    memory_[program_.values().first_state() + i] = state->handle(i);
    serials.push_back(state->memory(i).serial());
  }
  for (const Bound& bound : bound_) serials.push_back(bound.buffer->memory.serial());
  for (const RopeTable& table : program_.rope_tables()) serials.push_back(table.memory().serial());
  if (serials == serials_) return;
  serials_ = std::move(serials);
  ++epoch_;
}

void Plan::launch(const wick_batch& batch, const State* state) {
  note_memory(state);
  std::size_t at = 0;
  Launcher::Mark mark;
  if (profile_) mark = [&](cl_event event) { profile_->mark(at, event); };
  Launcher launcher(device_, program_, batch_, memory_, epoch_, batch.n_tokens, batch.n_outputs,
                    mark);
  for (; at < program_.steps().size(); ++at) program_.steps()[at].launch(launcher);
}

void Plan::run(const wick_bindings& bindings) {
  need(bindings.batch != nullptr, "there is no batch");
  need(program_.states().places.empty() || bindings.state, "a state is missing");
  const auto* state = sdk::object_of<const State>(bindings.state);
  const wick_batch& batch = *bindings.batch;
  batch_.check(batch, state, program_.vocab_size());
  bind(bindings);
  if (profile_) profile_->forget();
  try {
    batch_.write(batch, state);
    for (RopeTable& table : program_.rope_tables()) table.reserve(device_, batch_.n_positions());
    hand_over(batch);
    launch(batch, state);
    take_back(batch);
  } catch (...) {
    // Copies of the host's memory may be under way, which the caller and the next run change.
    api().Finish(device_.queue());
    throw;
  }
  if (profile_) profile_->collect(batch.n_tokens);
}

}  // namespace wick::opencl
