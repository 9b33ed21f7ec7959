// make_nf4 SOURCE OUT PLUGIN FOLDER: writes a model again with the format of PLUGIN, every matrix
// whose rows are whole blocks. FOLDER has the plugins that read SOURCE. A test helper.
#include <wick/abi/format.h>
#include <wick/error.h>
#include <wick/sdk/guard.h>
#include <wick/sdk/half.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "files/gguf.h"
#include "files/gguf_writer.h"
#include "graph/host_tables.h"
#include "model/registry_layouts.h"
#include "plugins/runtime.h"

namespace wick {
namespace {

constexpr char kFormat[] = "org.wick.nf4@1";
constexpr std::uint32_t kTypeId = kFirstLocalTypeId;

/// The values of whole rows, from a format's blocks or a plain type.
std::vector<float> decode(Registry& registry, const GgufTensor& tensor) {
  std::vector<float> values(tensor.n_values);
  if (!plain_type_layout(tensor.type_id)) {
    const Provider provider = registry.format_for_type(tensor.type_id);
    sdk::check([&](wick_error* e) {
      return format_table(provider)->decode(provider.self, tensor.data.data(), values.size(),
                                            values.data(), e);
    });
    return values;
  }
  if (tensor.type_id == WICK_TYPE_F32) {
    std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    return values;
  }
  if (tensor.type_id != WICK_TYPE_F16 && tensor.type_id != WICK_TYPE_BF16)
    fail(ErrorCode::kBadFile, tensor.name, ": no weights, got type ", tensor.type_id);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, tensor.data.data() + i * sizeof bits, sizeof bits);
    values[i] = tensor.type_id == WICK_TYPE_F16 ? sdk::f16_to_f32(bits) : sdk::bf16_to_f32(bits);
  }
  return values;
}

std::vector<std::byte> encode(const Provider& format, const std::vector<float>& values) {
  const wick_format_v1& table = *format_table(format);
  std::vector<std::byte> blocks(values.size() / table.block_values * table.block_bytes);
  sdk::check([&](wick_error* e) {
    return table.encode(format.self, values.data(), nullptr, values.size(), blocks.data(), e);
  });
  return blocks;
}

TypeLayout layout_of(const GgufTensor& tensor) {
  if (const auto plain = plain_type_layout(tensor.type_id)) return *plain;
  // Copied as they are: a row is one block, whatever it is made of.
  return {tensor.type_name, tensor.cols(), *tensor.n_bytes / tensor.rows()};
}

void convert(const char* source, const char* out, Registry& registry) {
  const RegistryLayouts layouts(registry);
  const GgufFile file = GgufFile::open(source, layouts);
  const Provider format = registry.find("quant", kFormat);
  const wick_format_v1& table = *format_table(format);
  const auto is_converted = [&](const GgufTensor& tensor) {
    return tensor.n_dims == 2 && tensor.cols() % table.block_values == 0;
  };
  GgufWriter writer(out);
  for (const GgufValue& value : file.metadata())
    if (value.key != "general.file_type") writer.add_value(value);
  for (const GgufTensor& tensor : file.tensors()) {
    GgufTensorSpec spec{std::string(tensor.name), {}, tensor.type_id, layout_of(tensor)};
    spec.dims.assign(tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims);
    if (is_converted(tensor)) {
      spec.type_id = kTypeId;
      spec.layout = {kFormat, table.block_values, table.block_bytes};
    }
    writer.add_tensor(std::move(spec));
  }
  writer.begin();
  for (const GgufTensor& tensor : file.tensors()) {
    if (is_converted(tensor))
      writer.write_data(encode(format, decode(registry, tensor)));
    else
      writer.write_data(tensor.data);
  }
  writer.finish();
}

}  // namespace
}  // namespace wick

int main(int n_arguments, char** arguments) {
  if (n_arguments != 5) return 2;
  try {
    wick::RuntimeOptions options;
    options.n_threads = 1;
    options.plugin_files = {arguments[3]};
    options.directories = std::vector<wick::SearchDirectory>{{arguments[4], true}};
    options.tables = wick::host_tables();
    wick::Runtime runtime(options);
    wick::convert(arguments[1], arguments[2], runtime.registry());
    return 0;
  } catch (const wick::Error& e) {
    std::fprintf(stderr, "make_nf4: %s\n", e.what());
    return 1;
  }
}
