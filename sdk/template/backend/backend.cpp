// Weights decoded to doubles, states as the reference ops hold them, one thread.
#include "backend.h"

#include "conformance/reference/interpreter.h"
#include "conformance/reference/weights.h"

#include <wick/sdk/graph_view.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace template_name_plugin {
namespace {

namespace sdk = wick::sdk;
namespace reference = wick::reference;
using reference::Matrix;
using wick::ErrorCode;
using wick::fail;

const char kName[] = "template-name";
const char* const kOps[] = {"embed@1",      "matmul@1",         "add@1",    "mul@1",
                            "rms_norm@1",   "layer_norm@1",     "rope@1",   "attention@1",
                            "short_conv@1", "swiglu@1",         "silu@1",   "gelu@1",
                            "softcap@1",    "scale@1",          "slice@1",  "select_rows@1",
                            "route@1",      "matmul_experts@1", "combine@1"};

/// What is behind the opaque handles: this backend made them, nobody else looks inside.
struct Weight {
  wick_storage_class storage{};
  bool is_plain = true;
  std::uint32_t plain_type = WICK_TYPE_F32;
  Matrix values;
};
struct State {
  State(const wick_graph_api* api, const wick_graph* graph) : view(api, graph), states(view, 0) {}
  std::uint64_t block_values() const {
    std::uint64_t n = 0;
    for (const sdk::GraphState& s : view.states())
      n += s.kind == "kv" ? WICK_BLOCK_TOKENS * s.a * (s.b + s.c) : (s.a - 1) * s.b;
    return n;
  }
  /// Calls visit(first value, how many) for each part of a block.
  template <class Visit>
  void each_part(std::uint32_t block, Visit visit) {
    const auto part = [&](Matrix& m, std::uint64_t rows) {
      visit(m.values.data() + std::size_t{block} * rows * m.width, rows * m.width);
    };
    for (std::size_t i = 0; i < view.states().size(); ++i) {
      if (view.states()[i].kind == "kv") {
        part(states.kv[i].keys, WICK_BLOCK_TOKENS);
        part(states.kv[i].values, WICK_BLOCK_TOKENS);
      } else {
        part(states.conv[i].snapshots, view.states()[i].a - 1);
      }
    }
  }
  void need_block(std::uint32_t block) const {
    if (block >= n_blocks)
      fail(ErrorCode::kBadArgument, kName, ": there is no state block ", block, ", have ",
           n_blocks);
  }
  sdk::GraphView view;
  reference::States states;
  std::uint32_t n_blocks = 0;
};
struct Buffer {
  std::vector<unsigned char> bytes;
  unsigned char* at(std::uint64_t offset, std::uint64_t n) {
    if (offset > bytes.size() || n > bytes.size() - offset)
      fail(ErrorCode::kBadArgument, kName, ": a buffer of ", bytes.size(), " bytes has no ", n,
           " at ", offset);
    return bytes.data() + offset;
  }
};
struct Plan {
  explicit Plan(const sdk::GraphView& graph) : view(graph), interpreter(graph) {}
  sdk::GraphView view;
  reference::Interpreter interpreter;
  std::map<std::uint32_t, const Weight*> weights;
};

template <class Mine, class Opaque>
Mine& as(Opaque* handle) {
  if (!handle) fail(ErrorCode::kBadArgument, kName, ": a handle is null");
  return *reinterpret_cast<Mine*>(handle);
}
template <class Opaque, class Mine>
Opaque* hand_out(std::unique_ptr<Mine> mine) {
  return reinterpret_cast<Opaque*>(mine.release());
}

void need_device(std::uint32_t device) {
  if (device != 0)
    fail(ErrorCode::kBadArgument, kName, ": there is no device ", device, ", have 1");
}

void need_whole_groups(const wick_weight_desc& desc) {
  if (desc.storage && desc.n_cols % desc.storage->super_values != 0)
    fail(ErrorCode::kBadShape, kName, ": a row holds ", desc.n_cols,
         " weights, need a multiple of ", desc.storage->super_values);
}

class TemplateNameBackend final : public sdk::Backend {
 public:
  explicit TemplateNameBackend(const sdk::Host& host) : api_(host.api()->graph) {}

