"""A FaceSearch service of our own, for the demo and the tests; it imports nothing of `api`.

client ──► serve (uvicorn, loopback) ──► service (five calls) ──► population ──► faces
                  │                          │                        ▲
                  │                          └──► faults, failures    │
                  │                                 ▲                 │
test, person ──► control ──► options (JSON, text) ──┴─────────► changes
"""
