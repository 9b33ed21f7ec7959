# WICK_STATIC: one program, linked statically, that has its plugins and its files in itself. tools/static/ puts it together of what the
# functions below collect; sources are compiled as in any other build.
option(WICK_STATIC "Build wick-static alone: one program without shared libraries" OFF)

# What the libraries are called that rooms link. Debian has no archives of fmt and spdlog, and its spdlog::spdlog_header_only
# names the shared fmt.
function(wick_find_libraries)
  if(NOT WICK_STATIC)
    set(WICK_FMT fmt::fmt PARENT_SCOPE)
    set(WICK_SPDLOG spdlog::spdlog PARENT_SCOPE)
    return()
  endif()
  add_library(wick_spdlog_headers INTERFACE)
  get_target_property(headers spdlog::spdlog_header_only INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(wick_spdlog_headers SYSTEM INTERFACE ${headers})
  target_compile_definitions(wick_spdlog_headers INTERFACE SPDLOG_FMT_EXTERNAL)
  target_link_libraries(wick_spdlog_headers INTERFACE fmt::fmt-header-only Threads::Threads)
  set(WICK_FMT fmt::fmt-header-only PARENT_SCOPE)
  set(WICK_SPDLOG wick_spdlog_headers PARENT_SCOPE)
endfunction()

# wick_build_in_file(NAME PATH): the program has the file PATH in itself as built-in:/NAME.
function(wick_build_in_file name path)
  set_property(GLOBAL APPEND PROPERTY WICK_BUILT_IN_FILES "${name}=${path}")
endfunction()

# wick_build_in_plugin(NAME LINK target ...): makes one object of all of NAME_objects and of the archives that they need. Only the
# plugin's own symbol is global in it, under a name of its own: two plugins, or a plugin and the core, meet as little as in
# libraries of their own. Inline functions stay apart too, which may be compiled for instructions that not every CPU has: the linker
# would keep one of equal name for all.
function(wick_build_in_plugin name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  string(MAKE_C_IDENTIFIER "wick_plugin_v${WICK_ABI_MAJOR}_${name}" symbol)
  set(archives)
  foreach(target ${arg_LINK})
    if(TARGET ${target})
      get_target_property(type ${target} TYPE)
      if(type STREQUAL "STATIC_LIBRARY")
        list(APPEND archives $<TARGET_FILE:${target}>)
      endif()
    endif()
  endforeach()
  set(whole ${CMAKE_CURRENT_BINARY_DIR}/${name}.whole.o)
  set(closed ${CMAKE_CURRENT_BINARY_DIR}/${name}.closed.o)
  add_custom_command(OUTPUT ${closed} DEPENDS ${name}_objects $<TARGET_OBJECTS:${name}_objects> ${archives}
    COMMAND ${CMAKE_LINKER} -r --force-group-allocation -o ${whole} $<TARGET_OBJECTS:${name}_objects> ${archives}
    COMMAND ${CMAKE_OBJCOPY} --redefine-sym wick_plugin_v${WICK_ABI_MAJOR}=${symbol} --keep-global-symbol=${symbol} ${whole} ${closed}
    COMMAND_EXPAND_LISTS VERBATIM)
  # The rule is seen only in this folder, the program is of another: a target of its own joins them.
  add_custom_target(${name} DEPENDS ${closed})
  set_property(GLOBAL APPEND PROPERTY WICK_BUILT_IN_PLUGINS ${name})
  set_property(GLOBAL APPEND PROPERTY WICK_BUILT_IN_OBJECTS ${closed})
  set(WICK_PLUGIN_VERSION ${PROJECT_VERSION})
  set(WICK_PLUGIN_LIBRARY wick-static)
  file(READ ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json text)
  string(JSON id GET "${text}" id)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/manifest.json ${CMAKE_CURRENT_BINARY_DIR}/${id}.wick.json @ONLY)
  wick_build_in_file(plugins/${id}.wick.json ${CMAKE_CURRENT_BINARY_DIR}/${id}.wick.json)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/recipes.json)
    wick_build_in_file(plugins/${id}.recipes.json ${CMAKE_CURRENT_SOURCE_DIR}/recipes.json)
  endif()
  set_property(GLOBAL APPEND PROPERTY WICK_BUILT_IN_ROWS "${symbol}=plugins/${id}.wick.json")
endfunction()
