// wick-plugin-probe MANIFEST [NAME=VALUE ...]: the program in which a plugin is tried first.
// Started by libwick, which reads its answer from descriptor 3; of no use to people.
#include "plugins/probe.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

int main(int n_arguments, char** arguments) {
  // A crash is expected: it leaves no core file. Who asked may end before we do.
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return wick::answer_probe({arguments + 1, arguments + n_arguments});
}
