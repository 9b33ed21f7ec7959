// Texts and token ids of a model.
#include "text/tokenizer.h"

#include "api/handles.h"
#include "api/structs.h"

namespace wick::api {
namespace {

const Tokenizer& tokenizer_of(const wick_model* model, const char* function) {
  return need(model, function, "model").loaded->model->tokenizer();
}

SpecialText special_of(const char* function, std::uint32_t flags) {
  check_flags(function, flags, WICK_TEXT_SPECIAL);
  return flags & WICK_TEXT_SPECIAL ? SpecialText::kShown : SpecialText::kHidden;
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

wick_status wick_model_tokenize(const wick_model* model, const char* text, uint64_t size,
                                uint32_t flags, int32_t* ids, uint64_t capacity, uint64_t* n,
                                wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_model_tokenize";
    check_flags(kFunction, flags, WICK_TOKENIZE_BOS | WICK_TOKENIZE_SPECIAL);
    wick::EncodeOptions options;
    options.add_bos = (flags & WICK_TOKENIZE_BOS) != 0;
    options.parse_special = (flags & WICK_TOKENIZE_SPECIAL) != 0;
    const auto bytes = array_of(kFunction, text, size);
    const std::vector<std::int32_t> all =
        tokenizer_of(model, kFunction).encode({bytes.data(), bytes.size()}, options);
    copy_ids(kFunction, all, ids, capacity, n);
  });
}

wick_status wick_model_detokenize(const wick_model* model, const int32_t* ids, uint64_t n_ids,
                                  uint32_t flags, char* text, uint64_t capacity, uint64_t* n,
                                  wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_model_detokenize";
    const auto all = array_of(kFunction, ids, n_ids);
    const std::string decoded = tokenizer_of(model, kFunction)
                                    .decode({all.begin(), all.end()}, special_of(kFunction, flags));
    copy_text(kFunction, decoded, text, capacity, n);
  });
}

wick_status wick_model_token_text(const wick_model* model, int32_t id, uint32_t flags, char* text,
                                  uint64_t capacity, uint64_t* n, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_model_token_text";
    const std::string piece =
        tokenizer_of(model, kFunction).piece(id, special_of(kFunction, flags));
    copy_text(kFunction, piece, text, capacity, n);
  });
}

int32_t wick_model_is_end(const wick_model* model, int32_t id) {
  return model != nullptr && model->loaded->model->tokenizer().is_end(id) ? 1 : 0;
}
