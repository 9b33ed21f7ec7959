// One method a function of the contract (wick/abi/backend.h): a line in the log, then the
// reference.
#include "backend.h"

#include "describe.h"
#include "handles.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

namespace trace {
namespace {

namespace sdk = wick::sdk;
using wick::ErrorCode;
using wick::fail;

/// What the reference interpreter of this SDK knows.
constexpr const char* kOps[] = {
    "embed@1",     "matmul@1",     "matmul_experts@1", "route@1",      "combine@1",
    "add@1",       "mul@1",        "rms_norm@1",       "layer_norm@1", "rope@1",
    "attention@1", "short_conv@1", "swiglu@1",         "silu@1",       "gelu@1",
    "softcap@1",   "scale@1",      "slice@1",          "select_rows@1"};

bool is_known(std::string_view op) {
  return std::any_of(std::begin(kOps), std::end(kOps),
                     [&](const char* known) { return op == known; });
}

class TraceBackend final : public sdk::Backend {
 public:
  explicit TraceBackend(const sdk::Host& host) : host_(host) {}

  std::uint32_t device_count() override { return 1; }
  void device_info(std::uint32_t device, wick_device_info& info) override {
    need(device);
    info.flags = WICK_DEVICE_SHARES_HOST_MEMORY;
    info.id = info.name = sdk::to_str("trace");
    info.description = sdk::to_str("the reference ops, and a line for all that they are asked");
    info.memory_total = info.memory_free = info.bandwidth = WICK_UNKNOWN;
    info.row_tile = 16;
  }
  std::uint32_t supports(std::uint32_t device, std::string_view op,
                         const wick_storage_class* storage, std::uint32_t plain_type) override {
    need(device);
    say("supports ", op, " with ", describe(storage, plain_type), is_known(op) ? "? yes" : "? no");
    return is_known(op) ? WICK_SUPPORT_NATIVE : WICK_SUPPORT_NONE;
  }
  void estimate(std::uint32_t device, const wick_segment_request& request,
                wick_bytes& bytes) override {
    need(device);
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      bytes.weights += request.weights[i].desc->n_rows * request.weights[i].desc->n_cols * 8;
    const State state{view(request.graph), {view(request.graph), 0}};
    bytes.state = state.block_values() * 8 * request.n_blocks;
    say("estimate ", request.n_weights, " weights: ", bytes.weights, " bytes; ", request.n_blocks,
        " state blocks: ", bytes.state, " bytes");
  }

  wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) override {
    need(device);
    say("weight ", describe(desc));
    if (desc.storage && desc.n_cols % desc.storage->super_values != 0)
      fail(ErrorCode::kBadShape, "trace: a row holds ", desc.n_cols,
           " weights, need a multiple of ", desc.storage->super_values);
    auto weight = std::make_unique<Weight>();
    if (desc.storage) weight->storage = *desc.storage;
    weight->plain_type = desc.plain_type;
    weight->values = Matrix(desc.n_rows, desc.n_cols);
    return weight.release()->handle();
  }
  void weight_put(wick_weight* handle, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override {
    Weight& weight = Weight::of(handle);
    const Matrix values = wick::reference::decode(weight.storage, tile);
    for (std::size_t r = 0; r < values.n_rows; ++r)
      std::copy_n(values.row(r), values.width, weight.values.row(first_row + r) + first_col);
  }
  void weight_put_plain(wick_weight* handle, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override {
    Weight& weight = Weight::of(handle);
    const Matrix values =
        wick::reference::decode_plain(weight.plain_type, rows, n_rows, weight.values.width);
    std::copy(values.values.begin(), values.values.end(), weight.values.row(first_row));
  }
  void weight_finish(wick_weight*) override {}
  std::uint64_t weight_bytes(const wick_weight* handle) noexcept override {
    return reinterpret_cast<const Weight*>(handle)->n_bytes();
  }
  void weight_free(wick_weight* handle) noexcept override { delete &Weight::of(handle); }

  wick_state* state_create(std::uint32_t device, const wick_graph* graph, std::uint32_t) override {
    need(device);
    auto state = std::make_unique<State>(State{view(graph), {view(graph), 0}});
    say("state of ", state->graph.states().size(), " layers");
    return state.release()->handle();
  }
  void state_resize(wick_state* handle, std::uint32_t n_blocks) override {
    say("state of ", n_blocks, " blocks");
    State::of(handle).states.resize(State::of(handle).graph, n_blocks);
  }
  void state_copy(wick_state* handle, std::uint32_t from, std::uint32_t to) override {
    say("state block ", from, " copied to ", to);
    std::vector<double> block(State::of(handle).block_values());
    state_read(handle, from, block.data());
    state_write(handle, to, block.data());
  }
  std::uint64_t state_block_bytes(const wick_state* handle) noexcept override {
    return reinterpret_cast<const State*>(handle)->block_values() * sizeof(double);
  }
  void state_read(wick_state* handle, std::uint32_t block, void* bytes) override {
    auto* to = static_cast<double*>(bytes);
    State::of(handle).each_part(
        block, [&](const double* first, std::size_t n) { to = std::copy_n(first, n, to); });
  }
  void state_write(wick_state* handle, std::uint32_t block, const void* bytes) override {
    auto* from = static_cast<const double*>(bytes);
    State::of(handle).each_part(block, [&](double* first, std::size_t n) {
      std::copy_n(from, n, first);
      from += n;
    });
  }
  void state_free(wick_state* handle) noexcept override { delete &State::of(handle); }

  wick_buffer* buffer_create(std::uint32_t device, std::uint64_t n_bytes) override {
    need(device);
    say("buffer of ", n_bytes, " bytes");
    auto buffer = std::make_unique<Buffer>();
    buffer->bytes.resize(n_bytes);
    return buffer.release()->handle();
  }
  wick_fence* buffer_write(wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                           std::uint64_t n_bytes, bool) override {
    std::memcpy(Buffer::of(buffer).bytes.data() + offset, bytes, n_bytes);
    return nullptr;
  }
  wick_fence* buffer_read(wick_buffer* buffer, std::uint64_t offset, void* bytes,
                          std::uint64_t n_bytes, bool) override {
    std::memcpy(bytes, Buffer::of(buffer).bytes.data() + offset, n_bytes);
    return nullptr;
  }
  void buffer_free(wick_buffer* buffer) noexcept override { delete &Buffer::of(buffer); }

  wick_plan* compile(std::uint32_t device, const wick_compile_request& request) override {
    need(device);
    auto plan = std::make_unique<Plan>(view(request.graph));
    say("compile for ", request.max_tokens, " tokens, ", describe_ops(plan->graph));
    for (const sdk::GraphNode& node : plan->graph.nodes())
      if (!is_known(node.op)) fail(ErrorCode::kUnavailable, "trace: there is no op ", node.op);
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      plan->weights[request.weights[i].value] = &Weight::of(request.weights[i].weight);
    return plan.release()->handle();
  }
  wick_fence* run(wick_plan* handle, const wick_bindings& bindings, bool) override {
    Plan& plan = Plan::of(handle);
    say("run ", describe(*bindings.batch));
    std::vector<Matrix> values(plan.graph.values().size());
    for (const auto& [value, weight] : plan.weights) values[value] = weight->values;
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
      const wick_buffer_binding& bound = bindings.buffers[i];
      const sdk::GraphValue& value = plan.graph.values()[bound.value];
      const wick_batch& batch = *bindings.batch;
      if (value.kind == WICK_VALUE_INPUT)
        values[bound.value] =
            Buffer::of(bound.buffer)
                .read(value.rows_are_outputs() ? batch.n_outputs : batch.n_tokens, value.width());
    }
    wick::reference::States none(plan.graph, 0);
    plan.interpreter.run(*bindings.batch, bindings.state ? State::of(bindings.state).states : none,
                         values);
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
      if (plan.graph.values()[bindings.buffers[i].value].is_output)
        Buffer::of(bindings.buffers[i].buffer).write(values[bindings.buffers[i].value]);
    return nullptr;
  }
  void plan_free(wick_plan* plan) noexcept override { delete &Plan::of(plan); }
  void fence_wait(wick_fence*) override {}

 private:
  static void need(std::uint32_t device) {
    if (device != 0)
      fail(ErrorCode::kBadArgument, "trace: there is no device ", device, ", need 0, the only one");
  }
  template <class... Parts>
  void say(const Parts&... parts) const {
    std::ostringstream line;
    (line << ... << parts);
    host_.log(WICK_LOG_INFO, line.str());
  }
  sdk::GraphView view(const wick_graph* graph) const { return {host_.api()->graph, graph}; }

  sdk::Host host_;
};

}  // namespace

std::unique_ptr<sdk::Backend> make_backend(const sdk::Host& host) {
  return std::make_unique<TraceBackend>(host);
}

}  // namespace trace
