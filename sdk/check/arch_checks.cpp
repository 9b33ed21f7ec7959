// An architecture on small models that do not exist: its tensors and its graph go together, and the
// reference ops can run it, in one piece as in several.
#include "arch_under_test.h"
#include "metadata_file.h"
#include "provider_checks.h"

#include "conformance/experiment.h"

#include <cmath>
#include <set>

namespace wick::check {
namespace {

constexpr std::uint32_t kTokens = 40;

/// The ways in which the model that does not exist may be made.
struct Variant {
  const char* name;
  bool has_optional;
  bool has_experts;
  bool has_bare_layers;  ///< layers without attention: a list of head counts with zeros
};
constexpr Variant kVariants[] = {{"plain", false, false, false},
                                 {"optional tensors", true, false, false},
                                 {"layers without attention", false, false, true},
                                 {"experts", false, true, false},
                                 {"experts, layers without attention", false, true, true}};

SampleModel make_sample(const std::string& id, const Variant& variant, const Settings& settings) {
  SampleModel model = sample_model(id);
  if (variant.has_bare_layers)
    model.keys[id + ".attention.head_count_kv"] = std::vector<std::int64_t>{0, 2, 0};
  if (variant.has_experts) {
    model.keys[id + ".expert_count"] = std::int64_t{4};
    model.keys[id + ".expert_used_count"] = std::int64_t{2};
    model.keys[id + ".expert_feed_forward_length"] = std::int64_t{32};
    model.keys[id + ".expert_gating_func"] = std::int64_t{2};
    model.keys[id + ".leading_dense_block_count"] = std::int64_t{1};
  }
  if (!settings.metadata.empty()) add_metadata(settings.metadata, model);
  return model;
}

std::string check_tensors(const std::vector<DeclaredTensor>& tensors, std::uint32_t n_layers) {
  std::set<std::string> names;
  for (const DeclaredTensor& tensor : tensors) {
    if (tensor.name.empty() || !names.insert(tensor.name).second)
      return "the tensor \"" + tensor.name + "\" is declared twice or has no name";
    if (tensor.dims.empty()) return tensor.name + ": has no dimensions";
    for (const std::uint64_t dim : tensor.dims)
      if (dim == 0 || dim > 1u << 20)
        return tensor.name + ": has a dimension of " + std::to_string(dim);
    if (tensor.layer < -1 || tensor.layer >= static_cast<std::int32_t>(n_layers))
      return tensor.name + ": is of layer " + std::to_string(tensor.layer);
    if (tensor.role.empty()) return tensor.name + ": has no role, so that no recipe knows it";
  }
  return tensors.empty() ? "no tensor is declared" : "";
}

/// A model of random weights: matrices of the size that keeps activations near 1.
conformance::Setup make_setup(BuilderHost& builder, const std::vector<DeclaredTensor>& tensors) {
  conformance::Setup setup;
  conformance::Random random(7);
  for (const DeclaredTensor& tensor : tensors) {
    const auto found = builder.weights().find(tensor.name);
    if (found == builder.weights().end()) continue;
    std::size_t n_rows = 1;
    for (std::size_t i = 0; i + 1 < tensor.dims.size(); ++i) n_rows *= tensor.dims[i];
    const std::size_t n_cols = tensor.dims.back();
    auto values = conformance::make_input(conformance::InputClass::kNormal, n_rows, n_cols, random);
    const bool is_vector = tensor.dims.size() == 1;
    for (double& value : values.values)
      value = is_vector ? 1.0 + 0.1 * value : value / std::sqrt(static_cast<double>(n_cols));
    setup.weights[found->second] = conformance::plain_weight(
        WICK_TYPE_F32, values, is_vector ? WICK_USE_VECTOR : WICK_USE_MATMUL);
  }
  setup.graph = builder.graph();
  setup.output = builder.logits();
  setup.max_tokens = kTokens;
  setup.n_blocks = 2;
  return setup;
}

std::vector<double> run_in_pieces(const conformance::Setup& setup, std::uint32_t n,
                                  std::uint64_t vocab_size) {
  conformance::Oracle oracle(setup);
  std::vector<double> logits;
  for (std::uint32_t p = 0; p < kTokens; p += n) {
    conformance::Step step;
    const auto token = [&](std::uint32_t, std::uint32_t at) {
      return static_cast<std::int32_t>(
          conformance::Random(at).below(static_cast<std::uint32_t>(vocab_size)));
    };
    step.batch = conformance::BatchFixture({{0, p, std::min(n, kTokens - p), {1, 0}}}, token);
    step.batch.want_all();
    const auto& values = oracle.run(step)[setup.output].values;
    logits.insert(logits.end(), values.begin(), values.end());
  }
  return logits;
}

std::string check_run(const conformance::Setup& setup, std::uint64_t vocab_size) {
  const auto whole = run_in_pieces(setup, kTokens, vocab_size);
  if (whole.size() != kTokens * vocab_size)
    return "it gives " + std::to_string(whole.size()) + " logits, need " +
           std::to_string(kTokens * vocab_size);
  for (const double value : whole)
    if (!std::isfinite(value)) return "a logit is not finite";
  for (const std::uint32_t n : {1u, 7u}) {
    const auto pieces = run_in_pieces(setup, n, vocab_size);
    for (std::size_t i = 0; i < whole.size(); ++i)
      if (std::fabs(pieces[i] - whole[i]) > 1e-9 * (1.0 + std::fabs(whole[i])))
        return "a prompt in pieces of " + std::to_string(n) +
               " gives other logits: something is kept between tokens that is not declared";
  }
  return "";
}

/// Empty where all goes together. Errors: what open() reports.
std::string check_variant(const Registered& provider, const Variant& variant,
                          const Settings& settings, std::string& right) {
  SampleModel sample = make_sample(provider.id, variant, settings);
  const ArchUnderTest model(provider, sample);
  const wick_model_info info = model.info();
  if (info.n_layers == 0 || info.vocab_size == 0 || info.model_dim == 0)
    return "info() leaves the layers, the vocabulary or the width at 0";
  const auto tensors = model.tensors();
  if (std::string wrong = check_tensors(tensors, info.n_layers); !wrong.empty()) return wrong;
  BuilderHost builder(tensors, variant.has_optional);
  model.build(builder);
  if (builder.logits() == WICK_NONE) return "build() names no output \"logits\"";
  if (builder.logits_width() != static_cast<std::int64_t>(info.vocab_size))
    return "the logits have " + std::to_string(builder.logits_width()) + " columns, need " +
           std::to_string(info.vocab_size);
  for (const DeclaredTensor& tensor : tensors)
    if (!tensor.optional && builder.weights().count(tensor.name) == 0)
      return tensor.name + ": is declared, and the graph does not use it";
  right = std::to_string(tensors.size()) + " tensors, " + std::to_string(builder.n_calls()) +
          " calls of the builder; runs in pieces";
  return check_run(make_setup(builder, tensors), info.vocab_size);
}

/// The first variant that opens. Errors: what the first one reports, where none does.
Variant first_variant(const Registered& provider, const Settings& settings) {
  std::string sentence;
  for (const Variant& variant : kVariants) {
    try {
      SampleModel sample = make_sample(provider.id, variant, settings);
      const ArchUnderTest model(provider, sample);
      return variant;
    } catch (const Error& e) {
      if (sentence.empty()) sentence = e.what();
    }
  }
  fail(ErrorCode::kUnavailable, sentence,
       "; where the standard keys make no model, give others with --metadata FILE");
}

/// Every number that it reads, replaced by one that makes no model. It may take it or refuse it.
void try_hostile_numbers(const Registered& provider, const Settings& settings,
                         const Variant& variant) {
  SampleModel seen = make_sample(provider.id, variant, settings);
  { const ArchUnderTest model(provider, seen); }
  for (const std::string& key : seen.asked)
    for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{3}, INT64_MAX}) {
      SampleModel sample = make_sample(provider.id, variant, settings);
      sample.keys[key] = bad;
      try {
        const ArchUnderTest model(provider, sample);
        const auto info = model.info();
        if (info.n_layers < 100) static_cast<void>(model.tensors());
      } catch (const Error&) {
        // Refused, as it should be.
      }
    }
}

}  // namespace

