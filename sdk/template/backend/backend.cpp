// Weights decoded to doubles, states as the reference ops hold them, one thread.
#include "backend.h"

#include "conformance/reference/interpreter.h"
#include "conformance/reference/weights.h"

#include <wick/sdk/backend_of.h>
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

void need_inside(bool is_inside) {
  if (!is_inside) fail(ErrorCode::kBadArgument, kName, ": a tile is outside of its weight");
}

struct Weight {
  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
    put(first_row, first_col, reference::decode(storage, tile));
  }
  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
    put(first_row, 0, reference::decode_plain(plain_type, rows, n_rows, values.width));
  }
  void put(std::uint64_t first_row, std::uint64_t first_col, const Matrix& tile) {
    need_inside(first_row <= values.n_rows && tile.n_rows <= values.n_rows - first_row);
    need_inside(first_col <= values.width && tile.width <= values.width - first_col);
    for (std::size_t r = 0; r < tile.n_rows; ++r)
      std::copy_n(tile.row(r), tile.width, values.row(first_row + r) + first_col);
  }
  std::uint64_t bytes() const noexcept { return values.values.size() * sizeof(double); }

  wick_storage_class storage{};
  std::uint32_t plain_type = WICK_TYPE_F32;
  Matrix values;
};
struct State {
  State(const wick_graph_api* api, const wick_graph* graph) : view(api, graph), states(view, 0) {}
  void resize(std::uint32_t n) {
    states.resize(view, n);
    n_blocks = n;
  }
  void copy(std::uint32_t from, std::uint32_t to) {
    std::vector<double> block(block_values());
    read(from, block.data());
    write(to, block.data());
  }
  std::uint64_t block_bytes() const noexcept { return block_values() * sizeof(double); }
  void read(std::uint32_t block, void* bytes) {
    need_block(block);
    auto* to = static_cast<double*>(bytes);
    each_part(block, [&](const double* part, std::uint64_t n) { to = std::copy_n(part, n, to); });
  }
  void write(std::uint32_t block, const void* bytes) {
    need_block(block);
    const auto* from = static_cast<const double*>(bytes);
    each_part(block, [&](double* part, std::uint64_t n) {
      std::copy_n(from, n, part);
      from += n;
    });
  }
  std::uint64_t block_values() const noexcept {
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
  std::uint64_t size() const noexcept { return bytes.size(); }
  unsigned char* host() noexcept { return bytes.data(); }
  /// Rows of f32 as doubles, and back.
  void read(Matrix& to) const {
    need_bytes(to.values.size());
    for (std::size_t i = 0; i < to.values.size(); ++i) {
      float value = 0;
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      to.values[i] = static_cast<double>(value);
    }
  }
  void write(const Matrix& from) {
    need_bytes(from.values.size());
    for (std::size_t i = 0; i < from.values.size(); ++i) {
      const float value = static_cast<float>(from.values[i]);
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
  }
  void need_bytes(std::size_t n_values) const {
    if (n_values > bytes.size() / sizeof(float))
      fail(ErrorCode::kBadArgument, kName, ": a buffer of ", bytes.size(),
           " bytes has no room for ", n_values, " values");
  }
};
struct Plan {
  explicit Plan(const sdk::GraphView& graph) : view(graph), interpreter(graph) {}
  void run(const wick_bindings& bindings) const;
  sdk::GraphView view;
  reference::Interpreter interpreter;
  std::map<std::uint32_t, const Weight*> weights;
};

void Plan::run(const wick_bindings& bindings) const {
  const std::vector<sdk::GraphValue>& about = view.values();
  std::vector<Matrix> values(about.size());
  for (const auto& [value, weight] : weights) values[value] = weight->values;
  for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
    const wick_buffer_binding& bound = bindings.buffers[i];
    if (about[bound.value].kind != WICK_VALUE_INPUT) continue;
    const bool of_outputs = about[bound.value].rows_are_outputs();
    values[bound.value] = Matrix(of_outputs ? bindings.batch->n_outputs : bindings.batch->n_tokens,
                                 about[bound.value].width());
    sdk::object_of<Buffer>(bound.buffer)->read(values[bound.value]);
  }
  reference::States none(view, 0);
  auto* state = sdk::object_of<State>(bindings.state);
  interpreter.run(*bindings.batch, state ? state->states : none, values);
  for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
    if (about[bindings.buffers[i].value].is_output)
      sdk::object_of<Buffer>(bindings.buffers[i].buffer)->write(values[bindings.buffers[i].value]);
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

class TemplateNameBackend final : public sdk::BackendOf<Weight, State, Buffer, Plan> {
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
    bytes.state = state.block_bytes() * request.n_blocks;
    for (const sdk::GraphValue& value : state.view.values())
      if (value.kind != WICK_VALUE_WEIGHT)
        bytes.activations += value.width() * request.max_tokens * sizeof(double);
  }

  std::unique_ptr<Weight> make_weight(std::uint32_t device, const wick_weight_desc& desc) override {
    need_device(device);
    need_whole_groups(desc);
    auto weight = std::make_unique<Weight>();
    if (desc.storage) weight->storage = *desc.storage;
    weight->plain_type = desc.plain_type;
    weight->values = Matrix(desc.n_rows, desc.n_cols);
    return weight;
  }
  std::unique_ptr<State> make_state(std::uint32_t device, const wick_graph* graph,
                                    std::uint32_t) override {
    need_device(device);
    return std::make_unique<State>(api_, graph);
  }
  std::unique_ptr<Buffer> make_buffer(std::uint32_t device, std::uint64_t n_bytes) override {
    need_device(device);
    auto buffer = std::make_unique<Buffer>();
    buffer->bytes.resize(n_bytes);
    return buffer;
  }
  std::unique_ptr<Plan> make_plan(std::uint32_t device,
                                  const wick_compile_request& request) override {
    need_device(device);
    auto plan = std::make_unique<Plan>(sdk::GraphView(api_, request.graph));
    for (const sdk::GraphNode& node : plan->view.nodes())
      if (supports(device, node.op, nullptr, WICK_TYPE_F32) == WICK_SUPPORT_NONE)
        fail(ErrorCode::kUnavailable, kName, ": there is no op ", node.op, "; use another backend");
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      plan->weights[request.weights[i].value] =
          sdk::object_of<const Weight>(request.weights[i].weight);
    return plan;
  }

 private:
  const wick_graph_api* api_;
};

}  // namespace

std::unique_ptr<wick::sdk::Backend> make_backend(const wick::sdk::Host& host) {
  return std::make_unique<TemplateNameBackend>(host);
}

}  // namespace template_name_plugin
