"""Cell: a member's own node. Its keys, its copy, its registers; no other member's secrets."""