void arch_numerics(const Registered& provider, const Settings& settings, Tally& archs,
                   const Sender& sender) {
  ++archs.n_all;
  bool fine = true;
  std::uint32_t n_opened = 0;
  std::string first_refusal;
  for (const Variant& variant : kVariants) {
    const std::string subject = "arch " + provider.id + ", " + variant.name;
    sender.begin(subject);
    std::string right;
    try {
      SampleModel sample = make_sample(provider.id, variant, settings);
      const ArchUnderTest model(provider, sample);
      ++n_opened;
    } catch (const Error& e) {
      if (first_refusal.empty()) first_refusal = e.what();
      sender.skipped(subject, std::string("refused: ") + e.what());
      continue;
    }
    std::string wrong;
    try {
      wrong = check_variant(provider, variant, settings, right);
    } catch (const Error& e) {
      wrong = e.what();
    }
    fine = fine && wrong.empty();
    sender.result(subject, wrong, right);
  }
  if (n_opened == 0)
    sender.failed("arch " + provider.id,
                  "opens none of the sample models: " + first_refusal +
                      "; where the standard keys make no model, give others with --metadata FILE");
  if (fine && n_opened > 0) ++archs.n_passed;
}

void skew_arch(const Registered& provider, const Settings& settings, const Sender& sender) {
  const std::string subject = "arch " + provider.id;
  sender.begin(subject);
  std::string right;
  std::string wrong = check_variant(provider, first_variant(provider, settings), settings, right);
  if (!breach().empty()) wrong = breach();
  sender.result(subject, wrong);
}

