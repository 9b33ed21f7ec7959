// One function of the table after the other: copy in, call, copy out. Functions that only take
// handles and numbers are passed on with another error.
#include "skewed_backend.h"

#include "check_host.h"

#include <optional>

namespace wick::check {
namespace {

/// Runs call(real, self, error) of a SkewedBackend; its error reaches the kit.
template <class Call>
wick_code pass_on(void* self, wick_error* error, Call&& call) noexcept {
  const HostRuns own;
  return sdk::guard(error, [&] {
    auto& backend = *static_cast<SkewedBackend*>(self);
    call_plugin([&](wick_error* e) { return call(backend.real(), backend.self(), e); });
  });
}

/// For functions that cannot fail.
template <class Result, class Call>
Result pass_on_plain(void* self, Call&& call) noexcept {
  auto& backend = *static_cast<SkewedBackend*>(self);
  const PluginRuns counted;
  return call(backend.real(), backend.self());
}

using Storage = std::optional<Skewed<wick_storage_class>>;

const wick_storage_class* skewed(Storage& memory, const wick_storage_class* storage) {
  return storage ? memory.emplace("wick_storage_class", storage).get() : nullptr;
}

}  // namespace

SkewedBackend::SkewedBackend(const wick_provider& provider)
    : real_(static_cast<const wick_backend_v1*>(provider.vtable)),
      self_(provider.self),
      table_(sdk::make<wick_backend_v1>()) {
  fill_devices();
  fill_weights();
  fill_states();
  fill_buffers();
  fill_plans();
  if (!WICK_CAN(real_, measure_limits)) table_.measure_limits = nullptr;
  if (!WICK_CAN(real_, weight_is_filled)) table_.weight_is_filled = nullptr;
}

std::uint32_t SkewedBackend::n_devices() const {
  std::uint32_t n = 0;
  try {
    call_plugin([&](wick_error* e) { return real_->device_count(self_, &n, e); });
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kUnavailable) throw;
    return 0;
  }
  return n;
}

void SkewedBackend::fill_devices() {
  table_.device_count = +[](void* s, std::uint32_t* n, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.device_count(self, n, error);
    });
  };
  table_.device_info =
      +[](void* s, std::uint32_t device, wick_device_info* info, wick_error* e) noexcept {
        return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
          Skewed<wick_device_info> mine("wick_device_info");
          const wick_code code = r.device_info(self, device, mine.get(), error);
          mine.copy_to(*info);
          return code;
        });
      };
  table_.supports =
      +[](void* s, std::uint32_t device, wick_str op, const wick_storage_class* storage,
          std::uint32_t plain_type, std::uint32_t* support, wick_error* e) noexcept {
        return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
          Storage mine;
          return r.supports(self, device, op, skewed(mine, storage), plain_type, support, error);
        });
      };
  table_.estimate = +[](void* s, std::uint32_t device, const wick_segment_request* request,
                        wick_bytes* bytes, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      Skewed<wick_segment_request> asked("wick_segment_request", request);
      Skewed<wick_bytes> mine("wick_bytes");
      const wick_code code = r.estimate(self, device, asked.get(), mine.get(), error);
      mine.copy_to(*bytes);
      return code;
    });
  };
  table_.measure_limits = +[](void* s, std::uint32_t device, std::uint32_t n_threads,
                              wick_device_limits* limits, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      Skewed<wick_device_limits> mine("wick_device_limits");
      const wick_code code = r.measure_limits(self, device, n_threads, mine.get(), error);
      mine.copy_to(*limits);
      return code;
    });
  };
}

void SkewedBackend::fill_weights() {
  table_.weight_create = +[](void* s, std::uint32_t device, const wick_weight_desc* desc,
                             wick_weight** weight, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      Storage storage;
      Skewed<wick_weight_desc> mine("wick_weight_desc", desc);
      mine->storage = skewed(storage, desc->storage);
      return r.weight_create(self, device, mine.get(), weight, error);
    });
  };
  table_.weight_put = +[](void* s, wick_weight* weight, std::uint64_t row, std::uint64_t col,
                          const wick_unpacked* tile, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      Skewed<wick_unpacked> mine("wick_unpacked", tile);
      return r.weight_put(self, weight, row, col, mine.get(), error);
    });
  };
  table_.weight_put_plain = +[](void* s, wick_weight* weight, std::uint64_t row, std::uint64_t n,
                                const void* rows, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.weight_put_plain(self, weight, row, n, rows, error);
    });
  };
  table_.weight_finish = +[](void* s, wick_weight* weight, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.weight_finish(self, weight, error);
    });
  };
  table_.weight_is_filled = +[](void* s, const wick_weight* weight) noexcept {
    return pass_on_plain<std::uint32_t>(
        s, [&](auto& r, void* self) { return r.weight_is_filled(self, weight); });
  };
  table_.weight_bytes = +[](void* s, const wick_weight* weight) noexcept {
    return pass_on_plain<std::uint64_t>(
        s, [&](auto& r, void* self) { return r.weight_bytes(self, weight); });
  };
  table_.weight_free = +[](void* s, wick_weight* weight) noexcept {
    pass_on_plain<void>(s, [&](auto& r, void* self) { r.weight_free(self, weight); });
  };
}

