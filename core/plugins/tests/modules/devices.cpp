// A backend that does nothing; the option "test.devices" is its number of devices, or "driver"
// where it has none to talk to. For the program, which has no such option: WICK_TEST_DEVICES.
#include <wick/sdk/backend.h>
#include <wick/sdk/plugin.h>

#include <cstdlib>

namespace {

class IdleBackend : public wick::sdk::Backend {
 public:
  explicit IdleBackend(const wick::sdk::Host& host)
      : devices_(host.option("test.devices").value_or(from_environment())) {}
  std::uint32_t device_count() override {
    if (devices_ == "driver")
      wick::fail(wick::ErrorCode::kUnavailable, "open_driver(): no driver answers");
    if (devices_ == "broken") wick::fail(wick::ErrorCode::kInternal, "the device hums");
    return static_cast<std::uint32_t>(std::stoul(devices_));
  }
  void device_info(std::uint32_t, wick_device_info& info) override {
    info.id = info.name = wick::sdk::to_str("Idle 3000");
    info.description = wick::sdk::to_str("0 FLOP/s");
  }
  std::uint32_t supports(std::uint32_t, std::string_view, const wick_storage_class*,
                         std::uint32_t) override {
    return 0;
  }
  void estimate(std::uint32_t, const wick_segment_request&, wick_bytes&) override {}
  wick_weight* weight_create(std::uint32_t, const wick_weight_desc&) override { return nullptr; }
  void weight_put(wick_weight*, std::uint64_t, std::uint64_t, const wick_unpacked&) override {}
  void weight_put_plain(wick_weight*, std::uint64_t, std::uint64_t, const void*) override {}
  void weight_finish(wick_weight*) override {}
  std::uint64_t weight_bytes(const wick_weight*) noexcept override { return 0; }
  void weight_free(wick_weight*) noexcept override {}
  wick_state* state_create(std::uint32_t, const wick_graph*, std::uint32_t) override {
    return nullptr;
  }
  void state_resize(wick_state*, std::uint32_t) override {}
  void state_copy(wick_state*, std::uint32_t, std::uint32_t) override {}
  std::uint64_t state_block_bytes(const wick_state*) noexcept override { return 0; }
  void state_read(wick_state*, std::uint32_t, void*) override {}
  void state_write(wick_state*, std::uint32_t, const void*) override {}
  void state_free(wick_state*) noexcept override {}
  wick_buffer* buffer_create(std::uint32_t, std::uint64_t) override { return nullptr; }
  wick_fence* buffer_write(wick_buffer*, std::uint64_t, const void*, std::uint64_t, bool) override {
    return nullptr;
  }
  wick_fence* buffer_read(wick_buffer*, std::uint64_t, void*, std::uint64_t, bool) override {
    return nullptr;
  }
  void buffer_free(wick_buffer*) noexcept override {}
  wick_plan* compile(std::uint32_t, const wick_compile_request&) override { return nullptr; }
  wick_fence* run(wick_plan*, const wick_bindings&, bool) override { return nullptr; }
  void plan_free(wick_plan*) noexcept override {}
  void fence_wait(wick_fence*) override {}

 private:
  static std::string from_environment() {
    const char* value = std::getenv("WICK_TEST_DEVICES");
    return value ? value : "1";
  }

  std::string devices_;
};

}  // namespace

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) {
  wick::sdk::register_backend(host, "idle", std::make_unique<IdleBackend>(host));
})
