"""Improvement actions: their effect, one of them whole, what is due to be looked at again."""

from data.improvements.file import Choices, File, answering, by_id, choices, find, versions

__all__ = ["Choices", "File", "answering", "by_id", "choices", "find", "versions"]
