// A compiled graph, ready to run: its steps, its memory, and the checks of every batch. Not for how
// steps are made.
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/host.h>

#include "claims.h"
#include "phases.h"
#include "profile.h"
#include "program.h"

namespace wick::cpu {

/// Memory that the host sees as a buffer; its own, or the host's.
struct Buffer {
  std::uint64_t size() const noexcept { return n_bytes; }
  std::uint8_t* host() noexcept { return data; }

  Memory memory;
  std::uint8_t* data = nullptr;
  std::uint64_t n_bytes = 0;
};

class Plan {
 public:
  /// With the user's option "profile", what the time was spent on is logged at the end.
  Plan(const sdk::Host& host, const ProgramRequest& request);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Runs all steps and returns when they are done. Throws kBadArgument, before anything is
  /// written, for a batch or bindings that break the contract.
  void run(const wick_bindings& bindings);

  /// Of the arena and the threads' scratch, for so many threads.
  static std::uint64_t activation_bytes(const Program& program, std::uint32_t n_threads) noexcept;

 private:
  void check_batch(const wick_batch& batch, const State* state) const;
  void bind(const wick_bindings& bindings);
  void make_tiles(const wick_batch& batch);
  void run_steps(const RunContext& context, const sdk::Team& team) noexcept;

  sdk::Host host_;
  Program program_;
  std::uint32_t max_tokens_, max_outputs_, n_threads_;
  Memory memory_;
  Claims claims_;
  std::vector<std::uint8_t*> pointers_;  // by value
  std::vector<std::uint32_t> external_;  // values that must be bound
  std::vector<TokenTile> tiles_;
  std::unique_ptr<Profile> profile_;  // null: nobody asked
};

}  // namespace wick::cpu
