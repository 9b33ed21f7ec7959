// A backend in C++: derive from Backend, or from BackendOf (backend_of.h), which answers most of
// it; then register_backend(host, id, std::make_unique<MyBackend>(host)).
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/host.h>

#include <memory>
#include <string>

namespace wick {
inline namespace v1 {
namespace sdk {

/// One method a function of wick_backend_v1 (contracts there). Methods may throw; handles are the
/// backend's own classes, made and freed by it, that it casts to and from the opaque names.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::uint32_t device_count() = 0;
  virtual void device_info(std::uint32_t device, wick_device_info& info) = 0;
  virtual std::uint32_t supports(std::uint32_t device, std::string_view op,
                                 const wick_storage_class* storage, std::uint32_t plain_type) = 0;
  virtual void estimate(std::uint32_t device, const wick_segment_request& request,
                        wick_bytes& bytes) = 0;
  virtual bool can_measure_limits() const noexcept { return false; }
  virtual void measure_limits(std::uint32_t device, std::uint32_t n_threads,
                              wick_device_limits& limits) {
    static_cast<void>(device), static_cast<void>(n_threads), static_cast<void>(limits);
    fail(ErrorCode::kUnavailable, "backend: this device cannot measure itself");
  }

  virtual wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) = 0;
  virtual void weight_put(wick_weight* weight, std::uint64_t first_row, std::uint64_t first_col,
                          const wick_unpacked& tile) = 0;
  virtual void weight_put_plain(wick_weight* weight, std::uint64_t first_row, std::uint64_t n_rows,
                                const void* rows) = 0;
  virtual void weight_finish(wick_weight* weight) = 0;
  virtual bool weight_is_filled(const wick_weight* weight) noexcept {
    return static_cast<void>(weight), false;
  }
  virtual std::uint64_t weight_bytes(const wick_weight* weight) noexcept = 0;
  virtual void weight_free(wick_weight* weight) noexcept = 0;

  virtual wick_state* state_create(std::uint32_t device, const wick_graph* graph,
                                   std::uint32_t flags) = 0;
  virtual void state_resize(wick_state* state, std::uint32_t n_blocks) = 0;
  virtual void state_copy(wick_state* state, std::uint32_t from_block, std::uint32_t to_block) = 0;
  virtual std::uint64_t state_block_bytes(const wick_state* state) noexcept = 0;
  virtual void state_read(wick_state* state, std::uint32_t block, void* bytes) = 0;
  virtual void state_write(wick_state* state, std::uint32_t block, const void* bytes) = 0;
  virtual void state_free(wick_state* state) noexcept = 0;

  virtual wick_buffer* buffer_create(std::uint32_t device, std::uint64_t n_bytes) = 0;
  virtual bool can_import() const noexcept { return false; }
  virtual wick_buffer* buffer_import(std::uint32_t device, void* bytes, std::uint64_t n_bytes) {
    static_cast<void>(device), static_cast<void>(bytes), static_cast<void>(n_bytes);
    fail(ErrorCode::kUnavailable, "backend: this device cannot use host memory in place");
  }
  virtual wick_fence* buffer_write(wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                                   std::uint64_t n_bytes, bool wait) = 0;
  virtual wick_fence* buffer_read(wick_buffer* buffer, std::uint64_t offset, void* bytes,
                                  std::uint64_t n_bytes, bool wait) = 0;
  virtual void buffer_free(wick_buffer* buffer) noexcept = 0;

  virtual wick_plan* compile(std::uint32_t device, const wick_compile_request& request) = 0;
  /// Returns null when everything is done; always so where `wait` is set.
  virtual wick_fence* run(wick_plan* plan, const wick_bindings& bindings, bool wait) = 0;
  virtual void plan_free(wick_plan* plan) noexcept = 0;
  virtual void fence_wait(wick_fence* fence) = 0;
  virtual const void* extension(std::string_view name) noexcept {
    return static_cast<void>(name), nullptr;
  }
};

namespace detail {

/// Runs a method of the Backend behind `self`, guarded.
template <class Body>
wick_code on_backend(void* self, wick_error* error, Body body) noexcept {
  return guard(error, [&] { body(*static_cast<Backend*>(self)); });
}

inline void fill_device_functions(wick_backend_v1& t) noexcept {
  t.device_count = +[](void* self, std::uint32_t* n, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *n = b.device_count(); });
  };
  t.device_info =
      +[](void* self, std::uint32_t device, wick_device_info* info, wick_error* e) noexcept {
        return on_backend(self, e, [&](Backend& b) { b.device_info(device, *info); });
      };
  t.supports = +[](void* self, std::uint32_t device, wick_str op, const wick_storage_class* storage,
                   std::uint32_t plain_type, std::uint32_t* support, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) {
      *support = b.supports(device, to_view(op), storage, plain_type);
    });
  };
  t.estimate = +[](void* self, std::uint32_t device, const wick_segment_request* request,
                   wick_bytes* bytes, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.estimate(device, *request, *bytes); });
  };
  t.extension = +[](void* self, wick_str name) noexcept {
    return static_cast<Backend*>(self)->extension(to_view(name));
  };
  t.measure_limits = +[](void* self, std::uint32_t device, std::uint32_t n_threads,
                         wick_device_limits* limits, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.measure_limits(device, n_threads, *limits); });
  };
}

