"""PyTorch's masked language model: Transformers' as it is, and the same with the vocabulary computed at masked positions only."""
import torch, transformers


def load_masked(problem):
    return transformers.BertForMaskedLM.from_pretrained(problem["maskedLm"]["folder"], dtype=torch.float32).eval()


def masked_batches(problem):
    """Each batch as both ways take it: labels over all positions (-100: not asked for), and positions with labels of their own."""
    shape = (problem["batchSize"], problem["length"])
    for batch in problem["maskedLm"]["batches"]:
        ids, asked = torch.tensor(batch["inputIds"]).view(shape), torch.tensor(batch["labels"])
        positions, asked = torch.tensor(batch["positions"])[asked >= 0], asked[asked >= 0]
        labels = torch.full((ids.numel(),), -100)
        labels[positions] = asked
        tokens = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
        yield {"tokens": tokens, "labels": labels.view(shape), "positions": positions, "asked": asked}


def masked_loss(model, kind):
    """Mean loss of a batch at what is asked for, in nats."""
    def as_it_is(batch):
        return model(**batch["tokens"], labels=batch["labels"]).loss

    def at_positions(batch):
        hidden = model.bert(**batch["tokens"]).last_hidden_state.flatten(0, 1)
        return torch.nn.functional.cross_entropy(model.cls(hidden[batch["positions"]]).float(), batch["asked"])
    return {"masked-lm": as_it_is, "masked-positions": at_positions}[kind]
