// Hand-made GGUF files that the reader must refuse by itself, without knowing any architecture or
// format.
#pragma once

#include <wick/error.h>

#include <string>
#include <vector>

#include "files/tests/gguf_bytes.h"

namespace wick {

struct BadFile {
  std::string name;  ///< letters, digits and underscores: it names the test
  std::string bytes;
  ErrorCode code = ErrorCode::kBadFile;
  std::string word;  ///< what the sentence must contain
};

/// A small good file: a few values of several kinds and two F32 tensors `a` [32, 2] and `b` [16].
GgufBytes good_gguf();

/// All of them.
std::vector<BadFile> bad_gguf_files();

}  // namespace wick
