// What a token costs at least, on any device: multiply-adds and bytes read. Not what it takes: that
// is measured.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace wick {

class Device;

/// How a weight is held decides by which numbers it can be multiplied.
enum class NumberKind { kCodes, kF16, kF32 };

/// Multiply-adds, by the kind of the weight: integer codes, 16-bit floats of either sort, f32.
struct MacCount {
  std::uint64_t codes = 0, f16 = 0, f32 = 0;
  std::uint64_t total() const noexcept { return codes + f16 + f32; }
};

/// Of the products alone: the rest of a token is small beside them. Of experts, those that are
/// used.
struct TokenCost {
  MacCount token_macs;             ///< of every token
  MacCount output_macs;            ///< more, of a token whose logits are wanted
  std::uint64_t token_bytes = 0;   ///< weights, as the device holds them
  std::uint64_t output_bytes = 0;  ///< more, where logits are wanted
  std::uint64_t state_bytes = 0;   ///< of what does not grow with the context
  double position_bytes = 0;       ///< keys and values of each token that is attended to

  TokenCost& operator+=(const TokenCost& more) noexcept;
};

struct CostedWeight {
  std::uint32_t value;  ///< of the graph
  NumberKind kind;
  std::uint64_t n_bytes;  ///< as the device holds it
};

NumberKind number_kind(const wick_weight_desc& desc) noexcept;

/// Macs and bytes of the graph's products; each of their weights is in `weights`.
TokenCost product_cost(const Graph& graph, const std::vector<CostedWeight>& weights);

/// Asks the device how it holds the states of the graph; allocates no block of them.
void add_state_cost(TokenCost& cost, const Device& device, const Graph& graph, bool precise);

}  // namespace wick
