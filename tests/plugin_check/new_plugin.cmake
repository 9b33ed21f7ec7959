# `wick plugins new KIND`, built unchanged from the installed SDK in PREFIX with CXX, then checked. Variables: PROGRAM, KIND,
# FOLDER, PREFIX, CXX, GENERATOR.
function(step what)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "plugins new ${KIND}: ${what} failed (${result}):\n${output}")
  endif()
  message("${output}")
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
set(name my-first-${KIND})
step("copying the template" ${PROGRAM} plugins new ${KIND} ${name})
step("configuring" ${CMAKE_COMMAND} -S ${FOLDER}/${name} -B ${FOLDER}/build -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
  -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wshadow -Werror")
step("building" ${CMAKE_COMMAND} --build ${FOLDER}/build)
step("checking" ${PROGRAM} plugins check ${FOLDER}/build/plugins/libwick-${KIND}-${name}.so)
step("listing" ${PROGRAM} plugins --plugin ${FOLDER}/build/plugins/com.example.${name}.wick.json --why com.example.${name})
