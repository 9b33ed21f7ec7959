// Devices, and what is made for them.
#include "backend.h"

#include <algorithm>
#include <deque>

#include "device_limits.h"
#include "ops/table.h"

namespace wick::vulkan {

/// What a used device has besides its driver.
struct OpenDevice {
  OpenDevice(const Instance& instance, const PhysicalDevice& physical, std::string cache_file)
      : device(instance, physical), pipelines(device, std::move(cache_file)), uploader(device) {}
  Device device;
  Pipelines pipelines;
  Uploader uploader;
  std::string limits_description;
};

namespace {

template <class Request>
ProgramRequest program_request(const sdk::GraphView& graph, const Request& request,
                               const PhysicalDevice& physical, Pipelines* pipelines) {
  return {&graph,
          {},
          (request.flags & WICK_COMPILE_PRECISE) != 0,
          request.max_tokens,
          request.max_outputs,
          physical.can,
          pipelines};
}

}  // namespace

VulkanBackend::VulkanBackend(const sdk::Host& host)
    : host_(host), matrices_(wanted_matrices(host.option("matrices").value_or(""))) {}
VulkanBackend::~VulkanBackend() = default;

const Instance& VulkanBackend::instance() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!instance_) {
    instance_ = std::make_unique<Instance>(matrices_);
    opened_.resize(instance_->devices().size());
  }
  return *instance_;
}

const PhysicalDevice& VulkanBackend::physical(std::uint32_t device) {
  const auto& devices = instance().devices();
  if (device >= devices.size())
    fail(ErrorCode::kBadArgument, "vulkan: there is no device ", device, ", have ", devices.size());
  return devices[device];
}

OpenDevice& VulkanBackend::opened(std::uint32_t device) {
  const PhysicalDevice& about = physical(device);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!opened_[device]) {
    const auto folder = host_.option("cache-folder");
    const std::string file =
        folder && !folder->empty() ? *folder + "/vulkan-pipelines-" + about.id + ".bin" : "";
    opened_[device] = std::make_unique<OpenDevice>(*instance_, about, file);
  }
  return *opened_[device];
}

std::uint32_t VulkanBackend::device_count() {
  return static_cast<std::uint32_t>(instance().devices().size());
}

void VulkanBackend::device_info(std::uint32_t device, wick_device_info& info) {
  const PhysicalDevice& about = physical(device);
  info.flags = about.can.is_cpu || about.can.is_integrated ? WICK_DEVICE_SHARES_HOST_MEMORY : 0;
  info.id = sdk::to_str(about.id);
  info.name = sdk::to_str(about.name);
  info.description = sdk::to_str(about.description);
  instance().memory(about, info.memory_total, info.memory_free);
  info.bandwidth = WICK_UNKNOWN;
  info.row_tile = 64;
}

std::uint32_t VulkanBackend::supports(std::uint32_t device, std::string_view op,
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

void VulkanBackend::estimate(std::uint32_t device, const wick_segment_request& request,
                             wick_bytes& bytes) {
  const PhysicalDevice& about = physical(device);
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request, about, nullptr);
  std::deque<Layout> layouts;
  bytes.weights = 0;
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    layouts.push_back(sdk::planes::make_layout("vulkan", *request.weights[i].desc));
    program.weights[request.weights[i].value] = {&layouts.back(), nullptr};
    bytes.weights += layouts.back().total_bytes;
  }
  Program made(program);
  bytes.state = made.states().block_bytes * request.n_blocks;
  bytes.activations = Plan::activation_bytes(made, program, request.n_blocks * WICK_BLOCK_TOKENS);
  const bool shares = about.can.is_cpu || about.can.is_integrated;
  bytes.staging = shares ? 0 : Uploader::staging_bytes();
}

void VulkanBackend::measure_limits(std::uint32_t device, std::uint32_t,
                                   wick_device_limits& limits) {
  OpenDevice& open = opened(device);
  std::uint64_t total = 0, free = 0;
  instance().memory(open.device.about(), total, free);
  Limits measured = measure_device(open.device, open.pipelines, std::min(total, free));
  open.pipelines.save();
  limits.n_threads = 0;
  limits.read_bytes = measured.read_bytes;
  limits.int8_macs = measured.int8_macs;
  limits.f16_macs = measured.f16_macs;
  limits.bf16_macs = WICK_UNKNOWN;
  limits.f32_macs = measured.f32_macs;
  const std::lock_guard<std::mutex> lock(mutex_);
  open.limits_description = std::move(measured.description);
  limits.description = sdk::to_str(open.limits_description);
}

std::unique_ptr<Weight> VulkanBackend::make_weight(std::uint32_t device,
                                                   const wick_weight_desc& desc) {
  OpenDevice& open = opened(device);
  return std::make_unique<Weight>(open.device, open.uploader, desc);
}

std::unique_ptr<State> VulkanBackend::make_state(std::uint32_t device, const wick_graph* graph,
                                                 std::uint32_t flags) {
  const sdk::GraphView view(host_.api()->graph, graph);
  return std::make_unique<State>(opened(device).device,
                                 StateLayout(view.states(), (flags & WICK_COMPILE_PRECISE) != 0));
}

std::unique_ptr<Buffer> VulkanBackend::make_buffer(std::uint32_t device, std::uint64_t n_bytes) {
  return std::make_unique<Buffer>(opened(device).device, n_bytes);
}
std::unique_ptr<Buffer> VulkanBackend::import_buffer(std::uint32_t device, void* bytes,
                                                     std::uint64_t n_bytes) {
  return std::make_unique<Buffer>(opened(device).device, bytes, n_bytes);
}

std::unique_ptr<Plan> VulkanBackend::make_plan(std::uint32_t device,
                                               const wick_compile_request& request) {
  OpenDevice& open = opened(device);
  open.uploader.finish();
  const sdk::GraphView graph(host_.api()->graph, request.graph);
  ProgramRequest program = program_request(graph, request, open.device.about(), &open.pipelines);
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    const auto* weight = sdk::object_of<const Weight>(request.weights[i].weight);
    program.weights[request.weights[i].value] = {&weight->layout(), weight};
  }
  auto plan = std::make_unique<Plan>(host_, open.device, open.pipelines, program);
  open.pipelines.save();
  return plan;
}
}  // namespace wick::vulkan
