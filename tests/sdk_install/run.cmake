# Installs the SDK from BINARY_DIR into WORK_DIR, builds the plugin beside this file from there, loads and installs it.
function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "sdk_install: ${what} failed (${result}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(need_file)
  file(GLOB found ${ARGN})
  if(NOT found)
    message(FATAL_ERROR "sdk_install: ${ARGN} is missing")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
set(prefix ${WORK_DIR}/prefix)
set(build ${WORK_DIR}/build)
step("installing the SDK" ${CMAKE_COMMAND} --install ${BINARY_DIR} --component sdk --prefix ${prefix})
# A moved tree works as well as one that stays.
file(RENAME ${prefix} ${prefix}-moved)
set(prefix ${prefix}-moved)
step("configuring the plugin" ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/plugin -B ${build} -G ${GENERATOR}
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DCMAKE_BUILD_TYPE=Debug)
step("building the plugin" ${CMAKE_COMMAND} --build ${build})
step("loading the plugin" ${build}/load_plugin ${build}/plugins/libwick-quant-signs.so)
need_file(${build}/plugins/com.example.signs.wick.json)
need_file(${build}/plugins/com.example.signs.recipes.json)

step("listing its symbols" ${NM} -D --defined-only ${build}/plugins/libwick-quant-signs.so)
string(REGEX MATCHALL "[^\n]+" symbols "${output}")
list(LENGTH symbols n_symbols)
if(NOT n_symbols EQUAL 1 OR NOT output MATCHES "wick_plugin_v1")
  message(FATAL_ERROR "sdk_install: the plugin exports ${symbols}, need wick_plugin_v1 alone")
endif()

step("installing the plugin" ${CMAKE_COMMAND} --install ${build} --prefix ${WORK_DIR}/host)
need_file(${WORK_DIR}/host/lib*/wick/plugins-1/libwick-quant-signs.so ${WORK_DIR}/host/lib*/*/wick/plugins-1/libwick-quant-signs.so)
need_file(${WORK_DIR}/host/lib*/wick/plugins-1/com.example.signs.recipes.json
  ${WORK_DIR}/host/lib*/*/wick/plugins-1/com.example.signs.recipes.json)
