// A graph with its weights, and batches to run through it: once on a device, once by the oracle.
#pragma once

#include "conformance/batch_fixture.h"
#include "conformance/device.h"
#include "conformance/graph_fixture.h"
#include "conformance/reference/interpreter.h"

#include <map>
#include <utility>
#include <vector>

namespace wick::conformance {

using Values = std::map<std::uint32_t, reference::Matrix>;  ///< by value of the graph

struct Setup {
  TestGraph graph;
  std::map<std::uint32_t, WeightData> weights;
  std::uint32_t output = WICK_NONE;
  std::uint32_t max_tokens = 0;
  std::uint32_t n_blocks = 0;
};

/// One batch. Outputs are rows of the tokens, or of the wanted rows behind select_rows.
struct Step {
  BatchFixture batch;
  Values inputs;
};

struct Experiment {
  Setup setup;
  std::vector<Step> steps;
};

/// The setup on a device; it must outlive the Session. Batches of one token have a plan of their
/// own, as in the host.
class Session {
 public:
  Session(const Device& device, const Setup& setup, bool precise)
      : device_(device), view_(graph_api(), setup.graph.handle()), setup_(setup) {
    auto request = sdk::make<wick_compile_request>();
    request.flags = precise ? WICK_COMPILE_PRECISE : 0;
    std::vector<wick_weight_binding> bindings;
    for (const auto& [value, data] : setup.weights) {
      weights_.push_back(device.weight(view_.values()[value].name, data));
      bindings.push_back({value, 0, weights_.back().get()});
    }
    request.graph = setup.graph.handle();
    request.weights = bindings.data();
    request.n_weights = static_cast<std::uint32_t>(bindings.size());
    request.max_tokens = request.max_outputs = setup.max_tokens;
    plan_ = device.compile(request);
    request.max_tokens = request.max_outputs = 1;
    token_plan_ = device.compile(request);
    if (!view_.states().empty())
      state_ = device.state(setup.graph.handle(), request.flags, setup.n_blocks);
    for (std::uint32_t i = 0; i < view_.values().size(); ++i)
      if (view_.values()[i].kind == WICK_VALUE_INPUT || view_.values()[i].is_output)
        buffers_.emplace_back(i, device.buffer(setup.max_tokens * view_.values()[i].width()));
  }

  wick_state* state() const { return state_.get(); }
  std::uint64_t weight_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& weight : weights_) sum += device_.weight_bytes(weight.get());
    return sum;
  }

  /// Writes the inputs, runs, reads the output.
  std::vector<float> run(const Step& step) {
    const wick_batch batch = step.batch.get();
    std::vector<wick_buffer_binding> bindings;
    wick_buffer* output = nullptr;
    for (const auto& [value, buffer] : buffers_) {
      bindings.push_back({value, 0, buffer.get()});
      if (value == setup_.output) output = buffer.get();
      const auto input = step.inputs.find(value);
      if (input != step.inputs.end()) device_.write(buffer.get(), to_floats(input->second));
    }
    auto bound = sdk::make<wick_bindings>();
    bound.batch = &batch;
    bound.buffers = bindings.data();
    bound.n_buffers = static_cast<std::uint32_t>(bindings.size());
    bound.state = state_.get();
    device_.run(batch.n_tokens == 1 ? token_plan_.get() : plan_.get(), bound, n_runs_++ % 2 == 0);
    const sdk::GraphValue& value = view_.values()[setup_.output];
    const std::size_t rows = value.rows_are_outputs() ? batch.n_outputs : batch.n_tokens;
    return device_.read(output, rows * value.width());
  }

 private:
  static std::vector<float> to_floats(const reference::Matrix& m) {
    std::vector<float> floats;
    for (double value : m.values) floats.push_back(static_cast<float>(value));
    return floats;
  }

  const Device& device_;
  sdk::GraphView view_;
  const Setup& setup_;
  std::vector<Handle<wick_weight>> weights_;
  Handle<wick_plan> plan_, token_plan_;
  Handle<wick_state> state_;
  std::vector<std::pair<std::uint32_t, Handle<wick_buffer>>> buffers_;
  std::uint32_t n_runs_ = 0;
};

/// The setup in doubles.
class Oracle {
 public:
  explicit Oracle(const Setup& setup)
      : view_(graph_api(), setup.graph.handle()),
        interpreter_(view_),
        states_(view_, setup.n_blocks),
        values_(view_.values().size()) {
    for (const auto& [value, data] : setup.weights) values_[value] = data.values();
  }

  /// All values of the graph.
  const std::vector<reference::Matrix>& run(const Step& step) {
    for (const auto& [value, input] : step.inputs) values_[value] = input;
    interpreter_.run(step.batch.get(), states_, values_);
    return values_;
  }
  const sdk::GraphView& view() const { return view_; }
  const reference::States& states() const { return states_; }

 private:
  sdk::GraphView view_;
  reference::Interpreter interpreter_;
  reference::States states_;
  std::vector<reference::Matrix> values_;
};

}  // namespace wick::conformance
