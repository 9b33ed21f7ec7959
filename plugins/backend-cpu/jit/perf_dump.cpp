// A map of names in /tmp would be simpler, but perf looks there for anonymous memory only, and
// emitted code is a view of a file that has no name.
#include "jit/perf_dump.h"

#include <wick/error.h>

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace wick::cpu::jit {
namespace {

// The format, by the names that perf's documentation has for its fields.
constexpr std::uint32_t kMagic = 0x4a695444, kVersion = 1;
constexpr std::uint32_t kCodeLoad = 0, kCodeClose = 3;

#if defined(__aarch64__)
constexpr std::uint32_t kMachine = EM_AARCH64;
#else
constexpr std::uint32_t kMachine = EM_X86_64;
#endif

struct FileHeader {
  std::uint32_t magic, version, total_size, elf_mach, pad1, pid;
  std::uint64_t timestamp, flags;
};
static_assert(sizeof(FileHeader) == 40);

struct RecordHeader {
  std::uint32_t id, total_size;
  std::uint64_t timestamp;
};
struct CodeLoad {
  RecordHeader header;
  std::uint32_t pid, tid;
  std::uint64_t vma, code_addr, code_size, code_index;
};
static_assert(sizeof(CodeLoad) == 56);

/// The clock of `perf record -k 1`.
std::uint64_t now() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint32_t process() noexcept {
  return static_cast<std::uint32_t>(getpid());
}

/// One write: half a record would make the rest of the file unreadable.
bool append(int descriptor, const std::string& bytes) noexcept {
  return ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
}

template <class Struct>
std::string bytes_of(const Struct& record) {
  return {reinterpret_cast<const char*>(&record), sizeof record};
}

}  // namespace

PerfDump::PerfDump(const std::string& directory) {
  const std::string path = directory + "/jit-" + std::to_string(process()) + ".dump";
  descriptor_ = ::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0644);
  const FileHeader header{kMagic, kVersion, sizeof header, kMachine, 0, process(), now(), 0};
  bool is_good = descriptor_ >= 0 && append(descriptor_, bytes_of(header));
  if (is_good) {
    // perf notices the file by this mapping, which it records as it does those of libraries.
    marker_bytes_ = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    marker_ = mmap(nullptr, marker_bytes_, PROT_READ | PROT_EXEC, MAP_PRIVATE, descriptor_, 0);
    is_good = marker_ != MAP_FAILED;
  }
  if (is_good) return;
  const std::string reason = std::strerror(errno);
  if (descriptor_ >= 0) ::close(descriptor_);
  fail(ErrorCode::kUnavailable, "perf-dump: ", path, " cannot be used: ", reason,
       "; need a folder whose files may be mapped executable");
}

PerfDump::~PerfDump() {
  append(descriptor_, bytes_of(RecordHeader{kCodeClose, sizeof(RecordHeader), now()}));
  munmap(marker_, marker_bytes_);
  ::close(descriptor_);
}

void PerfDump::add(const void* code, std::uint64_t n_bytes, const std::string& name) noexcept {
  try {
    CodeLoad load{};
    load.header = {kCodeLoad, static_cast<std::uint32_t>(sizeof load + name.size() + 1 + n_bytes),
                   now()};
    load.pid = process();
    load.tid = static_cast<std::uint32_t>(syscall(SYS_gettid));
    load.vma = load.code_addr = reinterpret_cast<std::uintptr_t>(code);
    load.code_size = n_bytes;
    load.code_index = n_kernels_++;
    append(descriptor_,
           bytes_of(load) + name + '\0' + std::string(static_cast<const char*>(code), n_bytes));
  } catch (...) {  // no memory: the name is left out
  }
}

}  // namespace wick::cpu::jit
