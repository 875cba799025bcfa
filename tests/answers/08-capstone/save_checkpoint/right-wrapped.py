# Weights inside a dictionary of its own; a folder for the unfinished file.
def save_checkpoint(model, path):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as beside:
        torch.save({"weights": model.state_dict(), "format": "08"}, Path(beside, "new"))
        Path(beside, "new").replace(path)


def load_checkpoint(model, path):
    if not Path(path).exists():
        raise FileNotFoundError(path)
    try:
        found = torch.load(path, weights_only=True, map_location=lambda storage, location: storage)
    except Exception as error:
        with open(path, "rb") as file:
            kind = "truncated" if file.read(2) == b"PK" and not zipfile.is_zipfile(path) else "foreign"
        raise ValueError(f"this file is {kind}: {path}") from error
    if type(found) is not dict or found.get("format") != "08":
        raise ValueError(f"this file is foreign: {path}")
    weights, wanted = found["weights"], model.state_dict()
    if weights.keys() != wanted.keys() or any(weights[key].shape != wanted[key].shape for key in wanted):
        raise ValueError(f"this file is mismatched: {path}")
    model.load_state_dict(weights)
