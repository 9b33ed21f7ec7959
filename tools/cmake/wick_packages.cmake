# Debian packages by CPack: which install component goes into which package, and what the package says of itself.
# tools/packages runs it; docs/packaging.md describes the packages. What CPack cannot do is in tools/packaging/.
set(WICK_DEBIAN_REVISION 1 CACHE STRING "Part of the packages' version behind the dash")
set(WICK_PACKAGE_CONTACT "Wick developers <developers@wick.invalid>" CACHE STRING "Maintainer of the packages")

set(CPACK_PACKAGE_NAME wick)
set(CPACK_PACKAGE_CONTACT ${WICK_PACKAGE_CONTACT})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # else it is the first line of every package
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)  # a umask is no matter
set(CPACK_DEBIAN_PACKAGE_RELEASE ${WICK_DEBIAN_REVISION})
set(CPACK_DEBIAN_PACKAGE_SOURCE wick)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
if(WICK_SYSROOT)
  list(APPEND CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    ${WICK_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} ${WICK_SYSROOT}/lib/${CMAKE_LIBRARY_ARCHITECTURE})
endif()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(WICK_PACKAGING_DIR ${CMAKE_SOURCE_DIR}/tools/packaging)
set(CPACK_PRE_BUILD_SCRIPTS ${WICK_PACKAGING_DIR}/add_documents.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${WICK_PACKAGING_DIR}/finish.cmake)
set(CPACK_WICK_PACKAGING_DIR ${WICK_PACKAGING_DIR})
set(CPACK_COMPONENTS_ALL)
set(exactly "(= ${PROJECT_VERSION}-${WICK_DEBIAN_REVISION})")

# wick_package(COMPONENT NAME SECTION section DESCRIPTION text [DEPENDS text] [RECOMMENDS text] [PROVIDES text]
# [MULTI_ARCH same|foreign] [SHLIBS text] [CONTROL file ...] [DATA]): one package. SHLIBS: what dpkg-shlibdeps tells those that link
# its library; DATA: for every machine.
macro(wick_package component name)
  cmake_parse_arguments(arg "DATA" "SECTION;DESCRIPTION;DEPENDS;RECOMMENDS;PROVIDES;MULTI_ARCH;SHLIBS" "CONTROL" ${ARGN})
  string(TOUPPER ${component} upper)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${arg_DESCRIPTION}")
  foreach(field SECTION DEPENDS RECOMMENDS PROVIDES)
    set(CPACK_DEBIAN_${upper}_PACKAGE_${field} "${arg_${field}}")
  endforeach()
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${arg_CONTROL})
  set(CPACK_WICK_MULTI_ARCH_${name} "${arg_MULTI_ARCH}")
  set(CPACK_WICK_SHLIBS_${name} "${arg_SHLIBS}")
  if(arg_DATA)
    set(CPACK_DEBIAN_${upper}_PACKAGE_ARCHITECTURE all)
  else()
    set(CPACK_DEBIAN_${upper}_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_${upper}_DEBUGINFO_PACKAGE ON)
  endif()
endmacro()

set(about "Wick loads a language model from a GGUF file and generates text.
Devices, model architectures and weight formats are plugins.\n.\n")

get_target_property(soversion wick SOVERSION)
wick_package(runtime libwick1 SECTION libs MULTI_ARCH same SHLIBS "libwick ${soversion} libwick1 (>= ${PROJECT_VERSION})"
  CONTROL ${WICK_PACKAGING_DIR}/triggers
  DESCRIPTION "inference engine for language models, library\n${about}This package has the library that programs link.")
# wick-plugin-abi-1: what a plugin of another author needs, whatever the version of Wick.
wick_package(program wick SECTION science PROVIDES wick-plugin-abi-${WICK_ABI_MAJOR}
  DEPENDS "libwick1 ${exactly}, wick-models-tiny" RECOMMENDS "wick-backend-vulkan | wick-gpu-backend"
  DESCRIPTION "inference engine and quantizer for language models\n${about}This package has the program, the CPU backend, the\narchitectures and the weight formats.")
if(WICK_VULKAN)
  wick_package(backend-vulkan wick-backend-vulkan SECTION science PROVIDES wick-gpu-backend
    DEPENDS "wick ${exactly}, libvulkan1" RECOMMENDS "mesa-vulkan-drivers | vulkan-icd"
    DESCRIPTION "inference engine for language models, Vulkan backend\n${about}This package runs models on GPUs through Vulkan; it needs a driver.")
endif()
if(WICK_OPENCL)
  wick_package(backend-opencl wick-backend-opencl SECTION science PROVIDES wick-gpu-backend
    DEPENDS "wick ${exactly}, ocl-icd-libopencl1 | libopencl1" RECOMMENDS "pocl-opencl-icd | opencl-icd, libclblast1"
    DESCRIPTION "inference engine for language models, OpenCL backend\n${about}This package runs models on GPUs and other devices through OpenCL;\nit needs a driver.")
endif()
wick_package(sdk libwick-dev SECTION libdevel DEPENDS "libwick1 ${exactly}, wick ${exactly}" RECOMMENDS "cmake, g++"
  DESCRIPTION "inference engine for language models, development files\n${about}This package has headers, CMake packages, a template for plugins\nand the program that checks them.")
if(TARGET wick_python)
  find_package(Python3 COMPONENTS Interpreter REQUIRED)
  math(EXPR next_minor "${Python3_VERSION_MINOR} + 1")
  wick_package(python python3-wick SECTION python CONTROL ${WICK_PACKAGING_DIR}/prerm
    DEPENDS "libwick1 ${exactly}, wick ${exactly}, python3 (>= ${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR}), python3 (<< ${Python3_VERSION_MAJOR}.${next_minor}), python3-numpy"
    DESCRIPTION "inference engine for language models, Python module\n${about}This package has the module wick: models, quantizing, and weight\nformats as NumPy arrays.")
endif()
wick_package(models wick-models-tiny DATA SECTION science MULTI_ARCH foreign
  DESCRIPTION "inference engine for language models, a small model\n${about}This package has a model of a few million weights that tells made-up\nstories, for a first try and for tests.")

include(CPack)
