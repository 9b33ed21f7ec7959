// One case of the kit: what it needs, how it is made, and its check against the oracle.
#pragma once

#include "conformance/experiment.h"
#include "conformance/storage_classes.h"
#include "conformance/tolerances.h"

#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace wick::conformance {

struct Case {
  std::string name;  ///< "matmul_u4g32x2m_precise_tokens7_normal": letters, digits, underscores
  std::string op;    ///< what is under test: the node that makes the output
  StorageEntry storage;
  bool precise = true;
  InputClass input = InputClass::kNormal;
  std::function<Experiment(Random&)> make;
};

struct Outcome {
  enum class Verdict { kPassed, kFailed, kUnsupported };
  Verdict verdict = Verdict::kPassed;
  std::string text;     ///< why it failed
  double of_bound = 0;  ///< the largest error, as a share of its bound
  double of_sigma = 0;  ///< root mean square of error / sigma, where errors are random
  bool failed() const { return verdict == Verdict::kFailed; }
};

namespace detail {

/// Subnormal parts of a value may be flushed to zero: 2^-126 times any of our inputs.
constexpr double kFloor = 1e-30;
/// Errors of random inputs are uniform within half a step. All outputs share those of their row of
/// x, whose mean square is at most three times the expected one: a factor of 1.73, the rest is
/// chance.
constexpr double kMostSigmas = 2.5;
constexpr std::size_t kFewestForSigma = 16;

inline void fail_at(Outcome& outcome, std::size_t row, std::size_t col, double got, double want,
                    double bound) {
  if (outcome.failed()) return;
  std::ostringstream text;
  text.precision(9);
  text << "row " << row << " column " << col << ": got " << got << ", need " << want << " within "
       << bound;
  outcome.verdict = Outcome::Verdict::kFailed;
  outcome.text = text.str();
}

/// A flat row or a ramp meets the grid in a pattern: its errors add up, and only their bound holds.
inline bool errors_are_random(InputClass input) {
  return input == InputClass::kNormal || input == InputClass::kOutlier;
}

/// What is no number, and what is without an end, must come out as it is.
inline bool is_same(double got, double want) {
  return std::isnan(want) ? std::isnan(got) : got == want;
}

inline void compare(const std::vector<float>& got, const reference::Matrix& want,
                    const Bounds& bounds, Outcome& outcome) {
  double squares = 0;
  for (std::size_t i = 0; i < want.values.size(); ++i) {
    const double value = static_cast<double>(got[i]);
    // A result that f32 cannot hold to within the bound is rounded to it.
    if (!std::isfinite(want.values[i])) {
      if (!is_same(value, want.values[i]))
        fail_at(outcome, i / want.width, i % want.width, value, want.values[i], 0.0);
      continue;
    }
    const double rounding = 0x1p-24 * std::fabs(want.values[i]);
    const double bound = bounds.worst.values[i] + rounding + kFloor;
    const double error = std::fabs(value - want.values[i]);
    if (!(error <= bound))
      fail_at(outcome, i / want.width, i % want.width, value, want.values[i], bound);
    outcome.of_bound = std::fmax(outcome.of_bound, error / bound);
    if (!bounds.sigma.values.empty())
      squares += std::pow(error / (bounds.sigma.values[i] + rounding + kFloor), 2);
  }
  if (bounds.sigma.values.empty() || want.values.size() < kFewestForSigma) return;
  const double sigmas = std::sqrt(squares / static_cast<double>(want.values.size()));
  outcome.of_sigma = std::fmax(outcome.of_sigma, sigmas);
  if (outcome.failed() || sigmas <= kMostSigmas) return;
  outcome.verdict = Outcome::Verdict::kFailed;
  std::ostringstream text;
  text << "errors are " << sigmas << " times what rounding of activations explains, need at most "
       << kMostSigmas;
  outcome.text = text.str();
}

}  // namespace detail

/// What a case runs, and what the oracle makes of it: made once for any number of devices.
class Expectation {
 public:
  explicit Expectation(const Case& c) : experiment_(made(c)) {
    Oracle oracle(experiment_.setup);
    const Tolerances tolerances(experiment_.setup, c.precise);
    reference::States magnitudes(oracle.view(), experiment_.setup.n_blocks);
    for (const Step& step : experiment_.steps) {
      const auto& values = oracle.run(step);
      for (const sdk::GraphNode& node : oracle.view().nodes()) {
        if (node.output != experiment_.setup.output) continue;
        Bounds bounds = bounds_of(oracle, tolerances, {values, node, step.batch.get()}, magnitudes);
        if (!detail::errors_are_random(c.input)) bounds.sigma = {};
        results_.push_back({values[node.output], std::move(bounds)});
      }
    }
  }

  const Experiment& experiment() const { return experiment_; }
  void compare(std::size_t step, const std::vector<float>& got, Outcome& outcome) const {
    detail::compare(got, results_[step].values, results_[step].bounds, outcome);
  }

 private:
  struct Result {
    reference::Matrix values;
    Bounds bounds;
  };
  struct Evaluated {
    const std::vector<reference::Matrix>& values;
    const sdk::GraphNode& node;
    const wick_batch batch;
  };
  static Experiment made(const Case& c) {
    Random random(seed_of(c.name));
    return c.make(random);
  }
  static Bounds bounds_of(const Oracle& oracle, const Tolerances& tolerances, const Evaluated& e,
                          reference::States& magnitudes) {
    if (e.node.op != "short_conv@1") return tolerances.of(oracle, e.values, e.node, e.batch);
    const auto size = [](double v) { return std::fabs(v); };
    const auto& kernel = e.values[e.node.inputs[1]];
    Bounds bounds;
    bounds.worst = tolerances.short_conv(
        reference::short_conv(reference::map(e.values[e.node.inputs[0]], size),
                              reference::map(kernel, size), magnitudes.conv[e.node.state], e.batch),
        kernel, true);
    return bounds;
  }

  Experiment experiment_;
  std::vector<Result> results_;  ///< one a step
};

inline bool is_supported(const Device& device, const Case& c) {
  return device.supports(c.op, c.storage.pointer(), c.storage.plain_type) != WICK_SUPPORT_NONE;
}

/// Runs all steps; a step whose output is wrong ends the case.
inline Outcome check(const Device& device, const Case& c, const Expectation& expectation) {
  Outcome outcome;
  if (!is_supported(device, c)) {
    outcome.verdict = Outcome::Verdict::kUnsupported;
    return outcome;
  }
  const Experiment& experiment = expectation.experiment();
  Session session(device, experiment.setup, c.precise);
  for (std::size_t i = 0; i < experiment.steps.size() && !outcome.failed(); ++i)
    expectation.compare(i, session.run(experiment.steps[i]), outcome);
  return outcome;
}

inline Outcome check(const Device& device, const Case& c) {
  if (is_supported(device, c)) return check(device, c, Expectation(c));
  Outcome outcome;
  outcome.verdict = Outcome::Verdict::kUnsupported;
  return outcome;
}

}  // namespace wick::conformance
