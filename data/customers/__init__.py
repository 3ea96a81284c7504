"""The customer file (客户档案): one person, what they own, and all that was between us."""
