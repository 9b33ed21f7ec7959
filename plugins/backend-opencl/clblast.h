// CLBlast as this plugin uses it: opened at run time, its functions by name, results as exceptions.
// Not for which products it serves.
#pragma once

#include <cstdint>
#include <string>

#include "cl.h"

namespace wick::opencl {

/// Numbers of its C interface.
enum ClblastLayout { kClblastColumns = 102 };
enum ClblastTranspose { kClblastPlain = 111, kClblastTurned = 112 };
using ClblastHalf = std::uint16_t;  ///< the bits of an f16

struct Clblast {
  /// c = alpha * a * b + beta * c, matrices by columns: a [m, k], b [k, n], c [m, n], each with an
  /// offset and the distance of its columns, in values. `event` may be null, as may `temp`, which
  /// is then allocated for the call.
  using Sgemm = int (*)(ClblastLayout layout, ClblastTranspose a_transpose,
                        ClblastTranspose b_transpose, std::size_t m, std::size_t n, std::size_t k,
                        float alpha, cl_mem a, std::size_t a_offset, std::size_t a_ld, cl_mem b,
                        std::size_t b_offset, std::size_t b_ld, float beta, cl_mem c,
                        std::size_t c_offset, std::size_t c_ld, cl_command_queue* queue,
                        cl_event* event, cl_mem temp);
  /// How many bytes `temp` must have.
  using TempBytes = int (*)(ClblastLayout layout, ClblastTranspose a_transpose,
                            ClblastTranspose b_transpose, std::size_t m, std::size_t n,
                            std::size_t k, std::size_t a_offset, std::size_t a_ld,
                            std::size_t b_offset, std::size_t b_ld, std::size_t c_offset,
                            std::size_t c_ld, cl_command_queue* queue, std::size_t* n_bytes);
  /// The same of f16, summed in f16, `n_batch` times: of each, the distances of its matrices in
  /// values. It allocates where sides are not multiples of its tiles'.
  using HgemmBatched = int (*)(ClblastLayout layout, ClblastTranspose a_transpose,
                               ClblastTranspose b_transpose, std::size_t m, std::size_t n,
                               std::size_t k, ClblastHalf alpha, cl_mem a, std::size_t a_offset,
                               std::size_t a_ld, std::size_t a_stride, cl_mem b,
                               std::size_t b_offset, std::size_t b_ld, std::size_t b_stride,
                               ClblastHalf beta, cl_mem c, std::size_t c_offset, std::size_t c_ld,
                               std::size_t c_stride, std::size_t n_batch, cl_command_queue* queue,
                               cl_event* event);
  using ClearCache = int (*)();

  Sgemm sgemm = nullptr;
  TempBytes temp_bytes = nullptr;
  HgemmBatched hgemm_batched = nullptr;
  ClearCache clear_cache = nullptr;
  std::string file;  ///< that was opened, links followed: its name has the version
};

/// Opens the library, once for the process. Call it after drivers were opened: what it compiled for
/// them is freed when the process ends, in the reverse order. Throws kUnavailable where it is not
/// there.
const Clblast& clblast();

/// Throws what a result of it means. Some of them are OpenCL's.
void check_clblast(int result, const char* call, const std::string& device);

}  // namespace wick::opencl
