// See bound_model.h.
#include "model/bound_model.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <algorithm>

#include "graph/hidden_value.h"
#include "graph/metadata_table.h"
#include "graph/op_list.h"
#include "model/arch_session.h"
#include "model/registry_layouts.h"
#include "plugins/registry.h"

namespace wick {
namespace {

using TensorMap = std::map<std::string, DeclaredTensor, std::less<>>;

std::string shape_text(const std::vector<std::int64_t>& dims) {
  std::string text = "[";
  for (std::int64_t dim : dims) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + "]";
}

std::vector<std::int64_t> file_shape(const GgufTensor& tensor) {
  std::vector<std::int64_t> dims;
  for (std::uint32_t i = tensor.n_dims; i-- > 0;)
    dims.push_back(static_cast<std::int64_t>(tensor.dims[i]));
  return dims;
}

/// What the architecture needs, checked against the file.
TensorMap find_tensors(const GgufFile& file, const std::vector<TensorNeed>& needs) {
  TensorMap tensors;
  for (const TensorNeed& need : needs) {
    DeclaredTensor declared;
    for (const std::uint64_t dim : need.dims)
      declared.dims.push_back(static_cast<std::int64_t>(dim));
    const GgufTensor* tensor = file.find_tensor(need.name);
    declared.present = tensor != nullptr;
    if (!tensor && !need.optional)
      fail(ErrorCode::kBadFile, file.path(), ": tensor ", need.name,
           " is missing; the file is damaged or not complete");
    if (tensor && file_shape(*tensor) != declared.dims)
      fail(ErrorCode::kBadFile, file.path(), ": tensor ", need.name, " has the wrong shape, got ",
           shape_text(file_shape(*tensor)), ", need ", shape_text(declared.dims));
    tensors[need.name] = std::move(declared);
  }
  return tensors;
}

std::uint64_t count_parameters(const GgufFile& file) {
  std::uint64_t n = 0;
  for (const GgufTensor& tensor : file.tensors()) n += tensor.n_values;
  return n;
}

bool is_float(std::uint32_t type) {
  return type == WICK_TYPE_F32 || type == WICK_TYPE_F16 || type == WICK_TYPE_BF16;
}

void find_format(Registry& registry, const GgufFile& file, WeightSource& source) {
  const GgufTensor& tensor = *source.tensor;
  if (is_float(tensor.type_id)) return;
  if (plain_type_layout(tensor.type_id))
    fail(ErrorCode::kBadFile, file.path(), ": tensor ", tensor.name, " has type ", tensor.type_name,
         ", which is no weight; need a floating-point or quantized type");
  source.format = tensor.type_id >= WICK_TYPE_FIRST_LOCAL
                      ? registry.find("quant", tensor.type_name)
                      : registry.format_for_type(tensor.type_id);
  source.format_table = wick::format_table(source.format);
  const wick_format_v1& format = *source.format_table;
  if (!tensor.n_bytes || tensor.cols() % format.block_values != 0 ||
      *tensor.n_bytes != tensor.n_values / format.block_values * format.block_bytes)
    fail(ErrorCode::kBadFile, file.path(), ": tensor ", tensor.name,
         " does not have the size that its type ", tensor.type_name, " has");
}

}  // namespace

wick_weight_desc WeightSource::desc() const {
  auto d = sdk::make<wick_weight_desc>();
  d.use = use;
  d.name = sdk::to_str(name);
  d.n_rows = n_rows;
  d.n_cols = n_cols;
  const bool vector = (use & WICK_USE_VECTOR) != 0;
  d.storage = format_table && !vector ? format_table->storage : nullptr;
  d.plain_type = vector || format_table ? WICK_TYPE_F32 : tensor->type_id;
  return d;
}

std::unique_ptr<BoundModel> BoundModel::open(Registry& registry, const std::string& path) {
  std::unique_ptr<BoundModel> model(
      new BoundModel(GgufFile::open(path, RegistryLayouts(registry))));
  model->facts_.architecture = std::string(model->file_.need_string("general.architecture"));
  model->facts_.name = std::string(model->file_.get_string("general.name").value_or(""));
  model->facts_.file_bytes = model->file_.file_bytes();
  model->facts_.n_parameters = count_parameters(model->file_);
  model->read_architecture(registry.find("arch", model->facts_.architecture));
  model->bind_weights(registry);
  return model;
}

void BoundModel::show_hidden() {
  hidden_ = hidden_value(graph_);
  graph_.values[hidden_].is_output = true;
}

void BoundModel::read_architecture(const Provider& provider) {
  try {
    const FileMetadata metadata(file_);
    ArchSession session(provider, metadata);
    const wick_model_info info = session.info();
    facts_.n_layers = info.n_layers;
    facts_.context_length = info.context_length;
    facts_.vocab_size = info.vocab_size;
    facts_.model_dim = info.model_dim;
    graph_ = session.build(find_tensors(file_, session.tensors()));
  } catch (const Error& e) {
    // A shape that does not fit comes from the numbers in the file; the plugin's sentences do not
    // know its path.
    const ErrorCode code = e.code() == ErrorCode::kBadShape ? ErrorCode::kBadFile : e.code();
    const std::string sentence = e.what();
    throw Error(code,
                sentence.starts_with(file_.path()) ? sentence : file_.path() + ": " + sentence,
                e.hint());
  }
}

void BoundModel::bind_weights(Registry& registry) {
  std::vector<std::uint32_t> uses(graph_.values.size(), 0);
  for (const Node& node : graph_.nodes) {
    const OpRow& op = *find_op(node.op);  // the builder took no other
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (node.inputs[i] != WICK_NONE) uses[node.inputs[i]] |= op.use_of(i);
  }
  for (std::uint32_t i = 0; i < graph_.values.size(); ++i) {
    const Value& value = graph_.values[i];
    if (value.kind != WICK_VALUE_WEIGHT || uses[i] == 0) continue;
    WeightSource source;
    source.value = i;
    source.name = value.name;
    source.use = uses[i];
    source.tensor = file_.find_tensor(value.name);
    source.n_cols = source.tensor->cols();
    source.n_rows = source.tensor->rows();
    find_format(registry, file_, source);
    weights_.push_back(std::move(source));
  }
}

}  // namespace wick
