# What a wheel needs otherwise than an installed tree: libwick and the plugins lie in the package itself, as one file each.
if(NOT SKBUILD)
  return()
endif()

# Wheels have no links: without these libwick would be in it three times.
set_property(TARGET wick PROPERTY VERSION)
set_property(TARGET wick PROPERTY SOVERSION)
# The prefix is a folder that goes away with the build; nothing may be looked for there. The folder beside libwick is enough.
set_property(SOURCE ${CMAKE_SOURCE_DIR}/core/plugins/discovery.cpp TARGET_DIRECTORY wick PROPERTY COMPILE_DEFINITIONS
  WICK_PLUGIN_SUBDIR="${WICK_PLUGIN_SUBDIR}" WICK_PLUGIN_DIR="")
