# Writes TorchScript, which torch.export cannot read.
# cause: torch.export.save
# cause: torch.export.load cannot use
def export_model(model, path, example):
    torch.jit.save(torch.jit.trace(copy.deepcopy(model).eval(), example), str(path))


def run_exported(path, batch):
    with torch.no_grad():
        return torch.jit.load(str(path))(batch)
