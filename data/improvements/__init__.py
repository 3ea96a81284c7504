"""Improvement actions: their effect, one of them whole, what is due to be looked at again."""
