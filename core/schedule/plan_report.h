// The plan in numbers, for people: what goes where, in how many bytes, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wick {

/// Bytes by kind; estimates of the backend, before anything is allocated.
struct PlanBytes {
  std::uint64_t weights = 0, state = 0, activations = 0, staging = 0;
  std::uint64_t total() const noexcept { return weights + state + activations + staging; }
};

/// Contiguous layers on one device.
struct PlanLine {
  std::string part;                        ///< "embedding", "layers 0-15", "output"
  std::string backend;                     ///< "cpu"
  std::string entry;                       ///< as options call the device: "cpu", "cpu#2"
  std::string device;                      ///< for people
  std::uint64_t memory_free = UINT64_MAX;  ///< of the device before; UINT64_MAX: unknown
  PlanBytes bytes;
  std::string reason;
  /// Reckoned from the device's measured speed, with an empty context; nothing where it is not
  /// known.
  std::optional<double> token_seconds;   ///< of a token that is generated
  std::optional<double> prompt_seconds;  ///< of a token of a long prompt
};

/// Of all lines, one after the other: tokens per second. Nothing where a line has none.
std::optional<double> tokens_per_second(const std::vector<PlanLine>& lines,
                                        std::optional<double> PlanLine::*seconds);

struct PlanReport {
  std::string model, architecture;
  std::uint32_t context = 0, n_sequences = 1;
  bool precise = false;
  std::vector<PlanLine> lines;
  std::vector<std::string>
      notes;  ///< backends that were passed over in automatic mode, and why: a sentence each
};

/// "cpu"; of several entries, with commas, in the order of the plan.
std::string backends_of(const PlanReport& plan);

}  // namespace wick
