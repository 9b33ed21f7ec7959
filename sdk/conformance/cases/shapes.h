// The batches that cases run: how many tokens, in how many runs, at which positions; and the parts
// that the cases of every op are put together from.
#pragma once

#include "conformance/check.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace wick::conformance {

/// One or more batches, run one after the other.
struct Shape {
  std::string name;
  std::vector<std::vector<RunSpec>> batches;

  std::uint32_t max_tokens() const {
    std::uint32_t most = 0;
    for (const auto& runs : batches) {
      std::uint32_t n = 0;
      for (const RunSpec& run : runs) n += run.n_tokens;
      most = std::max(most, n);
    }
    return most;
  }
};

constexpr std::uint32_t kShapeBlocks = 72;  ///< blocks that the shapes use: 0 .. kShapeBlocks - 1

/// Block tables of the sequences, in no order and with gaps. The first has room for 2048 positions.
inline std::vector<std::uint32_t> blocks_of(std::uint32_t sequence) {
  std::vector<std::uint32_t> blocks;
  if (sequence == 0)
    for (std::uint32_t i = 0; i < 64; ++i) blocks.push_back(i * 37 % 64);
  if (sequence == 1) blocks = {71, 65, 67};
  if (sequence == 2) blocks = {66, 70, 68};
  return blocks;
}

inline RunSpec run_of(std::uint32_t sequence, std::uint32_t first_position,
                      std::uint32_t n_tokens) {
  return {sequence, first_position, n_tokens, blocks_of(sequence)};
}

/// For ops without state: where a run starts does not matter.
inline std::vector<Shape> batch_shapes() {
  return {{"tokens1", {{run_of(0, 0, 1)}}},
          {"tokens2", {{run_of(0, 31, 2)}}},
          {"tokens7", {{run_of(0, 1990, 7)}}},
          {"tokens33", {{run_of(0, 0, 33)}}},
          {"runs3", {{run_of(1, 0, 5), run_of(0, 40, 1), run_of(2, 31, 9)}}}};
}

/// For ops with state: what came before is there.
inline std::vector<Shape> history_shapes() {
  return {
      {"tokens1", {{run_of(0, 0, 1)}}},
      {"tokens33", {{run_of(0, 0, 33)}}},
      {"onebyone",
       {{run_of(0, 0, 31)}, {run_of(0, 31, 1)}, {run_of(0, 32, 1)}, {run_of(0, 33, 1)}}},
      {"pieces", {{run_of(0, 0, 2)}, {run_of(0, 2, 7)}, {run_of(0, 9, 60)}, {run_of(0, 69, 3)}}},
      {"runs3",
       {{run_of(1, 0, 5), run_of(2, 0, 34)},
        {run_of(2, 34, 1), run_of(0, 0, 64), run_of(1, 5, 30)},
        {run_of(0, 64, 1), run_of(1, 35, 1), run_of(2, 35, 1)}}},
      {"restart", {{run_of(0, 0, 50)}, {run_of(0, 32, 9)}}}};
}

/// Single tokens behind enough others that a backend may share their positions out.
inline std::vector<Shape> long_shapes() {
  return {{"after600",
           {{run_of(0, 0, 600)}, {run_of(0, 600, 1)}, {run_of(0, 601, 1)}, {run_of(0, 300, 1)}}}};
}

/// A case under construction: makes the inputs of every batch.
class Draft {
 public:
  Draft(const Shape& shape, InputClass input, Random& random)
      : shape_(shape), input_(input), random_(random) {
    experiment_.setup.max_tokens = shape.max_tokens();
    experiment_.setup.n_blocks = kShapeBlocks;
    for (const auto& runs : shape.batches) {
      experiment_.steps.emplace_back();
      experiment_.steps.back().batch = BatchFixture(runs, [&](std::uint32_t, std::uint32_t) {
        return static_cast<std::int32_t>(random_.below(vocab_size_));
      });
      experiment_.steps.back().batch.want_all();
    }
  }

  Random& random() { return random_; }
  TestGraph& graph() { return experiment_.setup.graph; }
  static constexpr std::uint32_t vocab_size() { return vocab_size_; }

