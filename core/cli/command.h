// The table of commands: a new one is a file and a row in commands.cpp.
#pragma once

#include <span>
#include <string_view>

#include "cli/arguments.h"

namespace wick::cli {

struct Command {
  std::string_view name;
  std::string_view summary;  ///< for the program's help
  CommandSyntax (*syntax)();
  /// Its exit code. Failing: throws wick::Error.
  int (*run)(const Arguments& arguments);
  bool is_hidden = false;  ///< for programs: help and shells do not show it
};

std::span<const Command> commands();
/// Null where there is none. Hidden ones too.
const Command* find_command(std::string_view name);

// One for each file NAME_command.cpp.
CommandSyntax run_syntax();
int run_run(const Arguments& arguments);
CommandSyntax bench_syntax();
int run_bench(const Arguments& arguments);
CommandSyntax perplexity_syntax();
int run_perplexity(const Arguments& arguments);
CommandSyntax compare_syntax();
int run_compare(const Arguments& arguments);
CommandSyntax logits_syntax();
int run_logits(const Arguments& arguments);
CommandSyntax tokenize_syntax();
int run_tokenize(const Arguments& arguments);
CommandSyntax inspect_syntax();
int run_inspect(const Arguments& arguments);
CommandSyntax plan_syntax();
int run_plan(const Arguments& arguments);
CommandSyntax imatrix_syntax();
int run_imatrix(const Arguments& arguments);
CommandSyntax quantize_syntax();
int run_quantize(const Arguments& arguments);
CommandSyntax plugins_syntax();
int run_plugins(const Arguments& arguments);
CommandSyntax completion_syntax();
int run_completion(const Arguments& arguments);
CommandSyntax complete_syntax();
int run_complete(const Arguments& arguments);
CommandSyntax man_syntax();
int run_man(const Arguments& arguments);

}  // namespace wick::cli
