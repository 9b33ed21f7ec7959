// Loads the backend under test once, in the kit's own host, which needs no libwick: what a stranger
// has is what we test with.
#include "under_test.h"

#include <string>

namespace wick::tests {
namespace {

conformance::Device device_of(const conformance::TestHost& host, const std::string& id,
                              std::uint32_t index) {
  const wick_provider& provider = host.provider("backend", id);
  return {static_cast<const wick_backend_v1*>(provider.vtable), provider.self, index, id};
}

conformance::TestHost& host_of_choice() {
  // Never destroyed: a driver's own handlers at exit run first, and nothing of it may be called
  // then.
  static auto* const host = new conformance::TestHost(choice().n_threads, choice().options);
  return *host;
}

conformance::Device load() {
  const Choice& c = choice();
  conformance::TestHost& host = host_of_choice();
  if (c.backend == "reference") {
    sdk::register_backend(sdk::Host(host.api()), c.backend,
                          make_reference_backend(host.api()->graph));
  } else {
    const std::string built =
        std::string(WICK_TEST_PLUGIN_DIR) + "/libwick-backend-" + c.backend + ".so";
    host.load(c.library.empty() ? built : c.library);
  }
  return device_of(host, c.backend, c.device);
}

}  // namespace

Choice& choice() {
  static Choice chosen;
  return chosen;
}

const conformance::Device& device_under_test() {
  static const conformance::Device device = load();
  return device;
}

bool promises_bytes() {
  return choice().backend == "cpu" || choice().backend == "reference";
}

conformance::Device ReferenceDevice::made(conformance::TestHost& host, Fault fault) {
  sdk::register_backend(sdk::Host(host.api()), "reference",
                        make_reference_backend(host.api()->graph, fault));
  return device_of(host, "reference", 0);
}

void expect_within_bounds(const conformance::Case& c) {
  const conformance::Outcome outcome = conformance::check(device_under_test(), c);
  if (outcome.verdict == conformance::Outcome::Verdict::kUnsupported)
    GTEST_SKIP() << choice().backend << " does not support " << c.op << " with " << c.storage.name;
  ::testing::Test::RecordProperty("of_bound", std::to_string(outcome.of_bound));
  ::testing::Test::RecordProperty("of_sigma", std::to_string(outcome.of_sigma));
  EXPECT_FALSE(outcome.failed()) << outcome.text << "; seed " << conformance::seed_of(c.name);
}

}  // namespace wick::tests
