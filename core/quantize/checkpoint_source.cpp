// A Hugging Face checkpoint as a source: config.json, safetensors and tokenizer become keys and
// tensors.
#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <filesystem>

#include "files/gguf_writer.h"
#include "files/json_file.h"
#include "files/quoted.h"
#include "files/safetensors.h"
#include "model/arch_session.h"
#include "plugins/known_plugins.h"
#include "plugins/registry.h"
#include "quantize/checkpoint_config.h"
#include "quantize/checkpoint_plan.h"
#include "quantize/general_keys.h"
#include "quantize/product_weights.h"
#include "quantize/quantize_source.h"
#include "quantize/quantizer.h"
#include "quantize/type_choice.h"
#include "text/checkpoint_tokenizer.h"
#include "text/tokenizer_json.h"

namespace wick {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t kMaxConfigBytes = 16 << 20;

/// Where a source's files lie.
std::string folder_of(const std::string& source) {
  std::error_code ignored;
  fs::path path =
      fs::is_directory(source, ignored) ? fs::path(source) : fs::path(source).parent_path();
  return path.empty() ? "." : path.string();
}

std::string name_of(const std::string& folder) {
  std::error_code ignored;
  fs::path path = fs::weakly_canonical(folder, ignored);
  if (path.filename().empty()) path = path.parent_path();
  return title_of(path.filename().string());
}

/// The class that config.json names.
std::string checkpoint_class(const json::object& config, const std::string& subject) {
  const json::array& names = json_array(config, "architectures", subject);
  if (names.empty() || !names[0].is_string())
    fail(ErrorCode::kBadFile, subject, ": 'architectures' names no class");
  return std::string(names[0].get_string());
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Weights that another method has packed are no rows of numbers.
void need_plain_weights(const json::object& config, const std::string& subject) {
  const json::value* packed = json_member(config, "quantization_config");
  if (!packed) return;
  const std::string method =
      packed->is_object() ? json_text(packed->get_object(), "quant_method", subject) : "";
  fail(ErrorCode::kUnavailable, subject, ": its weights are quantized already, by ",
       wick::quoted(method),
       " ('quantization_config'), need the checkpoint that they were made of");
}

/// The architecture whose manifest promises to convert that class.
Provider find_converter(Registry& registry, const std::string& name, const std::string& subject) {
  std::string known;
  for (const Offer& offer : registry.offers("arch")) {
    if (has(offer.checkpoints, name)) return registry.find("arch", offer.id);
    for (const std::string& other : offer.checkpoints) known += (known.empty() ? "" : ", ") + other;
  }
  std::string hint;
  for (const KnownPlugin& plugin : known_plugins())
    for (const Promise& promise : plugin.provides)
      if (has(promise.checkpoints, name))
        hint = "; its plugin " + plugin.id + " is not installed or not usable: see wick plugins";
  fail(ErrorCode::kUnavailable, subject, ": no plugin converts the class ", wick::quoted(name),
       ", need one of: ", known.empty() ? "none is installed" : known, hint);
}

/// What a plugin says knows no path. What is said of an option needs none.
template <class Body>
auto with_subject(const std::string& subject, Body body) {
  try {
    return body();
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kUsage) throw;
    const std::string sentence = e.what();
    const ErrorCode code = e.code() == ErrorCode::kBadShape ? ErrorCode::kBadFile : e.code();
    const bool has_path = sentence.rfind(folder_of(subject) + "/", 0) == 0;
    throw Error(code, has_path ? sentence : subject + ": " + sentence, e.hint());
  }
}

std::uint64_t values_of(const SafetensorsFile& file) {
  std::uint64_t n = 0;
  for (const SafeTensor& tensor : file.tensors()) n += tensor.n_values;
  return n;
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), more.begin(), more.end());
}

class CheckpointSource final : public QuantizeSource {
 public:
  CheckpointSource(Registry& registry, const std::string& path)
      : registry_(registry),
        folder_(folder_of(path)),
        subject_(folder_ + "/config.json"),
        source_(SafetensorsFile::open(path)),
        config_(read_json_object(subject_, kMaxConfigBytes)) {}

  const std::string& path() const override { return source_.path(); }
  std::span<const MappedFile> files() const override { return source_.parts(); }

  std::vector<PlannedTensor> prepare(TypeChoice& choice, QuantizeReport& report) override {
    return with_subject(subject_, [&] { return make_plan(choice, report); });
  }
  void add_metadata(GgufWriter& writer) const override {
    made_.metadata.each([&](const GgufValue& value) { writer.add_value(value); });
  }

 private:
  std::vector<PlannedTensor> make_plan(TypeChoice& choice, QuantizeReport& report) {
    const Provider arch = find_converter(registry_, checkpoint_class(config_, subject_), subject_);
    need_plain_weights(config_, subject_);
    report.architecture = arch.id;
    add_general_keys(made_.metadata, arch.id, name_of(folder_), values_of(source_));
    convert_config(arch, CheckpointConfig(config_, source_, subject_), made_);
    ArchSession session(arch, made_);
    const std::vector<TensorNeed> needs = session.tensors();
    std::vector<PlannedTensor> plan = plan_checkpoint(source_, needs, made_);
    append(report.notes, unused_tensors(source_, plan, needs, made_));
    const Graph graph = session.build(declared(needs, plan));
    const std::set<std::string> products = product_weights(graph);
    append(report.notes, choice.choose(plan, {products, made_, arch.id}));
    add_type_keys(made_.metadata, choice.file_type());
    append(report.notes,
           add_checkpoint_tokenizer(folder_, config_, session.info().vocab_size, made_.metadata));
    return plan;
  }

  Registry& registry_;
  const std::string folder_, subject_;
  const SafetensorsFile source_;
  const json::object config_;
  ConvertedConfig made_;
};

}  // namespace

std::unique_ptr<QuantizeSource> open_checkpoint(Registry& registry, const std::string& path) {
  return std::make_unique<CheckpointSource>(registry, path);
}

}  // namespace wick
