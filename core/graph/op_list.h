// The ops of this version, each with the rule for the shape of its result. docs/ops.md says what
// they compute.
#pragma once

#include <wick/abi/backend.h>

#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace wick {

/// One use of an op while a graph is built. Inputs are null where absent.
struct OpUse {
  std::string_view op;
  std::string where;  ///< "layer 3", for messages
  std::vector<const Value*> inputs;
  const AttributeMap* attributes = nullptr;
  const StateDecl* state = nullptr;

  /// Attributes in a range; absent or outside: kBadShape.
  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high) const;
  /// A finite number; absent or not finite: kBadShape.
  double real(std::string_view name) const;
  [[noreturn]] void refuse(const std::string& what) const;
};

/// Dimensions of the result: [rows, width]. Errors: kBadShape.
using ShapeRule = std::vector<std::int64_t> (*)(const OpUse& use);

/// The one input of an op that is a weight matrix. Weights elsewhere are vectors.
struct MatrixInput {
  std::uint32_t input = WICK_NONE;
  std::uint32_t use = WICK_USE_VECTOR;  ///< WICK_USE_MATMUL or WICK_USE_EMBED
};

struct OpRow {
  std::string_view name;  ///< "matmul@1"
  std::uint32_t n_inputs;
  std::uint32_t n_optional;     ///< how many of the last inputs may be absent
  std::string_view state_kind;  ///< empty: none
  ShapeRule rule;
  MatrixInput matrix = {};

  /// WICK_USE_* of a weight that is input `i`.
  std::uint32_t use_of(std::size_t i) const noexcept {
    return i == matrix.input ? matrix.use : WICK_USE_VECTOR;
  }
};

/// Null for an op that this version does not have.
const OpRow* find_op(std::string_view name) noexcept;
const std::vector<OpRow>& all_ops() noexcept;

}  // namespace wick
