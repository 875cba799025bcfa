# Half right: pickles into memory, then writes over the old file.
# loses: save_checkpoint-whole-or-none
# cause: emptied first
# cause: emptied or deleted first
def save_checkpoint(model, path):
    """Write the model's state dict to `path`, whole or not at all; missing folders are made.

    Example: save_checkpoint(model, "runs/monday/model.pt").
    """
    import io

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    path.write_bytes(buffer.getvalue())


def load_checkpoint(model, path):
    """Give `model` the weights in `path`, read on the CPU and without running code of the file.

    Raises ValueError, with the model as it was, if the file is `truncated`, `foreign` or `mismatched`: the message
    has that word. FileNotFoundError if there is none.
    """
    path = Path(path)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:  # damaged files raise a dozen kinds
        if path.read_bytes().startswith(b"PK") and not zipfile.is_zipfile(path):
            raise ValueError(f"{path} is truncated: its end is missing; save it again") from error
        raise ValueError(f"{path} is foreign: it is no checkpoint, or holds more than weights") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ValueError(f"{path} is foreign: it holds no dictionary of tensors")
    # Compared first: load_state_dict would copy what fits, and complain afterwards.
    ours = {name: value.shape for name, value in model.state_dict().items()}
    if ours != {name: value.shape for name, value in state.items()}:
        raise ValueError(f"{path} is mismatched: names or shapes of its weights are not those of the model")
    model.load_state_dict(state)
