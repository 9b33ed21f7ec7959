// wick_quantize: the options of the C API as those of quantize().
#include "quantize/quantizer.h"

#include "api/handles.h"
#include "api/progress.h"
#include "api/structs.h"

namespace wick::api {
namespace {

constexpr char kQuantize[] = "wick_quantize";
constexpr std::uint32_t kKnownFlags = WICK_QUANTIZE_PURE | WICK_QUANTIZE_FORCE |
                                      WICK_QUANTIZE_KEEP_SPLIT | WICK_QUANTIZE_ALLOW_NONFINITE;

wick_quantize_options defaults() noexcept {
  wick_quantize_options options{};
  options.struct_size = sizeof options;
  return options;
}

void check_type(const wick_quantize_options& from) {
  const bool has_type = *or_empty(from.type) != '\0';
  const int n = int{has_type} + int{from.target_bits != 0} + int{from.target_bytes != 0};
  if (n != 1)
    fail(ErrorCode::kUsage, kQuantize, ": got ", n,
         " of type, target_bits and target_bytes, need one");
  if (!(from.target_bits >= 0 && from.target_bits <= 64))
    fail(ErrorCode::kUsage, kQuantize, ": target_bits is ", from.target_bits, ", need 0 to 64");
  if (*or_empty(from.imatrix) != '\0' && *or_empty(from.imatrix_text) != '\0')
    fail(ErrorCode::kUsage, kQuantize, ": got imatrix and imatrix_text, need one at most");
}

QuantizeOptions quantize_options(const wick_quantize_options& from) {
  check_flags(kQuantize, from.flags, kKnownFlags);
  check_type(from);
  QuantizeOptions options;
  options.source = &need(from.source, kQuantize, "source");
  options.output = &need(from.output, kQuantize, "output");
  options.type = or_empty(from.type);
  if (from.target_bits > 0) options.target_bits = from.target_bits;
  if (from.target_bytes > 0) options.target_bytes = from.target_bytes;
  options.imatrix_file = or_empty(from.imatrix);
  options.imatrix_text = or_empty(from.imatrix_text);
  options.user_types.output = or_empty(from.output_type);
  options.user_types.embedding = or_empty(from.embedding_type);
  options.pure = (from.flags & WICK_QUANTIZE_PURE) != 0;
  options.force = (from.flags & WICK_QUANTIZE_FORCE) != 0;
  options.keep_split = (from.flags & WICK_QUANTIZE_KEEP_SPLIT) != 0;
  options.allow_nonfinite = (from.flags & WICK_QUANTIZE_ALLOW_NONFINITE) != 0;
  return options;
}

/// Whatever is being done tells the callback, and is ended by its answer.
void report_progress(QuantizeOptions& options, const Progress& progress, bool& stop) {
  const auto tell = [&progress, &stop](const char* what) {
    return [&progress, &stop, what](double done) {
      if (!stop) stop = !progress.goes_on(what, done);
    };
  };
  options.progress = tell("quantizing");
  options.imatrix_progress = tell("collecting importance");
  options.measuring_progress = tell("measuring types");
  options.cancelled = [&stop] { return stop; };
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

void wick_quantize_options_init(wick_quantize_options* options, uint32_t struct_size) {
  init(options, struct_size, defaults());
}

wick_status wick_quantize(wick_engine* engine, const wick_quantize_options* options,
                          wick_quantize_stats* stats, wick_failure** failure) {
  return guarded(failure, [&] {
    wick::Runtime& runtime = *need(engine, kQuantize, "engine").runtime;
    need(options, kQuantize, "options");
    const wick_quantize_options own = options_of(kQuantize, options, defaults());
    wick_quantize_stats made{};
    // Asked before the work: a file that is written is not lost for a wrong size.
    if (stats != nullptr) answer(kQuantize, made, stats);
    wick::QuantizeOptions asked = quantize_options(own);
    const Progress progress{own.progress, own.progress_context};
    bool stop = false;
    report_progress(asked, progress, stop);
    const wick::QuantizeReport report = quantize(runtime, asked);
    made.n_tensors = report.n_tensors;
    made.n_values = report.n_values;
    made.source_bytes = report.source_bytes;
    made.output_bytes = report.output_bytes;
    if (stats != nullptr) answer(kQuantize, made, stats);
  });
}
