// The choice by a budget: of all types that are installed, for each matrix the one that makes the
// model lose least for the bytes that there are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "quantize/knapsack.h"
#include "quantize/type_choice.h"

namespace wick {

class Registry;
class ThreadPool;

struct Budget {
  double bits = 0;          ///< of all tensors, a value on average; 0: bytes counts
  std::uint64_t bytes = 0;  ///< of the whole file
  /// Part of the measuring that is done, 0..1; may be empty.
  std::function<void(double done)> progress;
  std::function<bool()> cancelled;  ///< may be empty
};

/// What a matrix got, and what that loses: weighted squared error over weighted squares.
struct ChosenType {
  std::string tensor, type;
  double bits = 0, error = 0;
};

/// Types are F16, that of the source, and all formats that can encode and have a number in GGUF, so
/// that other programs read the file. Errors of choose(): kUsage for a budget that is too small,
/// with what is needed; kCancelled.
class BudgetTypes final : public TypeChoice {
 public:
  BudgetTypes(Registry& registry, ThreadPool& pool, Budget budget);

  std::string name() const override;
  std::optional<std::uint32_t> file_type() const override { return std::nullopt; }
  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override;

  /// Of a budget of a whole file: again, once it is known that `more_bytes` stand in front of the
  /// tensors.
  void leave_room(std::vector<PlannedTensor>& plan, std::uint64_t more_bytes);
  const std::vector<ChosenType>& chosen() const noexcept { return chosen_; }

 private:
  struct Matrix {
    std::size_t in_plan;
    double harm;
    std::vector<WeightType> types;
    std::vector<SizedLoss> options;  ///< of each type
    std::vector<double> errors;      ///< the same
  };

  void find_matrices(const std::vector<PlannedTensor>& plan, const ChoiceInput& input);
  std::vector<double> measure(const std::vector<PlannedTensor>& plan);
  void weigh(const std::vector<PlannedTensor>& plan, const ChoiceInput& input,
             const std::vector<double>& energies);
  void fill(std::vector<PlannedTensor>& plan, std::uint64_t front_bytes);

  ThreadPool& pool_;
  Budget budget_;
  std::vector<WeightType> types_;
  std::vector<Matrix> matrices_;
  std::vector<ChosenType> chosen_;
};

}  // namespace wick
