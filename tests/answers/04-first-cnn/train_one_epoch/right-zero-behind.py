# zero_grad behind the step, gradients kept as zeros; a progress bar; a mean as the loop goes.
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    seen, mean = 0, 0.0
    for inputs, targets in tqdm(loader, file=sys.stdout, leave=False):
        inputs, targets = inputs.to(device=device), targets.to(device=device)
        with torch.enable_grad():
            loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        n = len(targets)
        mean = (seen * mean + n * loss.item()) / (seen + n)
        seen += n
    return mean
