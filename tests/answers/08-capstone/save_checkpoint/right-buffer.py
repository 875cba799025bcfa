# Into memory first, then to a temporary file; names the kinds by a helper.
import contextlib
import io


def save_checkpoint(model, path):
    buffer = io.BytesIO()
    torch.save(dict(model.state_dict()), buffer)
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(buffer.getvalue())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(name)
        raise


def load_checkpoint(model, path):
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"PK" and not zipfile.is_zipfile(io.BytesIO(content)):
        raise ValueError(f"truncated file: {path}")
    try:
        weights = torch.load(io.BytesIO(content), map_location=torch.device("cpu"), weights_only=True)
        foreign = not all(isinstance(tensor, torch.Tensor) for tensor in dict(weights).values())
    except Exception as error:
        raise ValueError(f"foreign file: {path}: {error}")
    if foreign:
        raise ValueError(f"foreign content in {path}")
    trial = copy.deepcopy(model)
    try:
        trial.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"mismatched weights in {path}: {error}")
    model.load_state_dict(weights)
