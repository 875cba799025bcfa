"""Receptive fields: which pixels of the input a unit of a network can see.

    fields = receptive_field(model, (3, 224, 224))
    fields                                   # a table, one row per layer
    fields["layer4"].size                    # (height, width) in pixels
    fields[-1].bounds((3, 3))                # ((top, bottom), (left, right)), exactly what the unit sees

Sources: A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill
2019; W. Luo, Y. Li, R. Urtasun and R. Zemel, "Understanding the Effective Receptive Field in Deep
Convolutional Neural Networks", NeurIPS 2016.

- `exact`: `receptive_field`, every layer's window from one pass through the model; its result is in `table`
- `tracker`, `rules`, `products`, `pixel_masks`: what each tensor sees, what each operation does to it, and how that is
  kept
- `effective`: how much each pixel matters, measured with gradients; `middle`, `layout`: at which unit
- `plots`: pictures of all three
"""

from course_utils.receptive_field.effective import effective_receptive_field
from course_utils.receptive_field.exact import receptive_field
from course_utils.receptive_field.pixel_masks import ReceptiveFieldError
from course_utils.receptive_field.plots import (
    plot_effective_receptive_field,
    plot_receptive_field,
    plot_receptive_field_growth,
)
from course_utils.receptive_field.table import LayerField, ReceptiveFields

__all__ = [
    "LayerField",
    "ReceptiveFieldError",
    "ReceptiveFields",
    "effective_receptive_field",
    "plot_effective_receptive_field",
    "plot_receptive_field",
    "plot_receptive_field_growth",
    "receptive_field",
]
