// See profile.h.
#include "profile.h"

namespace wick::opencl {

void Profile::forget() noexcept {
  for (const auto& [step, event] : events_) api().ReleaseEvent(event);
  events_.clear();
}

void Profile::collect(std::uint32_t n_tokens) {
  std::vector<double> seconds(program_.steps().size(), 0);
  for (const auto& [step, event] : events_) {
    cl_ulong begin = 0, end = 0;
    device_.check(api().GetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof begin,
                                              &begin, nullptr),
                  "clGetEventProfilingInfo");
    device_.check(
        api().GetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof end, &end, nullptr),
        "clGetEventProfilingInfo");
    seconds[step] += static_cast<double>(end - begin) * 1e-9;
  }
  forget();
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    const Step& step = program_.steps()[i];
    table_.add(step.about.empty() ? step.op : step.op + " " + step.about, seconds[i],
               static_cast<double>(step.weight_bytes));
  }
  table_.add_run(n_tokens);
}

}  // namespace wick::opencl
