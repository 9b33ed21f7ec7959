// What the host asks for (wick/abi/backend.h): a line in the log, then the reference.
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

class TraceBackend final : public sdk::BackendOf<Weight, State, Buffer, Plan> {
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
    bytes.state = state.block_bytes() * request.n_blocks;
    say("estimate ", request.n_weights, " weights: ", bytes.weights, " bytes; ", request.n_blocks,
        " state blocks: ", bytes.state, " bytes");
  }

  std::unique_ptr<Weight> make_weight(std::uint32_t device, const wick_weight_desc& desc) override {
    need(device);
    say("weight ", describe(desc));
    if (desc.storage && desc.n_cols % desc.storage->super_values != 0)
      fail(ErrorCode::kBadShape, "trace: a row holds ", desc.n_cols,
           " weights, need a multiple of ", desc.storage->super_values);
    auto weight = std::make_unique<Weight>();
    if (desc.storage) weight->storage = *desc.storage;
    weight->plain_type = desc.plain_type;
    weight->values = Matrix(desc.n_rows, desc.n_cols);
    return weight;
  }

  std::unique_ptr<State> make_state(std::uint32_t device, const wick_graph* graph,
                                    std::uint32_t) override {
    need(device);
    auto state = std::make_unique<State>(State{view(graph), {view(graph), 0}});
    say("state of ", state->graph.states().size(), " layers");
    return state;
  }
  void state_resize(wick_state* state, std::uint32_t n_blocks) override {
    say("state of ", n_blocks, " blocks");
    BackendOf::state_resize(state, n_blocks);
  }
  void state_copy(wick_state* state, std::uint32_t from, std::uint32_t to) override {
    say("state block ", from, " copied to ", to);
    BackendOf::state_copy(state, from, to);
  }

  std::unique_ptr<Buffer> make_buffer(std::uint32_t device, std::uint64_t n_bytes) override {
    need(device);
    say("buffer of ", n_bytes, " bytes");
    auto buffer = std::make_unique<Buffer>();
    buffer->bytes.resize(n_bytes);
    return buffer;
  }

  std::unique_ptr<Plan> make_plan(std::uint32_t device,
                                  const wick_compile_request& request) override {
    need(device);
    auto plan = std::make_unique<Plan>(view(request.graph));
    say("compile for ", request.max_tokens, " tokens, ", describe_ops(plan->graph));
    for (const sdk::GraphNode& node : plan->graph.nodes())
      if (!is_known(node.op)) fail(ErrorCode::kUnavailable, "trace: there is no op ", node.op);
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      plan->weights[request.weights[i].value] =
          sdk::object_of<const Weight>(request.weights[i].weight);
    return plan;
  }
  wick_fence* run(wick_plan* plan, const wick_bindings& bindings, bool wait) override {
    say("run ", describe(*bindings.batch));
    return BackendOf::run(plan, bindings, wait);
  }

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
