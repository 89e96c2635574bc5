"""Tags: what is concluded from what members do, with evidence that fades, and what people say of them."""
