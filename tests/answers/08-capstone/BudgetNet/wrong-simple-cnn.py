# Over the budget: SimpleCNN by another name.
# loses: BudgetNet-size, BudgetNet-leaderboard, BudgetNet-80, BudgetNet-84, BudgetNet-fair
# cause: 50,000
class BudgetNet(SimpleCNN):
    pass


budget_model = BudgetNet()
budget_model.load_state_dict(mnist_model.state_dict())