void SkewedBackend::fill_states() {
  table_.state_create = +[](void* s, std::uint32_t device, const wick_graph* graph,
                            std::uint32_t flags, wick_state** state, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.state_create(self, device, graph, flags, state, error);
    });
  };
  table_.state_resize = +[](void* s, wick_state* state, std::uint32_t n, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.state_resize(self, state, n, error);
    });
  };
  table_.state_copy = +[](void* s, wick_state* state, std::uint32_t from, std::uint32_t to,
                          wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.state_copy(self, state, from, to, error);
    });
  };
  table_.state_block_bytes = +[](void* s, const wick_state* state) noexcept {
    return pass_on_plain<std::uint64_t>(
        s, [&](auto& r, void* self) { return r.state_block_bytes(self, state); });
  };
  table_.state_read =
      +[](void* s, wick_state* state, std::uint32_t block, void* bytes, wick_error* e) noexcept {
        return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
          return r.state_read(self, state, block, bytes, error);
        });
      };
  table_.state_write = +[](void* s, wick_state* state, std::uint32_t block, const void* bytes,
                           wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.state_write(self, state, block, bytes, error);
    });
  };
  table_.state_free = +[](void* s, wick_state* state) noexcept {
    pass_on_plain<void>(s, [&](auto& r, void* self) { r.state_free(self, state); });
  };
}

void SkewedBackend::fill_buffers() {
  table_.buffer_create = +[](void* s, std::uint32_t device, std::uint64_t n, wick_buffer** buffer,
                             wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.buffer_create(self, device, n, buffer, error);
    });
  };
  table_.buffer_write = +[](void* s, wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                            std::uint64_t n, wick_fence** fence, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.buffer_write(self, buffer, offset, bytes, n, fence, error);
    });
  };
  table_.buffer_read = +[](void* s, wick_buffer* buffer, std::uint64_t offset, void* bytes,
                           std::uint64_t n, wick_fence** fence, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.buffer_read(self, buffer, offset, bytes, n, fence, error);
    });
  };
  table_.buffer_free = +[](void* s, wick_buffer* buffer) noexcept {
    pass_on_plain<void>(s, [&](auto& r, void* self) { r.buffer_free(self, buffer); });
  };
}

void SkewedBackend::fill_plans() {
  table_.compile = +[](void* s, std::uint32_t device, const wick_compile_request* request,
                       wick_plan** plan, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      Skewed<wick_compile_request> mine("wick_compile_request", request);
      return r.compile(self, device, mine.get(), plan, error);
    });
  };
  table_.run = +[](void* s, wick_plan* plan, const wick_bindings* bindings, wick_fence** fence,
                   wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      // Both live until the fence has passed: here, until it is waited for.
      Skewed<wick_batch> batch("wick_batch", bindings->batch);
      Skewed<wick_bindings> mine("wick_bindings", bindings);
      mine->batch = batch.get();
      wick_fence* made = nullptr;
      const wick_code code = r.run(self, plan, mine.get(), fence ? &made : nullptr, error);
      return code == WICK_OK && made ? r.fence_wait(self, made, error) : code;
    });
  };
  table_.plan_free = +[](void* s, wick_plan* plan) noexcept {
    pass_on_plain<void>(s, [&](auto& r, void* self) { r.plan_free(self, plan); });
  };
  table_.fence_wait = +[](void* s, wick_fence* fence, wick_error* e) noexcept {
    return pass_on(s, e, [&](auto& r, void* self, wick_error* error) {
      return r.fence_wait(self, fence, error);
    });
  };
}

}  // namespace wick::check
