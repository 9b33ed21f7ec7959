// See importance_source.h.
#include "quantize/importance_source.h"

#include <wick/error.h>

#include <unistd.h>

#include "base/mapped_file.h"
#include "base/temporary_file.h"
#include "files/gguf_writer.h"
#include "files/quoted.h"
#include "plugins/runtime.h"
#include "quantize/importance_file.h"
#include "quantize/importance_run.h"
#include "quantize/quantizer.h"

namespace wick {
namespace {

/// Statistics of activations do not need more than 8 bits of the weights.
constexpr const char* kRunType = "BF16";

Importance run_model(Runtime& runtime, const std::string& path, const QuantizeOptions& options,
                     double begin) {
  const MappedFile text = MappedFile::open(options.imatrix_text);
  ImportanceRun run;
  run.model.path = path;
  run.collect.cancelled = options.cancelled;
  run.collect.progress = [&](std::uint64_t done, std::uint64_t all) {
    const double part = static_cast<double>(done) / static_cast<double>(all);
    if (options.imatrix_progress) options.imatrix_progress(begin + (1 - begin) * part);
  };
  Importance importance = importance_of_run(
      runtime, run, {reinterpret_cast<const char*>(text.bytes().data()), text.bytes().size()});
  importance.datasets = {options.imatrix_text};
  return importance;
}

class ImportanceChoice final : public TypeChoice {
 public:
  ImportanceChoice(std::unique_ptr<TypeChoice> choice, const Importance& importance,
                   std::string subject)
      : choice_(std::move(choice)), importance_(importance), subject_(std::move(subject)) {}

  std::string name() const override { return choice_->name(); }
  std::optional<std::uint32_t> file_type() const override { return choice_->file_type(); }

  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override {
    std::vector<std::string> missing;
    std::size_t n_found = 0;
    for (PlannedTensor& tensor : plan) {
      if (input.products.count(tensor.name) == 0) continue;
      const auto found = importance_.entries.find(tensor.name);
      if (found == importance_.entries.end()) {
        missing.push_back(tensor.name);
        continue;
      }
      give(tensor, found->second);
      ++n_found;
    }
    if (n_found == 0)
      fail(ErrorCode::kBadFile, subject_,
           ": has none of this model's matrices; it is of another model");
    ChoiceInput informed = input;
    informed.has_importance = true;
    std::vector<std::string> notes = choice_->choose(plan, informed);
    if (!missing.empty()) notes.push_back(note_of(missing));
    return notes;
  }

 private:
  void give(PlannedTensor& tensor, const ColumnSums& entry) const {
    const std::uint64_t n_matrices = tensor.dims.size() > 2 ? tensor.dims.front() : 1;
    if (entry.n_matrices() != n_matrices || entry.sums.size() != n_matrices * tensor.n_cols)
      fail(ErrorCode::kBadFile, subject_, ": ", wick::quoted(tensor.name), " has ",
           entry.sums.size(), " values of ", entry.n_matrices(), " matrices, need ",
           n_matrices * tensor.n_cols, " of ", n_matrices, "; it is of another model");
    tensor.importance = Importance::weights(entry);
  }

  std::string note_of(const std::vector<std::string>& missing) const {
    constexpr std::size_t kShown = 3;
    std::string names;
    for (std::size_t i = 0; i < missing.size() && i < kShown; ++i)
      names += (i > 0 ? ", " : "") + missing[i];
    if (missing.size() > kShown) names += ", ...";
    return subject_ + " has nothing of " + std::to_string(missing.size()) +
           " matrices, whose values all weigh the same: " + names;
  }

  const std::unique_ptr<TypeChoice> choice_;
  const Importance& importance_;
  const std::string subject_;
};

class ImportanceToCome final : public TypeChoice {
 public:
  explicit ImportanceToCome(std::unique_ptr<TypeChoice> choice) : choice_(std::move(choice)) {}

  std::string name() const override { return choice_->name(); }
  std::optional<std::uint32_t> file_type() const override { return choice_->file_type(); }

  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override {
    ChoiceInput weighed = input;
    weighed.has_importance = true;
    return choice_->choose(plan, weighed);
  }

 private:
  const std::unique_ptr<TypeChoice> choice_;
};

}  // namespace

std::unique_ptr<TypeChoice> with_importance_to_come(std::unique_ptr<TypeChoice> choice) {
  return std::make_unique<ImportanceToCome>(std::move(choice));
}

Importance find_importance(Runtime& runtime, const QuantizeOptions& options) {
  if (options.imatrix_text.empty()) return read_importance(options.imatrix_file);
  if (!is_checkpoint(options.source)) return run_model(runtime, options.source, options, 0);
  constexpr double kWriting = 0.2;  // of the time, or so
  const TemporaryFile file(options.output + ".imatrix-" + std::to_string(::getpid()) + ".gguf");
  QuantizeOptions writing;
  writing.source = options.source;
  writing.output = file.path();
  writing.type = kRunType;
  writing.force = true;
  writing.allow_nonfinite = options.allow_nonfinite;
  writing.cancelled = options.cancelled;
  writing.progress = [&](double done) {
    if (options.imatrix_progress) options.imatrix_progress(done * kWriting);
  };
  quantize(runtime, writing);
  return run_model(runtime, file.path(), options, kWriting);
}

std::unique_ptr<TypeChoice> with_importance(std::unique_ptr<TypeChoice> choice,
                                            const Importance& importance, std::string subject) {
  return std::make_unique<ImportanceChoice>(std::move(choice), importance, std::move(subject));
}

void add_importance_keys(GgufWriter& writer, const Importance& importance,
                         const std::string& file) {
  if (!file.empty()) writer.add_string("quantize.imatrix.file", file);
  if (!importance.datasets.empty())
    writer.add_string("quantize.imatrix.dataset", importance.datasets.front());
  writer.add_number<std::uint32_t>("quantize.imatrix.entries_count",
                                   static_cast<std::uint32_t>(importance.entries.size()));
  if (importance.n_windows > 0)
    writer.add_number<std::uint32_t>("quantize.imatrix.chunks_count", importance.n_windows);
}

}  // namespace wick
