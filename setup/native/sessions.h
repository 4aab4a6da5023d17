// Included before the sources of TensorFlow's binding (setup/steps/binding.mjs).
//
// tfjs-node asks for sessions as TensorFlow makes them, whose optimiser of graphs does more than a training step needs: one of its passes
// lets a sum of many tensors add what is ready first, so that two runs of a step differ in their last bits; another is for images; and a
// second round of them all changes nothing. Together they take half a second for each recording.
#ifndef D90_SESSIONS_H_
#define D90_SESSIONS_H_
#include "tensorflow/c/c_api.h"

namespace sessions {

// ConfigProto { graph_options { rewrite_options { layout_optimizer: OFF memory_optimization: NO_MEM_OPT meta_optimizer_iterations: ONE } } }
constexpr unsigned char kConfig[] = {0x52, 8, 0x52, 6, 0x08, 2, 0x20, 1, 0x60, 1};

inline TF_SessionOptions* NewOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Status* status = TF_NewStatus();
  TF_SetConfig(options, kConfig, sizeof kConfig, status);
  TF_DeleteStatus(status);  // It tells of bytes that are no ConfigProto; the options are then as they were.
  return options;
}

}  // namespace sessions

#define TF_NewSessionOptions sessions::NewOptions
#endif
