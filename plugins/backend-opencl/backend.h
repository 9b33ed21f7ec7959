// The OpenCL backend behind the contract: opens the driver when it is first asked, and devices when
// they are first used.
#pragma once

#include <wick/sdk/backend_of.h>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gemm_choices.h"
#include "plan.h"
#include "state.h"
#include "weight.h"

namespace wick::opencl {

struct OpenDevice;

class OpenClBackend final : public sdk::BackendOf<Weight, State, Buffer, Plan> {
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

  std::unique_ptr<Weight> make_weight(std::uint32_t device, const wick_weight_desc& desc) override;
  void weight_finish(wick_weight* weight) override;
  std::unique_ptr<State> make_state(std::uint32_t device, const wick_graph* graph,
                                    std::uint32_t flags) override;
  std::unique_ptr<Buffer> make_buffer(std::uint32_t device, std::uint64_t n_bytes) override;
  bool can_import() const noexcept override { return true; }
  std::unique_ptr<Buffer> import_buffer(std::uint32_t device, void* bytes,
                                        std::uint64_t n_bytes) override;
  std::unique_ptr<Plan> make_plan(std::uint32_t device,
                                  const wick_compile_request& request) override;

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
