// A whole model of random weights in a few hundred kilobytes, whose every key and tensor a test can
// change. Not a good model: its text means nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "files/tests/gguf_bytes.h"

namespace wick {

/// LLaMA graph, SPM tokenizer of 259 tokens, F32 weights: 2 layers, model_dim 64, 4 heads of 16
/// over 2 kv heads, ff 96.
class TinyModel {
 public:
  using Put = std::function<void(GgufBytes&, const std::string& key)>;
  struct Tensor {
    std::string name;
    std::vector<std::uint64_t> dims;  ///< in the order of the file: row length first
    std::uint32_t type = 0;
  };

  TinyModel();

  /// Replaces or adds a key; `put` writes it under that key.
  TinyModel& set(const std::string& key, Put put);
  template <class T>
  TinyModel& set_number(const std::string& key, T value) {
    return set(key, [value](GgufBytes& file, const std::string& k) { file.value<T>(k, value); });
  }
  TinyModel& set_text(const std::string& key, const std::string& value);
  TinyModel& remove(const std::string& key);
  TinyModel& remove_tensor(const std::string& name);
  TinyModel& set_tensor(const std::string& name, std::vector<std::uint64_t> dims,
                        std::uint32_t type = 0);

  std::string bytes() const;
  /// Writes it into the tests' temporary folder; returns the path.
  std::string write(const std::string& stem) const;

 private:
  std::vector<std::pair<std::string, Put>> keys_;
  std::vector<Tensor> tensors_;
};

}  // namespace wick
