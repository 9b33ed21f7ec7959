// The backend that the program was asked to test: a plugin of the build tree, or the reference.
#pragma once

#include "conformance/check.h"
#include "conformance/device.h"
#include "conformance/test_host.h"
#include "reference_backend.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace wick::conformance {

/// How gtest shows a case.
inline void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

}  // namespace wick::conformance

namespace wick::tests {

struct Choice {
  std::string backend = "cpu";  ///< "reference": the one in this program
  std::string library;          ///< empty: libwick-backend-NAME.so of the build tree
  std::uint32_t n_threads = 2;
  std::uint32_t device = 0;
  std::map<std::string, std::string> options;  ///< of the host
};
/// Filled by main() before any test runs.
Choice& choice();

/// Loaded at the first call. Throws where there is no such backend.
const conformance::Device& device_under_test();

/// Only the CPU promises the same bytes however a text is cut.
bool promises_bytes();

/// A reference backend with its host, ready to be tested.
class ReferenceDevice {
 public:
  explicit ReferenceDevice(Fault fault = Fault::kNone) : host_(1), device_(made(host_, fault)) {}
  const conformance::Device& device() const { return device_; }

 private:
  static conformance::Device made(conformance::TestHost& host, Fault fault);
  conformance::TestHost host_;
  conformance::Device device_;
};

/// Name of a parameterized case.
inline std::string case_name(const ::testing::TestParamInfo<conformance::Case>& info) {
  return info.param.name;
}

/// Checks one case; skips what the backend does not support.
void expect_within_bounds(const conformance::Case& c);

}  // namespace wick::tests

/// One suite an op: WICK_CONFORMANCE_SUITE(Matmul, matmul_cases).
#define WICK_CONFORMANCE_SUITE(Suite, cases)                                                    \
  class Suite : public ::testing::TestWithParam<wick::conformance::Case> {};                    \
  TEST_P(Suite, IsWithinItsBoundOfTheOracle) {                                                  \
    wick::tests::expect_within_bounds(GetParam());                                              \
  }                                                                                             \
  INSTANTIATE_TEST_SUITE_P(Conformance, Suite, ::testing::ValuesIn(wick::conformance::cases()), \
                           wick::tests::case_name)
