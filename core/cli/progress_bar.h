// How far long work is, on a terminal; nothing where standard error is a file or a pipe.
#pragma once

#include <string>
#include <string_view>

namespace wick::cli {

/// One line that is drawn over and over, and wiped at the end. One thread.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar() { wipe(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// done: 0..1. `more` stands behind the bar.
  void show(std::string_view what, double done, std::string_view more = {});
  /// Leaves an empty line.
  void wipe();

 private:
  bool is_terminal_;
  std::string drawn_;
};

}  // namespace wick::cli
