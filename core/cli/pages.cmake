# The files of `wick` that shells and `man` read.
# What a shell loads by itself, and the manual pages, which the program writes from the descriptions that --help prints.
install(FILES completions/wick.bash RENAME wick DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES completions/_wick DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT program)
install(FILES completions/wick.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "Manual pages are left out: the program cannot run here; set CMAKE_CROSSCOMPILING_EMULATOR, as to qemu")
else()
  set(pages ${CMAKE_BINARY_DIR}/${CMAKE_INSTALL_MANDIR}/man1)
  add_custom_command(TARGET wick_program POST_BUILD
    COMMAND ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:wick_program> man --output ${pages} VERBATIM)
  install(DIRECTORY ${pages}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program FILES_MATCHING PATTERN "wick*.1")
endif()
