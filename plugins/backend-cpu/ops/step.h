// A step of a plan: what all threads of the pool do together. Not for how steps are put together
// (program.h), nor for where barriers go (phases.h).
#pragma once

#include <wick/abi/graph.h>
#include <wick/sdk/host.h>

#include <cstdint>
#include <string>
#include <vector>

#include "isa.h"
#include "ops/partition.h"
#include "state.h"

namespace wick::cpu {

class Claims;

/// Tokens of one run that attention takes together.
struct TokenTile {
  std::uint32_t run, first, n_tokens;  ///< first: of the run
};

/// One call of run(). Lives until all threads have left.
struct RunContext {
  const wick_batch* batch;
  std::uint8_t* const* values;  ///< memory of each value of the program
  const State* state;
  const TokenTile* tiles;  ///< those that see most first
  std::uint32_t n_tiles;
  std::uint8_t* scratch;        ///< of all threads
  std::uint64_t scratch_bytes;  ///< of one thread
  const Claims* claims;         ///< for steps that hand out their work (claims.h)

  float* floats(std::uint32_t value) const noexcept {
    return reinterpret_cast<float*>(values[value]);
  }
};

/// What all threads together did in a step; zero where nobody counts it.
struct Work {
  std::uint64_t weight_bytes = 0;  ///< of weights that were read
  std::uint64_t multiply_adds = 0;
};

/// A step says what it touches, and by which partition; a barrier is put before it only where that
/// asks for one.
class Step {
 public:
  virtual ~Step() = default;
  virtual void run(const RunContext& run, const sdk::Team& team) const noexcept = 0;
  virtual Work work(const RunContext&) const noexcept { return {}; }

  std::vector<std::uint32_t> reads;   ///< values of the program
  std::vector<std::uint32_t> writes;  ///< the values that it makes
  std::uint32_t changes = WICK_NONE;  ///< the state, as Program::state_value, that it writes to
  Partition partition;                ///< of all that it reads, makes and changes
  bool reads_anywhere = false;        ///< the partition is not that of what it reads
  std::uint64_t scratch_bytes = 0;    ///< that each thread needs
  bool hands_out = false;             ///< work is claimed while it runs (claims.h)

  // For profiles.
  std::string op;      ///< name of the node's op unless the step has its own
  std::string weight;  ///< class and shape, where the step has one

  // See make_phases.
  std::uint32_t phase = 0;       ///< barriers before it in a run
  std::uint32_t claim_slot = 0;  ///< steps of its phase, before it, that hand out work
};

}  // namespace wick::cpu
