# Run by CPack when the packages are made: does to each what CPack cannot say. Multi-Arch and shlibs are written into the control
# files; for a library CPack writes scripts that call ldconfig, where Debian has a trigger; packages of debug symbols share the
# documents of those that they are for.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(work ${CPACK_TOPLEVEL_DIRECTORY}/finish)

function(add_control_fields name)
  if(CPACK_WICK_MULTI_ARCH_${name})
    file(READ ${work}/DEBIAN/control control)
    string(REPLACE "\nSection:" "\nMulti-Arch: ${CPACK_WICK_MULTI_ARCH_${name}}\nSection:" control "${control}")
    file(WRITE ${work}/DEBIAN/control "${control}")
  endif()
  if(CPACK_WICK_SHLIBS_${name})
    file(WRITE ${work}/DEBIAN/shlibs "${CPACK_WICK_SHLIBS_${name}}\n")
  endif()
endfunction()

function(finish package)
  cmake_path(GET package FILENAME file)
  string(REGEX REPLACE "_.*" "" name ${file})
  file(REMOVE_RECURSE ${work})
  execute_process(COMMAND dpkg-deb -R ${package} ${work} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${work}/DEBIAN/postinst ${work}/DEBIAN/postrm)
  add_control_fields(${name})
  if(name MATCHES "(.*)-dbgsym$")
    file(MAKE_DIRECTORY ${work}/usr/share/doc)
    file(CREATE_LINK ${CMAKE_MATCH_1} ${work}/usr/share/doc/${name} SYMBOLIC)
  endif()
  # CPack's sums of debug symbols have the paths of its own folder. Sorted, as a disk has its own order.
  execute_process(COMMAND find usr -type f -print0 COMMAND env LC_ALL=C sort -z COMMAND xargs -0 md5sum
    WORKING_DIRECTORY ${work} OUTPUT_FILE ${work}/DEBIAN/md5sums COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod -R u=rwX,go=rX ${work} COMMAND_ERROR_IS_FATAL ANY)
  # A file of the source may be older than the commit, which dpkg-deb would let it be.
  execute_process(COMMAND find ${work} -exec touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} {} + COMMAND_ERROR_IS_FATAL ANY)
  # xz with several threads, and their number is that of the machine, cuts in other places than with one.
  execute_process(COMMAND dpkg-deb --root-owner-group --threads-max=1 -Zxz -b ${work} ${package} OUTPUT_QUIET
    COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${work})
endfunction()

foreach(package ${CPACK_PACKAGE_FILES})
  finish(${package})
endforeach()
