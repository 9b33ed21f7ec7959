// The hidden state that a session gives is the one that the logits were made of.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>

#include "files/gguf.h"
#include "generate/session.h"
#include "session_rows.h"
#include "tiny_model.h"

namespace wick {
namespace {

struct BothRows {
  Rows logits, hidden;
};

BothRows both(Loaded& loaded, const Ids& ids) {
  BothRows rows;
  Session session(*loaded.model);
  const SequenceInput input{session.create(), ids, WantLogits::kAll};
  session.evaluate(std::span(&input, 1),
                   [&](std::size_t, std::size_t, std::span<const float> logits) {
                     rows.logits.emplace_back(logits.begin(), logits.end());
                     rows.hidden.emplace_back(session.hidden().begin(), session.hidden().end());
                   });
  EXPECT_TRUE(session.hidden().empty()) << "it outlives the call of the sink";
  return rows;
}

BothRows both(const std::string& path, const Ids& ids, std::uint32_t max_tokens, bool hidden,
              bool precise) {
  ModelOptions options = Loaded::small_options(path, max_tokens, precise);
  options.hidden = hidden;
  Loaded loaded(options, 2);
  return both(loaded, ids);
}

std::vector<float> tensor_values(const GgufFile& file, const char* name) {
  const GgufTensor& tensor = *file.find_tensor(name);
  std::vector<float> values(static_cast<std::size_t>(tensor.n_values));
  std::memcpy(values.data(), tensor.data.data(), values.size() * sizeof(float));
  return values;
}

TEST(Hidden, TimesTheLastMatrixIsTheLogits) {
  const std::string path = TinyModel().write("hidden");
  const BothRows rows = both(path, prompt(40, 3), 16, true, true);
  const GgufFile file = GgufFile::open(path);
  // Tied: the matrix of the output is that of the embedding.
  const std::vector<float> matrix = tensor_values(file, "token_embd.weight");
  ASSERT_EQ(rows.hidden.size(), 40U);
  for (std::size_t t = 0; t < rows.hidden.size(); ++t) {
    const std::vector<float>& hidden = rows.hidden[t];
    ASSERT_EQ(hidden.size(), 64U);
    for (std::size_t o = 0; o < rows.logits[t].size(); ++o) {
      double sum = 0, magnitude = 0;
      for (std::size_t i = 0; i < hidden.size(); ++i) {
        const double product = double{hidden[i]} * double{matrix[o * hidden.size() + i]};
        sum += product;
        magnitude += std::abs(product);
      }
      // 64 products and sums in f32, each rounded once: at most 65 half units in the last place of
      // what is summed.
      ASSERT_NEAR(rows.logits[t][o], sum, 65 * 0x1p-24 * magnitude) << "token " << t << ", " << o;
    }
  }
  std::remove(path.c_str());
}

TEST(Hidden, ChangesNoLogitsAndDoesNotDependOnTheBatch) {
  const Ids ids = prompt(75, 11);
  for (const char* name : {"tiny", "bundled"})
    for (const bool precise : {false, true}) {
      const BothRows plain = both(model_file(name), ids, 512, false, precise);
      const BothRows shown = both(model_file(name), ids, 512, true, precise);
      EXPECT_EQ(shown.logits, plain.logits) << name;
      EXPECT_TRUE(plain.hidden.front().empty());
      EXPECT_EQ(both(model_file(name), ids, 7, true, precise).hidden, shown.hidden) << name;
    }
}

}  // namespace
}  // namespace wick
