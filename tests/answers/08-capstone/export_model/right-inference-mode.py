# Inference mode; buffers for the file.
def export_model(model, path, example):
    import io

    frozen = copy.deepcopy(model).eval().requires_grad_(False)
    batch = torch.zeros_like(example[:1]).expand(3, *example.shape[1:]).clone()
    content = io.BytesIO()
    torch.export.save(torch.export.export(frozen, (batch,), dynamic_shapes=[{0: torch.export.Dim.DYNAMIC}]), content)
    Path(path).write_bytes(content.getvalue())


def run_exported(path, batch):
    import io

    with torch.no_grad():
        return torch.export.load(io.BytesIO(Path(path).read_bytes())).module()(batch)
