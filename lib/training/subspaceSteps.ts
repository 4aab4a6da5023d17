/** What goes into a gradient step and what comes out of it, by the reparameterisation: compiled where it is of theta's size. */
import { compileStep, type CompiledStep } from "../engine/index.js";
import type { InStep, Method, Reparameterisation } from "../reparameterisations/types.js";
import { group, grouped, type NamedTensors } from "../support/tensors.js";
import type { Optimizer } from "./optimizers.js";
import { updated } from "./steps.js";

/** Results are owned by the caller. */
export interface SubspaceSteps {
  /** The inside that the gradient step goes through; absent where theta itself goes in and its gradients come out. */
  through?: InStep;
  /** Inputs of the gradient step that no step changes. Borrowed. */
  constants: NamedTensors;
  /** Inputs of the gradient step for what is trained. */
  inputs(trainable: NamedTensors): Promise<NamedTensors>;
  /** The gradient of what is trained, from the gradient step's. */
  gradients(trainable: NamedTensors, gradients: NamedTensors): Promise<NamedTensors>;
  /** trainable/*, gradient/* (the gradient step's), state/*, scalars/* -> trainable/*, state/*: both maps after a gradient step in one; where it is divided. */
  update?: CompiledStep;
  /** theta, for an evaluation. */
  parameters(trainable: NamedTensors): Promise<NamedTensors>;
  dispose(): void;
}

/** Methods whose maps are many operations of theta's size; those of the others are few and small, or hand tensors on. */
const WORTH_COMPILING: readonly Method[] = ["did", "said", "learned"];

/** The maps of `reparameterisation`, and what `optimizer` makes of the gradients: through a step where it can be divided, else around one. */
export function subspaceSteps(reparameterisation: Reparameterisation, optimizer: Optimizer): SubspaceSteps {
  const { inStep, method, inGraph } = reparameterisation;
  if (inStep !== undefined) return dividedSteps(reparameterisation, inStep, optimizer);
  const parameters = async (trainable: NamedTensors) => reparameterisation.parameters(trainable);
  const gradients = async (trainable: NamedTensors, of: NamedTensors) => reparameterisation.gradients(trainable, of);
  const around = (maps: Pick<SubspaceSteps, "parameters" | "gradients" | "dispose">): SubspaceSteps =>
    ({ ...maps, constants: {}, inputs: async (trainable) => grouped("theta", await maps.parameters(trainable)) });
  if (!WORTH_COMPILING.includes(method) || !inGraph) return around({ parameters, gradients, dispose: () => undefined });
  const compiledParameters = compileStep((trainable) => reparameterisation.parameters(trainable), { name: `${method} parameters` });
  const compiledGradients = compileStep((inputs) => reparameterisation.gradients(group("trainable", inputs), group("gradient", inputs)),
    { name: `${method} gradients` });
  return around({
    parameters: (trainable) => compiledParameters.run(trainable),
    gradients: (trainable, of) => compiledGradients.run({ ...grouped("trainable", trainable), ...grouped("gradient", of) }),
    dispose: () => [compiledParameters, compiledGradients].forEach((step) => step.dispose()),
  });
}

function dividedSteps(reparameterisation: Reparameterisation, through: InStep, optimizer: Optimizer): SubspaceSteps {
  const { method } = reparameterisation;
  const before = compileStep((trainable) => through.before(trainable), { name: `${method} before a step` });
  const gradients = (inputs: NamedTensors): NamedTensors => through.after(group("trainable", inputs), group("gradient", inputs));
  const after = compileStep(gradients, { name: `${method} after a step` });
  const update = compileStep((inputs) => updated(optimizer, inputs, gradients(inputs)), { name: `${method} update` });
  const parameters = compileStep((trainable) => reparameterisation.parameters(trainable), { name: `${method} parameters` });
  return {
    through, constants: through.constants, update,
    inputs: (trainable) => before.run(trainable),
    gradients: (trainable, of) => after.run({ ...grouped("trainable", trainable), ...grouped("gradient", of) }),
    parameters: (trainable) => parameters.run(trainable),
    dispose: () => [before, after, update, parameters].forEach((step) => step.dispose()),
  };
}
