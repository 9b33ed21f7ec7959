// A device of every instruction set that runs here, to be held against one answer of the oracle.
#pragma once

#include "conformance/check.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cpu_device.h"

namespace wick::cpu {

class IsaDevices {
 public:
  explicit IsaDevices(std::uint32_t n_threads) {
    for (const std::string& isa : isa_names())
      devices_.emplace_back(isa, std::make_unique<CpuDevice>(isa, n_threads));
  }

  void expect_within_bounds(const conformance::Case& c) const {
    const conformance::Expectation expectation(c);
    for (const auto& [isa, cpu] : devices_) {
      const conformance::Outcome outcome = conformance::check(cpu->device(), c, expectation);
      EXPECT_FALSE(outcome.failed()) << isa << ", " << c.name << ": " << outcome.text << "; seed "
                                     << conformance::seed_of(c.name);
    }
  }

 private:
  std::vector<std::pair<std::string, std::unique_ptr<CpuDevice>>> devices_;
};

}  // namespace wick::cpu
