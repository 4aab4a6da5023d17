// Work shared among threads: TensorFlow's own are not to be had through its C interface.
#ifndef D90_PARALLEL_H_
#define D90_PARALLEL_H_
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace parallel {

inline void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

struct Job {
  const std::function<void(int64_t)>* task;
  int64_t next, count;
  std::atomic<int64_t> finished;
};

// Never destroyed, as its threads run until the process has ended.
struct Pool {
  std::mutex mutex;
  std::condition_variable work, done;
  std::list<Job*> jobs;
  std::atomic<int64_t> waiting{0};  // jobs
  int threads = 1;  // its own and the one that asks
  std::atomic<bool> watching{false};
};

inline Pool& ThePool() {
  static Pool* pool = new Pool();
  return *pool;
}

// Does tasks of `job` until none is left to begin; the mutex is held before and after.
inline void DoTasks(Pool& pool, Job& job, std::unique_lock<std::mutex>& lock) {
  while (job.next < job.count) {
    const int64_t task = job.next++;
    if (job.next == job.count) {
      pool.jobs.remove(&job);
      pool.waiting--;
    }
    lock.unlock();
    (*job.task)(task);
    lock.lock();
    if (++job.finished == job.count) pool.done.notify_all();
  }
}

// Looks some tens of microseconds whether `holds`, if that is asked for: to wake a thread takes longer than many an operation.
template <typename F>
void Watch(const Pool& pool, F holds) {
  constexpr int kLooks = 2000;
  for (int i = 0; i < kLooks && pool.watching && !holds(); i++) Pause();
}

inline void Help() {
  Pool& pool = ThePool();
  for (;;) {
    Watch(pool, [&pool] { return pool.waiting > 0; });
    std::unique_lock<std::mutex> lock(pool.mutex);
    pool.work.wait(lock, [&pool] { return !pool.jobs.empty(); });
    DoTasks(pool, *pool.jobs.front(), lock);
  }
}

// How many threads work on a job, at most; what was started stays. `watching`: whether they look for the next one before they sleep, which other
// threads that compute meanwhile, TensorFlow's, would miss.
inline void SetThreads(int threads, bool watching) {
  Pool& pool = ThePool();
  pool.watching = watching;
  std::lock_guard<std::mutex> lock(pool.mutex);
  for (; pool.threads < threads; pool.threads++) std::thread(Help).detach();
}

inline int64_t Threads() { return ThePool().threads; }

// Runs task(0) to task(count - 1), in any order and on any thread; returns when all are done.
inline void Run(int64_t count, const std::function<void(int64_t)>& task) {
  Pool& pool = ThePool();
  if (count <= 1 || pool.threads == 1) {
    for (int64_t i = 0; i < count; i++) task(i);
    return;
  }
  Job job{&task, 0, count, 0};
  std::unique_lock<std::mutex> lock(pool.mutex);
  pool.jobs.push_back(&job);
  pool.waiting++;
  pool.work.notify_all();
  DoTasks(pool, job, lock);
  lock.unlock();
  Watch(pool, [&job, count] { return job.finished == count; });
  lock.lock();
  pool.done.wait(lock, [&job] { return job.finished == job.count; });
}

// task(from, to) over pieces of [0, count), each but the last of `piece`: what a piece computes does not depend on the number of threads.
inline void RunPieces(int64_t count, int64_t piece, const std::function<void(int64_t, int64_t)>& task) {
  const int64_t pieces = (count + piece - 1) / piece;
  Run(pieces, [&](int64_t i) { task(i * piece, i + 1 == pieces ? count : (i + 1) * piece); });
}

}  // namespace parallel
#endif
