// The reference ops with the roundings of a fast backend, and one mistake.
#pragma once

#include "reference_backend.h"

namespace wick::tests {

class FaultyInterpreter : public reference::Interpreter {
 public:
  FaultyInterpreter(const sdk::GraphView& graph, Fault fault, bool precise)
      : Interpreter(graph), fault_(fault), precise_(precise) {}

 protected:
  reference::Matrix evaluate(const sdk::GraphNode& n,
                             const std::vector<const reference::Matrix*>& in,
                             const wick_batch& batch, reference::States& states) const override;

 private:
  using In = std::vector<const reference::Matrix*>;
  reference::Matrix matmul(const In& in) const;
  reference::Matrix route(const sdk::GraphNode& n, const In& in) const;
  reference::Matrix top_k(const sdk::GraphNode& n, const In& in) const;
  reference::Matrix matmul_experts(const sdk::GraphNode& n, const In& in) const;
  reference::Matrix attention(const sdk::GraphNode& n, const In& in, const wick_batch& batch,
                              reference::States& states) const;
  reference::Matrix rope(const sdk::GraphNode& n, const In& in, const wick_batch& batch) const;
  reference::Matrix short_conv(const In& in, const wick_batch& batch,
                               reference::ConvState& state) const;
  reference::Matrix select_rows(const In& in, const wick_batch& batch) const;

  Fault fault_;
  bool precise_;
};

}  // namespace wick::tests
