// The metadata of the model that does not exist.
#include "allocation.h"
#include "arch_host.h"

#include <wick/sdk/guard.h>

namespace wick::check {
namespace {

SampleModel& of(const wick_metadata* metadata) {
  // Made from a SampleModel that is not const.
  return *const_cast<SampleModel*>(reinterpret_cast<const SampleModel*>(metadata));
}

/// The value of a key, or null. A look-up is the host's own work.
const MetadataValue* find(const wick_metadata* metadata, wick_str key) noexcept {
  const MetadataValue* value = nullptr;
  static_cast<void>(sdk::guard(nullptr, [&] {
    SampleModel& model = of(metadata);
    const std::string name(sdk::to_view(key));
    model.asked.insert(name);
    const auto found = model.keys.find(name);
    if (found != model.keys.end()) value = &found->second;
  }));
  return value;
}

template <class Number>
wick_code copy_list(const std::vector<Number>& list, Number* values, std::uint64_t capacity,
                    std::uint64_t* n) {
  *n = list.size();
  for (std::uint64_t i = 0; i < list.size() && i < capacity && values; ++i) values[i] = list[i];
  return WICK_OK;
}

wick_code get_i64(const wick_metadata* m, wick_str key, std::int64_t* to) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  const auto* number = std::get_if<std::int64_t>(value);
  return number ? *to = *number, WICK_OK : WICK_BAD_FILE;
}

wick_code get_f64(const wick_metadata* m, wick_str key, double* to) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  if (const auto* number = std::get_if<double>(value)) return *to = *number, WICK_OK;
  const auto* integer = std::get_if<std::int64_t>(value);
  return integer ? *to = static_cast<double>(*integer), WICK_OK : WICK_BAD_FILE;
}

wick_code get_str(const wick_metadata* m, wick_str key, wick_str* to) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  const auto* text = std::get_if<std::string>(value);
  return text ? *to = sdk::to_str(*text), WICK_OK : WICK_BAD_FILE;
}

wick_code get_bool(const wick_metadata* m, wick_str key, std::uint32_t* to) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  const auto* truth = std::get_if<bool>(value);
  return truth ? *to = *truth ? 1 : 0, WICK_OK : WICK_BAD_FILE;
}

wick_code get_i64s(const wick_metadata* m, wick_str key, std::int64_t* values,
                   std::uint64_t capacity, std::uint64_t* n) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  const auto* list = std::get_if<std::vector<std::int64_t>>(value);
  return list ? copy_list(*list, values, capacity, n) : WICK_BAD_FILE;
}

wick_code get_f64s(const wick_metadata* m, wick_str key, double* values, std::uint64_t capacity,
                   std::uint64_t* n) noexcept {
  const HostRuns own;
  const MetadataValue* value = find(m, key);
  if (!value) return WICK_NOT_FOUND;
  const auto* list = std::get_if<std::vector<double>>(value);
  return list ? copy_list(*list, values, capacity, n) : WICK_BAD_FILE;
}

wick_code tensor(const wick_metadata* m, wick_str name, std::uint32_t* n_dims,
                 std::uint64_t dims[4]) noexcept {
  const HostRuns own;
  wick_code code = WICK_NOT_FOUND;
  static_cast<void>(sdk::guard(nullptr, [&] {
    const auto found = of(m).tensors.find(std::string(sdk::to_view(name)));
    if (found == of(m).tensors.end()) return;
    *n_dims = static_cast<std::uint32_t>(found->second.size());
    for (std::size_t i = 0; i < found->second.size() && i < 4; ++i) dims[i] = found->second[i];
    code = WICK_OK;
  }));
  return code;
}

}  // namespace

SampleModel sample_model(const std::string& architecture) {
  const std::pair<const char*, MetadataValue> own[] = {{"block_count", std::int64_t{3}},
                                                       {"context_length", std::int64_t{128}},
                                                       {"embedding_length", std::int64_t{64}},
                                                       {"feed_forward_length", std::int64_t{96}},
                                                       {"vocab_size", std::int64_t{48}},
                                                       {"attention.head_count", std::int64_t{4}},
                                                       {"attention.head_count_kv", std::int64_t{2}},
                                                       {"attention.layer_norm_rms_epsilon", 1e-5},
                                                       {"attention.layer_norm_epsilon", 1e-5},
                                                       {"rope.freq_base", 10000.0},
                                                       {"shortconv.l_cache", std::int64_t{3}}};
  SampleModel model;
  model.keys["general.architecture"] = architecture;
  for (const auto& [key, value] : own) model.keys[architecture + "." + key] = value;
  model.tensors["token_embd.weight"] = {48, 64};
  return model;
}

const wick_metadata_api* metadata_api() {
  static const wick_metadata_api api = [] {
    auto a = sdk::make<wick_metadata_api>();
    a.get_i64 = &get_i64;
    a.get_f64 = &get_f64;
    a.get_str = &get_str;
    a.get_i64s = &get_i64s;
    a.get_f64s = &get_f64s;
    a.get_bool = &get_bool;
    a.tensor = &tensor;
    return a;
  }();
  return &api;
}

}  // namespace wick::check
