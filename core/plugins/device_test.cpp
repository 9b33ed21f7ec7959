// Graphs, calls and reference are the conformance kit's. Bounds are wider than its own: options may
// choose types that it does not know of, and a driver that is wrong is far off.
#include "plugins/device_test.h"

#include "conformance/experiment.h"
#include "conformance/matmul_tolerance.h"

#include <cmath>
#include <utility>
#include <vector>

namespace wick {
namespace {

using conformance::Device;
using conformance::Oracle;
using conformance::Random;
using conformance::RunSpec;
using conformance::Session;
using conformance::Setup;
using conformance::Step;
using reference::Matrix;

/// A machine with more is taken to be well with so many: the user waits.
constexpr std::uint32_t kMostDevices = 16;
constexpr std::size_t kIn = 256, kOut = 64;
constexpr std::uint32_t kFewTokens = 1, kManyTokens = 9;
/// Rounded activations of random values are off so far in one of 10^15 results.
constexpr double kMostSigmas = 8;
constexpr std::int64_t kHeads = 2, kHeadDim = 64;
constexpr std::uint32_t kHistory = 5, kBlocks = 3;

/// Sixteenths of -2 to 2: no type rounds them.
Matrix inputs(std::size_t n_rows, std::size_t width, Random& random) {
  Matrix m(n_rows, width);
  for (double& value : m.values) value = (static_cast<double>(random.below(65)) - 32) / 16;
  return m;
}

Step step_of(const RunSpec& run) {
  Step step;
  step.batch = conformance::BatchFixture({run}, [](std::uint32_t, std::uint32_t) { return 0; });
  step.batch.want_all();
  return step;
}

/// Empty where every value is within its bound.
std::string difference(const std::vector<float>& got, const Matrix& want, const Matrix& bounds) {
  for (std::size_t i = 0; i < want.values.size(); ++i) {
    const double value = static_cast<double>(got[i]);
    // Written so that a NaN is a difference.
    if (std::fabs(value - want.values[i]) <= bounds.values[i]) continue;
    std::ostringstream text;
    text << "gives " << value << " in row " << i / want.width << ", column " << i % want.width
         << ", need " << want.values[i] << " within " << bounds.values[i];
    return text.str();
  }
  return "";
}

/// By the narrowest plain type that the device has a product for; empty too where it has none.
std::string test_product(const Device& device) {
  for (const std::uint32_t type : {WICK_TYPE_F16, WICK_TYPE_BF16, WICK_TYPE_F32}) {
    if (device.supports("matmul@1", nullptr, type) == WICK_SUPPORT_NONE) continue;
    Random random(1);
    Setup setup;
    const std::uint32_t x = setup.graph.input("x", kIn);
    const std::uint32_t w = setup.graph.weight("w", {kOut, kIn});
    setup.weights[w] = conformance::plain_weight(type, inputs(kOut, kIn, random), WICK_USE_MATMUL);
    setup.output = setup.graph.node({"matmul@1", {x, w}, kOut});
    setup.graph.output(setup.output, "y");
    setup.max_tokens = kManyTokens;
    Session session(device, setup, false);
    Oracle oracle(setup);
    // Backends have one kernel for a token and another for many.
    for (const std::uint32_t n_tokens : {kFewTokens, kManyTokens}) {
      Step step = step_of({0, 0, n_tokens, {0}});
      step.inputs[x] = inputs(n_tokens, kIn, random);
      const auto& values = oracle.run(step);
      const Matrix sigma =
          conformance::matmul_bounds(values[x], {values[w], setup.weights.at(w)}, false).sigma;
      const std::string wrong =
          difference(session.run(step), values[setup.output],
                     reference::map(sigma, [](double s) { return kMostSigmas * s; }));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }
  return "";
}

struct AttentionSetup : Setup {
  std::uint32_t q, k, v;

  AttentionSetup() {
    const std::int64_t width = kHeads * kHeadDim;
    q = graph.input("q", width);
    k = graph.input("k", width);
    v = graph.input("v", width);
    const auto kv = graph.state("kv", kHeads, kHeadDim, kHeadDim);
    output = graph.node({"attention@1",
                         {q, k, v},
                         width,
                         {{"n_heads", kHeads}, {"n_kv_heads", kHeads}, {"head_dim", kHeadDim}},
                         {{"scale", 1.0 / kHeadDim}},
                         kv});
    graph.output(output, "y");
    max_tokens = kHistory;
    n_blocks = kBlocks;
  }
  void fill(Step& step, Random& random) const {
    for (const std::uint32_t value : {q, k, v})
      step.inputs[value] = inputs(step.batch.n_tokens(), kHeads * kHeadDim, random);
  }
};

/// Outputs are means of values up to 2: keys and values in 8 bits are off by 1 % of that at most,
/// and what reads another block by far more.
Matrix attention_bounds(const Matrix& y) {
  return reference::map(y, [](double) { return 0.1; });
}

/// Some tokens; their block goes to the host and back to another place; one more token sees them.
std::string test_attention(const Device& device) {
  if (device.supports("attention@1", nullptr, WICK_TYPE_F32) == WICK_SUPPORT_NONE) return "";
  Random random(2);
  const AttentionSetup setup;
  Session session(device, setup, false);
  Oracle oracle(setup);
  Step first = step_of({0, 0, kHistory, {0}});
  setup.fill(first, random);
  const Matrix begin = oracle.run(first)[setup.output];
  std::string wrong = difference(session.run(first), begin, attention_bounds(begin));
  if (!wrong.empty()) return wrong;
  device.write_block(session.state(), 1, device.read_block(session.state(), 0));
  device.copy_block(session.state(), 1, 2);
  Step here = step_of({0, kHistory, 1, {0}}), there = step_of({0, kHistory, 1, {2}});
  setup.fill(here, random);
  there.inputs = here.inputs;
  const Matrix end = oracle.run(here)[setup.output];
  wrong = difference(session.run(there), end, attention_bounds(end));
  return wrong.empty() ? "" : wrong + ", after its state was read, written and copied";
}

constexpr std::pair<const char*, std::string (*)(const Device&)> kTests[] = {
    {"matmul@1", &test_product}, {"attention@1", &test_attention}};

void test_device(const Device& device, const std::string& name,
                 const std::function<void(const std::string&)>& announce,
                 DeviceTestReport& report) {
  for (const auto& [op, test] : kTests) {
    announce(std::string(op) + " on " + name);
    try {
      const std::string wrong = test(device);
      if (wrong.empty()) continue;
      report.sentence = name + ": " + op + " " + wrong;
    } catch (const Error& e) {
      // Somebody else has the memory now; whoever loads a model will hear of it.
      if (e.code() == ErrorCode::kOutOfMemory) {
        report.keep = false;
        continue;
      }
      report.sentence = name + ": " + op + " fails: " + e.what();
    }
    report.state = PluginState::kProbeFailed;
    return;
  }
}

}  // namespace

DeviceTestReport test_devices(const Provider& backend,
                              const std::function<void(const std::string&)>& announce) {
  const auto* table = backend_table(backend);
  std::uint32_t n = 0;
  sdk::check([&](wick_error* e) { return table->device_count(backend.self, &n, e); });
  DeviceTestReport report;
  for (std::uint32_t i = 0; i < std::min(n, kMostDevices); ++i) {
    const Device device(table, backend.self, i, backend.id);
    const std::string name =
        "device " + std::to_string(i) + " (" + std::string(sdk::to_view(device.info().name)) + ")";
    test_device(device, name, announce, report);
    if (report.state != PluginState::kAvailable) return report;
  }
  return report;
}

}  // namespace wick
