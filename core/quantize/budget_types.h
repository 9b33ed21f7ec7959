// The choice by a budget: of all types that it may take, for each matrix the one that makes the
// model lose least for the bytes that there are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "quantize/budget_formats.h"
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
  /// Which types it may take; see BudgetFormats.
  std::vector<std::string> formats = {};
};

/// What a matrix got, and what that loses: weighted squared error over weighted squares.
struct ChosenType {
  std::string tensor, type;
  double bits = 0, error = 0;
};

/// A matrix whose rows are whole blocks of no type that it may take is F16, and a note says so.
/// Errors: those of BudgetFormats. Errors of choose(): kUsage for a budget that is too small, with
/// what is needed; kBadFile for values that no type can hold; kCancelled.
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

  /// Returns notes.
  std::vector<std::string> find_matrices(const std::vector<PlannedTensor>& plan,
                                         const ChoiceInput& input);
  std::vector<double> measure(const std::vector<PlannedTensor>& plan);
  void weigh(const std::vector<PlannedTensor>& plan, const ChoiceInput& input,
             const std::vector<double>& energies);
  void fill(std::vector<PlannedTensor>& plan, std::uint64_t front_bytes);

  ThreadPool& pool_;
  Budget budget_;
  BudgetFormats formats_;
  std::vector<Matrix> matrices_;
  std::vector<ChosenType> chosen_;
};

}  // namespace wick
