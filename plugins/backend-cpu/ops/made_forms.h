// A value in the 8-bit forms that products want of it, written by the step that makes it. Not for
// steps that leave that to another (matmul_input.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ops/input_form.h"

namespace wick::cpu {

struct MadeForms {
  std::uint32_t value;  ///< the value itself, in f32
  bool has_floats;      ///< somebody reads those: the caller or a step
  std::vector<std::pair<InputForm, std::uint32_t>> forms;  ///< with the value of each

  /// What the step makes.
  std::vector<std::uint32_t> all_values() const;
  /// The step's name in profiles.
  std::string name_of(const std::string& op) const;
  /// Columns of a row, to all forms.
  void write(const RunContext& run, std::uint64_t row, const Columns& columns) const noexcept;
};

/// What the products among the value's readers want is theirs from here on: the step that makes the
/// value has to make it.
MadeForms prepare_forms(Program& program, std::uint32_t value);

}  // namespace wick::cpu
