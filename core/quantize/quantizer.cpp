// See quantizer.h. The order: everything that can be refused is, before a byte is written.
#include "quantize/quantizer.h"

#include <wick/error.h>

#include <filesystem>

#include "files/gguf_writer.h"
#include "plugins/runtime.h"
#include "quantize/quantize_source.h"
#include "quantize/tensor_stream.h"
#include "quantize/type_choice.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

bool is_checkpoint(const std::string& path) {
  std::error_code ignored;
  const std::string_view view = path;
  return fs::is_directory(path, ignored) || view.ends_with(".safetensors") ||
         view.ends_with(".safetensors.index.json");
}

void check_output(const QuantizeOptions& options, const QuantizeSource& source) {
  std::error_code ignored;
  if (!fs::exists(options.output, ignored)) return;
  bool is_source = fs::equivalent(options.output, options.source, ignored);
  for (const MappedFile& part : source.files())
    is_source = is_source || fs::equivalent(options.output, part.path(), ignored);
  if (is_source)
    fail(ErrorCode::kUsage, options.output, ": is the source itself, need another name");
  if (!options.force)
    fail(ErrorCode::kUsage, options.output,
         ": is there already, need another name, or --force to replace it");
}

void add_tensors(GgufWriter& writer, const std::vector<PlannedTensor>& plan,
                 QuantizeReport& report) {
  for (const PlannedTensor& tensor : plan) {
    writer.add_tensor({tensor.name,
                       {tensor.dims.rbegin(), tensor.dims.rend()},
                       tensor.type.id,
                       tensor.type.layout});
    report.n_values += tensor.n_rows * tensor.n_cols;
    report.source_bytes += tensor.n_rows * tensor.stored_row_bytes();
    report.output_bytes += tensor.n_rows * tensor.type.bytes(tensor.n_cols);
  }
  report.n_tensors = plan.size();
}

}  // namespace

QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options) {
  Registry& registry = runtime.registry();
  const auto source = is_checkpoint(options.source) ? open_checkpoint(registry, options.source)
                                                    : open_gguf_source(registry, options.source);
  check_output(options, *source);
  const auto choice = single_type(registry, options.type);
  QuantizeReport report;
  const std::vector<PlannedTensor> plan = source->prepare(*choice, report);
  report.type = choice->name();
  GgufWriter writer(options.output);
  source->add_metadata(writer);
  add_tensors(writer, plan, report);
  writer.begin();
  StreamOptions stream_options{source->path(), options.allow_nonfinite, {}, options.cancelled};
  if (options.progress)
    stream_options.progress = [&](std::uint64_t bytes) {
      options.progress(static_cast<double>(bytes) / static_cast<double>(report.source_bytes));
    };
  TensorStream stream(writer, runtime.pool(), std::move(stream_options));
  for (const PlannedTensor& tensor : plan) stream.write(tensor);
  stream.flush();
  writer.finish();
  return report;
}

}  // namespace wick
