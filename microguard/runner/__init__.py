"""The front door `./run`: servers, processes and commands around Django.

Plain Python: it imports neither Django nor any other part of the project, so that it can say what is
missing when those cannot start.
"""
