// See pipelines.h.
#include "pipelines.h"

#include "khr_code.h"
#include "pipeline_file.h"

namespace wick::vulkan {

Pipelines::Pipelines(Device& device, std::string cache_file)
    : device_(device), cache_file_(std::move(cache_file)) {
  VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, kPushBytes};
  VkPipelineLayoutCreateInfo layout{};
  layout.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
  layout.pushConstantRangeCount = 1;
  layout.pPushConstantRanges = &push;
  const DeviceApi& api = device_.api();
  device_.check(api.CreatePipelineLayout(device_.handle(), &layout, nullptr, &layout_),
                "vkCreatePipelineLayout");
  const std::vector<std::uint8_t> kept = read_pipeline_file(cache_file_, device_.about());
  VkPipelineCacheCreateInfo cache{};
  cache.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO;
  cache.initialDataSize = kept.size();
  cache.pInitialData = kept.data();
  if (api.CreatePipelineCache(device_.handle(), &cache, nullptr, &cache_) != VK_SUCCESS)
    cache_ = VK_NULL_HANDLE;  // it only costs time
}

Pipelines::~Pipelines() {
  const DeviceApi& api = device_.api();
  for (const auto& [key, pipeline] : made_)
    api.DestroyPipeline(device_.handle(), pipeline, nullptr);
  for (const VkShaderModule module : modules_)
    if (module) api.DestroyShaderModule(device_.handle(), module, nullptr);
  if (cache_) api.DestroyPipelineCache(device_.handle(), cache_, nullptr);
  if (layout_) api.DestroyPipelineLayout(device_.handle(), layout_, nullptr);
}

VkPipeline Pipelines::get(Shader shader, std::uint32_t threads, const Constants& constants) {
  Constants all{{0, threads}};
  all.insert(all.end(), constants.begin(), constants.end());
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = made_.find({shader, all});
  if (found != made_.end()) return found->second;
  const VkPipeline pipeline = make(shader, all);
  made_[{shader, std::move(all)}] = pipeline;
  is_changed_ = true;
  return pipeline;
}

VkShaderModule Pipelines::module_of(Shader shader) {
  VkShaderModule& module = modules_[static_cast<std::size_t>(shader)];
  if (module) return module;
  ShaderCode code = shader_code(shader);
  std::vector<std::uint32_t> rewritten;
  if (device_.can().matrices == Matrices::kKhr) {
    rewritten = khr_code(code);
    code = {rewritten.data(), rewritten.size()};
  }
  VkShaderModuleCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
  info.codeSize = code.n_words * sizeof(std::uint32_t);
  info.pCode = code.words;
  device_.check(device_.api().CreateShaderModule(device_.handle(), &info, nullptr, &module),
                "vkCreateShaderModule");
  return module;
}

VkPipeline Pipelines::make(Shader shader, const Constants& constants) {
  std::vector<VkSpecializationMapEntry> entries;
  std::vector<std::uint32_t> values;
  for (const auto& [id, value] : constants) {
    entries.push_back(
        {id, static_cast<std::uint32_t>(values.size() * sizeof(value)), sizeof(value)});
    values.push_back(value);
  }
  const VkSpecializationInfo specialization{static_cast<std::uint32_t>(entries.size()),
                                            entries.data(), values.size() * sizeof(std::uint32_t),
                                            values.data()};
  VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size{};
  size.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO;
  size.requiredSubgroupSize =
      has_matrices(shader_code(shader)) ? kMatrixSubgroup : device_.can().subgroup_size;
  VkComputePipelineCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO;
  info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  if (device_.can().choose_subgroup) info.stage.pNext = &size;
  info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
  info.stage.module = module_of(shader);
  info.stage.pName = "main";
  info.stage.pSpecializationInfo = &specialization;
  info.layout = layout_;
  VkPipeline pipeline = VK_NULL_HANDLE;
  const VkResult result =
      device_.api().CreateComputePipelines(device_.handle(), cache_, 1, &info, nullptr, &pipeline);
  if (result != VK_SUCCESS)
    fail(
        result == VK_ERROR_OUT_OF_DEVICE_MEMORY ? ErrorCode::kOutOfMemory : ErrorCode::kUnavailable,
        device_.name(), ": the driver cannot compile the shader ", shader_name(shader), " (",
        result_name(result), "); update the driver, or use another --backend");
  return pipeline;
}

void Pipelines::save() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!is_changed_ || cache_file_.empty() || !cache_) return;
  is_changed_ = false;
  const DeviceApi& api = device_.api();
  std::size_t size = 0;
  if (api.GetPipelineCacheData(device_.handle(), cache_, &size, nullptr) != VK_SUCCESS) return;
  std::vector<std::uint8_t> data(size);
  if (api.GetPipelineCacheData(device_.handle(), cache_, &size, data.data()) != VK_SUCCESS) return;
  data.resize(size);
  write_pipeline_file(cache_file_, device_.about(), data);
}

}  // namespace wick::vulkan
