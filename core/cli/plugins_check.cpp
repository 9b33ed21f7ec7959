// The program runs the plugin in children of its own; here it is only started and waited for. What
// libwick's own readers say of the plugin's files goes to it as words.
#include "cli/plugins_check.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wick/error.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/recipe_check.h"
#include "cli/standard_output.h"
#include "plugins/child_process.h"
#include "plugins/helper_program.h"

namespace wick::cli {
namespace {

constexpr char kProgram[] = "wick-plugin-check";

}  // namespace

int check_plugin(const std::string& file, const std::vector<std::string>& options) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    fail(ErrorCode::kMissingFile, file, ": there is no such file; give a plugin's library");
  const HelperProgram helper = helper_program(kProgram);
  const std::string program = helper.file.string();
  if (!std::filesystem::exists(program, error))
    fail(ErrorCode::kUnavailable, "plugins check: ", program,
         " is not installed; install libwick-dev");
  std::vector<std::string> words = {program};
  words.insert(words.end(), helper.words.begin(), helper.words.end());
  const std::filesystem::path library = std::filesystem::absolute(file);
  words.push_back(library.string());
  words.insert(words.end(), options.begin(), options.end());
  if (const auto recipes = check_recipes(library)) {
    const bool passed = recipes->fault.empty();
    words.push_back(passed ? "--recipes" : "--recipes-fault");
    words.push_back(passed ? recipes->text : recipes->fault);
  }
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  flush_output();
  pid_t child = -1;
  const int failed = ::posix_spawn(&child, pointers[0], nullptr, nullptr, pointers.data(), environ);
  if (failed != 0) fail(ErrorCode::kIo, program, ": cannot be started, ", std::strerror(failed));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status))
    fail(ErrorCode::kIo, program, ": was ended by ", signal_text(WTERMSIG(status)));
  return WEXITSTATUS(status);
}

}  // namespace wick::cli
