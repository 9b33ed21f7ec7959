# wick_add_plugin(NAME SOURCES ... [TESTS ...] [LINK ...]): builds libwick-NAME.so and its manifest.
#
# The folder holds manifest.json; @WICK_PLUGIN_VERSION@ and @WICK_PLUGIN_LIBRARY@ in it are filled in; sources
# have the version as the macro WICK_PLUGIN_VERSION. A recipes.json goes beside the manifest as ID.recipes.json: name it
# there, as "recipes". The library exports one symbol, imports nothing from the host, and
# stays loaded once loaded. Files named *_v3.cpp and *_v4.cpp are compiled for x86-64-v3 and x86-64-v4 on x86-64,
# *_bf16.cpp for x86-64-v4 with AVX-512 BF16: keep them free of inline functions of others, which the linker may pick
# for every caller.

function(wick_isa_flags source)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    return()
  endif()
  if(source MATCHES "_(v[34])\\.cpp$")
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "-march=x86-64-${CMAKE_MATCH_1}")
  elseif(source MATCHES "_bf16\\.cpp$")
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "-march=x86-64-v4;-mavx512bf16")
  endif()
endfunction()

function(wick_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;LINK" ${ARGN})
  foreach(source ${arg_SOURCES})
    wick_isa_flags(${source})
  endforeach()
  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_link_libraries(${name}_objects PUBLIC wick::sdk ${arg_LINK} PRIVATE $<TARGET_NAME_IF_EXISTS:wick::warnings>)
  target_include_directories(${name}_objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  set_target_properties(${name}_objects PROPERTIES POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_definitions(${name}_objects PRIVATE WICK_PLUGIN_VERSION="${PROJECT_VERSION}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name}_objects PRIVATE -fno-gnu-unique)
  endif()
  # A program that has its plugins in itself takes the objects; what is exported and hidden stays the same.
  if(WICK_STATIC)
    wick_build_in_plugin(${name} LINK ${arg_LINK})
    return()
  endif()
  add_library(${name} MODULE)
  target_link_libraries(${name} PRIVATE ${name}_objects)
  target_link_options(${name} PRIVATE -Wl,--no-undefined -Wl,--exclude-libs,ALL -Wl,-z,nodelete
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  set_target_properties(${name} PROPERTIES OUTPUT_NAME wick-${name} LIBRARY_OUTPUT_DIRECTORY ${WICK_BUILD_PLUGIN_DIR}
    INSTALL_RPATH "" BUILD_WITH_INSTALL_RPATH ON)
  wick_plugin_manifest(${name})
  if(WICK_TESTS AND arg_TESTS)
    wick_add_tests(${name}_tests SOURCES ${arg_TESTS} LINK ${name}_objects)
  endif()
endfunction()

function(wick_plugin_manifest name)
  set(WICK_PLUGIN_VERSION ${PROJECT_VERSION})
  set(WICK_PLUGIN_LIBRARY libwick-${name}.so)
  file(READ ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json text)
  string(JSON id GET "${text}" id)
  set(manifest ${WICK_BUILD_PLUGIN_DIR}/${id}.wick.json)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/manifest.json ${manifest} @ONLY)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/recipes.json)
    set(recipes ${WICK_BUILD_PLUGIN_DIR}/${id}.recipes.json)
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/recipes.json ${recipes} COPYONLY)
    install(FILES ${recipes} DESTINATION ${CMAKE_INSTALL_LIBDIR}/${WICK_PLUGIN_SUBDIR})
  endif()
  # A umask of 002 would make the loader refuse what we just built.
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND chmod go-w $<TARGET_FILE:${name}> ${manifest} ${WICK_BUILD_PLUGIN_DIR} VERBATIM)
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/${WICK_PLUGIN_SUBDIR})
  install(FILES ${manifest} DESTINATION ${CMAKE_INSTALL_LIBDIR}/${WICK_PLUGIN_SUBDIR})
endfunction()
