// What metadata becomes, without a host: each claim that does not hold is a line, and exit code 1.
#include "config.h"

#include <cstdio>
#include <map>
#include <string>

namespace {

/// Metadata from maps, with a token_embd.weight of 100 rows; one array, if `pattern` is set.
struct FakeMetadata {
  std::map<std::string, double> numbers;
  std::string scaling;
  std::vector<std::int64_t> pattern;

  static const FakeMetadata& of(const wick_metadata* m) noexcept {
    return *reinterpret_cast<const FakeMetadata*>(m);
  }
  template <class T>
  static wick_code get(const wick_metadata* m, wick_str key, T* value) noexcept {
    const auto found = of(m).numbers.find(std::string(wick::sdk::to_view(key)));
    if (found == of(m).numbers.end()) return WICK_NOT_FOUND;
    *value = static_cast<T>(found->second);
    return WICK_OK;
  }
  static wick_code text(const wick_metadata* m, wick_str key, wick_str* value) noexcept {
    if (of(m).scaling.empty() || wick::sdk::to_view(key) != "qwen2.rope.scaling.type")
      return WICK_NOT_FOUND;
    *value = wick::sdk::to_str(of(m).scaling);
    return WICK_OK;
  }
  static wick_code array(const wick_metadata* m, wick_str, std::int64_t* values,
                         std::uint64_t capacity, std::uint64_t* n) noexcept {
    *n = of(m).pattern.size();
    for (std::uint64_t i = 0; i < capacity && i < *n; ++i) values[i] = of(m).pattern[i];
    return *n > 0 ? WICK_OK : WICK_NOT_FOUND;
  }
  static wick_code tensor(const wick_metadata*, wick_str, std::uint32_t* n,
                          std::uint64_t* dims) noexcept {
    *n = 2;
    dims[0] = 100;
    dims[1] = 64;
    return WICK_OK;
  }

  qwen::Config read(const std::string& family) const {
    auto api = wick::sdk::make<wick_metadata_api>();
    api.get_i64 = &get<std::int64_t>;
    api.get_f64 = &get<double>;
    api.get_str = &text;
    api.get_i64s = &array;
    api.tensor = &tensor;
    const wick::sdk::Metadata view(&api, reinterpret_cast<const wick_metadata*>(this));
    return qwen::read_config(view, family);
  }
  std::string refusal() const {
    try {
      read("qwen2");
    } catch (const wick::Error& e) {
      return e.what();
    }
    return "";
  }
};

FakeMetadata small(const std::string& family) {
  FakeMetadata m;
  for (const auto& [key, value] :
       std::map<std::string, double>{{"block_count", 2},
                                     {"context_length", 2048},
                                     {"embedding_length", 64},
                                     {"feed_forward_length", 96},
                                     {"attention.head_count", 4},
                                     {"attention.head_count_kv", 2},
                                     {"attention.layer_norm_rms_epsilon", 1e-6}})
    m.numbers[family + "." + key] = value;
  return m;
}

int n_failed = 0;

void claim(bool holds, const char* what) {
  if (holds) return;
  ++n_failed;
  std::fprintf(stderr, "does not hold: %s\n", what);
}

std::size_t n_biases(const std::vector<wick::sdk::TensorDecl>& tensors, bool optional) {
  std::size_t n = 0;
  for (const auto& tensor : tensors) n += tensor.role == "bias" && tensor.optional == optional;
  return n;
}

void check_families() {
  const qwen::Config two = small("qwen2").read("qwen2");
  claim(two.attention.head_dim == 16 && !two.is_qwen3, "Qwen2's heads share the model");
  claim(n_biases(qwen::list_tensors(two), false) == 6, "Qwen2 needs its biases");
  FakeMetadata wide = small("qwen3");
  wide.numbers["qwen3.attention.key_length"] = 32;
  const qwen::Config three = wide.read("qwen3");
  claim(three.attention.head_dim == 32 && three.rope.n_rotary == 32, "Qwen3's heads are its own");
  claim(three.is_qwen3 && n_biases(qwen::list_tensors(three), true) == 6,
        "Qwen3 has norms, and may have biases");
}

void check_scaling_and_windows() {
  FakeMetadata m = small("qwen2");
  m.scaling = "yarn";
  m.numbers["qwen2.rope.scaling.factor"] = 4;
  m.numbers["qwen2.attention.sliding_window"] = 7;
  m.pattern = {0, 1};
  const qwen::Config c = m.read("qwen2");
  claim(c.rope.scale == 0.25 && c.rope.ext_factor == 1.0 && c.rope.original_context == 2048,
        "YaRN's factor is read");
  claim(c.attention.window == 7 && !c.slides[0] && c.slides[1], "a pattern chooses layers");
}

void check_refusals() {
  FakeMetadata m = small("qwen2");
  m.scaling = "longrope";
  claim(m.refusal().find("longrope") != std::string::npos, "a scaling that is not here is refused");
  m = small("qwen2");
  m.pattern = {1, 1, 1};
  claim(m.refusal().find("got 3, need 2") != std::string::npos, "a pattern has an entry a layer");
  m = small("qwen2");
  m.numbers["qwen2.attention.head_count_kv"] = 3;
  claim(m.refusal().find("divisor of 4") != std::string::npos, "kv heads divide the heads");
  m = small("qwen2");
  m.numbers.erase("qwen2.context_length");
  claim(m.refusal().find("qwen2.context_length") != std::string::npos, "a missing key is named");
}

}  // namespace

int main() {
  check_families();
  check_scaling_and_windows();
  check_refusals();
  return n_failed == 0 ? 0 : 1;
}
