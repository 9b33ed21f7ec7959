// A compiled graph, ready to run: its memory and its batch. Not for how steps are made.
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/host.h>

#include <memory>
#include <vector>

#include "batch.h"
#include "buffer.h"
#include "launcher.h"
#include "profile.h"
#include "program.h"

namespace wick::opencl {

class Plan {
 public:
  /// Of a device that profiles, what the time was spent on is logged at the end.
  Plan(const sdk::Host& host, Device& device, const ProgramRequest& request);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Returns when all is done; one host wait. Throws kBadArgument, before anything is written, for
  /// a batch or bindings that break the contract.
  void run(const wick_bindings& bindings);

  /// Of the arena, the batch and the tables, for so many positions.
  static std::uint64_t activation_bytes(Program& program, const ProgramRequest& request,
                                        std::uint32_t n_positions);

 private:
  struct Bound {
    std::uint32_t value;
    bool is_input;
    Buffer* buffer;
  };
  void cut_arena();
  void release_parts() noexcept;
  void bind(const wick_bindings& bindings);
  void hand_over(const wick_batch& batch);
  void take_back(const wick_batch& batch);
  void launch(const wick_batch& batch, const State* state);
  void note_memory(const State* state);
  std::uint64_t bytes_of(const Bound& bound, const wick_batch& batch) const;

  sdk::Host host_;
  Device& device_;
  Program program_;
  Batch batch_;
  Memory arena_;
  std::vector<cl_mem> parts_;           // of the arena; ours to release
  std::vector<cl_mem> memory_;          // by value
  std::vector<std::uint64_t> serials_;  // of what is not the plan's own, or moves
  std::uint64_t epoch_ = 0;
  std::vector<Bound> bound_;          // values that must be bound
  std::unique_ptr<Profile> profile_;  // null: nobody asked
};

}  // namespace wick::opencl
