// A file joined with the architecture and the formats that it names: every tensor checked, the
// graph built, nothing loaded.
#pragma once

#include <wick/abi/arch.h>
#include <wick/abi/backend.h>
#include <wick/abi/format.h>

#include <memory>
#include <string>
#include <vector>

#include "files/gguf.h"
#include "graph/builder.h"
#include "graph/observed_products.h"
#include "model/model.h"
#include "plugins/provider.h"

namespace wick {

class Registry;

/// A weight of the graph and where its values come from.
struct WeightSource {
  std::uint32_t value = WICK_NONE;  ///< of the graph
  std::string name;
  std::uint32_t use = 0;  ///< WICK_USE_*, or-ed
  std::uint64_t n_rows = 0, n_cols = 0;
  const GgufTensor* tensor = nullptr;
  Provider format;  ///< of tensors that are not plain
  const wick_format_v1* format_table = nullptr;

  /// As a backend sees it: vectors are f32 whatever the file has. The name and storage class live
  /// as long as this.
  wick_weight_desc desc() const;
};

class BoundModel {
 public:
  /// Errors: kBadFile; kUnavailable for an architecture or tensor type that no plugin provides.
  static std::unique_ptr<BoundModel> open(Registry& registry, const std::string& path);

  /// Makes the input of the last product an output of the graph too. Errors: those of hidden_value.
  void show_hidden();
  /// That value; WICK_NONE where it is not shown.
  std::uint32_t hidden() const noexcept { return hidden_; }

  const GgufFile& file() const noexcept { return file_; }
  const Graph& graph() const noexcept { return graph_; }
  const std::vector<WeightSource>& weights() const noexcept { return weights_; }
  const ModelFacts& facts() const noexcept { return facts_; }

  /// Makes their inputs outputs of the graph.
  std::vector<ObservedProduct> observe_products() { return wick::observe_products(graph_); }

 private:
  explicit BoundModel(GgufFile file) : file_(std::move(file)) {}
  void read_architecture(const Provider& provider);
  void bind_weights(Registry& registry);

  GgufFile file_;
  ModelFacts facts_;
  Graph graph_;
  std::uint32_t hidden_ = WICK_NONE;
  std::vector<WeightSource> weights_;
};

}  // namespace wick
