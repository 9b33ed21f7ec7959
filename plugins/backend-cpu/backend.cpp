// One device, and what is made for it.
#include "backend.h"

#include <wick/error.h>

#include <deque>

#include "ops/table.h"

namespace wick::cpu {
namespace {

void check_device(std::uint32_t device) {
  if (device != 0) fail(ErrorCode::kBadArgument, "cpu: there is no device ", device);
}

}  // namespace

CpuBackend::CpuBackend(const sdk::Host& host)
    : host_(host),
      device_(host, host.option("isa").value_or("")),
      meter_(host.option("isa").value_or("")),
      kv_type_(host.option("kv-type").value_or("")) {
  if (const auto directory = host.option("packed-cache"))
    cache_ = std::make_unique<PackedCache>(host, *directory);
}

void CpuBackend::device_info(std::uint32_t device, wick_device_info& info) {
  check_device(device);
  const MemoryState memory = Device::memory();
  info.flags = WICK_DEVICE_SHARES_HOST_MEMORY | (cache_ ? WICK_DEVICE_CACHES_WEIGHTS : 0);
  info.id = sdk::to_str("cpu");
  info.name = sdk::to_str(device_.name());
  info.description = sdk::to_str(device_.description());
  info.memory_total = memory.total;
  info.memory_free = memory.free;
  info.bandwidth = WICK_UNKNOWN;
  info.row_tile = kTileRows;
}

std::uint32_t CpuBackend::supports(std::uint32_t device, std::string_view op,
                                   const wick_storage_class* storage, std::uint32_t plain_type) {
  check_device(device);
  const OpRow* row = find_op(op);
  if (!row) return WICK_SUPPORT_NONE;
  if (storage) {
    check_class(*storage);
    return row->takes_matrix && is_packable(*storage) ? WICK_SUPPORT_NATIVE : WICK_SUPPORT_WIDENED;
  }
  const bool is_known =
      plain_type == WICK_TYPE_F32 || plain_type == WICK_TYPE_F16 || plain_type == WICK_TYPE_BF16;
  return is_known ? WICK_SUPPORT_NATIVE : WICK_SUPPORT_NONE;
}

KvType CpuBackend::kv_type(bool precise) const {
  return choose_kv_type(kv_type_, precise, device_.kernels().attention->narrow);
}

template <class Request>
ProgramRequest CpuBackend::program_request(const sdk::GraphView& graph,
                                           const Request& request) const {
  const bool precise = (request.flags & WICK_COMPILE_PRECISE) != 0;
  return {&graph,          {}, precise, request.max_tokens, request.max_outputs, device_.kernels(),
          kv_type(precise)};
}

void CpuBackend::estimate(std::uint32_t device, const wick_segment_request& request,
                          wick_bytes& bytes) {
  check_device(device);
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request);
  std::deque<Layout> layouts;
  bytes.weights = 0;
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    layouts.push_back(make_layout(*request.weights[i].desc));
    program.weights[request.weights[i].value] = {&layouts.back(), nullptr};
    bytes.weights += layouts.back().total_bytes;
  }
  const Program made(program);
  bytes.state = made.states().block_bytes * request.n_blocks;
  bytes.activations = Plan::activation_bytes(made, std::max(1u, host_.n_threads()));
  bytes.staging = 0;
}

void CpuBackend::measure_limits(std::uint32_t device, std::uint32_t n_threads,
                                wick_device_limits& limits) {
  check_device(device);
  const Limits measured = meter_.measure(host_, n_threads);
  limits.n_threads = measured.n_threads;
  limits.read_bytes = measured.read_bytes;
  limits.int8_macs = measured.int8_macs;
  limits.f16_macs = measured.f16_macs;
  limits.bf16_macs = measured.bf16_macs;
  limits.f32_macs = measured.f32_macs;
  limits.description = sdk::to_str(meter_.description());
}

std::unique_ptr<Weight> CpuBackend::make_weight(std::uint32_t device,
                                                const wick_weight_desc& desc) {
  check_device(device);
  const bool has_origin = WICK_CAN(&desc, origin);
  return cache_ && has_origin ? cache_->create(desc) : std::make_unique<Weight>(desc);
}
void CpuBackend::weight_finish(wick_weight* weight) {
  if (cache_) cache_->finished(*sdk::object_of<Weight>(weight));
}
bool CpuBackend::weight_is_filled(const wick_weight* weight) noexcept {
  return sdk::object_of<const Weight>(weight)->is_mapped();
}
void CpuBackend::weight_free(wick_weight* weight) noexcept {
  if (cache_) cache_->freed(*sdk::object_of<Weight>(weight));
  BackendOf::weight_free(weight);
}

std::unique_ptr<State> CpuBackend::make_state(std::uint32_t device, const wick_graph* graph,
                                              std::uint32_t flags) {
  check_device(device);
  const sdk::GraphView view(host_.api()->graph, graph);
  const bool precise = (flags & WICK_COMPILE_PRECISE) != 0;
  return std::make_unique<State>(StateLayout(view.states(), kv_type(precise)));
}

std::unique_ptr<Buffer> CpuBackend::make_buffer(std::uint32_t device, std::uint64_t n_bytes) {
  check_device(device);
  auto buffer = std::make_unique<Buffer>();
  buffer->memory = Memory(n_bytes);
  buffer->data = buffer->memory.data();
  buffer->n_bytes = n_bytes;
  return buffer;
}
std::unique_ptr<Buffer> CpuBackend::import_buffer(std::uint32_t device, void* bytes,
                                                  std::uint64_t n_bytes) {
  check_device(device);
  if (reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) != 0)
    fail(ErrorCode::kBadArgument, "buffer: host memory that is not aligned for f32");
  auto buffer = std::make_unique<Buffer>();
  buffer->data = static_cast<std::uint8_t*>(bytes);
  buffer->n_bytes = n_bytes;
  return buffer;
}

std::unique_ptr<Plan> CpuBackend::make_plan(std::uint32_t device,
                                            const wick_compile_request& request) {
  check_device(device);
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request);
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    const auto* weight = sdk::object_of<const Weight>(request.weights[i].weight);
    program.weights[request.weights[i].value] = {&weight->layout(), weight};
  }
  return std::make_unique<Plan>(host_, program);
}
}  // namespace wick::cpu
