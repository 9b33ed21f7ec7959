// Debian's archive of asmjit is not position independent: the one symbol that keeps it out of a
// shared object is `stderr`, which its debug output names. A hidden one of ours takes its place;
// nothing prints there.
#include <cstddef>

extern "C" __attribute__((visibility("hidden"))) void* stderr;
void* stderr = nullptr;
