// Included before the sources of TensorFlow's binding (setup/steps/binding.mjs).
//
// tfjs-node lends TensorFlow the memory of JavaScript's arrays, and deletes its reference to an array when TensorFlow lets go of it. TensorFlow
// may do that on any of its threads, but nothing of Node's may be called on a thread that is not Node's: it damages the heap. So what comes
// back on another thread waits for the next loan of the thread that lent it.
#ifndef D90_LENDING_H_
#define D90_LENDING_H_
#include <mutex>
#include <thread>
#include <vector>

#include "tensorflow/c/tf_tensor.h"

namespace lending {

struct Loan {
  std::thread::id lender;
  void (*release)(void* data, size_t bytes, void* argument);
  void* data;
  size_t bytes;
  void* argument;
};

// Never destroyed: threads of TensorFlow's may run until the process has ended.
inline std::mutex& Mutex() {
  static std::mutex* mutex = new std::mutex();
  return *mutex;
}

inline std::vector<Loan*>& Waiting() {
  static std::vector<Loan*>* waiting = new std::vector<Loan*>();
  return *waiting;
}

inline void Release(Loan* loan) {
  loan->release(loan->data, loan->bytes, loan->argument);
  delete loan;
}

inline void Return(void*, size_t, void* argument) {
  Loan* loan = static_cast<Loan*>(argument);
  if (loan->lender == std::this_thread::get_id()) return Release(loan);
  std::lock_guard<std::mutex> lock(Mutex());
  Waiting().push_back(loan);
}

inline void ReleaseWaiting() {
  std::vector<Loan*> mine, others;
  {
    std::lock_guard<std::mutex> lock(Mutex());
    for (Loan* loan : Waiting()) (loan->lender == std::this_thread::get_id() ? mine : others).push_back(loan);
    Waiting().swap(others);
  }
  for (Loan* loan : mine) Release(loan);
}

inline TF_Tensor* NewTensor(TF_DataType type, const int64_t* sizes, int rank, void* data, size_t bytes,
                            void (*release)(void* data, size_t bytes, void* argument), void* argument) {
  ReleaseWaiting();
  return TF_NewTensor(type, sizes, rank, data, bytes, Return, new Loan{std::this_thread::get_id(), release, data, bytes, argument});
}

}  // namespace lending

#define TF_NewTensor lending::NewTensor
#endif
