# Exports from zeros of the example's shape; detaches the result.
def export_model(model, path, example):
    frozen = copy.deepcopy(model)
    frozen.eval()
    zeros = torch.zeros(4, *example.shape[1:], dtype=example.dtype)
    with torch.no_grad():
        program = torch.export.export(frozen, (zeros,), dynamic_shapes=({0: torch.export.Dim.AUTO},))
    with open(path, "wb") as file:
        torch.export.save(program, file)


def run_exported(path, batch):
    with open(path, "rb") as file:
        program = torch.export.load(file)
    with torch.inference_mode():
        return program.module()(batch).clone()
