// See quantizer.h. The order: everything that can be refused is, before a byte is written.
#include "quantize/quantizer.h"

#include <wick/error.h>

#include <filesystem>

#include "files/gguf_writer.h"
#include "plugins/runtime.h"
#include "quantize/quantize_source.h"
#include "quantize/requested_types.h"
#include "quantize/stored_types.h"
#include "quantize/tensor_stream.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

void check_output(const QuantizeOptions& options, const QuantizeSource& source) {
  std::error_code ignored;
  if (!fs::exists(options.output, ignored)) return;
  bool is_source = fs::equivalent(options.output, options.source, ignored);
  for (const MappedFile& part : source.files())
    is_source = is_source || fs::equivalent(options.output, part.path(), ignored);
  if (is_source)
    fail(ErrorCode::kUsage, options.output, ": is the source itself, need another name");
  refuse_existing(options);
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

std::unique_ptr<TypeChoice> choice_of(Registry& registry, const RecipeBook& book,
                                      const QuantizeOptions& options) {
  if (options.as_stored) return std::make_unique<StoredTypes>();
  return requested_types(registry, book, options.type, options.pure);
}

QuantizedTensor measured(const PlannedTensor& tensor, const RoundingError& error) {
  QuantizedTensor out;
  out.name = tensor.name;
  out.dims = tensor.dims;
  out.source_type = tensor.stored.layout.name;
  out.type = tensor.type.layout.name;
  out.n_values = tensor.n_rows * tensor.n_cols;
  out.n_bytes = tensor.n_rows * tensor.type.bytes(tensor.n_cols);
  out.is_copied = tensor.type.id == tensor.stored.id;
  out.squared_error = error.squared;
  out.energy = error.energy;
  return out;
}

}  // namespace

bool is_checkpoint(const std::string& path) {
  std::error_code ignored;
  const std::string_view view = path;
  return fs::is_directory(path, ignored) || view.ends_with(".safetensors") ||
         view.ends_with(".safetensors.index.json");
}

void refuse_existing(const QuantizeOptions& options) {
  std::error_code ignored;
  if (!options.force && fs::exists(options.output, ignored))
    fail(ErrorCode::kUsage, options.output,
         ": is there already, need another name, or --force to replace it");
}

std::string name_of_types(Runtime& runtime, const QuantizeOptions& options) {
  const RecipeBook book(runtime.registry());
  return choice_of(runtime.registry(), book, options)->name();
}

QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options) {
  Registry& registry = runtime.registry();
  const auto source = is_checkpoint(options.source) ? open_checkpoint(registry, options.source)
                                                    : open_gguf_source(registry, options.source);
  check_output(options, *source);
  const RecipeBook book(registry);
  const auto choice = choice_of(registry, book, options);
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
  if (options.measure)
    stream_options.measured = [&](const PlannedTensor& tensor, const RoundingError& error) {
      report.tensors.push_back(measured(tensor, error));
    };
  TensorStream stream(writer, runtime.pool(), std::move(stream_options));
  for (const PlannedTensor& tensor : plan) stream.write(tensor);
  stream.flush();
  writer.finish();
  return report;
}

}  // namespace wick
