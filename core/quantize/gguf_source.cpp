// A GGUF file as a source: metadata is copied, matrices of products are encoded again.
#include <wick/error.h>

#include "files/gguf_writer.h"
#include "files/metadata_list.h"
#include "files/quoted.h"
#include "graph/metadata_table.h"
#include "model/bound_model.h"
#include "quantize/general_keys.h"
#include "quantize/product_weights.h"
#include "quantize/quantize_source.h"
#include "quantize/quantizer.h"
#include "quantize/type_choice.h"

namespace wick {
namespace {

/// How the source itself was made.
bool tells_of_encoding(std::string_view key) {
  return key == "general.file_type" || key.starts_with("quantize.imatrix.");
}

class GgufSource final : public QuantizeSource {
 public:
  GgufSource(Registry& registry, const std::string& path)
      : registry_(registry), model_(BoundModel::open(registry, path)) {}

  const std::string& path() const override { return model_->file().path(); }
  std::span<const MappedFile> files() const override { return model_->file().parts(); }

  std::vector<PlannedTensor> prepare(TypeChoice& choice, QuantizeReport& report) override {
    report.architecture = model_->facts().architecture;
    std::vector<PlannedTensor> plan;
    for (const GgufTensor& tensor : model_->file().tensors()) plan.push_back(planned(tensor));
    const std::set<std::string> products = product_weights(model_->graph());
    const FileMetadata metadata(model_->file());
    const std::vector<std::string> notes =
        choice.choose(plan, {products, metadata, report.architecture});
    for (const PlannedTensor& tensor : plan)
      if (tensor.stored.table && !tensor.stored.is_same(tensor.type)) {
        report.notes.push_back("the source is rounded already, as " + tensor.stored.layout.name +
                               "; one of 16 or 32 bits loses less");
        break;
      }
    report.notes.insert(report.notes.end(), notes.begin(), notes.end());
    add_type_keys(made_, choice.file_type());
    return plan;
  }

  bool is_split() const override { return files().size() > 1; }
  void add_metadata(GgufWriter& writer) const override {
    for (const GgufValue& value : model_->file().metadata())
      if (!made_.find(value.key) && !tells_of_encoding(value.key)) writer.add_value(value);
    made_.each([&](const GgufValue& value) { writer.add_value(value); });
  }

 private:
  PlannedTensor planned(const GgufTensor& tensor) {
    if (!tensor.n_bytes)
      fail(ErrorCode::kUnavailable, path(), ": tensor ", wick::quoted(tensor.name), ": its type ",
           tensor.type_id, " is not known, and it cannot be copied");
    PlannedTensor out;
    out.name = tensor.name;
    out.dims.assign(tensor.dims.rend() - tensor.n_dims, tensor.dims.rend());
    out.stored = out.type = stored_weight_type(registry_, tensor.type_id, tensor.type_name);
    out.n_rows = tensor.rows();
    out.n_cols = tensor.cols();
    out.file = tensor.part;
    out.parts = {{&model_->file().parts()[tensor.part], tensor.offset, tensor.data}};
    return out;
  }

  Registry& registry_;
  const std::unique_ptr<BoundModel> model_;
  MetadataList made_;
};

}  // namespace

std::unique_ptr<QuantizeSource> open_gguf_source(Registry& registry, const std::string& path) {
  return std::make_unique<GgufSource>(registry, path);
}

}  // namespace wick
