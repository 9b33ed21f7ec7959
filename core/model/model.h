// A model ready to run: file, architecture, formats, plan and packed weights. Not sequences: see
// generate/session.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/device_list.h"

namespace wick {

class Executor;
class GgufFile;
struct ObservedProduct;
class Runtime;
class Tokenizer;
struct PlanReport;
struct TokenCost;

struct ModelOptions {
  std::string path;                   ///< a GGUF file, or any part of a split one
  std::vector<std::string> backends;  ///< ids in order, as --backend gives them; empty: automatic
  std::vector<DeviceNumber> layers;   ///< how many a device takes, as --layers gives them
  std::vector<DeviceNumber> memory;   ///< bytes of a device at most, as --memory gives them
  std::uint32_t context =
      0;  ///< tokens of one sequence; 0: the smaller of the trained length and 4096
  std::uint32_t n_sequences = 1;   ///< for the plan's estimate
  std::uint32_t max_tokens = 512;  ///< of one batch
  bool precise = false;            ///< f32 throughout
  /// Of how many of the likeliest tokens a caller wants logits, if a device finds them itself
  /// (Session::n_candidates() says whether); 0: of all.
  std::uint32_t n_candidates = 0;
  bool observe_products = false;  ///< what goes into matrices comes back: Model::observed()
  /// Whether what the model knows of a token before the last product is given too
  /// (Session::hidden()).
  bool hidden = false;
  /// Called from the loading thread: what ("packing weights"), part done in 0..1.
  std::function<void(std::string_view what, double done)> progress;
};

/// What a file says of its model, once the architecture has read it.
struct ModelFacts {
  std::string architecture, name;
  std::uint32_t n_layers = 0;
  std::uint64_t context_length = 0;  ///< trained
  std::uint64_t vocab_size = 0, model_dim = 0;
  std::uint64_t n_parameters = 0, file_bytes = 0;
};

/// Immutable once loaded. The Runtime must outlive it. Errors of load(): kMissingFile, kBadFile;
/// kUnavailable for an architecture, tensor type, tokenizer, backend or device that no plugin
/// provides; kOutOfMemory.
class Model {
 public:
  static std::unique_ptr<Model> load(Runtime& runtime, const ModelOptions& options);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const Tokenizer& tokenizer() const noexcept;
  const ModelFacts& facts() const noexcept;
  const GgufFile& file() const noexcept;
  const PlanReport& plan() const noexcept;
  std::uint32_t context() const noexcept;  ///< most tokens of one sequence
  Executor& executor() noexcept;           ///< for sessions; one thread at a time
  TokenCost token_cost() const;            ///< errors: what the backend says
  /// Whose inputs the executor hands out; none where ModelOptions did not ask.
  const std::vector<ObservedProduct>& observed() const noexcept;

 private:
  struct Parts;
  explicit Model(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Plans without loading: what `wick plan` shows. Measures devices whose speed is not known yet,
/// and allocates nothing else. Errors as Model::load.
PlanReport plan_model(Runtime& runtime, const ModelOptions& options);

}  // namespace wick
