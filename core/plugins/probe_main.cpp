// wick-plugin-probe MANIFEST [NAME=VALUE ...]: the program in which a plugin is tried first.
// Started by libwick, which reads its answer from descriptor 3; of no use to people.
#include "plugins/probe.h"

int main(int n_arguments, char** arguments) {
  return wick::answer_probe({arguments + 1, arguments + n_arguments});
}
