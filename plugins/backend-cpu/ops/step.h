// A step of a plan: what all threads of the pool do together between two barriers. Not for how
// steps are put together (program.h).
#pragma once

#include <wick/abi/graph.h>
#include <wick/sdk/host.h>

#include <cstdint>
#include <vector>

#include "isa.h"
#include "state.h"

namespace wick::cpu {

/// Tokens of one run that attention takes together.
struct TokenTile {
  std::uint32_t run, first, n_tokens;  ///< first: of the run
};

/// One call of run(). Lives until all threads have left.
struct RunContext {
  const wick_batch* batch;
  std::uint8_t* const* values;  ///< memory of each value of the program
  const State* state;
  const TokenTile* tiles;
  std::uint32_t n_tiles;
  std::uint8_t* scratch;        ///< of all threads
  std::uint64_t scratch_bytes;  ///< of one thread

  float* floats(std::uint32_t value) const noexcept {
    return reinterpret_cast<float*>(values[value]);
  }
};

struct Range {
  std::uint64_t begin, end;
};

/// This thread's part of n things, in whole multiples of `grain`; the parts of all threads cover
/// them.
inline Range share(std::uint64_t n, const sdk::Team& team, std::uint64_t grain = 1) noexcept {
  const std::uint64_t grains = (n + grain - 1) / grain;
  const std::uint64_t begin = grains * team.thread() / team.n_threads() * grain;
  const std::uint64_t end = grains * (team.thread() + 1) / team.n_threads() * grain;
  return {begin < n ? begin : n, end < n ? end : n};
}

class Step {
 public:
  virtual ~Step() = default;
  virtual void run(const RunContext& run, const sdk::Team& team) const noexcept = 0;

  std::vector<std::uint32_t> reads;  ///< values of the program; for their lifetimes
  std::uint32_t writes = WICK_NONE;
  std::uint64_t scratch_bytes = 0;  ///< that each thread needs
};

}  // namespace wick::cpu
