// The OpenCL backend behind the contract: opens the driver when it is first asked, and devices when
// they are first used.
#pragma once

#include <wick/sdk/backend.h>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gemm_choices.h"

namespace wick::opencl {

struct OpenDevice;

class OpenClBackend final : public sdk::Backend {
 public:
  explicit OpenClBackend(const sdk::Host& host);
  ~OpenClBackend() override;

  std::uint32_t device_count() override;
  void device_info(std::uint32_t device, wick_device_info& info) override;
  std::uint32_t supports(std::uint32_t device, std::string_view op,
                         const wick_storage_class* storage, std::uint32_t plain_type) override;
  void estimate(std::uint32_t device, const wick_segment_request& request,
                wick_bytes& bytes) override;
  bool can_measure_limits() const noexcept override { return true; }
  void measure_limits(std::uint32_t device, std::uint32_t n_threads,
                      wick_device_limits& limits) override;

  wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) override;
  void weight_put(wick_weight* weight, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override;
  void weight_put_plain(wick_weight* weight, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override;
  void weight_finish(wick_weight* weight) override;
  std::uint64_t weight_bytes(const wick_weight* weight) noexcept override;
  void weight_free(wick_weight* weight) noexcept override;

  wick_state* state_create(std::uint32_t device, const wick_graph* graph,
                           std::uint32_t flags) override;
  void state_resize(wick_state* state, std::uint32_t n_blocks) override;
  void state_copy(wick_state* state, std::uint32_t from_block, std::uint32_t to_block) override;
  std::uint64_t state_block_bytes(const wick_state* state) noexcept override;
  void state_read(wick_state* state, std::uint32_t block, void* bytes) override;
  void state_write(wick_state* state, std::uint32_t block, const void* bytes) override;
  void state_free(wick_state* state) noexcept override;

  wick_buffer* buffer_create(std::uint32_t device, std::uint64_t n_bytes) override;
  bool can_import() const noexcept override { return true; }
  wick_buffer* buffer_import(std::uint32_t device, void* bytes, std::uint64_t n_bytes) override;
  wick_fence* buffer_write(wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                           std::uint64_t n_bytes, bool wait) override;
  wick_fence* buffer_read(wick_buffer* buffer, std::uint64_t offset, void* bytes,
                          std::uint64_t n_bytes, bool wait) override;
  void buffer_free(wick_buffer* buffer) noexcept override;

  wick_plan* compile(std::uint32_t device, const wick_compile_request& request) override;
  wick_fence* run(wick_plan* plan, const wick_bindings& bindings, bool wait) override;
  void plan_free(wick_plan* plan) noexcept override;
  void fence_wait(wick_fence* fence) override;

 private:
  const std::vector<PhysicalDevice>& devices();
  const PhysicalDevice& physical(std::uint32_t device);
  OpenDevice& opened(std::uint32_t device);

  sdk::Host host_;
  std::optional<GemmWay> wanted_gemm_;
  std::mutex mutex_;
  bool has_looked_ = false;
  std::vector<PhysicalDevice> devices_;
  std::vector<std::unique_ptr<OpenDevice>> opened_;  // by index; null: not used yet
};

}  // namespace wick::opencl
