#!/usr/bin/env python3
"""hang.py: accepts connections on 127.0.0.1:443 and never answers, as a reporting service that is ill does."""
import socket

server = socket.create_server(('127.0.0.1', 443), backlog=1000)
held = []
while True: held.append(server.accept())
