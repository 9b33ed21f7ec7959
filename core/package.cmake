# What a program of others is built with: the public headers, find_package(Wick) and pkg-config's wick.
#
# The CMake package is written by hand rather than exported: it has one target, and must not ask a program in C for what
# libwick itself is built with.
include(CMakePackageConfigHelpers)
set(wick_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Wick)
configure_package_config_file(WickConfig.cmake.in WickConfig.cmake INSTALL_DESTINATION ${wick_package_dir}
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(WickConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/WickConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/WickConfigVersion.cmake
  DESTINATION ${wick_package_dir} COMPONENT sdk)

# Folders are told from the file's own place, so that a tree may be moved.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH WICK_PREFIX_FROM_PC ${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir} ${CMAKE_INSTALL_PREFIX})
configure_file(wick.pc.in wick.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wick.pc DESTINATION ${pkgconfig_dir} COMPONENT sdk)
install(DIRECTORY include/wick DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
