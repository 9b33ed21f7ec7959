// A model that does not exist: the metadata of a small one, and a builder that takes the graph of
// it. What an architecture needs to be tried without a file.
#pragma once

#include "conformance/graph_fixture.h"

#include <wick/abi/arch.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace wick::check {

using MetadataValue = std::variant<std::int64_t, double, std::string, bool,
                                   std::vector<std::int64_t>, std::vector<double>>;

/// Keys as an architecture finds them in a file, and the tensors' dimensions.
struct SampleModel {
  std::map<std::string, MetadataValue> keys;
  std::map<std::string, std::vector<std::uint64_t>> tensors;
  std::set<std::string> asked;  ///< keys that were looked for

  wick_metadata* handle() { return reinterpret_cast<wick_metadata*>(this); }
};

/// The standard keys of GGUF for a model of 3 layers, width 64 and 48 tokens of that architecture.
SampleModel sample_model(const std::string& architecture);
/// Reads SampleModels, and nothing else.
const wick_metadata_api* metadata_api();

/// A tensor as it was declared.
struct DeclaredTensor {
  std::string name, role;
  std::vector<std::uint64_t> dims;
  std::int32_t layer = -1;
  bool optional = false;
};

/// Takes a graph, op by op; knows widths, and otherwise trusts the architecture.
class BuilderHost {
 public:
  BuilderHost(const std::vector<DeclaredTensor>& tensors, bool has_optional);

  wick_builder* handle() { return reinterpret_cast<wick_builder*>(this); }
  conformance::TestGraph& graph() noexcept { return graph_; }
  /// Value of each tensor that was asked for.
  const std::map<std::string, std::uint32_t>& weights() const noexcept { return weights_; }
  std::uint32_t logits() const noexcept { return logits_; }
  std::int64_t logits_width() const;
  std::uint32_t n_calls() const noexcept { return n_calls_; }
  /// The n-th call from the start fails, counted from 1.
  void fail_call(std::uint32_t n) noexcept { failing_call_ = n; }

 private:
  friend const wick_builder_api* builder_api();
  struct Known {
    std::vector<std::int64_t> dims;
  };
  static BuilderHost& of(wick_builder* builder) { return *reinterpret_cast<BuilderHost*>(builder); }
  void enter();
  std::uint32_t weight(const std::string& name);
  std::uint32_t op(const wick_op_desc& desc);
  std::int64_t width_of(const conformance::NodeSpec& spec) const;
  const Known& known(const conformance::NodeSpec& spec, std::size_t input) const;

  const std::vector<DeclaredTensor>& tensors_;
  bool has_optional_;
  conformance::TestGraph graph_;
  std::map<std::string, std::uint32_t> weights_;
  std::vector<Known> values_;
  std::uint32_t n_states_ = 0, logits_ = WICK_NONE, n_calls_ = 0, failing_call_ = 0;
};

const wick_builder_api* builder_api();

}  // namespace wick::check
