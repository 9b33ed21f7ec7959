// A model that an architecture plugin has opened: what it says of it, the tensors that it needs,
// and its graph. Knows no file; who binds tensors checks their shapes.
#pragma once

#include <wick/abi/arch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "graph/builder.h"
#include "plugins/provider.h"

namespace wick {

class MetadataSource;

/// A tensor as the architecture declares it.
struct TensorNeed {
  std::string name;
  std::vector<std::uint64_t> dims;  ///< 1 to 4, outermost first
  std::string role;
  std::string source;     ///< in a Hugging Face checkpoint; may be empty
  std::string transform;  ///< see wick_tensor_decl
  std::int32_t layer = -1;
  bool optional = false;
};

/// Errors are the plugin's; kInternal for a declaration that cannot be.
class ArchSession {
 public:
  /// Both must outlive it.
  ArchSession(const Provider& provider, const MetadataSource& metadata);
  ~ArchSession();
  ArchSession(const ArchSession&) = delete;
  ArchSession& operator=(const ArchSession&) = delete;

  wick_model_info info();
  std::vector<TensorNeed> tensors();
  /// The graph over tensors that are there or not.
  Graph build(std::map<std::string, DeclaredTensor, std::less<>> tensors);

 private:
  const wick_arch_v1& table_;
  void* self_;
  void* model_ = nullptr;
};

}  // namespace wick
