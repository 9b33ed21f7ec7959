# Writes OUTPUT, a C++ file that holds the words of BINARIES (SPIR-V) and answers shaders.h.
set(text "#include \"shaders.h\"\n\nnamespace wick::vulkan {\nnamespace {\n")
set(rows "")
set(names "")
set(hashes "")
foreach(binary ${BINARIES})
  get_filename_component(name ${binary} NAME_WE)
  file(READ ${binary} bytes HEX)
  file(SHA256 ${binary} hash)
  string(APPEND hashes ${hash})
  string(REGEX REPLACE "(..)(..)(..)(..)" "0x\\4\\3\\2\\1," words "${bytes}")
  string(APPEND text "constexpr std::uint32_t code_${name}[] = {${words}};\n")
  string(APPEND rows "    {code_${name}, sizeof code_${name} / sizeof(std::uint32_t)},\n")
  string(APPEND names "    \"${name}\",\n")
endforeach()
string(SHA256 fingerprint "${hashes}")
string(APPEND text "constexpr ShaderCode kCode[] = {\n${rows}};\nconstexpr const char* kNames[] = {\n${names}};\n}  // namespace\n\n"
  "ShaderCode shader_code(Shader shader) noexcept {\n  return kCode[static_cast<std::size_t>(shader)];\n}\n"
  "const char* shader_name(Shader shader) noexcept {\n  return kNames[static_cast<std::size_t>(shader)];\n}\n"
  "const char* shaders_fingerprint() noexcept {\n  return \"${fingerprint}\";\n}\n\n}  // namespace wick::vulkan\n")
file(WRITE ${OUTPUT} "${text}")
