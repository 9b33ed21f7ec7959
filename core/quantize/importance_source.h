// Where the importance for `quantize` comes from: a file, or a run of the source over a text.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "quantize/importance.h"
#include "quantize/type_choice.h"

namespace wick {

class GgufWriter;
class Runtime;
struct QuantizeOptions;

/// Of options.imatrix_file, or of the source over options.imatrix_text, which must be one of those
/// two. A checkpoint is first written as a GGUF file beside the output, which is gone when this
/// returns. Errors: those of read_importance(), quantize() and collect_importance().
Importance find_importance(Runtime& runtime, const QuantizeOptions& options);

/// The same choice, after the tensors of the plan have got what `importance` says of them, which
/// must outlive it. `subject` opens sentences. Errors: kBadFile where it has another number of
/// values than a tensor, or is of none of them.
std::unique_ptr<TypeChoice> with_importance(std::unique_ptr<TypeChoice> choice,
                                            const Importance& importance, std::string subject);

/// The same choice as importance that is not collected yet would have it.
std::unique_ptr<TypeChoice> with_importance_to_come(std::unique_ptr<TypeChoice> choice);

/// quantize.imatrix.*, as the field's other writers have it. `file`: empty where there is none.
void add_importance_keys(GgufWriter& writer, const Importance& importance, const std::string& file);

}  // namespace wick