  std::uint32_t device_count() override { return 1; }
  void device_info(std::uint32_t device, wick_device_info& info) override {
    need_device(device);
    info.flags = WICK_DEVICE_SHARES_HOST_MEMORY;
    info.id = info.name = sdk::to_str(kName);
    info.description = sdk::to_str("reference ops, 1 thread");
    info.memory_total = info.memory_free = info.bandwidth = WICK_UNKNOWN;
    info.row_tile = 16;
  }
  std::uint32_t supports(std::uint32_t device, std::string_view op, const wick_storage_class*,
                         std::uint32_t) override {
    need_device(device);
    const bool known = std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps);
    return known ? WICK_SUPPORT_NATIVE : WICK_SUPPORT_NONE;
  }
  void estimate(std::uint32_t device, const wick_segment_request& request,
                wick_bytes& bytes) override {
    need_device(device);
    for (std::uint32_t i = 0; i < request.n_weights; ++i) {
      need_whole_groups(*request.weights[i].desc);
      bytes.weights +=
          request.weights[i].desc->n_rows * request.weights[i].desc->n_cols * sizeof(double);
    }
    const State state(api_, request.graph);
    bytes.state = state.block_values() * sizeof(double) * request.n_blocks;
    for (const sdk::GraphValue& value : state.view.values())
      if (value.kind != WICK_VALUE_WEIGHT)
        bytes.activations += value.width() * request.max_tokens * sizeof(double);
  }

  wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) override {
    need_device(device);
    need_whole_groups(desc);
    auto weight = std::make_unique<Weight>();
    weight->is_plain = desc.storage == nullptr;
    if (desc.storage) weight->storage = *desc.storage;
    weight->plain_type = desc.plain_type;
    weight->values = Matrix(desc.n_rows, desc.n_cols);
    return hand_out<wick_weight>(std::move(weight));
  }
  void weight_put(wick_weight* handle, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override {
    const Weight& weight = as<Weight>(handle);
    put(handle, first_row, first_col, reference::decode(weight.storage, tile));
  }
  void weight_put_plain(wick_weight* handle, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override {
    const Weight& weight = as<Weight>(handle);
    put(handle, first_row, 0,
        reference::decode_plain(weight.plain_type, rows, n_rows, weight.values.width));
  }
  void weight_finish(wick_weight*) override {}
  std::uint64_t weight_bytes(const wick_weight* handle) noexcept override {
    return reinterpret_cast<const Weight*>(handle)->values.values.size() * sizeof(double);
  }
  void weight_free(wick_weight* handle) noexcept override {
    delete reinterpret_cast<Weight*>(handle);
  }

  wick_state* state_create(std::uint32_t device, const wick_graph* graph, std::uint32_t) override {
    need_device(device);
    return hand_out<wick_state>(std::make_unique<State>(api_, graph));
  }
  void state_resize(wick_state* handle, std::uint32_t n_blocks) override {
    State& state = as<State>(handle);
    state.states.resize(state.view, n_blocks);
    state.n_blocks = n_blocks;
  }
  void state_copy(wick_state* handle, std::uint32_t from, std::uint32_t to) override {
    State& state = as<State>(handle);
    state.need_block(to);
    std::vector<double> block(state.block_values());
    state_read(handle, from, block.data());
    state_write(handle, to, block.data());
  }
  std::uint64_t state_block_bytes(const wick_state* handle) noexcept override {
    return reinterpret_cast<const State*>(handle)->block_values() * sizeof(double);
  }
  void state_read(wick_state* handle, std::uint32_t block, void* bytes) override {
    as<State>(handle).need_block(block);
    auto* to = static_cast<double*>(bytes);
    as<State>(handle).each_part(
        block, [&](const double* part, std::uint64_t n) { to = std::copy_n(part, n, to); });
  }
  void state_write(wick_state* handle, std::uint32_t block, const void* bytes) override {
    as<State>(handle).need_block(block);
    const auto* from = static_cast<const double*>(bytes);
    as<State>(handle).each_part(block, [&](double* part, std::uint64_t n) {
      std::copy_n(from, n, part);
      from += n;
    });
  }
  void state_free(wick_state* handle) noexcept override { delete reinterpret_cast<State*>(handle); }

  wick_buffer* buffer_create(std::uint32_t device, std::uint64_t n_bytes) override {
    need_device(device);
    auto buffer = std::make_unique<Buffer>();
    buffer->bytes.resize(n_bytes);
    return hand_out<wick_buffer>(std::move(buffer));
  }
  wick_fence* buffer_write(wick_buffer* handle, std::uint64_t offset, const void* bytes,
                           std::uint64_t n_bytes, bool) override {
    std::memcpy(as<Buffer>(handle).at(offset, n_bytes), bytes, n_bytes);
    return nullptr;
  }
  wick_fence* buffer_read(wick_buffer* handle, std::uint64_t offset, void* bytes,
                          std::uint64_t n_bytes, bool) override {
    std::memcpy(bytes, as<Buffer>(handle).at(offset, n_bytes), n_bytes);
    return nullptr;
  }
  void buffer_free(wick_buffer* handle) noexcept override {
    delete reinterpret_cast<Buffer*>(handle);
  }

  wick_plan* compile(std::uint32_t device, const wick_compile_request& request) override {
    need_device(device);
    auto plan = std::make_unique<Plan>(sdk::GraphView(api_, request.graph));
    for (const sdk::GraphNode& node : plan->view.nodes())
      if (supports(device, node.op, nullptr, WICK_TYPE_F32) == WICK_SUPPORT_NONE)
        fail(ErrorCode::kUnavailable, kName, ": there is no op ", node.op, "; use another backend");
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      plan->weights[request.weights[i].value] = &as<Weight>(request.weights[i].weight);
    return hand_out<wick_plan>(std::move(plan));
  }
  wick_fence* run(wick_plan* handle, const wick_bindings& bindings, bool) override {
    const Plan& plan = as<Plan>(handle);
    const std::vector<sdk::GraphValue>& about = plan.view.values();
    std::vector<Matrix> values(about.size());
    for (const auto& [value, weight] : plan.weights) values[value] = weight->values;
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
      const wick_buffer_binding& bound = bindings.buffers[i];
      if (about[bound.value].kind != WICK_VALUE_INPUT) continue;
      const bool of_outputs = about[bound.value].rows_are_outputs();
      values[bound.value] =
          Matrix(of_outputs ? bindings.batch->n_outputs : bindings.batch->n_tokens,
                 about[bound.value].width());
      read_input(as<Buffer>(bound.buffer), values[bound.value]);
    }
    reference::States none(plan.view, 0);
    plan.interpreter.run(*bindings.batch, bindings.state ? as<State>(bindings.state).states : none,
                         values);
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
      if (about[bindings.buffers[i].value].is_output)
        write_output(values[bindings.buffers[i].value], as<Buffer>(bindings.buffers[i].buffer));
    return nullptr;
  }
  void plan_free(wick_plan* handle) noexcept override { delete reinterpret_cast<Plan*>(handle); }
  void fence_wait(wick_fence*) override {}

 private:
  static void put(wick_weight* handle, std::uint64_t first_row, std::uint64_t first_col,
                  const Matrix& tile) {
    Matrix& all = as<Weight>(handle).values;
    if (first_row > all.n_rows || tile.n_rows > all.n_rows - first_row || first_col > all.width ||
        tile.width > all.width - first_col)
      fail(ErrorCode::kBadArgument, kName, ": a tile is outside of its weight");
    for (std::size_t r = 0; r < tile.n_rows; ++r)
      std::copy_n(tile.row(r), tile.width, all.row(first_row + r) + first_col);
  }
  static void read_input(Buffer& buffer, Matrix& to) {
    const unsigned char* from = buffer.at(0, to.values.size() * sizeof(float));
    for (std::size_t i = 0; i < to.values.size(); ++i) {
      float value = 0;
      std::memcpy(&value, from + i * sizeof value, sizeof value);
      to.values[i] = static_cast<double>(value);
    }
  }
  static void write_output(const Matrix& from, Buffer& buffer) {
    unsigned char* to = buffer.at(0, from.values.size() * sizeof(float));
    for (std::size_t i = 0; i < from.values.size(); ++i) {
      const float value = static_cast<float>(from.values[i]);
      std::memcpy(to + i * sizeof value, &value, sizeof value);
    }
  }

  const wick_graph_api* api_;
};

}  // namespace

std::unique_ptr<wick::sdk::Backend> make_backend(const wick::sdk::Host& host) {
  return std::make_unique<TemplateNameBackend>(host);
}

}  // namespace template_name_plugin
