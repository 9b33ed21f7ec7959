// See quantizer.h. The order: everything that can be refused is, before a byte is written.
#include "quantize/quantizer.h"

#include <wick/error.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "files/gguf_writer.h"
#include "plugins/runtime.h"
#include "quantize/importance_source.h"
#include "quantize/quantize_source.h"
#include "quantize/requested_types.h"
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

std::optional<Importance> importance_for(Runtime& runtime, const QuantizeOptions& options) {
  if (options.imatrix_file.empty() && options.imatrix_text.empty()) return std::nullopt;
  return find_importance(runtime, options);
}

/// The choice that the options ask for.
class Choice {
 public:
  Choice(Runtime& runtime, const RecipeBook& book, const QuantizeOptions& options,
         const Importance* importance) {
    if (options.target_bits > 0 || options.target_bytes > 0) {
      Budget budget{options.target_bits, options.target_bytes, options.measuring_progress,
                    options.cancelled};
      auto made =
          std::make_unique<BudgetTypes>(runtime.registry(), runtime.pool(), std::move(budget));
      budget_ = made.get();
      choice_ = std::move(made);
    } else {
      choice_ = requested_types(runtime.registry(), book, options.type, options.pure);
    }
    if (importance)
      choice_ = with_importance(
          std::move(choice_), *importance,
          options.imatrix_file.empty() ? options.imatrix_text : options.imatrix_file);
  }
  TypeChoice& operator*() const noexcept { return *choice_; }
  /// Null where there is none.
  BudgetTypes* budget() const noexcept { return budget_; }

 private:
  std::unique_ptr<TypeChoice> choice_;
  BudgetTypes* budget_ = nullptr;
};

void add_keys(GgufWriter& writer, const QuantizeSource& source, const QuantizeOptions& options,
              const Importance* importance) {
  source.add_metadata(writer);
  if (importance) add_importance_keys(writer, *importance, options.imatrix_file);
}

/// Bytes in front of the tensors, whose number and names are those of any choice.
std::uint64_t front_bytes(const QuantizeSource& source, const QuantizeOptions& options,
                          const Importance* importance, const std::vector<PlannedTensor>& plan) {
  GgufWriter writer(options.output);  // not finished: leaves nothing
  QuantizeReport unused;
  add_keys(writer, source, options, importance);
  add_tensors(writer, plan, unused);
  writer.begin();
  return writer.bytes_written();
}

}  // namespace

bool is_checkpoint(const std::string& path) {
  std::error_code ignored;
  const std::string_view view = path;
  return fs::is_directory(path, ignored) || view.ends_with(".safetensors") ||
         view.ends_with(".safetensors.index.json");
}

QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options) {
  Registry& registry = runtime.registry();
  const auto source = is_checkpoint(options.source) ? open_checkpoint(registry, options.source)
                                                    : open_gguf_source(registry, options.source);
  check_output(options, *source);
  const RecipeBook book(registry);
  const std::optional<Importance> found = importance_for(runtime, options);
  const Importance* importance = found ? &*found : nullptr;
  const Choice choice(runtime, book, options, importance);
  QuantizeReport report;
  std::vector<PlannedTensor> plan = source->prepare(*choice, report);
  if (BudgetTypes* budget = choice.budget()) {
    budget->leave_room(plan, front_bytes(*source, options, importance, plan));
    report.chosen = budget->chosen();
  }
  report.type = (*choice).name();
  GgufWriter writer(options.output);
  add_keys(writer, *source, options, importance);
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
