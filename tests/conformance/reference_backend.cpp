// Weights decoded to doubles, states as the reference holds them, one thread.
#include "reference_backend.h"

#include "conformance/reference/weights.h"
#include "faulty_interpreter.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace wick::tests {
namespace {

using reference::Matrix;

struct Weight {
  wick_storage_class storage{};
  bool is_plain = true;
  std::uint32_t plain_type = WICK_TYPE_F32;
  Matrix values;
};
struct State {
  sdk::GraphView view;
  reference::States states;
};
struct Plan {
  Plan(const sdk::GraphView& graph, Fault fault, bool precise)
      : view(graph), interpreter(graph, fault, precise) {}
  sdk::GraphView view;
  FaultyInterpreter interpreter;
  std::map<std::uint32_t, const Weight*> weights;
};
struct Buffer {
  std::vector<unsigned char> bytes;
};

Weight& of(wick_weight* handle) {
  return *reinterpret_cast<Weight*>(handle);
}
State& of(wick_state* handle) {
  return *reinterpret_cast<State*>(handle);
}
Plan& of(wick_plan* handle) {
  return *reinterpret_cast<Plan*>(handle);
}
Buffer& of(wick_buffer* handle) {
  return *reinterpret_cast<Buffer*>(handle);
}

/// Visits the parts of every matrix of a state that belong to one block.
template <class Visit>
void each_part(const State& state, std::uint32_t block, Visit visit) {
  for (std::size_t i = 0; i < state.view.states().size(); ++i) {
    const sdk::GraphState& s = state.view.states()[i];
    const auto part = [&](const Matrix& m, std::size_t rows) {
      visit(m, std::size_t{block} * rows * m.width, rows * m.width);
    };
    if (s.kind == "kv") {
      part(state.states.kv[i].keys, WICK_BLOCK_TOKENS);
      part(state.states.kv[i].values, WICK_BLOCK_TOKENS);
    } else {
      part(state.states.conv[i].snapshots, static_cast<std::size_t>(s.a - 1));
    }
  }
}

class ReferenceBackend : public sdk::Backend {
 public:
  ReferenceBackend(const wick_graph_api* api, Fault fault, std::vector<std::string> device_ids)
      : api_(api), fault_(fault), device_ids_(std::move(device_ids)) {}

  std::uint32_t device_count() override { return static_cast<std::uint32_t>(device_ids_.size()); }
  void device_info(std::uint32_t device, wick_device_info& info) override {
    info.flags = WICK_DEVICE_SHARES_HOST_MEMORY;
    info.id = info.name = sdk::to_str(device_ids_.at(device));
    info.description = sdk::to_str("plain C++ in doubles");
    info.memory_total = info.memory_free = info.bandwidth = WICK_UNKNOWN;
    info.row_tile = 16;
  }
  std::uint32_t supports(std::uint32_t, std::string_view op, const wick_storage_class*,
                         std::uint32_t) override {
    return op == "no.such.op@1" ? WICK_SUPPORT_NONE : WICK_SUPPORT_NATIVE;
  }
  void estimate(std::uint32_t, const wick_segment_request& request, wick_bytes& bytes) override {
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      bytes.weights += request.weights[i].desc->n_rows * request.weights[i].desc->n_cols * 8;
    if (fault_ == Fault::kEstimateTooLow) bytes.weights = bytes.weights / 16 * 15;
    State state{{api_, request.graph}, {{api_, request.graph}, 1}};
    bytes.state = block_values(state) * 8 * request.n_blocks;
  }