inline void fill_weight_functions(wick_backend_v1& t) noexcept {
  t.weight_create = +[](void* self, std::uint32_t device, const wick_weight_desc* desc,
                        wick_weight** weight, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *weight = b.weight_create(device, *desc); });
  };
  t.weight_put = +[](void* self, wick_weight* weight, std::uint64_t first_row,
                     std::uint64_t first_col, const wick_unpacked* tile, wick_error* e) noexcept {
    return on_backend(self, e,
                      [&](Backend& b) { b.weight_put(weight, first_row, first_col, *tile); });
  };
  t.weight_put_plain = +[](void* self, wick_weight* weight, std::uint64_t first_row,
                           std::uint64_t n_rows, const void* rows, wick_error* e) noexcept {
    return on_backend(self, e,
                      [&](Backend& b) { b.weight_put_plain(weight, first_row, n_rows, rows); });
  };
  t.weight_finish = +[](void* self, wick_weight* weight, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.weight_finish(weight); });
  };
  t.weight_is_filled = +[](void* self, const wick_weight* weight) noexcept {
    return std::uint32_t{static_cast<Backend*>(self)->weight_is_filled(weight)};
  };
  t.weight_bytes = +[](void* self, const wick_weight* weight) noexcept {
    return static_cast<Backend*>(self)->weight_bytes(weight);
  };
  t.weight_free = +[](void* self, wick_weight* weight) noexcept {
    static_cast<Backend*>(self)->weight_free(weight);
  };
}

inline void fill_state_functions(wick_backend_v1& t) noexcept {
  t.state_create = +[](void* self, std::uint32_t device, const wick_graph* graph,
                       std::uint32_t flags, wick_state** state, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *state = b.state_create(device, graph, flags); });
  };
  t.state_resize =
      +[](void* self, wick_state* state, std::uint32_t n_blocks, wick_error* e) noexcept {
        return on_backend(self, e, [&](Backend& b) { b.state_resize(state, n_blocks); });
      };
  t.state_copy = +[](void* self, wick_state* state, std::uint32_t from, std::uint32_t to,
                     wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.state_copy(state, from, to); });
  };
  t.state_block_bytes = +[](void* self, const wick_state* state) noexcept {
    return static_cast<Backend*>(self)->state_block_bytes(state);
  };
  t.state_read =
      +[](void* self, wick_state* state, std::uint32_t block, void* bytes, wick_error* e) noexcept {
        return on_backend(self, e, [&](Backend& b) { b.state_read(state, block, bytes); });
      };
  t.state_write = +[](void* self, wick_state* state, std::uint32_t block, const void* bytes,
                      wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.state_write(state, block, bytes); });
  };
  t.state_free = +[](void* self, wick_state* state) noexcept {
    static_cast<Backend*>(self)->state_free(state);
  };
}