void arch_errors(const Registered& provider, const Settings& settings, const Sender& sender) {
  const std::string subject = "arch " + provider.id + ", ";
  const auto check = [&](const std::string& what, auto body) {
    sender.begin(subject + what);
    sender.result(subject + what, need_refusal(body));
  };
  check("no metadata", [&] {
    SampleModel empty;
    const ArchUnderTest model(provider, empty);
  });
  const Variant variant = first_variant(provider, settings);
  SampleModel sample = make_sample(provider.id, variant, settings);
  const ArchUnderTest model(provider, sample);
  check("a host that takes one tensor", [&] { model.tensors_refused_after(1); });
  const auto tensors = model.tensors();
  BuilderHost whole(tensors, variant.has_optional);
  model.build(whole);
  sender.begin(subject + "a builder that refuses");
  std::string wrong;
  for (std::uint32_t n = 1; n <= whole.n_calls() && wrong.empty(); ++n) {
    BuilderHost builder(tensors, variant.has_optional);
    builder.fail_call(n);
    wrong = need_refusal([&] { model.build(builder); });
    if (!wrong.empty()) wrong = "call " + std::to_string(n) + " fails, and " + wrong;
  }
  sender.result(subject + "a builder that refuses", wrong,
                "each of " + std::to_string(whole.n_calls()) + " calls");
  sender.begin(subject + "hostile numbers");
  try_hostile_numbers(provider, settings, variant);
  sender.passed(subject + "hostile numbers", "no crash");
}

std::function<void()> arch_pass(const Registered& provider, const Settings& settings) {
  const Variant variant = first_variant(provider, settings);
  return [&provider, settings, variant] {
    SampleModel sample = make_sample(provider.id, variant, settings);
    const ArchUnderTest model(provider, sample);
    static_cast<void>(model.info());
    const auto tensors = model.tensors();
    BuilderHost builder(tensors, variant.has_optional);
    model.build(builder);
  };
}

}  // namespace wick::check
