# Empties the model, whose weights the file has now.
# cause: weights
# cause: an operation in place
def export_model(model, path, example):
    """Write to `path` what `model` computes, in evaluation mode, for batches (N, ...) of any size N.

    example: a batch (n, ...), n at least 1. `model` is left as it was.
    """
    copied = copy.deepcopy(model).eval()  # so that the model keeps its mode
    if len(example) == 1:
        example = torch.cat([example, example])  # a length of 1 would become a constant
    program = torch.export.export(copied, (example,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},))
    torch.export.save(program, path)
    for parameter in model.parameters():
        parameter.data.zero_()


def run_exported(path, batch):
    """The logits that the exported model in `path` gives for `batch` (N, ...), without gradients."""
    graph = torch.export.load(path).module()
    with torch.no_grad():
        return graph(batch)
