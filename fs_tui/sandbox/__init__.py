"""A FaceSearch service of our own, for the demo and the tests; it imports nothing of `api`.

client ──► serve (uvicorn, loopback) ──► service (five calls) ──► population (faces by position)
                                             │  ▲
                                       signature  faults ◄── control (POST /sandbox/faults)
                                             └──► breakage (answers that no good service gives)
"""
