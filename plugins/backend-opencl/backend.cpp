// Devices, and what is made for them.
#include "backend.h"

#include <deque>

#include "clblast.h"
#include "device_limits.h"
#include "ops/table.h"

namespace wick::opencl {

/// What a used device has besides its driver.
struct OpenDevice {
  OpenDevice(const PhysicalDevice& physical, std::string cache_folder, bool profiles)
      : device(physical, profiles), kernels(device, std::move(cache_folder)), uploader(device) {}
  ~OpenDevice() {
    // What it compiled would outlive the driver else.
    if (needs_clblast(gemm)) clblast().clear_cache();
  }
  Device device;
  Kernels kernels;
  Uploader uploader;
  std::string limits_description;
  GemmWay gemm = GemmWay::kOwn;
  std::unique_ptr<GemmChoices> choices;
};

namespace {

template <class Request>
ProgramRequest program_request(const sdk::GraphView& graph, const Request& request,
                               const PhysicalDevice& physical, Kernels* kernels) {
  return {&graph,
          {},
          (request.flags & WICK_COMPILE_PRECISE) != 0,
          request.max_tokens,
          request.max_outputs,
          physical.can,
          kernels,
          GemmWay::kOwn,
          nullptr};
}

}  // namespace

OpenClBackend::OpenClBackend(const sdk::Host& host)
    : host_(host), wanted_gemm_(wanted_gemm(host.option("matrices").value_or(""))) {}
OpenClBackend::~OpenClBackend() = default;

const std::vector<PhysicalDevice>& OpenClBackend::devices() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!has_looked_) {
    devices_ = find_devices();
    if (wanted_gemm_ && needs_clblast(*wanted_gemm_)) clblast();
    opened_.resize(devices_.size());
    has_looked_ = true;
  }
  return devices_;
}

const PhysicalDevice& OpenClBackend::physical(std::uint32_t device) {
  const auto& all = devices();
  if (device >= all.size())
    fail(ErrorCode::kBadArgument, "opencl: there is no device ", device, ", have ", all.size());
  return all[device];
}

OpenDevice& OpenClBackend::opened(std::uint32_t device) {
  const PhysicalDevice& about = physical(device);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (opened_[device]) return *opened_[device];
  const std::string folder = host_.option("cache-folder").value_or("");
  auto open = std::make_unique<OpenDevice>(about, folder, host_.option("profile").has_value());
  open->gemm = gemm_way(wanted_gemm_, about.can, &host_);
  if (open->gemm == GemmWay::kMeasured)
    open->choices = std::make_unique<GemmChoices>(host_, folder, gemm_choices_key(about));
  opened_[device] = std::move(open);
  return *opened_[device];
}

std::uint32_t OpenClBackend::device_count() {
  return static_cast<std::uint32_t>(devices().size());
}

void OpenClBackend::device_info(std::uint32_t device, wick_device_info& info) {
  const PhysicalDevice& about = physical(device);
  info.flags = about.can.shares_memory ? WICK_DEVICE_SHARES_HOST_MEMORY : 0;
  info.id = sdk::to_str(about.id);
  info.name = sdk::to_str(about.name);
  info.description = sdk::to_str(about.description);
  info.memory_total = about.memory_total;
  info.memory_free = free_memory(about);
  info.bandwidth = WICK_UNKNOWN;
  info.row_tile = 64;
}

std::uint32_t OpenClBackend::supports(std::uint32_t device, std::string_view op,
                                      const wick_storage_class* storage, std::uint32_t plain_type) {
  physical(device);
  const OpRow* row = find_op(op);
  if (!row || (storage && !row->takes_matrix)) return WICK_SUPPORT_NONE;
  if (storage) {
    const bool is_wide = storage->sub_scale_bits > 8 || storage->sub_min_bits > 8;
    return is_wide ? WICK_SUPPORT_WIDENED : WICK_SUPPORT_NATIVE;
  }
  const bool is_known =
      plain_type == WICK_TYPE_F32 || plain_type == WICK_TYPE_F16 || plain_type == WICK_TYPE_BF16;
  return is_known ? WICK_SUPPORT_NATIVE : WICK_SUPPORT_NONE;
}

void OpenClBackend::estimate(std::uint32_t device, const wick_segment_request& request,
                             wick_bytes& bytes) {
  const PhysicalDevice& about = physical(device);
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request, about, nullptr);
  std::deque<Layout> layouts;
  bytes.weights = 0;
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    layouts.push_back(sdk::planes::make_layout("opencl", *request.weights[i].desc));
    program.weights[request.weights[i].value] = {&layouts.back(), nullptr};
    bytes.weights += layouts.back().total_bytes;
  }
  program.gemm = gemm_way(wanted_gemm_, about.can, nullptr);
  Program made(program);
  bytes.state = made.states().block_bytes * request.n_blocks;
  bytes.activations = Plan::activation_bytes(made, program, request.n_blocks * WICK_BLOCK_TOKENS);
  bytes.staging = about.can.shares_memory ? 0 : Uploader::staging_bytes();
}

void OpenClBackend::measure_limits(std::uint32_t device, std::uint32_t,
                                   wick_device_limits& limits) {
  OpenDevice& open = opened(device);
  Limits measured = measure_device(open.device, open.kernels);
  limits.n_threads = 0;
  limits.read_bytes = measured.read_bytes;
  limits.int8_macs = measured.int8_macs;
  limits.f16_macs = limits.bf16_macs = WICK_UNKNOWN;
  limits.f32_macs = measured.f32_macs;
  const std::lock_guard<std::mutex> lock(mutex_);
  open.limits_description = std::move(measured.description);
  limits.description = sdk::to_str(open.limits_description);
}

std::unique_ptr<Weight> OpenClBackend::make_weight(std::uint32_t device,
                                                   const wick_weight_desc& desc) {
  OpenDevice& open = opened(device);
  return std::make_unique<Weight>(open.device, open.uploader, desc);
}
void OpenClBackend::weight_finish(wick_weight* weight) {
  sdk::object_of<Weight>(weight)->finish();
}

std::unique_ptr<State> OpenClBackend::make_state(std::uint32_t device, const wick_graph* graph,
                                                 std::uint32_t flags) {
  const sdk::GraphView view(host_.api()->graph, graph);
  return std::make_unique<State>(opened(device).device,
                                 StateLayout(view.states(), (flags & WICK_COMPILE_PRECISE) != 0));
}

std::unique_ptr<Buffer> OpenClBackend::make_buffer(std::uint32_t device, std::uint64_t n_bytes) {
  return std::make_unique<Buffer>(opened(device).device, n_bytes);
}
std::unique_ptr<Buffer> OpenClBackend::import_buffer(std::uint32_t device, void* bytes,
                                                     std::uint64_t n_bytes) {
  return std::make_unique<Buffer>(opened(device).device, bytes, n_bytes);
}

std::unique_ptr<Plan> OpenClBackend::make_plan(std::uint32_t device,
                                               const wick_compile_request& request) {
  OpenDevice& open = opened(device);
  open.uploader.finish();
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request, open.device.about(), &open.kernels);
  program.gemm = open.gemm, program.choices = open.choices.get();
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    const auto* weight = sdk::object_of<const Weight>(request.weights[i].weight);
    program.weights[request.weights[i].value] = {&weight->layout(), weight};
  }
  return std::make_unique<Plan>(host_, open.device, program);
}
}  // namespace wick::opencl
