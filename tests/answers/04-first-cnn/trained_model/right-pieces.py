# Validation every 40 batches; the best network of all is kept.
import copy
from itertools import islice

trained_model, best = CNN().to(device), 0.0
criterion, optimizer, scheduler = make_training_tools(trained_model, 5e-3, 2)
for epoch in range(2):
    batches = iter(train_loader)
    while piece := list(islice(batches, 60)):
        train_one_epoch(trained_model, piece, criterion, optimizer, device)
        if (now := check_accuracy(validation_loader, trained_model, device)) > best:
            best, kept = now, copy.deepcopy(trained_model)
    scheduler.step()
trained_model = kept
