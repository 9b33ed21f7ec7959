// The CPU as a backend: the contract's functions over weights, states, plans and buffers. Not for
// arithmetic.
#pragma once

#include <wick/sdk/backend.h>

#include "device.h"
#include "machine_limits.h"
#include "packed_cache.h"
#include "program.h"

namespace wick::cpu {

class CpuBackend final : public sdk::Backend {
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

  wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) override;
  void weight_put(wick_weight* weight, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override;
  void weight_put_plain(wick_weight* weight, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override;
  void weight_finish(wick_weight* weight) override;
  bool weight_is_filled(const wick_weight* weight) noexcept override;
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
  void fence_wait(wick_fence*) override {}

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
