// One run of an operation's kernel, and its tensors, through TensorFlow's C interface.
#ifndef D90_RUN_H_
#define D90_RUN_H_
#include <cstdint>
#include <vector>

#include "kernels-interface.h"
#include "tensorflow/c/kernels.h"

using Shape = std::vector<int64_t>;

inline int64_t SizeOf(const Shape& shape) {
  int64_t size = 1;
  for (int64_t part : shape) size *= part;
  return size;
}

// A tensor among a kernel's inputs or outputs.
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {
    for (int i = 0; i < TF_NumDims(tensor); i++) shape_.push_back(TF_Dim(tensor, i));
  }
  ~Tensor() { TF_DeleteTensor(tensor_); }
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;

  const Shape& shape() const { return shape_; }
  // Whether it is what stands for a tensor that is not given.
  bool none() const { return shape_ == Shape{0}; }
  int64_t size() const { return SizeOf(shape_); }
  int64_t width() const { return shape_.empty() ? 1 : shape_.back(); }
  int64_t rows() const { return width() == 0 ? 0 : size() / width(); }
  Array array() const { return {TF_TensorData(tensor_), TF_TensorType(tensor_) == TF_BFLOAT16}; }
  float* floats() const { return static_cast<float*>(TF_TensorData(tensor_)); }
  const uint8_t* bytes() const { return static_cast<const uint8_t*>(TF_TensorData(tensor_)); }
  const int32_t* integers() const { return static_cast<const int32_t*>(TF_TensorData(tensor_)); }
  Bfloat16* halves() const { return size() == 0 ? nullptr : static_cast<Bfloat16*>(TF_TensorData(tensor_)); }

 private:
  TF_Tensor* tensor_;
  Shape shape_;
};

// What went wrong in a kernel's run, which ends it.
struct Failure {};

// One run of a kernel.
class Run {
 public:
  explicit Run(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Run() { TF_DeleteStatus(status_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Tensor Input(int i) { return Tensor(InputTensor(i)); }

  TF_Tensor* InputTensor(int i) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    Check();
    return tensor;
  }

  int Inputs() const { return TF_NumInputs(context_); }

  // Output i of the type that the graph gives it.
  Tensor Output(int i, const Shape& shape) {
    const TF_DataType type = TF_ExpectedOutputDataType(context_, i);
    TF_Tensor* tensor = TF_AllocateOutput(context_, i, type, shape.data(), shape.size(), SizeOf(shape) * TF_DataTypeSize(type), status_);
    Check();
    return Tensor(tensor);
  }

  // Output i, again as another one in bfloat16: empty where the graph gives it another type.
  Tensor Narrow(int i, const Shape& shape) { return Output(i, TF_ExpectedOutputDataType(context_, i) == TF_BFLOAT16 ? shape : Shape{0}); }

  // Ends the run unless `holds`.
  void Require(bool holds, const char* message) {
    if (holds) return;
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
    Check();
  }

  void Fail() { TF_OpKernelContext_Failure(context_, status_); }

 private:
  void Check() const {
    if (TF_GetCode(status_) != TF_OK) throw Failure();
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
};

#endif
