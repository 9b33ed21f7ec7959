# wick_add_shaders(TARGET NAME...): compiles shaders/NAME.comp to SPIR-V and into TARGET, as shaders.h declares them.
find_program(WICK_GLSLC glslc REQUIRED)

function(wick_add_shaders target)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/shaders)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/shaders)
  file(MAKE_DIRECTORY ${made})
  file(GLOB includes CONFIGURE_DEPENDS ${folder}/*.glsl)
  set(list "")
  set(binaries "")
  foreach(name ${ARGN})
    set(binary ${made}/${name}.spv)
    add_custom_command(OUTPUT ${binary} DEPENDS ${folder}/${name}.comp ${includes}
      COMMAND ${WICK_GLSLC} --target-env=vulkan1.2 -O -Werror ${folder}/${name}.comp -o ${binary})
    list(APPEND binaries ${binary})
    string(APPEND list "WICK_SHADER(${name})\n")
  endforeach()
  file(CONFIGURE OUTPUT ${made}/shader_list.inc CONTENT "${list}" @ONLY)
  set(script ${CMAKE_CURRENT_SOURCE_DIR}/embed_shaders.cmake)
  add_custom_command(OUTPUT ${made}/shaders.cpp DEPENDS ${binaries} ${script}
    COMMAND ${CMAKE_COMMAND} "-DBINARIES=${binaries}" -DOUTPUT=${made}/shaders.cpp -P ${script} VERBATIM)
  target_sources(${target} PRIVATE ${made}/shaders.cpp)
  target_include_directories(${target} PUBLIC ${made})
endfunction()
