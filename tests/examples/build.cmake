# Configures, builds and tests the example SOURCE in BINARY with the SDK under PREFIX, and says how long the build took.
function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${BINARY})
string(TIMESTAMP start %s)
step("configuring" ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
  -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_BUILD_TYPE=Release
  "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-qual -Wundef -Wno-unknown-warning-option -Wno-restrict -Werror")
step("building" ${CMAKE_COMMAND} --build ${BINARY})
string(TIMESTAMP end %s)
math(EXPR seconds "${end} - ${start}")
step("its tests" ${CMAKE_CTEST_COMMAND} --test-dir ${BINARY} --output-on-failure)
message(STATUS "built in ${seconds} s")
