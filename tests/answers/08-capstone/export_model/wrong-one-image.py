# Half right: fails with a batch of one.
# loses: export_model-one-image
# cause: a length of 1 is taken for a constant
def export_model(model, path, example):
    """Write to `path` what `model` computes, in evaluation mode, for batches (N, ...) of any size N.

    example: a batch (n, ...), n at least 1. `model` is left as it was.
    """
    copied = copy.deepcopy(model).eval()  # so that the model keeps its mode
    program = torch.export.export(copied, (example,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},))
    torch.export.save(program, path)


def run_exported(path, batch):
    """The logits that the exported model in `path` gives for `batch` (N, ...), without gradients."""
    graph = torch.export.load(path).module()
    with torch.no_grad():
        return graph(batch)
