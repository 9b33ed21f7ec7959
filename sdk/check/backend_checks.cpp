// The conformance kit on a backend's first device.
#include "provider_checks.h"
#include "skewed_backend.h"

#include "conformance/cases/all.h"
#include "conformance/honesty.h"
#include "conformance/state_checks.h"

#include <algorithm>
#include <map>
#include <set>

namespace wick::check {
namespace {

using conformance::Case;
using conformance::Device;
using conformance::StateChecks;

struct OpResult {
  std::uint32_t n_passed = 0, n_failed = 0, n_unsupported = 0;
  double of_bound = 0;
  std::string first_failure;
};

std::string summary(const OpResult& result) {
  std::string text = std::to_string(result.n_passed) + " cases";
  if (result.n_unsupported > 0)
    text += ", " + std::to_string(result.n_unsupported) + " not supported";
  return text + ", largest error " + std::to_string(static_cast<int>(result.of_bound * 100)) +
         " % of its bound";
}

void check_case(const Device& device, const Case& c, OpResult& result) {
  conformance::Outcome outcome;
  try {
    outcome = conformance::check(device, c);
  } catch (const Error& e) {
    outcome.verdict = conformance::Outcome::Verdict::kFailed;
    outcome.text = e.what();
  }
  if (outcome.verdict == conformance::Outcome::Verdict::kUnsupported) {
    ++result.n_unsupported;
  } else if (outcome.failed()) {
    if (result.n_failed++ == 0) result.first_failure = c.name + ": " + outcome.text;
  } else {
    ++result.n_passed;
    result.of_bound = std::max(result.of_bound, outcome.of_bound);
  }
}

std::map<std::string, std::vector<Case>> cases_by_op() {
  std::map<std::string, std::vector<Case>> by_op;
  for (const Case& c : conformance::all_cases()) by_op[c.op].push_back(c);
  return by_op;
}

/// Whether the kit's small model can run on the device with weights of that class.
bool runs_small_model(const Device& device, const conformance::StorageEntry& storage) {
  for (const char* op : {"embed@1", "matmul@1"})
    if (!device.supports(op, storage.pointer(), storage.plain_type)) return false;
  for (const char* op : {"rms_norm@1", "rope@1", "attention@1", "short_conv@1", "add@1"})
    if (!device.supports(op, nullptr, WICK_TYPE_F32)) return false;
  return true;
}

std::string check_states(const Device& device, const conformance::StorageEntry& storage,
                         bool precise) {
  StateChecks checks(device, storage, {false, precise});
  std::string (StateChecks::*const all[])() = {
      &StateChecks::oracle,   &StateChecks::fork,        &StateChecks::save_and_restore,
      &StateChecks::resize,   &StateChecks::interleaved, &StateChecks::shared_prefix,
      &StateChecks::truncated};
  const char* const names[] = {"oracle",      "fork",          "save and restore", "resize",
                               "interleaved", "shared prefix", "truncated"};
  for (std::size_t i = 0; i < std::size(all); ++i)
    if (const std::string wrong = (checks.*all[i])(); !wrong.empty())
      return std::string(names[i]) + ": " + wrong;
  for (const std::uint32_t n : {1u, 7u, 32u})
    if (const std::string wrong = checks.pieces(n); !wrong.empty())
      return "pieces of " + std::to_string(n) + ": " + wrong;
  return "";
}

conformance::StorageEntry storage_named(const std::string& name) {
  for (const auto& storage : conformance::all_storage())
    if (storage.name == name) return storage;
  fail(ErrorCode::kInternal, "the kit has no storage class ", name);
}

/// The first case of an op in plain float32 that the device supports.
const Case* small_case(const Device& device, const std::vector<Case>& cases) {
  for (const Case& c : cases)
    if (device.supports(c.op, c.storage.pointer(), c.storage.plain_type)) return &c;
  return nullptr;
}

}  // namespace

void backend_numerics(const Registered& provider, Tally& ops, const Sender& sender) {
  SkewedBackend backend(provider.provider);
  if (backend.n_devices() == 0)
    return sender.skipped("backend " + provider.id, "it finds no device here");
  const Device device = backend.device(0, provider.id);
  for (const auto& [op, cases] : cases_by_op()) {
    sender.begin(op);
    OpResult result;
    for (const Case& c : cases) check_case(device, c, result);
    ++ops.n_all;
    if (result.n_failed > 0) {
      sender.failed(op, std::to_string(result.n_failed) + " of " + std::to_string(cases.size()) +
                            " cases: " + result.first_failure);
    } else if (result.n_passed == 0) {
      sender.skipped(op, "not supported");
    } else {
      ++ops.n_passed;
      sender.passed(op, summary(result));
    }
  }
  for (const char* name : {"f32", "u8g32", "u4g32x2m"})
    for (const bool precise : {true, false}) {
      const auto storage = storage_named(name);
      const std::string subject = std::string("state, ") + name + (precise ? " precise" : " fast");
      sender.begin(subject);
      if (runs_small_model(device, storage))
        sender.result(subject, check_states(device, storage, precise));
      else
        sender.skipped(subject, "an op of the kit's small model is not supported");
    }
}

void skew_backend(const Registered& provider, const Sender& sender) {
  SkewedBackend backend(provider.provider);
  const std::string subject = "backend " + provider.id;
  sender.begin(subject);
  if (backend.n_devices() == 0) return sender.skipped(subject, "it finds no device here");
  const Device device = backend.device(0, provider.id);
  OpResult result;
  for (const auto& [op, cases] : cases_by_op())
    if (const Case* c = small_case(device, cases)) check_case(device, *c, result);
  std::string wrong = result.first_failure;
  const auto f32 = conformance::plain_types()[0];
  if (wrong.empty() && runs_small_model(device, f32)) {
    wrong = check_states(device, f32, true);
    if (wrong.empty()) wrong = conformance::check_estimate(device, f32, true);
  }
  if (wrong.empty()) wrong = conformance::check_limits(device);
  if (!breach().empty()) wrong = breach();
  sender.result(subject, wrong, std::to_string(result.n_passed) + " cases and the state");
}

void backend_errors(const Registered& provider, const Sender& sender) {
  SkewedBackend backend(provider.provider);
  const std::uint32_t n = backend.n_devices();
  if (n == 0) return sender.skipped("backend " + provider.id, "it finds no device here");
  const Device device = backend.device(0, provider.id), none = backend.device(n, provider.id);
  const auto check = [&](const std::string& subject, auto body) {
    sender.begin(subject);
    sender.result(subject, need_refusal(body));
  };
  check("info of a device that is not there", [&] { none.info(); });
  check("buffer of a device that is not there", [&] { none.buffer(4); });
  if (none.measures_limits())
    check("limits of a device that is not there", [&] { none.limits(1); });
  sender.begin("unknown op");
  sender.result("unknown op", conformance::check_unknown_op(device));
  for (const char* name : {"u8g32", "u4g32x2m"}) {
    const auto storage = storage_named(name);
    const std::string subject = std::string("ragged rows, ") + name;
    sender.begin(subject);
    if (device.supports("matmul@1", storage.pointer(), 0))
      sender.result(subject, conformance::check_ragged_weight(device, storage));
  }
  sender.begin("estimate");
  const auto f32 = conformance::plain_types()[0];
  if (runs_small_model(device, f32))
    sender.result("estimate", conformance::check_estimate(device, f32, true),
                  "within 3 % of what is allocated");
}

void use_backend(const Registered& provider) {
  SkewedBackend backend(provider.provider);
  if (backend.n_devices() == 0) return;
  const Device device = backend.device(0, provider.id);
  device.info();
  // One op with a weight and one with state: every function that allocates is called.
  for (const char* op : {"matmul@1", "attention@1", "short_conv@1"}) {
    const auto cases = cases_by_op().at(op);
    if (const Case* c = small_case(device, cases)) conformance::check(device, *c);
  }
}

}  // namespace wick::check
