// A name for what a model file holds, without reading all of it. Not a proof against forgery.
#pragma once

#include <string>

namespace wick {

class GgufFile;

/// 32 hexadecimal digits. Of each part: its size, the time it was last written, all bytes in front
/// of the first tensor (metadata, names, shapes, types), and 64 bytes of the start and of the
/// middle of every tensor. The path is no part of it: a file that was moved is still known, one
/// that was written again is not, nor one that keeps its time but holds other weights.
std::string content_identity(const GgufFile& file);

}  // namespace wick
