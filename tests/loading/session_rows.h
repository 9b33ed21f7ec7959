// Models loaded for a test, and logits of a whole text as rows. Not a test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "generate/session.h"
#include "model/model.h"
#include "test_runtime.h"

namespace wick {

using Ids = std::vector<std::int32_t>;
using Rows = std::vector<std::vector<float>>;

/// n ids, all within any vocabulary.
inline Ids prompt(std::size_t n, std::int32_t salt) {
  Ids ids = {1};
  while (ids.size() < n)
    ids.push_back((static_cast<std::int32_t>(ids.size()) * 37 + salt) % 250 + 3);
  return ids;
}

/// A loaded model with its runtime.
struct Loaded {
  Runtime runtime;
  std::unique_ptr<Model> model;

  Loaded(const ModelOptions& options, std::uint32_t n_threads)
      : runtime(test_runtime_options(n_threads)) {
    model = Model::load(runtime, options);
  }
  Loaded(const std::string& path, std::uint32_t n_threads, std::uint32_t max_tokens, bool precise)
      : Loaded(small_options(path, max_tokens, precise), n_threads) {}

  static ModelOptions small_options(const std::string& path, std::uint32_t max_tokens,
                                    bool precise) {
    ModelOptions options;
    options.path = path;
    options.backends = {"cpu"};
    options.max_tokens = max_tokens;
    options.precise = precise;
    options.context = 256;
    return options;
  }
};

inline Rows append(Session& session, SequenceId sequence, const Ids& ids) {
  Rows rows;
  const SequenceInput input{sequence, ids, WantLogits::kAll};
  session.evaluate(std::span(&input, 1),
                   [&](std::size_t, std::size_t index, std::span<const float> logits) {
                     EXPECT_EQ(index, rows.size());
                     rows.emplace_back(logits.begin(), logits.end());
                   });
  return rows;
}

inline Rows in_pieces(Session& session, SequenceId sequence, const Ids& ids, std::size_t piece) {
  Rows rows;
  for (std::size_t i = 0; i < ids.size(); i += piece) {
    const Ids part(ids.begin() + static_cast<std::ptrdiff_t>(i),
                   ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), i + piece)));
    for (auto& row : append(session, sequence, part)) rows.push_back(std::move(row));
  }
  return rows;
}

/// A model's file by its name: "tiny", "bundled", or one of the shared folder.
std::string model_file(const std::string& name);

}  // namespace wick
