// See budget_types.h.
#include "quantize/budget_types.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>

#include "base/thread_pool.h"
#include "quantize/harm.h"
#include "quantize/type_errors.h"

namespace wick {
namespace {

constexpr std::uint64_t kAlignment = 32;  // of tensors in a file

std::uint64_t file_bytes(const PlannedTensor& tensor, const WeightType& type) {
  const std::uint64_t bytes = tensor.n_rows * type.bytes(tensor.n_cols);
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

/// The source's own type loses nothing; one of 32 bits is not worth its bytes.
bool is_worth_keeping(const WeightType& stored) {
  return stored.layout.block_bytes * 8 <= 16 * stored.layout.block_values;
}

}  // namespace

BudgetTypes::BudgetTypes(Registry& registry, ThreadPool& pool, Budget budget)
    : pool_(pool), budget_(std::move(budget)), formats_(registry, budget_.formats) {}

std::string BudgetTypes::name() const {
  const std::string name = budget_.bits > 0
                               ? fmt::format("types for {} bits a weight", budget_.bits)
                               : fmt::format("types for {} bytes", budget_.bytes);
  if (budget_.formats.empty()) return name;
  return fmt::format("{} of {}", name, fmt::join(budget_.formats, ", "));
}

std::vector<std::string> BudgetTypes::choose(std::vector<PlannedTensor>& plan,
                                             const ChoiceInput& input) {
  std::vector<std::string> notes = find_matrices(plan, input);
  weigh(plan, input, measure(plan));
  fill(plan, 0);
  return notes;
}

std::vector<std::string> BudgetTypes::find_matrices(const std::vector<PlannedTensor>& plan,
                                                    const ChoiceInput& input) {
  std::vector<std::string> without;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const WeightType& stored = plan[i].stored;
    if (!input.is_open(plan[i].name)) continue;
    Matrix matrix{i, 0, {}, {}, {}};
    if (is_worth_keeping(stored) && formats_.takes(stored)) matrix.types.push_back(stored);
    for (const WeightType& type : formats_.types())
      if (type.divides(plan[i].n_cols) && !type.is_same(stored)) matrix.types.push_back(type);
    if (matrix.types.empty()) {
      matrix.types.push_back(plain_weight_type(PlainType::kF16));
      without.push_back(plan[i].name);
    }
    matrix.errors.resize(matrix.types.size());
    matrices_.push_back(std::move(matrix));
  }
  if (without.empty()) return {};
  return {
      fmt::format("{} matrices are F16, because their rows are whole blocks of no format that "
                  "may be chosen; the first is {}",
                  without.size(), without.front())};
}

/// Errors of all types; returns the energy of each matrix.
std::vector<double> BudgetTypes::measure(const std::vector<PlannedTensor>& plan) {
  std::vector<double> energies(matrices_.size());
  std::size_t n_done = 0;
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    if (budget_.cancelled && budget_.cancelled())
      fail(ErrorCode::kCancelled, "quantize: the user asked to stop");
    Matrix& matrix = matrices_[i];
    const PlannedTensor& tensor = plan[matrix.in_plan];
    const SampledRows rows = sample_rows(tensor);
    energies[i] = rows.energy;
    pool_.parallel_for(matrix.types.size(), [&](std::uint64_t type) noexcept {
      const bool is_kept = matrix.types[type].is_same(tensor.stored);
      matrix.errors[type] = is_kept ? 0 : relative_error(rows, matrix.types[type]);
    });
    if (budget_.progress)
      budget_.progress(static_cast<double>(++n_done) / static_cast<double>(matrices_.size()));
  }
  return energies;
}

void BudgetTypes::weigh(const std::vector<PlannedTensor>& plan, const ChoiceInput& input,
                        const std::vector<double>& energies) {
  std::map<std::string, double, std::less<>> known;
  for (std::size_t i = 0; i < matrices_.size(); ++i)
    if (const PlannedTensor& tensor = plan[matrices_[i].in_plan]; !tensor.importance.empty())
      known[tensor.name] = energies[i];
  if (!input.graph) fail(ErrorCode::kInternal, "quantize: a budget without a graph");
  const auto harms = find_harms(find_places(*input.graph), known);
  for (Matrix& matrix : matrices_) {
    const PlannedTensor& tensor = plan[matrix.in_plan];
    matrix.harm = harms.find(tensor.name)->second;
    for (std::size_t type = 0; type < matrix.types.size();) {
      if (!std::isfinite(matrix.errors[type])) {
        matrix.errors.erase(matrix.errors.begin() + static_cast<std::ptrdiff_t>(type));
        matrix.types.erase(matrix.types.begin() + static_cast<std::ptrdiff_t>(type));
        continue;
      }
      matrix.options.push_back(
          {file_bytes(tensor, matrix.types[type]), matrix.harm * matrix.errors[type]});
      ++type;
    }
    if (matrix.types.empty())
      fail(ErrorCode::kBadFile, "tensor ", tensor.name,
           ": holds values that no type that may be chosen can hold; choose --type F32");
  }
}

void BudgetTypes::fill(std::vector<PlannedTensor>& plan, std::uint64_t front_bytes) {
  std::vector<std::vector<SizedLoss>> items;
  for (const Matrix& matrix : matrices_) items.push_back(matrix.options);
  std::uint64_t fixed = front_bytes, n_values = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    n_values += plan[i].n_rows * plan[i].n_cols;
    const bool is_matrix = next < matrices_.size() && matrices_[next].in_plan == i;
    if (is_matrix) ++next;
    if (!is_matrix) fixed += file_bytes(plan[i], plan[i].type);
  }
  const std::uint64_t budget =
      budget_.bits > 0
          ? static_cast<std::uint64_t>(budget_.bits * static_cast<double>(n_values) / 8)
          : budget_.bytes;
  const std::uint64_t least = fixed + least_bytes(items);
  if (least > budget)
    fail(ErrorCode::kUsage, "quantize: --target-", budget_.bits > 0 ? "bits" : "size",
         ": too small for this model, got ", budget, " bytes, need at least ", least, ", ",
         fmt::format("{:.2f}", 8.0 * static_cast<double>(least) / static_cast<double>(n_values)),
         " bits a weight");
  const std::vector<std::size_t> types = fill_budget(items, budget - fixed);
  chosen_.clear();
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    PlannedTensor& tensor = plan[matrices_[i].in_plan];
    tensor.type = matrices_[i].types[types[i]];
    const TypeLayout& layout = tensor.type.layout;
    chosen_.push_back({tensor.name, layout.name,
                       8.0 * static_cast<double>(layout.block_bytes) / layout.block_values,
                       matrices_[i].errors[types[i]]});
  }
}

void BudgetTypes::leave_room(std::vector<PlannedTensor>& plan, std::uint64_t more_bytes) {
  if (budget_.bits <= 0) fill(plan, more_bytes);
}

}  // namespace wick
