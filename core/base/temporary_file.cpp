// See temporary_file.h.
#include "base/temporary_file.h"

#include <unistd.h>

namespace wick {

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace wick
