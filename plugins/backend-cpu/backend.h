// The CPU as a backend: the contract's functions over weights, states, plans and buffers. Not for
// arithmetic.
#pragma once

#include <wick/sdk/backend_of.h>

#include "device.h"
#include "machine_limits.h"
#include "packed_cache.h"
#include "plan.h"
#include "state.h"
#include "weight.h"

namespace wick::cpu {

class CpuBackend final : public sdk::BackendOf<Weight, State, Buffer, Plan> {
 public:
  /// The user's option "isa" may name an instruction set, "kv-type" what keys and values are held
  /// in, "packed-cache" the folder of packed weights.
  explicit CpuBackend(const sdk::Host& host);

  std::uint32_t device_count() override { return 1; }
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
  bool weight_is_filled(const wick_weight* weight) noexcept override;
  void weight_free(wick_weight* weight) noexcept override;
  std::unique_ptr<State> make_state(std::uint32_t device, const wick_graph* graph,
                                    std::uint32_t flags) override;
  std::unique_ptr<Buffer> make_buffer(std::uint32_t device, std::uint64_t n_bytes) override;
  bool can_import() const noexcept override { return true; }
  std::unique_ptr<Buffer> import_buffer(std::uint32_t device, void* bytes,
                                        std::uint64_t n_bytes) override;
  std::unique_ptr<Plan> make_plan(std::uint32_t device,
                                  const wick_compile_request& request) override;

 private:
  /// Without weights. Request: a wick_segment_request or a wick_compile_request.
  template <class Request>
  ProgramRequest program_request(const sdk::GraphView& graph, const Request& request) const;
  KvType kv_type(bool precise) const;

  sdk::Host host_;
  Device device_;
  LimitMeter meter_;
  std::string kv_type_;
  std::unique_ptr<PackedCache> cache_;  ///< null: not asked for
};

}  // namespace wick::cpu
