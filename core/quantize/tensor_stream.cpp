// See tensor_stream.h.
#include "quantize/tensor_stream.h"

#include <wick/error.h>
#include <wick/sdk/half.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <mutex>

#include "files/plain_values.h"
#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::uint64_t kWindowBytes = 16 << 20;  // of the result
constexpr std::uint64_t kTaskValues = 1 << 16;    // 256 KiB as f32: stays in a core's cache
constexpr std::uint32_t kExponent = 0x7f800000u;

/// Branch-free, so that it vectorizes.
bool all_finite(std::span<const float> values) noexcept {
  std::uint32_t bad = 0;
  for (const float value : values)
    bad |= static_cast<std::uint32_t>((sdk::bits_from_f32(value) & kExponent) == kExponent);
  return bad == 0;
}

/// In the order of the values, so that a figure does not depend on the number of threads.
RoundingError rounding_error(std::span<const float> values, std::span<const float> again) noexcept {
  RoundingError error;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i], difference = value - static_cast<double>(again[i]);
    error.squared += difference * difference;
    error.energy += value * value;
  }
  return error;
}

void add(RoundingError& sum, const RoundingError& part) noexcept {
  sum.squared += part.squared;
  sum.energy += part.energy;
}

std::uint64_t rows_a_window(const PlannedTensor& tensor) {
  const std::uint64_t row_bytes = tensor.type.bytes(tensor.n_cols);
  return std::clamp<std::uint64_t>(kWindowBytes / row_bytes, 1, tensor.n_rows);
}

/// The first error of a region.
class FirstError {
 public:
  void keep(std::exception_ptr error) noexcept {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
};

[[noreturn]] void refuse(const StreamOptions& options, const PlannedTensor& tensor,
                         const std::string& what) {
  const std::string& name = tensor.source_name.empty() ? tensor.name : tensor.source_name;
  fail(ErrorCode::kBadFile, options.subject, ": tensor ", wick::quoted(name), ": ", what);
}

}  // namespace

RoundingError TensorStream::encode_rows(const PlannedTensor& tensor, std::uint64_t first,
                                        std::uint64_t count, std::byte* to) const {
  const std::uint64_t row_bytes = tensor.type.bytes(tensor.n_cols);
  const bool copies = tensor.type.is_same(tensor.stored);
  // Integers are no weights, and say nothing of NaN.
  const bool is_weight = tensor.stored.table || is_plain_float(tensor.stored.id);
  const bool narrows = tensor.type.id == static_cast<std::uint32_t>(PlainType::kF16);
  std::vector<float> values(tensor.n_cols),
      again(!copies && (narrows || options_.measured) ? tensor.n_cols : 0);
  RoundingError error;
  for (std::uint64_t row = first; row < first + count; ++row, to += row_bytes) {
    const std::byte* from = tensor.row(row);
    if (!is_weight) {
      std::memcpy(to, from, row_bytes);
      continue;
    }
    tensor.stored.decode(from, tensor.n_cols, values.data());
    if (!options_.allow_nonfinite && !all_finite(values))
      refuse(options_, tensor,
             "holds NaN or infinity; the checkpoint is damaged, or --allow-nonfinite keeps them");
    if (copies) {
      std::memcpy(to, from, row_bytes);
      continue;
    }
    try {
      tensor.type.encode(values.data(), tensor.row_importance(row), tensor.n_cols, to);
    } catch (const Error& e) {  // the sentence of a format knows no tensor
      refuse(options_, tensor, e.what());
    }
    if (again.empty()) continue;
    tensor.type.decode(to, tensor.n_cols, again.data());
    if (options_.measured) add(error, rounding_error(values, again));
    if (narrows && !options_.allow_nonfinite && !all_finite(again))
      refuse(options_, tensor,
             "holds a value that is too large for F16, need at most 65504; choose BF16 or F32");
  }
  return error;
}

void TensorStream::encode_window(const PlannedTensor& tensor, std::uint64_t first,
                                 std::uint64_t count) {
  const std::uint64_t row_bytes = tensor.type.bytes(tensor.n_cols);
  const std::uint64_t step = std::max<std::uint64_t>(1, kTaskValues / tensor.n_cols);
  const std::uint64_t n_tasks = (count + step - 1) / step;
  current_.resize(static_cast<std::size_t>(count * row_bytes));
  task_errors_.assign(n_tasks, {});
  FirstError error;
  // Task 0 writes the window before this one, while the others encode.
  pool_.parallel_for(n_tasks + 1, [&](std::uint64_t task) noexcept {
    try {
      if (task == 0) return output_.write_data(pending_);
      const std::uint64_t row = (task - 1) * step;
      task_errors_[task - 1] = encode_rows(tensor, first + row, std::min(step, count - row),
                                           current_.data() + row * row_bytes);
    } catch (...) {
      error.keep(std::current_exception());
    }
  });
  error.rethrow();
  for (const RoundingError& part : task_errors_) add(error_, part);
  pending_.swap(current_);
}

void TensorStream::write(const PlannedTensor& tensor, const PlannedTensor* next) {
  const std::uint64_t rows = rows_a_window(tensor);
  error_ = {};
  for (std::uint64_t first = 0; first < tensor.n_rows; first += rows) {
    if (options_.cancelled && options_.cancelled())
      fail(ErrorCode::kCancelled, options_.subject, ": was not written to its end");
    const std::uint64_t count = std::min(rows, tensor.n_rows - first);
    // The disk reads while threads encode. What is ahead is a window, or the first of the next.
    if (first + count < tensor.n_rows)
      tensor.will_need(first + count, rows);
    else if (next)
      next->will_need(0, rows_a_window(*next));
    encode_window(tensor, first, count);
    tensor.drop(first, count);
    done_ += count * tensor.stored_row_bytes();
    if (options_.progress) options_.progress(done_);
  }
  if (options_.measured) options_.measured(tensor, error_);
}

void TensorStream::flush() {
  output_.write_data(pending_);
  pending_.clear();
}

}  // namespace wick
