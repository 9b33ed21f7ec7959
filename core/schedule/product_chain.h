// A graph of products, each of what the one before made, on a device: something to measure. Its
// numbers mean nothing.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "schedule/device.h"

namespace wick {

class ThreadPool;

/// Square matrices of 4-bit codes in two levels of scales, the commonest storage class.
class ProductChain {
 public:
  struct Size {
    std::uint32_t width = 0;  ///< a multiple of 256
    std::uint32_t n_matrices = 0;
    std::uint32_t max_tokens = 0;
  };
  static bool is_supported(const Device& device);

  /// Packs and compiles. Errors: what the backend says.
  ProductChain(const Device& device, const Size& size, ThreadPool& pool);

  std::uint64_t weight_bytes() const;
  std::uint64_t n_macs() const noexcept;  ///< of one token
  /// Of the fastest of so many runs with 1 or max_tokens tokens: what disturbs makes slower.
  double seconds(std::uint32_t n_tokens, std::uint32_t n_runs);

 private:
  void make_graph();
  void make_weights(std::uint32_t row_tile, ThreadPool& pool);
  void fill(wick_weight* weight, std::uint32_t row_tile, ThreadPool& pool);
  Owned<wick_plan> compile(std::uint32_t max_tokens);
  Owned<wick_buffer> make_buffer();
  void run(wick_plan* plan, std::uint32_t n_tokens);

  Device device_;
  Size size_;
  Graph graph_;
  std::vector<Owned<wick_weight>> weights_;
  std::vector<wick_weight_binding> bindings_;
  Owned<wick_plan> decode_, prefill_;
  Owned<wick_buffer> input_, output_;
};

}  // namespace wick
