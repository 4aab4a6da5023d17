"""
PyTorch's side of the benchmark, run by main.ts: python peer.py PROBLEM KIND PRECISION

PROBLEM    a JSON file (problem.ts): the model's folder, the head's weights, batches of token ids, d, learning rate, threads
KIND       full: fine-tuning of all parameters; fastfood, one-hot: of z in theta = theta0 + P z (subspace.py);
           masked-lm, masked-positions: pre-training (masked_lm.py)
PRECISION  fp32; bf16: autocast; compiled: fp32 through torch.compile

A request is a line on standard input, an answer a line of JSON on standard output; it ends when standard input does.
  (nothing)  -> versions, loadMs    once, when the model is loaded
  step       -> ms, loss            forward, backward, AdamW on the next batch, without dropout and clipping
  evaluate   -> ms, loss, rows      forward over all batches at theta0; not in pre-training
  memory     -> peakBytes           the most memory this process ever held; null where the system does not tell
"""
import contextlib, functools, inspect, itertools, json, signal, sys, time
import torch, transformers
from masked_lm import load_masked, masked_batches, masked_loss
from subspace import fastfood, one_hot, subspace_loss


def load(problem):
    """The model at theta0 without dropout, its head as our side has it."""
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        problem["folder"], num_labels=problem["classes"], dtype=torch.float32).eval()
    with torch.no_grad():
        for name, values in problem["head"].items():
            parameter = model.get_parameter(name)
            parameter.copy_(torch.tensor(values).view_as(parameter))
    return model


def tensors(model, batch, shape):
    """Token ids as the model takes them, decoders without token types, and labels."""
    takes = inspect.signature(model.forward).parameters
    ids = {name: torch.tensor(batch[key]).view(shape) for name, key in (
        ("input_ids", "inputIds"), ("attention_mask", "attentionMask"), ("token_type_ids", "tokenTypeIds")) if name in takes}
    return {**ids, "labels": torch.tensor(batch["labels"])}


def trained(model, problem, kind):
    """What the optimiser moves, and the loss of a batch as a function of it."""
    if kind == "full":
        return list(model.parameters()), lambda batch: model(**batch).loss
    if kind.startswith("masked"):
        return list(model.parameters()), masked_loss(model, kind)
    make = {"fastfood": fastfood, "one-hot": one_hot}[kind]
    z = torch.zeros(problem["d"], requires_grad=True)
    return [z], subspace_loss(model, z, make)


def timed(action):
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1000, result


def peak_bytes():
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def main(path, kind, precision):
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # No traceback.
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with open(path) as file:
        problem = json.load(file)
    torch.set_num_threads(problem["threads"])
    torch.manual_seed(0)
    masked = kind.startswith("masked")
    load_ms, model = timed(lambda: load_masked(problem) if masked else load(problem))
    batches = list(masked_batches(problem)) if masked else [
        tensors(model, batch, (problem["batchSize"], problem["length"])) for batch in problem["batches"]]
    cast = lambda: torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16")
    parameters, loss_of = trained(model, problem, kind)
    if precision == "compiled":
        loss_of = torch.compile(loss_of)
    # Fused: one pass over memory, and what Transformers' Trainer takes.
    rate = problem["maskedLm"]["rate"] if masked else problem["rates"]["full" if kind == "full" else "subspace"]
    betas, eps = ((0.9, 0.98), 1e-6) if masked else ((0.9, 0.999), 1e-8)
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=betas, eps=eps, weight_decay=0, fused=True)
    ahead = itertools.cycle(batches)

    def step():
        batch = next(ahead)
        optimizer.zero_grad()
        with cast():
            loss = loss_of(batch)
        loss.backward()
        optimizer.step()
        return loss.item()

    @functools.cache
    def at_start():
        """The model at theta0, warmed up: training has moved the other one."""
        fresh = load(problem)
        forward_all(fresh)
        return fresh

    def forward_all(at):
        with torch.inference_mode(), cast():
            return sum(at(**batch).loss.item() for batch in batches) / len(batches)

    def answer(request):
        if request == "step":
            ms, loss = timed(step)
            return {"ms": ms, "loss": loss}
        if request == "evaluate":
            fresh = at_start()
            ms, loss = timed(lambda: forward_all(fresh))
            return {"ms": ms, "loss": loss, "rows": len(batches) * problem["batchSize"]}
        return {"peakBytes": peak_bytes()}

    # What libraries print must not come between the answers.
    output, sys.stdout = sys.stdout, sys.stderr
    write = lambda value: print(json.dumps(value), file=output, flush=True)
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "python": sys.version.split()[0]}
    write({"versions": versions, "loadMs": load_ms})
    for line in sys.stdin:
        write(answer(line.strip()))


if __name__ == "__main__":
    main(*sys.argv[1:])