  /// An activation of the case's input class, for every batch.
  std::uint32_t input(const std::string& name, std::int64_t width) {
    const std::uint32_t value = graph().input(name, width);
    for (Step& step : experiment_.steps)
      step.inputs[value] =
          make_input(input_, step.batch.n_tokens(), static_cast<std::size_t>(width), random_);
    return value;
  }
  /// A vector of normal values around `middle`, in f32 or another plain type.
  std::uint32_t vector(const std::string& name, std::size_t width, double middle,
                       std::uint32_t type = WICK_TYPE_F32) {
    reference::Matrix values = make_input(InputClass::kNormal, 1, width, random_);
    for (double& value : values.values) value = middle + 0.3 * value;
    return add_weight(name, {static_cast<std::int64_t>(width)},
                      plain_weight(type, values, WICK_USE_VECTOR));
  }
  /// Puts values that are no numbers, have no end, or are equal where their bits are not, into
  /// some columns of an input.
  void put_extremes(std::uint32_t value) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kExtremes[] = {kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN(),
                                    0.0, -0.0};
    for (Step& step : experiment_.steps)
      for (double& x : step.inputs[value].values)
        if (random_.below(40) == 0) x = kExtremes[random_.below(5)];
  }
  /// Routes of every row: distinct experts, and weights of the case's input class.
  std::uint32_t routes(const std::string& name, std::int64_t n_experts, std::int64_t n_used) {
    const std::uint32_t value = input(name, 2 * n_used);
    const auto n = static_cast<std::uint32_t>(n_experts);
    for (Step& step : experiment_.steps) {
      reference::Matrix& rows = step.inputs[value];
      for (std::size_t t = 0; t < rows.n_rows; ++t) {
        const std::uint32_t first = random_.below(n);
        for (std::size_t k = 0; k < static_cast<std::size_t>(n_used); ++k)
          rows.row(t)[k] = (first + static_cast<std::uint32_t>(k) * (n - 1)) % n;
      }
    }
    return value;
  }
  /// A matrix of the storage class or plain type.
  std::uint32_t matrix(const std::string& name, const StorageEntry& storage, std::size_t n_rows,
                       std::size_t n_cols) {
    return add_weight(name, {static_cast<std::int64_t>(n_rows), static_cast<std::int64_t>(n_cols)},
                      matrix_data(storage, n_rows, n_cols));
  }
  /// The same, of n_experts, n_out and n_in.
  std::uint32_t matrix_of_experts(const std::string& name, const StorageEntry& storage,
                                  const std::vector<std::int64_t>& dims) {
    return add_weight(name, dims,
                      matrix_data(storage, static_cast<std::size_t>(dims[0] * dims[1]),
                                  static_cast<std::size_t>(dims[2])));
  }
  WeightData matrix_data(const StorageEntry& storage, std::size_t n_rows, std::size_t n_cols) {
    return storage.is_plain ? plain_weight(storage.plain_type,
                                           make_input(InputClass::kNormal, n_rows, n_cols, random_),
                                           WICK_USE_MATMUL)
                            : random_weight(storage.storage, n_rows, n_cols, random_);
  }
  std::uint32_t add_weight(const std::string& name, std::vector<std::int64_t> dims,
                           WeightData data) {
    const std::uint32_t value = graph().weight(name, std::move(dims));
    experiment_.setup.weights[value] = std::move(data);
    return value;
  }
  WeightData& weight(std::uint32_t value) { return experiment_.setup.weights[value]; }

  /// Only every third row is wanted from now on, and the last.
  void want_some() {
    for (Step& step : experiment_.steps) {
      std::vector<std::uint32_t> rows;
      for (std::uint32_t i = 0; i < step.batch.n_tokens(); ++i)
        if (i % 3 == 1 || i + 1 == step.batch.n_tokens()) rows.push_back(i);
      step.batch.want(rows);
    }
  }
  Experiment finish(std::uint32_t output) {
    experiment_.setup.output = output;
    graph().output(output, "out");
    return std::move(experiment_);
  }

 private:
  static constexpr std::uint32_t vocab_size_ = 41;
  Shape shape_;
  InputClass input_;
  Random& random_;
  Experiment experiment_;
};

inline const char* precision_name(bool precise) {
  return precise ? "precise" : "fast";
}

/// One variant of an op, over all shapes with normal inputs, and all inputs with the third; each
/// precise and fast. make(Draft&) returns the output value.
template <class Make>
void put_cases(std::vector<Case>& cases, const std::string& op, const std::string& variant,
               const std::pair<StorageEntry, std::vector<Shape>>& over, Make make) {
  const auto& [storage, shapes] = over;
  for (bool precise : {true, false})
    for (const Shape& shape : shapes)
      for (InputClass input : kInputClasses) {
        if (input != InputClass::kNormal &&
            &shape != &shapes[std::min<std::size_t>(2, shapes.size() - 1)])
          continue;
        Case c;
        c.name = op + "_" + variant + "_" + precision_name(precise) + "_" + shape.name + "_" +
                 name_of(input);
        c.op = op + "@1";
        c.storage = storage;
        c.precise = precise;
        c.input = input;
        c.make = [shape, input, make](Random& random) {
          Draft draft(shape, input, random);
          const std::uint32_t output = make(draft);
          return draft.finish(output);
        };
        cases.push_back(std::move(c));
      }
}

/// Variants without a storage class: weights, where there are any, are vectors.
template <class Make>
void put_cases(std::vector<Case>& cases, const std::string& op, const std::string& variant,
               Make make) {
  put_cases(cases, op, variant, {plain_types()[0], batch_shapes()}, make);
}

}  // namespace wick::conformance
