// A backend under test, called through its table alone: handles that free themselves, errors as
// exceptions.
#pragma once

#include "conformance/reference/matrix.h"
#include "conformance/weight_data.h"

#include <wick/abi/backend.h>
#include <wick/sdk/guard.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wick::conformance {

template <class Opaque>
using Handle = std::unique_ptr<Opaque, std::function<void(Opaque*)>>;

class Device {
 public:
  /// The provider must outlive it.
  Device(const wick_backend_v1* table, void* self, std::uint32_t index, std::string backend)
      : t_(table), self_(self), index_(index), backend_(std::move(backend)) {}

  const std::string& backend() const { return backend_; }

  wick_device_info info() const {
    auto info = sdk::make<wick_device_info>();
    sdk::check([&](wick_error* e) { return t_->device_info(self_, index_, &info, e); });
    return info;
  }
  std::uint32_t supports(const std::string& op, const wick_storage_class* storage,
                         std::uint32_t plain_type) const {
    std::uint32_t support = WICK_SUPPORT_NONE;
    sdk::check([&](wick_error* e) {
      return t_->supports(self_, index_, sdk::to_str(op), storage, plain_type, &support, e);
    });
    return support;
  }
  wick_bytes estimate(const wick_segment_request& request) const {
    auto bytes = sdk::make<wick_bytes>();
    sdk::check([&](wick_error* e) { return t_->estimate(self_, index_, &request, &bytes, e); });
    return bytes;
  }
  bool measures_limits() const { return WICK_CAN(t_, measure_limits); }
  wick_device_limits limits(std::uint32_t n_threads) const {
    auto limits = sdk::make<wick_device_limits>();
    sdk::check(
        [&](wick_error* e) { return t_->measure_limits(self_, index_, n_threads, &limits, e); });
    return limits;
  }

  /// Created, filled tile by tile and finished, as a host does it: rows in pieces of row_tile, and
  /// rows of several super groups in two pieces of columns.
  Handle<wick_weight> weight(const std::string& name, const WeightData& data) const {
    Handle<wick_weight> weight = create(describe(name, data));
    const std::uint64_t step = std::max<std::uint64_t>(1, info().row_tile);
    for (std::uint64_t row = 0; row < data.n_rows; row += step)
      put(weight.get(), data, row, std::min(step, data.n_rows - row));
    sdk::check([&](wick_error* e) { return t_->weight_finish(self_, weight.get(), e); });
    return weight;
  }
  static wick_weight_desc describe(const std::string& name, const WeightData& data) {
    auto desc = sdk::make<wick_weight_desc>();
    desc.use = data.use;
    desc.name = sdk::to_str(name);
    desc.n_rows = data.n_rows;
    desc.n_cols = data.n_cols;
    desc.storage = data.is_plain ? nullptr : &data.storage;
    desc.plain_type = data.plain_type;
    return desc;
  }
  std::uint64_t weight_bytes(const wick_weight* weight) const {
    return t_->weight_bytes(self_, weight);
  }

  Handle<wick_state> state(const wick_graph* graph, std::uint32_t flags,
                           std::uint32_t n_blocks) const {
    wick_state* made = nullptr;
    sdk::check(
        [&](wick_error* e) { return t_->state_create(self_, index_, graph, flags, &made, e); });
    Handle<wick_state> state(made, [t = t_, s = self_](wick_state* p) { t->state_free(s, p); });
    resize(made, n_blocks);
    return state;
  }
  void resize(wick_state* state, std::uint32_t n_blocks) const {
    sdk::check([&](wick_error* e) { return t_->state_resize(self_, state, n_blocks, e); });
  }
  void copy_block(wick_state* state, std::uint32_t from, std::uint32_t to) const {
    sdk::check([&](wick_error* e) { return t_->state_copy(self_, state, from, to, e); });
  }
  std::uint64_t block_bytes(const wick_state* state) const {
    return t_->state_block_bytes(self_, state);
  }
  std::vector<unsigned char> read_block(wick_state* state, std::uint32_t block) const {
    std::vector<unsigned char> bytes(static_cast<std::size_t>(block_bytes(state)));
    sdk::check([&](wick_error* e) { return t_->state_read(self_, state, block, bytes.data(), e); });
    return bytes;
  }
  void write_block(wick_state* state, std::uint32_t block,
                   const std::vector<unsigned char>& bytes) const {
    sdk::check(
        [&](wick_error* e) { return t_->state_write(self_, state, block, bytes.data(), e); });
  }

  Handle<wick_buffer> buffer(std::size_t n_values) const {
    wick_buffer* made = nullptr;
    const std::uint64_t n_bytes = n_values * sizeof(float);
    sdk::check([&](wick_error* e) { return t_->buffer_create(self_, index_, n_bytes, &made, e); });
    return {made, [t = t_, s = self_](wick_buffer* p) { t->buffer_free(s, p); }};
  }
  void write(wick_buffer* buffer, const std::vector<float>& values) const {
    sdk::check([&](wick_error* e) {
      return t_->buffer_write(self_, buffer, 0, values.data(), values.size() * sizeof(float),
                              nullptr, e);
    });
  }
  std::vector<float> read(wick_buffer* buffer, std::size_t n_values) const {
    std::vector<float> values(n_values);
    sdk::check([&](wick_error* e) {
      return t_->buffer_read(self_, buffer, 0, values.data(), n_values * sizeof(float), nullptr, e);
    });
    return values;
  }

  Handle<wick_plan> compile(const wick_compile_request& request) const {
    wick_plan* made = nullptr;
    sdk::check([&](wick_error* e) { return t_->compile(self_, index_, &request, &made, e); });
    return {made, [t = t_, s = self_](wick_plan* p) { t->plan_free(s, p); }};
  }
  /// Waits through a fence, or without one.
  void run(wick_plan* plan, const wick_bindings& bindings, bool with_fence) const {
    wick_fence* fence = nullptr;
    sdk::check([&](wick_error* e) {
      return t_->run(self_, plan, &bindings, with_fence ? &fence : nullptr, e);
    });
    if (fence) sdk::check([&](wick_error* e) { return t_->fence_wait(self_, fence, e); });
  }

 private:
  Handle<wick_weight> create(const wick_weight_desc& desc) const {
    wick_weight* made = nullptr;
    sdk::check([&](wick_error* e) { return t_->weight_create(self_, index_, &desc, &made, e); });
    return {made, [t = t_, s = self_](wick_weight* p) { t->weight_free(s, p); }};
  }
  void put(wick_weight* weight, const WeightData& data, std::uint64_t row, std::uint64_t n) const {
    if (data.is_plain) {
      const std::uint64_t row_bytes = data.n_cols * reference::plain_bytes(data.plain_type);
      const unsigned char* rows = data.plain.data() + row * row_bytes;
      return sdk::check(
          [&](wick_error* e) { return t_->weight_put_plain(self_, weight, row, n, rows, e); });
    }
    const std::uint64_t super = data.storage.super_values;
    const std::uint64_t half = (data.n_cols / super + 1) / 2 * super;
    for (std::uint64_t col = 0; col < data.n_cols; col += half) {
      WeightData part = data.part(row, n, col, std::min(half, data.n_cols - col));
      const wick_unpacked tile = part.tile();
      sdk::check([&](wick_error* e) { return t_->weight_put(self_, weight, row, col, &tile, e); });
    }
  }

  const wick_backend_v1* t_;
  void* self_;
  std::uint32_t index_;
  std::string backend_;
};

}  // namespace wick::conformance
