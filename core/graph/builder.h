// Builds a Graph for an architecture plugin, over the tensors that it declared.
#pragma once

#include <wick/abi/arch.h>

#include <map>
#include <string>

#include "graph/graph.h"

namespace wick {

/// A tensor that the graph may use.
struct DeclaredTensor {
  std::vector<std::int64_t> dims;  ///< outermost first
  bool present = true;             ///< false: optional, and not in the file
};

/// The contract's opaque wick_builder. Lives for one build() of an architecture.
class Builder {
 public:
  explicit Builder(std::map<std::string, DeclaredTensor, std::less<>> tensors)
      : tensors_(std::move(tensors)) {}

  std::uint32_t weight(std::string_view name);
  std::uint32_t op(const wick_op_desc& desc);
  std::uint32_t state(const wick_state_info& info);
  void output(std::uint32_t value, std::string_view name);

  /// The finished graph. kInternal where it has no output named "logits".
  Graph finish();

  wick_builder* to_abi() noexcept { return reinterpret_cast<wick_builder*>(this); }

 private:
  std::uint32_t add_value(Value value);

  std::map<std::string, DeclaredTensor, std::less<>> tensors_;
  std::map<std::string, std::uint32_t, std::less<>> weights_;
  Graph graph_;
};

const wick_builder_api& builder_api() noexcept;

}  // namespace wick
