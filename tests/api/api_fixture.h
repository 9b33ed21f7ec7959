// What the tests of the API share: a failure that frees itself, and one engine and model for all.
#pragma once

#include <gtest/gtest.h>
#include <wick/wick.h>

#include <cstring>
#include <string>
#include <vector>

namespace wick_api_test {

/// `&failure` for a call; then its sentence.
class Failure {
 public:
  Failure() = default;
  ~Failure() { wick_failure_free(failure_); }
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;

  wick_failure** operator&() { return &failure_; }
  wick_status status() const { return wick_failure_status(failure_); }
  std::string message() const { return wick_failure_message(failure_); }
  bool says(const std::string& part) const { return message().find(part) != std::string::npos; }

 private:
  wick_failure* failure_ = nullptr;
};

/// Lives to the end of the process.
inline wick_engine* engine() {
  static wick_engine* const made = [] {
    wick_engine* engine = nullptr;
    EXPECT_EQ(wick_engine_create(nullptr, &engine, nullptr), WICK_STATUS_OK);
    return engine;
  }();
  return made;
}

inline wick_load_options load_options() {
  wick_load_options options;
  wick_load_options_init(&options, sizeof options);
  options.path = WICK_TEST_MODEL;
  options.backends = "cpu";
  return options;
}

inline wick_model* model() {
  static wick_model* const made = [] {
    const wick_load_options options = load_options();
    wick_model* model = nullptr;
    Failure failure;
    EXPECT_EQ(wick_model_load(engine(), &options, &model, &failure), WICK_STATUS_OK)
        << failure.message();
    return model;
  }();
  return made;
}

inline std::vector<std::int32_t> ids_of(const char* text) {
  std::vector<std::int32_t> ids(std::strlen(text) + 8);
  std::uint64_t n = 0;
  EXPECT_EQ(wick_model_tokenize(model(), text, std::strlen(text), WICK_TOKENIZE_BOS, ids.data(),
                                ids.size(), &n, nullptr),
            WICK_STATUS_OK);
  ids.resize(static_cast<std::size_t>(n));
  return ids;
}

inline wick_session* new_session(wick_model* of = model()) {
  wick_session* session = nullptr;
  EXPECT_EQ(wick_session_create(of, &session, nullptr), WICK_STATUS_OK);
  return session;
}

inline wick_generate_options greedy(std::int64_t n_tokens) {
  wick_generate_options options;
  wick_generate_options_init(&options, sizeof options);
  options.temperature = 0;
  options.n_tokens = n_tokens;
  return options;
}

}  // namespace wick_api_test
