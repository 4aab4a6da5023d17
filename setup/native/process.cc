// What only native code can ask of a process, for lib/engine.
//
// hold and release: keep back what native code writes to standard error while TensorFlow's library loads. It announces oneDNN
// there before any variable of its own can stop it, which a notebook would show as an error. What was held is given back as text.
//
// shareHeap: one heap for the threads that start from here on, where each would keep blocks of its own.
//
// keepFreedMemory(bytes): has that heap keep memory that is freed instead of handing it back: blocks of up to that size, three of them, and
// at least 256 MB in all. Every step takes the same large blocks, which the system would clear and map anew each time.
//
// unmapLoaded(name): gives back the pages of the shared libraries whose path contains `name`, code and what only can be read. Loading maps
// 120 MB of TensorFlow's symbol names and 100 MB of code that initialises it, and nothing reads those again; what is, is mapped again from the file.
#include <node_api.h>
#ifdef __linux__
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <unistd.h>

#include <string>

static int saved = -1;
static FILE* held = nullptr;

static napi_value Hold(napi_env env, napi_callback_info) {
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  if (saved >= 0) return undefined;
  fflush(stderr);
  held = tmpfile();
  if (held == nullptr) return undefined;
  saved = dup(STDERR_FILENO);
  dup2(fileno(held), STDERR_FILENO);
  return undefined;
}

static napi_value Release(napi_env env, napi_callback_info) {
  std::string text;
  if (saved >= 0) {
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    saved = -1;
    char block[4096];
    rewind(held);
    for (size_t n; (n = fread(block, 1, sizeof block, held)) > 0;) text.append(block, n);
    fclose(held);
  }
  napi_value result;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

static napi_value ShareHeap(napi_env env, napi_callback_info) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  return undefined;
}

#ifdef __GLIBC__
static int Within(double low, double bytes, double high) { return static_cast<int>(bytes < low ? low : bytes > high ? high : bytes); }
#endif

static napi_value KeepFreedMemory(napi_env env, napi_callback_info info) {
#ifdef __GLIBC__
  static double largest = 0;
  size_t count = 1;
  napi_value argument;
  double bytes = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_double(env, argument, &bytes);
  if (bytes > largest) largest = bytes;
  mallopt(M_MMAP_THRESHOLD, Within(1 << 26, largest, 1 << 30));
  mallopt(M_TRIM_THRESHOLD, Within(1 << 28, 3 * largest, 2147483647));
#endif
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  return undefined;
}

#ifdef __linux__
// A segment without PF_W holds nothing but the file's bytes, so that giving its pages back loses nothing.
static int UnmapSegments(dl_phdr_info* library, size_t, void* name) {
  if (strstr(library->dlpi_name, static_cast<const char*>(name)) == nullptr) return 0;
  const uintptr_t page = sysconf(_SC_PAGESIZE);
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr)& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t start = library->dlpi_addr + segment.p_vaddr, first = (start + page - 1) / page * page, end = (start + segment.p_memsz) / page * page;
    if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
  }
  return 0;
}
#endif

static napi_value UnmapLoaded(napi_env env, napi_callback_info info) {
#ifdef __linux__
  size_t count = 1, length = 0;
  napi_value argument;
  char name[256] = "";
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_string_utf8(env, argument, name, sizeof name, &length);
  if (length > 0) dl_iterate_phdr(UnmapSegments, name);
#endif
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  return undefined;
}

NAPI_MODULE_INIT() {
  napi_value hold, release, shareHeap, keepFreedMemory, unmapLoaded;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, Hold, nullptr, &hold);
  napi_create_function(env, "release", NAPI_AUTO_LENGTH, Release, nullptr, &release);
  napi_create_function(env, "shareHeap", NAPI_AUTO_LENGTH, ShareHeap, nullptr, &shareHeap);
  napi_create_function(env, "keepFreedMemory", NAPI_AUTO_LENGTH, KeepFreedMemory, nullptr, &keepFreedMemory);
  napi_create_function(env, "unmapLoaded", NAPI_AUTO_LENGTH, UnmapLoaded, nullptr, &unmapLoaded);
  napi_set_named_property(env, exports, "hold", hold);
  napi_set_named_property(env, exports, "release", release);
  napi_set_named_property(env, exports, "shareHeap", shareHeap);
  napi_set_named_property(env, exports, "keepFreedMemory", keepFreedMemory);
  napi_set_named_property(env, exports, "unmapLoaded", unmapLoaded);
  return exports;
}
