# Run by CPack before it makes the packages: each gets its copyright and changelog, and compressed
# manual pages.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${component} upper)
  set(documents ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr/share/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  file(COPY ${CPACK_WICK_PACKAGING_DIR}/copyright DESTINATION ${documents}
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  execute_process(COMMAND python3 ${CPACK_WICK_PACKAGING_DIR}/changelog.py ${CPACK_DEBIAN_PACKAGE_SOURCE}
    ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE} ${CPACK_PACKAGE_CONTACT} ${documents}/changelog.Debian.gz
    COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr/share/man/*)
  foreach(page ${pages})
    execute_process(COMMAND gzip -9n ${page} COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  # A run path is for a tree that may be moved; Debian's libraries are found without.
  file(GLOB_RECURSE files ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/*)
  foreach(file ${files})
    if(NOT IS_SYMLINK ${file})
      file(READ ${file} magic LIMIT 4 HEX)
      if(magic STREQUAL "7f454c46")
        file(RPATH_REMOVE FILE ${file})
      endif()
    endif()
  endforeach()
endforeach()
