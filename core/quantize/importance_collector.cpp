// See importance_collector.h. Matrices that share an input (queries, keys, values) share its sums.
#include "quantize/importance_collector.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "generate/session.h"
#include "generate/text_windows.h"
#include "graph/observed_products.h"
#include "model/model.h"
#include "schedule/executor.h"

namespace wick {
namespace {

struct Sums {
  const ObservedProduct* product = nullptr;  ///< one of those that have this input
  std::vector<double> squares;               ///< [n_experts, n_cols]
  std::vector<std::uint64_t> counts;         ///< [n_experts]

  void add(std::uint64_t matrix, std::span<const float> part) noexcept {
    double* to = squares.data() + matrix * product->n_cols;
    for (std::size_t i = 0; i < part.size(); ++i)
      to[i] += static_cast<double>(part[i]) * static_cast<double>(part[i]);
    ++counts[matrix];
  }
};

/// While it lives the executor tells it of each batch.
class Collector {
 public:
  explicit Collector(Model& model) : model_(model) {
    for (const ObservedProduct& product : model.observed()) {
      Sums& sums = sums_[key(product)];
      if (sums.product) continue;
      sums.product = &product;
      sums.squares.resize(product.n_experts * product.n_cols);
      sums.counts.resize(product.n_experts);
    }
    model.executor().observe([this](const wick_batch& batch) { take(batch); });
  }
  ~Collector() { model_.executor().observe({}); }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Of all weights; one that is in several products has the sums of all.
  std::map<std::string, ColumnSums, std::less<>> entries() const {
    std::map<std::string, ColumnSums, std::less<>> entries;
    for (const ObservedProduct& product : model_.observed()) {
      const Sums& sums = sums_.at(key(product));
      ColumnSums& entry = entries[product.weight];
      entry.sums.resize(sums.squares.size());
      entry.counts.resize(sums.counts.size());
      for (std::size_t i = 0; i < entry.sums.size(); ++i)
        entry.sums[i] += static_cast<float>(sums.squares[i]);
      for (std::size_t i = 0; i < entry.counts.size(); ++i)
        entry.counts[i] += static_cast<float>(sums.counts[i]);
      if (!std::all_of(entry.sums.begin(), entry.sums.end(),
                       [](float s) { return std::isfinite(s); }))
        fail(ErrorCode::kBadFile, "imatrix: what goes into ", product.weight,
             " is not finite; the model is damaged, or needs --precise");
    }
    return entries;
  }

 private:
  using Key = std::pair<std::uint32_t, std::uint32_t>;
  static Key key(const ObservedProduct& product) { return {product.input, product.routes}; }

  void take(const wick_batch& batch) noexcept {
    for (auto& [key, sums] : sums_) {
      const std::span<const float> rows = model_.executor().output(key.first, batch);
      if (sums.product->has_experts())
        add_routed(sums, rows, model_.executor().output(key.second, batch));
      else
        for (std::size_t at = 0; at < rows.size(); at += sums.product->n_cols)
          sums.add(0, rows.subspan(at, sums.product->n_cols));
    }
  }

  /// An input is the same for all experts of a row, or has a part for each.
  static void add_routed(Sums& sums, std::span<const float> rows, std::span<const float> routes) {
    const ObservedProduct& product = *sums.product;
    const std::size_t n_rows = routes.size() / (2 * product.n_used);
    if (n_rows == 0) return;
    const std::size_t width = rows.size() / n_rows;
    const std::size_t step = width == product.n_cols ? 0 : product.n_cols;
    for (std::size_t row = 0; row < n_rows; ++row)
      for (std::size_t slot = 0; slot < product.n_used; ++slot) {
        const float expert = routes[row * 2 * product.n_used + slot];
        // A NaN among the scores leaves no expert.
        if (!(expert >= 0 && expert < static_cast<float>(product.n_experts))) continue;
        sums.add(static_cast<std::uint64_t>(expert),
                 rows.subspan(row * width + slot * step, product.n_cols));
      }
  }

  Model& model_;
  std::map<Key, Sums> sums_;
};

}  // namespace

Importance collect_importance(Model& model, Session& session, std::string_view text,
                              const CollectOptions& options) {
  const TextWindows windows("imatrix", model.tokenizer(), text, options.window);
  Collector collector(model);
  const std::uint64_t n_windows = options.max_windows > 0
                                      ? std::min<std::uint64_t>(options.max_windows, windows.size())
                                      : windows.size();
  for (std::uint64_t i = 0; i < n_windows; ++i) {
    if (options.cancelled && options.cancelled())
      fail(ErrorCode::kCancelled, "imatrix: the user asked to stop");
    // All outputs, so that every token reaches the output matrix too.
    const SequenceInput input[] = {{session.create(), windows[i], WantLogits::kAll}};
    session.evaluate(input, {});
    session.remove(input[0].sequence);
    if (options.progress) options.progress(i + 1, n_windows);
  }
  Importance importance;
  importance.entries = collector.entries();
  importance.n_windows = static_cast<std::uint32_t>(n_windows);
  importance.window = options.window;
  return importance;
}

}  // namespace wick
