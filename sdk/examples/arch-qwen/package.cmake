# A Debian package of this folder alone: configure with -DCMAKE_INSTALL_PREFIX=/usr, build, then `cpack -G DEB` in the build folder.
set(CPACK_PACKAGE_NAME wick-arch-qwen)
set(CPACK_PACKAGE_CONTACT "Author <author@author.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Qwen models for the inference engine Wick")
set(CPACK_PACKAGE_DESCRIPTION "Qwen2, Qwen2.5 and Qwen3 (dense) as a plugin of Wick.")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
# Wick does not load what others than root may write: a umask is no matter.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# wick-plugin-abi-N is provided by every version of Wick that can load this.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "wick (>= 0.1), wick-plugin-abi-${WICK_ABI_MAJOR}")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

# What Debian wants of every package.
set(documents ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME})
find_program(GZIP gzip REQUIRED)
execute_process(COMMAND ${GZIP} -9nc ${CMAKE_CURRENT_SOURCE_DIR}/debian/changelog COMMAND_ERROR_IS_FATAL ANY
  OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz debian/copyright DESTINATION ${documents})
include(CPack)
