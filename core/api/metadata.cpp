// The keys and values of a model's file, as text.
#include "files/gguf.h"

#include <boost/json/serialize.hpp>

#include "api/handles.h"
#include "api/structs.h"
#include "files/gguf_json.h"

namespace wick::api {
namespace {

const GgufFile& file_of(const wick_model* model, const char* function) {
  return need(model, function, "model").loaded->model->file();
}

std::string text_of(const GgufValue& value) {
  if (value.type == GgufType::kString) return std::string(value.as_string());
  return boost::json::serialize(gguf_json(value));
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

wick_status wick_model_metadata(const wick_model* model, const char* key, char* text,
                                uint64_t capacity, uint64_t* n, wick_failure** failure) {
  return guarded(failure, [&]() -> wick_status {
    constexpr char kFunction[] = "wick_model_metadata";
    const wick::GgufValue* const value =
        file_of(model, kFunction).find(&need(key, kFunction, "key"));
    if (value == nullptr) return WICK_STATUS_NOT_FOUND;
    copy_text(kFunction, text_of(*value), text, capacity, n);
    return WICK_STATUS_OK;
  });
}

wick_status wick_model_metadata_key(const wick_model* model, uint64_t index, char* key,
                                    uint64_t capacity, uint64_t* n, wick_failure** failure) {
  return guarded(failure, [&]() -> wick_status {
    constexpr char kFunction[] = "wick_model_metadata_key";
    const auto values = file_of(model, kFunction).metadata();
    if (index >= values.size()) return WICK_STATUS_NOT_FOUND;
    copy_text(kFunction, values[static_cast<std::size_t>(index)].key, key, capacity, n);
    return WICK_STATUS_OK;
  });
}
