# How our targets are built: standard, warnings, tests, embedded data.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# clang's sanitizers as a library, which plugins need too: programs find it where this clang has it, and it is there then.
if(CMAKE_CXX_FLAGS MATCHES "-shared-libsan")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so
    OUTPUT_VARIABLE wick_sanitizer OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  cmake_path(GET wick_sanitizer PARENT_PATH wick_sanitizer)
  add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-Wl,-rpath,${wick_sanitizer}>)
endif()

add_library(wick_warnings INTERFACE)
add_library(wick::warnings ALIAS wick_warnings)
target_compile_options(wick_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  -Wcast-qual -Wundef $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
  # gcc 12 warns of overlaps inside std::string's operator+ that cannot be (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<BOOL:${WICK_WERROR}>:-Werror>)

# wick_add_tests(NAME SOURCES a_test.cpp ... [LINK target ...]): one test program, one ctest entry.
function(wick_add_tests name)
  if(NOT WICK_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} wick::warnings GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 1800)
  target_compile_definitions(${name} PRIVATE
    WICK_TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}" WICK_TEST_BINARY_DIR="${CMAKE_BINARY_DIR}"
    WICK_TEST_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared"
    WICK_TEST_PROGRAM="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/wick"
    WICK_TEST_PLUGIN_DIR="${WICK_BUILD_PLUGIN_DIR}")
endfunction()

# wick_embed(TARGET FILE SYMBOL): compiles FILE into TARGET as `extern const std::string_view wick::SYMBOL`.
function(wick_embed target file symbol)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.embedded.cpp)
  set(script ${CMAKE_SOURCE_DIR}/tools/cmake/wick_embed_file.cmake)
  cmake_path(ABSOLUTE_PATH file)
  add_custom_command(OUTPUT ${output} DEPENDS ${file} ${script}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${output} -DSYMBOL=${symbol} -P ${script})
  # The rule is seen only in this folder, the target may be of another: a target of its own joins them.
  add_custom_target(${target}_${symbol} DEPENDS ${output})
  add_dependencies(${target} ${target}_${symbol})
  target_sources(${target} PRIVATE ${output})
endfunction()
