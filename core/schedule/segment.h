// A part of a loaded model on its device: plans, state and the borders to other parts.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schedule/border.h"
#include "schedule/device.h"
#include "schedule/segment_graph.h"

namespace wick {

struct ExecutorOptions {
  std::uint32_t max_tokens = 512;
  std::uint32_t max_outputs = 1;
  bool precise = false;
  /// Of how many of the likeliest tokens the logits are wanted; 0: of all.
  std::uint32_t n_candidates = 0;
  /// An activation of the whole graph that is an output beside the logits; WICK_NONE: there is
  /// none.
  std::uint32_t hidden = WICK_NONE;
};

/// What a segment is made of.
struct SegmentSource {
  Device device;
  std::string name;  ///< the line of the plan, for messages: "layers 0-7 on NAME"
  SegmentGraph cut;
  std::vector<wick_weight_binding> weights;  ///< by value of the cut; they outlive the segment
};

/// By value of the whole graph.
using Borders = std::map<std::uint32_t, Border>;

/// One thread at a time. Errors of all functions: what the device says, with the segment's name
/// where its memory is spent.
class Segment {
 public:
  /// Compiles for one token and for many. Adds the borders that are not there yet; they must
  /// outlive it.
  Segment(SegmentSource source, const ExecutorOptions& options, Borders& borders);

  const Device& device() const noexcept { return source_.device; }
  const SegmentGraph& cut() const noexcept { return source_.cut; }
  const std::vector<wick_weight_binding>& weights() const noexcept { return source_.weights; }

  void reserve_blocks(std::uint32_t n_blocks);
  void copy_block(std::uint32_t from, std::uint32_t to);
  std::uint64_t block_bytes() const noexcept;

  /// Its inputs are in their borders; its outputs are when it returns.
  void run(const wick_batch& batch);

 private:
  struct End {
    std::uint32_t value;
    BorderEnd border;
  };

  Owned<wick_plan> compile(const ExecutorOptions& options, std::uint32_t max_tokens);
  void make_state(const ExecutorOptions& options);
  void open_borders(const ExecutorOptions& options, Borders& borders);
  bool has_work(const wick_batch& batch) const noexcept;

  SegmentSource source_;
  Owned<wick_state> state_;
  Owned<wick_plan> decode_, prefill_;
  std::vector<End> inputs_, outputs_;
  std::vector<wick_buffer_binding> bindings_;
  std::uint32_t n_blocks_ = 0;
};

}  // namespace wick
