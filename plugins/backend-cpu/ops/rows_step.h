// Steps that work on each row, or each value, alone: a function object and its share of the work.
// Not for steps with state.
#pragma once

#include <memory>
#include <utility>

#include "ops/step.h"
#include "program.h"

namespace wick::cpu {

inline std::uint64_t n_rows(const RunContext& run, bool rows_are_outputs) noexcept {
  return rows_are_outputs ? run.batch->n_outputs : run.batch->n_tokens;
}

/// body(run, row, y): y is the row to write. Of its inputs it reads the same row alone, unless the
/// step reads_anywhere.
template <class Body>
class RowsStep final : public Step {
 public:
  RowsStep(const Program& program, std::vector<std::uint32_t> inputs, std::uint32_t output,
           Body body)
      : body_(std::move(body)),
        row_bytes_(program.values()[output].row_bytes),
        outputs_(program.rows_are_outputs(output)) {
    reads = std::move(inputs);
    writes = {output};
    partition = Partition::rows(outputs_);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range mine = share(n_rows(run, outputs_), team);
    for (std::uint64_t row = mine.begin; row < mine.end; ++row)
      body_(run, row, run.values[writes[0]] + row * row_bytes_);
  }

 private:
  Body body_;
  std::uint64_t row_bytes_;
  bool outputs_;
};

/// body(run, begin, n): values begin .. of all rows laid end to end.
template <class Body>
class FlatStep final : public Step {
 public:
  FlatStep(const Program& program, std::vector<std::uint32_t> inputs, std::uint32_t output,
           Body body)
      : body_(std::move(body)),
        width_(program.width(output)),
        outputs_(program.rows_are_outputs(output)) {
    reads = std::move(inputs);
    writes = {output};
    partition =
        width_ <= kWideRow ? Partition::rows(outputs_) : Partition::pieces(outputs_, 1, width_);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range mine = share_columns(partition, n_rows(run, outputs_), width_, team);
    if (mine.begin < mine.end) body_(run, mine.begin, mine.end - mine.begin);
  }

 private:
  Body body_;
  std::uint64_t width_;
  bool outputs_;
};

template <class Body>
Step& add_rows_step(Program& program, std::vector<std::uint32_t> inputs, std::uint32_t output,
                    Body body) {
  return program.add_step(
      std::make_unique<RowsStep<Body>>(program, std::move(inputs), output, body));
}

template <class Body>
void add_flat_step(Program& program, std::vector<std::uint32_t> inputs, std::uint32_t output,
                   Body body) {
  program.add_step(std::make_unique<FlatStep<Body>>(program, std::move(inputs), output, body));
}

/// Throws kBadShape unless the two have the same shape.
inline void need_same_shape(const Program& program, const sdk::GraphNode& node, std::uint32_t a,
                            std::uint32_t b) {
  if (program.width(a) != program.width(b) ||
      program.rows_are_outputs(a) != program.rows_are_outputs(b))
    program.refuse(node, "joins values of different shapes");
}

}  // namespace wick::cpu