  wick_weight* weight_create(std::uint32_t, const wick_weight_desc& desc) override {
    if (desc.storage && desc.n_cols % desc.storage->super_values != 0)
      fail(ErrorCode::kBadShape, "reference: a row holds ", desc.n_cols,
           " weights, need a multiple of ", desc.storage->super_values);
    auto weight = std::make_unique<Weight>();
    weight->is_plain = desc.storage == nullptr;
    if (desc.storage) weight->storage = *desc.storage;
    weight->plain_type = desc.plain_type;
    weight->values = Matrix(desc.n_rows, desc.n_cols);
    return reinterpret_cast<wick_weight*>(weight.release());
  }
  void weight_put(wick_weight* handle, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override {
    Weight& weight = of(handle);
    wick_storage_class storage = weight.storage;
    if (fault_ == Fault::kMinIgnored) storage.has_min = 0;
    wick_unpacked seen = tile;
    std::vector<std::int16_t> subs;
    if (fault_ == Fault::kSubScaleUnsigned && tile.sub_scales) {
      subs.assign(tile.sub_scales,
                  tile.sub_scales + tile.n_rows * tile.n_cols / storage.group_values);
      for (auto& sub : subs) sub = static_cast<std::int16_t>(sub - storage.sub_scale_low);
      seen.sub_scales = subs.data();
    }
    const Matrix values = reference::decode(storage, seen);
    for (std::size_t r = 0; r < values.n_rows; ++r)
      std::copy_n(values.row(r), values.width, weight.values.row(first_row + r) + first_col);
  }
  void weight_put_plain(wick_weight* handle, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override {
    Weight& weight = of(handle);
    const Matrix values =
        reference::decode_plain(weight.plain_type, rows, n_rows, weight.values.width);
    std::copy_n(values.values.begin(), values.values.size(),
                weight.values.values.begin() +
                    static_cast<std::ptrdiff_t>(first_row * weight.values.width));
  }
  void weight_finish(wick_weight*) override {}
  std::uint64_t weight_bytes(const wick_weight* handle) noexcept override {
    return reinterpret_cast<const Weight*>(handle)->values.values.size() * 8;
  }
  void weight_free(wick_weight* handle) noexcept override { delete &of(handle); }

  wick_state* state_create(std::uint32_t, const wick_graph* graph, std::uint32_t) override {
    auto state = std::make_unique<State>(State{{api_, graph}, {{api_, graph}, 0}});
    return reinterpret_cast<wick_state*>(state.release());
  }
  void state_resize(wick_state* handle, std::uint32_t n_blocks) override {
    State& state = of(handle);
    if (fault_ == Fault::kResizeForgets) state.states.resize(state.view, 0);
    state.states.resize(state.view, n_blocks);
  }
  void state_copy(wick_state* handle, std::uint32_t from, std::uint32_t to) override {
    if (fault_ == Fault::kCopyForgotten) return;
    std::vector<double> block(block_values(of(handle)));
    state_read(handle, from, block.data());
    put_block(handle, to, block.data());
  }
  std::uint64_t state_block_bytes(const wick_state* handle) noexcept override {
    return block_values(*reinterpret_cast<const State*>(handle)) * 8;
  }
  void state_read(wick_state* handle, std::uint32_t block, void* bytes) override {
    auto* to = static_cast<double*>(bytes);
    each_part(of(handle), block, [&](const Matrix& m, std::size_t first, std::size_t n) {
      to = std::copy_n(m.values.begin() + static_cast<std::ptrdiff_t>(first), n, to);
    });
  }
  void state_write(wick_state* handle, std::uint32_t block, const void* bytes) override {
    if (fault_ != Fault::kWriteForgotten)
      put_block(handle, block, static_cast<const double*>(bytes));
  }
  void state_free(wick_state* handle) noexcept override { delete &of(handle); }

  wick_buffer* buffer_create(std::uint32_t, std::uint64_t n_bytes) override {
    auto buffer = std::make_unique<Buffer>();
    buffer->bytes.resize(n_bytes);
    return reinterpret_cast<wick_buffer*>(buffer.release());
  }
  wick_fence* buffer_write(wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                           std::uint64_t n_bytes, bool) override {
    std::memcpy(of(buffer).bytes.data() + offset, bytes, n_bytes);
    return nullptr;
  }
  wick_fence* buffer_read(wick_buffer* buffer, std::uint64_t offset, void* bytes,
                          std::uint64_t n_bytes, bool) override {
    std::memcpy(bytes, of(buffer).bytes.data() + offset, n_bytes);
    return nullptr;
  }
  void buffer_free(wick_buffer* buffer) noexcept override { delete &of(buffer); }

  wick_plan* compile(std::uint32_t, const wick_compile_request& request) override {
    const bool precise = (request.flags & WICK_COMPILE_PRECISE) != 0;
    auto plan = std::make_unique<Plan>(sdk::GraphView(api_, request.graph), fault_, precise);
    for (const sdk::GraphNode& node : plan->view.nodes())
      if (supports(0, node.op, nullptr, WICK_TYPE_F32) == WICK_SUPPORT_NONE)
        fail(ErrorCode::kUnavailable, "reference: there is no op ", node.op);
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      plan->weights[request.weights[i].value] = &of(request.weights[i].weight);
    return reinterpret_cast<wick_plan*>(plan.release());
  }
  wick_fence* run(wick_plan* handle, const wick_bindings& bindings, bool) override {
    Plan& plan = of(handle);
    std::vector<Matrix> values(plan.view.values().size());
    for (const auto& [value, weight] : plan.weights) values[value] = weight->values;
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
      if (plan.view.values()[bindings.buffers[i].value].kind == WICK_VALUE_INPUT)
        values[bindings.buffers[i].value] = input(plan, bindings, i);
    wick_batch batch = *bindings.batch;
    std::vector<wick_run> runs(batch.runs, batch.runs + batch.n_runs);
    if (fault_ == Fault::kOneSequence)
      for (wick_run& run : runs)
        if (run.n_blocks <= runs[0].n_blocks) run.blocks = runs[0].blocks;
    batch.runs = runs.data();
    reference::States none(plan.view, 0);
    plan.interpreter.run(batch, bindings.state ? of(bindings.state).states : none, values);
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
      if (plan.view.values()[bindings.buffers[i].value].is_output)
        output(values[bindings.buffers[i].value], of(bindings.buffers[i].buffer));
    return nullptr;
  }
  void plan_free(wick_plan* plan) noexcept override { delete &of(plan); }
  void fence_wait(wick_fence*) override {}

 private:
  static std::uint64_t block_values(const State& state) noexcept {
    std::uint64_t n = 0;
    for (const sdk::GraphState& s : state.view.states())
      n += s.kind == "kv" ? WICK_BLOCK_TOKENS * s.a * (s.b + s.c) : (s.a - 1) * s.b;
    return n;
  }
  static void put_block(wick_state* handle, std::uint32_t block, const double* from) {
    each_part(of(handle), block, [&](const Matrix& m, std::size_t first, std::size_t n) {
      // The parts are those of our own, writable state.
      std::copy_n(from, n, const_cast<double*>(m.values.data()) + first);
      from += n;
    });
  }
  static Matrix input(const Plan& plan, const wick_bindings& bindings, std::uint32_t i) {
    const Buffer& buffer = of(bindings.buffers[i].buffer);
    const sdk::GraphValue& about = plan.view.values()[bindings.buffers[i].value];
    Matrix m(about.rows_are_outputs() ? bindings.batch->n_outputs : bindings.batch->n_tokens,
             about.width());
    for (std::size_t j = 0; j < m.values.size(); ++j) {
      float value = 0;
      std::memcpy(&value, buffer.bytes.data() + j * 4, 4);
      m.values[j] = static_cast<double>(value);
    }
    return m;
  }
  static void output(const Matrix& m, Buffer& buffer) {
    for (std::size_t j = 0; j < m.values.size(); ++j) {
      const float value = static_cast<float>(m.values[j]);
      std::memcpy(buffer.bytes.data() + j * 4, &value, 4);
    }
  }

  const wick_graph_api* api_;
  Fault fault_;
  std::vector<std::string> device_ids_;
};

}  // namespace

std::unique_ptr<sdk::Backend> make_reference_backend(const wick_graph_api* graph_api, Fault fault,
                                                     std::vector<std::string> device_ids) {
  return std::make_unique<ReferenceBackend>(graph_api, fault, std::move(device_ids));
}

}  // namespace wick::tests
