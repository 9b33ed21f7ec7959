// See quantizer.h. The order: everything that can be refused is, before a byte is written.
#include "quantize/quantizer.h"

#include <wick/error.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "files/gguf_output.h"
#include "files/gguf_split.h"
#include "plugins/runtime.h"
#include "quantize/check_options.h"
#include "quantize/importance_source.h"
#include "quantize/quantize_source.h"
#include "quantize/requested_types.h"
#include "quantize/stored_types.h"
#include "quantize/tensor_stream.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

void check_output(const std::string& path, const QuantizeOptions& options,
                  const QuantizeSource& source) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  bool is_source = fs::equivalent(path, options.source, ignored);
  for (const MappedFile& part : source.files())
    is_source = is_source || fs::equivalent(path, part.path(), ignored);
  if (is_source) fail(ErrorCode::kUsage, path, ": is the source itself, need another name");
  refuse_existing(path, options.force);
}

std::uint32_t n_parts_of(const QuantizeOptions& options, const QuantizeSource& source) {
  if (!options.keep_split) return 1;
  if (!source.is_split())
    fail(ErrorCode::kUsage, source.path(),
         ": --keep-split: is no GGUF file in several parts; leave the option out");
  return static_cast<std::uint32_t>(source.files().size());
}

/// A source, and what is to become of it.
struct Job {
  std::unique_ptr<QuantizeSource> source;
  std::shared_ptr<const Importance> importance;  ///< null: all values weigh the same
  std::uint32_t n_parts = 1;
  QuantizePlan plan;
};

std::unique_ptr<QuantizeSource> open_source(Registry& registry, const std::string& path) {
  return is_checkpoint(path) ? open_checkpoint(registry, path) : open_gguf_source(registry, path);
}

/// `budget` points to it where the options have one.
std::unique_ptr<TypeChoice> wanted_types(Runtime& runtime, const QuantizeOptions& options,
                                         BudgetTypes** budget = nullptr) {
  Registry& registry = runtime.registry();
  if (options.as_stored) return std::make_unique<StoredTypes>();
  if (!options.has_target())
    return with_user_types(registry, options.user_types,
                           requested_types(registry, options.type, options.pure));
  Budget wanted{options.target_bits.value_or(0), options.target_bytes.value_or(0),
                options.measuring_progress, options.cancelled, options.formats};
  auto made = std::make_unique<BudgetTypes>(registry, runtime.pool(), std::move(wanted));
  if (budget) *budget = made.get();
  return with_user_types(registry, options.user_types, std::move(made));
}

/// Local types are numbered in the order of their tensors.
std::uint32_t number_of(const WeightType& type, std::vector<std::string>& local_names) {
  if (type.id < kFirstLocalTypeId) return type.id;
  auto found = std::find(local_names.begin(), local_names.end(), type.layout.name);
  if (found == local_names.end()) found = local_names.insert(found, type.layout.name);
  return kFirstLocalTypeId + static_cast<std::uint32_t>(found - local_names.begin());
}

void add_tensors(GgufOutput& output, const std::vector<PlannedTensor>& plan) {
  std::vector<std::string> local_names;
  for (const PlannedTensor& tensor : plan)
    output.add_tensor(tensor.file, {tensor.name,
                                    {tensor.dims.rbegin(), tensor.dims.rend()},
                                    number_of(tensor.type, local_names),
                                    tensor.type.layout});
}

void add_front(const QuantizeOptions& options, const Job& job, GgufOutput& output) {
  job.source->add_metadata(output.first());
  if (job.importance) add_importance_keys(output.first(), *job.importance, options.imatrix_file);
  add_tensors(output, job.plan.tensors);
  output.begin();
}

/// Bytes in front of the tensors. Writes them to files that are gone when it returns.
std::uint64_t front_bytes(const QuantizeOptions& options, const Job& job) {
  GgufOutput output(options.output, job.n_parts);
  add_front(options, job, output);
  return output.bytes_written();
}

/// Types without a number are named in front of the tensors: what stands there depends on the
/// choice. Room only grows, so that it comes to an end.
void fit_into_file(const QuantizeOptions& options, Job& job, BudgetTypes& budget) {
  std::uint64_t room = 0;
  for (std::uint64_t need = front_bytes(options, job); need > room;
       need = front_bytes(options, job))
    budget.leave_room(job.plan.tensors, room = need);
}

