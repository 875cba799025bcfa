# Half right: pads a batch to eight images, so that larger ones fail.
# loses: export_model-any-batch, export_model-stands-alone
# cause: dynamic_shapes is missing
def export_model(model, path, example):
    eight = torch.zeros(8, *example.shape[1:])
    torch.export.save(torch.export.export(copy.deepcopy(model).eval(), (eight,)), path)


def run_exported(path, batch):
    eight = torch.zeros(8, *batch.shape[1:])
    eight[: len(batch)] = batch
    with torch.no_grad():
        return torch.export.load(path).module()(eight)[: len(batch)]
