// attention@1 of many tokens by cooperative matrices; see shaders/prompt.comp.
#include <algorithm>

#include "ops/attention.h"

namespace wick::vulkan {
namespace {

class Prompt {
 public:
  Prompt(const Program& program, const Attention& a)
      : program_(program), attention_(a), halved_from_(program.fusions().halved_from(a.y)) {
    const std::uint32_t sharers = a.n_heads / a.n_kv_heads;
    heads_ = kRows % sharers == 0 ? sharers : 1;
    pipeline(program.max_tokens());
  }
  void record(Recorder& r) const {
    r.dispatch(pipeline(r.n_tokens()), attention_push(attention_, r), attention_.n_heads / heads_,
               groups_of(std::uint64_t{r.n_tokens()} * heads_, kRows));
  }

 private:
  static constexpr std::uint32_t kRows = 64;  // of a workgroup

  VkPipeline pipeline(std::uint32_t n_tokens) const {
    const Attention& a = attention_;
    const std::uint32_t most = std::max(a.head_dim, a.value_dim);
    return program_.pipeline(Shader::prompt, kThreads,
                             {{20, a.head_dim},
                              {21, a.value_dim},
                              {22, a.softcap != 0.0f ? 1u : 0u},
                              {23, heads_},
                              {24, n_tokens >= halved_from_ ? 1u : 0u},
                              {25, most <= 128 ? 64u : 32u}});
  }

  const Program& program_;
  Attention attention_;
  std::uint64_t halved_from_;
  std::uint32_t heads_;  // of a workgroup
};

}  // namespace

std::function<void(Recorder&)> prompt_attention(const Program& program, const Attention& a) {
  return [prompt = Prompt(program, a)](Recorder& r) { prompt.record(r); };
}

}  // namespace wick::vulkan
