// Registers another format when the first one decodes, which is long after init().
#include "test_format.h"

#include <wick/sdk/plugin.h>

namespace {

class LateFormat : public wick_test::BytesFormat {
 public:
  explicit LateFormat(const wick::sdk::Host& host) : BytesFormat("BYTES", 200), host_(host) {}
  void decode(const std::byte*, std::uint64_t, float*) const override {
    wick_test::register_bytes(host_, "LATE", 201);
  }

 private:
  wick::sdk::Host host_;
};

}  // namespace

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) {
  wick::sdk::register_format(host, std::make_unique<LateFormat>(host));
})
