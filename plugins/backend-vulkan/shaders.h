// The shaders of this plugin, compiled at build time. shaders.cmake lists them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wick::vulkan {

enum class Shader : std::uint32_t {
#define WICK_SHADER(name) name,
#include <shader_list.inc>
#undef WICK_SHADER
};

constexpr std::size_t kShaders = 0
#define WICK_SHADER(name) +1
#include <shader_list.inc>
#undef WICK_SHADER
    ;

struct ShaderCode {
  const std::uint32_t* words;
  std::size_t n_words;
};

ShaderCode shader_code(Shader shader) noexcept;
const char* shader_name(Shader shader) noexcept;
/// Changes when any shader does.
const char* shaders_fingerprint() noexcept;

}  // namespace wick::vulkan