inline void fill_buffer_functions(wick_backend_v1& t) noexcept {
  t.buffer_create = +[](void* self, std::uint32_t device, std::uint64_t n, wick_buffer** buffer,
                        wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *buffer = b.buffer_create(device, n); });
  };
  t.buffer_import = +[](void* self, std::uint32_t device, void* bytes, std::uint64_t n,
                        wick_buffer** buffer, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *buffer = b.buffer_import(device, bytes, n); });
  };
  t.buffer_write = +[](void* self, wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                       std::uint64_t n, wick_fence** fence, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) {
      wick_fence* made = b.buffer_write(buffer, offset, bytes, n, fence == nullptr);
      if (fence) *fence = made;
    });
  };
  t.buffer_read = +[](void* self, wick_buffer* buffer, std::uint64_t offset, void* bytes,
                      std::uint64_t n, wick_fence** fence, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) {
      wick_fence* made = b.buffer_read(buffer, offset, bytes, n, fence == nullptr);
      if (fence) *fence = made;
    });
  };
  t.buffer_free = +[](void* self, wick_buffer* buffer) noexcept {
    static_cast<Backend*>(self)->buffer_free(buffer);
  };
}

inline void fill_plan_functions(wick_backend_v1& t) noexcept {
  t.compile = +[](void* self, std::uint32_t device, const wick_compile_request* request,
                  wick_plan** plan, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { *plan = b.compile(device, *request); });
  };
  t.run = +[](void* self, wick_plan* plan, const wick_bindings* bindings, wick_fence** fence,
              wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) {
      wick_fence* made = b.run(plan, *bindings, fence == nullptr);
      if (fence) *fence = made;
    });
  };
  t.plan_free =
      +[](void* self, wick_plan* plan) noexcept { static_cast<Backend*>(self)->plan_free(plan); };
  t.fence_wait = +[](void* self, wick_fence* fence, wick_error* e) noexcept {
    return on_backend(self, e, [&](Backend& b) { b.fence_wait(fence); });
  };
}

inline wick_backend_v1 make_backend_table(bool can_import, bool can_measure) noexcept {
  auto t = make<wick_backend_v1>();
  fill_device_functions(t);
  fill_weight_functions(t);
  fill_state_functions(t);
  fill_buffer_functions(t);
  fill_plan_functions(t);
  if (!can_import) t.buffer_import = nullptr;
  if (!can_measure) t.measure_limits = nullptr;
  return t;
}

/// One table for all backends of a plugin that can do the same: it holds functions only.
inline const wick_backend_v1* backend_table(bool can_import, bool can_measure) noexcept {
  static const wick_backend_v1 tables[2][2] = {
      {make_backend_table(false, false), make_backend_table(false, true)},
      {make_backend_table(true, false), make_backend_table(true, true)}};
  return &tables[can_import ? 1 : 0][can_measure ? 1 : 0];
}

}  // namespace detail

/// The id must outlive the call only; the Backend becomes the host's until its provider is
/// destroyed.
inline void register_backend(const Host& host, std::string_view id,
                             std::unique_ptr<Backend> backend) {
  wick_provider provider = make<wick_provider>();
  provider.kind = to_str("backend");
  provider.id = to_str(id);
  provider.vtable = detail::backend_table(backend->can_import(), backend->can_measure_limits());
  provider.self = backend.get();
  provider.destroy = +[](void* self) noexcept { delete static_cast<Backend*>(self); };
  host.register_provider(provider);
  backend.release();
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick
