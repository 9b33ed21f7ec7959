// A compiled graph, ready to run: its memory, its batch and its recorded commands. Not for how
// steps are made.
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/host.h>

#include <map>
#include <memory>
#include <vector>

#include "batch.h"
#include "buffer.h"
#include "profile.h"
#include "program.h"
#include "recorder.h"

namespace wick::vulkan {

class Plan {
 public:
  /// With the user's option "profile", what the time was spent on is logged at the end.
  Plan(const sdk::Host& host, Device& device, Pipelines& pipelines, const ProgramRequest& request);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Submits once and returns when it is done. Throws kBadArgument, before anything is written, for
  /// a batch or bindings that break the contract.
  void run(const wick_bindings& bindings);

  /// Of the arena, the batch and the tables, for so many positions.
  static std::uint64_t activation_bytes(Program& program, const ProgramRequest& request,
                                        std::uint32_t n_positions);

 private:
  /// What recorded commands depend on: rows, and where the caller's buffers are.
  using Key = std::vector<std::uint64_t>;

  void bind(const wick_bindings& bindings);
  void copy_external(VkCommandBuffer commands, bool inputs, std::uint32_t n_tokens,
                     std::uint32_t n_outputs);
  Commands& recorded(const wick_batch& batch);
  void record(Commands& commands, const wick_batch& batch);

  sdk::Host host_;
  Device& device_;
  Pipelines& pipelines_;
  Program program_;
  Batch batch_;
  Memory arena_, counters_;
  std::vector<ValuePlace> places_;       // by value; then the counters
  std::vector<std::uint32_t> external_;  // values that must be bound
  std::vector<Buffer*> buffers_;         // of external_
  std::vector<bool> is_input_;
  std::unique_ptr<Profile> profile_;  // null: nobody asked
  std::map<Key, std::unique_ptr<Commands>> recorded_;
};

}  // namespace wick::vulkan
