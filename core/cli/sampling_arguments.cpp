// From words to SamplingOptions; the defaults are theirs.
#include "cli/sampling_arguments.h"

#include <wick/error.h>

#include <random>

#include "cli/numbers.h"

namespace wick::cli {
namespace {

constexpr RealRange kProbability{0, 1};
constexpr RealRange kPenalty{-100, 100};

MirostatOptions mirostat_option(const Arguments& arguments) {
  const std::vector<std::string> parts = list_option(arguments, "mirostat");
  if (parts.size() > 2)
    fail(ErrorCode::kUsage, "run: --mirostat: got ", parts.size(), " numbers, need TAU or TAU,ETA");
  MirostatOptions options;
  options.tau = parse_real("run: --mirostat: TAU", parts[0], {0.01, 100});
  if (parts.size() > 1) options.eta = parse_real("run: --mirostat: ETA", parts[1], {0.0001, 10});
  return options;
}

std::uint64_t seed_option(const Arguments& arguments) {
  const std::int64_t seed = integer_option(arguments, "seed", {-1, INT64_MAX}).value_or(-1);
  // 32 bits are enough, and can be typed again.
  return seed >= 0 ? static_cast<std::uint64_t>(seed) : std::random_device{}();
}

}  // namespace

OptionGroup sampling_option_group() {
  return {
      "Sampling",
      {{"temp", 0, "T", "0 takes the likeliest token, higher is more varied; default 0.8"},
       {"top-k", 0, "K", "of the K likeliest tokens; 0: of all; default 40"},
       {"top-p", 0, "P", "of the likeliest that reach probability P; default 0.95"},
       {"min-p", 0, "P", "of those at least P times as likely as the likeliest; default 0.05"},
       {"typical", 0, "P", "of the most typical that reach probability P; default 1: off"},
       {"mirostat", 0, "TAU,ETA", "steers the surprise towards TAU bits instead of the four above"},
       {"repeat-penalty", 0, "R", "divides the scores of recent tokens; default 1: off"},
       {"frequency-penalty", 0, "R", "lowers them by R for each time they came; default 0"},
       {"presence-penalty", 0, "R", "lowers them by R once; default 0"},
       {"repeat-last", 0, "N", "tokens that penalties look back at; -1: all; default 64"},
       {"seed", 's', "S", "the same seed gives the same text; default: random"}}};
}

SamplingOptions sampling_options(const Arguments& arguments) {
  SamplingOptions options;
  const auto set = [&](double& value, const char* name, RealRange range) {
    value = real_option(arguments, name, range).value_or(value);
  };
  const auto set_integer = [&](std::int32_t& value, const char* name, std::int64_t least) {
    value = static_cast<std::int32_t>(
        integer_option(arguments, name, {least, INT32_MAX}).value_or(value));
  };
  set(options.temperature, "temp", {0, 1000});
  set_integer(options.top_k, "top-k", 0);
  set(options.top_p, "top-p", kProbability);
  set(options.min_p, "min-p", kProbability);
  set(options.typical_p, "typical", kProbability);
  if (arguments.has("mirostat")) options.mirostat = mirostat_option(arguments);
  set(options.repeat_penalty, "repeat-penalty", {0.01, 100});
  set(options.frequency_penalty, "frequency-penalty", kPenalty);
  set(options.presence_penalty, "presence-penalty", kPenalty);
  set_integer(options.repeat_last_n, "repeat-last", -1);
  options.seed = seed_option(arguments);
  return options;
}

}  // namespace wick::cli
