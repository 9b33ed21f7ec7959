// `wick man`: writes the manual pages, for those who build and package Wick.
#include <fmt/format.h>
#include <wick/error.h>

#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/man_page.h"
#include "cli/standard_output.h"

namespace wick::cli {
namespace {

namespace fs = std::filesystem;

void write_page(const fs::path& folder, const std::string& name, const std::string& text) {
  const fs::path path = folder / (name + ".1");
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file)
    fail(ErrorCode::kIo, path.string(), ": cannot be written; is there room, and a right to?");
}

void write_pages(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(ErrorCode::kIo, folder.string(), ": cannot be made, ", error.message());
  write_page(folder, "wick", program_page());
  for (const Command& command : commands())
    if (!command.is_hidden)
      write_page(folder, fmt::format("wick-{}", command.name), command_page(command));
}

}  // namespace

CommandSyntax man_syntax() {
  return {"man",
          "man [COMMAND] [--output DIR]",
          "Prints the manual page of the program or of a command, or writes all into a folder.",
          {{"Output", {{"output", 'o', "DIR", "writes wick.1, wick-run.1 and the like to DIR"}}}},
          "COMMAND"};
}

int run_man(const Arguments& arguments) {
  if (arguments.has("output")) {
    if (!arguments.positionals().empty())
      fail(ErrorCode::kUsage, "man: got COMMAND and --output, need one; --output writes all pages");
    write_pages(arguments.text("output"));
    return kExitDone;
  }
  if (arguments.positionals().empty()) {
    write_output(program_page());
    return kExitDone;
  }
  const std::string& name = arguments.positionals().front();
  const Command* const command = find_command(name);
  if (command == nullptr || command->is_hidden)
    fail(ErrorCode::kUsage, "man: unknown command '", name, "'; see `wick --help`");
  write_output(command_page(*command));
  return kExitDone;
}

}  // namespace wick::cli
