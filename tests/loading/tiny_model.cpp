// See tiny_model.h.
#include "tiny_model.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>

#include <cstring>
#include <fstream>
#include <random>

namespace wick {
namespace {

constexpr std::uint32_t kVocab = 259, kDim = 64, kFf = 96, kKv = 32, kLayers = 2;

std::vector<std::string> token_texts() {
  std::vector<std::string> texts = {"<unk>", "<s>", "</s>"};
  const char* hex = "0123456789ABCDEF";
  for (int i = 0; i < 256; ++i)
    texts.push_back(std::string("<0x") + hex[i / 16] + hex[i % 16] + ">");
  return texts;
}

std::vector<std::int32_t> token_types() {
  std::vector<std::int32_t> types = {2, 3, 3};
  types.resize(kVocab, 6);
  return types;
}

std::string random_values(std::uint64_t n, std::uint32_t seed, bool is_norm) {
  std::mt19937 random(seed);
  std::string bytes;
  for (std::uint64_t i = 0; i < n; ++i) {
    const float unit = static_cast<float>(random()) / 4294967296.0f - 0.5f;
    append_number<float>(bytes, is_norm ? 1.0f + 0.2f * unit : 0.4f * unit);
  }
  return bytes;
}

}  // namespace

TinyModel::TinyModel() {
  set_text("general.architecture", "llama");
  set_number<std::uint32_t>("llama.block_count", kLayers)
      .set_number<std::uint32_t>("llama.context_length", 256);
  set_number<std::uint32_t>("llama.embedding_length", kDim)
      .set_number<std::uint32_t>("llama.feed_forward_length", kFf);
  set_number<std::uint32_t>("llama.attention.head_count", 4)
      .set_number<std::uint32_t>("llama.attention.head_count_kv", 2);
  set_number<float>("llama.attention.layer_norm_rms_epsilon", 1e-5f);
  set_text("tokenizer.ggml.model", "llama").set_text("tokenizer.ggml.pre", "default");
  set("tokenizer.ggml.tokens",
      [](GgufBytes& f, const std::string& k) { f.texts(k, token_texts()); });
  set("tokenizer.ggml.scores",
      [](GgufBytes& f, const std::string& k) { f.numbers(k, std::vector<float>(kVocab, 0.0f)); });
  set("tokenizer.ggml.token_type",
      [](GgufBytes& f, const std::string& k) { f.numbers(k, token_types()); });
  set_number<std::uint32_t>("tokenizer.ggml.bos_token_id", 1)
      .set_number<std::uint32_t>("tokenizer.ggml.eos_token_id", 2);
  set_tensor("token_embd.weight", {kDim, kVocab}).set_tensor("output_norm.weight", {kDim});
  for (std::uint32_t i = 0; i < kLayers; ++i) {
    const std::string b = "blk." + std::to_string(i) + ".";
    set_tensor(b + "attn_norm.weight", {kDim}).set_tensor(b + "ffn_norm.weight", {kDim});
    set_tensor(b + "attn_q.weight", {kDim, kDim}).set_tensor(b + "attn_k.weight", {kDim, kKv});
    set_tensor(b + "attn_v.weight", {kDim, kKv}).set_tensor(b + "attn_output.weight", {kDim, kDim});
    set_tensor(b + "ffn_gate.weight", {kDim, kFf}).set_tensor(b + "ffn_up.weight", {kDim, kFf});
    set_tensor(b + "ffn_down.weight", {kFf, kDim});
  }
}

TinyModel& TinyModel::set(const std::string& key, Put put) {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  if (found != keys_.end()) {
    found->second = std::move(put);
  } else {
    keys_.emplace_back(key, std::move(put));
  }
  return *this;
}

TinyModel& TinyModel::set_text(const std::string& key, const std::string& value) {
  return set(key, [value](GgufBytes& file, const std::string& k) { file.text(k, value); });
}

TinyModel& TinyModel::remove(const std::string& key) {
  std::erase_if(keys_, [&](const auto& entry) { return entry.first == key; });
  return *this;
}

TinyModel& TinyModel::remove_tensor(const std::string& name) {
  std::erase_if(tensors_, [&](const Tensor& tensor) { return tensor.name == name; });
  return *this;
}

TinyModel& TinyModel::set_tensor(const std::string& name, std::vector<std::uint64_t> dims,
                                 std::uint32_t type) {
  const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                  [&](const Tensor& t) { return t.name == name; });
  if (found != tensors_.end()) {
    *found = {name, std::move(dims), type};
  } else {
    tensors_.push_back({name, std::move(dims), type});
  }
  return *this;
}

std::string TinyModel::bytes() const {
  GgufBytes file;
  for (const auto& [key, put] : keys_) put(file, key);
  std::uint64_t offset = 0;
  std::uint32_t seed = 1;
  for (const Tensor& tensor : tensors_) {
    std::uint64_t n = 1;
    for (std::uint64_t dim : tensor.dims) n *= dim;
    file.tensor(tensor.name, tensor.dims, tensor.type, offset);
    std::string values = random_values(n, seed++, tensor.name.find("norm") != std::string::npos);
    values.resize((values.size() + 31) / 32 * 32, '\0');
    offset += values.size();
    file.data(values);
  }
  return file.bytes();
}

std::string TinyModel::write(const std::string& stem) const {
  const std::string path =
      testing::TempDir() + "wick-" + std::to_string(::getpid()) + "-" + stem + ".gguf";
  const std::string content = bytes();
  std::ofstream(path, std::ios::binary)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
  return path;
}

}  // namespace wick