void choose_types(Runtime& runtime, const QuantizeOptions& options, Job& job) {
  BudgetTypes* budget = nullptr;
  auto choice = wanted_types(runtime, options, &budget);
  if (job.importance)
    choice =
        with_importance(std::move(choice), *job.importance,
                        options.imatrix_file.empty() ? options.imatrix_text : options.imatrix_file);
  else if (!options.imatrix_text.empty())
    choice = with_importance_to_come(std::move(choice));
  QuantizeReport& report = job.plan.report;
  job.plan.tensors = job.source->prepare(*choice, report);
  for (PlannedTensor& tensor : job.plan.tensors)
    if (!options.keep_split) tensor.file = 0;
  if (budget && options.target_bytes) fit_into_file(options, job, *budget);
  if (budget) report.chosen = budget->chosen();
  report.type = choice->name();
  report.n_tensors = job.plan.tensors.size();
  for (const PlannedTensor& tensor : job.plan.tensors) {
    report.n_values += tensor.n_rows * tensor.n_cols;
    report.source_bytes += tensor.n_rows * tensor.stored_row_bytes();
    report.output_bytes += tensor.n_rows * tensor.type.bytes(tensor.n_cols);
  }
}

QuantizedTensor measured(const PlannedTensor& tensor, const RoundingError& error) {
  QuantizedTensor out;
  out.name = tensor.name;
  out.dims = tensor.dims;
  out.source_type = tensor.stored.layout.name;
  out.type = tensor.type.layout.name;
  out.n_values = tensor.n_rows * tensor.n_cols;
  out.n_bytes = tensor.n_rows * tensor.type.bytes(tensor.n_cols);
  out.squared_error = error.squared;
  out.energy = error.energy;
  return out;
}

void write_tensors(Runtime& runtime, const QuantizeOptions& options, Job& job, GgufOutput& output) {
  StreamOptions stream_options{job.source->path(), options.allow_nonfinite, {}, options.cancelled};
  if (options.progress)
    stream_options.progress = [&](std::uint64_t bytes) {
      options.progress(static_cast<double>(bytes) /
                       static_cast<double>(job.plan.report.source_bytes));
    };
  if (options.measure)
    stream_options.measured = [&](const PlannedTensor& tensor, const RoundingError& error) {
      job.plan.report.tensors.push_back(measured(tensor, error));
    };
  TensorStream stream(output, runtime.pool(), std::move(stream_options));
  const std::vector<PlannedTensor>& tensors = job.plan.tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    stream.write(tensors[i], i + 1 < tensors.size() ? &tensors[i + 1] : nullptr);
  stream.flush();
}

std::shared_ptr<const Importance> importance_for(Runtime& runtime, const QuantizeOptions& options) {
  if (options.importance) return options.importance;
  const bool is_asked_for = !options.imatrix_file.empty() || !options.imatrix_text.empty();
  if (!is_asked_for || options.as_stored) return nullptr;
  return std::make_shared<const Importance>(find_importance(runtime, options));
}

}  // namespace

bool is_checkpoint(const std::string& path) {
  std::error_code ignored;
  const std::string_view view = path;
  return fs::is_directory(path, ignored) || view.ends_with(".safetensors") ||
         view.ends_with(".safetensors.index.json");
}

void refuse_existing(const std::string& path, bool may_replace) {
  std::error_code ignored;
  if (!may_replace && fs::exists(path, ignored))
    fail(ErrorCode::kUsage, path,
         ": is there already, need another name, or --force to replace it");
}

std::string name_of_types(Runtime& runtime, const QuantizeOptions& options) {
  check_type_options(options);
  return wanted_types(runtime, options)->name();
}

QuantizePlan plan_quantize(Runtime& runtime, QuantizeOptions options) {
  check_type_options(options);
  if (options.output.empty())
    options.output = (fs::temp_directory_path() / "wick-plan.gguf").string();
  Job job;
  job.source = open_source(runtime.registry(), options.source);
  job.n_parts = n_parts_of(options, *job.source);
  if (options.has_target() || options.imatrix_text.empty())
    job.importance = importance_for(runtime, options);
  choose_types(runtime, options, job);
  for (PlannedTensor& tensor : job.plan.tensors) tensor.parts.clear();  // their files are closed
  return std::move(job.plan);
}

QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options) {
  check_type_options(options);
  Job job;
  job.source = open_source(runtime.registry(), options.source);
  job.n_parts = n_parts_of(options, *job.source);
  job.plan.report.files = gguf_part_paths(options.output, job.n_parts);
  for (const std::string& path : job.plan.report.files) check_output(path, options, *job.source);
  job.importance = importance_for(runtime, options);
  choose_types(runtime, options, job);
  GgufOutput output(options.output, job.n_parts);
  add_front(options, job, output);
  if (options.planned) options.planned(job.plan.report);
  write_tensors(runtime, options, job, output);
  output.commit();
  return std::move(job.plan.report);
}

}  // namespace wick
