// A backend of four classes of its own, behind the contract's opaque names. For backends whose work
// is done when a call returns; one that hands out fences derives from Backend itself.
#pragma once

#include <wick/sdk/backend.h>

#include <cstring>
#include <memory>

namespace wick {
inline namespace v1 {
namespace sdk {

/// The object behind a handle that this plugin gave to the host; null for null.
template <class Object, class Handle>
Object* object_of(Handle* handle) noexcept {
  return reinterpret_cast<Object*>(handle);
}

/// Answers all that the host asks by a handle; left to derive are the devices and making objects
/// (contracts: wick_backend_v1). They need
///   Weight  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked&);
///           void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows);
///           std::uint64_t bytes() const noexcept;
///   State   void resize(std::uint32_t n_blocks);
///           void copy(std::uint32_t from_block, std::uint32_t to_block);
///           void read(std::uint32_t block, void* bytes);
///           void write(std::uint32_t block, const void* bytes);
///           std::uint64_t block_bytes() const noexcept;
///   Buffer  std::uint64_t size() const noexcept;
///           unsigned char* host();  what the host reads and writes between runs
///   Plan    void run(const wick_bindings&);  whose handles `object_of` turns into objects
template <class Weight, class State, class Buffer, class Plan>
class BackendOf : public Backend {
 public:
  virtual std::unique_ptr<Weight> make_weight(std::uint32_t device,
                                              const wick_weight_desc& desc) = 0;
  virtual std::unique_ptr<State> make_state(std::uint32_t device, const wick_graph* graph,
                                            std::uint32_t flags) = 0;
  virtual std::unique_ptr<Buffer> make_buffer(std::uint32_t device, std::uint64_t n_bytes) = 0;
  /// For those that can_import().
  virtual std::unique_ptr<Buffer> import_buffer(std::uint32_t device, void* bytes,
                                                std::uint64_t n_bytes) {
    static_cast<void>(device), static_cast<void>(bytes), static_cast<void>(n_bytes);
    fail(ErrorCode::kUnavailable, "backend: this device cannot use host memory in place");
  }
  virtual std::unique_ptr<Plan> make_plan(std::uint32_t device,
                                          const wick_compile_request& request) = 0;

  wick_weight* weight_create(std::uint32_t device, const wick_weight_desc& desc) final {
    return handle<wick_weight>(make_weight(device, desc));
  }
  void weight_put(wick_weight* weight, std::uint64_t first_row, std::uint64_t first_col,
                  const wick_unpacked& tile) override {
    object_of<Weight>(weight)->put(first_row, first_col, tile);
  }
  void weight_put_plain(wick_weight* weight, std::uint64_t first_row, std::uint64_t n_rows,
                        const void* rows) override {
    object_of<Weight>(weight)->put_plain(first_row, n_rows, rows);
  }
  void weight_finish(wick_weight*) override {}
  std::uint64_t weight_bytes(const wick_weight* weight) noexcept override {
    return object_of<const Weight>(weight)->bytes();
  }
  void weight_free(wick_weight* weight) noexcept override { delete object_of<Weight>(weight); }

  wick_state* state_create(std::uint32_t device, const wick_graph* graph,
                           std::uint32_t flags) final {
    return handle<wick_state>(make_state(device, graph, flags));
  }
  void state_resize(wick_state* state, std::uint32_t n_blocks) override {
    object_of<State>(state)->resize(n_blocks);
  }
  void state_copy(wick_state* state, std::uint32_t from_block, std::uint32_t to_block) override {
    object_of<State>(state)->copy(from_block, to_block);
  }
  std::uint64_t state_block_bytes(const wick_state* state) noexcept override {
    return object_of<const State>(state)->block_bytes();
  }
  void state_read(wick_state* state, std::uint32_t block, void* bytes) override {
    object_of<State>(state)->read(block, bytes);
  }
  void state_write(wick_state* state, std::uint32_t block, const void* bytes) override {
    object_of<State>(state)->write(block, bytes);
  }
  void state_free(wick_state* state) noexcept override { delete object_of<State>(state); }

  wick_buffer* buffer_create(std::uint32_t device, std::uint64_t n_bytes) final {
    return handle<wick_buffer>(make_buffer(device, n_bytes));
  }
  wick_buffer* buffer_import(std::uint32_t device, void* bytes, std::uint64_t n_bytes) final {
    return handle<wick_buffer>(import_buffer(device, bytes, n_bytes));
  }
  wick_fence* buffer_write(wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                           std::uint64_t n_bytes, bool) override {
    unsigned char* to = bytes_of(*object_of<Buffer>(buffer), offset, n_bytes);
    if (n_bytes > 0) std::memcpy(to, bytes, n_bytes);
    return nullptr;
  }
  wick_fence* buffer_read(wick_buffer* buffer, std::uint64_t offset, void* bytes,
                          std::uint64_t n_bytes, bool) override {
    const unsigned char* from = bytes_of(*object_of<Buffer>(buffer), offset, n_bytes);
    if (n_bytes > 0) std::memcpy(bytes, from, n_bytes);
    return nullptr;
  }
  void buffer_free(wick_buffer* buffer) noexcept override { delete object_of<Buffer>(buffer); }

  wick_plan* compile(std::uint32_t device, const wick_compile_request& request) final {
    return handle<wick_plan>(make_plan(device, request));
  }
  wick_fence* run(wick_plan* plan, const wick_bindings& bindings, bool) override {
    object_of<Plan>(plan)->run(bindings);
    return nullptr;
  }
  void plan_free(wick_plan* plan) noexcept override { delete object_of<Plan>(plan); }
  void fence_wait(wick_fence*) final {}

 private:
  template <class Handle, class Object>
  static Handle* handle(std::unique_ptr<Object> object) noexcept {
    return reinterpret_cast<Handle*>(object.release());
  }
  static unsigned char* bytes_of(Buffer& buffer, std::uint64_t offset, std::uint64_t n_bytes) {
    if (offset > buffer.size() || n_bytes > buffer.size() - offset)
      fail(ErrorCode::kBadArgument, "buffer: got bytes ", offset, " + ", n_bytes, ", has ",
           buffer.size());
    return buffer.host() + offset;
  }
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick
